using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <param name="Value">As the score: NPS −100 to 100, CSAT 0 to 1, CES 1 to 7, rating and review 1 to 5.</param>
/// <param name="By">Day by which it is to be reached; null where none is set.</param>
public sealed record TargetSaid(double? Value, DateOnly? By = null);

/// <param name="Metric">nps, csat, ces, rating or review.</param>
/// <param name="Value">As the score.</param>
/// <param name="By">Day by which it is to be reached.</param>
/// <param name="SetBy">Who set it.</param>
public sealed record TargetModel(int TouchpointId, string Touchpoint, string Metric, double Value, DateOnly? By, string SetBy);

/// <param name="Items">By touchpoint.</param>
public sealed record TargetsAnswer(IReadOnlyList<TargetModel> Items);

/// <summary>The fields of the form; the value as people read it, CSAT in percent.</summary>
public sealed class TargetForm
{
    public string? Metric { get; set; }

    public double? Value { get; set; }

    public DateOnly? By { get; set; }
}

internal static class TargetsEndpoints
{
    public static void MapTargets(this WebApplication app)
    {
        app.MapGet("/api/v1/measure/targets", ListAsync).WithTags("Measure").WithName("ListTargets").WithSummary("What the scores of touchpoints are to reach, and by when.");
        var api = app.MapGroup("/api/v1/measure/touchpoints/{id:int}/targets/{metric}").RequireAuthorization(Rights.Edit).WithTags("Measure");
        api.MapPut("", KeepAsync).WithName("SetTarget").WithSummary("Sets what a score of a touchpoint is to reach.");
        api.MapDelete("", RemoveAsync).WithName("RemoveTarget").WithSummary("Takes a target away.");
        var pages = app.MapGroup("/measure/touchpoints/{id:int}/targets").RequireAuthorization(Rights.Edit).ExcludeFromDescription();
        pages.MapPost("", KeepByFormAsync);
        pages.MapPost("/removal", RemoveByFormAsync);
    }

    private static async Task<Ok<TargetsAnswer>> ListAsync(TargetQueries targets, TouchpointCatalogue catalogue, CancellationToken ct)
    {
        var names = catalogue.Touchpoints.ToDictionary(t => t.Id, t => t.Name);
        return TypedResults.Ok(new TargetsAnswer([.. (await targets.ListAsync(ct)).Where(t => names.ContainsKey(t.TouchpointId)).Select(t => Model(t, names[t.TouchpointId]))]));
    }

    private static async Task<Results<Ok<TargetModel>, ProblemHttpResult>> KeepAsync(HttpContext http, int id, string metric, TargetSaid body, TargetQueries targets, TouchpointCatalogue catalogue, CancellationToken ct)
    {
        if (catalogue.Touchpoints.FirstOrDefault(t => t.Id == id) is not { } touchpoint) return Problems.NotFound($"There is no touchpoint {id}.");
        if (Read(metric, body.Value, id, body.By, http, out var target) is { } wrong) return Problems.Invalid(wrong.Field, wrong.Detail);
        await targets.KeepAsync([target!], ct);
        return TypedResults.Ok(Model(target!, touchpoint.Name));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(int id, string metric, TargetQueries targets, CancellationToken ct) =>
        Metrics.Find(metric) is { } known && await targets.RemoveAsync(id, known, ct) ? TypedResults.NoContent() : Problems.NotFound($"Touchpoint {id} has no target for {metric}.");

    private static async Task<IResult> KeepByFormAsync(HttpContext http, int id, [FromForm] TargetForm form, Scorecards cards, TargetQueries targets, CancellationToken ct)
    {
        if (cards.Find(id) is not { } touchpoint) return TypedResults.NotFound();
        id = touchpoint.Id;
        var value = form.Metric == Metrics.Name(Metric.Csat) ? form.Value / 100 : form.Value;
        if (Read(form.Metric, value, id, form.By, http, out var target) is { } wrong)
            return http.Show<ScorecardPage>((await cards.OfAsync(id, new FeedbackForm(), null, http.Request.Query, ct))! with { TargetError = wrong.Detail }, StatusCodes.Status422UnprocessableEntity, $"/measure/touchpoints/{id}");
        await targets.KeepAsync([target!], ct);
        return TypedResults.LocalRedirect($"/measure/touchpoints/{id}");
    }

    private static async Task<IResult> RemoveByFormAsync(int id, IFormCollection form, TargetQueries targets, CancellationToken ct)
    {
        if (Metrics.Find(form["Metric"]) is { } metric) await targets.RemoveAsync(id, metric, ct);
        return TypedResults.LocalRedirect($"/measure/touchpoints/{id}");
    }

    private static (string Field, string Detail)? Read(string? metric, double? value, int touchpoint, DateOnly? by, HttpContext http, out ScoreTarget? target)
    {
        target = null;
        if (Metrics.Find(metric) is not ({ } known and not Metric.Text)) return ("metric", T("Measure.Refused.Metric", metric));
        var (least, most) = ScoreTarget.Range(known);
        if (value is not { } wanted || !(wanted >= least && wanted <= most)) return ("value", T("Measure.Targets.WrongValue", ScoreWords.Of(known), ScoreWords.Value(known, least), ScoreWords.Value(known, most)));
        if (by is { Year: < 2000 or > 2200 }) return ("by", T("Measure.Targets.WrongDay"));
        target = new ScoreTarget { TouchpointId = touchpoint, Metric = known, Value = wanted, By = by, SetBy = Actor.Of(http.User).Name, ChangedUtc = DateTime.UtcNow };
        return null;
    }

    public static TargetModel Model(ScoreTarget target, string touchpoint) => new(target.TouchpointId, touchpoint, Metrics.Name(target.Metric), target.Value, target.By, target.SetBy);
}
