using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    public Asked<StalledAnswer> Ask(StalledQuestion question)
    {
        if (Prepare(question, out var scope, out var engine) is { } refusal) return refusal;
        if (engine is null) return new StalledAnswer(0, 0, null, []);
        HashSet<ushort> excluded = [.. question.Exclude.Select(name => scope.Touchpoints.Find(name)!.Value)];
        var answer = engine.Ask(scope.View);
        StalledTouchpoint[] items = [.. answer.Touchpoints.Where(t => !excluded.Contains(t.Touchpoint)).Select(t => Figures(t, scope))
            .OrderByDescending(t => t.Stalled).ThenByDescending(t => t.Waiting).ThenBy(t => t.Name, StringComparer.Ordinal)];
        return new StalledAnswer(answer.Customers, items.Sum(t => t.Stalled), Utc(engine.AsOfMs), items);
    }

    public Asked<CustomersAnswer> Behind(StalledQuestion question, StalledPick pick, Paging page)
    {
        if (Prepare(question, out var scope, out var engine) is { } refusal) return refusal;
        if (pick.Touchpoint is { } name && scope.Touchpoints.Find(name) is null) return Unknown("at", name);
        var names = scope.Touchpoints;
        ushort[] touchpoints = pick.Touchpoint is { } at
            ? [names.Find(at)!.Value]
            : [.. Enumerable.Range(0, names.Count).Select(code => (ushort)code).Except(question.Exclude.Select(excluded => names.Find(excluded)!.Value))];
        return Page(scope, engine is null ? new Engine.CustomersBehind([], 0) : engine.Customers(scope.View, touchpoints, pick.Stalled), page);
    }

    private static StalledTouchpoint Figures(Engine.StalledTouchpoint t, Scope scope)
    {
        var interval = t.Waiting == 0 ? (Interval?)null : Interval.Wilson(t.Stalled, t.Waiting);
        return new StalledTouchpoint(
            scope.Touchpoints.Name(t.Touchpoint), t.Visits, t.WentOn, 1 - t.GoesOn, t.UsualMs / 1000.0, t.Waiting, t.Stalled,
            interval is null ? null : Share(t.Stalled, t.Waiting), interval?.Low, interval?.High, t.Stalled == 0 ? null : t.MedianWaitMs / 1000);
    }

    /// <param name="engine">Null where there are no events at all.</param>
    private Refusal? Prepare(StalledQuestion question, out Scope scope, out Engine.StalledQuestion? engine)
    {
        (scope, engine) = (default, null);
        if (question.Percentile is < StalledQuestion.LeastPercentile or > StalledQuestion.MostPercentile)
            return new Refusal("percentile", T("Collect.Refusal.Percentile", StalledQuestion.LeastPercentile, StalledQuestion.MostPercentile));
        if (question.AsOf < question.Filter.From) return new Refusal("asOf", T("Collect.Refusal.AsOf"));
        if (ScopeOf(question.Filter, out var refusal) is not { } found) return refusal;
        scope = found;
        foreach (var name in question.Exclude)
            if (found.Touchpoints.Find(name) is null) return Unknown("exclude", name);
        if (AsOf(question) is not { } asOf) return null;
        engine = new Engine.StalledQuestion
        {
            TouchpointOfSignature = found.OfSignature,
            Filter = found.Filter,
            AsOfMs = asOf,
            Quantile = question.Percentile / 100.0,
        };
        return null;
    }

    // The last millisecond of the day asked for; else of the period, but not later than anything is known: a silence since then says nothing.
    private long? AsOf(StalledQuestion question)
    {
        if (question.AsOf is { } day) return StartOf(day.AddDays(1)) - 1;
        if (LatestMs(All()) is not { } latest) return null;
        return question.Filter.To is { } to ? Math.Min(latest, StartOf(to.AddDays(1)) - 1) : latest;
    }
}
