using Tangent.Analyse;

namespace Tangent.Tests.Analyse;

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
        var interval = Wilson.Interval(hits, n)!.Value;
        interval.Lower.ShouldBe(lower, 0.00005);
        interval.Upper.ShouldBe(upper, 0.00005);
    }

    [Fact]
    public void All_of_n_reaches_exactly_one_and_none_exactly_zero()
    {
        Wilson.Interval(7, 7)!.Value.Upper.ShouldBe(1.0);
        Wilson.Interval(0, 7)!.Value.Lower.ShouldBe(0.0);
    }

    [Fact]
    public void Of_nobody_nothing_is_known() => Wilson.Interval(0, 0).ShouldBeNull();

    [Fact]
    public void The_interval_of_the_rest_is_its_mirror_image()
    {
        var (some, rest) = (Wilson.Interval(123, 1434)!.Value, Wilson.Interval(1434 - 123, 1434)!.Value);
        rest.Lower.ShouldBe(1 - some.Upper, 1e-12);
        rest.Upper.ShouldBe(1 - some.Lower, 1e-12);
    }
}
