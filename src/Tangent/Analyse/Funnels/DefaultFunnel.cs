using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;

namespace Tangent.Analyse;

/// <summary>The funnel that is shown before anybody chose one.</summary>
internal static class DefaultFunnel
{
    private const int LeastSteps = 3;
    private const int MostSteps = 5;

    /// <summary>The way to the purchase: the touchpoint most customers were at in awareness and in consideration, then those of conversion in their typical order; where the catalogue says too little, the steps of the most frequent variant.</summary>
    /// <returns>Null where there are no events.</returns>
    public static FunnelQuestion? Propose(JourneyStore journeys, TouchpointCatalogue catalogue, JourneyFilter filter)
    {
        if (journeys.Ask(new TouchpointsQuestion(null, filter)).Answer is not { Items.Count: > 0 } volumes) return null;
        var stages = catalogue.Touchpoints.ToDictionary(t => t.Id, t => t.Stage);
        var byReach = volumes.Items.Where(t => t.Id is { } id && stages.ContainsKey(id))
            .OrderByDescending(t => t.Customers).ThenBy(t => t.Name, StringComparer.Ordinal).ToLookup(t => stages[t.Id!.Value], t => t.Name);
        List<string> steps = [.. byReach[LifeCycleStage.Awareness].Take(1), .. byReach[LifeCycleStage.Consideration].Take(1)];
        steps.AddRange(InTypicalOrder(journeys, [.. byReach[LifeCycleStage.Conversion].Take(MostSteps - steps.Count)], filter));
        if (steps.Count < LeastSteps) steps = OfTheMostFrequentVariant(journeys, filter, volumes);
        return new FunnelQuestion(steps, FunnelQuestion.DefaultWindow, null, filter);
    }

    /// <summary>The different steps of the most frequent variant that has enough of them; of many, the first, the last and those most customers were at.</summary>
    private static List<string> OfTheMostFrequentVariant(JourneyStore journeys, JourneyFilter filter, TouchpointsAnswer volumes)
    {
        var variants = journeys.Ask(new VariantsQuestion(true, 200, filter) { OnlySequences = true }).Answer?.Items ?? [];
        var steps = variants.Select(v => v.Steps.Distinct().ToList()).FirstOrDefault(s => s.Count >= LeastSteps)
            ?? [.. volumes.Items.OrderByDescending(t => t.Customers).Take(MostSteps).Select(t => t.Name)];
        if (steps.Count <= MostSteps) return steps;
        var reach = volumes.Items.ToDictionary(t => t.Name, t => t.Customers);
        var between = steps[1..^1].OrderByDescending(reach.GetValueOrDefault).Take(MostSteps - 2).ToHashSet(StringComparer.Ordinal);
        return [.. steps.Where((s, i) => i == 0 || i == steps.Count - 1 || between.Contains(s))];
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
