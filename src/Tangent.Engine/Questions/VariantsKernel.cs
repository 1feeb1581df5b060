using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>Journeys as sequences, collapsed where asked for.</summary>
internal sealed unsafe class SequenceReader(bool collapse)
{
    private ushort[] collapsed = new ushort[256];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<ushort> Read(in JourneyBatch batch, int run)
    {
        var from = batch.Starts[run];
        var length = batch.Starts[run + 1] - from;
        var sequence = new ReadOnlySpan<ushort>(batch.Touchpoints + from, length);
        return collapse ? Collapse(sequence) : sequence;
    }

    private ReadOnlySpan<ushort> Collapse(ReadOnlySpan<ushort> sequence)
    {
        if (collapsed.Length < sequence.Length + 1) collapsed = new ushort[sequence.Length * 2];
        int count = 0, last = -1;
        foreach (var code in sequence)
        {
            collapsed[count] = code;
            count += code != last ? 1 : 0;
            last = code;
        }

        return collapsed.AsSpan(0, count);
    }
}

internal sealed class VariantsKernel : Kernel
{
    /// <summary>Sequences are spread over so many tables by hash, so that the threads' tables can be added up side by side.</summary>
    private const int PartBits = 4;

    private readonly SequenceReader reader;
    private readonly ulong hashMask;

    public VariantsKernel(bool collapse, ulong hashMask)
    {
        reader = new SequenceReader(collapse);
        this.hashMask = hashMask;
        Parts = new VariantTable[1 << PartBits];
        for (var part = 0; part < Parts.Length; part++) Parts[part] = new VariantTable(hashMask);
    }

    public VariantTable[] Parts { get; }

    public override void Visit(in JourneyBatch batch)
    {
        for (var run = 0; run < batch.Runs; run++)
        {
            var sequence = reader.Read(batch, run);
            var hash = VariantTable.HashOf(sequence) & hashMask;
            Parts[hash >> (64 - PartBits)].Count(sequence, hash, 1);
        }
    }
}

internal sealed unsafe class VariantDurationsKernel(bool collapse, VariantTable wanted, long[] next, long[] durations) : Kernel
{
    private readonly SequenceReader reader = new(collapse);

    public override void Visit(in JourneyBatch batch)
    {
        for (var run = 0; run < batch.Runs; run++)
        {
            var sequence = reader.Read(batch, run);
            var variant = wanted.Find(sequence, VariantTable.HashOf(sequence));
            if (variant >= 0) durations[Interlocked.Increment(ref next[variant]) - 1] = batch.Times[batch.Starts[run + 1] - 1] - batch.Times[batch.Starts[run]];
        }
    }
}

internal sealed class VariantCustomersKernel(bool collapse, ushort[] wanted) : CustomersKernel
{
    private readonly SequenceReader reader = new(collapse);

    public override unsafe void Visit(in JourneyBatch batch)
    {
        for (var run = 0; run < batch.Runs; run++)
            if (reader.Read(batch, run).SequenceEqual(wanted)) Found(batch.Customers[run]);
    }
}
