namespace Tangent.Data;

/// <summary>When the company works: its hours, without national and own holidays, in its time zone.</summary>
internal sealed class BusinessCalendar
{
    private readonly CompanyOptions _company;
    private readonly TimeZoneInfo _zone;
    private readonly WorkingHours _hours;
    private readonly OwnHolidays _own;
    private readonly Dictionary<int, Dictionary<DateOnly, string>> _national = [];

    public BusinessCalendar(CompanyOptions company)
    {
        (_company, _zone) = (company, company.Zone());
        (_hours, _own) = (WorkingHours.Read(company.Hours), OwnHolidays.Read(company.Holidays));
    }

    public WorkingHours Hours => _hours;

    /// <summary>Holidays of a year, national and own, in their order.</summary>
    public IReadOnlyList<Holiday> HolidaysOf(int year)
    {
        var first = new DateOnly(year, 1, 1);
        return [.. Enumerable.Range(0, first.AddYears(1).DayNumber - first.DayNumber).Select(first.AddDays)
            .Select(day => National(day) is { } name ? new Holiday(day, name) : _own.Has(day) ? new Holiday(day, "Own") : null).OfType<Holiday>()];
    }

    public bool IsHoliday(DateOnly day) => National(day) is not null || _own.Has(day);

    /// <summary>What of a day is worked, in minutes since midnight.</summary>
    public IReadOnlyList<WorkingSpan> SpansOf(DateOnly day) => IsHoliday(day) ? [] : _hours.Of(day.DayOfWeek);

    /// <summary>Working time between two moments; 0 where the second is not later. Real time: an hour that the clock skips is not worked.</summary>
    public TimeSpan Between(DateTime fromUtc, DateTime toUtc)
    {
        var worked = TimeSpan.Zero;
        if (toUtc <= fromUtc) return worked;
        foreach (var (start, end) in Worked(_zone.DayOf(fromUtc), _zone.DayOf(toUtc)))
        {
            var (from, to) = (start > fromUtc ? start : fromUtc, end < toUtc ? end : toUtc);
            if (to > from) worked += to - from;
        }

        return worked;
    }

    /// <summary>When the company works, from the first day to the last, UTC.</summary>
    public IEnumerable<(DateTime Start, DateTime End)> Worked(DateOnly first, DateOnly last)
    {
        for (var day = first; day <= last; day = day.AddDays(1))
            foreach (var span in SpansOf(day)) yield return (Utc(day, span.Start), Utc(day, span.End));
    }

    private DateTime Utc(DateOnly day, int minutes) => _zone.ToUtc(day.ToDateTime(TimeOnly.MinValue).AddMinutes(minutes));

    private string? National(DateOnly day)
    {
        if (!_national.TryGetValue(day.Year, out var days)) _national[day.Year] = days = Holidays.Of(_company.HolidayCountry, day.Year).GroupBy(h => h.Day).ToDictionary(g => g.Key, g => g.First().Name);
        return days.GetValueOrDefault(day);
    }
}
