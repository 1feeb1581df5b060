using System.Text;

namespace Tangent.Collect;

/// <summary>What the dates of a column look like, decided by all the values seen.</summary>
internal sealed class DateDetection
{
    private static readonly DateOrder[] Calendars = [DateOrder.YearFirst, DateOrder.DayFirst, DateOrder.MonthFirst];

    private readonly long[] _parsed = new long[Enum.GetValues<DateOrder>().Length];
    private (long Least, long Most) _dayFirst = (long.MaxValue, long.MinValue);
    private (long Least, long Most) _monthFirst = (long.MaxValue, long.MinValue);
    private string _longest = "";
    private bool _dots;
    private bool _differ;
    private DateOrder? _decided;

    /// <summary>Values that were not blank.</summary>
    public long Seen { get; private set; }

    /// <summary>Some values have an offset of their own.</summary>
    public bool HasOffset { get; private set; }

    /// <summary>The order that reads the most values.</summary>
    public DateOrder Order
    {
        get
        {
            var (day, month) = (Parsed(DateOrder.DayFirst), Parsed(DateOrder.MonthFirst));
            var best = Parsed(DateOrder.YearFirst) >= Math.Max(day, month) ? DateOrder.YearFirst : IsEither(day, month) && _decided is { } said ? said : DayOrMonth(day, month);
            foreach (var order in (DateOrder[])[DateOrder.UnixSeconds, DateOrder.UnixMilliseconds, DateOrder.Text])
                if (Parsed(order) > Parsed(best)) best = order;
            return best;
        }
    }

    /// <summary>Share of the values that <see cref="Order"/> reads, 0 to 1.</summary>
    public double Share => Seen == 0 ? 0 : (double)Parsed(Order) / Seen;

    /// <summary>Every value can be read with the day first as well as with the month first, it makes a difference, and nobody said which.</summary>
    public bool Ambiguous => _decided is null && Order is DateOrder.DayFirst or DateOrder.MonthFirst && IsEither(Parsed(DateOrder.DayFirst), Parsed(DateOrder.MonthFirst));

    private long Parsed(DateOrder order) => _parsed[(int)order];

    /// <summary>Says which comes first where the values leave it open.</summary>
    public void Decide(bool dayFirst) => _decided = dayFirst ? DateOrder.DayFirst : DateOrder.MonthFirst;

    /// <summary>Whether a value is another day with the day first than with the month first.</summary>
    public static bool IsDoubtful(ReadOnlySpan<byte> value) =>
        DateFormat.TryParse(value, DateOrder.DayFirst, out var day) && DateFormat.TryParse(value, DateOrder.MonthFirst, out var month) && day.Ticks != month.Ticks;

    public void Add(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty) return;
        Seen++;
        var (any, dayTicks) = (false, -1L);
        foreach (var order in Calendars)
        {
            if (!DateFormat.TryParse(value, order, out var parts)) continue;
            any = true;
            _parsed[(int)order]++;
            HasOffset |= parts.OffsetMinutes is not null;
            if (order == DateOrder.DayFirst) (_dayFirst, dayTicks) = (Widen(_dayFirst, parts.Ticks), parts.Ticks);
            if (order == DateOrder.MonthFirst && dayTicks >= 0) _differ |= parts.Ticks != dayTicks;
            if (order == DateOrder.MonthFirst) _monthFirst = Widen(_monthFirst, parts.Ticks);
            if (order == DateOrder.DayFirst) _dots = value[..Math.Min(value.Length, 6)].Contains((byte)'.');
        }

        if (any || AddUnix(value) || AddText(value)) Remember(value);
    }

    /// <summary>The pattern to show, for example <c>dd.MM.yyyy HH:mm:ss</c>.</summary>
    public string Describe() => Order switch
    {
        DateOrder.UnixSeconds => "Unix seconds",
        DateOrder.UnixMilliseconds => "Unix milliseconds",
        DateOrder.Text => _longest,
        _ => Pattern(_longest, Order),
    };

    private bool IsEither(long day, long month) => day == month && _differ && !_dots;

    private DateOrder DayOrMonth(long day, long month)
    {
        if (day != month) return day > month ? DateOrder.DayFirst : DateOrder.MonthFirst;
        if (_dots || day == 0) return DateOrder.DayFirst;
        // Both read everything: real data lies closer together than its mirror image.
        return _monthFirst.Most - _monthFirst.Least < _dayFirst.Most - _dayFirst.Least ? DateOrder.MonthFirst : DateOrder.DayFirst;
    }

    private bool AddUnix(ReadOnlySpan<byte> value)
    {
        var whole = value.IndexOfAnyExceptInRange((byte)'0', (byte)'9') is var end and >= 0 ? end : value.Length;
        if (whole < value.Length && (value[whole] != '.' || value[(whole + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9'))) return false;
        if (whole is 9 or 10) _parsed[(int)DateOrder.UnixSeconds]++;
        else if (whole is 12 or 13) _parsed[(int)DateOrder.UnixMilliseconds]++;
        else return false;
        HasOffset = true;
        return true;
    }

    private bool AddText(ReadOnlySpan<byte> value)
    {
        if (!DateFormat.TryParse(value, DateOrder.Text, out var parts)) return false;
        HasOffset |= parts.OffsetMinutes is not null;
        _parsed[(int)DateOrder.Text]++;
        return true;
    }

    private void Remember(ReadOnlySpan<byte> value)
    {
        if (value.Length > _longest.Length) _longest = Encoding.UTF8.GetString(value);
    }

    private static (long Least, long Most) Widen((long Least, long Most) range, long ticks) =>
        (Math.Min(range.Least, ticks), Math.Max(range.Most, ticks));

    private static string Pattern(string sample, DateOrder order)
    {
        var letters = order switch { DateOrder.YearFirst => "yMd", DateOrder.DayFirst => "dMy", _ => "Mdy" } + "Hms";
        var pattern = new StringBuilder();
        var part = 0;
        for (var i = 0; i < sample.Length;)
        {
            var digits = sample.AsSpan(i).IndexOfAnyExceptInRange('0', '9') is var n and >= 0 ? n : sample.Length - i;
            if (digits == 0)
            {
                if (part >= 4 && sample[i] is '+' or '-' && part > 3) return pattern.Append("zzz").ToString();
                if (part >= 4 && sample[i] is 'Z' or 'z') return pattern.Append('Z').ToString();
                if (char.ToLowerInvariant(sample[i]) is 'a' or 'p' && part >= 4) return pattern.Append("tt").ToString();
                pattern.Append(sample[i++]);
                continue;
            }

            if (digits is 8 or 12 or 14 && part == 0)
            {
                pattern.Append("yyyyMMddHHmmss"[..digits]);
                part = digits == 8 ? 3 : 6;
            }
            else if (digits is 4 or 6 && part == 3)
            {
                pattern.Append("HHmmss"[..digits]);
                part = 6;
            }
            else if (part < letters.Length) pattern.Append(letters[part++], digits);
            else pattern.Append('f', digits);
            i += digits;
        }

        return pattern.ToString();
    }
}
