using Tangent.Engine;
using static Tangent.Web.Texts;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    public Asked<PathsAnswer> Ask(PathsQuestion question)
    {
        if (Prepare(question, out var scope, out var names, out var engine) is { } refusal) return refusal;
        var answer = engine.Ask(scope.View);
        var customers = question is { Start: null, End: null } ? answer.Customers
            : new Engine.TouchpointsQuestion { TouchpointOfSignature = scope.OfSignature, Filter = scope.Filter }.Ask(scope.View).Customers;
        return new PathsAnswer(customers, answer.Paths,
            [.. answer.Nodes.Select(n => new PathNode(n.Position, names.Name(n.Touchpoint), n.Customers, n.Ended, n.Open, n.Continues, n.Paths))],
            [.. answer.Edges.Select(e => new PathEdge(e.Position, names.Name(e.From), names.Name(e.To), e.Customers, e.Paths))], answer.OtherEdges);
    }

    public Asked<CustomersAnswer> Behind(PathsQuestion question, PathsPick pick, Paging page)
    {
        if (Prepare(question, out var scope, out var names, out var engine) is { } refusal) return refusal;
        if (pick.Position < 1 || pick.Position > question.Steps) return new Refusal("position", T("Collect.Refusal.Position", question.Steps));
        if (names.Find(pick.From) is not { } from) return Unknown("at", pick.From);
        var to = Code.None;
        if (pick.To is not null)
        {
            if (names.Find(pick.To) is not { } next) return Unknown("next", pick.To);
            to = next;
        }

        if (pick is { To: null, Fate: PathFate.Others }) return Page(scope, OtherWays(engine, scope, pick.Position, from), page);
        var fate = pick switch
        {
            { To: not null } => Engine.PathFate.WentOn,
            { Fate: PathFate.Ended } => Engine.PathFate.Ended,
            { Fate: PathFate.Open } => Engine.PathFate.Open,
            { Fate: PathFate.Left } => Engine.PathFate.Continues,
            _ => Engine.PathFate.Any,
        };
        return Page(scope, engine.Customers(scope.View, pick.Position, from, fate, to), page);
    }

    private Refusal? Prepare(PathsQuestion question, out Scope scope, out NodeNames names, out Engine.PathsQuestion engine)
    {
        (scope, names, engine) = (default, null!, null!);
        if (question.Steps is < 2 or > 10) return new Refusal("steps", T("Collect.Refusal.Positions"));
        if (question.Edges is < 1 or > 500) return new Refusal("edges", T("Collect.Refusal.Edges"));
        if (ScopeOf(question.Filter, out var refusal) is not { } found) return refusal;
        if (NodeNames.Of(found.Touchpoints, question.Groups, out refusal) is not { } labels) return refusal;
        (scope, names) = (found, labels);
        ushort? start = null, end = null;
        if (question.Start is { } first && (start = labels.Find(first)) is null) return Unknown("start", first);
        if (question.End is { } last && (end = labels.Find(last)) is null) return Unknown("end", last);

        engine = new Engine.PathsQuestion
        {
            TouchpointOfSignature = labels.OfSignature,
            IsPassing = labels.IsPassing,
            Filter = found.Filter,
            Start = start is { } from ? [from] : null,
            End = end is { } to ? [to] : null,
            VisitGapMs = question.Visits ? (long)PathsQuestion.VisitGap.TotalMilliseconds : null,
            // How long a journey has been silent is seen from the latest event of all: what is not known yet is no silence.
            OpenFromMs = (LatestMs(All()) ?? 0) - (long)(question.Visits ? PathsQuestion.VisitGap : question.Silence).TotalMilliseconds,
            LeastCustomers = question.Least,
            Steps = question.Steps,
            CollapseRepeats = question.Collapse,
            EdgeLimit = question.Edges,
        };
        return null;
    }
}
