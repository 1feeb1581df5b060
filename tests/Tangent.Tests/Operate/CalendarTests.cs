using System.Globalization;
using Tangent.Data;

namespace Tangent.Tests.Operate;

public sealed class CalendarTests
{
    /// <summary>In Cairo the clock went from midnight to one on 24 April 2026; on other days it does not.</summary>
    [Theory]
    [InlineData("2026-04-23", "2026-04-22T22:00:00Z")]
    [InlineData("2026-04-24", "2026-04-23T22:00:00Z")]
    [InlineData("2026-04-25", "2026-04-24T21:00:00Z")]
    public void A_day_whose_midnight_is_skipped_begins_when_the_clock_goes_on(string day, string begins)
    {
        var (zone, start) = (TimeZoneInfo.FindSystemTimeZoneById("Africa/Cairo"), DateTime.Parse(begins, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal));
        zone.StartOf(DateOnly.Parse(day, CultureInfo.InvariantCulture)).ShouldBe(start);
        zone.DayOf(start).ShouldBe(DateOnly.Parse(day, CultureInfo.InvariantCulture));
    }

    /// <summary>Dates as published by the United States Naval Observatory.</summary>
    [Theory]
    [InlineData("1961-04-02")]
    [InlineData("2000-04-23")]
    [InlineData("2008-03-23")]
    [InlineData("2011-04-24")]
    [InlineData("2024-03-31")]
    [InlineData("2025-04-20")]
    [InlineData("2026-04-05")]
    [InlineData("2027-03-28")]
    [InlineData("2038-04-25")]
    public void Easter_is_where_the_tables_have_it(string day)
    {
        var easter = DateOnly.Parse(day, CultureInfo.InvariantCulture);
        Holidays.Easter(easter.Year).ShouldBe(easter);
    }

    [Theory]
    [InlineData("DE", 2026, 9, "2026-04-03 2026-04-06 2026-05-14 2026-05-25 2026-10-03")]
    [InlineData("AT", 2026, 13, "2026-01-06 2026-06-04 2026-10-26 2026-12-08")]
    [InlineData("CH", 2026, 4, "2026-05-14 2026-08-01")]
    [InlineData("PL", 2024, 13, "2024-05-19 2024-05-30 2024-11-11")]
    [InlineData("PL", 2025, 14, "2025-12-24 2025-06-19 2025-05-03")]
    public void A_country_has_its_holidays(string country, int year, int count, string some)
    {
        var days = Holidays.Of(country, year);
        days.Count.ShouldBe(count);
        foreach (var day in some.Split(' ')) days.Select(h => h.Day).ShouldContain(DateOnly.Parse(day, CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("2026-03-10T07:00Z", "2026-03-10T16:00Z", 8.0)] // Tuesday, 8:00 to 17:00 in Berlin, an hour of lunch
    [InlineData("2026-03-13T15:00Z", "2026-03-16T08:00Z", 2.0)] // over the weekend: an hour on Friday, one on Monday
    [InlineData("2026-12-24T07:00Z", "2026-12-28T08:00Z", 1.0)] // own day, two holidays, a weekend
    [InlineData("2026-03-10T12:00Z", "2026-03-10T11:00Z", 0.0)]
    public void Working_time_leaves_out_nights_weekends_and_holidays(string from, string to, double hours)
    {
        var calendar = new BusinessCalendar(new CompanyOptions { Hours = "Mo-Fr 08:00-12:00,13:00-17:00", HolidayCountry = "DE", Holidays = "12-24" });
        calendar.Between(Utc(from), Utc(to)).TotalHours.ShouldBe(hours);
    }

    [Fact]
    public void A_night_shift_over_the_change_of_clocks_has_its_real_hours()
    {
        var calendar = new BusinessCalendar(new CompanyOptions { Hours = "Mo-Su 00:00-24:00" });
        // 29 March 2026 has 23 hours in Berlin, 25 October has 25.
        calendar.Between(Utc("2026-03-28T23:00Z"), Utc("2026-03-29T22:00Z")).TotalHours.ShouldBe(23);
        calendar.Between(Utc("2026-10-24T22:00Z"), Utc("2026-10-25T23:00Z")).TotalHours.ShouldBe(25);
    }

    [Fact]
    public void Working_time_added_up_once_equals_the_walk_through_its_days()
    {
        var company = new CompanyOptions { Hours = "Mo-Th 08:00-12:00,13:00-17:00; Fr 08:00-14:00; Sa 20:00-24:00", HolidayCountry = "DE", Holidays = "12-24" };
        var (chance, calendar, start) = (new Random(5), new BusinessCalendar(company), Utc("2026-01-01T00:00Z"));
        var moments = Enumerable.Range(0, 400).Select(_ => start.AddMinutes(chance.Next(366 * 24 * 60))).ToArray();
        static long Ms(DateTime utc) => new DateTimeOffset(utc).ToUnixTimeMilliseconds();
        var worked = new WorkedTime(company, moments.Min(Ms), moments.Max(Ms));
        foreach (var (from, to) in moments.Zip(moments.Reverse()))
            worked.Between(Ms(from), Ms(to)).ShouldBe((long)calendar.Between(from, to).TotalMilliseconds, $"{from:u} – {to:u}");
    }

    [Theory]
    [InlineData("Mo-Th 08:00-12:00,13:00-17:00; Fr 8:00-14:00", null)]
    [InlineData("Sa-Mo 10:00-24:00", null)]
    [InlineData("", null)]
    [InlineData("Mo-Su off", null)]
    [InlineData("Mo-Fr 08:00-17:00; We off", null)]
    [InlineData("Mo 12:00-08:00", "Mo 12:00-08:00")]
    [InlineData("Mo 08:00-12:00,11:00-13:00", "Mo 08:00-12:00,11:00-13:00")]
    [InlineData("Mo 08:00-12:00; Xx 08:00-09:00", "Xx 08:00-09:00")]
    [InlineData("Mo", "Mo")]
    public void Hours_are_read_or_the_wrong_part_is_named(string text, string? wrong) => WorkingHours.Read(text).Wrong.ShouldBe(wrong);

    [Fact]
    public void Hours_written_are_the_hours_read()
    {
        var text = WorkingHours.Write(["08:00-12:00, 13:00-17:00", "", "08:00-12:00", "", "", "", "22:00-24:00"]);
        var read = WorkingHours.Read(text);
        read.Wrong.ShouldBeNull();
        read.Text(DayOfWeek.Monday).ShouldBe("08:00-12:00, 13:00-17:00");
        read.Of(DayOfWeek.Tuesday).ShouldBeEmpty();
        read.Text(DayOfWeek.Sunday).ShouldBe("22:00-24:00");
    }

    private static DateTime Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).UtcDateTime;
}
