using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;

namespace Tangent.Access;

/// <summary>One-time codes of an authenticator app (RFC 6238: HMAC-SHA-1, 30 seconds, six digits), one period early or late allowed, each code once: RFC 6238 section 5.2.</summary>
internal sealed class OneTimeCodes(UserQueries queries) : AuthenticatorTokenProvider<User>
{
    private const int Digits = 6;
    private const int Seconds = 30;
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static bool LooksLikeOne(string text) => text.Length == Digits && text.All(char.IsAsciiDigit);

    public static long StepAt(DateTimeOffset at) => at.ToUnixTimeSeconds() / Seconds;

    public override async Task<bool> ValidateAsync(string purpose, string token, UserManager<User> manager, User user)
    {
        if (!LooksLikeOne(token) || await manager.GetAuthenticatorKeyAsync(user) is not { Length: > 0 } key) return false;
        var now = StepAt(DateTimeOffset.UtcNow);
        for (var step = now - 1; step <= now + 1; step++)
        {
            if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Code(key, step)), Encoding.ASCII.GetBytes(token))) continue;
            if (!await queries.UseTotpStepAsync(user.Id, step, CancellationToken.None)) return false;
            // Identity writes the whole user back afterwards.
            user.TotpStep = step;
            return true;
        }

        return false;
    }

    /// <summary>The code of a period (RFC 4226 section 5.3).</summary>
    public static string Code(string key, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
#pragma warning disable CA5350 // What authenticator apps speak; HMAC does not suffer from SHA-1's collisions.
        var hash = HMACSHA1.HashData(FromBase32(key), counter);
#pragma warning restore CA5350
        var binary = BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(hash[^1] & 15)) & int.MaxValue;
        return (binary % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    private static byte[] FromBase32(string text)
    {
        var bytes = new byte[text.Length * 5 / 8];
        var (bits, count, at) = (0, 0, 0);
        foreach (var c in text)
        {
            bits = (bits << 5) | Base32.IndexOf(char.ToUpperInvariant(c), StringComparison.Ordinal);
            count += 5;
            if (count < 8) continue;
            count -= 8;
            bytes[at++] = (byte)(bits >> count);
            bits &= (1 << count) - 1;
        }

        return bytes;
    }
}
