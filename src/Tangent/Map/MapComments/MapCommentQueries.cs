using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Map;

internal sealed class MapCommentQueries(TangentDb db, MapWatchers watchers) : IKeepsPersonalData
{
    private const int Most = 500, MostMentions = 100;

    public string Kind => "mapComments";

    public IReadOnlyList<Type> Entities => [typeof(MapComment), typeof(MapMention)];

    public bool Ages => true;

    /// <summary>The latest comments of a map, the oldest of them first.</summary>
    public Task<List<MapComment>> ListAsync(int map, CancellationToken ct) => LatestAsync(db.Set<MapComment>().Where(c => c.MapId == map), ct);

    /// <summary>The same of one step or card.</summary>
    public Task<List<MapComment>> ListAsync(int map, MapPart part, string id, CancellationToken ct) => LatestAsync(db.Set<MapComment>().Where(c => c.MapId == map && c.Part == part && c.PartId == id), ct);

    private static async Task<List<MapComment>> LatestAsync(IQueryable<MapComment> comments, CancellationToken ct)
    {
        var latest = await comments.AsNoTracking().OrderByDescending(c => c.Id).Take(Most).ToListAsync(ct);
        latest.Reverse();
        return latest;
    }

    /// <summary>How many there are of each step and card.</summary>
    public async Task<Dictionary<string, int>> CountsAsync(int map, CancellationToken ct) =>
        (await db.Set<MapComment>().Where(c => c.MapId == map).GroupBy(c => c.PartId).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(ct)).ToDictionary(g => g.Key, g => g.Count);

    public Task<MapComment?> FindAsync(int id, CancellationToken ct) => db.Set<MapComment>().AsNoTracking().FirstOrDefaultAsync(c => c.Id == id, ct);

    public async Task AddAsync(MapComment comment, IEnumerable<string> mentioned, CancellationToken ct)
    {
        await using var tx = await db.Database.BeginTransactionAsync(ct);
        db.Add(comment);
        await db.SaveChangesAsync(ct);
        db.AddRange(mentioned.Select(user => new MapMention { CommentId = comment.Id, UserId = user }));
        await db.SaveChangesAsync(ct);
        await tx.CommitAsync(ct);
        watchers.Pulsed(comment.MapId);
    }

    public async Task RemoveAsync(MapComment comment, CancellationToken ct)
    {
        await RemoveAsync([comment.Id], ct);
        watchers.Pulsed(comment.MapId);
    }

    /// <summary>What names this user, the latest first, with whether it was looked at.</summary>
    public async Task<List<(MapComment Comment, bool Seen)>> MentionsAsync(string user, CancellationToken ct)
    {
        var mentions = await db.Set<MapMention>().Where(m => m.UserId == user).Join(db.Set<MapComment>(), m => m.CommentId, c => c.Id, (m, c) => new { c, m.SeenUtc })
            .OrderByDescending(m => m.c.Id).Take(MostMentions).AsNoTracking().ToListAsync(ct);
        return mentions.ConvertAll(m => (m.c, m.SeenUtc is not null));
    }

    public Task<int> UnseenAsync(string user, CancellationToken ct) => db.Set<MapMention>().CountAsync(m => m.UserId == user && m.SeenUtc == null, ct);

    public Task SeenAsync(string user, IReadOnlyList<int> comments, CancellationToken ct)
    {
        var now = DateTime.UtcNow;
        return db.Set<MapMention>().Where(m => m.UserId == user && m.SeenUtc == null && comments.Contains(m.CommentId)).ExecuteUpdateAsync(m => m.SetProperty(x => x.SeenUtc, now), ct);
    }

    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var comment in db.Set<MapComment>().AsNoTracking().AsAsyncEnumerable().WithCancellation(ct))
            if (subject.AreNamedInProse(comment.Text)) yield return new JsonObject { ["at"] = comment.AtUtc, ["text"] = comment.Text };
    }

    public async Task EraseAsync(DataSubject subject, CancellationToken ct) =>
        await RemoveAsync([.. (await db.Set<MapComment>().AsNoTracking().Select(c => new { c.Id, c.Text }).ToListAsync(ct)).Where(c => subject.AreNamedInProse(c.Text)).Select(c => c.Id)], ct);

    public async Task<long> AgeOutAsync(DateTime beforeUtc, bool onlyCount, CancellationToken ct)
    {
        var old = await db.Set<MapComment>().Where(c => c.AtUtc < beforeUtc).Select(c => c.Id).ToListAsync(ct);
        if (!onlyCount) await RemoveAsync(old, ct);
        return old.Count;
    }

    public async Task<DateTime?> OldestAsync(CancellationToken ct) => await db.Set<MapComment>().MinAsync(c => (DateTime?)c.AtUtc, ct);

    private async Task RemoveAsync(List<int> ids, CancellationToken ct)
    {
        if (ids.Count == 0) return;
        await SecureDelete.RunAsync(db, async () =>
        {
            foreach (var part in ids.Chunk(Most))
            {
                await db.Set<MapMention>().Where(m => part.Contains(m.CommentId)).ExecuteDeleteAsync(ct);
                await db.Set<MapComment>().Where(c => part.Contains(c.Id)).ExecuteDeleteAsync(ct);
            }
        }, ct);
    }
}
