namespace Tangent.Engine;

/// <summary>Journeys of groups of customers instead of customers: the journey of a group is the events of its customers, sorted by time, then position.</summary>
public static unsafe class JourneyGrouping
{
    /// <summary>The customer belongs to no group: its events are in no journey of the grouped view.</summary>
    public const int NoGroup = -1;

    // Enough that taking a piece of work costs nothing beside doing it.
    private const int RunsAtOnce = 256;

    /// <summary>
    /// The same events as journeys of groups: every question can be asked of the result, its customer numbers being group numbers.
    /// The grouped view is as immutable as this one and does not refer to it.
    /// <para>
    /// Cost: every event that has a group is copied once and sorted into its group's journey, on all processors: about 0.1 µs an event
    /// (4 million events of 20,000 groups of ten customers in 350 ms on two busy cores), and the memory of an overlay's event:
    /// 31 bytes and 2 for each property column.
    /// </para>
    /// </summary>
    /// <param name="view">The journeys of customers.</param>
    /// <param name="groupOfCustomer">The group of each customer by number, from 0, dense; <see cref="NoGroup"/> and customers beyond the end have none.</param>
    /// <exception cref="ArgumentException">A group number is below <see cref="NoGroup"/>.</exception>
    /// <exception cref="InvalidOperationException">More than two thousand million events have a group.</exception>
    public static JourneyView GroupBy(this JourneyView view, int[] groupOfCustomer)
    {
        var groups = 0;
        foreach (var group in groupOfCustomer)
        {
            if (group < NoGroup) throw new ArgumentException($"There is no group {group}.", nameof(groupOfCustomer));
            groups = Math.Max(groups, group + 1);
        }

        var counts = new long[groups];
        foreach (var layer in view.Layers)
            for (var run = 0; run < layer.Segment.Runs; run++)
                if (GroupOf(layer, run, groupOfCustomer) is var group and >= 0) counts[group] += layer.Segment.Starts[run + 1] - layer.Segment.Starts[run];
        var events = counts.Sum();
        if (events > int.MaxValue - 64) throw new InvalidOperationException("More than two thousand million events have a group.");

        var segment = Segment.Allocate(counts.Count(count => count > 0), (int)events, view.PropertyColumns);
        var next = Place(segment, counts);
        foreach (var layer in view.Layers) Copy(layer, segment, groupOfCustomer, next);
        Sort(segment);
        segment.Prepare();
        GC.KeepAlive(view);
        return new JourneyView([new Layer(segment, null, events, 0)], groups, view.PropertyColumns);
    }

    private static int GroupOf(Layer layer, int run, int[] groupOfCustomer)
    {
        var customer = layer.Segment.CustomerOfRun(run);
        return customer < groupOfCustomer.Length && !Bitmap.Has(layer.Hidden, run) ? groupOfCustomer[customer] : NoGroup;
    }

    /// <summary>Lists the groups that have events; returns the first row of each group.</summary>
    private static int[] Place(Segment segment, long[] counts)
    {
        var next = new int[counts.Length];
        for (int group = 0, run = 0; group < counts.Length; group++)
        {
            if (counts[group] == 0) continue;
            next[group] = segment.Starts[run];
            segment.Customers[run] = group;
            segment.Starts[run + 1] = segment.Starts[run] + (int)counts[group];
            run++;
        }

        return next;
    }

    private static void Copy(Layer layer, Segment to, int[] groupOfCustomer, int[] next)
    {
        var from = layer.Segment;
        // Where each run goes is settled first, so that the rows can be copied side by side.
        var places = new int[from.Runs];
        for (var run = 0; run < from.Runs; run++)
        {
            places[run] = GroupOf(layer, run, groupOfCustomer);
            if (places[run] < 0) continue;
            ref var row = ref next[places[run]];
            places[run] = row;
            row += from.Starts[run + 1] - from.Starts[run];
        }

        InPieces(from.Runs, (first, end) =>
        {
            for (var run = first; run < end; run++)
                if (places[run] >= 0) to.CopyRows(from, from.Starts[run], places[run], from.Starts[run + 1] - from.Starts[run]);
        });
    }

    private static void Sort(Segment segment) => InPieces(segment.Runs, (first, end) =>
    {
        var sorter = new RunSorter();
        for (var run = first; run < end; run++) sorter.Sort(segment, segment.Starts[run], segment.Starts[run + 1]);
    });

    private static void InPieces(int runs, Action<int, int> work) =>
        Parallel.For(0, (runs + RunsAtOnce - 1) / RunsAtOnce, piece => work(piece * RunsAtOnce, Math.Min(runs, (piece + 1) * RunsAtOnce)));
}
