using System.Net;
using Tangent.Access;

namespace Tangent.Tests.Access;

public sealed class SignInThrottleTests
{
    private readonly Clock _clock = new();

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 26, 9, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    [Fact]
    public void Failures_within_the_window_lock_an_address_for_as_long_again()
    {
        using var throttle = new SignInThrottle(_clock);
        for (var i = 1; i < SignInThrottle.MostFailures; i++) throttle.Fail("a@example.org").ShouldBeFalse();
        _clock.Now += SignInThrottle.Window - TimeSpan.FromSeconds(1);
        throttle.Fail(" A@Example.org").ShouldBeTrue();
        _clock.Now += SignInThrottle.Window - TimeSpan.FromSeconds(1);
        // What is tried during the lock does not make it longer.
        throttle.Fail("a@example.org").ShouldBeTrue();
        throttle.IsLocked("a@example.org").ShouldBeTrue();
        throttle.IsLocked("b@example.org").ShouldBeFalse();
        _clock.Now += TimeSpan.FromSeconds(1);
        throttle.IsLocked("a@example.org").ShouldBeFalse();
        throttle.Fail("a@example.org").ShouldBeFalse();
    }

    [Fact]
    public void Failures_of_long_ago_do_not_count()
    {
        using var throttle = new SignInThrottle(_clock);
        for (var i = 1; i < SignInThrottle.MostFailures; i++) throttle.Fail("a@example.org");
        _clock.Now += SignInThrottle.Window;
        throttle.Fail("a@example.org").ShouldBeFalse();
        throttle.Forget("a@example.org");
        for (var i = 1; i < SignInThrottle.MostFailures; i++) throttle.Fail("a@example.org").ShouldBeFalse();
    }

    [Fact]
    public void Letters_are_counted_by_address_and_more_of_them_by_place()
    {
        using var throttle = new SignInThrottle(_clock);
        for (var i = 0; i < SignInThrottle.MostLettersToOneAddress; i++) throttle.MayAskForLetter("here", "a@example.org").ShouldBeTrue();
        throttle.MayAskForLetter("elsewhere", "A@example.org").ShouldBeFalse();
        for (var i = SignInThrottle.MostLettersToOneAddress; i < SignInThrottle.MostLettersFromOnePlace; i++) throttle.MayAskForLetter("here", $"p{i}@example.org").ShouldBeTrue();
        throttle.MayAskForLetter("here", "one-more@example.org").ShouldBeFalse();
        throttle.MayAskForLetter("elsewhere", "one-more@example.org").ShouldBeTrue();
    }

    [Theory]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::1", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    public void A_place_is_an_address_or_a_network_of_ipv6(string one, string other, bool same) =>
        (SignInThrottle.PlaceOf(IPAddress.Parse(one)) == SignInThrottle.PlaceOf(IPAddress.Parse(other))).ShouldBe(same);
}
