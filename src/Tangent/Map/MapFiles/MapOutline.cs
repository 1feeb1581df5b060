namespace Tangent.Map;

/// <summary>A map after a file that says only its stages, its steps, their order and emotions: touchpoints, conditions, branches, lanes and cards stay as the map has them.</summary>
internal static class MapOutline
{
    /// <param name="own">The map.</param>
    /// <param name="file">What the file says, with ids by place.</param>
    /// <param name="actors">Who takes part in which of its steps.</param>
    public static MapContent Over(MapContent own, MapContent file, IReadOnlyList<(string Step, string Name)> actors)
    {
        var stages = MapRestoring.Alike(own.Stages, file.Stages, s => s.Id, s => s.Name);
        var was = SameSteps(own, file);
        var ids = file.Steps.ToDictionary(s => s.Id, s => was.TryGetValue(s.Id, out var there) ? there.Id : MapRestoring.New("step"), StringComparer.Ordinal);
        var kept = was.Values.Select(s => s.Id).ToHashSet(StringComparer.Ordinal);
        var map = own with
        {
            Stages = [.. file.Stages.Select(s => s with { Id = stages[s.Id] })],
            Steps = [.. file.Steps.Select(s => (was.TryGetValue(s.Id, out var there) ? there with { Name = s.Name, Emotion = s.Emotion ?? there.Emotion, Next = Among(there.Next, kept) } : s) with { Id = ids[s.Id], Stage = stages[s.Stage] })],
            Cards = [.. own.Cards.Where(c => kept.Contains(c.Step))],
        };
        return own.Lanes.Concat(file.Lanes).Any(l => l.Name == MapMermaid.Actors) ? WithActors(map, actors, ids) : map;
    }

    private static IReadOnlyList<string>? Among(IReadOnlyList<string>? next, HashSet<string> kept) =>
        next is null || next.All(kept.Contains) ? next : next.Where(kept.Contains).ToList() is { Count: > 0 } some ? some : null;

    /// <summary>Steps of one name are the same. Those of other names are the same where as many of them stand between the same two steps: they were renamed.</summary>
    private static Dictionary<string, MapStep> SameSteps(MapContent own, MapContent file)
    {
        var same = new Dictionary<string, MapStep>(StringComparer.Ordinal);
        List<MapStep> gone = [], come = [];
        foreach (var (from, to) in MapPairs.Of(own, file, _ => "", _ => "", MapLikeness.Names).Steps.Append((null, null)))
        {
            if (from is not null && to is null) gone.Add(from);
            if (from is null && to is not null) come.Add(to);
            if (from is null != to is null) continue;
            if (gone.Count == come.Count)
                foreach (var (before, after) in gone.Zip(come)) same[after.Id] = before;
            gone.Clear();
            come.Clear();
            if (to is not null) same[to.Id] = from!;
        }

        return same;
    }

    /// <summary>Who takes part is what the file says; a card that says so already stays.</summary>
    private static MapContent WithActors(MapContent map, IReadOnlyList<(string Step, string Name)> actors, Dictionary<string, string> ids)
    {
        var own = map.Lanes.FirstOrDefault(l => l.Name == MapMermaid.Actors);
        var (lane, usual) = (own ?? new MapLane(MapRestoring.New("lane"), LaneKind.Free, MapMermaid.Actors), map.Persona.Length > 0 ? map.Persona : MapMermaid.Everybody);
        List<MapCard> free = [.. map.Cards.Where(c => c.Lane == lane.Id)], said = [];
        // Without the lane, each task names only whose journey it is.
        foreach (var (step, name) in actors.Where(a => own is not null || a.Name != usual))
        {
            var there = free.Find(c => c.Step == ids[step] && MapMermaid.OneLine(c.Text) == name);
            if (there is not null) free.Remove(there);
            said.Add(there ?? new MapCard(MapRestoring.New("card"), ids[step], lane.Id, name, new Evidence()));
        }

        return map with { Lanes = own is null && said.Count > 0 ? [.. map.Lanes, lane] : map.Lanes, Cards = [.. map.Cards.Where(c => c.Lane != lane.Id), .. said] };
    }
}
