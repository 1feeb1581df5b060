using Tangent.Engine;

namespace Tangent.Tests.Engine;

/// <summary>Who reached a goal after a touchpoint against looking through every journey by hand, over a base, overlay layers and merges.</summary>
public sealed class ConversionsTests
{
    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Conversions_of_every_touchpoint_equal_the_oracle(int seed)
    {
        using var given = new Given(seed).Events(300).Move().Compact().Events(100).Move();
        var question = new ConversionsQuestion
        {
            TouchpointOfSignature = given.Touchpoints(),
            Filter = given.Filter(),
            Goals = [new EventRule(null, [new PropertyCondition(1, [false, true])])],
            WindowMs = 900,
            EndMs = given.Model.Events.Max(e => e.Event.TimestampMs) - 3000,
        };
        var states = given.Model.Journeys(question.TouchpointOfSignature, question.Filter).SelectMany(j => j.Steps.GroupBy(s => s.Touchpoint).Select(g => (j.Customer, Touchpoint: g.Key, State:
            g.Where(s => s.Ms + question.WindowMs <= question.EndMs).ToList() is not { Count: > 0 } judged ? "open"
            : judged.Exists(s => j.Steps.Exists(n => n.Source.Properties[1] == 1 && n.Ms > s.Ms && n.Ms - s.Ms <= question.WindowMs)) ? "converted" : "not"))).ToList();
        var expected = states.GroupBy(s => s.Touchpoint).OrderBy(g => g.Key).Select(g => new TouchpointConversion(
            g.Key, g.Count(s => s.State != "open"), g.Count(s => s.State == "converted"), g.Count(s => s.State == "open")));
        question.Ask(given.Table.View()).ShouldBe(expected, $"seed {seed}");
        foreach (var (state, name) in new[] { (ConversionState.Open, "open"), (ConversionState.NotConverted, "not"), (ConversionState.Converted, "converted") })
            foreach (var touchpoint in states.Select(s => s.Touchpoint).Distinct())
                question.Customers(given.Table.View(), touchpoint, state).Customers.ShouldBe(states.Where(s => s.Touchpoint == touchpoint && s.State == name).Select(s => s.Customer).Order().ToArray(), $"seed {seed}, {name} at {touchpoint}");
    }
}
