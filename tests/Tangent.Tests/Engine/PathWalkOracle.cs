using Tangent.Engine;

namespace Tangent.Tests.Engine;

/// <summary>Paths with ends, visits and fates told apart, the slow and obvious way.</summary>
internal static class PathWalkOracle
{
    private sealed record Walk(int Customer, List<ushort> Steps, int First, PathFate Fate, bool Backwards)
    {
        public int FateAt => Backwards ? 0 : Steps.Count - 1;
    }

    public static PathsAnswer Paths(PathsQuestion q, Model model)
    {
        var walks = Walks(q, model);
        var nodes = new List<PathNode>();
        foreach (var group in walks.SelectMany(w => w.Steps.Select((step, i) => (Position: w.First + i + 1, Step: step, Walk: w, Fate: i == w.FateAt ? w.Fate : PathFate.Any)))
            .GroupBy(n => (n.Position, n.Step)).OrderBy(g => g.Key.Position).ThenBy(g => g.Key.Step))
        {
            long Count(PathFate fate) => group.Where(n => n.Fate == fate).Select(n => n.Walk.Customer).Distinct().Count();
            nodes.Add(new PathNode(group.Key.Position, group.Key.Step, group.Select(n => n.Walk.Customer).Distinct().Count(), Count(PathFate.Ended), Count(PathFate.Continues))
            {
                Open = Count(PathFate.Open),
                Paths = group.Count(),
            });
        }

        var edges = walks.SelectMany(w => w.Steps.Skip(1).Select((to, i) => (Position: w.First + i + 1, From: w.Steps[i], To: to, w.Customer)))
            .GroupBy(e => (e.Position, e.From, e.To))
            .Select(g => new PathEdge(g.Key.Position, g.Key.From, g.Key.To, g.Select(e => e.Customer).Distinct().Count()) { Paths = g.Count() })
            .OrderByDescending(e => e.Customers).ThenBy(e => e.Position).ThenBy(e => e.From).ThenBy(e => e.To).ToList();
        var listed = edges.Where(e => e.Customers >= q.LeastCustomers).Take(q.EdgeLimit).ToList();
        var others = edges.Except(listed).ToList();
        return new PathsAnswer(walks.Select(w => w.Customer).Distinct().Count(), [.. nodes], [.. listed],
            [.. Enumerable.Range(1, q.Steps - 1).Select(p => others.Where(e => e.Position == p).Sum(e => e.Customers))], others.Count)
        { Paths = walks.Count };
    }

    public static int[] Customers(PathsQuestion q, Model model, int position, ushort touchpoint, PathFate fate, ushort to) =>
        [.. Walks(q, model).Where(w =>
        {
            var step = position - 1 - w.First;
            if (step < 0 || step >= w.Steps.Count || w.Steps[step] != touchpoint) return false;
            return fate switch
            {
                PathFate.Any => true,
                PathFate.WentOn => step + 1 < w.Steps.Count && w.Steps[step + 1] == to,
                _ => step == w.FateAt && w.Fate == fate,
            };
        }).Select(w => w.Customer).Distinct().Order()];

    private static List<Walk> Walks(PathsQuestion q, Model model)
    {
        var whole = model.Journeys(q.TouchpointOfSignature, q.Filter with { FromMs = long.MinValue, ToMs = long.MaxValue }).ToDictionary(j => j.Customer);
        var gap = q.VisitGapMs ?? long.MaxValue;
        var walks = new List<Walk>();
        foreach (var journey in model.Journeys(q.TouchpointOfSignature, q.Filter))
        {
            var visits = new List<List<ModelStep>>();
            foreach (var step in journey.Steps)
            {
                if (visits.Count == 0 || step.Ms - visits[^1][^1].Ms > gap) visits.Add([]);
                visits[^1].Add(step);
            }

            var outside = q.OpenFromMs is null ? [] : whole[journey.Customer].Steps;
            var before = outside.LastOrDefault(s => s.Ms < q.Filter.FromMs);
            var after = outside.FirstOrDefault(s => s.Ms >= q.Filter.ToMs);
            foreach (var visit in visits)
            {
                var path = new ModelJourney(journey.Customer, visit).Collapsed(q.CollapseRepeats).ConvertAll(s => s.Touchpoint);
                var beganOutside = visit == visits[0] && before is not null && visit[0].Ms - before.Ms <= gap;
                var end = visit != visits[^1] ? PathFate.Ended
                    : after is not null ? (after.Ms - visit[^1].Ms <= gap ? PathFate.Continues : PathFate.Ended)
                    : visit[^1].Ms >= (q.OpenFromMs ?? long.MaxValue) ? PathFate.Open : PathFate.Ended;
                if (Read(q, journey.Customer, path, beganOutside, end) is { } walk) walks.Add(walk);
            }
        }

        return walks;
    }

    private static Walk? Read(PathsQuestion q, int customer, List<ushort> path, bool beganOutside, PathFate end)
    {
        if (q.Start is null && q.End is { } ends)
        {
            var at = path.FindIndex(ends.Contains);
            if (at < 0) return null;
            var upTo = path[..(at + 1)];
            var shown = upTo.TakeLast(q.Steps).ToList();
            return new Walk(customer, shown, q.Steps - shown.Count, shown.Count < upTo.Count || beganOutside ? PathFate.Continues : PathFate.Ended, true);
        }

        var from = q.Start is null ? 0 : path.FindIndex(q.Start.Contains);
        if (from < 0) return null;
        var to = q.End is null ? path.Count - 1 : path.FindIndex(from + 1, q.End.Contains);
        if (to < 0) return null;
        var way = path[from..(to + 1)];
        var first = way.Take(q.Steps).ToList();
        return new Walk(customer, first, 0, first.Count < way.Count ? PathFate.Continues : q.End is null ? end : PathFate.Any, false);
    }
}
