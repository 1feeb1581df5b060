using Tangent.Engine;

namespace Tangent.Tests.Engine;

/// <summary>Questions that look times up by the hour, against their oracles: with bounds on the hour and between hours, over weeks and over many years, unfiltered and filtered.</summary>
public sealed class HoursTests
{
    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Customers_by_touchpoint_and_bucket_equal_the_oracle(int seed) => Repeat(seed, (given, view, because) =>
    {
        var question = new TouchpointsQuestion
        {
            // More touchpoints than bits of a word take the other way.
            TouchpointOfSignature = given.Touchpoints(given.Next(5) == 0 ? 80 : 6),
            Filter = Filter(given),
            BucketBoundsMs = Bounds(given),
            OnlyCustomers = true,
        };
        var expected = Oracles.Touchpoints(question, given.Model);
        Given.ShouldBeSame(question.Ask(view), new TouchpointsAnswer(expected.Events, expected.Customers, [], new BucketSeries([], expected.Series!.Customers, [], [])), because);
        Given.ShouldBeSame((question with { OnlyCustomers = false }).Ask(view), expected, because);
    });

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Totals_equal_the_oracle(int seed) => Repeat(seed, (given, view, because) =>
    {
        var touchpoints = given.Touchpoints(given.Next(2) == 0 ? 3 : 600);
        var question = new TotalsQuestion { TouchpointOfSignature = touchpoints, Filter = Filter(given), BucketBoundsMs = Bounds(given), Rates = [0, 1, 0.25, 0.5, .. new double[252]] };
        var (actual, expected) = (question.Ask(view), Oracles.Totals(question, given.Model));
        actual.Events.ShouldBe(expected.Events, because);
        foreach (var (a, b) in actual.Values.SelectMany(row => row).Zip(expected.Values.SelectMany(row => row))) a.ShouldBe(b, 1e-6, because);
    });

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Retention_equals_the_oracle(int seed) => Repeat(seed, (given, view, because) =>
    {
        var question = new RetentionQuestion { TouchpointOfSignature = given.Touchpoints(), Filter = Filter(given), BoundsMs = Bounds(given) };
        Given.ShouldBeSame(question.Ask(view), RetentionOracles.Retention(question, given.Model), because);
    });

    [Fact]
    public void Thousands_of_buckets_are_told_apart()
    {
        using var given = new Given(5) { Stretch = 100 }.Events(500).Compact();
        var first = given.Model.Events.Min(e => e.Event.TimestampMs);
        var question = new TotalsQuestion
        {
            TouchpointOfSignature = given.Touchpoints(1),
            BucketBoundsMs = [.. Enumerable.Range(0, 70_000).Select(bucket => first + bucket * 5_000L)],
            Rates = new double[256],
        };
        question.Ask(given.Table.View()).Events[0].ShouldBe(Enumerable.Range(0, 69_999)
            .Select(bucket => (long)given.Model.Events.Count(e => e.Event.Signature < question.TouchpointOfSignature.Length && question.TouchpointOfSignature[e.Event.Signature] != Code.None
                && (e.Event.TimestampMs - first) / 5_000 == bucket)).ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(40)]
    public unsafe void Spans_give_every_hour_the_bucket_of_the_table(int buckets)
    {
        var random = new Random(buckets);
        var bound = 10_000L + random.Next(1000);
        // Nowhere shorter than the spans that so many buckets are cut into.
        var table = new HourTable(new Buckets([.. Enumerable.Range(0, buckets + 1).Select(_ => (bound += 1100 + random.Next(2)) * Hours.HourMs)]));
        if (!System.Runtime.Intrinsics.X86.Avx512BW.IsSupported) return;
        var spans = table.SpansFrom(0);
        spans.ShouldNotBeNull();
        ushort[] hours = [.. Enumerable.Range(0, Hours.Elsewhere + 1).Select(hour => (ushort)hour)];
        byte[] byTable = new byte[hours.Length], bySpans = new byte[hours.Length];
        fixed (ushort* all = hours, bucketOf = table.From(0))
        fixed (byte* numbers = byTable, others = bySpans)
        {
            PeriodBits.Number(all, numbers, hours.Length, bucketOf);
            PeriodBits.Number(all, others, hours.Length, spans);
        }

        bySpans.ShouldBe(byTable);
    }

    [Fact]
    public unsafe void The_bits_of_a_journey_are_the_same_at_once_and_one_by_one()
    {
        var random = new Random(3);
        for (var count = 1; count < 80; count++)
        {
            var numbers = new byte[count + PeriodBits.Spare];
            for (var at = 0; at < numbers.Length; at++) numbers[at] = (byte)random.Next(64);
            fixed (byte* first = numbers) PeriodBits.Of(first, count).ShouldBe(PeriodBits.OneByOne(first, count), $"{count} events");
        }
    }

    // On the hour, or anywhere; some more than fit into the bits of a word.
    private static long[] Bounds(Given given)
    {
        var (first, last) = (given.Model.Events.Min(e => e.Event.TimestampMs), given.Model.Events.Max(e => e.Event.TimestampMs));
        var (unit, buckets) = (given.Next(2) == 0 ? 1 : Hours.HourMs, 1 + given.Next(given.Next(4) == 0 ? 100 : 12));
        var length = Math.Max(1, (last - first) / unit / buckets);
        var bound = (first - given.Next(3) * (last - first) / 10) / unit;
        var even = given.Next(2) == 0;
        return [.. Enumerable.Range(0, buckets + 1).Select(_ => (bound += even ? length : 1 + given.Next(int.MaxValue) % (2 * length)) * unit)];
    }

    private static JourneyFilter Filter(Given given)
    {
        var filter = given.Next(2) == 0 ? given.Filter() : new JourneyFilter();
        return given.Next(2) == 0 || filter.FromMs == long.MinValue ? filter : filter with { FromMs = filter.FromMs / Hours.HourMs * Hours.HourMs };
    }

    private static void Repeat(int seed, Action<Given, JourneyView, string> check)
    {
        // The longest reaches over more years than hours are counted.
        using var given = new Given(seed, identities: 1 + seed * 2) { Stretch = new[] { 1, 700, 36_000, 90_000 }[seed % 4] };
        given.Events(20 + seed * 15);
        if (seed % 3 > 0) given.Move().Compact();
        for (var batch = 0; batch < seed % 5; batch++)
        {
            given.Events(given.Next(50)).Move();
            given.Table.View();
        }

        for (var repeat = 0; repeat < 12; repeat++) check(given, given.Table.View(), $"seed {seed}, repeat {repeat}");
    }
}
