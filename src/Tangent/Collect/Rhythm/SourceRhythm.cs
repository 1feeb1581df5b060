namespace Tangent.Collect;

public enum RhythmState
{
    /// <summary>The source is too young, or too quiet, to have a rhythm.</summary>
    Unknown,
    Usual,
    Low,
    High,

    /// <summary>Nothing came, though something should have.</summary>
    Silent,
}

/// <summary>
/// The events of a source in the last 24 full hours, and how many are usual: for each hour the median of the same hour of the week in the
/// four weeks before. Two of these weeks must be known.
/// </summary>
/// <param name="State">How the two compare.</param>
/// <param name="Events">Events of the last 24 full hours, by the time they happened.</param>
/// <param name="Usual">The sum of the medians; 0 where there is no rhythm.</param>
/// <param name="Hours">Events by hour, the oldest first.</param>
/// <param name="UsualHours">The median of each hour; empty where there is no rhythm.</param>
public sealed record SourceRhythm(RhythmState State, long Events, double Usual, IReadOnlyList<long> Hours, IReadOnlyList<double> UsualHours)
{
    public const int Hours24 = 24;
    public const int Weeks = 4;
    public const int HoursOfAWeek = 168;

    /// <summary>Hours that are looked at: a day, and four weeks before it.</summary>
    public const int HoursInAll = Weeks * HoursOfAWeek + Hours24;

    private const int LeastWeeks = 2;

    // Under ten a day every number is usual.
    private const double Least = 10;

    /// <param name="counts">Events of each of the last <see cref="HoursInAll"/> full hours, the oldest first.</param>
    /// <param name="firstHour">The hour (as an index, also below 0) in which the source's first event happened.</param>
    internal static SourceRhythm Of(IReadOnlyList<long> counts, int firstHour)
    {
        long[] hours = [.. counts.Skip(HoursInAll - Hours24)];
        var weeks = Enumerable.Range(1, Weeks).Count(week => HoursInAll - Hours24 - week * HoursOfAWeek >= firstHour);
        if (weeks < LeastWeeks) return new SourceRhythm(RhythmState.Unknown, hours.Sum(), 0, hours, []);
        double[] usual = [.. Enumerable.Range(0, Hours24).Select(hour => Median([.. Enumerable.Range(1, weeks).Select(week => counts[HoursInAll - Hours24 + hour - week * HoursOfAWeek])]))];
        return new SourceRhythm(Compare(hours.Sum(), usual.Sum()), hours.Sum(), usual.Sum(), hours, usual);
    }

    /// <summary>Half or double the usual number, and more than three standard deviations of a Poisson number away from it.</summary>
    private static RhythmState Compare(long events, double usual)
    {
        if (usual < Least) return RhythmState.Unknown;
        if (events == 0) return RhythmState.Silent;
        if (Math.Abs(events - usual) <= 3 * Math.Sqrt(usual)) return RhythmState.Usual;
        return events < usual / 2 ? RhythmState.Low : events > usual * 2 ? RhythmState.High : RhythmState.Usual;
    }

    private static double Median(long[] values)
    {
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2.0;
    }
}
