using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Tangent.Web;

/// <summary>Completes the OpenAPI document: how to sign in, what every operation can refuse, what parameters mean, and an example of each request and answer.</summary>
internal static class ApiDocument
{
    private const string Problem = "application/problem+json";

    private static readonly (string Status, string Says)[] Refusals =
    [
        ("400", "The request cannot be read."), ("401", "Nobody is signed in, or the key is not valid."), ("403", "The role or the key does not reach so far."),
        ("422", "A field cannot be used as it is; field and errors say which and why."), ("429", "Too many requests; Retry-After says how many seconds to wait."),
    ];

    /// <summary>Parameters that mean the same everywhere.</summary>
    private static readonly Dictionary<string, string> Meanings = new(StringComparer.Ordinal)
    {
        ["as"] = "yaml, mermaid, csv, svg or pdf.",
        ["id"] = "Number of the resource.",
        ["share"] = "Number of the link.",
        ["card"] = "Id of the card on that map.",
        ["persona"] = "Only customers that this persona stands for, by its number.",
        ["snapshot"] = "Number of the version.",
        ["fromVersion"] = "Number of a version of the map.",
        ["toVersion"] = "Number of the version it is compared with; the map as it is now unless said.",
        ["quote"] = "Number of the quote.",
        ["into"] = "Number of the touchpoint that stays.",
        ["with"] = "Number of the other one.",
        ["key"] = "Number of the key.",
        ["alt"] = "What can be seen on the picture, for those who cannot see it.",
        ["template"] = "Key of the template, such as retail.",
        ["language"] = "en, de or pl; the reader's own unless said.",
        ["number"] = "Number of the customer.",
        ["pair"] = "Number of the pair.",
        ["position"] = "Position in the event log.",
        ["periods"] = "Days by kind of data, such as visitors=90, events=1095.",
        ["search"] = "Words, each of which must occur; or an exact id.",
        ["condition"] = "A condition of a segment, such as did 2.. in 90d: Order; repeat it for several.",
        ["any"] = "true: one of the conditions suffices.",
        ["account"] = "Group id of an account: only its members.",
        ["buyingRole"] = "Only this role in the buying committee: initiator, user, influencer, decider, buyer, gatekeeper, or none for those without a role.",
        ["stage"] = "Only those reached at this stage of the life cycle: awareness, consideration, conversion, retention or advocacy.",
        ["reached"] = "false: those who were not reached at the stage.",
        ["days"] = "Days without a contact after which somebody is silent; 90 unless said.",
        ["customer"] = "The customer: user id or anonymous id, or number:N.",
        ["erasure"] = "Log position of the erasure.",
        ["channel"] = "Only events of this channel.",
        ["touchpoint"] = "Only events at this touchpoint.",
        ["text"] = "Only events in which all these words occur, in their names or anywhere in the original.",
        ["cursor"] = "Where the list goes on: next of the answer before.",
        ["take"] = "Most items, 1 to 1000.",
        ["skip"] = "Items left out at the beginning; a list that is read to its end is better read by cursor.",
        ["q"] = "What is searched: parts of the name of a page, touchpoint or customer.",
        ["actor"] = "A part of the name of who did it.",
        ["route"] = "A part of the address that was used.",
        ["kind"] = "Only entries of this kind; of an import what the rows are, found out unless said.",
        ["open"] = "true: only what has not ended; false: only what has.",
        ["dates"] = "How dates are read that all rows of the file leave open, such as 03/04/2026: day-first or month-first.",
        ["preset"] = "Program whose export the file is, found out unless said; none for no program's.",
        ["metric"] = "nps, csat, ces, rating or review.",
        ["person"] = "E-mail address of the person; who is signed in unless said.",
        ["from"] = "From this day or moment on.",
        ["to"] = "Up to this day or moment.",
        ["year"] = "The year.",
        ["name"] = "Name of the resource.",
        ["ignore"] = "What is left out; repeat it.",
        ["country"] = "Country (ISO code) of telephone numbers without calling code; DE unless said.",
        ["sure"] = "Probability from which on two rows are one person, above 0.5 and below 1; 0.9 unless said.",
        ["fileName"] = "Name of the file; its ending tells the format where format does not.",
        ["format"] = "csv, xes or jsonl; found out unless said.",
        ["source"] = "Name of the source; made where there is none.",
        ["lifecycle"] = "Transitions of XES that count: complete (unless said) or all.",
        ["dryRun"] = "true: checks and counts, and keeps nothing.",
        ["map"] = "A field and the column that holds it: FIELD=COLUMN; repeat it.",
    };

    public static Task CompleteAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.Info.Title = "Tangent";
        document.Info.Version = typeof(ApiDocument).Assembly.GetName().Version!.ToString(3);
        document.Info.Description = "Everything the pages show and do. Times are UTC, days are of the company's time zone. Refusals are problem details; RateLimit headers say how much is left; "
            + "a write with an Idempotency-Key is done once; lists go on by cursor. More in docs/api.md.";
        AddKeys(document);
        var examples = new ApiExamples(document);
        foreach (var (path, item) in document.Paths)
            foreach (var (method, operation) in item.Operations ?? []) Complete(path, method, operation, examples);
        return Task.CompletedTask;
    }

    private static void AddKeys(OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes["key"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key. In the browser the session of who is signed in serves as well." };
        document.Components.SecuritySchemes["writeKey"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "basic", Description = "The write key of a source as user name, no password; for /v1 only." };
    }

    private static void Complete(string path, HttpMethod method, OpenApiOperation operation, ApiExamples examples)
    {
        var isCall = path.StartsWith("/v1/", StringComparison.Ordinal);
        operation.Security ??= [];
        operation.Security.Add(new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(isCall ? "writeKey" : "key", examples.Document)] = [] });
        operation.Responses ??= [];
        foreach (var (status, says) in Refusals) operation.Responses.TryAdd(status, Refusal(says));
        if (path.Contains('{', StringComparison.Ordinal)) operation.Responses.TryAdd("404", Refusal("What was named is not there."));
        if (method != HttpMethod.Get) operation.Responses.TryAdd("415", Refusal("The body is of a kind that is not taken."));
        operation.Parameters ??= [];
        if (!isCall && method != HttpMethod.Get) operation.Parameters.Add(IdempotencyKey());
        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>())
        {
            parameter.Description ??= Meanings.GetValueOrDefault(parameter.Name ?? "");
            parameter.Example ??= examples.Of(parameter);
        }

        if (isCall) operation.RequestBody ??= ApiExamples.Call(path[4..]);
        foreach (var content in operation.RequestBody?.Content?.Values ?? []) content.Example ??= examples.Of(content.Schema) ?? new JsonObject();
        foreach (var (status, response) in operation.Responses)
            foreach (var content in response.Content?.Values ?? []) content.Example ??= status[0] == '2' ? examples.Of(content.Schema) ?? ApiExamples.Track("track") : Example(int.Parse(status, System.Globalization.CultureInfo.InvariantCulture), response.Description);
    }

    private static OpenApiResponse Refusal(string says) => new()
    {
        Description = says,
        Content = new Dictionary<string, OpenApiMediaType> { [Problem] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.Object } } },
    };

    private static JsonObject Example(int status, string? says)
    {
        var problem = new JsonObject { ["title"] = Problems.Of(status, "").ProblemDetails.Title, ["status"] = status, ["detail"] = says };
        if (status == StatusCodes.Status422UnprocessableEntity) (problem["field"], problem["detail"]) = ("name", "A name of 1 to 100 characters is needed.");
        return problem;
    }

    private static OpenApiParameter IdempotencyKey() => new()
    {
        Name = IdempotencyKeys.Header,
        In = ParameterLocation.Header,
        Description = "A text of your own for this one write, best a random UUID: sent again with the same body it is not done again, and the first answer is given once more, for 24 hours.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        Example = JsonValue.Create("0b6c1f0e-5b0e-4a39-9f0e-6f5f6f2f9a11"),
    };
}
