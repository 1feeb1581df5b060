using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Tangent.Analyse;

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

/// <summary>The parameters of every question, said once: the OpenAPI document and the command line are made from them.</summary>
internal static class QuestionParameters
{
    private static readonly QuestionParameter Collapse = new("collapse", "true: immediate repeats count once; false: every event counts.");

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
        new("customer", "Only this customer, by user id or anonymous id; repeat it for several.", Repeated: true),
        new("unit", "person, or account: journeys of accounts, each the events of all its members; person unless said."),
    ];

    public static IReadOnlyList<QuestionParameter> Funnel { get; } =
    [
        new("step", "A step of the funnel: a touchpoint, or a rule such as Hotline|E-mail & channel=phone; repeat it for every step, in order, 1 to 20.", Repeated: true),
        new("window", "Longest time from the first step to the last: a number and s, m, h, d or w; 14d unless said."),
        new("order", "ordered: others may lie between; strict: nothing lies between; any: in any order, step k is any k of the steps; ordered unless said."),
        new("exclude", "The customer drops out when this occurs between two steps: A-B:EVENT (steps by number), or EVENT for between the first and the last; written as a step; repeat it.", Repeated: true),
        new("ignore", "Taken out before matching; written as a step; repeat it.", Repeated: true),
        new("breakdown", "The same per group: channel, source, campaign, touchpoint, property.NAME or trait.NAME."),
        new("touch", "Which event gives the group: first or last of the journey, or the number of a step; first unless said."),
        new("trend", "day, week or month: conversion by when customers entered."),
        new("histogram", "true: the times to the last step in bins too."),
        .. Filter,
    ];

    public static IReadOnlyList<QuestionParameter> Paths { get; } =
    [
        new("start", "Touchpoint the paths begin at; the beginning of the journey unless said."),
        new("end", "Touchpoint the paths end at; without a start, paths are read from it backwards."),
        new("visits", "true: a path for each visit (30 minutes of silence end one); false: one for the journey. false unless said."),
        new("least", "Least customers of a transition that is shown; 1 unless said."),
        new("silence", "A journey without an event for so long has ended, else it is still open: a number and s, m, h, d or w; 14d unless said."),
        new("group", "Touchpoint VALUE is part of the node NAME (in the query string: group.NAME=VALUE); repeat it for every touchpoint.", Repeated: true),
        new("steps", "Positions shown, 2 to 10; 5 unless said."),
        Collapse with { Description = Collapse.Description + " true unless said." },
        new("edges", "Most transitions shown, 1 to 500; 50 unless said."),
        .. Filter,
    ];

    public static IReadOnlyList<QuestionParameter> Variants { get; } =
    [
        Collapse with { Description = Collapse.Description + " false unless said." },
        new("by", "touchpoint, or stage: sequences of stages of the life cycle; touchpoint unless said."),
        new("top", "Variants listed, the largest, 1 to 10000; 200 unless said."),
        .. Filter,
    ];

    public static IReadOnlyList<QuestionParameter> Flows { get; } = [Collapse with { Description = Collapse.Description + " false unless said." }, .. Filter];

    public static IReadOnlyList<QuestionParameter> Touchpoints { get; } = [new("bucket", "day, week or month: volumes over time."), .. Filter];

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
