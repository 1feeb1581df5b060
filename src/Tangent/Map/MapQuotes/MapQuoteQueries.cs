using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Tangent.Access;
using Tangent.Data;

namespace Tangent.Map;

/// <summary>A quote with its words where it is an observation.</summary>
internal sealed record WrittenQuote(MapQuote Quote, Observation? Observation);

internal sealed class MapQuoteQueries(TangentDb db, JourneyMapQueries maps, MapWatchers watchers) : IKeepsPersonalData
{
    private const int Most = 500;

    // Whom an edit is by that follows from an erasure: nobody can take it back.
    private static readonly Actor Erasure = new(ActorKind.Local, "erasure", "");

    /// <summary>Of nobody's edits to take back: n and quotes go together, and the quotes are not on the map.</summary>
    internal static Actor NotTakenBack(Actor by) => by with { Kind = ActorKind.Local, Id = "quotes" };

    public string Kind => "mapQuotes";

    public IReadOnlyList<Type> Entities => [typeof(MapQuote)];

    public bool Ages => true;

    /// <summary>What a card, and whatever cards are one with it, stand on, the latest first.</summary>
    public async Task<List<WrittenQuote>> ListAsync(int map, string card, CancellationToken ct)
    {
        var quotes = (await OfAsync(await SameAsync(map, card, ct), ct)).OrderByDescending(q => q.AtUtc).ThenBy(q => q.Id).Take(Most).ToList();
        var ids = quotes.Select(q => q.ObservationId).OfType<int>().ToList();
        var observations = await db.Set<Observation>().AsNoTracking().Where(o => ids.Contains(o.Id)).ToDictionaryAsync(o => o.Id, ct);
        return quotes.ConvertAll(q => new WrittenQuote(q, q.ObservationId is { } id ? observations.GetValueOrDefault(id) : null));
    }

    /// <summary>How many quotes each card has.</summary>
    public async Task<Dictionary<string, int>> CountsAsync(JourneyMap map, CancellationToken ct)
    {
        var counts = (await db.Set<MapQuote>().Where(q => q.MapId == map.Id).GroupBy(q => q.CardId).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(ct)).ToDictionary(g => g.Key, g => g.Count, StringComparer.Ordinal);
        if (!map.Content.Contains(SharedCards.Written, StringComparison.Ordinal)) return counts;
        var sharing = await SharingAsync(ct);
        foreach (var (here, card) in sharing.Where(s => s.Map == map.Id))
        {
            var same = sharing.Where(s => s.Card.Shared == card.Shared).Select(s => (s.Map, s.Card.Id)).ToList();
            if (same.Count > 1 && (await OfAsync(same, ct)).Count is > 0 and var count) counts[card.Id] = count;
        }

        return counts;
    }

    /// <summary>The cards that are one with a card, itself among them.</summary>
    public async Task<IReadOnlyList<(int Map, string Card)>> SameAsync(int map, string card, CancellationToken ct)
    {
        var sharing = await SharingAsync(ct);
        return sharing.Find(s => s.Map == map && s.Card.Id == card).Card is { Shared: { } shared } ? [.. sharing.Where(s => s.Card.Shared == shared).Select(s => (s.Map, s.Card.Id))] : [(map, card)];
    }

    /// <summary>What only these cards themselves stand on.</summary>
    public async Task<List<MapQuote>> OfAsync(IEnumerable<(int Map, string Card)> cards, CancellationToken ct)
    {
        List<MapQuote> found = [];
        foreach (var of in cards.GroupBy(c => c.Map, c => c.Card))
        {
            var ids = of.ToList();
            found.AddRange(await db.Set<MapQuote>().AsNoTracking().Where(q => q.MapId == of.Key && ids.Contains(q.CardId)).ToListAsync(ct));
        }

        return found;
    }

    private async Task<List<(int Map, MapCard Card)>> SharingAsync(CancellationToken ct)
    {
        var maps = await db.Set<JourneyMap>().AsNoTracking().Where(m => m.Content.Contains(SharedCards.Written)).Select(m => new { m.Id, m.Content }).ToListAsync(ct);
        return [.. maps.SelectMany(m => MapContent.Read(m.Content).Cards.Where(c => c.Shared is not null).Select(c => (m.Id, c)))];
    }

    /// <summary>Adds a customer's comment to what a card stands on; its n grows by one.</summary>
    /// <returns>Null where it was added.</returns>
    public async Task<MapRefusal?> AddAsync(MapQuote quote, Actor by, CancellationToken ct)
    {
        await using (var tx = await db.Database.BeginTransactionAsync(ct))
        {
            var standing = await OfAsync(await SameAsync(quote.MapId, quote.CardId, ct), ct);
            if (standing.Exists(q => q.Position == quote.Position)) return new MapRefusal("The card stands on this comment already.", IsConflict: true);
            var changed = await maps.ChangeAsync(quote.MapId, content => Heard(content, quote, standing), NotTakenBack(by), ct);
            if (changed is not { Refusal: null, Content: { } now } || now.Cards.All(c => c.Id != quote.CardId)) return changed?.Refusal ?? new MapRefusal("The map has no such card any more.", IsConflict: true);
            db.Add(quote);
            await db.SaveChangesAsync(ct);
            await tx.CommitAsync(ct);
        }

        await TellAsync(quote.MapId, quote.CardId, ct);
        return null;
    }

    /// <summary>Takes a quote from a card, or from what is one with it on another map; its n becomes less.</summary>
    /// <returns>False where there is none.</returns>
    public async Task<bool> RemoveAsync(int map, int id, Actor by, CancellationToken ct)
    {
        if (await db.Set<MapQuote>().AsNoTracking().FirstOrDefaultAsync(q => q.Id == id, ct) is not { } quote) return false;
        if (quote.MapId != map && (await SameAsync(quote.MapId, quote.CardId, ct)).All(s => s.Map != map)) return false;
        if (await db.Set<MapQuote>().Where(q => q.Id == id).ExecuteDeleteAsync(ct) > 0) await LessenAsync(quote, NotTakenBack(by), ct);
        return true;
    }

    /// <summary>A card stands on these, too.</summary>
    public async Task CopyAsync(IReadOnlyList<MapQuote> quotes, int map, string card, CancellationToken ct)
    {
        db.AddRange(quotes.Select(q => q.On(map, card)));
        await db.SaveChangesAsync(ct);
    }

    /// <summary>These quotes go, and no n becomes less.</summary>
    public async Task DropAsync(IReadOnlyList<MapQuote> quotes, CancellationToken ct)
    {
        foreach (var part in quotes.Select(q => q.Id).Chunk(Most)) await db.Set<MapQuote>().Where(q => part.Contains(q.Id)).ExecuteDeleteAsync(ct);
    }

    /// <summary>The card that these quotes stand on has become one with another: they go with that one's own day.</summary>
    public async Task SetDateBeforeAsync(IReadOnlyList<MapQuote> quotes, DateOnly date, CancellationToken ct)
    {
        foreach (var part in quotes.Select(q => q.Id).Chunk(Most)) await db.Set<MapQuote>().Where(q => part.Contains(q.Id)).ExecuteUpdateAsync(q => q.SetProperty(x => x.DateBefore, (DateOnly?)date), ct);
    }

    /// <summary>The quotes of observations go. Where a person's data is erased, the n of their cards becomes less; where they are only old, it was so often all the same.</summary>
    public async Task ForgetAsync(IReadOnlyList<int> observations, bool lessens, CancellationToken ct) => await ForgetAsync(await OfAsync(observations, ct), lessens, ct);

    /// <summary>No card stands on these observations any more; the n of those that did becomes less. Part of the caller's transaction, who tells of it afterwards.</summary>
    /// <returns>The maps that became others.</returns>
    public async Task<HashSet<int>> ReleaseAsync(IReadOnlyList<int> observations, Actor by, CancellationToken ct)
    {
        var changed = new HashSet<int>();
        foreach (var quote in await OfAsync(observations, ct))
            if (await db.Set<MapQuote>().Where(q => q.Id == quote.Id).ExecuteDeleteAsync(ct) > 0 && await LessenAsync(quote, NotTakenBack(by), ct) is { Map: not null }) changed.UnionWith((await SameAsync(quote.MapId, quote.CardId, ct)).Select(s => s.Map));
        return changed;
    }

    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var quote in await OfAsync(subject, ct)) yield return new JsonObject { ["at"] = quote.AtUtc, ["map"] = quote.MapId, ["card"] = quote.CardId };
    }

    public async Task EraseAsync(DataSubject subject, CancellationToken ct) => await ForgetAsync(await OfAsync(subject, ct), lessens: true, ct);

    public async Task<long> AgeOutAsync(DateTime beforeUtc, bool onlyCount, CancellationToken ct)
    {
        var old = await db.Set<MapQuote>().AsNoTracking().Where(q => q.AtUtc < beforeUtc).ToListAsync(ct);
        if (!onlyCount) await ForgetAsync(old, lessens: false, ct);
        return old.Count;
    }

    public async Task<DateTime?> OldestAsync(CancellationToken ct) => await db.Set<MapQuote>().MinAsync(q => (DateTime?)q.AtUtc, ct);

    private async Task<List<MapQuote>> OfAsync(IReadOnlyList<int> observations, CancellationToken ct)
    {
        List<MapQuote> found = [];
        foreach (var part in observations.Chunk(Most)) found.AddRange(await db.Set<MapQuote>().AsNoTracking().Where(q => q.ObservationId != null && part.Contains(q.ObservationId.Value)).ToListAsync(ct));
        return found;
    }

    private async Task<List<MapQuote>> OfAsync(DataSubject subject, CancellationToken ct)
    {
        List<MapQuote> found = [];
        foreach (var part in subject.Identifiers.Chunk(Most)) found.AddRange(await db.Set<MapQuote>().AsNoTracking().Where(q => part.Contains(q.Key)).ToListAsync(ct));
        return found;
    }

    private async Task ForgetAsync(List<MapQuote> quotes, bool lessens, CancellationToken ct)
    {
        if (quotes.Count == 0) return;
        await SecureDelete.RunAsync(db, () => DropAsync(quotes, ct), ct);
        foreach (var quote in quotes)
            if (lessens) await LessenAsync(quote, Erasure, ct);
            else watchers.Pulsed(quote.MapId);
    }

    private async Task<MapChanged?> LessenAsync(MapQuote quote, Actor by, CancellationToken ct)
    {
        var left = await OfAsync(await SameAsync(quote.MapId, quote.CardId, ct), ct);
        var changed = await maps.ChangeAsync(quote.MapId, content => Known(content, quote.CardId, e => QuotedEvidence.Without(e, [quote], left)), by, ct);
        watchers.Pulsed(quote.MapId);
        return changed;
    }

    /// <summary>The boards with a card, or with what is one with it, are told again: the edit itself spoke of its version before others could read it.</summary>
    public async Task TellAsync(int map, string card, CancellationToken ct)
    {
        foreach (var id in (await SameAsync(map, card, ct)).Select(s => s.Map).Distinct()) await TellAsync(id, ct);
    }

    /// <summary>The board of a map is told again.</summary>
    public async Task TellAsync(int map, CancellationToken ct)
    {
        if (await maps.FindAsync(map, ct) is not { } now) return;
        watchers.Changed(map, now.Version);
        watchers.Pulsed(map);
    }

    private static IReadOnlyList<MapChange> Heard(MapContent content, MapQuote quote, List<MapQuote> standing) => Known(content, quote.CardId, evidence =>
    {
        quote.DateBefore = QuotedEvidence.DateBefore(evidence, standing);
        return evidence.HeardFrom(quote.People, DateOnly.FromDateTime(quote.AtUtc));
    });

    private static IReadOnlyList<MapChange> Known(MapContent content, string card, Func<Evidence, Evidence> by) => content.Cards.FirstOrDefault(c => c.Id == card) is { } known
        ? MapChange.Between(MapPart.Card, card, known, known with { Evidence = by(known.Evidence) }) : [];
}
