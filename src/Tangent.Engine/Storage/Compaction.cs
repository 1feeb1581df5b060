namespace Tangent.Engine;

/// <summary>A compaction whose content is fixed and that waits to be written; made by <see cref="JourneyTable.StartCompaction"/>.</summary>
public sealed unsafe class Compaction
{
    private readonly JourneyTable table;
    private readonly Layer[] layers;
    private readonly int[] customerOf;
    private readonly int propertyColumns;
    private bool completed;

    internal Compaction(JourneyTable table, Layer[] layers, int[] customerOf, int propertyColumns, long watermark)
    {
        this.table = table;
        this.layers = layers;
        this.customerOf = customerOf;
        this.propertyColumns = propertyColumns;
        Watermark = watermark;
    }

    /// <summary>Position in the log (exclusive) up to which the new base will hold the events.</summary>
    public long Watermark { get; }

    /// <summary>Writes the base, then the caller's files beside it, then commits both at once. Readers and the writer are not held up.</summary>
    /// <param name="writeBeside">Writes the caller's own files of the moment <see cref="JourneyTable.StartCompaction"/> was called into the folder given, and flushes them.</param>
    /// <exception cref="IOException">The disk is full or fails. The table goes on with the old base; a new compaction may be started.</exception>
    public void Complete(Action<string>? writeBeside = null)
    {
        if (completed) throw new InvalidOperationException("This compaction is complete.");
        completed = true;
        string? folder = null;
        Segment segment;
        try
        {
            folder = table.Generations.Begin();
            var path = Path.Combine(folder, SegmentFile.Name);
            var plan = CompactionPlan.Of(layers, customerOf.Length);
            var layout = new SegmentLayout(customerOf.Length, plan.Events, propertyColumns, sparse: false, customerOf.Length, plan.CountValued());
            SegmentFile.Write(path, layout, Watermark, plan.Fill(customerOf));
            writeBeside?.Invoke(folder);
            segment = SegmentFile.Open(path, propertyColumns, verify: false, out _, out var reason) ?? throw new IOException(reason);
            segment.Prepare();
            table.Generations.Commit(folder);
        }
        catch
        {
            table.GiveUpCompaction();
            if (folder is not null) Generations.TryDelete(folder);
            throw;
        }

        table.Commit(segment, Watermark);
        table.Generations.DeleteOthers();
    }
}
