using Tangent.Engine;

namespace Tangent.Bench;

/// <summary>
/// Journeys as companies have them, from a seed: 40 touchpoints reached over 8 channels, most customers with few events and few with thousands
/// (Zipf-Mandelbrot), visits within 180 days, touchpoints following each other by a Markov chain, purchases with a value.
/// A fifth of the customers are first seen under a second, anonymous identity.
/// </summary>
internal sealed class Generator
{
    public const int Touchpoints = 40;
    public const int Channels = 8;
    public const int Purchase = Touchpoints - 1;
    public const int Days = 180;
    public const long DayMs = 86_400_000;
    public const long StartMs = 1_735_689_600_000; // 2025-01-01 UTC
    private const int LongestJourney = 5_000;

    private readonly Random random;
    private readonly double[] lengths = Cumulative(LongestJourney, length => Math.Pow(length + 4.2, -2.3));
    private readonly double[] channels = Cumulative(Channels, channel => Math.Pow(channel + 1, -0.8));
    private readonly double[] first = Cumulative(Touchpoints, touchpoint => touchpoint == Purchase ? 0 : 1 / (1 + touchpoint * 0.6));
    private readonly double[][] next = new double[Touchpoints][];

    public Generator(int seed)
    {
        random = new Random(seed);
        for (var from = 0; from < Touchpoints; from++) next[from] = Chain(from);
    }

    public static ushort[] TouchpointOfSignature { get; } = [.. Enumerable.Range(0, Touchpoints * Channels).Select(code => (ushort)(code / Channels))];

    public static ushort[] ChannelOfSignature { get; } = [.. Enumerable.Range(0, Touchpoints * Channels).Select(code => (ushort)(code % Channels))];

    /// <summary>Events in order of arrival, and the identities that turn out to be another customer.</summary>
    public (JourneyEvent[] Events, List<(int Identity, int Customer)> Merges) Make(int count)
    {
        var events = new JourneyEvent[count];
        var times = new long[count];
        var merges = new List<(int, int)>();
        var identity = 0;
        for (var made = 0; made < count;)
        {
            var length = Math.Min(count - made, 1 + Pick(lengths));
            var anonymous = length > 2 && random.Next(5) == 0 ? random.Next(1, length) : 0;
            if (anonymous > 0) merges.Add((identity + 1, identity));
            Journey(events.AsSpan(made, length), identity, anonymous);
            for (var i = made; i < made + length; i++) times[i] = events[i].TimestampMs;
            made += length;
            identity += anonymous > 0 ? 2 : 1;
        }

        Array.Sort(times, events);
        for (var i = 0; i < count; i++) events[i] = events[i] with { Position = i };
        return (events, merges);
    }

    /// <summary>
    /// The same journeys customer by customer, each in order of time and without second identities, for more events than fit into memory at once.
    /// The array given out is used again for the next journey.
    /// </summary>
    public IEnumerable<ArraySegment<JourneyEvent>> Journeys(long count)
    {
        var events = new JourneyEvent[LongestJourney];
        var customer = 0;
        for (long made = 0; made < count; customer++)
        {
            var length = (int)Math.Min(count - made, 1 + Pick(lengths));
            Journey(events.AsSpan(0, length), customer, 0);
            yield return new ArraySegment<JourneyEvent>(events, 0, length);
            made += length;
        }
    }

    private void Journey(Span<JourneyEvent> events, int identity, int anonymous)
    {
        var arrival = (long)(Math.Pow(random.NextDouble(), 1.15) * Days * DayMs * 0.97);
        // The busier a customer, the earlier the first visit and the longer the time between first and last.
        if (events.Length > 100) arrival = arrival * 100 / events.Length;
        var span = (Days * DayMs - arrival - DayMs) * (events.Length == 1 ? 0 : Math.Pow(random.NextDouble(), 3.0 / Math.Log2(events.Length + 1)));
        var at = arrival;
        var channel = Pick(channels);
        var touchpoint = Pick(first);
        var visits = 1.0 + events.Length / 4;
        for (var i = 0; i < events.Length; i++)
        {
            // As a database keeps it in four bytes.
            double value = touchpoint == Purchase ? (float)Math.Round(Math.Exp(3.6 + 0.8 * Normal()), 2) : 0;
            // No two events of a customer at the same time: every program sorts them alike.
            events[i] = new JourneyEvent(i < anonymous ? identity + 1 : identity, StartMs + Math.Min(at, Days * DayMs - (events.Length - i)),
                (ushort)(touchpoint * Channels + channel), value, (byte)(value > 0 ? 1 : 0), 0);
            touchpoint = Pick(next[touchpoint]);
            at += (long)Math.Exp(10 + 1.2 * Normal()) + 1;
            if (random.NextDouble() < 0.74) continue;
            at += (long)(-Math.Log(1 - random.NextDouble()) * span / visits);
            channel = Pick(channels);
        }
    }

    private double[] Chain(int from)
    {
        var order = Enumerable.Range(0, Touchpoints).ToArray();
        random.Shuffle(order);
        var weights = new double[Touchpoints];
        for (var rank = 0; rank < Touchpoints; rank++) weights[order[rank]] = Math.Pow(rank + 1, -1.3);
        weights[Purchase] = 0;
        weights[from] = weights.Sum() * 0.13;
        // A way that many go: look, put aside, order, pay, buy.
        int[] way = [0, 1, 2, 3, 36, Purchase];
        var on = Array.IndexOf(way, from);
        if (on >= 0 && from != Purchase) weights[way[on + 1]] = weights.Sum() * 0.35;
        return Cumulative(Touchpoints, touchpoint => weights[touchpoint]);
    }

    private int Pick(double[] cumulative)
    {
        var index = Array.BinarySearch(cumulative, random.NextDouble());
        return Math.Min(cumulative.Length - 1, index < 0 ? ~index : index + 1);
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double[] Cumulative(int count, Func<int, double> weight)
    {
        var sums = new double[count];
        var sum = 0.0;
        for (var i = 0; i < count; i++) sums[i] = sum += weight(i);
        for (var i = 0; i < count; i++) sums[i] /= sum;
        return sums;
    }
}
