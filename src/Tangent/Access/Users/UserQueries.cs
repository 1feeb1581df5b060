using System.Linq.Expressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Tangent.Data;

namespace Tangent.Access;

/// <summary>A person with an account.</summary>
/// <param name="Created">UTC.</param>
/// <param name="Disabled">Since when the person may not sign in, UTC; null while they may.</param>
/// <param name="LastSeen">UTC, to about a minute; null where the person has not come in yet.</param>
/// <param name="TwoFactor">Signing in by password asks for a one-time code too.</param>
/// <param name="Passkeys">How many passkeys the person has.</param>
public sealed record Person(Guid Id, string Email, Role Role, DateTime Created, DateTime? Disabled, DateTime? LastSeen, bool TwoFactor, int Passkeys);

/// <summary>What became of a change to a person.</summary>
internal enum UserChange
{
    Done,
    Unknown,

    /// <summary>Nobody would be left who may invite others.</summary>
    LastOwner,
}

internal sealed class UserQueries(TangentDb db)
{
    // One statement decides and changes, so that two owners cannot at the same moment take each other's rights and leave none.
    private Expression<Func<User, bool>> LeavesAnOwner(Guid id) =>
        u => u.Id == id && (u.Role != Role.Owner || u.DisabledUtc != null || db.Users.Any(o => o.Id != id && o.Role == Role.Owner && o.DisabledUtc == null));

    public Task<List<Person>> ListAsync(CancellationToken ct) => People(db.Users).ToListAsync(ct);

    public Task<Person?> FindAsync(Guid id, CancellationToken ct) => People(db.Users.Where(u => u.Id == id)).FirstOrDefaultAsync(ct);

    public Task<UserChange> SetRoleAsync(Guid id, Role role, CancellationToken ct) =>
        ChangeAsync(id, role == Role.Owner, s => s.SetProperty(u => u.Role, role), ct);

    public Task<UserChange> SetDisabledAsync(Guid id, bool disabled, CancellationToken ct)
    {
        DateTime? since = disabled ? DateTime.UtcNow : null;
        return ChangeAsync(id, !disabled, s => s.SetProperty(u => u.DisabledUtc, since), ct);
    }

    public async Task<UserChange> DeleteAsync(Guid id, CancellationToken ct) =>
        await OutcomeAsync(id, await db.Users.Where(LeavesAnOwner(id)).ExecuteDeleteAsync(ct), ct);

    public Task SetPreferencesAsync(Guid id, string? language, string? theme, bool noMentionLetters, CancellationToken ct) =>
        db.Users.Where(u => u.Id == id).ExecuteUpdateAsync(s => s.SetProperty(u => u.Language, language).SetProperty(u => u.Theme, theme).SetProperty(u => u.NoMentionLetters, noMentionLetters), ct);

    /// <summary>Where a letter goes to those of these people who may sign in and want to be told that somebody has named them.</summary>
    public async Task<List<(string Email, string? Language)>> MentionLettersAsync(IReadOnlyCollection<string> people, CancellationToken ct)
    {
        var ids = people.Select(Guid.Parse).ToList();
        return (await db.Users.Where(u => ids.Contains(u.Id) && u.DisabledUtc == null && !u.NoMentionLetters).Select(u => new { u.Email, u.Language }).ToListAsync(ct)).ConvertAll(u => (u.Email!, u.Language));
    }

    /// <returns>False where this code, or a later one, was used before.</returns>
    public async Task<bool> UseTotpStepAsync(Guid id, long step, CancellationToken ct) =>
        await db.Users.Where(u => u.Id == id && u.TotpStep < step).ExecuteUpdateAsync(s => s.SetProperty(u => u.TotpStep, step), ct) == 1;

    private async Task<UserChange> ChangeAsync(Guid id, bool harmless, Action<UpdateSettersBuilder<User>> set, CancellationToken ct)
    {
        // A new concurrency stamp, so that nobody who read the user before writes the old values back.
        var stamp = Guid.NewGuid().ToString();
        return await OutcomeAsync(id, await db.Users.Where(harmless ? u => u.Id == id : LeavesAnOwner(id)).ExecuteUpdateAsync(s =>
        {
            set(s);
            s.SetProperty(u => u.ConcurrencyStamp, stamp);
        }, ct), ct);
    }

    private async Task<UserChange> OutcomeAsync(Guid id, int changed, CancellationToken ct) =>
        changed == 1 ? UserChange.Done : await db.Users.AnyAsync(u => u.Id == id, ct) ? UserChange.LastOwner : UserChange.Unknown;

    private IQueryable<Person> People(IQueryable<User> users) => users.OrderBy(u => u.Email).Select(u => new Person(
        u.Id, u.Email!, u.Role, u.CreatedUtc, u.DisabledUtc, u.LastSeenUtc, u.TwoFactorEnabled, db.Set<IdentityUserPasskey<Guid>>().Count(p => p.UserId == u.Id)));
}
