using Tangent.Web;

namespace Tangent.Tests.Web;

public sealed class MeanIntervalTests
{
    [Fact]
    public void Of_yes_and_no_it_is_the_interval_of_the_share()
    {
        // 30 of 40: sample variance 0.75 · 0.25 · 40/39.
        var (mean, share) = (Interval.OfMean(0.75, 0.75 * 0.25 * 40 / 39, 40), Interval.Wilson(30, 40));
        mean.Low.ShouldBe(share.Low, 1e-12);
        mean.High.ShouldBe(share.High, 1e-12);
    }

    [Fact]
    public void It_comes_near_the_normal_interval_of_many_and_is_never_a_point_or_outside()
    {
        var many = Interval.OfMean(0.8, 0.04, 10_000);
        many.Low.ShouldBe(0.8 - 1.96 * 0.2 / 100, 1e-4);
        many.High.ShouldBe(0.8 + 1.96 * 0.2 / 100, 1e-4);
        Interval.OfMean(1, 0, 10).ShouldBe(Interval.Wilson(10, 10));
        Interval.OfMean(0.5, 0, 10).ShouldBe(Interval.Wilson(5, 10));
        Interval.OfMean(0, 0, 0).ShouldBe(new Interval(0, 1));
    }
}
