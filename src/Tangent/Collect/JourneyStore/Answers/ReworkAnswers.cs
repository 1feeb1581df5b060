using static Tangent.Web.Texts;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    public Asked<ReworkAnswer> Ask(ReworkQuestion question)
    {
        if (Prepare(question, out var scope, out var engine) is { } refusal) return refusal;
        var answer = engine.Ask(scope.View);
        return new ReworkAnswer(
            answer.Customers, Times(answer.Throughput), answer.Between is { } between ? Times(between) : null,
            [.. answer.Touchpoints.OrderByDescending(r => r.Repeating).ThenByDescending(r => r.Customers).Select(r => new Rework(
                scope.Touchpoints.Name(r.Touchpoint), r.Events, r.Customers, r.Repeating, Share(r.Repeating, r.Customers), (double)r.Events / r.Customers, r.AtOnce, r.AtOnceCustomers))],
            [.. answer.Loops.Select(l => new ReworkLoop(scope.Touchpoints.Name(l.Touchpoint), scope.Touchpoints.Name(l.Over), l.Count, l.Customers))]);
    }

    public Asked<CustomersAnswer> Behind(ReworkQuestion question, ReworkPick pick, Paging page)
    {
        if (Prepare(question, out var scope, out var engine) is { } refusal) return refusal;
        if (pick.At is null) return Page(scope, engine.Throughput(scope.View), page);
        if (scope.Touchpoints.Find(pick.At) is not { } at) return Unknown("at", pick.At);
        if (pick.Over is null) return Page(scope, engine.Repeating(scope.View, at, pick.AtOnce), page);
        return scope.Touchpoints.Find(pick.Over) is { } over ? Page(scope, engine.Looping(scope.View, at, over), page) : Unknown("over", pick.Over);
    }

    private Refusal? Prepare(ReworkQuestion question, out Scope scope, out Engine.ReworkQuestion engine)
    {
        (scope, engine) = (default, null!);
        if (question.Start is null != question.End is null) return new Refusal(question.Start is null ? "start" : "end", T("Collect.Refusal.Between"));
        if (ScopeOf(question.Filter, out var refusal) is not { } found) return refusal;
        ushort? start = null, end = null;
        if (question.Start is { } first && (start = found.Touchpoints.Find(first)) is null) return Unknown("start", first);
        if (question.End is { } last && (end = found.Touchpoints.Find(last)) is null) return Unknown("end", last);
        scope = found;
        engine = new Engine.ReworkQuestion
        {
            TouchpointOfSignature = found.OfSignature,
            Filter = found.Filter,
            From = start is { } from ? [from] : null,
            To = end is { } to ? [to] : null,
        };
        return null;
    }

    private static Throughput Times(Engine.Durations times) =>
        new(times.Count, Seconds(times, times.MedianMs), Seconds(times, times.LowerQuartileMs), Seconds(times, times.UpperQuartileMs));
}
