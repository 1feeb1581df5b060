using static Tangent.Web.Texts;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    public Asked<PathsAnswer> Ask(PathsQuestion question)
    {
        if (Prepare(question, out var scope, out var engine) is { } refusal) return refusal;
        var answer = engine.Ask(scope.View);
        var names = scope.Touchpoints;
        var customers = question.Start is null ? answer.Customers
            : new Engine.TouchpointsQuestion { TouchpointOfSignature = scope.OfSignature, Filter = scope.Filter }.Ask(scope.View).Customers;
        return new PathsAnswer(customers, answer.Customers,
            [.. answer.Nodes.Select(n => new PathNode(n.Position, names.Name(n.Touchpoint), n.Customers, n.Ended))],
            [.. answer.Edges.Select(e => new PathEdge(e.Position, names.Name(e.From), names.Name(e.To), e.Customers))]);
    }

    public Asked<CustomersAnswer> Behind(PathsQuestion question, PathsPick pick, Paging page)
    {
        if (Prepare(question, out var scope, out var engine) is { } refusal) return refusal;
        if (pick.Position < 1 || pick.Position > question.Steps) return new Refusal("position", T("Collect.Refusal.Position", question.Steps));
        if (scope.Touchpoints.Find(pick.From) is not { } from) return Unknown("at", pick.From);
        var to = Engine.Code.None;
        if (pick.To is not null)
        {
            if (scope.Touchpoints.Find(pick.To) is not { } next) return Unknown("to", pick.To);
            to = next;
        }

        if (pick.Others) return Page(scope, OtherWays(engine, scope, pick.Position, from), page);
        var fate = pick.To is not null ? Engine.PathFate.WentOn : pick.Ended ? Engine.PathFate.Ended : Engine.PathFate.Any;
        return Page(scope, engine.Customers(scope.View, pick.Position, from, fate, to), page);
    }

    private Refusal? Prepare(PathsQuestion question, out Scope scope, out Engine.PathsQuestion engine)
    {
        (scope, engine) = (default, null!);
        if (question.Steps is < 2 or > 10) return new Refusal("steps", T("Collect.Refusal.Positions"));
        if (question.Edges is < 1 or > 500) return new Refusal("edges", T("Collect.Refusal.Edges"));
        if (ScopeOf(question.Filter, out var refusal) is not { } found) return refusal;
        scope = found;
        ushort[]? start = null;
        if (question.Start is { } name)
        {
            if (found.Touchpoints.Find(name) is not { } code) return Unknown("start", name);
            start = [code];
        }

        engine = new Engine.PathsQuestion
        {
            TouchpointOfSignature = found.OfSignature,
            Filter = found.Filter,
            Start = start,
            Steps = question.Steps,
            CollapseRepeats = question.Collapse,
            EdgeLimit = question.Edges,
        };
        return null;
    }
}
