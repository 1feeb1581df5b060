using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;

namespace Tangent.Access;

/// <summary>
/// Counts what was refused, by place and by e-mail address, in memory. An address is counted alike whether it is anybody's or not, so that
/// nothing can be told by trying; the lock of an account is written down too and outlives a restart.
/// </summary>
internal sealed class SignInThrottle(TimeProvider time) : IDisposable
{
    public const int MostFailures = 5;
    public const int MostLettersToOneAddress = 5;
    public const int MostLettersFromOnePlace = 30;
    private const int MostFromOnePlace = 100;
    private const int ManyAddresses = 100_000;
    private const int NetworkBytes = 8;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly PartitionedRateLimiter<string> _places = Limiter(MostFromOnePlace);
    private readonly PartitionedRateLimiter<string> _letters = Limiter(MostLettersToOneAddress);
    private readonly PartitionedRateLimiter<string> _letterPlaces = Limiter(MostLettersFromOnePlace);
    private readonly ConcurrentDictionary<string, Failures> _addresses = new();

    private readonly record struct Failures(int Count, DateTimeOffset Since, bool Locked);

    /// <summary>Where a request comes from; of IPv6 the network, since one machine has as many addresses in it as it wants.</summary>
    public static string From(HttpContext http) => PlaceOf(http.Connection.RemoteIpAddress);

    public static string PlaceOf(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, NetworkBytes)),
        _ => address.ToString(),
    };

    public bool IsTooMany(string from) => !Allows(_places, from, 0);

    public void Count(string from) => Allows(_places, from, 1);

    /// <summary>Too many were refused for this e-mail address lately.</summary>
    public bool IsLocked(string email) => _addresses.TryGetValue(KeyOf(email), out var failures) && failures.Locked && !IsOver(failures);

    /// <returns>Whether the address is locked now.</returns>
    public bool Fail(string email)
    {
        if (_addresses.Count >= ManyAddresses) Tidy();
        return _addresses.AddOrUpdate(KeyOf(email), _ => Next(default), (_, before) => Next(IsOver(before) ? default : before)).Locked;
    }

    /// <summary>Somebody proved to be who they say: what was refused before does not count any more.</summary>
    public void Forget(string email) => _addresses.TryRemove(KeyOf(email), out _);

    /// <summary>Whether one more letter may be asked for.</summary>
    public bool MayAskForLetter(string from, string email) => Allows(_letterPlaces, from, 1) && Allows(_letters, KeyOf(email), 1);

    public void Dispose()
    {
        _places.Dispose();
        _letters.Dispose();
        _letterPlaces.Dispose();
    }

    // The window begins with the first failure; the lock, once more, with the last.
    private Failures Next(Failures before)
    {
        var count = before.Count + 1;
        var locks = count >= MostFailures && !before.Locked;
        return new Failures(count, count == 1 || locks ? time.GetUtcNow() : before.Since, count >= MostFailures);
    }

    private bool IsOver(Failures failures) => time.GetUtcNow() - failures.Since >= Window;

    private void Tidy()
    {
        foreach (var (key, failures) in _addresses)
            if (IsOver(failures)) _addresses.TryRemove(key, out _);
        // Somebody makes addresses up by the thousand; the locks stay.
        if (_addresses.Count < ManyAddresses) return;
        foreach (var (key, failures) in _addresses)
            if (!failures.Locked) _addresses.TryRemove(key, out _);
    }

    // Of one length whatever was sent, and no address in memory.
    private static string KeyOf(string email) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(email.Trim().ToUpperInvariant())));

    private static bool Allows(PartitionedRateLimiter<string> limiter, string key, int permits)
    {
        using var lease = limiter.AttemptAcquire(key, permits);
        return lease.IsAcquired;
    }

    private static PartitionedRateLimiter<string> Limiter(int most) => PartitionedRateLimiter.Create<string, string>(key =>
        RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions { PermitLimit = most, Window = Window, QueueLimit = 0 }));
}
