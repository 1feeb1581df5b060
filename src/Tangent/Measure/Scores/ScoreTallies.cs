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
        var voices = scope.AreAccounts ? new AccountVoices() : null;
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
            if (voices is not null)
            {
                var who = (scope.AccountOf(row), scope.CustomerOf(row));
                if (isBefore) voices.Hear(last.Before, 0, who, score);
                if (isNow) voices.Hear(last.Now, 0, who, score);
                if (isNow && starts.Length > 0) voices.Hear(last.Trend, Point(at) * ScoreFormulas.Scores, who, score);
                continue;
            }

            if (isBefore) last.Before[score]++;
            if (!isNow) continue;
            last.Now[score]++;
            if (starts.Length > 0) last.Trend[Point(at) * ScoreFormulas.Scores + score]++;
        }

        voices?.Count();
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

/// <summary>
/// Of accounts each is one voice, however many members it has and whatever they have said: the mean of its members, each the mean of what the
/// member said, on the nearest point of the scale (of two, the even one, so that halves pull neither up nor down).
/// </summary>
internal sealed class AccountVoices
{
    private readonly List<long[]> _counts = [];
    private readonly Dictionary<long[], int> _numbers = new(ReferenceEqualityComparer.Instance);
    private readonly List<Voice> _heard = [];
    private readonly List<int> _scores = [];

    /// <summary>One answer of a member.</summary>
    /// <param name="Counts">Number of the counts that the account's voice is one of.</param>
    /// <param name="At">From which place of them on.</param>
    private readonly record struct Voice(int Counts, int At, int Account, int Customer);

    /// <summary>Takes one answer of a member; the account's voice is counted from a place on.</summary>
    public void Hear(long[] counts, int at, (int Account, int Customer) who, int score)
    {
        if (!_numbers.TryGetValue(counts, out var number))
        {
            _numbers.Add(counts, number = _counts.Count);
            _counts.Add(counts);
        }

        _heard.Add(new Voice(number, at, who.Account, who.Customer));
        _scores.Add(score);
    }

    public void Count()
    {
        var (heard, scores, members) = (_heard.ToArray(), _scores.ToArray(), new List<double>());
        Array.Sort(heard, scores, Comparer<Voice>.Create((a, b) => (a.Counts, a.At, a.Account, a.Customer).CompareTo((b.Counts, b.At, b.Account, b.Customer))));
        for (int start = 0, end; start < heard.Length; start = end)
        {
            var voice = heard[start];
            members.Clear();
            for (end = start; end < heard.Length && heard[end] with { Customer = 0 } == voice with { Customer = 0 };)
            {
                var (member, said, answers) = (heard[end], 0, 0);
                for (; end < heard.Length && heard[end] == member; end++, answers++) said += scores[end];
                members.Add((double)said / answers);
            }

            _counts[voice.Counts][voice.At + Of(members)]++;
        }
    }

    /// <summary>The voice of an account whose members are of these means.</summary>
    public static int Of(IEnumerable<double> members) => (int)Math.Round(members.Average(), MidpointRounding.ToEven);
}

/// <summary>Days of the company's time zone as milliseconds since 1970 UTC.</summary>
internal sealed class ScoreDays(TimeZoneInfo zone)
{
    /// <summary>Beginning of the first day and of the one after the last.</summary>
    public (long From, long Before) Span(DateOnly? from, DateOnly? to) =>
        (from is { } first ? StartOf(first) : long.MinValue, to is { } last && last < DateOnly.MaxValue ? StartOf(last.AddDays(1)) : long.MaxValue);

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
