namespace Tangent.Map;

/// <summary>What differs between two maps at one place.</summary>
/// <param name="Kind">added, removed, changed or moved, seen from the first map.</param>
/// <param name="Stage">Name of the stage; empty where it is about the map.</param>
/// <param name="Step">Name of the step; empty where it is about the stage or the map.</param>
/// <param name="What">stage, step, touchpoint, emotion, a lane, evidence, place, personas, map (that a step opens), parent (that the map stands under), or a field of the map.</param>
/// <param name="From">What the first map has; of a place the step or stage before it.</param>
/// <param name="To">What the second one has.</param>
/// <param name="Card">Text of the card that was moved, or whose evidence or personas were changed; empty for everything else.</param>
public sealed record MapDifference(DifferenceKind Kind, string Stage, string Step, string What, string From, string To, string Card = "");

public enum DifferenceKind
{
    Added = 0,
    Removed = 1,
    Changed = 2,
    Moved = 3,
}

/// <summary>By what parts of two maps are the same ones.</summary>
internal enum MapLikeness
{
    /// <summary>Names, and where these differ the touchpoint, so that copies and files can be compared.</summary>
    Names = 0,

    /// <summary>Ids: two moments of one map.</summary>
    Ids = 1,
}

/// <summary>Compares two maps, step by step and card by card.</summary>
internal sealed class MapComparison
{
    private readonly List<MapDifference> _found = [];
    private readonly ComparedMap _first, _second;
    private readonly MapContent _from, _to;
    private readonly MapLikeness _likeness;

    private MapComparison(ComparedMap from, ComparedMap to, MapLikeness likeness) => (_first, _second, _from, _to, _likeness) = (from, to, from.Content, to.Content, likeness);

    /// <param name="from">The first map.</param>
    /// <param name="to">The second map.</param>
    /// <param name="likeness">By what their parts are the same ones.</param>
    public static IReadOnlyList<MapDifference> Of(ComparedMap from, ComparedMap to, MapLikeness likeness = MapLikeness.Names)
    {
        var comparison = new MapComparison(from, to, likeness);
        comparison.Field("", "", "description", from.Content.Description, to.Content.Description);
        comparison.Field("", "", "persona", from.Content.Persona, to.Content.Persona);
        comparison.Personas("", "", from.Personas, to.Personas);
        if (from.Parent is { } was && to.Parent is { } now) comparison.Field("", "", "parent", was, now);
        comparison.Stages();
        comparison.Lanes();
        comparison.Steps(MapPairs.Of(from.Content, to.Content, from.Touchpoint, to.Touchpoint, likeness));
        return comparison._found;
    }

    /// <summary>The steps of both maps side by side, each with what differs there.</summary>
    public static IReadOnlyList<(MapStep? From, MapStep? To, IReadOnlyList<MapDifference> Differences)> SideBySide(ComparedMap from, ComparedMap to)
    {
        var pairs = MapPairs.Of(from.Content, to.Content, from.Touchpoint, to.Touchpoint, MapLikeness.Names);
        return [.. pairs.Steps.Select(pair =>
        {
            var comparison = new MapComparison(from, to, MapLikeness.Names);
            comparison.Step(pairs, pair);
            return (pair.From, pair.To, (IReadOnlyList<MapDifference>)comparison._found);
        })];
    }

    private void Stages()
    {
        string Key(MapStage stage) => _likeness == MapLikeness.Ids ? stage.Id : stage.Name;
        foreach (var stage in _from.Stages.Where(s => _to.Stages.All(o => Key(o) != Key(s)))) Add(DifferenceKind.Removed, stage.Name, "", "stage", stage.Name, "");
        foreach (var stage in _to.Stages)
        {
            if (_from.Stages.FirstOrDefault(o => Key(o) == Key(stage)) is { } was) Field(stage.Name, "", "stage", was.Name, stage.Name);
            else Add(DifferenceKind.Added, stage.Name, "", "stage", "", stage.Name);
        }

        var (before, after) = (_from.Stages.Select(Key).ToList(), _to.Stages.Select(Key).ToList());
        foreach (var moved in MapPairs.OutOfOrder([.. after.Where(before.Contains).Select(k => before.IndexOf(k))]).Select(at => _from.Stages[at]))
        {
            var now = after.IndexOf(Key(moved));
            Add(DifferenceKind.Moved, _to.Stages[now].Name, "", "place", before.IndexOf(Key(moved)) is > 0 and var was ? _from.Stages[was - 1].Name : "", now > 0 ? _to.Stages[now - 1].Name : "");
        }
    }

    private void Lanes()
    {
        string Key(MapLane lane) => _likeness == MapLikeness.Ids ? lane.Id : MapWords.Of(lane);
        foreach (var lane in _from.Lanes.Where(l => _to.Lanes.All(o => Key(o) != Key(l)))) Add(DifferenceKind.Removed, "", "", "lane", MapWords.Of(lane), "");
        foreach (var lane in _to.Lanes)
        {
            if (_from.Lanes.FirstOrDefault(o => Key(o) == Key(lane)) is { } was) Field("", "", "lane", MapWords.Of(was), MapWords.Of(lane));
            else Add(DifferenceKind.Added, "", "", "lane", "", MapWords.Of(lane));
        }
    }

    private void Steps(MapPairs pairs)
    {
        foreach (var pair in pairs.Steps.Where(p => p.To is null)) Step(pairs, pair);
        foreach (var pair in pairs.Steps.Where(p => p.To is not null)) Step(pairs, pair);
        if (_likeness == MapLikeness.Ids) Cards();
    }

    private void Step(MapPairs pairs, (MapStep? From, MapStep? To) pair)
    {
        if (pair.To is not { } step)
        {
            Add(DifferenceKind.Removed, StageOf(_from, pair.From!), pair.From!.Name, "step", pair.From.Name, "");
            return;
        }

        var stage = StageOf(_to, step);
        if (pair.From is not { } was)
        {
            Add(DifferenceKind.Added, stage, step.Name, "step", "", step.Name);
            return;
        }

        Field(stage, step.Name, "step", was.Name, step.Name);
        if (pairs.HasOtherStage(was, step)) Add(DifferenceKind.Moved, stage, step.Name, "stage", StageOf(_from, was), stage);
        else if (pairs.Moved.Contains(step.Id)) Add(DifferenceKind.Moved, stage, step.Name, "place", MapPairs.Before(_from, was), MapPairs.Before(_to, step));
        Field(stage, step.Name, "touchpoint", _first.Touchpoint(was), _second.Touchpoint(step));
        Field(stage, step.Name, "emotion", $"{was.Emotion}", $"{step.Emotion}");
        Field(stage, step.Name, "when", was.Condition, step.Condition);
        Field(stage, step.Name, "map", _first.Inside(was), _second.Inside(step));
        if (_likeness == MapLikeness.Names || !(was.Next ?? []).SequenceEqual(step.Next ?? [])) Field(stage, step.Name, "next", Next(_from, was), Next(_to, step));
        if (_likeness == MapLikeness.Names) Cards(stage, was, step);
    }

    /// <summary>Cards of two steps: those of one text in one lane are the same.</summary>
    private void Cards(string stage, MapStep from, MapStep to)
    {
        foreach (var lane in _from.Lanes.Select(MapWords.Of).Union(_to.Lanes.Select(MapWords.Of)).Order(StringComparer.Ordinal))
        {
            var (before, after) = (In(_from, from, lane), In(_to, to, lane));
            foreach (var card in before.Where(b => after.All(a => a.Text != b.Text)).DistinctBy(c => c.Text)) Add(DifferenceKind.Removed, stage, to.Name, lane, card.Text, "");
            foreach (var card in after.DistinctBy(c => c.Text))
            {
                if (before.Find(b => b.Text == card.Text) is { } was) Proof(stage, to.Name, was, card);
                else Add(DifferenceKind.Added, stage, to.Name, lane, "", card.Text);
            }
        }
    }

    /// <summary>Cards of two moments of one map, wherever they stand.</summary>
    private void Cards()
    {
        var (steps, lanes) = (_to.Steps.ToDictionary(s => s.Id), _to.Lanes.ToDictionary(l => l.Id));
        var (stepsBefore, lanesBefore) = (_from.Steps.ToDictionary(s => s.Id), _from.Lanes.ToDictionary(l => l.Id));
        var after = _to.Cards.Select(c => c.Id).ToHashSet(StringComparer.Ordinal);
        var before = _from.Cards.ToDictionary(c => c.Id, StringComparer.Ordinal);
        // With a step that came or went its cards are told by it.
        foreach (var card in _from.Cards.Where(c => !after.Contains(c.Id) && steps.ContainsKey(c.Step)))
            Add(DifferenceKind.Removed, StageOf(_to, steps[card.Step]), steps[card.Step].Name, MapWords.Of(lanesBefore[card.Lane]), card.Text, "");
        foreach (var card in _to.Cards)
        {
            var (step, lane) = (steps[card.Step], MapWords.Of(lanes[card.Lane]));
            if (!before.TryGetValue(card.Id, out var was))
            {
                if (stepsBefore.ContainsKey(card.Step)) Add(DifferenceKind.Added, StageOf(_to, step), step.Name, lane, "", card.Text);
                continue;
            }

            Field(StageOf(_to, step), step.Name, lane, was.Text, card.Text);
            if ((was.Step, was.Lane) != (card.Step, card.Lane))
                Add(DifferenceKind.Moved, StageOf(_to, step), step.Name, "place", $"{stepsBefore[was.Step].Name}, {MapWords.Of(lanesBefore[was.Lane])}", $"{step.Name}, {lane}", card.Text);
            Proof(StageOf(_to, step), step.Name, was, card);
        }
    }

    private void Proof(string stage, string step, MapCard was, MapCard now)
    {
        if (was.Evidence != now.Evidence) Add(DifferenceKind.Changed, stage, step, "evidence", Words(was.Evidence), Words(now.Evidence), now.Text);
        Personas(stage, step, _first.About(was), _second.About(now), now.Text);
    }

    private void Personas(string stage, string step, IReadOnlyList<string> from, IReadOnlyList<string> to, string card = "")
    {
        static string Words(IReadOnlyList<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal));
        if (Words(from) is var was && Words(to) is var now && was != now) Add(DifferenceKind.Changed, stage, step, "personas", was, now, card);
    }

    private static string Words(Evidence e) => FormattableString.Invariant($"{MapWords.Of(e.Kind)} {e.Times} {(e is { Low: { } low, High: { } high } ? FormattableString.Invariant($"({low} – {high})") : "")} {e.Date:yyyy-MM-dd}").Replace("  ", " ", StringComparison.Ordinal).Trim();

    private static List<MapCard> In(MapContent map, MapStep step, string lane) => [.. map.Lanes.Where(l => MapWords.Of(l) == lane).SelectMany(l => map.CardsAt(step, l))];

    private static string Next(MapContent map, MapStep step) => string.Join(", ", (step.Next ?? []).Select(n => map.Steps.First(s => s.Id == n).Name));

    private static string StageOf(MapContent map, MapStep step) => map.Stages.First(s => s.Id == step.Stage).Name;

    private void Field(string stage, string step, string what, string from, string to)
    {
        if (from != to) Add(DifferenceKind.Changed, stage, step, what, from, to);
    }

    private void Add(DifferenceKind kind, string stage, string step, string what, string from, string to, string card = "") => _found.Add(new MapDifference(kind, stage, step, what, from, to, card));
}
