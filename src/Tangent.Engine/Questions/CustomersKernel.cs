using System.Numerics;

namespace Tangent.Engine;

/// <summary>A kernel that finds the customers behind a number instead of counting.</summary>
internal abstract class CustomersKernel : Kernel
{
    private GrowingList<int> found;

    protected void Found(int customer) => found.Add(customer);

    public static CustomersBehind Ask(JourneyView view, Lens lens, Func<CustomersKernel> create, int limit, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        var kernels = Scan.Run(view, lens, create, ct);
        var all = new int[kernels.Sum(kernel => kernel.found.Count)];
        var count = 0;
        foreach (var kernel in kernels)
        {
            kernel.found.Items.CopyTo(all.AsSpan(count));
            count += kernel.found.Count;
        }

        Order(all, view.Customers);
        return new CustomersBehind(count <= limit ? all : all[..limit], count);
    }

    /// <summary>Puts customers in order: many by a bit for each customer there is, which costs a pass instead of a sort.</summary>
    /// <param name="found">Customers, each once.</param>
    /// <param name="customers">Their numbers are below this.</param>
    internal static void Order(int[] found, int customers)
    {
        if (found.Length <= customers / 64)
        {
            Array.Sort(found);
            return;
        }

        var words = Bitmap.Of(customers);
        foreach (var customer in found) Bitmap.Set(words, customer);
        var at = 0;
        for (var word = 0; word < words.Length; word++)
            for (var rest = words[word]; rest != 0; rest &= rest - 1) found[at++] = (word << 6) + BitOperations.TrailingZeroCount(rest);
    }
}

/// <summary>Finds the customers whose journey satisfies a condition that one kernel states.</summary>
internal sealed class MatchingCustomersKernel(RunCondition condition) : CustomersKernel
{
    public override unsafe void Visit(in JourneyBatch batch)
    {
        for (var run = 0; run < batch.Runs; run++)
            if (condition(batch, batch.Starts[run], batch.Starts[run + 1])) Found(batch.Customers[run]);
    }
}

internal delegate bool RunCondition(in JourneyBatch batch, int from, int to);
