using Tangent.Engine;

namespace Tangent.Tests.Engine;

/// <summary>What follows an event against looking through every journey by hand, over a base, overlay layers and merges.</summary>
public sealed class FollowUpsTests
{
    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_follows_every_event_equals_the_oracle(int seed)
    {
        using var given = new Given(seed).Events(300).Move().Compact().Events(100).Move();
        double[] rates = new double[256];
        (rates[0], rates[1], rates[2]) = (1, 1, 0.25);
        var question = new FollowUpsQuestion
        {
            TouchpointOfSignature = given.Touchpoints(),
            Filter = given.Filter(),
            At = [new EventRule(null, [new PropertyCondition(0, [false, true, true])])],
            Then = [new EventRule(null, [new PropertyCondition(1, [false, true])])],
            WindowMs = 1500,
            EndMs = given.Model.Events.Max(e => e.Event.TimestampMs) - 3000,
            Rates = rates,
        };
        var expected = given.Model.Journeys(question.TouchpointOfSignature, question.Filter).OrderBy(j => j.Customer).SelectMany(j => j.Steps
            .Where(s => s.Source.Properties[0] is 1 or 2).Select(s =>
            {
                var within = j.Steps.Where(n => n.Ms > s.Ms && n.Ms - s.Ms <= question.WindowMs).ToList();
                var next = within.Find(n => n.Source.Properties[1] == 1);
                return (j.Customer, s.Ms, next is null ? -1 : next.Ms - s.Ms, Math.Round(within.Sum(n => n.Source.Event.Value * rates[n.Source.Event.Currency]), 6), s.Ms + question.WindowMs > question.EndMs);
            })).ToList();
        question.Ask(given.Table.View()).Select(f => (f.Customer, f.AtMs, f.DelayMs, Math.Round(f.Value, 6), f.IsOpen)).ShouldBe(expected, $"seed {seed}");
    }

    [Fact]
    public void A_window_that_is_none_is_refused()
    {
        using var given = new Given(1).Events(10);
        Should.Throw<ArgumentException>(() => new FollowUpsQuestion { TouchpointOfSignature = given.Touchpoints(), At = [EventRule.Any], Then = [], WindowMs = 0, EndMs = 0, Rates = new double[256] }.Ask(given.Table.View()));
    }
}
