using System.Text.Json.Nodes;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tangent.Data;
using Tangent.Web;

namespace Tangent.Unify;

internal sealed class ProfileQueries(TangentDb db)
{
    private const int MostKeysInAQuery = 500;
    private const int ProfilesForNames = 200;
    private const int MostNames = 30;
    private const int MostGroups = 20;

    public async Task<Dictionary<string, Profile>> FindAsync(IEnumerable<string> keys, CancellationToken ct)
    {
        var found = new Dictionary<string, Profile>(StringComparer.Ordinal);
        foreach (var chunk in keys.Distinct(StringComparer.Ordinal).Chunk(MostKeysInAQuery))
            foreach (var profile in await db.Set<Profile>().AsNoTracking().Where(p => chunk.Contains(p.Key)).ToListAsync(ct)) found[profile.Key] = profile;
        return found;
    }

    /// <summary>Profiles in which every word of the text occurs somewhere (id, name, e-mail, phone, company), by name.</summary>
    /// <param name="text">The words.</param>
    /// <param name="skip">Profiles left out at the beginning.</param>
    /// <param name="take">Most profiles.</param>
    /// <param name="after">Name and key of the last profile that was given before.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<(int Total, List<Profile> Items)> SearchAsync(string text, int skip, int take, (string Name, string Key)? after, CancellationToken ct)
    {
        var matching = db.Set<Profile>().AsNoTracking();
        foreach (var word in FoldedText.Of(text).Split(' ', StringSplitOptions.RemoveEmptyEntries)) matching = matching.Where(p => p.Search.Contains(word));
        var total = await matching.CountAsync(ct);
#pragma warning disable CA1309 // The database compares, in the order in which it sorts.
        if (after is var (name, key)) matching = matching.Where(p => string.Compare(p.Name, name) > 0 || (p.Name == name && string.Compare(p.Key, key) > 0));
#pragma warning restore CA1309
        return (total, await matching.OrderBy(p => p.Name).ThenBy(p => p.Key).Skip(skip).Take(take).ToListAsync(ct));
    }

    /// <summary>Profiles in which this trait may occur, and some in which it does not.</summary>
    public IAsyncEnumerable<Profile> WithTraitAsync(string name)
    {
        // Traits are kept as the text this writes.
        var written = JsonSerializer.Serialize(name, TraitReading.Json) + ":";
        var matching = db.Set<Profile>().AsNoTracking();
        return (name == "company" ? matching.Where(p => p.Company != "" || p.Traits.Contains(written)) : matching.Where(p => p.Traits.Contains(written))).AsAsyncEnumerable();
    }

    /// <summary>Some profiles that have traits, to learn from what traits there are.</summary>
    public async Task<List<Profile>> SampleAsync(int size, CancellationToken ct) =>
        await db.Set<Profile>().AsNoTracking().Where(p => p.Traits != "{}").Take(size).ToListAsync(ct);

    /// <summary>Names of the traits that make groups: with few different values among some of the profiles.</summary>
    public async Task<IReadOnlyList<string>> GroupingTraitsAsync(CancellationToken ct)
    {
        var said = (await SampleAsync(ProfilesForNames, ct)).SelectMany(p => JsonNode.Parse(p.Traits)!.AsObject())
            .Select(v => (v.Key, Value: TraitReading.Simple(v.Value))).Where(v => v.Value is { Length: > 0 });
        return [.. said.GroupBy(v => v.Key, StringComparer.Ordinal).Where(g => g.Distinct().Count() <= MostGroups).Select(g => g.Key).Order(StringComparer.Ordinal).Take(MostNames)];
    }

    /// <summary>How many profiles there are, and the first of them by key.</summary>
    public async Task<(int Count, List<Profile> First)> FirstAsync(int most, CancellationToken ct) =>
        (await db.Set<Profile>().CountAsync(ct), await db.Set<Profile>().AsNoTracking().OrderBy(p => p.Key).Take(most).ToListAsync(ct));

    public async Task<long> PositionAsync(CancellationToken ct) =>
        await db.Set<Watermark>().Where(w => w.Follower == ProfileFeed.Follower).Select(w => w.Position).FirstOrDefaultAsync(ct);

    /// <summary>Deletes profiles, their bytes with them.</summary>
    public Task EraseAsync(IReadOnlyList<string> keys, CancellationToken ct) => SecureDelete.RunAsync(db, async () =>
    {
        foreach (var chunk in keys.Chunk(MostKeysInAQuery)) await db.Set<Profile>().Where(p => chunk.Contains(p.Key)).ExecuteDeleteAsync(ct);
    }, ct);

    /// <summary>Keeps profiles and the position they reach to in one transaction.</summary>
    public async Task SaveAsync(IReadOnlyCollection<Profile> profiles, long position, CancellationToken ct)
    {
        await using var tx = await db.Database.BeginTransactionAsync(ct);
        await Bulk.UpsertAsync(db, profiles, ct);
        await Bulk.UpsertAsync(db, [new Watermark { Follower = ProfileFeed.Follower, Position = position }], ct);
        await tx.CommitAsync(ct);
    }
}
