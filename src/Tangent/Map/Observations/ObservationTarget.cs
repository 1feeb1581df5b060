using System.Text.Json;

namespace Tangent.Map;

/// <summary>Where an observation is taken over to: a new card at a step of a map, or a card that says so already.</summary>
/// <param name="Map">The map.</param>
/// <param name="Step">Id of the step for a new card.</param>
/// <param name="Lane">Id of the lane for a new card; the lane of the observation's kind where left out.</param>
/// <param name="Card">Id of a card that says the same: its evidence grows.</param>
public sealed record ObservationTarget(int Map, string? Step = null, string? Lane = null, string? Card = null)
{
    /// <summary>As a form's field has it.</summary>
    public override string ToString() => Card is not null ? $"{Map}/card/{Card}" : $"{Map}/step/{Step}";

    internal static ObservationTarget? Read(string? text) => text?.Split('/') switch
    {
        [var map, "card", var card] when int.TryParse(map, out var id) => new(id, Card: card),
        [var map, "step", var step] when int.TryParse(map, out var id) => new(id, step),
        _ => null,
    };

    /// <summary>The changes of the map that take it over.</summary>
    /// <param name="content">The map.</param>
    /// <param name="observation">What was seen.</param>
    /// <param name="quotes">It and those merged with it: how many have seen it, and when last.</param>
    /// <param name="cardId">The card it comes to stand on.</param>
    /// <returns>Null where the map has no such step, lane or card.</returns>
    internal IReadOnlyList<MapChange>? Changes(MapContent content, Observation observation, IReadOnlyList<MapQuote> quotes, string cardId)
    {
        var (people, day) = (quotes.Sum(q => q.People), DateOnly.FromDateTime(quotes.Max(q => q.AtUtc)));
        if (Card is not null)
            return content.Cards.FirstOrDefault(c => c.Id == Card) is { } card ? MapChange.Between(MapPart.Card, card.Id, card, card with { Evidence = card.Evidence.HeardFrom(people, day) }) : null;
        if (content.Steps.All(s => s.Id != Step) || LaneIn(content, observation.Kind) is not { } lane) return null;
        var added = new MapCard(cardId, Step!, lane.Id, observation.Text, new Evidence(EvidenceKind.Heard, people, Date: day));
        List<MapChange> changes = content.Lanes.Contains(lane) ? [] : [new(MapVerb.Add, MapPart.Lane, Value: JsonSerializer.SerializeToNode(lane, MapContent.Json))];
        return [.. changes, new(MapVerb.Add, MapPart.Card, Value: JsonSerializer.SerializeToNode(added, MapContent.Json))];
    }

    /// <summary>The lane that was chosen, or that of the kind; a map that has none gets it.</summary>
    private MapLane? LaneIn(MapContent content, ObservationKind of)
    {
        if (!string.IsNullOrEmpty(Lane)) return content.Lanes.FirstOrDefault(l => l.Id == Lane);
        var kind = of switch { ObservationKind.PainPoint => LaneKind.PainPoints, ObservationKind.Idea => LaneKind.Opportunities, _ => LaneKind.Reacts };
        return content.Lanes.FirstOrDefault(l => l.Kind == kind) ?? new MapLane($"lane-{Guid.CreateVersion7():n}", kind);
    }
}
