using Microsoft.EntityFrameworkCore;
using Tangent.Data;
using Tangent.Map;

namespace Tangent.Collect;

internal sealed class TouchpointRuleQueries(TangentDb db, TouchpointRules rules) : IFollowMerges
{
    public Task<List<TouchpointRule>> ListAsync(CancellationToken ct) =>
        db.Set<TouchpointRule>().AsNoTracking().OrderBy(r => r.Order).ThenBy(r => r.Id).ToListAsync(ct);

    /// <summary>Adds rules behind the existing ones, or before them all: a new rule made for one signature must not be shadowed.</summary>
    public async Task AddAsync(IReadOnlyList<TouchpointRule> added, bool first, CancellationToken ct)
    {
        var existing = await db.Set<TouchpointRule>().OrderBy(r => r.Order).ThenBy(r => r.Id).ToListAsync(ct);
        db.AddRange(added);
        Number(first ? [.. added, .. existing] : [.. existing, .. added]);
        await SaveAsync(ct);
    }

    /// <returns>False where there is no such rule.</returns>
    public async Task<bool> RemoveAsync(int id, CancellationToken ct)
    {
        var removed = await db.Set<TouchpointRule>().Where(r => r.Id == id).ExecuteDeleteAsync(ct) > 0;
        if (removed) await SaveAsync(ct);
        return removed;
    }

    /// <summary>Puts the rules into the order of <paramref name="ids"/>; rules not named keep their order behind them.</summary>
    public async Task ReorderAsync(IReadOnlyList<int> ids, CancellationToken ct)
    {
        var existing = await db.Set<TouchpointRule>().OrderBy(r => r.Order).ThenBy(r => r.Id).ToListAsync(ct);
        var named = ids.Distinct().Select(id => existing.Find(r => r.Id == id)).OfType<TouchpointRule>().ToList();
        Number([.. named, .. existing.Except(named)]);
        await SaveAsync(ct);
    }

    /// <summary>Rules that name a source by its whole name follow when it is renamed.</summary>
    public async Task RenameSourceAsync(string before, string name, CancellationToken ct)
    {
        foreach (var rule in await db.Set<TouchpointRule>().ToListAsync(ct))
            if (string.Equals(rule.Source, before, StringComparison.OrdinalIgnoreCase)) rule.Source = name;
        await SaveAsync(ct);
    }

    public async Task<string?> FollowAsync(TouchpointMerge merge, CancellationToken ct)
    {
        var (from, into) = (merge.From.Id, merge.Into.Id);
        await db.Set<TouchpointRule>().Where(r => r.TouchpointId == from).ExecuteUpdateAsync(r => r.SetProperty(x => x.TouchpointId, into), ct);
        return null;
    }

    public async Task RefreshAsync(CancellationToken ct) => rules.Replace(await ListAsync(ct));

    private static void Number(List<TouchpointRule> ordered)
    {
        for (var i = 0; i < ordered.Count; i++) ordered[i].Order = i + 1;
    }

    private async Task SaveAsync(CancellationToken ct)
    {
        await db.SaveChangesAsync(ct);
        await RefreshAsync(ct);
    }
}
