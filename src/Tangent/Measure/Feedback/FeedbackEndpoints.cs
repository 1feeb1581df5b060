using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <summary>The fields of the form by which a person records what a customer said.</summary>
public sealed class FeedbackForm
{
    public string? Customer { get; set; }

    public string? Metric { get; set; }

    public double? Score { get; set; }

    public string? Comment { get; set; }
}

internal static class FeedbackEndpoints
{
    public static void MapFeedback(this WebApplication app) => app.MapPost("/api/v1/measure/feedback", TakeAsync).RequireAuthorization(Rights.Contribute).WithTags("Measure")
        .WithName("RecordFeedback").WithSummary("Records answers and reviews: each is checked by itself and becomes an event in the log.");

    private static async Task<Results<Ok<FeedbackReceipt>, ProblemHttpResult>> TakeAsync(FeedbackBatch body, FeedbackIntake intake, CancellationToken ct)
    {
        if (body.Items is not { Count: > 0 and <= FeedbackIntake.MostItems } items || items.Any(i => i is null)) return Problems.Invalid("items", T("Measure.Refused.Items", FeedbackIntake.MostItems));
        if (!string.IsNullOrWhiteSpace(body.Source) && Source.NameProblem(body.Source) is { } problem) return Problems.Invalid("source", problem);
        return TypedResults.Ok(await intake.TakeAsync(items, body.Source, ct));
    }
}
