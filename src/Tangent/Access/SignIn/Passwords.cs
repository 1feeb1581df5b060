using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Identity;

namespace Tangent.Access;

internal enum PasswordAnswer
{
    SignedIn,
    CodeNeeded,
    Wrong,
    TooMany,
}

/// <summary>
/// Signing in by password. Whether an address belongs to anybody cannot be told from outside: an unknown one takes as long to refuse as a
/// wrong password, and is locked after as many attempts.
/// </summary>
internal sealed class Passwords(SignInManager<User> signIn, IPasswordHasher<User> hasher, SignInThrottle throttle, AuditQueries audit)
{
    public const int Shortest = 12;
    private static readonly User Nobody = new();
    private static readonly Lazy<string> SomeHash = new(() => new PasswordHasher<User>().HashPassword(Nobody, Guid.NewGuid().ToString()));

    public async Task<PasswordAnswer> SignInAsync(HttpContext http, string email, string password, CancellationToken ct)
    {
        var from = SignInThrottle.From(http);
        if (throttle.IsTooMany(from)) return PasswordAnswer.TooMany;
        var user = await signIn.UserManager.FindByEmailAsync(email);
        var answer = user is { DisabledUtc: null, PasswordHash: not null } ? await KnownAsync(user, password) : Unknown(email.Trim().ToUpperInvariant(), password);
        if (answer is PasswordAnswer.SignedIn or PasswordAnswer.CodeNeeded) return answer;
        throttle.Count(from);
        var actor = user is null ? Actor.Nobody : new Actor(ActorKind.Person, user.Id.ToString(), user.UserName!);
        await audit.AddAsync(AuditEntry.OfSignIn(actor, "password", refused: true), ct);
        return answer;
    }

    private async Task<PasswordAnswer> KnownAsync(User user, string password)
    {
        var result = await signIn.PasswordSignInAsync(user, password, isPersistent: true, lockoutOnFailure: true);
        return result.Succeeded ? PasswordAnswer.SignedIn : result.RequiresTwoFactor ? PasswordAnswer.CodeNeeded : result.IsLockedOut ? PasswordAnswer.TooMany : PasswordAnswer.Wrong;
    }

    private PasswordAnswer Unknown(string email, string password)
    {
        if (throttle.IsLocked(email)) return PasswordAnswer.TooMany;
        hasher.VerifyHashedPassword(Nobody, SomeHash.Value, password);
        throttle.CountUnknown(email);
        return throttle.IsLocked(email) ? PasswordAnswer.TooMany : PasswordAnswer.Wrong;
    }
}

/// <summary>Counts what was refused, by where it came from and by address, in memory: accounts have a lock of their own that outlives a restart.</summary>
internal sealed class SignInThrottle : IDisposable
{
    public const int MostUnknown = 5;
    private const int MostFromOnePlace = 100;
    private const int MostLetters = 5;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly PartitionedRateLimiter<string> _places = Limiter(MostFromOnePlace);
    private readonly PartitionedRateLimiter<string> _unknown = Limiter(MostUnknown);
    private readonly PartitionedRateLimiter<string> _letters = Limiter(MostLetters);

    public static string From(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() ?? "";

    public bool IsTooMany(string from) => !Allows(_places, from, 0);

    public void Count(string from) => Allows(_places, from, 1);

    public bool IsLocked(string email) => !Allows(_unknown, email, 0);

    public void CountUnknown(string email) => Allows(_unknown, email, 1);

    /// <summary>Whether one more letter may be asked for.</summary>
    public bool MayAskForLetter(string key) => Allows(_letters, key, 1);

    public void Dispose()
    {
        _places.Dispose();
        _unknown.Dispose();
        _letters.Dispose();
    }

    private static bool Allows(PartitionedRateLimiter<string> limiter, string key, int permits)
    {
        using var lease = limiter.AttemptAcquire(key, permits);
        return lease.IsAcquired;
    }

    private static PartitionedRateLimiter<string> Limiter(int most) => PartitionedRateLimiter.Create<string, string>(key =>
        RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions { PermitLimit = most, Window = Window, QueueLimit = 0 }));
}
