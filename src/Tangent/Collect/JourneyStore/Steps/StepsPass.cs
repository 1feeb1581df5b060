namespace Tangent.Collect;

/// <summary>What one pass over the journeys counts of a map with more steps than it tells apart.</summary>
/// <param name="Own">Places of the steps that are counted.</param>
/// <param name="Others">The other steps: those that may follow the same of the counted ones need not be told apart and stand together.</param>
internal sealed record StepsPass(IReadOnlyList<int> Own, IReadOnlyList<IReadOnlyList<int>> Others)
{
    /// <summary>As few passes as the order of the steps allows; one where there are no more steps than a pass tells apart.</summary>
    public static IReadOnlyList<StepsPass> Of(IReadOnlyList<MappedStep> steps)
    {
        List<HashSet<int>> following = [.. steps.Select(s => s.Following.ToHashSet())];
        List<StepsPass> passes = [Largest(following, 0)];
        for (var from = passes[0].Own.Count; from < steps.Count; from += passes[^1].Own.Count) passes.Add(Largest(following, from));
        return passes;
    }

    private static StepsPass Largest(List<HashSet<int>> following, int from)
    {
        for (var count = Math.Min(Engine.StepsQuestion.MostSteps, following.Count - from); ; count--)
        {
            int[] own = [.. Enumerable.Range(from, count)];
            var others = Enumerable.Range(0, following.Count).Except(own)
                .GroupBy(other => own.Aggregate(0UL, (mask, place) => mask | (following[place].Contains(other) ? 1UL << (place - from) : 0UL))).Select(g => (IReadOnlyList<int>)[.. g]).ToList();
            if (count + others.Count <= Engine.StepsQuestion.MostSteps) return new StepsPass(own, others);
        }
    }
}
