using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    public Asked<NeighboursAnswer> Ask(NeighboursQuestion question)
    {
        if (Prepare(question, out var scope, out var engine) is { } refusal) return refusal;
        var answer = engine.Ask(scope.View);
        return new NeighboursAnswer(answer.Customers, answer.Events, answer.With, answer.Cases, Side(answer.Before), Side(answer.After));

        IReadOnlyList<Neighbour> Side(Engine.Neighbour[] side) =>
            [.. side.Select(n => Neighbour(n)).OrderByDescending(n => n.Cases).ThenBy(n => n.Name, StringComparer.Ordinal)];

        Neighbour Neighbour(Engine.Neighbour n)
        {
            // A neighbour of the touchpoint is one of an event, so the base rate is never 0.
            var (share, rate, interval) = (Share(n.Cases, answer.Cases), Share(n.Base, answer.Events), Interval.Wilson(n.Cases, answer.Cases));
            return new Neighbour(
                scope.Touchpoints.Name(n.Touchpoint), n.Cases, n.Customers, share, interval.Low, interval.High, rate, share / rate, interval.Low / rate, interval.High / rate);
        }
    }

    public Asked<CustomersAnswer> Behind(NeighboursQuestion question, NeighbourPick pick, Paging page)
    {
        if (Prepare(question, out var scope, out var engine) is { } refusal) return refusal;
        ushort? neighbour = null;
        if (pick.Name is { } name)
        {
            if (scope.Touchpoints.Find(name) is not { } code) return Unknown("neighbour", name);
            neighbour = code;
        }

        return Page(scope, engine.Customers(scope.View, neighbour, pick.Before), page);
    }

    public Asked<CoOccurrenceAnswer> Ask(CoOccurrenceQuestion question)
    {
        if (question.Top is < 1 or > CoOccurrenceQuestion.MostTop) return new Refusal("top", T("Collect.Refusal.Pairs", CoOccurrenceQuestion.MostTop));
        if (ScopeOf(question.Filter, out var refusal) is not { } scope) return refusal!;
        var answer = new Engine.CoOccurrenceQuestion { TouchpointOfSignature = scope.OfSignature, Filter = scope.Filter }.Ask(scope.View);
        var reach = answer.Touchpoints.ToDictionary(t => t.Touchpoint, t => t.Customers);
        return new CoOccurrenceAnswer(
            answer.Customers, answer.Pairs.Length,
            [.. answer.Touchpoints.OrderByDescending(t => t.Customers).ThenBy(t => scope.Touchpoints.Name(t.Touchpoint), StringComparer.Ordinal).Select(Reach)],
            [.. answer.Pairs.Take(question.Top).Select(Pair)]);

        TouchpointReach Reach(Engine.TouchpointReach t)
        {
            var interval = Interval.Wilson(t.Customers, answer.Customers);
            return new TouchpointReach(scope.Touchpoints.Name(t.Touchpoint), t.Customers, Share(t.Customers, answer.Customers), interval.Low, interval.High);
        }

        CoOccurrence Pair(Engine.TouchpointPair pair)
        {
            var (at, with) = reach[pair.A] >= reach[pair.B] ? (pair.A, pair.B) : (pair.B, pair.A);
            var expected = Share(reach[at], answer.Customers) * Share(reach[with], answer.Customers);
            var (share, interval) = (Share(pair.Customers, answer.Customers), Interval.Wilson(pair.Customers, answer.Customers));
            return new CoOccurrence(scope.Touchpoints.Name(at), scope.Touchpoints.Name(with), pair.Customers, share, share / expected, interval.Low / expected, interval.High / expected);
        }
    }

    public Asked<CustomersAnswer> Behind(CoOccurrenceQuestion question, CoOccurrencePick pick, Paging page)
    {
        if (ScopeOf(question.Filter, out var refusal) is not { } scope) return refusal!;
        if (scope.Touchpoints.Find(pick.At) is not { } at) return Unknown("at", pick.At);
        if (scope.Touchpoints.Find(pick.With) is not { } with) return Unknown("with", pick.With);
        return Page(scope, new Engine.CoOccurrenceQuestion { TouchpointOfSignature = scope.OfSignature, Filter = scope.Filter }.Customers(scope.View, at, with), page);
    }

    private Refusal? Prepare(NeighboursQuestion question, out Scope scope, out Engine.NeighboursQuestion engine)
    {
        (scope, engine) = (default, null!);
        if (question.Steps is < 1 or > NeighboursQuestion.MostSteps) return new Refusal("steps", T("Collect.Refusal.NeighbourSteps", NeighboursQuestion.MostSteps));
        if (ScopeOf(question.Filter, out var refusal) is not { } found) return refusal;
        scope = found;
        if (found.Touchpoints.Find(question.At) is not { } at) return Unknown("at", question.At);
        engine = new Engine.NeighboursQuestion { TouchpointOfSignature = found.OfSignature, Filter = found.Filter, Touchpoint = at, Steps = question.Steps };
        return null;
    }
}
