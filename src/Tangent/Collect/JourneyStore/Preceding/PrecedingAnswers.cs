using static Tangent.Web.Texts;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    public Asked<PrecedingAnswer> Ask(PrecedingQuestion question)
    {
        if (Prepare(question, out var scope, out var refusal) is not { } engine) return refusal!;
        var answer = engine.Ask(scope.View);
        var items = answer.Touchpoints.Select(t => Before(scope.Touchpoints.Name(t.Touchpoint), t, answer));
        return new PrecedingAnswer(
            answer.Customers, answer.Did, answer.Cases, answer.Others,
            [.. items.OrderByDescending(p => p.Verdict == "tooFew" ? -1 : p.Low).ThenByDescending(p => p.Cases + p.Others).ThenBy(p => p.Name, StringComparer.Ordinal)]);
    }

    public Asked<CustomersAnswer> Behind(PrecedingQuestion question, PrecedingPick pick, Paging page)
    {
        if (Prepare(question, out var scope, out var refusal) is not { } engine) return refusal!;
        var at = pick.Name is null ? null : scope.Touchpoints.Find(pick.Name);
        if (pick.Name is not null && at is null) return Unknown("before", pick.Name);
        return Page(scope, engine.Customers(scope.View, pick.Case, at), page);
    }

    private Engine.PrecedingQuestion? Prepare(PrecedingQuestion question, out Scope scope, out Refusal? refusal)
    {
        scope = default;
        refusal = question.Cases.Count is 0 or > 20 ? new Refusal("recommends", T("Collect.Refusal.Recommends"))
            : Outside(question.Window) ? new Refusal("window", T("Collect.Refusal.Window")) : null;
        if (refusal is not null || ScopeOf(question.Filter, out refusal) is not { } found) return null;
        scope = found;
        var cases = All("recommends", question.Cases, found, ref refusal);
        return refusal is not null ? null : new Engine.PrecedingQuestion
        {
            TouchpointOfSignature = found.OfSignature,
            Filter = found.Filter,
            Cases = cases,
            WindowMs = (long)question.Window.TotalMilliseconds,
        };
    }

    private static Preceding Before(string name, Engine.PrecedingTouchpoint at, Engine.PrecedingAnswer of)
    {
        const double z = 1.959963984540054;
        var (with, n, without, m) = (at.Cases + 0.5, of.Cases + 0.5, at.Others + 0.5, of.Others + 0.5);
        var lift = with / n / (without / m);
        var error = z * Math.Sqrt(Math.Max(0, (1 / with) - (1 / n) + (1 / without) - (1 / m)));
        var (low, high) = (lift * Math.Exp(-error), lift * Math.Exp(error));
        var verdict = at.Cases + at.Others < Web.Figures.Enough || of.Cases < Web.Figures.Enough ? "tooFew" : low > 1 ? "more" : high < 1 ? "less" : "unclear";
        return new Preceding(name, at.Cases, at.Others, Share(at.Cases, of.Cases), Share(at.Others, of.Others), lift, low, high, verdict);
    }
}
