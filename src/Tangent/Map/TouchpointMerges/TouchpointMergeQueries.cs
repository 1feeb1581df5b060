using Microsoft.EntityFrameworkCore;
using Tangent.Access;
using Tangent.Data;

namespace Tangent.Map;

/// <param name="From">What goes.</param>
/// <param name="Into">What stays.</param>
/// <param name="By">Who merges them.</param>
internal sealed record TouchpointMerge(Touchpoint From, Touchpoint Into, Actor By);

/// <summary>Part of the program that keeps something under the number or name of a touchpoint, and takes it over when that one is merged into another.</summary>
internal interface IFollowMerges
{
    /// <summary>Takes it over; called in the transaction of the merge.</summary>
    /// <returns>Why it cannot be, in words: then nothing is merged.</returns>
    Task<string?> FollowAsync(TouchpointMerge merge, CancellationToken ct);

    /// <summary>Reads again what it holds in memory; called once all is kept.</summary>
    Task RefreshAsync(CancellationToken ct) => Task.CompletedTask;
}

/// <summary>Makes one touchpoint of two: all that named the one names the other, and its events count there.</summary>
internal sealed class TouchpointMergeQueries(TangentDb db, TouchpointQueries touchpoints, IEnumerable<IFollowMerges> followers)
{
    /// <returns>Why it was not done, in words.</returns>
    public async Task<string?> MergeAsync(TouchpointMerge merge, CancellationToken ct)
    {
        var (from, into) = (merge.From.Id, merge.Into.Id);
        if (from == into) return "A touchpoint cannot be merged into itself.";
        await using (var tx = await db.Database.BeginTransactionAsync(ct))
        {
            // The first write holds the database: from here on nobody else changes either.
            if (await db.Set<Touchpoint>().Where(t => t.Id == from && t.MergedInto == null && db.Set<Touchpoint>().Any(i => i.Id == into && i.MergedInto == null))
                .ExecuteUpdateAsync(t => t.SetProperty(x => x.MergedInto, into), ct) == 0) return "Somebody has merged one of the two meanwhile.";
            await db.Set<Touchpoint>().Where(t => t.MergedInto == from).ExecuteUpdateAsync(t => t.SetProperty(x => x.MergedInto, into), ct);
            foreach (var follower in followers)
                if (await follower.FollowAsync(merge, ct) is { } refusal) return refusal;
            await CompleteAsync(merge, ct);
            await tx.CommitAsync(ct);
        }

        await touchpoints.ReloadAsync(ct);
        foreach (var follower in followers) await follower.RefreshAsync(ct);
        return null;
    }

    /// <summary>What nobody has said of the one that stays is as it was of the other.</summary>
    private async Task CompleteAsync(TouchpointMerge merge, CancellationToken ct)
    {
        var (from, into) = (merge.From, await db.Set<Touchpoint>().FirstAsync(t => t.Id == merge.Into.Id, ct));
        static string Said(string said, string other) => said.Length > 0 ? said : other;
        (into.Channel, into.Owner, into.Department, into.Description) = (Said(into.Channel, from.Channel), Said(into.Owner, from.Owner), Said(into.Department, from.Department), Said(into.Description, from.Description));
        into.CostPerContact ??= from.CostPerContact;
        await db.SaveChangesAsync(ct);
    }
}
