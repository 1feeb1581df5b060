using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <summary>The fields of the form by which a person records what a customer said.</summary>
public sealed class FeedbackForm
{
    /// <summary>Empty where nobody knows who it was, as of a card that lay in the shop.</summary>
    public string? Customer { get; set; }

    /// <summary>The day it was said, yyyy-MM-dd in the company's time zone; today where it is empty.</summary>
    public string? Day { get; set; }

    /// <summary>Of the words; detected where it is empty.</summary>
    public string? Language { get; set; }

    public string? Metric { get; set; }

    public double? Score { get; set; }

    public string? Comment { get; set; }

    /// <summary>What was entered, or why it cannot be taken.</summary>
    /// <param name="touchpoint">What was asked about.</param>
    /// <param name="journeys">Knows the customers.</param>
    /// <param name="zone">Of the company.</param>
    /// <param name="now">Now, UTC.</param>
    internal Asked<FeedbackSaid> Read(string touchpoint, JourneyStore journeys, TimeZoneInfo zone, DateTime now)
    {
        var (customer, at) = (Customer?.Trim() ?? "", (DateTimeOffset?)null);
        var named = customer.Length > 0 ? journeys.Named(customer) : null;
        if (customer.Length > 0 && named is null) return new Refusal("customer", T("Measure.Refused.Customer", customer));
        if (!string.IsNullOrWhiteSpace(Day))
        {
            if (!DateOnly.TryParseExact(Day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || !TryMoment(day, zone, now, out at)) return new Refusal("day", T("Measure.Record.WrongDay", Day));
        }

        var id = named is { } known ? ErasureRecord.IdOf(known.Identifier) : null;
        var isUser = named?.Identifier.StartsWith("user:", StringComparison.Ordinal) == true;
        return new Asked<FeedbackSaid>(new FeedbackSaid(isUser ? id : null, isUser ? null : id, Metric, Score, touchpoint, Comment, string.IsNullOrWhiteSpace(Language) ? null : Language, Via: FeedbackIntake.ByHand, At: at), null);
    }

    /// <summary>When something was said of which only the day is known.</summary>
    /// <param name="day">The day, as the company's clocks have it.</param>
    /// <param name="zone">Of the company.</param>
    /// <param name="now">Now, UTC.</param>
    /// <param name="at">Noon of that day, so that it is the same day for everybody near; null for today, which is now.</param>
    /// <returns>False where the day has not come yet.</returns>
    internal static bool TryMoment(DateOnly day, TimeZoneInfo zone, DateTime now, out DateTimeOffset? at)
    {
        var today = zone.DayOf(now);
        at = day < today ? new DateTimeOffset(zone.ToUtc(day.ToDateTime(new TimeOnly(12, 0))), TimeSpan.Zero) : null;
        return day <= today;
    }
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
