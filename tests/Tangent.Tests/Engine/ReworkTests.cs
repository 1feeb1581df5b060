using Tangent.Engine;

namespace Tangent.Tests.Engine;

/// <summary>Repeats, loops and throughput times against counting them by hand, on seeded random journeys.</summary>
public sealed class ReworkTests
{
    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 30)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Rework_and_throughput_equal_the_oracle(int seed)
    {
        using var given = new Given(seed, identities: 1 + seed * 2).Events(seed * 20).Move();
        if (seed % 3 > 0) given.Compact();
        given.Events(40).Move();
        var view = given.Table.View();
        for (var repeat = 0; repeat < 6; repeat++)
        {
            var because = $"seed {seed}, repeat {repeat}";
            var between = given.Next(2) == 0;
            var question = new ReworkQuestion
            {
                TouchpointOfSignature = given.Touchpoints(3 + given.Next(4)),
                Filter = given.Filter(),
                From = between ? [(ushort)given.Next(4)] : null,
                To = between ? [(ushort)given.Next(4), (ushort)given.Next(4)] : null,
            };
            var answer = question.Ask(view);
            var journeys = given.Model.Journeys(question.TouchpointOfSignature, question.Filter);
            Given.ShouldBeSame(answer, Oracle(question, journeys), because);

            foreach (var item in answer.Touchpoints)
            {
                var touchpoint = item.Touchpoint;
                question.Repeating(view, touchpoint).Customers.ShouldBe(journeys.Where(j => Codes(j).Count(c => c == touchpoint) > 1).Select(j => j.Customer), because);
                question.Repeating(view, touchpoint, atOnce: true).Total.ShouldBe(item.AtOnceCustomers, because);
            }

            foreach (var loop in answer.Loops.Take(4)) question.Looping(view, loop.Touchpoint, loop.Over).Total.ShouldBe(loop.Customers, because);
            question.Throughput(view).Total.ShouldBe(answer.Between?.Count ?? answer.Customers, because);
        }
    }

    [Fact]
    public void Throughput_between_needs_both_touchpoints()
    {
        using var given = new Given(2).Events(10);
        Should.Throw<ArgumentException>(() => new ReworkQuestion { TouchpointOfSignature = [0], From = [0] }.Ask(given.Table.View()));
    }

    private static ReworkAnswer Oracle(ReworkQuestion q, List<ModelJourney> journeys)
    {
        var all = journeys.SelectMany(j => Codes(j).Select(code => (j.Customer, Code: code))).ToList();
        var touchpoints = all.GroupBy(e => e.Code).OrderBy(g => g.Key).Select(g =>
        {
            var repeats = journeys.Select(j => Codes(j)).Select(codes => codes.Skip(1).Where((code, i) => code == g.Key && codes[i] == g.Key).Count()).ToList();
            return new Repeats(g.Key, g.Count(), g.Select(e => e.Customer).Distinct().Count(), g.GroupBy(e => e.Customer).Count(c => c.Count() > 1), repeats.Sum(), repeats.Count(n => n > 0));
        });
        var loops = journeys.SelectMany(j => Codes(j) is var codes ? codes.Skip(2).Select((code, i) => (Back: codes[i], Over: codes[i + 1], Code: code, j.Customer)) : [])
            .Where(l => l.Back == l.Code && l.Over != l.Code).GroupBy(l => (l.Code, l.Over))
            .Select(g => new Loop(g.Key.Code, g.Key.Over, g.Count(), g.Select(l => l.Customer).Distinct().Count()))
            .OrderByDescending(l => l.Count).ThenBy(l => l.Touchpoint).ThenBy(l => l.Over);
        var between = q.From is null ? null : (Durations?)Times(journeys.Select(j => Between(q, j)).OfType<long>());
        return new ReworkAnswer(journeys.Count, [.. touchpoints], [.. loops], Times(journeys.Select(j => j.Steps[^1].Ms - j.Steps[0].Ms)), between);
    }

    private static long? Between(ReworkQuestion q, ModelJourney journey)
    {
        var from = journey.Steps.FindIndex(s => q.From!.Contains(s.Touchpoint));
        var to = from < 0 ? -1 : journey.Steps.FindIndex(from + 1, s => q.To!.Contains(s.Touchpoint));
        return to < 0 ? null : journey.Steps[to].Ms - journey.Steps[from].Ms;
    }

    private static List<ushort> Codes(ModelJourney journey) => journey.Steps.ConvertAll(s => s.Touchpoint);

    private static Durations Times(IEnumerable<long> times)
    {
        var sorted = times.Order().ToArray();
        double Quantile(double q)
        {
            if (sorted.Length == 0) return 0;
            var rank = q * (sorted.Length - 1);
            return sorted[(int)Math.Floor(rank)] + (rank - Math.Floor(rank)) * (sorted[(int)Math.Ceiling(rank)] - sorted[(int)Math.Floor(rank)]);
        }

        return new Durations(sorted.Length, Quantile(0.25), Quantile(0.5), Quantile(0.75));
    }
}
