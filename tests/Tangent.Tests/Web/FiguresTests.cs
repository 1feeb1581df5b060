using System.Globalization;
using Tangent.Web;

namespace Tangent.Tests.Web;

public sealed class FiguresTests
{
    [Theory]
    [InlineData("en", 0, "0 s")]
    [InlineData("en", 59.6, "1 min")]
    [InlineData("en", 3725, "1 h 2 min")]
    [InlineData("en", 273600, "3 d 4 h")]
    [InlineData("de", 273600, "3 T. 4 Std.")]
    [InlineData("en", 8_726_400, "101 d")]
    [InlineData("en", double.NaN, "–")]
    public void A_duration_shows_its_two_largest_units(string language, double seconds, string expected) =>
        In(language, () => Figures.Duration(seconds)).ShouldBe(expected);

    [Theory]
    [InlineData("en", "1,234,567", "12.5 %", "1 Mar 2026", "1,299.50 EUR")]
    [InlineData("de", "1.234.567", "12,5 %", "1. März 2026", "1.299,50 EUR")]
    public void Numbers_shares_days_and_money_follow_the_culture(string language, string number, string share, string day, string money)
    {
        In(language, () => Figures.Number(1234567)).ShouldBe(number);
        In(language, () => Figures.Percent(0.125)).ShouldBe(share);
        In(language, () => Figures.Date(new DateOnly(2026, 3, 1))).ShouldBe(day);
        In(language, () => Figures.Money(1299.5, "EUR")).ShouldBe(money);
    }

    [Theory]
    [InlineData(999.5, "999,50 EUR")]
    [InlineData(12_703_032.91, "12.703.033 EUR")]
    [InlineData(-1000.4, "-1.000 EUR")]
    public void A_sum_has_no_cents_from_a_thousand_on(double value, string expected) => In("de", () => Figures.Sum(value, "EUR")).ShouldBe(expected);

    [Fact]
    public void The_interval_of_a_share_is_Wilsons()
    {
        // Newcombe, Statistics in Medicine 17 (1998), table I, method 3: 81 of 263, and 0 of 20.
        var interval = Interval.Wilson(81, 263);
        interval.Low.ShouldBe(0.2553, 0.00005);
        interval.High.ShouldBe(0.3662, 0.00005);
        Interval.Wilson(0, 20).High.ShouldBe(0.1611, 0.00005);
        Interval.Wilson(0, 0).ShouldBe(new Interval(0, 1));
    }

    [Fact]
    public void A_channel_keeps_its_colour()
    {
        ChannelColor.Of("Web").ShouldBe(ChannelColor.Of("web"));
        ChannelColor.Of("carrier pigeon").ShouldBe(ChannelColor.Of("Carrier Pigeon"));
        ChannelColor.Of("carrier pigeon").ShouldBeInRange(0, ChannelColor.Count - 1);
    }

    private static string In(string language, Func<string> write)
    {
        var (culture, ui) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
            return write();
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, ui);
        }
    }
}
