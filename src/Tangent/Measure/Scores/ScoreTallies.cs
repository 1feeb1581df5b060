using Tangent.Collect;
using Tangent.Data;

namespace Tangent.Measure;

/// <summary>How many gave each score, of one touchpoint, metric and group.</summary>
internal sealed class ScoreCell(int touchpoint, Metric metric, int group, int points)
{
    public int Touchpoint { get; } = touchpoint;

    public Metric Metric { get; } = metric;

    public int Group { get; } = group;

    public long[] Now { get; } = new long[ScoreFormulas.Scores];

    public long[] Before { get; } = new long[ScoreFormulas.Scores];

    /// <summary>Point by point.</summary>
    public long[] Trend { get; } = new long[points * ScoreFormulas.Scores];
}

/// <summary>Goes through the answers once.</summary>
/// <param name="now">The period, in milliseconds.</param>
/// <param name="before">The one compared with.</param>
/// <param name="starts">Beginnings of the weeks or months.</param>
/// <param name="only">The one metric that is counted; null: all.</param>
internal sealed class ScoreTallies(FeedbackColumns columns, ScoreScope scope, (long From, long Before) now, (long From, long Before)? before, long[] starts, Metric? only)
{
    private readonly Dictionary<(int, int, int), ScoreCell> _cells = [];

    public IEnumerable<ScoreCell> Cells => _cells.Values;

    public void Count()
    {
        var earlier = before ?? (0, 0);
        ScoreCell? last = null;
        for (var row = 0; row < columns.Count; row++)
        {
            var metric = columns.Metric[row];
            if (metric == 0 || (only is not null && metric != (byte)only)) continue;
            var at = columns.AtMs[row];
            var (isNow, isBefore) = (at >= now.From && at < now.Before, at >= earlier.From && at < earlier.Before);
            if ((!isNow && !isBefore) || !scope.Has(row) || scope.GroupOf(row) is not (>= 0 and var group)) continue;
            var touchpoint = scope.TouchpointOf[columns.Place[row]];
            if (last is null || last.Touchpoint != touchpoint || (byte)last.Metric != metric || last.Group != group) last = Cell(touchpoint, metric, group);
            var score = columns.Score[row];
            if (isBefore) last.Before[score]++;
            if (!isNow) continue;
            last.Now[score]++;
            if (starts.Length > 0) last.Trend[Point(at) * ScoreFormulas.Scores + score]++;
        }
    }

    private int Point(long at)
    {
        var found = Array.BinarySearch(starts, at);
        return Math.Max(0, found >= 0 ? found : ~found - 1);
    }

    private ScoreCell Cell(int touchpoint, byte metric, int group)
    {
        if (!_cells.TryGetValue((touchpoint, metric, group), out var cell)) _cells.Add((touchpoint, metric, group), cell = new ScoreCell(touchpoint, (Metric)metric, group, starts.Length));
        return cell;
    }
}

/// <summary>Days of the company's time zone as milliseconds since 1970 UTC.</summary>
internal sealed class ScoreDays(TimeZoneInfo zone)
{
    /// <summary>Beginning of the first day and of the one after the last.</summary>
    public (long From, long Before) Span(DateOnly? from, DateOnly? to) =>
        (from is { } first ? StartOf(first) : long.MinValue, to is { } last ? StartOf(last.AddDays(1)) : long.MaxValue);

    public long StartOf(DateOnly day) => zone.StartMsOf(day);

    /// <summary>First days of the weeks (from Monday) or months of the period that have answers, and of those between.</summary>
    public List<DateOnly> Starts(string trend, FeedbackColumns columns, (long From, long Before) period)
    {
        var (least, most) = (long.MaxValue, long.MinValue);
        for (var row = 0; row < columns.Count; row++)
        {
            var at = columns.AtMs[row];
            if (columns.Metric[row] == 0 || at < period.From || at >= period.Before) continue;
            least = Math.Min(least, at);
            most = Math.Max(most, at);
        }

        var starts = new List<DateOnly>();
        if (least > most) return starts;
        var (day, end) = (DayOf(least), DayOf(most));
        day = trend == "week" ? day.AddDays(-(((int)day.DayOfWeek + 6) % 7)) : new DateOnly(day.Year, day.Month, 1);
        for (; day <= end; day = trend == "week" ? day.AddDays(7) : day.AddMonths(1)) starts.Add(day);
        return starts;
    }

    private DateOnly DayOf(long ms) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(ms), zone).DateTime);
}
