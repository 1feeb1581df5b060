using Tangent.Web;

namespace Tangent.Tests.Web;

public sealed class WilsonTests
{
    /// <summary>Method 3 in R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998), table I.</summary>
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void The_interval_is_the_published_one(long hits, long n, double lower, double upper)
    {
        var interval = Interval.Wilson(hits, n);
        interval.Low.ShouldBe(lower, 0.00005);
        interval.High.ShouldBe(upper, 0.00005);
    }

    [Fact]
    public void All_or_none_stays_within_zero_and_one()
    {
        Interval.Wilson(7, 7).High.ShouldBeInRange(0.999999999, 1);
        Interval.Wilson(0, 7).Low.ShouldBeInRange(0, 0.000000001);
    }

    [Fact]
    public void Of_nobody_everything_is_possible() => Interval.Wilson(0, 0).ShouldBe(new Interval(0, 1));

    [Fact]
    public void The_interval_of_the_rest_is_its_mirror_image()
    {
        var (some, rest) = (Interval.Wilson(123, 1434), Interval.Wilson(1434 - 123, 1434));
        rest.Low.ShouldBe(1 - some.High, 1e-12);
        rest.High.ShouldBe(1 - some.Low, 1e-12);
    }
}
