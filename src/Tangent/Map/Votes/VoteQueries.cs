using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Map;

internal sealed class VoteQueries(TangentDb db, TouchpointCatalogue catalogue) : IFollowMerges
{
    /// <summary>What is thought of every touchpoint in use, in the order of the catalogue.</summary>
    public IReadOnlyList<TouchpointVotes> All()
    {
        var votes = Counting().ToLookup(v => v.TouchpointId);
        return [.. catalogue.Touchpoints.Where(t => t.RetiredUtc is null).Select(t => TouchpointVotes.Of(t, [.. votes[t.Id]]))];
    }

    public TouchpointVotes Of(Touchpoint touchpoint) => TouchpointVotes.Of(touchpoint, [.. Counting().Where(v => v.TouchpointId == touchpoint.Id)]);

    public Task<TouchpointVote?> FindAsync(int touchpoint, string voter, CancellationToken ct) =>
        db.Set<TouchpointVote>().AsNoTracking().FirstOrDefaultAsync(v => v.TouchpointId == touchpoint && v.Voter == voter, ct);

    /// <summary>Who a person is among those who vote: by the account of this e-mail address, else by the address alone.</summary>
    public async Task<string> VoterAsync(string email, CancellationToken ct)
    {
        var name = email.Trim().ToLowerInvariant();
        var folded = name.ToUpperInvariant();
        var user = await db.Users.Where(u => u.NormalizedEmail == folded).Select(u => (Guid?)u.Id).FirstOrDefaultAsync(ct);
        return user is { } id ? TouchpointVote.OfUser + id : TouchpointVote.OfName + name;
    }

    public Task KeepAsync(IReadOnlyCollection<TouchpointVote> votes, CancellationToken ct) => Bulk.UpsertAsync(db, votes, ct);

    /// <returns>False where the person had not voted.</returns>
    public async Task<bool> WithdrawAsync(int touchpoint, string voter, CancellationToken ct) =>
        await db.Set<TouchpointVote>().Where(v => v.TouchpointId == touchpoint && v.Voter == voter).ExecuteDeleteAsync(ct) > 0;

    /// <summary>Who voted on both has the vote on the one that stays.</summary>
    public async Task<string?> FollowAsync(TouchpointMerge merge, CancellationToken ct)
    {
        var (from, into) = (merge.From.Id, merge.Into.Id);
        await db.Set<TouchpointVote>().Where(v => v.TouchpointId == from && db.Set<TouchpointVote>().Any(o => o.TouchpointId == into && o.Voter == v.Voter)).ExecuteDeleteAsync(ct);
        await db.Set<TouchpointVote>().Where(v => v.TouchpointId == from).ExecuteUpdateAsync(v => v.SetProperty(x => x.TouchpointId, into), ct);
        return null;
    }

    /// <summary>The votes of who is with the company: an account that is closed, or gone, does not vote.</summary>
    private List<TouchpointVote> Counting()
    {
        // Few: a vote for each person and touchpoint.
        var people = db.Users.Where(u => u.DisabledUtc == null).Select(u => u.Id).ToList().Select(id => TouchpointVote.OfUser + id).ToHashSet(StringComparer.Ordinal);
        return [.. db.Set<TouchpointVote>().AsNoTracking().AsEnumerable().Where(v => v.Voter.StartsWith(TouchpointVote.OfName, StringComparison.Ordinal) || people.Contains(v.Voter))];
    }
}
