using Microsoft.EntityFrameworkCore;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Map;

namespace Tangent.Measure;

internal sealed class TargetQueries(TangentDb db, TargetBook book) : IFollowMerges
{
    public Task<List<ScoreTarget>> ListAsync(CancellationToken ct) => db.Set<ScoreTarget>().AsNoTracking().OrderBy(t => t.TouchpointId).ThenBy(t => t.Metric).ToListAsync(ct);

    public async Task KeepAsync(IReadOnlyCollection<ScoreTarget> targets, CancellationToken ct)
    {
        await Bulk.UpsertAsync(db, targets, ct);
        await RefreshAsync(ct);
    }

    /// <returns>False where there was none.</returns>
    public async Task<bool> RemoveAsync(int touchpoint, Metric metric, CancellationToken ct)
    {
        var removed = await db.Set<ScoreTarget>().Where(t => t.TouchpointId == touchpoint && t.Metric == metric).ExecuteDeleteAsync(ct) > 0;
        await RefreshAsync(ct);
        return removed;
    }

    /// <summary>Where both have a target for a metric, that of the one that stays counts.</summary>
    public async Task<string?> FollowAsync(TouchpointMerge merge, CancellationToken ct)
    {
        var (from, into) = (merge.From.Id, merge.Into.Id);
        await db.Set<ScoreTarget>().Where(t => t.TouchpointId == from && db.Set<ScoreTarget>().Any(o => o.TouchpointId == into && o.Metric == t.Metric)).ExecuteDeleteAsync(ct);
        await db.Set<ScoreTarget>().Where(t => t.TouchpointId == from).ExecuteUpdateAsync(t => t.SetProperty(x => x.TouchpointId, into), ct);
        return null;
    }

    public async Task RefreshAsync(CancellationToken ct) => book.Replace(await ListAsync(ct));
}

/// <summary>The targets in memory, for every question for scores.</summary>
internal sealed class TargetBook(IServiceScopeFactory scopes) : IHostedService
{
    private volatile IReadOnlyDictionary<(int, Metric), ScoreTarget> _now = new Dictionary<(int, Metric), ScoreTarget>();

    public void Replace(IReadOnlyList<ScoreTarget> targets) => _now = targets.ToDictionary(t => (t.TouchpointId, t.Metric));

    public ScoreTarget? Find(int touchpoint, Metric metric) => _now.GetValueOrDefault((touchpoint, metric));

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        Replace(await scope.ServiceProvider.GetRequiredService<TargetQueries>().ListAsync(cancellationToken));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
