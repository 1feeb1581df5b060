namespace Tangent.Engine;

/// <summary>
/// All journeys of a company: a base on disk and an overlay in memory, asked through immutable views.
/// <para>
/// <see cref="Append"/>, <see cref="Assign"/>, <see cref="Erase"/> and <see cref="Withdraw"/> are for one writer thread and only note what was said;
/// <see cref="View"/> and compactions may come from any thread. Events are never rewritten, journeys move:
/// the overlay holds the complete journeys of all customers touched since the last compaction.
/// </para>
/// <para>
/// Memory: in the base an event takes 22 bytes (signature 2, time 8, position 8, identity 4), 13 more where it has a value (row 4, value 8, currency 1),
/// in the overlay 31; and 2 for each property column. Questions about sequences and times read 10 of them, those about days and longer 4 that are made when first asked
/// for (touchpoint 2, hour 2). A customer number takes 8 on disk and 13 in memory.
/// A base holds at most 2,147,000,000 events.
/// </para>
/// </summary>
public sealed class JourneyTable : IDisposable
{
    private readonly int propertyColumns;
    private readonly Generations generations;
    private readonly Overlay overlay;
    // Guards what the writer says; held for moments only.
    private readonly Lock writing = new();
    // Guards the overlay: taken before "writing" where both are needed.
    private readonly Lock settling = new();
    private PendingEvents pending;
    private int[] customerOf = [];
    private int identities;
    private JourneyView view;
    private bool compacting;

    private JourneyTable(string directory, int propertyColumns)
    {
        this.propertyColumns = propertyColumns;
        pending = new PendingEvents(propertyColumns);
        overlay = new Overlay(propertyColumns);
        generations = new Generations(directory);
        Base = generations.Open(propertyColumns, out var segment, out var watermark);
        Watermark = watermark;
        if (segment is not null)
        {
            segment.Prepare();
            overlay.StartFrom(segment);
            GrowIdentities(overlay.Customers);
            overlay.CustomerOf.CopyTo(customerOf);
        }

        view = Snapshot();
    }

    /// <summary>What was found when the table was opened. Where it is not <see cref="BaseState.Found"/>, the table is empty and is filled again from the log.</summary>
    public BaseReport Base { get; }

    /// <summary>Position in the log (exclusive) up to which the base on disk holds the events; 0 without a base.</summary>
    public long Watermark { get; private set; }

    /// <summary>The folder of the base on disk, where the caller's own files of the same moment lie; null without a base. It goes when the next one is committed.</summary>
    public string? GenerationDirectory => generations.Current;

    /// <summary>Property columns of each event.</summary>
    public int PropertyColumns => propertyColumns;

    /// <summary>Events in the overlay and events not yet in a view: what the next compaction moves into the base.</summary>
    public long OverlayEvents
    {
        get
        {
            lock (settling)
            {
                lock (writing) return overlay.OverlayEvents + pending.Count;
            }
        }
    }

    /// <summary>Opens the table in a folder, which is made where it is missing.</summary>
    /// <param name="directory">A folder of its own.</param>
    /// <param name="propertyColumns">Property columns of each event, 0 to 64; a base with another number counts as damaged.</param>
    /// <remarks>Reads the base once to check it. One table at a time may have a folder open; the caller sees to that.</remarks>
    public static JourneyTable Open(string directory, int propertyColumns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(propertyColumns);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(propertyColumns, 64);
        return new JourneyTable(directory, propertyColumns);
    }

    /// <summary>Notes an event; the next view has it. A new identity is its own customer until it is assigned.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The identity is negative, the time outside 1900–2199, the signature "none" or the value not finite.</exception>
    public void Append(in JourneyEvent e, ReadOnlySpan<ushort> properties)
    {
        Check(e.Identity);
        ArgumentOutOfRangeException.ThrowIfEqual(e.Signature, Code.None);
        if (e.TimestampMs is < JourneyEvent.EarliestMs or >= JourneyEvent.LatestMs)
            throw new ArgumentOutOfRangeException(nameof(e), e.TimestampMs, "The time is outside 1900 to 2199.");
        if (!double.IsFinite(e.Value)) throw new ArgumentOutOfRangeException(nameof(e), e.Value, "The value is not finite.");
        if (properties.Length != propertyColumns) throw new ArgumentException($"{propertyColumns} property codes are expected.", nameof(properties));
        lock (writing)
        {
            if (e.Identity >= identities) GrowIdentities(e.Identity + 1);
            pending.Add(e, properties);
        }
    }

    /// <summary>Moves an identity, with all its events, to a customer; merging, splitting and undoing either are all this.</summary>
    public void Assign(int identity, int customer)
    {
        Check(identity);
        Check(customer);
        lock (writing)
        {
            GrowIdentities(Math.Max(identity, customer) + 1);
            if (customerOf[identity] == customer) return;
            customerOf[identity] = customer;
            pending.Changes.Add(new PendingEvents.Change(identity, customer, pending.Count));
        }
    }

    /// <summary>The customer an identity belongs to now; its own number where it was never assigned.</summary>
    public int CustomerOf(int identity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(identity);
        lock (writing) return identity < identities ? customerOf[identity] : identity;
    }

    /// <summary>Takes all events of an identity so far out of every later view; their bytes go at the next compaction.</summary>
    public void Erase(int identity)
    {
        Check(identity);
        lock (writing)
        {
            GrowIdentities(identity + 1);
            pending.Changes.Add(new PendingEvents.Change(identity, PendingEvents.Change.Erased, pending.Count));
        }
    }

    /// <summary>
    /// Takes the events at these positions of the log out of every later view, whosever they are; appended again, they are back.
    /// The next view looks at the position of every event once and copies the journeys that lose some.
    /// </summary>
    public void Withdraw(PositionRanges positions)
    {
        ArgumentNullException.ThrowIfNull(positions);
        if (positions.IsEmpty) return;
        lock (writing) pending.Withdrawals.Add(new PendingEvents.Withdrawal(positions, pending.Count));
    }

    /// <summary>All that was said so far. Costs nothing where nothing was said since the last view, else about what the touched customers' journeys cost to copy.</summary>
    public JourneyView View()
    {
        lock (settling)
        {
            Settle();
            return view;
        }
    }

    /// <summary>
    /// Fixes what goes into the next base; to be called by the writer when everything below the watermark has been said.
    /// The heavy part is <see cref="Compaction.Complete"/>, on any thread; reading and writing go on meanwhile.
    /// </summary>
    /// <param name="watermark">Position in the log (exclusive) up to which the table holds the events now.</param>
    /// <exception cref="InvalidOperationException">Another compaction is not complete yet.</exception>
    public Compaction StartCompaction(long watermark)
    {
        lock (settling)
        {
            if (compacting) throw new InvalidOperationException("A compaction is under way.");
            Settle();
            compacting = true;
            return new Compaction(this, overlay.Freeze(), overlay.CustomerOf.ToArray(), propertyColumns, watermark);
        }
    }

    /// <summary>Writes a new base of all that was said so far and commits it; the overlay is empty then.</summary>
    /// <param name="watermark">Position in the log (exclusive) up to which the table holds the events now.</param>
    /// <param name="writeBeside">Writes the caller's own files of the same moment into the folder given, before the commit.</param>
    public void Compact(long watermark, Action<string>? writeBeside = null) => StartCompaction(watermark).Complete(writeBeside);

    /// <summary>Lets go of the table. Views already taken can still be asked.</summary>
    public void Dispose()
    {
        lock (settling) view = new JourneyView([new Layer(Segment.None, null, 0, 0)], 0, propertyColumns);
    }

    internal Generations Generations => generations;

    internal void Commit(Segment newBase, long watermark)
    {
        lock (settling)
        {
            overlay.Replace(newBase);
            Watermark = watermark;
            compacting = false;
            view = Snapshot();
        }
    }

    internal void GiveUpCompaction()
    {
        lock (settling)
        {
            overlay.Thaw();
            compacting = false;
        }
    }

    private void Settle()
    {
        PendingEvents said;
        lock (writing)
        {
            if (pending.IsEmpty) return;
            said = pending;
            pending = new PendingEvents(propertyColumns);
        }

        overlay.Absorb(said);
        view = Snapshot();
    }

    private JourneyView Snapshot() => new([.. overlay.Layers], overlay.Customers, propertyColumns);

    private static void Check(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        // Numbers are dense; one near the end of the range is a mistake that would cost gigabytes.
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, 1_000_000_000);
    }

    private void GrowIdentities(int needed)
    {
        if (needed <= identities) return;
        if (needed > customerOf.Length) Array.Resize(ref customerOf, (int)Math.Min(Array.MaxLength, Math.Max(needed, customerOf.Length * 2L)));
        for (var identity = identities; identity < needed; identity++) customerOf[identity] = identity;
        identities = needed;
    }
}
