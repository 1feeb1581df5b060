using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tangent.Engine;

/// <summary>
/// Events and values by touchpoint and bucket. Where hours tell the bucket, the cells of 32 events are computed at once, and those of rows that do not
/// stay are left out by the way. Neighbouring events are often of one cell (a visit): what is counted is where the cell changes.
/// </summary>
internal sealed unsafe class TotalsKernel : Kernel
{
    // Rows whose cells are computed before they are counted.
    private const int Chunk = 1024;

    // No cell.
    private const ushort Nobody = ushort.MaxValue;

    private readonly int width;
    private readonly double[] rates;
    private readonly HourTable table;
    private readonly uint[] events;
    private readonly ExactSum[] values;

    public TotalsKernel(int touchpoints, HourTable table, double[] rates)
    {
        this.rates = rates;
        this.table = table;
        // The last column takes what is outside all buckets.
        width = table.Outside + 1;
        events = new uint[touchpoints * width];
        values = new ExactSum[touchpoints * width];
    }

    public override Reads Reads => table.Reads | Reads.Unmoved;

    public void AddTo(int touchpoint, long[] allEvents, double[] allValues)
    {
        for (var bucket = 0; bucket < allEvents.Length; bucket++)
        {
            allEvents[bucket] += events[touchpoint * width + bucket];
            allValues[bucket] += values[touchpoint * width + bucket].Total;
        }
    }

    public override void Visit(in JourneyBatch batch)
    {
        fixed (uint* counts = events)
        fixed (ushort* bucketOf = table.From(batch.HoursOriginMs))
        {
            if (!Avx512Vbmi2.IsSupported || events.Length > Nobody) VisitOneByOne(batch, bucketOf, counts);
            else if (table.StepsFrom(batch.HoursOriginMs) is { } steps) VisitWide(batch, steps.Look(), bucketOf, counts);
            else if (table.SpansFrom(batch.HoursOriginMs) is { } spans) VisitWide(batch, spans.Look(), bucketOf, counts);
            else VisitOneByOne(batch, bucketOf, counts);
            var valued = new ValuedEvents(batch);
            while (valued.Next()) values[CellOf(batch, bucketOf, valued.Index)].Add(valued.Value * rates[valued.Currency]);
        }
    }

    private int CellOf(in JourneyBatch batch, ushort* bucketOf, int at) => batch.Touchpoints[at] * width + table.Of(bucketOf, batch, at);

    private void VisitOneByOne(in JourneyBatch batch, ushort* bucketOf, uint* counts)
    {
        for (var at = 0; at < batch.Events; at++)
            if (batch.Stays(at)) counts[CellOf(batch, bucketOf, at)]++;
    }

    private void VisitWide<TLookup>(in JourneyBatch batch, in TLookup lookup, ushort* bucketOf, uint* counts)
        where TLookup : struct, IHourLookup
    {
        // A vector before the first cell, whose last lane is read, and one behind the last.
        var room = stackalloc ushort[32 + Chunk + 64];
        var starts = stackalloc ushort[Chunk + 64];
        var staying = stackalloc ulong[Chunk / Selection.Word];
        var cells = room + 32;
        cells[-1] = Nobody;
        for (var from = 0; from < batch.Events; from += Chunk)
        {
            var count = Math.Min(Chunk, batch.Events - from);
            if (batch.Staying == null) Selection.All(staying, count);
            else new ReadOnlySpan<ulong>(batch.Staying + from / Selection.Word, Selection.Words(count)).CopyTo(new Span<ulong>(staying, Chunk / Selection.Word));
            var known = Cells(batch.Touchpoints + from, batch.Hours + from, count, staying, lookup, (ushort)width, cells);
            CountRuns(cells, Starts(cells, known, starts), starts, counts);
            // Left are those whose hours do not tell the bucket.
            for (var word = 0; word < Selection.Words(count); word++)
                for (; staying[word] != 0; staying[word] &= staying[word] - 1) counts[CellOf(batch, bucketOf, from + word * Selection.Word + BitOperations.TrailingZeroCount(staying[word]))]++;
        }
    }

    // The cells of the rows that stay and whose hours tell the bucket; these are taken off those that stay. Their number is returned.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Cells<TLookup>(ushort* codes, ushort* hours, int count, ulong* staying, in TLookup lookup, ushort width, ushort* cells)
        where TLookup : struct, IHourLookup
    {
        var (look, bit, times, elsewhere) = (lookup, Selection.BitOfLane, Vector512.Create(width), Vector512.Create(Hours.Elsewhere));
        var to = cells;
        for (var end = codes + count; codes < end; codes += Selection.Word, hours += Selection.Word)
        {
            Vector512<ushort> low = Vector512.Load(hours), high = Vector512.Load(hours + 32);
            var unclear = Vector512.Equals(low, elsewhere).ExtractMostSignificantBits() | Vector512.Equals(high, elsewhere).ExtractMostSignificantBits() << 32;
            var cellsLow = Vector512.Load(codes) * times + look.BucketsOf(low);
            var cellsHigh = Vector512.Load(codes + 32) * times + look.BucketsOf(high);
            var bits = *staying & ~unclear;
            *staying++ &= unclear;
            if (bits == ulong.MaxValue)
            {
                cellsLow.Store(to);
                cellsHigh.Store(to + 32);
                to += Selection.Word;
            }
            else to = Selection.Compress(cellsHigh, (uint)(bits >> 32), bit, Selection.Compress(cellsLow, (uint)bits, bit, to));
        }

        return (int)(to - cells);
    }

    // Where the cell is another than the one before; the last start is the end of all. The number of runs is returned.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Starts(ushort* cells, int count, ushort* starts)
    {
        Vector512.Create(Nobody).Store(cells + count);
        var to = starts;
        var places = Vector512.CreateSequence<ushort>(0, 1);
        for (var at = 0; at <= count; at += 32)
        {
            var begins = ~Vector512.Equals(Vector512.Load(cells + at), Vector512.Load(cells + at - 1));
            Avx512Vbmi2.Compress(Vector512<ushort>.Zero, begins, places).Store(to);
            to += BitOperations.PopCount((uint)begins.ExtractMostSignificantBits());
            places += Vector512.Create((ushort)32);
        }

        return (int)(to - starts) - 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void CountRuns(ushort* cells, int runs, ushort* starts, uint* counts)
    {
        nuint start = 0;
        for (var end = starts + runs; starts < end; starts++)
        {
            nuint next = starts[1];
            counts[(nuint)cells[start]] += (uint)(next - start);
            start = next;
        }
    }
}
