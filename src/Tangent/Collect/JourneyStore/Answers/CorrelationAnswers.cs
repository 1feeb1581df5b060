using static Tangent.Web.Texts;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    public Asked<CorrelationAnswer> Ask(CorrelationQuestion question)
    {
        if (Prepare(question, out var scope, out var engine) is { } refusal) return refusal;
        var answer = engine.Ask(scope.View);
        var least = Math.Max(CorrelationQuestion.LeastCustomers, CorrelationQuestion.LeastShare * answer.Entrants);
        var shown = answer.Touchpoints.Where(t => t.DidAndConverted + t.DidNotConvert >= least).ToList();
        var others = answer.Entrants - answer.Converted;
        return new CorrelationAnswer(
            answer.Customers, answer.Entrants, answer.Converted, Math.Max(answer.Converted, others) > CorrelationQuestion.MostSkew * Math.Min(answer.Converted, others),
            answer.Touchpoints.Length - shown.Count,
            [.. shown.OrderByDescending(t => Math.Abs(t.LogOdds)).ThenBy(t => scope.Touchpoints.Name(t.Touchpoint), StringComparer.Ordinal).Select(t => new Correlation(
                scope.Touchpoints.Name(t.Touchpoint), t.DidAndConverted, t.DidNotConvert, t.ConvertedWithout, t.Neither, t.OddsRatio, t.Low, t.High))]);
    }

    public Asked<CustomersAnswer> Behind(CorrelationQuestion question, CorrelationPick pick, Paging page)
    {
        if (Prepare(question, out var scope, out var engine) is { } refusal) return refusal;
        ushort? touchpoint = null;
        if (pick.Name is { } name)
        {
            if (scope.Touchpoints.Find(name) is not { } code) return Unknown("at", name);
            touchpoint = code;
        }

        return Page(scope, engine.Customers(scope.View, touchpoint, pick.Did, pick.Converted), page);
    }

    private Refusal? Prepare(CorrelationQuestion question, out Scope scope, out Engine.CorrelationQuestion engine)
    {
        (scope, engine) = (default, null!);
        if (question.Window <= TimeSpan.Zero || question.Window > TimeSpan.FromDays(3660)) return new Refusal("window", T("Collect.Refusal.Window"));
        if (ScopeOf(question.Filter, out var refusal) is not { } found) return refusal;
        scope = found;
        if (found.Touchpoints.Find(question.Goal) is not { } goal) return Unknown("goal", question.Goal);
        ushort[]? entry = null;
        if (question.Start is { } name)
        {
            if (found.Touchpoints.Find(name) is not { } start) return Unknown("start", name);
            entry = [start];
        }

        engine = new Engine.CorrelationQuestion
        {
            TouchpointOfSignature = found.OfSignature,
            Filter = found.Filter,
            Entry = entry,
            Goal = [goal],
            WindowMs = (long)question.Window.TotalMilliseconds,
        };
        return null;
    }
}
