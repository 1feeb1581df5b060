using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Tangent.Collect;

/// <summary>Which number of a date means what.</summary>
internal enum DateOrder
{
    YearFirst,
    DayFirst,
    MonthFirst,
    UnixSeconds,
    UnixMilliseconds,

    /// <summary>Month names and the like, read by the invariant culture; slower.</summary>
    Text,
}

/// <summary>Reads the dates of one column. A date without offset is a local time of <paramref name="zone"/>.</summary>
internal sealed class DateFormat(DateOrder order, TimeZoneInfo zone)
{
    private const long QuarterHourTicks = 15 * TimeSpan.TicksPerMinute;

    // Offsets change on a quarter of an hour at the finest; each is asked for once, whatever order the rows are in.
    private const int CachedQuarters = 1 << 14;
    private static readonly CultureInfo[] Spoken = [CultureInfo.InvariantCulture, CultureInfo.GetCultureInfo("de"), CultureInfo.GetCultureInfo("pl")];

    private readonly (long Quarter, long OffsetTicks)[] _cached = order is DateOrder.UnixSeconds or DateOrder.UnixMilliseconds ? [] : new (long, long)[CachedQuarters];

    public DateOrder Order => order;

    public TimeZoneInfo Zone => zone;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryParse(ReadOnlySpan<byte> text, out long utcTicks)
    {
        utcTicks = 0;
        if (order is DateOrder.UnixSeconds or DateOrder.UnixMilliseconds) return TryParseUnix(text, out utcTicks);
        if (!TryParse(text, order, out var parts)) return false;
        utcTicks = parts.OffsetMinutes is { } minutes
            ? parts.Ticks - (minutes * TimeSpan.TicksPerMinute)
            : parts.Ticks - LocalOffset(parts.Ticks);
        return utcTicks >= 0 && utcTicks <= DateTime.MaxValue.Ticks;
    }

    /// <summary>Whether a value is a date by itself, in whatever form.</summary>
    public static bool IsDate(ReadOnlySpan<byte> text) => TryParse(text, DateOrder.YearFirst, out _) || TryParse(text, DateOrder.DayFirst, out _) || TryParse(text, DateOrder.MonthFirst, out _) || Spelled(text, out _);

    /// <summary>Reads a date of the column, or one that is written otherwise than the others and can be read in one way only.</summary>
    public bool TryParseAny(ReadOnlySpan<byte> text, out long utcTicks)
    {
        if (TryParse(text, out utcTicks)) return true;
        if (Unmistakable(text) is not { } parts) return false;
        utcTicks = parts.OffsetMinutes is { } minutes ? parts.Ticks - (minutes * TimeSpan.TicksPerMinute) : parts.Ticks - zone.GetUtcOffset(new DateTime(parts.Ticks, DateTimeKind.Unspecified)).Ticks;
        return utcTicks >= 0 && utcTicks <= DateTime.MaxValue.Ticks;
    }

    private static (long Ticks, int? OffsetMinutes)? Unmistakable(ReadOnlySpan<byte> text)
    {
        if (TryParse(text, DateOrder.YearFirst, out var parts)) return parts;
        var (day, month) = (TryParse(text, DateOrder.DayFirst, out var dayFirst), TryParse(text, DateOrder.MonthFirst, out var monthFirst));
        // Nobody writes the month first with full stops.
        if (day && (!month || dayFirst.Ticks == monthFirst.Ticks || text[..Math.Min(text.Length, 6)].Contains((byte)'.'))) return dayFirst;
        if (day || month) return day ? null : monthFirst;
        return Spelled(text, out parts) ? parts : null;
    }

    /// <summary>With month names, in the languages of the program. A bare number or a single word is no date, whatever a culture makes of it.</summary>
    private static bool Spelled(ReadOnlySpan<byte> text, out (long Ticks, int? OffsetMinutes) parts)
    {
        parts = default;
        if (text.Length is < 6 or > 64 || !text.ContainsAnyInRange((byte)'A', (byte)'z') || !text.ContainsAnyInRange((byte)'0', (byte)'9')) return false;
        var written = Encoding.UTF8.GetString(text);
        foreach (var culture in Spoken)
        {
            if (!DateTime.TryParse(written, culture, DateTimeStyles.AllowWhiteSpaces | DateTimeStyles.RoundtripKind | DateTimeStyles.NoCurrentDateDefault, out var date) || date.Year == 1) continue;
            parts = date.Kind == DateTimeKind.Unspecified ? (date.Ticks, null) : (date.ToUniversalTime().Ticks, 0);
            return true;
        }

        return false;
    }

    /// <summary>The parts as written: ticks of the wall clock, and the offset where one is given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryParse(ReadOnlySpan<byte> text, DateOrder order, out (long Ticks, int? OffsetMinutes) parts)
    {
        parts = default;
        if (order == DateOrder.Text) return Spelled(text, out parts);
        var cursor = new DateCursor(text);
        if (!cursor.TryDate(order, out var year, out var month, out var day)) return false;
        if (month is < 1 or > 12 || year is < 1 or > 9999 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        if (!cursor.TryTime(out var timeTicks) || !cursor.TryOffset(out var offset) || !cursor.AtEnd) return false;
        parts = (new DateTime(year, month, day).Ticks + timeTicks, offset);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long LocalOffset(long localTicks)
    {
        // The first quarter of the year 1 has the number 0, which no date that is taken lies in.
        var quarter = localTicks / QuarterHourTicks;
        ref var cached = ref _cached[(int)quarter & (CachedQuarters - 1)];
        if (cached.Quarter != quarter) cached = (quarter, zone.GetUtcOffset(new DateTime(localTicks, DateTimeKind.Unspecified)).Ticks);
        return cached.OffsetTicks;
    }

    private bool TryParseUnix(ReadOnlySpan<byte> text, out long utcTicks)
    {
        utcTicks = 0;
        if (!Utf8Parser.TryParse(text, out decimal number, out var read) || read != text.Length) return false;
        var ticks = number * (order == DateOrder.UnixSeconds ? TimeSpan.TicksPerSecond : TimeSpan.TicksPerMillisecond);
        if (ticks < -DateTime.UnixEpoch.Ticks || ticks > DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) return false;
        utcTicks = DateTime.UnixEpoch.Ticks + (long)ticks;
        return true;
    }
}

/// <summary>Walks over the characters of one date.</summary>
internal ref struct DateCursor(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private int _at;
    private bool _compact;

    public readonly bool AtEnd => _at == _text.Length;

    private readonly byte Current => _at < _text.Length ? _text[_at] : (byte)0;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryDate(DateOrder order, out int year, out int month, out int day)
    {
        year = month = day = 0;
        var digits = DigitsAhead();
        if (digits is 8 or 12 or 14 && order == DateOrder.YearFirst)
        {
            _compact = true;
            return Number(4, 4, out year) && Number(2, 2, out month) && Number(2, 2, out day);
        }

        if (order == DateOrder.YearFirst)
            return digits == 4 && Number(4, 4, out year) && Separator() && Number(1, 2, out month) && Separator() && Number(1, 2, out day);
        if (!Number(1, 2, out var first) || !Separator() || !Number(1, 2, out var second) || !Separator()) return false;
        var yearDigits = DigitsAhead();
        if (yearDigits is not (2 or 4) || !Number(2, 4, out year)) return false;
        if (yearDigits == 2) year += year < 50 ? 2000 : 1900;
        (day, month) = order == DateOrder.DayFirst ? (first, second) : (second, first);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryTime(out long ticks)
    {
        ticks = 0;
        if (AtEnd) return true;
        if (Current == 'T' || Current == 't') _at++;
        else if (!(_compact && DigitsAhead() > 0) && !Blanks()) return true;
        if (DigitsAhead() == 0) return AtEnd || IsOffsetAhead();

        int minute, second = 0;
        if (!Number(1, 2, out var hour)) return false;
        if (Current == ':') _at++;
        else if (!_compact) return false;
        if (!Number(2, 2, out minute)) return false;
        if (Current == ':' || (_compact && DigitsAhead() >= 2))
        {
            if (Current == ':') _at++;
            if (!Number(2, 2, out second)) return false;
        }

        if (!TryFraction(out var fraction) || !TryHalfOfDay(ref hour)) return false;
        // 24:00 ends a day; a leap second counts as the second before it.
        if (hour > 24 || minute > 59 || second > 60 || (hour == 24 && (minute > 0 || second > 0))) return false;
        ticks = (((((hour * 60L) + minute) * 60) + Math.Min(second, 59)) * TimeSpan.TicksPerSecond) + fraction;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryOffset(out int? minutes)
    {
        minutes = null;
        Blanks();
        if (AtEnd) return true;
        var word = _text[_at..];
        if (word.SequenceEqual("Z"u8) || word.SequenceEqual("z"u8) || word.SequenceEqual("UTC"u8) || word.SequenceEqual("GMT"u8))
        {
            _at = _text.Length;
            minutes = 0;
            return true;
        }

        if (Current is not ((byte)'+' or (byte)'-')) return false;
        var sign = Current == '-' ? -1 : 1;
        _at++;
        var minute = 0;
        if (!Number(2, 2, out var hour)) return false;
        if (Current == ':') _at++;
        if (!AtEnd && !Number(2, 2, out minute)) return false;
        minutes = sign * ((hour * 60) + minute);
        return hour <= 18 && minute <= 59;
    }

    private readonly bool IsOffsetAhead() => Current is (byte)'+' or (byte)'-' or (byte)'Z' or (byte)'z' or (byte)'U' or (byte)'G';

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryFraction(out long ticks)
    {
        ticks = 0;
        if (Current is not ((byte)'.' or (byte)',')) return true;
        _at++;
        var digits = DigitsAhead();
        if (digits == 0) return false;
        for (var i = 0; i < 7; i++)
            ticks = (ticks * 10) + (i < digits ? _text[_at + i] - '0' : 0);
        _at += digits;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryHalfOfDay(ref int hour)
    {
        var rest = _text[_at..].TrimStart((byte)' ');
        if (rest.Length < 2 || (rest[1] | 0x20) != 'm' || (rest[0] | 0x20) is not ('a' or 'p')) return true;
        if (hour is < 1 or > 12) return false;
        hour = (hour % 12) + ((rest[0] | 0x20) == 'p' ? 12 : 0);
        _at = _text.Length - rest.Length + 2;
        return true;
    }

    private bool Blanks()
    {
        var before = _at;
        if (Current == ',') _at++;
        while (Current == ' ') _at++;
        return _at > before;
    }

    private bool Separator()
    {
        if (Current is not ((byte)'-' or (byte)'.' or (byte)'/')) return false;
        _at++;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly int DigitsAhead()
    {
        var i = _at;
        while (i < _text.Length && (uint)(_text[i] - '0') <= 9) i++;
        return i - _at;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Number(int least, int most, out int value)
    {
        value = 0;
        var start = _at;
        while (_at < _text.Length && _at - start < most && (uint)(_text[_at] - '0') <= 9) value = (value * 10) + (_text[_at++] - '0');
        return _at - start >= least;
    }
}
