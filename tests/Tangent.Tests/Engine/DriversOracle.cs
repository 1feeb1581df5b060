using Tangent.Engine;

namespace Tangent.Tests.Engine;

/// <summary>Slow, obvious rows of outcomes and the experiences before them.</summary>
internal static class DriversOracle
{
    private const long ThirtyDaysMs = 30L * 24 * 60 * 60 * 1000;

    /// <summary>Each row in words: whose, what came out, what was lived through.</summary>
    public static string[] Rows(DriversQuestion q, Model model) =>
        [.. Judged(q, model).Where(r => !double.IsNaN(r.Outcome)).Select(r => $"{r.Customer} {r.Outcome}: {string.Join(", ", r.Lived.Order(StringComparer.Ordinal))}")];

    public static int Open(DriversQuestion q, Model model) => Judged(q, model).Count(r => double.IsNaN(r.Outcome));

    public static int[] Customers(DriversQuestion q, Model model, string? experience, bool had) =>
        [.. Judged(q, model).Where(r => !double.IsNaN(r.Outcome) && (experience is null || r.Lived.Contains(experience) == had)).Select(r => r.Customer).Distinct()];

    /// <summary>The same rows of an answer.</summary>
    public static string[] Rows(DriversAnswer answer) =>
        [.. answer.Outcomes.Select((outcome, row) => $"{answer.Customers[row]} {outcome}: {string.Join(", ", answer.Lived[answer.Starts[row]..answer.Starts[row + 1]].Select(e => Name(answer.Experiences[e])).Order(StringComparer.Ordinal))}")];

    public static string Name(Experience e) => $"{e.Kind} at {e.Touchpoint} column {e.Column} value {e.Value}";

    private static IEnumerable<(int Customer, double Outcome, HashSet<string> Lived)> Judged(DriversQuestion q, Model model)
    {
        var journeys = model.Journeys(q.TouchpointOfSignature, q.Filter);
        var known = Known(q, journeys);
        foreach (var journey in journeys)
        {
            for (var at = 0; at < journey.Steps.Count; at++)
            {
                var step = journey.Steps[at];
                if (!RuleOracles.Means(q.At, step) || Outcome(q, journey, at) is not { } outcome) continue;
                var before = journey.Steps.Take(q.Score is null ? at + 1 : at).Where(s => s.Ms >= step.Ms - q.WindowMs && !RuleOracles.Means(q.Apart, s)).ToList();
                var lived = before.GroupBy(s => s.Touchpoint).SelectMany(g => g.Count() > 1 ? new[] { $"Reached at {g.Key}", $"Again at {g.Key}" } : [$"Reached at {g.Key}"]).Select(n => n + " column -1 value -1")
                    .Concat(before.Where(s => known.Waits.TryGetValue(s.Touchpoint, out var wait) && Waited(q, journey, s, wait.Since) > wait.BeyondMs).Select(s => $"Late at {s.Touchpoint} column -1 value -1"))
                    .Concat(before.SelectMany(s => q.Columns.SelectMany(c => new[] { s.Touchpoint, Code.None }.Select(t => $"With at {t} column {c.Column} value {s.Source.Properties[c.Column]}"))));
                yield return (journey.Customer, outcome, [.. lived.Where(known.Names.Contains)]);
            }
        }
    }

    private static double? Outcome(DriversQuestion q, ModelJourney journey, int at)
    {
        var step = journey.Steps[at];
        if (q.Score is { } score) return step.Source.Properties[score.Column] is var code && code < score.OfCode.Length && double.IsFinite(score.OfCode[code]) ? score.OfCode[code] : null;
        if (step.Ms + q.GoalMs > q.EndMs) return double.NaN;
        return journey.Steps.Skip(at + 1).Any(s => s.Ms <= step.Ms + q.GoalMs && RuleOracles.Means(q.Goals, s)) ? 1 : 0;
    }

    /// <summary>Which experiences are worth telling, and which waits are long.</summary>
    private static (HashSet<string> Names, Dictionary<ushort, (ushort Since, double BeyondMs)> Waits) Known(DriversQuestion q, List<ModelJourney> journeys)
    {
        var all = journeys.SelectMany(j => j.Steps.Where(s => !RuleOracles.Means(q.Apart, s)).Select(s => (Journey: j, Step: s))).ToList();
        var waits = new Dictionary<ushort, (ushort, double)>();
        var names = new HashSet<string>();
        foreach (var at in all.GroupBy(x => x.Step.Touchpoint).Where(g => g.Count() >= 30))
        {
            names.UnionWith([$"Reached at {at.Key} column -1 value -1", $"Again at {at.Key} column -1 value -1"]);
            var since = all.Select(x => x.Step.Touchpoint).Distinct().Order().Where(t => t != at.Key)
                .Select(t => (Touchpoint: t, Times: at.Select(x => Waited(q, x.Journey, x.Step, t)).Where(ms => ms <= ThirtyDaysMs).OfType<long>().ToList()))
                .Where(x => x.Times.Count >= 0.95 * at.Count()).OrderBy(x => x.Times.Average()).ThenBy(x => x.Touchpoint).FirstOrDefault();
            if (since.Times is null) continue;
            var times = at.Select(x => Waited(q, x.Journey, x.Step, since.Touchpoint)).OfType<long>().Order().Select(ms => (double)ms).ToList();
            var (lower, upper) = (Quantile(times, 0.25), Quantile(times, 0.75));
            waits[at.Key] = (since.Touchpoint, Math.Truncate(upper + (1.5 * (upper - lower))));
            names.Add($"Late at {at.Key} column -1 value -1");
        }

        foreach (var column in q.Columns)
        {
            var said = all.Where(x => x.Step.Source.Properties[column.Column] is var code && code >= column.First && code < column.Values).ToList();
            var groups = said.Count >= 0.95 * all.Count ? said.GroupBy(_ => Code.None) : said.GroupBy(x => x.Step.Touchpoint);
            foreach (var at in groups)
                names.UnionWith(at.GroupBy(x => x.Step.Source.Properties[column.Column]).Where(v => v.Count() >= 30).OrderByDescending(v => v.Count()).ThenBy(v => v.Key).Skip(1)
                    .Select(v => $"With at {at.Key} column {column.Column} value {v.Key}"));
        }

        return (names, waits);
    }

    /// <summary>Since the last event at a touchpoint before; null without one.</summary>
    private static long? Waited(DriversQuestion q, ModelJourney journey, ModelStep step, ushort since) =>
        journey.Steps.TakeWhile(s => s != step).LastOrDefault(s => s.Touchpoint == since && !RuleOracles.Means(q.Apart, s)) is { } before ? step.Ms - before.Ms : null;

    private static double Quantile(List<double> sorted, double q)
    {
        var rank = q * (sorted.Count - 1);
        var lower = (int)rank;
        return lower + 1 < sorted.Count ? sorted[lower] + ((rank - lower) * (sorted[lower + 1] - sorted[lower])) : sorted[lower];
    }
}
