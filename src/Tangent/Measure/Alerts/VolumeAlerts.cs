using Tangent.Collect;

namespace Tangent.Measure;

/// <summary>Events of a touchpoint, day by day, the last being yesterday.</summary>
internal sealed record DailyVolume(string Touchpoint, IReadOnlyList<long> Events);

/// <summary>
/// Touchpoints from which nothing comes any more. How many events a day should bring is known by its kind, weekday or holiday, from the eight weeks before the last event. The days without an event are
/// measured in events that should have come: so a shop that is closed on Sundays, a quiet night, or a letter once a month are no silence.
/// </summary>
internal static class VolumeAlerts
{
    /// <summary>Days looked at.</summary>
    public const int Days = 182;

    private const int UsualDays = 56, LeastEvents = 30, Holiday = 7;

    // What was quiet for so much before, may be so again.
    private const double OfLongest = 2;

    // Events come in bunches: a campaign, a delivery, a crowd. So many count as one where nothing tells how large bunches are.
    private const double LeastBunch = 2;

    /// <param name="volumes">All touchpoints.</param>
    /// <param name="today">The day that is not over yet.</param>
    /// <param name="isHoliday">Whether the company rests.</param>
    public static IEnumerable<Finding> Stopped(IReadOnlyList<DailyVolume> volumes, DateOnly today, Func<DateOnly, bool> isHoliday)
    {
        var kinds = Enumerable.Range(0, Days).Select(i => today.AddDays(i - Days)).Select(d => isHoliday(d) ? Holiday : (int)d.DayOfWeek).ToArray();
        var looked = volumes.Select(v => (Volume: v, Silence: Of(v.Events, kinds))).Where(v => v.Silence is not null).ToList();
        var company = new DailyVolume("", [.. Enumerable.Range(0, Days).Select(i => volumes.Sum(v => v.Events[i]))]);
        // Where nothing comes from anywhere there is one cause, not one for each touchpoint.
        if (Of(company.Events, kinds) is { } all && Found(company, all, 1, today) is { } nothing)
        {
            yield return nothing;
            yield break;
        }

        foreach (var (volume, silence) in looked)
            if (Found(volume, silence!, looked.Count, today) is { } found) yield return found;
    }

    private static Finding? Found(DailyVolume volume, Silence silence, int looked, DateOnly today)
    {
        if (silence.Days == 0) return null;
        var p = Math.Exp(-silence.Expected / silence.Bunch);
        var chance = Math.Min(1, p * looked);
        if (p > ScoreAlerts.GoesOn) return null;
        return new Finding(
            new AlertCause(AlertKind.Stopped, volume.Touchpoint, Metric.None), today.AddDays(-silence.Days), today.AddDays(-1), today.AddDays(-silence.Days - UsualDays),
            silence.Days, silence.Expected, 0, chance, chance <= ScoreAlerts.Begins && silence.Expected > OfLongest * silence.Longest);
    }

    /// <param name="Days">Without an event, up to yesterday.</param>
    /// <param name="Expected">Events that should have come in them.</param>
    /// <param name="Longest">The same of the longest silence before.</param>
    /// <param name="Bunch">How many events come together.</param>
    private sealed record Silence(int Days, double Expected, double Longest, double Bunch);

    /// <returns>Null where too little is known.</returns>
    private static Silence? Of(IReadOnlyList<long> events, int[] kinds)
    {
        var (first, last) = (0, events.Count - 1);
        while (last >= 0 && events[last] == 0) last--;
        while (first < last && events[first] == 0) first++;
        var from = Math.Max(first, last + 1 - UsualDays);
        if (last - first + 1 < UsualDays || Sum(events, from, last) < LeastEvents) return null;
        var usual = Usual(events, kinds, from, last);
        var (longest, silent, variance, mean) = (0.0, 0.0, 0.0, 0.0);
        for (var day = first; day <= last; day++)
        {
            silent = events[day] == 0 ? silent + usual[kinds[day]] : 0;
            longest = Math.Max(longest, silent);
            if (day < from) continue;
            variance += Math.Pow(events[day] - usual[kinds[day]], 2);
            mean += usual[kinds[day]];
        }

        var expected = 0.0;
        for (var day = last + 1; day < events.Count; day++) expected += usual[kinds[day]];
        return new Silence(events.Count - 1 - last, expected, longest, Math.Max(LeastBunch, variance / mean));
    }

    /// <summary>Mean of each kind of day. Of holidays there are few: they are taken for Sundays where there was none.</summary>
    private static double[] Usual(IReadOnlyList<long> events, int[] kinds, int from, int last)
    {
        var (sums, days) = (new double[8], new int[8]);
        for (var day = from; day <= last; day++)
        {
            sums[kinds[day]] += events[day];
            days[kinds[day]]++;
        }

        var usual = sums.Select((sum, kind) => days[kind] == 0 ? 0 : sum / days[kind]).ToArray();
        if (days[Holiday] == 0) usual[Holiday] = usual[(int)DayOfWeek.Sunday];
        return usual;
    }

    private static long Sum(IReadOnlyList<long> events, int from, int last)
    {
        long sum = 0;
        for (var day = from; day <= last; day++) sum += events[day];
        return sum;
    }
}
