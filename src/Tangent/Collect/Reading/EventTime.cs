using System.Runtime.CompilerServices;

namespace Tangent.Collect;

/// <summary>What an event says of its time: when it happened, by its sender's clock, and when that clock says it was sent.</summary>
internal readonly record struct EventTime(long? HappenedMs, long? SentMs)
{
    /// <summary>When it happened by the server's clock.</summary>
    /// <param name="sentMs">The sender's clock when it sent the batch; null: the event's own sending, where it has one.</param>
    /// <param name="kind">Times of an import are taken as they are.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Corrected(long receivedMs, long? sentMs, LogKind kind)
    {
        if (HappenedMs is not { } happened) return receivedMs;
        var sent = kind == LogKind.Events ? sentMs ?? SentMs : null;
        return sent is null ? happened : receivedMs - sent.Value + happened;
    }

    /// <summary>An event of the calls does not lie after it was received.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Clamped(long correctedMs, long receivedMs, LogKind kind) => kind == LogKind.Events ? Math.Min(correctedMs, receivedMs) : correctedMs;

    /// <summary>Reads the form that senders use, <c>2026-05-04T12:30:00.000Z</c>; false for any other, which may be a time all the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryRead(ReadOnlySpan<byte> text, out long ms)
    {
        ms = 0;
        if (text.Length is < 20 or > 28 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[^1] != 'Z') return false;
        int year = (Two(text, 0) * 100) + Two(text, 2), month = Two(text, 5), day = Two(text, 8), hour = Two(text, 11), minute = Two(text, 14), second = Two(text, 17);
        // A place without a digit makes its number negative or larger than any of these.
        if (year is < 1 or > 9999 || Two(text, 0) < 0 || Two(text, 2) < 0 || month is < 1 or > 12 || day < 1 || hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 59) return false;
        if (day > 28 && day > DateTime.DaysInMonth(year, month)) return false;
        var fraction = 0;
        if (text.Length > 20)
        {
            if (text[19] != '.' || text.Length == 21) return false;
            for (var i = 20; i < text.Length - 1; i++)
            {
                var digit = text[i] - '0';
                if ((uint)digit > 9) return false;
                if (i < 23) fraction = (fraction * 10) + digit;
            }

            for (var i = text.Length - 1; i < 23; i++) fraction *= 10;
        }

        ms = ((new DateTime(year, month, day, hour, minute, second).Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond) + fraction;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Two(ReadOnlySpan<byte> text, int at)
    {
        int tens = text[at] - '0', ones = text[at + 1] - '0';
        return (uint)tens <= 9 && (uint)ones <= 9 ? (tens * 10) + ones : -10_000;
    }
}
