namespace Tangent.Engine;

/// <summary>
/// Which touchpoints the same customers were at, in any order. Cost: one pass; for each customer as many steps as there are pairs of
/// different touchpoints.
/// </summary>
public sealed record CoOccurrenceQuestion : JourneyQuestion
{
    /// <summary>Asks.</summary>
    public CoOccurrenceAnswer Ask(JourneyView view, CancellationToken ct = default)
    {
        var lens = LensOn(view);
        return (long)lens.Touchpoints * lens.Touchpoints <= DenseIds.Most
            ? Sum(Scan.Run(view, lens, () => new CoOccurrenceKernel<DenseIds>(lens.Touchpoints, new DenseIds(lens.Touchpoints * lens.Touchpoints)), ct), lens.Touchpoints)
            : Sum(Scan.Run(view, lens, () => new CoOccurrenceKernel<HashedIds>(lens.Touchpoints, new HashedIds()), ct), lens.Touchpoints);
    }

    /// <summary>The customers who were at both touchpoints.</summary>
    /// <param name="view">The view the number came from.</param>
    /// <param name="a">One touchpoint.</param>
    /// <param name="b">The other.</param>
    /// <param name="limit">At most so many customers are returned.</param>
    /// <param name="ct">Gives up.</param>
    public unsafe CustomersBehind Customers(JourneyView view, ushort a, ushort b, int limit = int.MaxValue, CancellationToken ct = default) =>
        CustomersKernel.Ask(view, LensOn(view), () => new MatchingCustomersKernel((in batch, first, end) =>
        {
            var codes = new ReadOnlySpan<ushort>(batch.Touchpoints + first, end - first);
            return codes.Contains(a) && codes.Contains(b);
        }), limit, ct);

    private static CoOccurrenceAnswer Sum<TIds>(List<CoOccurrenceKernel<TIds>> kernels, int touchpoints)
        where TIds : struct, IKeyIds
    {
        var sums = new Dictionary<long, long>();
        foreach (var kernel in kernels)
            foreach (var (key, customers) in kernel.Pairs()) sums[key] = sums.GetValueOrDefault(key) + customers;
        var pairs = new List<TouchpointPair>();
        var reach = new List<(ushort, long)>();
        foreach (var (key, customers) in sums)
        {
            var (a, b) = ((ushort)(key / touchpoints), (ushort)(key % touchpoints));
            // A touchpoint with itself is its reach.
            if (a == b) reach.Add((a, customers));
            else pairs.Add(new TouchpointPair(a, b, customers));
        }

        return new CoOccurrenceAnswer(
            kernels.Sum(kernel => kernel.Customers), [.. reach.OrderBy(r => r.Item1).Select(r => new TouchpointReach(r.Item1, r.Item2))],
            [.. pairs.OrderByDescending(p => p.Customers).ThenBy(p => p.A).ThenBy(p => p.B)]);
    }
}

/// <summary>Which touchpoints go together.</summary>
/// <param name="Customers">Customers with any event in the filtered journeys.</param>
/// <param name="Touchpoints">How many were at each touchpoint, by code.</param>
/// <param name="Pairs">How many were at both of two, largest first; equal ones by code.</param>
public sealed record CoOccurrenceAnswer(long Customers, TouchpointReach[] Touchpoints, TouchpointPair[] Pairs);

/// <summary>Customers at a touchpoint.</summary>
/// <param name="Touchpoint">Touchpoint code.</param>
/// <param name="Customers">Customers who were there.</param>
public readonly record struct TouchpointReach(ushort Touchpoint, long Customers);

/// <summary>Customers at two touchpoints.</summary>
/// <param name="A">The one with the lower code.</param>
/// <param name="B">The other.</param>
/// <param name="Customers">Customers who were at both.</param>
public readonly record struct TouchpointPair(ushort A, ushort B, long Customers);

internal sealed unsafe class CoOccurrenceKernel<TIds>(int touchpoints, TIds ids) : Kernel
    where TIds : struct, IKeyIds
{
    private readonly int[] lastCustomer = new int[touchpoints];
    private long[] counts = new long[Math.Max(1024, ids.Count)];
    private GrowingList<int> members;

    public long Customers { get; private set; }

    public IEnumerable<(long Key, long Customers)> Pairs()
    {
        for (var id = 0; id < ids.Count; id++)
            if (counts[id] > 0) yield return (ids.KeyOf(id), counts[id]);
    }

    public override void Visit(in JourneyBatch batch)
    {
        Customers += batch.Runs;
        for (var run = 0; run < batch.Runs; run++)
        {
            var stamp = batch.Customers[run] + 1;
            members.Clear();
            for (var at = batch.Starts[run]; at < batch.Starts[run + 1]; at++)
            {
                int code = batch.Touchpoints[at];
                if (lastCustomer[code] == stamp) continue;
                lastCustomer[code] = stamp;
                foreach (var other in members.Items) Count(Math.Min(code, other), Math.Max(code, other));
                members.Add(code);
                Count(code, code);
            }
        }
    }

    private void Count(int a, int b)
    {
        var id = ids.Of((long)a * touchpoints + b);
        if (id >= counts.Length) Array.Resize(ref counts, counts.Length * 2);
        counts[id]++;
    }
}
