using Microsoft.AspNetCore.Identity;
using static Tangent.Web.Texts;

namespace Tangent.Access;

internal enum PasswordAnswer
{
    SignedIn,
    CodeNeeded,
    Wrong,
    TooMany,
}

/// <summary>
/// Signing in by password, and proving by it to be who one is. Whether an address belongs to anybody cannot be told from outside: an unknown
/// one takes as long to refuse as a wrong password, and is locked after as many attempts for as long.
/// </summary>
internal sealed class Passwords(SignInManager<User> signIn, IPasswordHasher<User> hasher, SignInThrottle throttle, AuditQueries audit)
{
    public const int Shortest = 12;
    private const int LongestAddress = 254;
    private static readonly User Nobody = new();
    private static readonly Lazy<string> SomeHash = new(() => new PasswordHasher<User>().HashPassword(Nobody, Guid.NewGuid().ToString()));

    public async Task<PasswordAnswer> SignInAsync(HttpContext http, string email, string password, CancellationToken ct)
    {
        var from = SignInThrottle.From(http);
        if (throttle.IsTooMany(from)) return PasswordAnswer.TooMany;
        if (email.Length > LongestAddress)
        {
            throttle.Count(from);
            return PasswordAnswer.Wrong;
        }

        var user = await signIn.UserManager.FindByEmailAsync(email);
        var answer = await TryAsync(user, email, password);
        if (answer is PasswordAnswer.SignedIn or PasswordAnswer.CodeNeeded) return answer;
        throttle.Count(from);
        var actor = user is null ? Actor.Nobody : Actor.Of(user);
        await audit.AddAsync(AuditEntry.OfSignIn(actor, "password", refused: true), ct);
        return answer;
    }

    /// <summary>Who finds an open browser must not be able to change what opens the account, nor to guess the password there.</summary>
    /// <returns>What to say; null where the password is right.</returns>
    public async Task<string?> RefusalAsync(User user, string? password)
    {
        if (throttle.IsLocked(user.Email!) || await signIn.UserManager.IsLockedOutAsync(user)) return T("Access.SignIn.Locked");
        if (await signIn.UserManager.CheckPasswordAsync(user, password ?? ""))
        {
            throttle.Forget(user.Email!);
            return null;
        }

        return T(await FailAsync(user, user.Email!) == PasswordAnswer.TooMany ? "Access.SignIn.Locked" : "Access.Account.WrongPassword");
    }

    private async Task<PasswordAnswer> TryAsync(User? user, string email, string password)
    {
        if (throttle.IsLocked(email)) return PasswordAnswer.TooMany;
        if (user is not { DisabledUtc: null, PasswordHash: not null })
        {
            hasher.VerifyHashedPassword(Nobody, SomeHash.Value, password);
            return await FailAsync(null, email);
        }

        // Identity counts failures without end, which would tell a known address from an unknown one; only its lock is used.
        var result = await signIn.PasswordSignInAsync(user, password, isPersistent: true, lockoutOnFailure: false);
        if (result.IsLockedOut) return PasswordAnswer.TooMany;
        if (!result.Succeeded && !result.RequiresTwoFactor) return await FailAsync(user, email);
        throttle.Forget(email);
        return result.Succeeded ? PasswordAnswer.SignedIn : PasswordAnswer.CodeNeeded;
    }

    private async Task<PasswordAnswer> FailAsync(User? user, string email)
    {
        if (!throttle.Fail(email)) return PasswordAnswer.Wrong;
        // Written down: a restart does not give five more.
        if (user is not null) await signIn.UserManager.SetLockoutEndDateAsync(user, DateTimeOffset.UtcNow + SignInThrottle.Window);
        return PasswordAnswer.TooMany;
    }
}
