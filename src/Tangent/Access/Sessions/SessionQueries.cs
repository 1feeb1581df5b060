using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Access;

/// <summary>What a request needs to know of the session it belongs to.</summary>
internal sealed record SessionState(Guid UserId, string Name, Role Role);

/// <summary>A browser in which a person is signed in.</summary>
/// <param name="Started">UTC.</param>
/// <param name="LastSeen">UTC, to about a minute.</param>
/// <param name="Browser">What the browser says it is.</param>
/// <param name="Address">Network address it signed in from.</param>
public sealed record SessionLine(Guid Id, string Email, DateTime Started, DateTime LastSeen, string Browser, string Address);

internal sealed class SessionQueries(TangentDb db)
{
    public async Task AddAsync(Session session, CancellationToken ct)
    {
        var oldest = DateTime.UtcNow - Session.Lifetime;
        await db.Set<Session>().Where(s => s.LastSeenUtc < oldest).ExecuteDeleteAsync(ct);
        db.Add(session);
        await db.SaveChangesAsync(ct);
        await SawAsync(session.UserId, session.LastSeenUtc, ct);
    }

    /// <summary>The session, as long as it has not ended; that it was seen is noted.</summary>
    public async Task<SessionState?> SeeAsync(Guid id, CancellationToken ct)
    {
        var now = DateTime.UtcNow;
        var oldest = now - Session.Lifetime;
        var state = await (from s in db.Set<Session>()
                           join u in db.Users on s.UserId equals u.Id
                           where s.Id == id && s.LastSeenUtc > oldest && u.DisabledUtc == null && u.SecurityStamp == s.Stamp
                           select new SessionState(u.Id, u.UserName!, u.Role)).AsNoTracking().FirstOrDefaultAsync(ct);
        if (state is null) return null;
        await db.Set<Session>().Where(s => s.Id == id).ExecuteUpdateAsync(s => s.SetProperty(x => x.LastSeenUtc, now), ct);
        await SawAsync(state.UserId, now, ct);
        return state;
    }

    /// <param name="userId">Whose; null for everybody's.</param>
    /// <param name="ct">Ends it.</param>
    public Task<List<SessionLine>> ListAsync(Guid? userId, CancellationToken ct)
    {
        var oldest = DateTime.UtcNow - Session.Lifetime;
        return (from s in db.Set<Session>()
                join u in db.Users on s.UserId equals u.Id
                where (userId == null || s.UserId == userId) && s.LastSeenUtc > oldest && u.DisabledUtc == null && u.SecurityStamp == s.Stamp
                orderby s.LastSeenUtc descending
                select new SessionLine(s.Id, u.Email!, s.CreatedUtc, s.LastSeenUtc, s.Browser, s.Address)).ToListAsync(ct);
    }

    /// <param name="id">The session.</param>
    /// <param name="userId">Whose it must be; null where anybody's may be ended.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>Whose it was; null where there is none.</returns>
    public async Task<Guid?> EndAsync(Guid id, Guid? userId, CancellationToken ct)
    {
        var owner = await db.Set<Session>().Where(s => s.Id == id && (userId == null || s.UserId == userId)).Select(s => (Guid?)s.UserId).FirstOrDefaultAsync(ct);
        // It has ended now, also where nobody waits for the answer any more; the caller forgets what is remembered of it.
        if (owner is not null) await db.Set<Session>().Where(s => s.Id == id).ExecuteDeleteAsync(CancellationToken.None);
        return owner;
    }

    /// <returns>How many were ended.</returns>
    public Task<int> EndAllAsync(Guid userId, Guid? except, CancellationToken ct) =>
        db.Set<Session>().Where(s => s.UserId == userId && s.Id != except).ExecuteDeleteAsync(ct);

    /// <summary>The session stays although the person's security stamp has changed; all the others end by that.</summary>
    /// <returns>How many there are: one, or none.</returns>
    public Task<int> KeepAsync(Guid id, string stamp, CancellationToken ct) =>
        db.Set<Session>().Where(s => s.Id == id).ExecuteUpdateAsync(s => s.SetProperty(x => x.Stamp, stamp), ct);

    private Task<int> SawAsync(Guid userId, DateTime? now, CancellationToken ct) =>
        db.Users.Where(u => u.Id == userId).ExecuteUpdateAsync(s => s.SetProperty(u => u.LastSeenUtc, now), ct);
}
