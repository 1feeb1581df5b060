namespace Tangent.Data;

/// <summary>The working time of some years added up once, so that each of a million differences costs two searches instead of a walk through its days.</summary>
internal sealed class WorkedTime
{
    private readonly List<(long StartMs, long EndMs, long BeforeMs)> _spans = [];

    /// <param name="company">Its hours, holidays and time zone.</param>
    /// <param name="fromMs">From when on it is asked, in milliseconds since 1970 UTC.</param>
    /// <param name="toMs">Until when.</param>
    public WorkedTime(CompanyOptions company, long fromMs, long toMs)
    {
        var zone = company.Zone();
        var before = 0L;
        foreach (var (start, end) in new BusinessCalendar(company).Worked(zone.DayOf(Utc(fromMs)), zone.DayOf(Utc(toMs))))
        {
            var (startMs, endMs) = (new DateTimeOffset(start).ToUnixTimeMilliseconds(), new DateTimeOffset(end).ToUnixTimeMilliseconds());
            _spans.Add((startMs, endMs, before));
            before += Math.Max(0, endMs - startMs);
        }
    }

    /// <summary>Working time between two moments, in milliseconds; 0 where the second is not later.</summary>
    public long Between(long fromMs, long toMs) => Math.Max(0, Until(toMs) - Until(fromMs));

    private long Until(long ms)
    {
        var (low, high) = (0, _spans.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_spans[middle].StartMs <= ms) low = middle + 1;
            else high = middle;
        }

        if (low == 0) return 0;
        var (start, end, before) = _spans[low - 1];
        return before + Math.Max(0, Math.Min(ms, end) - start);
    }

    private static DateTime Utc(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime;
}
