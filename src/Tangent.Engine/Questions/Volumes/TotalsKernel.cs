using System.Runtime.CompilerServices;

namespace Tangent.Engine;

internal sealed unsafe class TotalsKernel : Kernel
{
    // Neighbouring events are often of one cell: counted in one place, each would wait for the one before. While cells are few, there are as many places as this.
    private const int Places = 4;
    private const int Few = 4096;

    private readonly int width;
    private readonly double[] rates;
    private readonly HourTable table;
    private readonly uint[] events;
    private readonly ExactSum[] values;
    // From one place of a cell to its next; 0 where a cell has one only.
    private readonly int step;

    public TotalsKernel(int touchpoints, HourTable table, double[] rates)
    {
        this.rates = rates;
        this.table = table;
        // The last column takes what is outside all buckets.
        width = table.Outside + 1;
        var cells = touchpoints * width;
        step = cells <= Few ? cells : 0;
        events = new uint[step == 0 ? cells : Places * cells];
        values = new ExactSum[cells];
    }

    public override Reads Reads => table.Reads;

    public void AddTo(int touchpoint, long[] allEvents, double[] allValues)
    {
        for (var bucket = 0; bucket < allEvents.Length; bucket++)
        {
            var cell = touchpoint * width + bucket;
            allEvents[bucket] += events[cell];
            for (var place = 1; place < Places && step > 0; place++) allEvents[bucket] += events[place * step + cell];
            allValues[bucket] += values[cell].Total;
        }
    }

    public override void Visit(in JourneyBatch batch)
    {
        fixed (uint* counts = events)
        fixed (ushort* bucketOf = table.From(batch.HoursOriginMs))
        {
            var (at, whole) = (0, batch.Events / Places * Places);
            while ((at = Count(batch.Touchpoints, batch.Hours, at, whole, bucketOf, counts, (nuint)step, (nuint)width)) < whole)
            {
                // Hours that do not tell the bucket.
                for (var end = at + Places; at < end; at++) counts[batch.Touchpoints[at] * width + table.Of(bucketOf, batch, at)]++;
            }

            for (; at < batch.Events; at++) counts[batch.Touchpoints[at] * width + table.Of(bucketOf, batch, at)]++;
            var valued = new ValuedEvents(batch);
            while (valued.Next()) values[batch.Touchpoints[valued.Index] * width + table.Of(bucketOf, batch, valued.Index)].Add(valued.Value * rates[valued.Currency]);
        }
    }

    // Counts up to the first group with an hour that does not tell the bucket. A method of its own, so that all it needs stays in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Count(ushort* codes, ushort* hours, int from, int to, ushort* bucketOf, uint* first, nuint step, nuint width)
    {
        uint* second = first + step, third = second + step, fourth = third + step;
        ushort* start = hours, end = hours + to;
        codes += from;
        for (hours += from; hours < end; hours += Places, codes += Places)
        {
            nuint a = bucketOf[(nuint)hours[0]], b = bucketOf[(nuint)hours[1]], c = bucketOf[(nuint)hours[2]], d = bucketOf[(nuint)hours[3]];
            if (a + b + c + d >= HourTable.LookCloser) break;
            first[codes[0] * width + a]++;
            second[codes[1] * width + b]++;
            third[codes[2] * width + c]++;
            fourth[codes[3] * width + d]++;
        }

        return (int)(hours - start);
    }
}
