using Tangent.Engine;

namespace Tangent.Tests.Engine;

/// <summary>Correlation, neighbours and co-occurrence against answers that are slow and obvious, on random journeys.</summary>
public sealed class TogetherTests
{
    public static TheoryData<int> Seeds() => QuestionsTests.Seeds();

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Correlations_equal_the_oracle(int seed) => QuestionsTests.Repeat(seed, (given, view, because) =>
    {
        var question = new CorrelationQuestion
        {
            TouchpointOfSignature = given.Touchpoints(),
            Filter = given.Filter(),
            Entry = given.Next(3) == 0 ? null : [(ushort)given.Next(6), (ushort)given.Next(6)],
            Goal = [(ushort)given.Next(6)],
            WindowMs = given.Next(3) switch { 0 => 300 * (1 + given.Next(30)), 1 => 1 + given.Next(30_000), _ => 100_000_000 },
        };
        var entrants = new List<(int Customer, bool Converted, HashSet<ushort> Did)>();
        var journeys = given.Model.Journeys(question.TouchpointOfSignature, question.Filter);
        foreach (var journey in journeys)
            if (Entrant(question, journey.Steps) is var (converted, did)) entrants.Add((journey.Customer, converted, did));
        var answer = question.Ask(view);
        (answer.Customers, answer.Entrants, answer.Converted).ShouldBe((journeys.Count, entrants.Count, entrants.Count(e => e.Converted)), because);
        var touchpoints = entrants.SelectMany(e => e.Did).Distinct().Order().ToList();
        answer.Touchpoints.Select(t => t.Touchpoint).ShouldBe(touchpoints, because);
        foreach (var t in answer.Touchpoints)
        {
            (t.DidAndConverted, t.DidNotConvert, t.ConvertedWithout, t.Neither).ShouldBe((Cell(true, true), Cell(true, false), Cell(false, true), Cell(false, false)), because);
            t.OddsRatio.ShouldBe((t.DidAndConverted + 1.0) * (t.Neither + 1) / ((t.DidNotConvert + 1.0) * (t.ConvertedWithout + 1)), 1e-9);
            foreach (var did in new[] { true, false })
                foreach (var converted in new[] { true, false })
                    question.Customers(view, t.Touchpoint, did, converted).Customers.ShouldBe(Those(did, converted).Select(e => e.Customer), because);
            int Cell(bool did, bool converted) => Those(did, converted).Count();
            IEnumerable<(int Customer, bool Converted, HashSet<ushort> Did)> Those(bool did, bool converted) =>
                entrants.Where(e => e.Converted == converted && e.Did.Contains(t.Touchpoint) == did);
        }

        question.Customers(view, null, true, null).Total.ShouldBe(entrants.Count, because);
        question.Customers(view, null, true, true).Total.ShouldBe(answer.Converted, because);
    });

    [Fact]
    public void An_odds_ratio_and_its_interval_are_worked_out_by_hand()
    {
        // (9+1)(79+1)/((19+1)(4+1)) = 8; the logarithm's variance is 1/10 + 1/20 + 1/5 + 1/80 = 0.3625.
        var t = new CorrelationTouchpoint(0, 9, 19, 4, 79);
        t.OddsRatio.ShouldBe(8, 1e-12);
        t.Low.ShouldBe(Math.Exp(Math.Log(8) - 1.959963984540054 * Math.Sqrt(0.3625)), 1e-12);
        t.High.ShouldBe(26.04, 0.01);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Neighbours_equal_the_oracle(int seed) => QuestionsTests.Repeat(seed, (given, view, because) =>
    {
        var question = new NeighboursQuestion
        {
            TouchpointOfSignature = given.Touchpoints(),
            Filter = given.Filter(),
            Touchpoint = (ushort)given.Next(7),
            Steps = 1 + given.Next(given.Next(2) == 0 ? 4 : 100),
        };
        var journeys = given.Model.Journeys(question.TouchpointOfSignature, question.Filter);
        var cases = journeys.SelectMany(j => j.Steps.Select((s, at) => (j.Customer, s.Touchpoint,
            Before: j.Steps.Take(at).TakeLast(question.Steps).Select(n => n.Touchpoint).ToHashSet(), After: j.Steps.Skip(at + 1).Take(question.Steps).Select(n => n.Touchpoint).ToHashSet()))).ToList();
        var middle = cases.Where(c => c.Touchpoint == question.Touchpoint).ToList();
        var expected = new NeighboursAnswer(
            journeys.Count, cases.Count, middle.Select(c => c.Customer).Distinct().Count(), middle.Count, Side(true), Side(false));
        Given.ShouldBeSame(question.Ask(view), expected, because);
        question.Customers(view, null, true).Total.ShouldBe(expected.With, because);
        foreach (var n in expected.After) question.Customers(view, n.Touchpoint, false).Total.ShouldBe(n.Customers, because);
        foreach (var n in expected.Before)
            question.Customers(view, n.Touchpoint, true).Customers.ShouldBe(middle.Where(c => c.Before.Contains(n.Touchpoint)).Select(c => c.Customer).Distinct(), because);

        Neighbour[] Side(bool before) => [.. Enumerable.Range(0, 7).Select(code => (ushort)code)
            .Select(code => new Neighbour(code,
                middle.Count(c => (before ? c.Before : c.After).Contains(code)),
                middle.Where(c => (before ? c.Before : c.After).Contains(code)).Select(c => c.Customer).Distinct().Count(),
                cases.Count(c => (before ? c.Before : c.After).Contains(code))))
            .Where(n => n.Cases > 0)];
    });

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Co_occurrences_equal_the_oracle(int seed) => QuestionsTests.Repeat(seed, (given, view, because) =>
    {
        var touchpoints = given.Touchpoints();
        // Codes far apart take the hashed way.
        if (given.Next(3) == 0) touchpoints = [.. touchpoints.Select(code => code == Code.None ? code : (ushort)(code * 9000))];
        var question = new CoOccurrenceQuestion { TouchpointOfSignature = touchpoints, Filter = given.Filter() };
        var sets = given.Model.Journeys(question.TouchpointOfSignature, question.Filter).Select(j => (j.Customer, Set: j.Steps.Select(s => s.Touchpoint).ToHashSet())).ToList();
        ushort[] all = [.. sets.SelectMany(s => s.Set).Distinct().Order()];
        var pairs = all.SelectMany(a => all.Where(b => b > a).Select(b => new TouchpointPair(a, b, sets.Count(s => s.Set.Contains(a) && s.Set.Contains(b))))).Where(p => p.Customers > 0);
        var expected = new CoOccurrenceAnswer(sets.Count, [.. all.Select(a => new TouchpointReach(a, sets.Count(s => s.Set.Contains(a))))],
            [.. pairs.OrderByDescending(p => p.Customers).ThenBy(p => p.A).ThenBy(p => p.B)]);
        Given.ShouldBeSame(question.Ask(view), expected, because);
        foreach (var p in expected.Pairs.Take(4))
            question.Customers(view, p.B, p.A).Customers.ShouldBe(sets.Where(s => s.Set.Contains(p.A) && s.Set.Contains(p.B)).Select(s => s.Customer), because);
    });

    // Tries every goal with every entry before it.
    private static (bool Converted, HashSet<ushort> Did)? Entrant(CorrelationQuestion q, List<ModelStep> steps)
    {
        if (q.Entry is null)
        {
            var within = steps.TakeWhile(s => s.Ms - steps[0].Ms <= q.WindowMs).ToList();
            var goal = within.FindIndex(s => q.Goal.Contains(s.Touchpoint));
            return (goal >= 0, [.. (goal >= 0 ? within.Take(goal) : within).Select(s => s.Touchpoint)]);
        }

        for (var goal = 0; goal < steps.Count; goal++)
        {
            if (!q.Goal.Contains(steps[goal].Touchpoint)) continue;
            for (var entry = 0; entry < goal; entry++)
                if (q.Entry.Contains(steps[entry].Touchpoint) && steps[goal].Ms - steps[entry].Ms <= q.WindowMs)
                    return (true, [.. steps[(entry + 1)..goal].Select(s => s.Touchpoint)]);
        }

        var first = steps.FindIndex(s => q.Entry.Contains(s.Touchpoint));
        return first < 0 ? null : (false, [.. steps.Skip(first + 1).Where(s => s.Ms - steps[first].Ms <= q.WindowMs).Select(s => s.Touchpoint)]);
    }
}
