namespace Tangent.Engine;

/// <summary>
/// The settled state behind views: the base and, above it, layers of complete journeys of the customers touched since.
/// Absorbing what the writer said makes one new layer; layers of like size are merged, so that there are few of them
/// and each event is copied a logarithmic number of times. Not thread-safe: its table guards it.
/// </summary>
internal sealed unsafe class Overlay(int propertyColumns)
{
    private readonly RunSorter sorter = new();
    // Layers below this one are being compacted and stay as they are.
    private int frozen;
    private int[] customerOf = [];
    // The slot of the overlay layer that holds a customer's journey; 0 is the base.
    private byte[] slotOf = [];
    // Index of a customer among those touched by the batch in hand; -1 is untouched.
    private int[] touchedIndex = [];
    private int customers;

    public List<Layer> Layers { get; } = [new Layer(Segment.None, null, 0, 0)];

    /// <summary>Numbers of customers and identities are below this.</summary>
    public int Customers => customers;

    public long OverlayEvents => Layers.Skip(1).Sum(layer => layer.LiveEvents);

    public long Events => Layers.Sum(layer => layer.LiveEvents);

    public ReadOnlySpan<int> CustomerOf => customerOf.AsSpan(0, customers);

    public void StartFrom(Segment baseSegment)
    {
        Grow(Math.Max(baseSegment.Runs, baseSegment.Layout.Identities));
        new ReadOnlySpan<int>(baseSegment.Assignments, baseSegment.Layout.Identities).CopyTo(customerOf);
        Layers[0] = new Layer(baseSegment, null, baseSegment.Events, 0);
    }

    /// <summary>Takes in what the writer said: makes one layer of the complete journeys of all customers it touches.</summary>
    public void Absorb(PendingEvents pending)
    {
        var batch = new OverlayBatch(propertyColumns, this, sorter);
        var layer = batch.Build(pending);
        if (layer is null) return;
        Layers.Add(layer);
        MergeLikeLayers();
    }

    /// <summary>Fixes all layers as they are now for a compaction; returns them.</summary>
    public Layer[] Freeze()
    {
        frozen = Layers.Count;
        return [.. Layers];
    }

    /// <summary>Gives up a compaction: the layers may be merged again.</summary>
    public void Thaw() => frozen = 0;

    /// <summary>Puts the new base in the place of the frozen layers.</summary>
    public void Replace(Segment newBase)
    {
        var upper = Layers.Skip(frozen).ToList();
        var freed = new bool[256];
        foreach (var layer in Layers.Take(frozen)) freed[layer.Slot] = true;
        foreach (var layer in Layers.Take(frozen).Skip(1))
            for (var run = 0; run < layer.Segment.Runs; run++)
            {
                var customer = layer.Segment.Customers[run];
                if (freed[slotOf[customer]]) slotOf[customer] = 0;
            }

        ulong[]? hidden = null;
        long live = newBase.Events;
        foreach (var layer in upper)
            for (var run = 0; run < layer.Segment.Runs; run++)
            {
                var customer = layer.Segment.Customers[run];
                if (customer >= newBase.Runs || Bitmap.Has(hidden, customer)) continue;
                Bitmap.Set(hidden ??= Bitmap.Of(newBase.Runs), customer);
                live -= newBase.Starts[customer + 1] - newBase.Starts[customer];
            }

        Layers.Clear();
        Layers.Add(new Layer(newBase, hidden, live, 0));
        Layers.AddRange(upper);
        frozen = 0;
    }

    internal void Grow(int needed)
    {
        if (needed <= customers) return;
        if (needed > customerOf.Length)
        {
            var capacity = (int)Math.Min(Array.MaxLength, Math.Max(needed, customerOf.Length * 2L));
            Array.Resize(ref customerOf, capacity);
            Array.Resize(ref slotOf, capacity);
            var old = touchedIndex.Length;
            Array.Resize(ref touchedIndex, capacity);
            touchedIndex.AsSpan(old).Fill(-1);
        }

        for (var identity = customers; identity < needed; identity++) customerOf[identity] = identity;
        customers = needed;
    }

    internal int[] Assignments => customerOf;
    internal int[] TouchedIndex => touchedIndex;
    internal byte[] SlotOf => slotOf;

    /// <summary>Where a customer's journey is now; layer -1 where there is none.</summary>
    internal (int Layer, int Run) Find(int customer)
    {
        var slot = slotOf[customer];
        var index = Layers.Count - 1;
        while (Layers[index].Slot != slot) index--;
        var run = Layers[index].Segment.RunOf(customer);
        return run < 0 || Bitmap.Has(Layers[index].Hidden, run) ? (-1, -1) : (index, run);
    }

    internal byte FreeSlot()
    {
        for (var slot = 1; slot < 256; slot++)
            if (!Layers.Exists(layer => layer.Slot == slot)) return (byte)slot;
        throw new InvalidOperationException("More than 255 overlay layers.");
    }

    private void MergeLikeLayers()
    {
        var first = Layers.Count - 1;
        var lowest = Math.Max(1, frozen);
        long size = Weight(Layers[first]);
        while (first > lowest && Weight(Layers[first - 1]) < 2 * size) size += Weight(Layers[--first]);
        if (first == Layers.Count - 1) return;
        var merged = OverlayMerge.Merge(Layers.GetRange(first, Layers.Count - first), propertyColumns, FreeSlot());
        Layers.RemoveRange(first, Layers.Count - first);
        Layers.Add(merged);
        for (var run = 0; run < merged.Segment.Runs; run++) slotOf[merged.Segment.Customers[run]] = merged.Slot;
    }

    private static long Weight(Layer layer) => layer.LiveEvents + layer.Segment.Runs;
}
