using Tangent.Engine;

namespace Tangent.Tests.Engine;

/// <summary>Every wait in a list, and the product-limit estimate from its definition.</summary>
internal static class StalledOracle
{
    public static StalledAnswer Ask(StalledQuestion q, Model model)
    {
        var journeys = Journeys(q, model);
        var waits = journeys.SelectMany(journey => journey.Steps.Select((step, at) => at + 1 < journey.Steps.Count
            ? new Wait(step.Touchpoint, journey.Steps[at + 1].Ms - step.Ms, true)
            : new Wait(step.Touchpoint, q.AsOfMs - step.Ms, false)));
        var listed = waits.GroupBy(wait => wait.Touchpoint).Select(group => At(group.Key, [.. group], q.Quantile));
        return new StalledAnswer(journeys.Count, [.. listed.OrderByDescending(item => item.Stalled).ThenBy(item => item.Touchpoint)]);
    }

    public static int[] Customers(StalledQuestion q, Model model, ushort touchpoint, bool stalled)
    {
        var usual = Ask(q, model).Touchpoints.FirstOrDefault(item => item.Touchpoint == touchpoint)?.UsualMs;
        return [.. Journeys(q, model).Where(journey => journey.Steps[^1].Touchpoint == touchpoint)
            .Where(journey => !stalled || q.AsOfMs - journey.Steps[^1].Ms > usual).Select(journey => journey.Customer)];
    }

    private static List<ModelJourney> Journeys(StalledQuestion q, Model model) =>
        model.Journeys(q.TouchpointOfSignature, q.Filter with { ToMs = Math.Min(q.Filter.ToMs, q.AsOfMs + 1) });

    private static StalledTouchpoint At(ushort touchpoint, List<Wait> waits, double quantile)
    {
        var left = 1.0;
        List<(double Left, long Longest)> steps = [];
        foreach (var equal in waits.GroupBy(wait => Leading(wait.Ms)).OrderBy(group => group.Key))
        {
            var completed = equal.Where(wait => wait.Completed).ToList();
            if (completed.Count == 0) continue;
            left *= 1 - (double)completed.Count / waits.Count(wait => Leading(wait.Ms) >= equal.Key);
            steps.Add((left, completed.Max(wait => wait.Ms)));
        }

        long? usual = steps.Count == 0 ? null : steps.First(step => 1 - step.Left >= quantile * (1 - left) - 1e-12).Longest;
        var open = waits.Where(wait => !wait.Completed).ToList();
        var stalled = open.Where(wait => wait.Ms > usual).Select(wait => wait.Ms).Order().ToList();
        var median = stalled.Count == 0 ? 0 : (stalled[(stalled.Count - 1) / 2] + stalled[stalled.Count / 2]) / 2.0;
        return new StalledTouchpoint(touchpoint, waits.Count, waits.Count - open.Count, 1 - left, usual, open.Count, stalled.Count, median);
    }

    // The nine leading binary digits, the rest 0.
    private static long Leading(long ms)
    {
        var unit = 1L;
        while (ms / unit >= 512) unit *= 2;
        return ms / unit * unit;
    }

    private sealed record Wait(ushort Touchpoint, long Ms, bool Completed);
}
