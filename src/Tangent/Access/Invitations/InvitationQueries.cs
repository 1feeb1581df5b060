using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Access;

/// <param name="Email">Null for the first owner's.</param>
/// <param name="Expires">UTC.</param>
public sealed record PendingInvitation(Guid Id, string? Email, string Role, DateTime Expires);

internal sealed class InvitationQueries(TangentDb db)
{
    public Task<bool> AnyUserAsync(CancellationToken ct) => db.Users.AnyAsync(ct);

    /// <summary>Those that still work, the latest first.</summary>
    public Task<List<PendingInvitation>> ListAsync(CancellationToken ct)
    {
        var now = DateTime.UtcNow;
        return db.Set<Invitation>().Where(i => i.ExpiresUtc > now && (i.Email != null || !db.Users.Any())).OrderByDescending(i => i.ExpiresUtc)
            .Select(i => new PendingInvitation(i.Id, i.Email, i.Role.ToString(), i.ExpiresUtc)).ToListAsync(ct);
    }

    /// <returns>False where there is no such invitation.</returns>
    public async Task<bool> WithdrawAsync(Guid id, CancellationToken ct) => await db.Set<Invitation>().Where(i => i.Id == id).ExecuteDeleteAsync(ct) == 1;

    /// <summary>Somebody came in another way than by the link, such as single sign-on: the role that was meant for them, and the invitation is used.</summary>
    public async Task<Role?> UseByAddressAsync(string email, CancellationToken ct)
    {
        var now = DateTime.UtcNow;
        var open = await db.Set<Invitation>().AsNoTracking().Where(i => i.Email != null && i.ExpiresUtc > now).ToListAsync(ct);
        var found = open.FirstOrDefault(i => string.Equals(i.Email, email, StringComparison.OrdinalIgnoreCase));
        return found is not null && await UseAsync(found, ct) ? found.Role : null;
    }

    /// <summary>Makes a new link; an earlier one for the same address (or for the first owner) stops working.</summary>
    public async Task<string> CreateAsync(string? email, Role role, CancellationToken ct)
    {
        await db.Set<Invitation>().Where(i => i.Email == email).ExecuteDeleteAsync(ct);
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
}
