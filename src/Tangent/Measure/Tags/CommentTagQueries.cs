using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Measure;

/// <param name="Tag">The tag.</param>
/// <param name="Comments">How many comments have it.</param>
public sealed record TagCount(string Tag, long Comments);

internal sealed class CommentTagQueries(TangentDb db) : IKeepsPersonalData
{
    private const int MostInAQuery = 500;
    private const int MostListed = 200;

    public string Kind => "commentTags";

    public IReadOnlyList<Type> Entities => [typeof(CommentTag)];

    public bool Ages => true;

    /// <summary>The tags of these comments.</summary>
    public async Task<ILookup<string, string>> OfAsync(IReadOnlyCollection<string> feedback, CancellationToken ct)
    {
        var found = new List<CommentTag>();
        foreach (var ids in feedback.Chunk(MostInAQuery)) found.AddRange(await db.Set<CommentTag>().AsNoTracking().Where(t => ids.Contains(t.FeedbackId)).OrderBy(t => t.Tag).ToListAsync(ct));
        return found.ToLookup(t => t.FeedbackId, t => t.Tag, StringComparer.Ordinal);
    }

    /// <summary>The tags that comments have, those of most comments first.</summary>
    public async Task<IReadOnlyList<TagCount>> AllAsync(CancellationToken ct)
    {
        var counts = await db.Set<CommentTag>().Join(db.Set<Feedback>(), t => t.FeedbackId, f => f.Id, (t, _) => t.Tag).GroupBy(t => t).Select(g => new { Tag = g.Key, Comments = g.LongCount() })
            .OrderByDescending(t => t.Comments).ThenBy(t => t.Tag).Take(MostListed).ToListAsync(ct);
        return counts.ConvertAll(t => new TagCount(t.Tag, t.Comments));
    }

    /// <summary>The comment at a position of the log; null where there is none.</summary>
    public Task<Feedback?> CommentAsync(long position, CancellationToken ct) => db.Set<Feedback>().AsNoTracking().FirstOrDefaultAsync(f => f.Position == position && f.Comment != "" && f.Refused == "", ct);

    /// <summary>Puts these tags on a comment, and takes all others off.</summary>
    public async Task SetAsync(Feedback comment, IReadOnlyList<string> tags, string by, CancellationToken ct)
    {
        var before = await db.Set<CommentTag>().Where(t => t.FeedbackId == comment.Id).ToListAsync(ct);
        db.RemoveRange(before.Where(t => !tags.Contains(t.Tag, StringComparer.Ordinal)));
        foreach (var tag in tags.Where(t => before.TrueForAll(b => b.Tag != t))) db.Add(new CommentTag { FeedbackId = comment.Id, Tag = tag, Key = comment.Key, SaidUtc = comment.AtUtc, By = by });
        await db.SaveChangesAsync(ct);
    }

    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var keys in subject.Identifiers.Chunk(MostInAQuery))
            foreach (var t in await db.Set<CommentTag>().AsNoTracking().Where(t => keys.Contains(t.Key)).OrderBy(t => t.SaidUtc).ToListAsync(ct))
                yield return new JsonObject { ["said"] = t.SaidUtc, ["tag"] = t.Tag };
    }

    public Task EraseAsync(DataSubject subject, CancellationToken ct) => SecureDelete.RunAsync(db, async () =>
    {
        foreach (var keys in subject.Identifiers.Chunk(MostInAQuery)) await db.Set<CommentTag>().Where(t => keys.Contains(t.Key)).ExecuteDeleteAsync(ct);
    }, ct);

    public async Task<long> AgeOutAsync(DateTime beforeUtc, bool onlyCount, CancellationToken ct)
    {
        var old = db.Set<CommentTag>().Where(t => t.SaidUtc < beforeUtc);
        var count = await old.LongCountAsync(ct);
        if (!onlyCount && count > 0) await SecureDelete.RunAsync(db, () => old.ExecuteDeleteAsync(ct), ct);
        return count;
    }

    public Task<DateTime?> OldestAsync(CancellationToken ct) => db.Set<CommentTag>().MinAsync(t => (DateTime?)t.SaidUtc, ct);
}
