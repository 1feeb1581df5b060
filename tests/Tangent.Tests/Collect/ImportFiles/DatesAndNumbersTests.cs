using System.Globalization;
using System.Text;
using Tangent.Collect;

namespace Tangent.Tests.Collect;

public sealed class DatesAndNumbersTests
{
    private static readonly TimeZoneInfo Vienna = TimeZoneInfo.FindSystemTimeZoneById("Europe/Vienna");

    [Theory]
    [InlineData("2011-10-11 13:45:40.276000+02:00", "2011-10-11T11:45:40.2760000Z", "yyyy-MM-dd HH:mm:ss.ffffffzzz")]
    [InlineData("2011-10-11T13:45:40Z", "2011-10-11T13:45:40.0000000Z", "yyyy-MM-ddTHH:mm:ssZ")]
    [InlineData("2024-01-15 08:00", "2024-01-15T07:00:00.0000000Z", "yyyy-MM-dd HH:mm")]
    [InlineData("2024-07-15", "2024-07-14T22:00:00.0000000Z", "yyyy-MM-dd")]
    [InlineData("20240715T101112", "2024-07-15T08:11:12.0000000Z", "yyyyMMddTHHmmss")]
    [InlineData("20240715101112", "2024-07-15T08:11:12.0000000Z", "yyyyMMddHHmmss")]
    [InlineData("15.07.2024 10:11", "2024-07-15T08:11:00.0000000Z", "dd.MM.yyyy HH:mm")]
    [InlineData("5.7.24, 09:05:01", "2024-07-05T07:05:01.0000000Z", "d.M.yy, HH:mm:ss")]
    [InlineData("07/25/2024 01:02:03 PM", "2024-07-25T11:02:03.0000000Z", "MM/dd/yyyy HH:mm:ss tt")]
    [InlineData("25/07/2024 12:00 -0500", "2024-07-25T17:00:00.0000000Z", "dd/MM/yyyy HH:mm zzz")]
    [InlineData("1721030400", "2024-07-15T08:00:00.0000000Z", "Unix seconds")]
    [InlineData("1721030400.5", "2024-07-15T08:00:00.5000000Z", "Unix seconds")]
    [InlineData("1721030400123", "2024-07-15T08:00:00.1230000Z", "Unix milliseconds")]
    [InlineData("Mon, 15 Jul 2024 08:00:00 GMT", "2024-07-15T08:00:00.0000000Z", "Mon, 15 Jul 2024 08:00:00 GMT")]
    public void Every_form_of_a_time_is_found_out_and_shown(string text, string utc, string shown)
    {
        var dates = Detect(text);
        dates.Share.ShouldBe(1);
        dates.Describe().ShouldBe(shown);
        Utc(text, dates).ShouldBe(utc);
    }

    [Fact]
    public void A_number_that_is_taken_over_as_it_stands_is_the_number_a_decimal_would_be()
    {
        var random = new Random(3);
        Span<byte> json = stackalloc byte[48];
        for (var i = 0; i < 20_000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(1, 24)).Select(_ => "0001234567890"[random.Next(13)])]);
            if (random.Next(3) > 0) text = text.Insert(random.Next(1, text.Length + 1), ".");
            if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var expected) || text.EndsWith('.')) continue;
            new NumberFormat(false).TryWrite(Encoding.UTF8.GetBytes(text), json, out var written).ShouldBeTrue(text);
            Encoding.UTF8.GetString(json[..written]).ShouldBe(expected.ToString(CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void One_day_above_twelve_decides_between_day_and_month()
    {
        Detect("03/04/2024", "13/04/2024").Order.ShouldBe(DateOrder.DayFirst);
        Detect("03/04/2024", "04/13/2024").Order.ShouldBe(DateOrder.MonthFirst);
        Detect("03.04.2024").Order.ShouldBe(DateOrder.DayFirst);
    }

    [Fact]
    public void Where_day_and_month_could_be_exchanged_the_closer_dates_are_taken_and_it_is_said()
    {
        var march = Detect("03/01/2024", "03/05/2024", "03/12/2024");
        march.Order.ShouldBe(DateOrder.MonthFirst);
        march.Ambiguous.ShouldBeTrue();
        Detect("01/03/2024", "05/03/2024", "12/03/2024").Order.ShouldBe(DateOrder.DayFirst);
        Detect("01/03/2024", "13/03/2024").Ambiguous.ShouldBeFalse();
    }

    [Theory]
    [InlineData("2024-02-30")]
    [InlineData("2024-13-01")]
    [InlineData("2024-01-01 25:00")]
    [InlineData("2024-01-01 10:00+99:00")]
    [InlineData("2024-01-01 10:00 later")]
    [InlineData("yesterday")]
    [InlineData("12")]
    [InlineData("1")]
    public void What_is_no_time_is_not_read(string text) => Detect(text).Share.ShouldBe(0);

    [Fact]
    public void A_time_without_offset_follows_the_summer_time_of_the_company()
    {
        var format = new DateFormat(DateOrder.YearFirst, Vienna);
        foreach (var (local, utc) in (ReadOnlySpan<(string, string)>)[("2024-03-31 01:59", "00:59"), ("2024-03-31 03:00", "01:00"), ("2024-10-27 01:59", "23:59"), ("2024-10-27 03:00", "02:00")])
        {
            format.TryParse(Encoding.UTF8.GetBytes(local), out var ticks).ShouldBeTrue();
            new DateTime(ticks).ToString("HH:mm", CultureInfo.InvariantCulture).ShouldBe(utc);
        }
    }

    [Theory]
    [InlineData("1,234.50", "1234.50", false)]
    [InlineData("1.234,50", "1234.50", true)]
    [InlineData("12,5", "12.5", true)]
    [InlineData("-3.2 €", "-3.2", false)]
    [InlineData("EUR 1 234,5", "1234.5", true)]
    [InlineData("1'234.50 CHF", "1234.50", false)]
    [InlineData("$ 7", "7", false)]
    public void Amounts_are_read_as_people_write_them(string text, string json, bool comma)
    {
        Span<byte> target = stackalloc byte[48];
        new NumberFormat(comma).TryWrite(Encoding.UTF8.GetBytes(text), target, out var written).ShouldBeTrue();
        Encoding.UTF8.GetString(target[..written]).ShouldBe(json);
    }

    [Fact]
    public void What_separates_decimals_is_decided_by_the_values_and_then_by_the_delimiter()
    {
        NumberFormat.Detect(["1.200", "3,50"], (byte)',').DecimalComma.ShouldBeTrue();
        NumberFormat.Detect(["1,200", "3.50"], (byte)';').DecimalComma.ShouldBeFalse();
        NumberFormat.Detect(["1,200"], (byte)';').DecimalComma.ShouldBeTrue();
        NumberFormat.Detect(["1,200"], (byte)',').DecimalComma.ShouldBeFalse();
        foreach (var none in (string[])["", "n/a", "1-2", "12:30", "--"])
            new NumberFormat(false).TryWrite(Encoding.UTF8.GetBytes(none), new byte[48], out _).ShouldBeFalse(none);
    }

    private static DateDetection Detect(params string[] values)
    {
        var dates = new DateDetection();
        foreach (var value in values) dates.Add(Encoding.UTF8.GetBytes(value));
        return dates;
    }

    [Theory]
    [InlineData("1980-10-29", "1980-10-29")]
    [InlineData("29.10.1980", "1980-10-29")]
    [InlineData("10/29/1980", "1980-10-29")]
    [InlineData("29. Oktober 1980", "1980-10-29")]
    [InlineData("29 października 1980", "1980-10-29")]
    [InlineData("05.06.2020 3:00 PM", "2020-06-05")]
    [InlineData("01/02/2020", "")]
    [InlineData("01/02/2020 3:00 PM", "")]
    [InlineData("0000-00-00", "")]
    [InlineData("0171 2345678", "")]
    public void A_date_among_others_of_another_form_is_read_where_it_can_be_in_one_way_only(string text, string day)
    {
        var isRead = new DateFormat(DateOrder.YearFirst, TimeZoneInfo.Utc).TryParseAny(Encoding.UTF8.GetBytes(text), out var ticks);
        (isRead ? new DateTime(ticks, DateTimeKind.Utc).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "").ShouldBe(day);
    }

    private static string Utc(string text, DateDetection dates)
    {
        new DateFormat(dates.Order, Vienna).TryParse(Encoding.UTF8.GetBytes(text), out var ticks).ShouldBeTrue();
        return new DateTime(ticks, DateTimeKind.Utc).ToString("O", CultureInfo.InvariantCulture);
    }
}
