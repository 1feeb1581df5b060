using Tangent.Collect;
using Tangent.Map;

namespace Tangent.Analyse;

/// <summary>The funnel that is shown before anybody chose one.</summary>
internal static class DefaultFunnel
{
    private const int LeastStages = 3;
    private const int MostSteps = 5;

    // The whole life cycle takes longer than the usual window of one purchase.
    private static readonly TimeSpan LifeCycleWindow = TimeSpan.FromDays(90);

    /// <summary>Along the life cycle, the touchpoint most customers were at in each stage; where the catalogue says too little, the touchpoints most customers were at, in their typical order.</summary>
    /// <returns>Null where there are no events.</returns>
    public static FunnelQuestion? Propose(JourneyStore journeys, TouchpointCatalogue catalogue, JourneyFilter filter)
    {
        if (journeys.Ask(new TouchpointsQuestion(null, filter)).Answer is not { Items.Count: > 0 } volumes) return null;
        var byReach = volumes.Items.OrderByDescending(t => t.Customers).ThenBy(t => t.Name, StringComparer.Ordinal).ToList();
        var stages = catalogue.Touchpoints.ToDictionary(t => t.Id, t => t.Stage);
        List<string> lifeCycle = [.. byReach
            .Where(t => t.Id is { } id && stages.ContainsKey(id))
            .GroupBy(t => stages[t.Id!.Value]).OrderBy(g => g.Key)
            .Select(g => g.First().Name)];
        return lifeCycle.Count >= LeastStages
            ? new FunnelQuestion(lifeCycle, LifeCycleWindow, null, filter)
            : new FunnelQuestion(InTypicalOrder(journeys, [.. byReach.Take(MostSteps).Select(t => t.Name)], filter), FunnelQuestion.DefaultWindow, null, filter);
    }

    /// <summary>By the mean position customers are there at, within the first ten positions of their journeys.</summary>
    private static List<string> InTypicalOrder(JourneyStore journeys, HashSet<string> names, JourneyFilter filter)
    {
        var nodes = journeys.Ask(new PathsQuestion(null, 10, true, 500, filter)).Answer?.Nodes ?? [];
        var positions = nodes.Where(n => names.Contains(n.Name)).GroupBy(n => n.Name).ToDictionary(
            g => g.Key, g => g.Sum(n => (double)n.Position * n.Customers) / g.Sum(n => n.Customers));
        return [.. names.OrderBy(n => positions.GetValueOrDefault(n, double.MaxValue)).ThenBy(n => n, StringComparer.Ordinal)];
    }
}
