using static Tangent.Web.Texts;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    public Asked<RetentionAnswer> Ask(RetentionQuestion question)
    {
        if (Prepare(question, out var scope, out var periods, out var refusal) is not { } engine) return refusal!;
        if (periods.Days.Count == 0) return new RetentionAnswer(0, question.Period, [], []);
        var answer = engine.Ask(scope.View);
        var cohorts = answer.Sizes.Select((size, cohort) => new RetentionCohort(periods.Days[cohort], size,
            [.. answer.Returned[cohort].Select((n, k) => new RetentionCell(n, Share(n, size), periods.IsOpen(cohort + k)))])).ToList();
        return new RetentionAnswer(answer.Customers, question.Period, cohorts, [.. Enumerable.Range(0, cohorts.Count).Select(k => Total(cohorts, k)).TakeWhile(t => t is not null).OfType<RetentionTotal>()]);
    }

    public Asked<CustomersAnswer> Behind(RetentionQuestion question, RetentionPick pick, Paging page)
    {
        if (Prepare(question, out var scope, out var periods, out var refusal) is not { } engine) return refusal!;
        var cohort = periods.Days.IndexOf(pick.Cohort);
        if (cohort < 0) return new Refusal("cohort", T("Collect.Refusal.Cohort", pick.Cohort));
        if (pick.Offset is { } offset && (offset < 0 || cohort + offset >= periods.Days.Count)) return new Refusal("offset", T("Collect.Refusal.Offset", periods.Days.Count - cohort - 1));
        return Page(scope, engine.Customers(scope.View, cohort, pick.Offset, pick.Absent), page);
    }

    public Asked<LifeCycleAnswer> Ask(LifeCycleQuestion question)
    {
        if (Prepare(question, out var scope, out var periods, out var refusal) is not { } engine) return refusal!;
        if (periods.Days.Count == 0) return new LifeCycleAnswer(0, question.Period, []);
        var answer = engine.Ask(scope.View);
        return new LifeCycleAnswer(answer.Customers, question.Period, [.. periods.Days.Select((day, i) =>
            new LifeCyclePeriod(day, answer.New[i], answer.Returning[i], answer.Resurrecting[i], answer.Dormant[i], periods.IsOpen(i)))]);
    }

    public Asked<CustomersAnswer> Behind(LifeCycleQuestion question, LifeCyclePick pick, Paging page)
    {
        if (Prepare(question, out var scope, out var periods, out var refusal) is not { } engine) return refusal!;
        if (periods.Days.IndexOf(pick.From) is not (>= 0 and var period)) return new Refusal("cohort", T("Collect.Refusal.Cohort", pick.From));
        Engine.LifePart? part = pick.Part switch
        {
            "new" => Engine.LifePart.New,
            "returning" => Engine.LifePart.Returning,
            "resurrecting" => Engine.LifePart.Resurrecting,
            "dormant" => Engine.LifePart.Dormant,
            _ => null,
        };
        return part is null ? new Refusal("part", T("Collect.Refusal.Part")) : Page(scope, engine.Customers(scope.View, period, part.Value), page);
    }

    // Over the cohorts for which the period is over; null where there is none.
    private static RetentionTotal? Total(List<RetentionCohort> cohorts, int k)
    {
        var complete = cohorts.Where(c => k < c.Returned.Count && !c.Returned[k].Open).ToList();
        var (size, returned) = (complete.Sum(c => c.Customers), complete.Sum(c => c.Returned[k].Customers));
        return complete.Count == 0 ? null : new RetentionTotal(size, returned, Share(returned, size));
    }

    private Engine.RetentionQuestion? Prepare(RetentionQuestion question, out Scope scope, out Periods periods, out Refusal? refusal)
    {
        if (Periodic(question.Period, question.Filter, Engine.RetentionQuestion.MaxPeriods, out scope, out periods, out refusal) is false) return null;
        var (start, back) = (Optional("start", question.Start, scope, ref refusal), Optional("return", question.Return, scope, ref refusal));
        return refusal is not null ? null : new Engine.RetentionQuestion
        {
            TouchpointOfSignature = scope.OfSignature,
            Filter = scope.Filter,
            BoundsMs = periods.Bounds,
            Starts = start,
            Returns = back,
            Recurring = question.Recurring,
            OrAfter = question.OrAfter,
        };
    }

    private Engine.LifeCycleQuestion? Prepare(LifeCycleQuestion question, out Scope scope, out Periods periods, out Refusal? refusal)
    {
        if (Periodic(question.Period, question.Filter, Engine.RetentionQuestion.MaxPeriods, out scope, out periods, out refusal) is false) return null;
        var active = Optional("active", question.Active, scope, ref refusal);
        return refusal is not null ? null : new Engine.LifeCycleQuestion { TouchpointOfSignature = scope.OfSignature, Filter = scope.Filter, BoundsMs = periods.Bounds, Active = active };
    }

    private bool Periodic(string period, JourneyFilter filter, int most, out Scope scope, out Periods periods, out Refusal? refusal)
    {
        (scope, periods) = (default, new Periods([], [0, 1], 0));
        refusal = period is "day" or "week" or "month" ? null : new Refusal("period", T("Collect.Refusal.Bucket"));
        if (refusal is not null || ScopeOf(filter, out refusal) is not { } found) return false;
        scope = found;
        periods = PeriodsOf(period, filter, scope, out refusal);
        if (refusal is null && periods.Days.Count > most) refusal = new Refusal("period", T("Collect.Refusal.Buckets", periods.Days.Count));
        return refusal is null;
    }

    private IReadOnlyList<Engine.EventRule>? Optional(string field, string? text, Scope scope, ref Refusal? refusal)
    {
        if (text is null || refusal is not null) return null;
        return RuleOf(field, text, scope.Touchpoints, out refusal)?.Rules;
    }
}
