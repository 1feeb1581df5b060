using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
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
        var spans = HourSpans.Of([.. table.HoursOfBounds(0)]).ShouldNotBeNull();
        ushort[] hours = [.. Enumerable.Range(0, Hours.Elsewhere + 1).Select(hour => (ushort)hour)];
        hours[..Hours.Elsewhere].Select(hour =>
        {
            var span = Math.Min(Math.Max(0, hour - spans.FirstHour) >> spans.Shift, HourSpans.Most);
            return hour < spans.Bound[span] ? spans.Before[span] : spans.After[span];
        }).ShouldBe(table.From(0)[..Hours.Elsewhere]);
        if (!Avx512BW.IsSupported) return;
        table.SpansFrom(0).ShouldNotBeNull();
        byte[] byTable = new byte[hours.Length], bySpans = new byte[hours.Length];
        fixed (ushort* all = hours, bucketOf = table.From(0))
        fixed (byte* numbers = byTable, others = bySpans)
        {
            PeriodBits.Number(all, numbers, hours.Length, bucketOf);
            PeriodBits.Number(all, others, hours.Length, spans);
        }

        bySpans.ShouldBe(byTable);
    }

    [Theory]
    [InlineData(24, 180, new int[0])]
    [InlineData(24, 731, new[] { 88, -1, 298, 1, 452, -1, 662, 1 })]
    [InlineData(168, 30, new[] { 0, -1, 29, 1 })]
    [InlineData(2, 900, new[] { 3, 1, 4, 1, 5, -1 })]
    [InlineData(7, 5000, new[] { 4999, 6 })]
    [InlineData(4096, 15, new int[0])]
    [InlineData(30_000, 1, new int[0])]
    public void Steps_give_every_hour_the_bucket_of_the_table(int length, int buckets, int[] changes)
    {
        var lengths = Enumerable.Repeat(length, buckets).ToArray();
        for (var change = 0; change < changes.Length; change += 2) lengths[changes[change]] += changes[change + 1];
        foreach (var first in new[] { 0, 1, 2000 })
        {
            long bound = first;
            var table = new HourTable(new Buckets([first * Hours.HourMs, .. lengths.Select(hours => (bound += hours) * Hours.HourMs)]));
            var steps = HourSteps.Of([.. table.HoursOfBounds(0)]).ShouldNotBeNull();
            var bucketOf = table.From(0);
            Enumerable.Range(0, Hours.Elsewhere).Select(hour => (ushort)steps.BucketOf((ushort)hour)).ShouldBe(bucketOf[..Hours.Elsewhere], $"from hour {first}");
            if (!Avx512BW.IsSupported) continue;
            table.StepsFrom(0).ShouldNotBeNull();
            var look = steps.Look();
            for (var hour = 0; hour + 32 <= Hours.Elsewhere; hour++)
                look.BucketsOf(Vector512.CreateSequence((ushort)hour, (ushort)1))[hour % 32].ShouldBe(bucketOf[hour + hour % 32]);
        }
    }

    [Fact]
    public void More_cells_than_a_series_may_have_are_refused_whatever_is_wanted_of_them()
    {
        using var given = new Given(1).Events(20);
        var question = new TouchpointsQuestion { TouchpointOfSignature = [0, 63], BucketBoundsMs = [.. Enumerable.Range(0, TouchpointsQuestion.MaxCells / 64 + 2).Select(bound => (long)bound)] };
        foreach (var only in new[] { false, true }) Should.Throw<ArgumentException>(() => (question with { OnlyCustomers = only }).Ask(given.Table.View()));
    }

    [Fact]
    public void Buckets_of_many_lengths_have_no_steps()
    {
        HourSteps.Of([0, 24, 47, 70, 93, 116, 139]).ShouldNotBeNull();
        HourSteps.Of([0, 24, 47, 70, 96, 116, 139, 159, 183]).ShouldBeNull();
        HourSteps.Of([0, 24, 24, 48]).ShouldBeNull();
        HourSteps.Of([0, 24, 48, 96]).ShouldBeNull();
    }

    /// <summary>More events than are looked at together, of few customers and of many; and all that a filter may leave of them.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(20_000)]
    public void Totals_retention_and_volumes_of_many_events_equal_the_oracle(int identities)
    {
        using var given = new Given(identities, identities) { Stretch = 500 };
        given.Events(40_000).Compact().Events(30);
        var start = given.Model.Events.Min(e => e.Event.TimestampMs) / Hours.HourMs;
        var end = given.Model.Events.Max(e => e.Event.TimestampMs) / Hours.HourMs;
        var (days, length) = ((int)(end - start) / 24 + 2, 24);
        long bound = start - 5;
        long[] bounds = [bound * Hours.HourMs, .. Enumerable.Range(0, days).Select(day => (bound += day == 9 ? length - 1 : length) * Hours.HourMs)];
        long[] weeks = [.. bounds.Where((_, day) => day % 7 == 0)];
        JourneyFilter[] filters =
        [
            new(), new() { Customers = new CustomerBitmap() }, new() { FromMs = (start + 30) * Hours.HourMs + 7 }, new() { FromMs = (end - 40) * Hours.HourMs },
            new() { Signatures = [.. Enumerable.Range(0, Given.Signatures).Select(signature => signature != 1)] },
            new() { Customers = CustomerBitmap.Of(Enumerable.Range(0, identities).Where(customer => customer % 3 != 1)) },
            new() { Customers = CustomerBitmap.Of(Enumerable.Range(0, identities).Where(customer => customer % 7 == 1)) },
        ];
        foreach (var (filter, number) in filters.Select((filter, number) => (filter, number)))
        {
            var touchpoints = given.Touchpoints();
            var totals = new TotalsQuestion { TouchpointOfSignature = touchpoints, Filter = filter, BucketBoundsMs = bounds, Rates = [0, 1, 0.25, 0.5, .. new double[252]] };
            var (actual, expected) = (totals.Ask(given.Table.View()), Oracles.Totals(totals, given.Model));
            actual.Events.ShouldBe(expected.Events, $"filter {number}");
            foreach (var (a, b) in actual.Values.SelectMany(row => row).Zip(expected.Values.SelectMany(row => row))) a.ShouldBe(b, 1e-6, $"filter {number}");
            var retention = new RetentionQuestion { TouchpointOfSignature = touchpoints, Filter = filter, BoundsMs = weeks };
            Given.ShouldBeSame(retention.Ask(given.Table.View()), RetentionOracles.Retention(retention, given.Model), $"filter {number}");
            var volumes = new TouchpointsQuestion { TouchpointOfSignature = touchpoints, Filter = filter };
            Given.ShouldBeSame(volumes.Ask(given.Table.View()), Oracles.Touchpoints(volumes, given.Model), $"filter {number}");
        }
    }

    [Fact]
    public unsafe void The_bits_of_a_journey_are_the_same_at_once_and_one_by_one()
    {
        var random = new Random(3);
        for (var count = 1; count < 80; count++)
        {
            var numbers = new byte[count + PeriodBits.Spare];
            for (var at = 0; at < numbers.Length; at++) numbers[at] = (byte)random.Next(65);
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
        // Where clocks change.
        var (shorter, longer) = length > 2 ? (given.Next(buckets * 2), given.Next(buckets * 2)) : (-1, -1);
        return [.. Enumerable.Range(0, buckets + 1).Select(bucket => (bound += even ? length - (bucket == shorter ? 1 : 0) + (bucket == longer ? 1 : 0) : 1 + given.Next(int.MaxValue) % (2 * length)) * unit)];
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
