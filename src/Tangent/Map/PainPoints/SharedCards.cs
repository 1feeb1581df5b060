using System.Text.Json;

namespace Tangent.Map;

/// <summary>Cards that are one, on whatever maps they stand: what is said of one of them is said of all, in the same edit.</summary>
internal static class SharedCards
{
    /// <summary>How the JSON of a map begins to say that a card is shared.</summary>
    public const string Written = "\"shared\":";

    /// <summary>The shared cards of which a change says something new, by what they share.</summary>
    public static Dictionary<string, MapCard> Said(MapContent before, MapContent after)
    {
        var was = before.Cards.Where(c => c.Shared is not null).ToDictionary(c => c.Id, StringComparer.Ordinal);
        var said = new Dictionary<string, MapCard>(StringComparer.Ordinal);
        foreach (var card in after.Cards)
            if (card.Shared is { } key && !(was.TryGetValue(card.Id, out var old) && old.Shared == key && old.Text == card.Text && old.Evidence == card.Evidence)) said[key] = card;
        return said;
    }

    /// <summary>Who takes back a removal, or that a card is one of its own, puts it back as it was then: where it stands elsewhere, it is what it is there by now.</summary>
    public static void Follow(Dictionary<string, MapCard> said, MapContent before, IEnumerable<MapContent> others)
    {
        var there = before.Cards.ToDictionary(c => c.Id, c => c.Shared, StringComparer.Ordinal);
        var elsewhere = others.SelectMany(o => o.Cards).Concat(before.Cards).Where(c => c.Shared is not null).GroupBy(c => c.Shared!, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        foreach (var (key, card) in said.ToList())
            if (there.GetValueOrDefault(card.Id) != key && elsewhere.TryGetValue(key, out var now)) said[key] = now;
    }

    /// <summary>The changes that make the cards of a map say the same.</summary>
    public static IReadOnlyList<MapChange> Changes(MapContent map, Dictionary<string, MapCard> said)
    {
        List<MapChange> changes = [];
        foreach (var card in map.Cards)
        {
            if (card.Shared is not { } key || !said.TryGetValue(key, out var now)) continue;
            if (card.Text != now.Text) changes.Add(new MapChange(MapVerb.Set, MapPart.Card, card.Id, "text", now.Text));
            if (card.Evidence != now.Evidence) changes.Add(new MapChange(MapVerb.Set, MapPart.Card, card.Id, "evidence", JsonSerializer.SerializeToNode(now.Evidence, MapContent.Json)));
        }

        return changes;
    }
}
