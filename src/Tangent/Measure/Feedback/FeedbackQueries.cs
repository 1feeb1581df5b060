using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Tangent.Collect;
using Tangent.Data;

namespace Tangent.Measure;

/// <summary>Which comments are wanted.</summary>
/// <param name="Touchpoints">What was asked about, as it was said: any of these; null: all.</param>
/// <param name="Least">Lowest score, null: any, also none.</param>
/// <param name="Search">Words, each of which occurs.</param>
internal sealed record CommentFilter(
    DateTime? FromUtc, DateTime? BeforeUtc, Metric? Metric, IReadOnlyList<string>? Touchpoints, IReadOnlyList<string>? Events, int? Least, int? Most, string? Language, IReadOnlyList<string> Search, string? Tag = null);

/// <summary>What a comment is found by.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Position">Where in the log it stands.</param>
/// <param name="Key">Whose it is.</param>
/// <param name="Place">What it is said of.</param>
internal sealed record CommentHead(string Id, long Position, string Key, FeedbackPlace Place);

/// <summary>A comment, and where in the log it stands.</summary>
internal sealed record CommentWords(long Position, string Language, string Comment);

internal sealed class FeedbackQueries(TangentDb db) : IKeepsPersonalData
{
    private const int MostInAQuery = 500, MostAtOnce = 5000;

    public string Kind => "feedback";

    public IReadOnlyList<Type> Entities => [typeof(Feedback)];

    public async Task<long> PositionAsync(CancellationToken ct) =>
        await db.Set<Watermark>().Where(w => w.Follower == FeedbackFeed.Follower).Select(w => w.Position).FirstOrDefaultAsync(ct);

    /// <summary>All of it in the order of the log, without the words.</summary>
    public IAsyncEnumerable<Feedback> AllAsync() => db.Set<Feedback>().AsNoTracking().OrderBy(f => f.Position).Select(f => new Feedback
    {
        Id = f.Id,
        Position = f.Position,
        Key = f.Key,
        SourceId = f.SourceId,
        AtUtc = f.AtUtc,
        Metric = f.Metric,
        Score = f.Score,
        Touchpoint = f.Touchpoint,
        Event = f.Event,
        Channel = f.Channel,
        Language = f.Language,
        Refused = f.Refused,
    }).AsAsyncEnumerable();

    /// <summary>Keeps feedback and the position it reaches to in one transaction.</summary>
    public async Task SaveAsync(IReadOnlyCollection<Feedback> feedback, long position, CancellationToken ct)
    {
        await using var tx = await db.Database.BeginTransactionAsync(ct);
        await Bulk.UpsertAsync(db, feedback, ct);
        await Bulk.UpsertAsync(db, [new Watermark { Follower = FeedbackFeed.Follower, Position = position }], ct);
        await tx.CommitAsync(ct);
    }

    /// <summary>Finds the languages of words that were kept before anybody looked for them: once.</summary>
    public async Task DetectLanguagesAsync(CancellationToken ct)
    {
        var last = -1L;
        while (await db.Set<Feedback>().AsNoTracking().Where(f => f.Position > last && f.LanguageKnown == LanguageKnown.NotLookedAt).OrderBy(f => f.Position).Take(MostAtOnce).ToListAsync(ct) is { Count: > 0 } some)
        {
            foreach (var said in some) said.LearnLanguage(said.Language);
            await Bulk.UpsertAsync(db, some, ct);
            last = some[^1].Position;
        }
    }

    /// <summary>Lets go of what stands at these positions of the log, its bytes with it.</summary>
    public Task ForgetAsync(PositionBits positions, CancellationToken ct) => SecureDelete.RunAsync(db, async () =>
    {
        // Feedback stands far apart in the log: one pass over its positions is less than a statement for each of many ranges.
        var gone = new List<long>();
        await foreach (var position in db.Set<Feedback>().Select(f => f.Position).AsAsyncEnumerable().WithCancellation(ct))
            if (positions.Contains(position)) gone.Add(position);
        foreach (var chunk in gone.Chunk(MostInAQuery)) await db.Set<Feedback>().Where(f => chunk.Contains(f.Position)).ExecuteDeleteAsync(ct);
    }, ct);

    public Task ForgetAllAsync(CancellationToken ct) => db.Set<Feedback>().ExecuteDeleteAsync(ct);

    /// <summary>Comments, the latest first.</summary>
    /// <param name="skip">Left out at the beginning.</param>
    /// <param name="take">Most of them.</param>
    public async Task<(long Total, List<Feedback> Items)> CommentsAsync(CommentFilter filter, int skip, int take, CancellationToken ct)
    {
        var found = Of(filter);
        return (await found.LongCountAsync(ct), await found.OrderByDescending(f => f.AtUtc).ThenByDescending(f => f.Position).Skip(skip).Take(take).ToListAsync(ct));
    }

    /// <summary>Heads of comments, the latest first.</summary>
    public Task<List<CommentHead>> HeadsAsync(CommentFilter filter, CancellationToken ct) => Of(filter).OrderByDescending(f => f.AtUtc).ThenByDescending(f => f.Position)
        .Select(f => new CommentHead(f.Id, f.Position, f.Key, new FeedbackPlace(f.Touchpoint, f.Event, f.Channel, f.SourceId, f.Metric == Metric.Review))).ToListAsync(ct);

    /// <summary>Comments by their ids, the latest first.</summary>
    public async Task<List<Feedback>> CommentsAsync(IReadOnlyList<string> ids, CancellationToken ct)
    {
        List<Feedback> found = [];
        foreach (var chunk in ids.Chunk(MostInAQuery)) found.AddRange(await Commented().Where(f => chunk.Contains(f.Id)).ToListAsync(ct));
        return [.. found.OrderByDescending(f => f.AtUtc).ThenByDescending(f => f.Position)];
    }

    /// <summary>What these identifiers answered and counts, the latest first.</summary>
    public async Task<(long Total, List<Feedback> Items)> OfAsync(IReadOnlyList<string> keys, int most, CancellationToken ct)
    {
        var (total, items) = (0L, new List<Feedback>());
        foreach (var chunk in keys.Chunk(MostInAQuery))
        {
            var found = db.Set<Feedback>().AsNoTracking().Where(f => chunk.Contains(f.Key) && f.Refused == "");
            total += await found.LongCountAsync(ct);
            items.AddRange(await found.OrderByDescending(f => f.AtUtc).ThenByDescending(f => f.Position).Take(most).ToListAsync(ct));
        }

        return (total, [.. items.OrderByDescending(f => f.AtUtc).ThenByDescending(f => f.Position).Take(most)]);
    }

    /// <summary>The comments at these places of the log.</summary>
    public async Task<List<Feedback>> AtAsync(IReadOnlyList<long> positions, CancellationToken ct)
    {
        List<Feedback> found = [];
        foreach (var chunk in positions.Chunk(MostInAQuery)) found.AddRange(await Commented().AsNoTracking().Where(f => chunk.Contains(f.Position)).ToListAsync(ct));
        return found;
    }

    /// <summary>Where in the log the latest comments stand.</summary>
    public async Task<HashSet<long>> PositionsAsync(CommentFilter filter, int most, CancellationToken ct) =>
        [.. await Of(filter).OrderByDescending(f => f.AtUtc).ThenByDescending(f => f.Position).Take(most).Select(f => f.Position).ToListAsync(ct)];

    /// <summary>The words of the latest comments.</summary>
    public Task<List<CommentWords>> WordsAsync(int most, CancellationToken ct) =>
        Commented().OrderByDescending(f => f.AtUtc).ThenByDescending(f => f.Position).Take(most).Select(f => new CommentWords(f.Position, f.Language, f.Comment)).ToListAsync(ct);

    /// <summary>What counts of the answers to a survey, by its name.</summary>
    public Task<List<Feedback>> OfSurveyAsync(string survey, CancellationToken ct) =>
        db.Set<Feedback>().AsNoTracking().Where(f => f.Survey == survey && f.Refused == "" && f.Score != null).OrderBy(f => f.Position).ToListAsync(ct);

    private IQueryable<Feedback> Commented() => db.Set<Feedback>().AsNoTracking().Where(f => f.Comment != "" && f.Refused == "");

    private IQueryable<Feedback> Of(CommentFilter filter)
    {
        var found = Commented();
        if (filter.FromUtc is { } from) found = found.Where(f => f.AtUtc >= from);
        if (filter.BeforeUtc is { } before) found = found.Where(f => f.AtUtc < before);
        if (filter.Metric is { } metric) found = found.Where(f => f.Metric == metric);
        if (filter.Language is { } language) found = found.Where(f => f.Language == language);
        if (filter.Tag is { } tag) found = found.Where(f => db.Set<CommentTag>().Any(t => t.FeedbackId == f.Id && t.Tag == tag));
        if (filter.Least is { } least) found = found.Where(f => f.Score >= least);
        if (filter.Most is { } most) found = found.Where(f => f.Score <= most);
        if (filter.Touchpoints is { } touchpoints && filter.Events is { } events)
            found = found.Where(f => touchpoints.Contains(f.Touchpoint) || (f.Touchpoint == "" && f.Metric == Metric.Review && events.Contains(f.Event)));
        foreach (var word in filter.Search) found = found.Where(f => EF.Functions.Like(f.Comment, "%" + Escaped(word) + "%", "\\"));
        return found;
    }

    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var chunk in subject.Identifiers.Chunk(MostInAQuery))
            foreach (var said in await db.Set<Feedback>().AsNoTracking().Where(f => chunk.Contains(f.Key)).OrderBy(f => f.Position).ToListAsync(ct))
                yield return new JsonObject
                {
                    ["at"] = said.AtUtc,
                    ["metric"] = Metrics.Name(said.Metric),
                    ["score"] = said.Score,
                    ["touchpoint"] = said.Touchpoint,
                    ["comment"] = said.Comment,
                    ["language"] = said.Language,
                    ["survey"] = said.Survey,
                    ["question"] = said.Question,
                    ["via"] = said.Via,
                    ["identifier"] = said.Key,
                };
    }

    /// <summary>It follows the log: <see cref="FeedbackFeed"/> lets go of it when it reads the erasure's record.</summary>
    public Task EraseAsync(DataSubject subject, CancellationToken ct) => EraseAsync(subject.Identifiers, ct);

    /// <summary>Deletes what these persons said, its bytes with it.</summary>
    public Task EraseAsync(IReadOnlyList<string> keys, CancellationToken ct) => SecureDelete.RunAsync(db, async () =>
    {
        foreach (var chunk in keys.Chunk(MostInAQuery)) await db.Set<Feedback>().Where(f => chunk.Contains(f.Key)).ExecuteDeleteAsync(ct);
    }, ct);

    /// <summary>Positions in the log of what these persons said.</summary>
    public async Task<List<long>> PositionsOfAsync(IReadOnlyList<string> keys, CancellationToken ct)
    {
        var positions = new List<long>();
        foreach (var chunk in keys.Chunk(MostInAQuery)) positions.AddRange(await db.Set<Feedback>().Where(f => chunk.Contains(f.Key)).Select(f => f.Position).ToListAsync(ct));
        return positions;
    }

    private static string Escaped(string word) => word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
