using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>
/// The touchpoints of a segment's rows under one table of touchpoints, made when a block is first read and kept:
/// questions come again and again with the same table. Two bytes an event.
/// </summary>
internal sealed unsafe class Labels
{
    private const byte Unread = 0, Whole = 1, Partial = 2;

    /// <summary>Smaller layers over the base change more often than they are asked.</summary>
    private const int FewestEvents = 1 << 17;

    private readonly Segment segment;
    private readonly NativeBlock memory;
    private readonly byte[] blocks;

    private Labels(Segment segment, ushort[] table)
    {
        this.segment = segment;
        Table = table;
        memory = new NativeBlock((segment.Events + Spare) * (long)sizeof(ushort));
        blocks = new byte[segment.Blocks.Length - 1];
    }

    /// <summary>Codes behind the end that may be read, though they mean nothing.</summary>
    public const int Spare = 64;

    /// <summary>The table of touchpoints, known by what it says: many questions make theirs anew.</summary>
    public ushort[] Table { get; }

    /// <summary>The labels of a layer's segment, or null where they are not worth keeping.</summary>
    public static Labels? Of(Layer layer, Lens lens)
    {
        var segment = layer.Segment;
        if (lens.IsPassing || !IsWorthKeeping(layer)) return null;
        lock (segment.Labels)
        {
            // Two tables at most: the touchpoints of all questions, and one other such as their channels.
            ref var latest = ref segment.Labels[0];
            if (latest is not null && latest.IsOf(lens)) return latest;
            (segment.Labels[1], latest) = (latest, segment.Labels[1]);
            if (latest is null || !latest.IsOf(lens)) latest = new Labels(segment, lens.TouchpointOfSignature);
            return latest;
        }
    }

    /// <summary>Whether what is found of a layer's rows will be asked for again.</summary>
    public static bool IsWorthKeeping(Layer layer) => layer.Slot == 0 || layer.Segment.Events >= FewestEvents;

    private bool IsOf(Lens lens) => Table.AsSpan().SequenceEqual(lens.TouchpointOfSignature);

    /// <summary>The touchpoints of a block's rows; whether all have one.</summary>
    public ushort* Block(int block, Lens lens, out bool whole)
    {
        int firstRow = segment.Starts[segment.Blocks[block]], count = segment.Starts[segment.Blocks[block + 1]] - firstRow;
        var codes = (ushort*)memory.Pointer + firstRow;
        if (Volatile.Read(ref blocks[block]) == Unread)
        {
            // Two questions at once may both do it; they write the same.
            fixed (ushort* table = lens.TouchpointOfSignature)
                Volatile.Write(ref blocks[block], Translate(segment.Signatures + firstRow, codes, count, table) ? Whole : Partial);
        }

        whole = blocks[block] == Whole;
        return codes;
    }

    /// <summary>Signatures to touchpoints; whether all have one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Translate(ushort* signatures, ushort* codes, int count, ushort* table)
    {
        // "None" + 1 has a bit that no other code + 1 has; a maximum would be compiled to branches that cannot be foreseen.
        var seen = 0;
        var i = 0;
        for (; i + 4 <= count; i += 4)
        {
            int a = table[signatures[i]], b = table[signatures[i + 1]], c = table[signatures[i + 2]], d = table[signatures[i + 3]];
            codes[i] = (ushort)a;
            codes[i + 1] = (ushort)b;
            codes[i + 2] = (ushort)c;
            codes[i + 3] = (ushort)d;
            seen |= (a + 1) | (b + 1) | (c + 1) | (d + 1);
        }

        for (; i < count; i++)
        {
            int code = table[signatures[i]];
            codes[i] = (ushort)code;
            seen |= code + 1;
        }

        return seen <= Code.None;
    }
}
