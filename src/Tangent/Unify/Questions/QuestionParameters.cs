using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Tangent.Unify;

/// <param name="Name">Name in the query string and, behind two dashes, on the command line.</param>
/// <param name="Description">One sentence for the OpenAPI document and the command's help.</param>
/// <param name="Repeated">May be given several times.</param>
internal sealed record QuestionParameter(string Name, string Description, bool Repeated = false)
{
    /// <summary>On the command line the name alone means true.</summary>
    public bool IsFlag => Name is "collapse" or "visits" or "histogram" or "recurring" or "orAfter";

    /// <summary>Values have names: <c>--property NAME=VALUE</c>.</summary>
    public bool IsNamed => Name is "property" or "trait" || (Name == "group" && Repeated);
}

/// <summary>The parameters that every question has, said once: the OpenAPI document and the command line are made from them.</summary>
internal static class QuestionParameters
{
    public static IReadOnlyList<QuestionParameter> Filter { get; } =
    [
        new("from", "First day looked at, yyyy-MM-dd in the company's time zone."),
        new("to", "Last day looked at, included."),
        new("channel", "Only events of this channel; repeat it for several.", Repeated: true),
        new("source", "Only events of this source; repeat it for several.", Repeated: true),
        new("touchpoint", "Only events at this touchpoint; repeat it for several.", Repeated: true),
        new("property", "Only events whose declared property NAME is VALUE (in the query string: property.NAME=VALUE).", Repeated: true),
        new("trait", "Only customers whose trait NAME is VALUE (in the query string: trait.NAME=VALUE).", Repeated: true),
        new("segment", "Only customers of this segment; repeat it for several.", Repeated: true),
        new("persona", "Only customers that this persona stands for, by its number; repeat it for several.", Repeated: true),
        new("customer", "Only this customer, by user id or anonymous id; repeat it for several.", Repeated: true),
        new("unit", "person, or account: journeys of accounts, each the events of all its members; person unless said."),
    ];

    /// <summary>The same for what customers said: answers have no properties and are of persons, and their touchpoint is asked for in another way, or not at all.</summary>
    public static IReadOnlyList<QuestionParameter> FilterOfAnswers { get; } = [.. Filter.Where(p => p.Name is not ("touchpoint" or "property" or "unit"))];

    public static IReadOnlyList<QuestionParameter> Paging { get; } =
    [
        new("cursor", "Where the list goes on: next of the answer before."),
        new("take", "Customers listed, 1 to 1000; 50 unless said."),
        new("skip", "Customers left out at the beginning; a list that is read to its end is better read by cursor."),
    ];

    /// <summary>Names the parameters in the OpenAPI document; they are read from the query string by <see cref="QueryReader"/>, so that each refusal can say what is wrong.</summary>
    public static RouteHandlerBuilder WithParameters(this RouteHandlerBuilder endpoint, params IEnumerable<QuestionParameter> parameters) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters ??= [];
            foreach (var parameter in parameters) operation.Parameters.Add(Describe(parameter));
            return Task.CompletedTask;
        });

    private static OpenApiParameter Describe(QuestionParameter parameter)
    {
        var text = new OpenApiSchema { Type = JsonSchemaType.String };
        return new OpenApiParameter
        {
            Name = parameter.IsNamed ? parameter.Name + ".NAME" : parameter.Name,
            In = ParameterLocation.Query,
            Description = parameter.Description,
            Schema = parameter.Repeated ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = text } : text,
            Explode = true,
            Example = parameter.Name == "window" ? JsonValue.Create("14d") : null,
        };
    }
}
