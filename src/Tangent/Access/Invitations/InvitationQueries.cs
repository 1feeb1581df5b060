using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Access;

/// <param name="Email">Null for the first owner's.</param>
/// <param name="Expires">UTC.</param>
public sealed record PendingInvitation(Guid Id, string? Email, Role Role, DateTime Expires);

internal sealed class InvitationQueries(TangentDb db)
{
    public Task<bool> AnyUserAsync(CancellationToken ct) => db.Users.AnyAsync(ct);

    /// <summary>Those that still work, the latest first.</summary>
    public Task<List<PendingInvitation>> ListAsync(CancellationToken ct)
    {
        var now = DateTime.UtcNow;
        return db.Set<Invitation>().Where(i => i.ExpiresUtc > now && (i.Email != null || !db.Users.Any())).OrderByDescending(i => i.ExpiresUtc)
            .Select(i => new PendingInvitation(i.Id, i.Email, i.Role, i.ExpiresUtc)).ToListAsync(ct);
    }

    /// <returns>False where there is no such invitation.</returns>
    public async Task<bool> WithdrawAsync(Guid id, CancellationToken ct) => await db.Set<Invitation>().Where(i => i.Id == id).ExecuteDeleteAsync(ct) == 1;

    /// <summary>The invitation of somebody who comes in another way than by the link, such as single sign-on.</summary>
    public async Task<Invitation?> FindByAddressAsync(string email, CancellationToken ct)
    {
        var now = DateTime.UtcNow;
        return (await ForAsync(email, ct)).FirstOrDefault(i => i.ExpiresUtc > now);
    }

    /// <summary>Makes a new link; an earlier one for the same address (or for the first owner) stops working.</summary>
    public async Task<string> CreateAsync(string? email, Role role, CancellationToken ct)
    {
        List<Guid> earlier = [.. (await ForAsync(email, ct)).Select(i => i.Id)];
        await db.Set<Invitation>().Where(i => earlier.Contains(i.Id)).ExecuteDeleteAsync(ct);
        var (invitation, token) = Invitation.Create(email, role, DateTime.UtcNow);
        db.Add(invitation);
        await db.SaveChangesAsync(ct);
        return token;
    }

    public async Task<Invitation?> FindAsync(string token, CancellationToken ct)
    {
        var hash = Invitation.Hash(token);
        var now = DateTime.UtcNow;
        var found = await db.Set<Invitation>().AsNoTracking().FirstOrDefaultAsync(i => i.TokenHash == hash && i.ExpiresUtc > now, ct);
        // The first owner's link is for nobody once there is any user.
        return found is { Email: null } && await AnyUserAsync(ct) ? null : found;
    }

    /// <returns>False where the link had been used meanwhile.</returns>
    public async Task<bool> UseAsync(Invitation invitation, CancellationToken ct) =>
        await db.Set<Invitation>().Where(i => i.Id == invitation.Id).ExecuteDeleteAsync(ct) == 1;

    // Compared here: the database tells capitals from small letters, an address does not.
    private async Task<List<Invitation>> ForAsync(string? email, CancellationToken ct) =>
        [.. (await db.Set<Invitation>().AsNoTracking().ToListAsync(ct)).Where(i => string.Equals(i.Email, email, StringComparison.OrdinalIgnoreCase))];
}
