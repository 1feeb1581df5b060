using Tangent.Engine;

namespace Tangent.Tests.Engine;

/// <summary>Steps of a map and first visits against counting them customer by customer, on seeded random journeys.</summary>
public sealed class StepsTests
{
    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 25)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Visits_waits_and_arrivals_equal_the_oracle(int seed)
    {
        using var given = new Given(seed, identities: 1 + seed * 2) { Stretch = 1 + seed % 3 * 1000 }.Events(seed * 20).Move();
        if (seed % 3 > 0) given.Compact();
        given.Events(40).Move();
        var view = given.Table.View();
        for (var repeat = 0; repeat < 6; repeat++)
        {
            var because = $"seed {seed}, repeat {repeat}";
            var touchpoints = given.Touchpoints(3 + given.Next(4));
            var steps = Enumerable.Range(0, 1 + given.Next(5)).Select(_ => (ushort)given.Next(5)).ToArray();
            ulong[] following = [.. steps.Select(_ => (ulong)given.Next(1 << steps.Length))];
            var (first, width) = (1_699_999_000_000L, 700_000L);
            var question = new StepsQuestion
            {
                TouchpointOfSignature = touchpoints,
                Filter = given.Filter(),
                Steps = [.. steps.Select(code => (IReadOnlyList<EventRule>)[EventRule.Of([.. touchpoints.Select(t => t == code)])])],
                Following = following,
                BucketBoundsMs = [first, first + width, first + 2 * width, first + 4 * width],
            };
            var answer = question.Ask(view);
            var journeys = given.Model.Journeys(touchpoints, question.Filter);

            answer.Customers.ShouldBe(journeys.Count, because);
            answer.AtAny.ShouldBe(journeys.Count(j => j.Steps.Any(s => steps.Contains(s.Touchpoint))), because);
            for (var step = 0; step < steps.Length; step++)
            {
                var visits = journeys.Select(j => Visit(j, steps, following[step], step)).OfType<(int Customer, long Came, long? Wait)>().ToList();
                var waits = visits.Select(v => v.Wait).OfType<long>().Order().ToList();
                var of = answer.Steps[step];
                (of.Customers, of.WentOn).ShouldBe((visits.Count, waits.Count), because);
                if (waits.Count > 0) of.MedianWaitMs.ShouldBe((waits[(waits.Count - 1) / 2] + waits[waits.Count / 2]) / 2.0, 0.004 * waits[waits.Count / 2] + 1e-9, because);
                of.Arrivals.ShouldBe([.. question.BucketBoundsMs.Zip(question.BucketBoundsMs.Skip(1), (from, to) => (long)visits.Count(v => v.Came >= from && v.Came < to))], because);
                question.Customers(view, step).Customers.ShouldBe(visits.Select(v => v.Customer), because);
                question.Customers(view, step, stayed: true).Customers.ShouldBe(visits.Where(v => v.Wait is null).Select(v => v.Customer), because);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void First_visits_equal_the_oracle(int seed)
    {
        using var given = new Given(seed, identities: 1 + seed * 2).Events(seed * 20).Move();
        var view = given.Table.View();
        for (var repeat = 0; repeat < 6; repeat++)
        {
            var because = $"seed {seed}, repeat {repeat}";
            ushort[] codes = [.. Enumerable.Range(0, 2 + given.Next(4)).Select(code => (ushort)code)];
            var question = new FirstsQuestion { TouchpointOfSignature = given.Touchpoints(7), Filter = given.Filter(), Touchpoints = codes, Anchors = given.Next(codes.Length) };
            var answer = question.Ask(view);
            var journeys = given.Model.Journeys(question.TouchpointOfSignature, question.Filter)
                .Where(j => j.Steps.Any(s => s.Touchpoint < (question.Anchors == 0 ? codes.Length : question.Anchors))).ToList();
            answer.Customers.ShouldBe(journeys.Count, because);
            foreach (var one in codes)
            {
                answer.At[one].ShouldBe(journeys.Count(j => First(j, one) >= 0), because);
                foreach (var other in codes)
                    answer.Before[one, other].ShouldBe(journeys.Count(j => one != other && First(j, one) >= 0 && First(j, one) < First(j, other)), because);
            }
        }
    }

    [Fact]
    public void What_cannot_be_asked_is_refused()
    {
        using var given = new Given(2).Events(10);
        var view = given.Table.View();
        Should.Throw<ArgumentException>(() => new StepsQuestion { TouchpointOfSignature = [0], Steps = [[EventRule.Any]], Following = [] }.Ask(view));
        Should.Throw<ArgumentException>(() => new FirstsQuestion { TouchpointOfSignature = [0], Touchpoints = [0, 0] }.Ask(view));
    }

    private static (int Customer, long Came, long? Wait)? Visit(ModelJourney journey, ushort[] steps, ulong following, int step)
    {
        var at = First(journey, steps[step]);
        if (at < 0) return null;
        var came = journey.Steps[at].Ms;
        var next = journey.Steps.FindIndex(at + 1, s => Enumerable.Range(0, steps.Length).Any(other => other != step && (following >> other & 1) != 0 && steps[other] == s.Touchpoint));
        return (journey.Customer, came, next < 0 ? null : journey.Steps[next].Ms - came);
    }

    private static int First(ModelJourney journey, ushort touchpoint) => journey.Steps.FindIndex(s => s.Touchpoint == touchpoint);
}
