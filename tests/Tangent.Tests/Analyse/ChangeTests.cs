using Tangent.Analyse;

namespace Tangent.Tests.Analyse;

public sealed class ChangeTests
{
    [Theory]
    [InlineData(120, 100, 1.348399, false)]
    [InlineData(130, 100, 1.978141, true)]
    [InlineData(60, 100, -3.162278, true)]
    [InlineData(0, 0, 0, false)]
    [InlineData(5, 0, 2.236068, true)]
    public void Two_counts_differ_clearly_when_chance_rarely_brings_that(long now, long before, double distance, bool clear)
    {
        var change = new Change(now, before);
        change.Distance.ShouldBe(distance, 1e-6);
        change.IsClear.ShouldBe(clear);
    }

    [Fact]
    public void Without_a_period_before_nothing_is_said()
    {
        var change = new Change(10, null);
        (change.Growth, change.IsClear).ShouldBe((null, false));
        new Change(10, 0).Growth.ShouldBeNull("a share of nothing is not a number");
        new Change(15, 10).Growth.ShouldBe(0.5);
    }

    [Theory]
    [InlineData("up-2", "B A C")]
    [InlineData("up-1", "A B C")]
    [InlineData("down-3", "A B C")]
    [InlineData("down-1", "B A C")]
    [InlineData("remove-2", "A C")]
    [InlineData("remove-0", "A B C")]
    public void A_step_is_moved_or_removed(string edit, string steps) =>
        string.Join(' ', StepEdit.Read(edit)!.ApplyTo(["A", "B", "C"])).ShouldBe(steps);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("up")]
    [InlineData("sideways-1")]
    [InlineData("up-two")]
    public void What_is_no_change_of_steps_is_not_read(string? edit) => StepEdit.Read(edit).ShouldBeNull();
}
