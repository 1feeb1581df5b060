namespace Tangent.Map;

/// <summary>What differs between two maps at one place.</summary>
/// <param name="Kind">added, removed or changed, seen from the first map.</param>
/// <param name="Stage">Name of the stage; empty where it is about the map.</param>
/// <param name="Step">Name of the step; empty where it is about the stage or the map.</param>
/// <param name="What">stage, step, touchpoint, emotion, a lane, or a field of the map.</param>
/// <param name="From">What the first map has.</param>
/// <param name="To">What the second one has.</param>
public sealed record MapDifference(DifferenceKind Kind, string Stage, string Step, string What, string From, string To);

public enum DifferenceKind
{
    Added = 0,
    Removed = 1,
    Changed = 2,
}

/// <summary>Compares two maps by the names of their stages and steps, so that copies and files can be compared.</summary>
internal sealed class MapComparison
{
    private readonly List<MapDifference> _found = [];
    private readonly Func<MapStep, string> _was, _is;

    private MapComparison(Func<MapStep, string> was, Func<MapStep, string> @is) => (_was, _is) = (was, @is);

    /// <param name="from">The first map.</param>
    /// <param name="to">The second map.</param>
    /// <param name="was">Name of the touchpoint of a step of the first map; empty for none.</param>
    /// <param name="is">Of a step of the second one.</param>
    public static IReadOnlyList<MapDifference> Of(MapContent from, MapContent to, Func<MapStep, string> was, Func<MapStep, string> @is)
    {
        var comparison = new MapComparison(was, @is);
        comparison.Field("", "", "description", from.Description, to.Description);
        comparison.Field("", "", "persona", from.Persona, to.Persona);
        comparison.Stages(from, to);
        comparison.Steps(from, to);
        return comparison._found;
    }

    private void Stages(MapContent from, MapContent to)
    {
        foreach (var stage in from.Stages.Where(s => to.Stages.All(o => o.Name != s.Name))) Add(DifferenceKind.Removed, stage.Name, "", "stage", stage.Name, "");
        foreach (var stage in to.Stages.Where(s => from.Stages.All(o => o.Name != s.Name))) Add(DifferenceKind.Added, stage.Name, "", "stage", "", stage.Name);
    }

    private void Steps(MapContent from, MapContent to)
    {
        var (before, after) = (Named(from), Named(to));
        foreach (var (name, step) in before.Where(s => !after.ContainsKey(s.Key))) Add(DifferenceKind.Removed, StageOf(from, step), step.Name, "step", step.Name, "");
        foreach (var (name, step) in after)
        {
            if (!before.TryGetValue(name, out var was))
            {
                Add(DifferenceKind.Added, StageOf(to, step), step.Name, "step", "", step.Name);
                continue;
            }

            var stage = StageOf(to, step);
            Field(stage, step.Name, "stage", StageOf(from, was), stage);
            Field(stage, step.Name, "touchpoint", _was(was), _is(step));
            Field(stage, step.Name, "emotion", $"{was.Emotion}", $"{step.Emotion}");
            Field(stage, step.Name, "when", was.Condition, step.Condition);
            Field(stage, step.Name, "next", Next(from, was), Next(to, step));
            Cards(stage, (from, was), (to, step));
        }
    }

    private void Cards(string stage, (MapContent Map, MapStep Step) from, (MapContent Map, MapStep Step) to)
    {
        foreach (var lane in from.Map.Lanes.Select(MapWords.Of).Union(to.Map.Lanes.Select(MapWords.Of)).Order(StringComparer.Ordinal))
        {
            var (before, after) = (In(from, lane), In(to, lane));
            foreach (var text in before.Except(after)) Add(DifferenceKind.Removed, stage, to.Step.Name, lane, text, "");
            foreach (var text in after.Except(before)) Add(DifferenceKind.Added, stage, to.Step.Name, lane, "", text);
        }
    }

    private static List<string> In((MapContent Map, MapStep Step) at, string lane) => [.. at.Map.Lanes.Where(l => MapWords.Of(l) == lane).SelectMany(l => at.Map.CardsAt(at.Step, l)).Select(c => c.Text)];

    private static string Next(MapContent map, MapStep step) => string.Join(", ", (step.Next ?? []).Select(n => map.Steps.First(s => s.Id == n).Name));

    private static string StageOf(MapContent map, MapStep step) => map.Stages.First(s => s.Id == step.Stage).Name;

    /// <summary>Steps by name; the second of one name is another step.</summary>
    private static Dictionary<(string, int), MapStep> Named(MapContent map) =>
        map.Steps.GroupBy(s => s.Name).SelectMany(g => g.Select((s, i) => ((g.Key, i), s))).ToDictionary(s => s.Item1, s => s.s);

    private void Field(string stage, string step, string what, string from, string to)
    {
        if (from != to) Add(DifferenceKind.Changed, stage, step, what, from, to);
    }

    private void Add(DifferenceKind kind, string stage, string step, string what, string from, string to) => _found.Add(new MapDifference(kind, stage, step, what, from, to));
}
