using Microsoft.AspNetCore.Identity;

namespace Tangent.Access;

/// <summary>
/// Changes to people; each counts from the person's next request on, since what is remembered of their sessions is forgotten with it, also
/// where something goes wrong or who asked is gone: what was begun may be written. After the first write nothing is broken off.
/// </summary>
internal sealed class People(UserQueries users, SessionQueries sessions, OpenSessions open, UserManager<User> identity)
{
    public Task<UserChange> SetRoleAsync(Guid id, Role role, CancellationToken ct) => ForgetAsync(id, () => users.SetRoleAsync(id, role, ct));

    public Task<UserChange> SetDisabledAsync(Guid id, bool disabled, CancellationToken ct) => ForgetAsync(id, async () =>
    {
        var change = await users.SetDisabledAsync(id, disabled, ct);
        if (change == UserChange.Done && disabled) await sessions.EndAllAsync(id, null, CancellationToken.None);
        return change;
    });

    public Task<UserChange> DeleteAsync(Guid id, CancellationToken ct) => ForgetAsync(id, () => users.DeleteAsync(id, ct));

    /// <returns>False where there is no such person.</returns>
    public async Task<bool> EndTwoFactorAsync(Guid id)
    {
        if (await identity.FindByIdAsync(id.ToString()) is not { } user) return false;
        return await ForgetAsync(id, async () =>
        {
            await identity.SetTwoFactorEnabledAsync(user, false);
            await identity.ResetAuthenticatorKeyAsync(user);
            return true;
        });
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

    /// <returns>How many there were.</returns>
    public Task<int> EndSessionsAsync(Guid userId, Guid? except, CancellationToken ct) => ForgetAsync(userId, () => sessions.EndAllAsync(userId, except, ct));

    /// <summary>After the person's password or second step has changed: this session stays, all others have ended.</summary>
    public Task KeepOnlyAsync(Guid sessionId, User user) => ForgetAsync(user.Id, () => sessions.KeepAsync(sessionId, user.SecurityStamp!, CancellationToken.None));

    private async Task<T> ForgetAsync<T>(Guid id, Func<Task<T>> change)
    {
        try
        {
            return await change();
        }
        finally
        {
            open.Forget(id);
        }
    }
}
