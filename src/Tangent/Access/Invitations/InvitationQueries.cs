using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Access;

internal sealed class InvitationQueries(TangentDb db)
{
    public Task<bool> AnyUserAsync(CancellationToken ct) => db.Users.AnyAsync(ct);

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
