using Microsoft.AspNetCore.Http.HttpResults;

namespace Tangent.Web;

/// <summary>Expected refusals of the API as problem details: what was wrong, where, and what to do.</summary>
internal static class Problems
{
    /// <summary>422: a field of the request cannot be used as it is.</summary>
    public static ProblemHttpResult Invalid(string field, string detail) =>
        TypedResults.Problem(detail, title: "The request cannot be used as it is.", statusCode: StatusCodes.Status422UnprocessableEntity,
            extensions: [KeyValuePair.Create<string, object?>("field", field)]);

    /// <summary>409: the request contradicts what is there.</summary>
    public static ProblemHttpResult Conflict(string detail) =>
        TypedResults.Problem(detail, title: "This contradicts what is there.", statusCode: StatusCodes.Status409Conflict);

    /// <summary>404: what was named is not there.</summary>
    public static ProblemHttpResult NotFound(string detail) =>
        TypedResults.Problem(detail, title: "Not found.", statusCode: StatusCodes.Status404NotFound);
}
