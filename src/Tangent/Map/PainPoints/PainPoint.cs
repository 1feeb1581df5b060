using System.Text.Json;
using Tangent.Access;

namespace Tangent.Map;

/// <summary>Where a card stands.</summary>
/// <param name="Map">Number of the map.</param>
/// <param name="Name">Its name.</param>
/// <param name="State">Its state.</param>
/// <param name="Step">Name of the step.</param>
/// <param name="Touchpoint">Number of the step's touchpoint; null where it has none.</param>
/// <param name="Card">Id of the card on that map.</param>
public sealed record CardPlace(int Map, string Name, MapState State, string Step, int? Touchpoint, string Card);

/// <summary>A pain point, however many maps it stands on.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Evidence">How it is known.</param>
/// <param name="Places">Where it stands.</param>
public sealed record PainPoint(string Text, Evidence Evidence, IReadOnlyList<CardPlace> Places)
{
    public int Maps => Places.Select(p => p.Map).Distinct().Count();
}

/// <param name="Places">Where else the same card stands.</param>
/// <param name="Others">Cards of such lanes that it can become one with.</param>
public sealed record SameCards(IReadOnlyList<CardPlace> Places, IReadOnlyList<(CardPlace Place, string Text)> Others);

/// <summary>Pain points of all maps: the same one on several maps is one.</summary>
internal sealed class PainPoints(JourneyMapQueries maps, MapQuoteQueries quotes)
{
    private const int MostOthers = 300;

    private sealed record Placed(CardPlace Place, MapCard Card, MapLane Lane);

    /// <summary>All of them, those on most maps first.</summary>
    public async Task<IReadOnlyList<PainPoint>> ListAsync(CancellationToken ct)
    {
        var all = (await AllAsync(ct)).Where(p => p.Lane.Kind == LaneKind.PainPoints).ToList();
        // The to-be map of a journey begins as a copy of what is: what it says still is no pain point of its own.
        // Where only the copy is one with cards elsewhere, what it was copied from is one with them, too.
        var copies = all.GroupBy(Copied).Where(g => g.Any(p => p.Place.State == MapState.AsIs))
            .ToDictionary(g => g.Key, g => Key(g.OrderBy(p => p.Card.Shared is null).ThenBy(p => p.Place.State).First()));
        return [.. all.OrderBy(p => p.Place.State).GroupBy(p => p.Card.Shared ?? copies.GetValueOrDefault(Copied(p), Key(p)), StringComparer.Ordinal)
            .Select(g => new PainPoint(g.First().Card.Text, g.First().Card.Evidence, [.. g.Select(p => p.Place)])).OrderByDescending(p => p.Maps).ThenByDescending(p => p.Evidence.Times ?? 0).ThenBy(p => p.Text, StringComparer.CurrentCulture)];

        static (string Journey, string Card, string Text) Copied(Placed p) => (p.Place.Name.ToUpperInvariant(), p.Card.Id, p.Card.Text);

        static string Key(Placed p) => p.Card.Shared ?? $"{p.Place.Map}/{p.Card.Id}";
    }

    /// <returns>Null where the map has no such card.</returns>
    public async Task<SameCards?> OfAsync(int map, string card, CancellationToken ct)
    {
        var all = await AllAsync(ct);
        if (all.Find(p => p.Place.Map == map && p.Card.Id == card) is not { } one) return null;
        bool IsSame(Placed other) => one.Card.Shared is { } shared && other.Card.Shared == shared;
        return new SameCards(
            [.. all.Where(p => p != one && IsSame(p)).Select(p => p.Place)],
            [.. all.Where(p => p != one && !IsSame(p) && p.Lane.Kind == one.Lane.Kind && p.Lane.Name == one.Lane.Name).Take(MostOthers).Select(p => (p.Place, p.Card.Text))]);
    }

    /// <summary>Makes a card one with another: it says what that one says, stands on the quotes of both, and whoever changes one of them changes both.</summary>
    /// <returns>Why it was not done.</returns>
    public async Task<MapRefusal?> JoinAsync(int map, string card, int withMap, string withCard, Actor by, CancellationToken ct)
    {
        if (await CardAsync(withMap, withCard, ct) is not { } found) return NoCard(withMap, withCard);
        if ((map, card) == (withMap, withCard)) return new MapRefusal("A card is one with itself already.");
        if (found.Shared is not null && (await quotes.SameAsync(map, card, ct)).Contains((withMap, withCard))) return null;
        return await AtOnceAsync(async () =>
        {
            if ((await quotes.SameAsync(map, card, ct)).Count > 1 && await LeaveAsync(map, card, by, ct) is { } left) return left;
            // Read anew: from here on nobody else writes.
            if (await CardAsync(withMap, withCard, ct) is not { } said) return NoCard(withMap, withCard);
            var own = await quotes.OfAsync([(map, card)], ct);
            var theirs = await quotes.OfAsync(await quotes.SameAsync(withMap, withCard, ct), ct);
            var known = theirs.Select(q => (q.ObservationId, q.Position)).ToHashSet();
            var (twice, news) = (own.FindAll(q => known.Contains((q.ObservationId, q.Position))), own.FindAll(q => !known.Contains((q.ObservationId, q.Position))));
            await quotes.DropAsync(twice, ct);
            await quotes.SetDateBeforeAsync(news, QuotedEvidence.DateBefore(said.Evidence, theirs), ct);
            var evidence = news.Count == 0 ? said.Evidence : said.Evidence.HeardFrom(news.Sum(q => q.People), DateOnly.FromDateTime(news.Max(q => q.AtUtc)));
            var whose = Whose(by, own.Count + theirs.Count > 0);
            var shared = said.Shared ?? $"card-{Guid.CreateVersion7():n}";
            if (said.Shared is null && (await maps.ChangeAsync(withMap, _ => [Set(withCard, "shared", shared)], whose, ct))?.Refusal is { } refusal) return refusal;
            // Nobody claims anything: what the other card says stands already, however it came there.
            var changed = await maps.ChangeAsync(map, _ => [Set(card, "text", said.Text), Set(card, "evidence", evidence), Set(card, "shared", shared)], whose, ct);
            return changed is null ? new MapRefusal($"There is no journey map {map}.") : changed.Refusal;
        }, (await quotes.SameAsync(map, card, ct)).Concat(await quotes.SameAsync(withMap, withCard, ct)).Select(s => s.Map), ct);
    }

    /// <summary>Makes a card one of its own again: it, and those it was one with, go on saying what they say, on the quotes that they stood on together.</summary>
    public async Task<MapRefusal?> SeparateAsync(int map, string card, Actor by, CancellationToken ct) =>
        await AtOnceAsync(() => LeaveAsync(map, card, by, ct), (await quotes.SameAsync(map, card, ct)).Select(s => s.Map), ct);

    private async Task<MapRefusal?> LeaveAsync(int map, string card, Actor by, CancellationToken ct)
    {
        var others = (await quotes.SameAsync(map, card, ct)).Where(p => p != (map, card)).ToList();
        var (own, rest) = (await quotes.OfAsync([(map, card)], ct), await quotes.OfAsync(others, ct));
        var changed = await maps.ChangeAsync(map, [new MapChange(MapVerb.Set, MapPart.Card, card, "shared")], Whose(by, own.Count + rest.Count > 0), ct);
        if (changed is null) return new MapRefusal($"There is no journey map {map}.");
        if (changed.Refusal is { } refusal) return refusal;
        await quotes.CopyAsync(rest, map, card, ct);
        if (others is [var (otherMap, otherCard), ..]) await quotes.CopyAsync(own, otherMap, otherCard, ct);
        return null;
    }

    private Task<MapRefusal?> AtOnceAsync(Func<Task<MapRefusal?>> edits, IEnumerable<int> told, CancellationToken ct) => maps.TogetherAsync(async () => await edits() is { } refusal ? (refusal, false) : ((MapRefusal?)null, true), told, ct);

    private async Task<MapCard?> CardAsync(int map, string card, CancellationToken ct) => await maps.FindAsync(map, ct) is { } found ? MapContent.Read(found.Content).Cards.FirstOrDefault(c => c.Id == card) : null;

    private static MapRefusal NoCard(int map, string card) => new($"There is no card '{card}' on the map {map}.");

    /// <summary>Where cards stand on quotes, nobody takes back that they are one, or two: the quotes stay where they are.</summary>
    private static Actor Whose(Actor by, bool haveQuotes) => haveQuotes ? MapQuoteQueries.NotTakenBack(by) : by;

    private static MapChange Set<T>(string card, string field, T value) => new(MapVerb.Set, MapPart.Card, card, field, JsonSerializer.SerializeToNode(value, MapContent.Json));

    private async Task<List<Placed>> AllAsync(CancellationToken ct)
    {
        List<Placed> all = [];
        foreach (var map in await maps.ListAsync(ct))
        {
            var content = MapContent.Read(map.Content);
            var (steps, lanes) = (content.Steps.ToDictionary(s => s.Id, StringComparer.Ordinal), content.Lanes.ToDictionary(l => l.Id, StringComparer.Ordinal));
            all.AddRange(content.Cards.Select(c => new Placed(new CardPlace(map.Id, map.Name, map.State, steps[c.Step].Name, steps[c.Step].Touchpoint, c.Id), c, lanes[c.Lane])));
        }

        return all;
    }
}
