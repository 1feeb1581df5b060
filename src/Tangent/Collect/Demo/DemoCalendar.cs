namespace Tangent.Collect;

/// <summary>When things of one kind happen: by weekday and by hour of the day.</summary>
internal enum DemoRhythm
{
    Web,
    Shop,
    Office,
    Parcel,
    Night,
}

/// <summary>The 365 days that the demo company lives through: its seasons, weekdays, opening hours. Local times are those of Berlin, Vienna and Kraków, which are the same.</summary>
internal sealed class DemoCalendar
{
    public const int Days = 365;

    private const long HourMs = 3_600_000;

    // January to December: bicycles sell in spring; a small wave before Christmas.
    private static readonly double[] Season = [0.55, 0.7, 1.15, 1.5, 1.55, 1.4, 1.2, 1.05, 1.0, 0.8, 0.75, 0.85];

    // Monday to Sunday, then 24 hours; 0 = closed.
    private static readonly (double[] Weekdays, double[] Hours)[] Rhythms =
    [
        ([0.9, 0.85, 0.85, 0.85, 0.8, 0.95, 1.0], [1, .5, .3, .2, .2, .4, 1, 2, 3, 3, 3.2, 3.4, 4, 3.6, 3.2, 3.2, 3.6, 4.4, 5.4, 6.4, 7, 6.4, 4.4, 2.2]),
        ([0.55, 0.6, 0.6, 0.65, 0.8, 1.0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 4, 4, 3, 3, 4, 5, 6, 4, 0, 0, 0, 0, 0]),
        ([1.0, 0.85, 0.8, 0.8, 0.75, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 4, 6, 7, 6, 4, 4, 5, 5, 4, 2, 0, 0, 0, 0, 0, 0]),
        ([0.8, 1.0, 1.0, 1.0, 1.0, 0.6, 0], [0, 0, 0, 0, 0, 0, 0, 0, 1, 4, 6, 6, 5, 5, 5, 4, 3, 2, 1, 0, 0, 0, 0, 0]),
        ([1.0, 1.0, 1.0, 1.0, 1.0, 0, 0], [0, 0, 0, 0, 1, 3, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    ];

    private readonly long[] _midnights = new long[Days + 1];
    private readonly double[] _seasonSums = new double[Days + 1];

    /// <param name="end">The first day that is no longer simulated; the last event lies before its midnight.</param>
    public DemoCalendar(DateOnly end)
    {
        End = end;
        First = end.AddDays(-Days);
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        for (var day = 0; day <= Days; day++)
        {
            var local = First.AddDays(day).ToDateTime(TimeOnly.MinValue);
            _midnights[day] = new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUnixTimeMilliseconds();
            if (day < Days) _seasonSums[day + 1] = _seasonSums[day] + Season[local.Month - 1];
        }
    }

    public DateOnly First { get; }

    public DateOnly End { get; }

    public long StartMs => _midnights[0];

    public long EndMs => _midnights[Days];

    public DateOnly Date(int day) => First.AddDays(day);

    public int Day(DateOnly date) => date.DayNumber - First.DayNumber;

    public DayOfWeek Weekday(int day) => First.AddDays(day).DayOfWeek;

    /// <summary>A day from <paramref name="from"/> on, busy seasons more often.</summary>
    public int PickDay(Random random, int from = 0)
    {
        from = Math.Clamp(from, 0, Days - 1);
        var low = _seasonSums[from];
        var index = Array.BinarySearch(_seasonSums, low + (random.NextDouble() * (_seasonSums[Days] - low)));
        return Math.Clamp(index < 0 ? ~index - 1 : index, from, Days - 1);
    }

    /// <summary>Share of the year's business, by season, that lies on <paramref name="from"/> or later.</summary>
    public double ShareFrom(int from) => 1 - (_seasonSums[Math.Clamp(from, 0, Days)] / _seasonSums[Days]);

    /// <summary>A moment on that day, or on the next one that suits the rhythm; days may lie outside the period.</summary>
    public long At(int day, DemoRhythm rhythm, Random random)
    {
        var (weekdays, hours) = Rhythms[(int)rhythm];
        while (random.NextDouble() >= weekdays[((int)Weekday(day) + 6) % 7]) day++;
        var total = 0.0;
        foreach (var weight in hours) total += weight;
        var pick = random.NextDouble() * total;
        var hour = 0;
        while (hour < 23 && (pick -= hours[hour]) >= 0) hour++;
        return Midnight(day) + (hour * HourMs) + random.Next((int)HourMs);
    }

    /// <summary>A moment of the rhythm at least <paramref name="minDays"/> and about <paramref name="maxDays"/> days after <paramref name="after"/>.</summary>
    public long After(long after, int minDays, int maxDays, DemoRhythm rhythm, Random random)
    {
        var at = At(DayOf(after) + random.Next(minDays, maxDays + 1), rhythm, random);
        return at > after ? at : At(DayOf(after) + 1, rhythm, random);
    }

    public int DayOf(long timeMs) => (int)Math.Floor((timeMs - _midnights[0] + HourMs) / (24.0 * HourMs));

    private long Midnight(int day) => day switch
    {
        < 0 => _midnights[0] + (day * 24 * HourMs),
        > Days => _midnights[Days] + ((day - Days) * 24 * HourMs),
        _ => _midnights[day],
    };
}
