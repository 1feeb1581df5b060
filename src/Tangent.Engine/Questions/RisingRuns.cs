namespace Tangent.Engine;

/// <summary>
/// Puts what several kernels found into the order of customers without sorting. A journey lies whole in one kernel and in its order, and of one layer customers come rising; a thread takes
/// hundreds of them at once, so that what one kernel has comes in few stretches.
/// </summary>
internal static class RisingRuns
{
    /// <summary>The stretches in their order: of which kernel, from where and up to where (exclusive).</summary>
    /// <param name="counts">How many items each kernel has.</param>
    /// <param name="customerOf">Customer of an item of a kernel.</param>
    public static IEnumerable<(int Kernel, int From, int To)> InOrder(IReadOnlyList<int> counts, Func<int, int, int> customerOf)
    {
        var heads = new PriorityQueue<(int Kernel, int From, int End), int>();
        for (var kernel = 0; kernel < counts.Count; kernel++)
            for (int from = 0, end; from < counts[kernel]; from = end)
            {
                for (end = from + 1; end < counts[kernel] && customerOf(kernel, end) >= customerOf(kernel, end - 1);) end++;
                heads.Enqueue((kernel, from, end), customerOf(kernel, from));
            }

        while (heads.TryDequeue(out var run, out _))
        {
            var until = heads.TryPeek(out _, out var next) ? next : int.MaxValue;
            var stop = run.From;
            while (stop < run.End && customerOf(run.Kernel, stop) <= until) stop++;
            yield return (run.Kernel, run.From, stop);
            if (stop < run.End) heads.Enqueue((run.Kernel, stop, run.End), customerOf(run.Kernel, stop));
        }
    }
}
