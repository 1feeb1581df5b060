using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Tangent.Web;

/// <summary>Refusals of the API as problem details (RFC 9457): what was wrong, where, and what to do.</summary>
internal static class Problems
{
    /// <summary>422: a field of the request cannot be used as it is.</summary>
    public static ProblemHttpResult Invalid(string field, string detail) =>
        TypedResults.Problem(detail, title: "The request cannot be used as it is.", statusCode: StatusCodes.Status422UnprocessableEntity,
            extensions: [KeyValuePair.Create<string, object?>("field", field), KeyValuePair.Create<string, object?>("errors", new Dictionary<string, string[]> { [field] = [detail] })]);

    /// <summary>409: the request contradicts what is there.</summary>
    public static ProblemHttpResult Conflict(string detail) =>
        TypedResults.Problem(detail, title: "This contradicts what is there.", statusCode: StatusCodes.Status409Conflict);

    /// <summary>404: what was named is not there.</summary>
    public static ProblemHttpResult NotFound(string detail) => Of(StatusCodes.Status404NotFound, detail);

    public static ProblemHttpResult Of(int status, string detail) => TypedResults.Problem(detail, title: Title(status), statusCode: status);

    /// <summary>What a program is told where only a status was set, or something failed.</summary>
    /// <param name="http">The request.</param>
    /// <param name="error">What failed; null where nothing did.</param>
    /// <param name="trace">Number under which the log has the fault.</param>
    public static ProblemHttpResult Of(HttpContext http, Exception? error, string? trace)
    {
        var status = http.Response.StatusCode;
        var detail = status switch
        {
            StatusCodes.Status400BadRequest => error is BadHttpRequestException ? Unreadable(error) : "The request cannot be read, or it lacks the token of the page it should come from.",
            StatusCodes.Status401Unauthorized => "Sign in, or send an API key: Authorization: Bearer KEY.",
            StatusCodes.Status403Forbidden => "The role of the user, or the scope of the key, does not reach so far; an owner can change that.",
            StatusCodes.Status404NotFound => $"There is nothing at {http.Request.Path}. /openapi/v1.json lists what there is.",
            StatusCodes.Status405MethodNotAllowed => $"{http.Request.Path} does not take {http.Request.Method}; it takes {Allowed(http)}.",
            StatusCodes.Status413PayloadTooLarge => "The body is larger than this address takes; send it in parts.",
            StatusCodes.Status415UnsupportedMediaType => "The body must be JSON, with Content-Type: application/json.",
            StatusCodes.Status500InternalServerError => $"The fault is the program's. The log has it under {trace}; the request may or may not have taken effect.",
            _ => error?.Message ?? "The request was not answered.",
        };
        var field = error?.InnerException is JsonException json ? Place(json) : null;
        List<KeyValuePair<string, object?>> more = [];
        if (field is not null) more.Add(new("field", field));
        if (trace is not null) more.Add(new("trace", trace));
        return TypedResults.Problem(detail, title: Title(status), statusCode: status, extensions: more);
    }

    /// <summary>The framework's message names the type it wanted; what the reader of JSON said is more use.</summary>
    private static string Unreadable(Exception error) => error.InnerException is JsonException json
        ? $"The body is not the JSON that is wanted here{(Place(json) is { } place ? $", at {place}" : "")}{(json.LineNumber is { } line ? $" (line {line + 1})" : "")}. /openapi/v1.json shows its fields."
        : error.Message.StartsWith("Implicit body", StringComparison.Ordinal) ? "A JSON body is wanted here. /openapi/v1.json shows its fields." : error.Message;

    /// <summary>Of <c>$.name</c>, name; of <c>$[0].name</c>, [0].name.</summary>
    private static string? Place(JsonException json) => json.Path?.TrimStart('$').TrimStart('.') is { Length: > 0 } place ? place : null;

    private static string Allowed(HttpContext http) => http.Response.Headers.Allow.ToString() is { Length: > 0 } allowed ? allowed : "other methods";

    private static string Title(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "The request cannot be read.",
        StatusCodes.Status401Unauthorized => "Nobody is signed in.",
        StatusCodes.Status403Forbidden => "This is not allowed.",
        StatusCodes.Status404NotFound => "Not found.",
        StatusCodes.Status405MethodNotAllowed => "Wrong method.",
        StatusCodes.Status409Conflict => "This contradicts what is there.",
        StatusCodes.Status413PayloadTooLarge => "The body is too large.",
        StatusCodes.Status415UnsupportedMediaType => "The body is of a kind that is not taken.",
        StatusCodes.Status422UnprocessableEntity => "The request cannot be used as it is.",
        StatusCodes.Status429TooManyRequests => "Too many requests.",
        StatusCodes.Status503ServiceUnavailable => "Not now; try it again later.",
        >= 500 => "Something failed.",
        _ => "The request was refused.",
    };
}
