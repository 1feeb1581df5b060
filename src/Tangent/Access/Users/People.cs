using Microsoft.AspNetCore.Identity;

namespace Tangent.Access;

/// <summary>Changes to people; each counts from the person's next request on, since what is remembered of their sessions is forgotten with it.</summary>
internal sealed class People(UserQueries users, SessionQueries sessions, OpenSessions open, UserManager<User> identity)
{
    public Task<UserChange> SetRoleAsync(Guid id, Role role, CancellationToken ct) => ForgetAsync(id, users.SetRoleAsync(id, role, ct));

    public async Task<UserChange> SetDisabledAsync(Guid id, bool disabled, CancellationToken ct)
    {
        var change = await users.SetDisabledAsync(id, disabled, ct);
        if (change == UserChange.Done && disabled) await sessions.EndAllAsync(id, null, ct);
        open.Forget(id);
        return change;
    }

    public Task<UserChange> DeleteAsync(Guid id, CancellationToken ct) => ForgetAsync(id, users.DeleteAsync(id, ct));

    /// <returns>False where there is no such person.</returns>
    public async Task<bool> EndTwoFactorAsync(Guid id)
    {
        if (await identity.FindByIdAsync(id.ToString()) is not { } user) return false;
        await identity.SetTwoFactorEnabledAsync(user, false);
        await identity.ResetAuthenticatorKeyAsync(user);
        open.Forget(id);
        return true;
    }

    /// <param name="id">The session.</param>
    /// <param name="userId">Whose it must be; null where anybody's may be ended.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>False where there is no such session.</returns>
    public async Task<bool> EndSessionAsync(Guid id, Guid? userId, CancellationToken ct)
    {
        if (await sessions.EndAsync(id, userId, ct) is not { } owner) return false;
        open.Forget(owner);
        return true;
    }

    public async Task EndSessionsAsync(Guid userId, Guid? except, CancellationToken ct)
    {
        await sessions.EndAllAsync(userId, except, ct);
        open.Forget(userId);
    }

    /// <summary>After the person's password or second step has changed: this session stays, all others have ended.</summary>
    public async Task KeepOnlyAsync(Guid sessionId, User user, CancellationToken ct)
    {
        await sessions.KeepAsync(sessionId, user.SecurityStamp!, ct);
        open.Forget(user.Id);
    }

    private async Task<UserChange> ForgetAsync(Guid id, Task<UserChange> change)
    {
        var done = await change;
        open.Forget(id);
        return done;
    }
}
