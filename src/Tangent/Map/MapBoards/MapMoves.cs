namespace Tangent.Map;

/// <summary>What moving a part by one place changes.</summary>
internal static class MapMoves
{
    /// <param name="content">The map.</param>
    /// <param name="part">What kind of part.</param>
    /// <param name="id">Its id.</param>
    /// <param name="back">To the left or up; otherwise to the right or down.</param>
    /// <returns>No changes where it stands at the end already.</returns>
    public static IReadOnlyList<MapChange> Of(MapContent content, MapPart part, string id, bool back)
    {
        if (part == MapPart.Step && content.Steps.FirstOrDefault(s => s.Id == id) is { } step) return OfStep(content, step, back);
        List<string> like = part switch
        {
            MapPart.Stage => [.. content.Stages.Select(s => s.Id)],
            MapPart.Lane => [.. content.Lanes.Select(l => l.Id)],
            MapPart.Card when content.Cards.FirstOrDefault(c => c.Id == id) is { } card => [.. content.Cards.Where(c => c.Step == card.Step && c.Lane == card.Lane).Select(c => c.Id)],
            _ => [],
        };
        return Within(part, like, id, back);
    }

    /// <summary>What dropping a part at a place changes.</summary>
    public static IReadOnlyList<MapChange> To(MapContent content, MapPart part, string id, MapPlaceForm place)
    {
        var before = string.IsNullOrEmpty(place.Before) ? null : place.Before;
        if (before == id) return [];
        List<MapChange> changes = [];
        void Set(string field, string was, string? now)
        {
            if (!string.IsNullOrEmpty(now) && now != was) changes.Add(new(MapVerb.Set, part, id, field, now));
        }

        if (part == MapPart.Step && content.Steps.FirstOrDefault(s => s.Id == id) is { } step) Set("stage", step.Stage, place.Stage);
        if (part == MapPart.Card && content.Cards.FirstOrDefault(c => c.Id == id) is { } card)
        {
            Set("step", card.Step, place.Step);
            Set("lane", card.Lane, place.Lane);
        }

        changes.Add(new(MapVerb.Move, part, id, Before: before));
        return changes;
    }

    private static IReadOnlyList<MapChange> OfStep(MapContent content, MapStep step, bool back)
    {
        var stage = content.Stages.ToList().FindIndex(s => s.Id == step.Stage);
        var within = Within(MapPart.Step, [.. content.StepsOf(content.Stages[stage]).Select(s => s.Id)], step.Id, back);
        var to = back ? stage - 1 : stage + 1;
        if (within.Count > 0 || to < 0 || to >= content.Stages.Count) return within;
        var first = content.StepsOf(content.Stages[to]).FirstOrDefault();
        return [new(MapVerb.Set, MapPart.Step, step.Id, "stage", content.Stages[to].Id), new(MapVerb.Move, MapPart.Step, step.Id, Before: back ? null : first?.Id)];
    }

    private static IReadOnlyList<MapChange> Within(MapPart part, List<string> like, string id, bool back)
    {
        var place = like.IndexOf(id);
        if (place < 0 || (back ? place == 0 : place == like.Count - 1)) return [];
        return [back ? new(MapVerb.Move, part, id, Before: like[place - 1]) : new(MapVerb.Move, part, id, Before: place + 2 < like.Count ? like[place + 2] : null)];
    }
}
