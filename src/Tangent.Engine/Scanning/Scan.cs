namespace Tangent.Engine;

/// <summary>One pass over all journeys of a view, its blocks taken by the processors from a common counter.</summary>
internal static class Scan
{
    /// <summary>Number of blocks.</summary>
    public static int Blocks(JourneyView view) => view.Layers.Sum(layer => layer.Segment.Blocks.Length - 1);

    /// <summary>
    /// Runs kernels made by <paramref name="create"/>, one for each thread, and returns those that ran; at least one.
    /// For a sample, only every so-many-th block is read.
    /// </summary>
    public static List<TKernel> Run<TKernel>(JourneyView view, Lens lens, Func<TKernel> create, CancellationToken ct, int every = 1)
        where TKernel : Kernel
    {
        var layers = view.Layers;
        var ends = new int[layers.Length];
        for (int index = 0, total = 0; index < layers.Length; index++) ends[index] = total += layers[index].Segment.Blocks.Length - 1;
        var labels = Array.ConvertAll(layers, layer => Labels.Of(layer, lens));
        var hours = new Hours?[layers.Length];
        var items = ends[^1];
        var next = -every;
        var kernels = new List<TKernel>();

        void Work(int thread)
        {
            TKernel? kernel = null;
            var scratch = Scratch.Rent();
            try
            {
                for (int item, layer = 0; (item = Interlocked.Add(ref next, every)) < items;)
                {
                    if (ct.IsCancellationRequested) return;
                    // Items come in rising order, so a thread only ever moves on to later layers.
                    while (item >= ends[layer]) layer++;
                    kernel ??= Make();
                    if (lens.HasPeriod || (kernel.Reads & Reads.Hours) != 0) hours[layer] ??= Hours.Of(layers[layer]);
                    scratch.Visit(layers[layer], labels[layer], hours[layer], item - (layer == 0 ? 0 : ends[layer - 1]), lens, kernel);
                }
            }
            finally
            {
                scratch.Return();
            }
        }

        TKernel Make()
        {
            var kernel = create();
            // A collapsed batch no longer says which of its events are which rows; times it has where they were moved too.
            if (lens.CollapseRepeats && ((kernel.Reads & (Reads.Unmoved | Reads.UnmovedWhereMost)) != 0 || (kernel.Reads & (Reads.Hours | Reads.Times)) == Reads.Hours))
                throw new ArgumentException("Collapsed repeats cannot stay unmoved, and hours without times do not tell theirs.", nameof(create));
            lock (kernels) kernels.Add(kernel);
            return kernel;
        }

        var threads = Math.Min(Environment.ProcessorCount, items);
        if (threads <= 1) Work(0);
        else Parallel.For(0, threads, Work);
        ct.ThrowIfCancellationRequested();
        // The kernels read through pointers; the segments must outlive them.
        GC.KeepAlive(view);
        GC.KeepAlive(labels);
        if (kernels.Count == 0) Make();
        return kernels;
    }
}
