using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;

namespace Tangent.Measure;

/// <summary>Something that somebody should look at.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Kind">fell: a score is clearly lower than in the four weeks before; flood: clearly more answers of a week are bad than usual; stopped: nothing comes from a touchpoint for much longer than usual.</param>
/// <param name="Touchpoint">Where; null for the company, or for all touchpoints at once.</param>
/// <param name="Metric">nps, csat, ces, rating or review; null where it is no score.</param>
/// <param name="Words">The same as a sentence.</param>
/// <param name="From">First day of the worse period, or without an event.</param>
/// <param name="To">Last day of it.</param>
/// <param name="Now">The score, the share of bad answers, or the days without an event.</param>
/// <param name="Usual">The same before; of days without an event, how many events would have been expected in them.</param>
/// <param name="N">Answers in the period.</param>
/// <param name="Chance">How likely something like it is by accident, with everything that was looked at in mind.</param>
/// <param name="Found">When it was found, UTC.</param>
/// <param name="Ended">When it was over, UTC; null while it lasts.</param>
/// <param name="Acknowledged">When somebody took note of it, UTC; null while nobody has.</param>
/// <param name="AcknowledgedBy">Who that was.</param>
/// <param name="Customers">Address of the customers behind it.</param>
public sealed record AlertModel(
    int Id, string Kind, string? Touchpoint, string? Metric, string Words, DateOnly From, DateOnly To, double Now, double Usual, long N, double Chance,
    DateTime Found, DateTime? Ended, DateTime? Acknowledged, string AcknowledgedBy, string Customers)
{
    internal static AlertModel Of(Alert a) => new(
        a.Id, AlertWords.Name(a.Kind), a.Touchpoint.Length > 0 ? a.Touchpoint : null, a.Metric == Collect.Metric.None ? null : Metrics.Name(a.Metric), AlertWords.Sentence(a), a.FromDay, a.ToDay, a.Now, a.Usual, a.N, a.Chance,
        a.FoundUtc, a.EndedUtc, a.AcknowledgedUtc, a.AcknowledgedBy, AlertWords.Customers(a));
}

public sealed record AlertsAnswer(IReadOnlyList<AlertModel> Items);

/// <param name="Began">How many alerts began.</param>
public sealed record AlertsChecked(int Began);

/// <param name="Mark">Where, in the colour of its channel.</param>
/// <param name="Kind">What it tells of, in words.</param>
public sealed record AlertRow(AlertModel Alert, Mark Mark, string Kind);

/// <param name="Recipients">How many people get letters.</param>
public sealed record AlertsModel(IReadOnlyList<AlertRow> Open, IReadOnlyList<AlertRow> Ended, int Recipients);

internal static class AlertsEndpoints
{
    public const string Page = "/measure/alerts";

    public static void MapAlerts(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1" + Page).WithTags("Measure");
        api.MapGet("", ListAsync).WithName("ListAlerts").WithParameters([new("ended", "true: also the latest 200 that are over.")])
            .WithSummary("Alerts that last: scores that fell, floods of bad answers, touchpoints from which nothing comes; the latest first.");
        api.MapPost("/checks", CheckAsync).WithName("CheckAlerts").RequireAuthorization(Rights.Contribute).WithSummary("Looks for alerts at once; by itself the server looks every hour.");
        api.MapPost("/{id:int}/acknowledgement", AcknowledgeAsync).WithName("AcknowledgeAlert").RequireAuthorization(Rights.Contribute).WithSummary("Notes that somebody has taken note of an alert; it lasts until its cause is gone.");
        var pages = app.MapGroup(Page).ExcludeFromDescription();
        pages.MapGet("", ShowAsync);
        pages.MapPost("/checks", CheckByFormAsync).RequireAuthorization(Rights.Contribute);
        pages.MapPost("/{id:int}/acknowledgement", AcknowledgeByFormAsync).RequireAuthorization(Rights.Contribute);
    }

    private static async Task<Results<Ok<AlertsAnswer>, ProblemHttpResult>> ListAsync(HttpRequest request, AlertQueries alerts, CancellationToken ct)
    {
        var reader = new QueryReader(request.Query);
        var ended = reader.Flag("ended", false);
        if (reader.Give("").Refusal is { } refusal) return Problems.Invalid(refusal.Field, refusal.Detail);
        return TypedResults.Ok(new AlertsAnswer([.. (await alerts.ListAsync(ended, ct)).Select(AlertModel.Of)]));
    }

    private static async Task<Ok<AlertsChecked>> CheckAsync(AlertCheck check, CancellationToken ct) => TypedResults.Ok(new AlertsChecked(await check.RunAsync(ct)));

    private static async Task<Results<NoContent, ProblemHttpResult>> AcknowledgeAsync(int id, HttpContext http, AlertQueries alerts, Navigation navigation, CancellationToken ct) =>
        await NoteAsync(id, http, alerts, navigation, ct) ? TypedResults.NoContent() : Problems.NotFound($"There is no alert {id}.");

    private static async Task<IResult> ShowAsync(HttpContext http, AlertQueries alerts, TouchpointCatalogue catalogue, IOptionsMonitor<AlertOptions> options, CancellationToken ct)
    {
        var (all, marks) = (await alerts.ListAsync(true, ct), new Marks(catalogue));
        AlertRow Row(Alert a) => new(AlertModel.Of(a), a.Touchpoint.Length > 0 ? marks.Of(a.Touchpoint) : new Mark(AlertWords.Touchpoint(a), null), AlertWords.Kind(a.Kind));
        return http.Show<AlertsPage>(new AlertsModel(
            [.. all.Where(a => a.EndedUtc is null).Select(Row)], [.. all.Where(a => a.EndedUtc is not null).Select(Row)], AlertOptions.Read(options.CurrentValue.Recipients)?.Count ?? 0));
    }

    // Taking the form, though it is empty but for its token, makes the framework check that.
    private static async Task<IResult> CheckByFormAsync(IFormCollection form, AlertCheck check, CancellationToken ct)
    {
        await check.RunAsync(ct);
        return TypedResults.LocalRedirect(Page);
    }

    private static async Task<IResult> AcknowledgeByFormAsync(int id, IFormCollection form, HttpContext http, AlertQueries alerts, Navigation navigation, CancellationToken ct)
    {
        await NoteAsync(id, http, alerts, navigation, ct);
        return TypedResults.LocalRedirect(Page);
    }

    private static async Task<bool> NoteAsync(int id, HttpContext http, AlertQueries alerts, Navigation navigation, CancellationToken ct)
    {
        if (!await alerts.AcknowledgeAsync(id, http.Page().UserName ?? "", DateTime.UtcNow, ct)) return false;
        navigation.Mark(Page, await alerts.UnseenAsync(ct));
        return true;
    }
}
