namespace Tangent.Engine;

/// <summary>
/// One absorption: collects the customers touched, gathers their old journeys and the new events, and sorts them into a new layer.
/// Every customer an identity leaves or enters is touched, so that all its events are at hand. A customer whose journey has become
/// empty keeps an empty run: it hides what older layers hold of it.
/// </summary>
internal sealed unsafe class OverlayBatch(int propertyColumns, Overlay overlay, RunSorter sorter)
{
    private List<PendingEvents.Withdrawal> withdrawals = [];
    // All of them together: events said before are taken out by any.
    private PositionRanges withdrawn = new([]);
    private int[] touched = new int[256];
    private int touchedCount;
    // Customers whose old run loses events: it is regrouped event by event.
    private readonly HashSet<int> regrouped = [];
    private readonly Dictionary<int, int> erasedBefore = [];
    private int[] assignments = [];
    private int[] touchedIndex = [];
    // The run each new event goes to; -1 where it was erased since.
    private int[] targets = [];

    public Layer? Build(PendingEvents pending)
    {
        CollectTouched(pending);
        if (touchedCount == 0) return null;
        OrderTouched();

        var sources = new (int Layer, int Run)[touchedCount];
        var ends = new int[touchedCount + 1];
        long events = 0;
        for (var index = 0; index < touchedCount; index++)
        {
            sources[index] = overlay.Find(touched[index]);
            events += CountOld(sources[index], index, ends);
        }

        events += CountNew(pending, ends);
        if (events > int.MaxValue - 64) throw new InvalidOperationException("More than two thousand million events in one overlay layer.");
        var segment = Segment.Allocate(touchedCount, (int)events, propertyColumns);
        for (var index = 0; index < touchedCount; index++)
        {
            segment.Customers[index] = touched[index];
            segment.Starts[index + 1] = segment.Starts[index] + ends[index + 1];
            ends[index + 1] = segment.Starts[index + 1];
        }

        // ends[i] is the next free row of run i from here on.
        for (var index = 0; index < touchedCount; index++) PlaceWhole(segment, sources[index], index, ends);
        for (var index = 0; index < touchedCount; index++) PlaceRegrouped(segment, sources[index], index, ends);
        new OverlayPlacing(segment, pending, targets, ends).Place(sorter);
        segment.Prepare();
        Hide(sources);
        return Finish(segment);
    }

    private void CollectTouched(PendingEvents pending)
    {
        var needed = 0;
        foreach (var change in pending.Changes) needed = Math.Max(needed, Math.Max(change.Identity, change.Customer) + 1);
        for (var number = 0; number < pending.Count; number++) needed = Math.Max(needed, pending[number].Identity + 1);
        overlay.Grow(needed);
        assignments = overlay.Assignments;
        touchedIndex = overlay.TouchedIndex;

        foreach (var change in pending.Changes)
        {
            var from = assignments[change.Identity];
            if (change.Customer == PendingEvents.Change.Erased) erasedBefore[change.Identity] = change.EventsBefore;
            else if (change.Customer == from) continue;
            else
            {
                Touch(change.Customer);
                assignments[change.Identity] = change.Customer;
            }

            Touch(from);
            regrouped.Add(from);
        }

        withdrawals = pending.Withdrawals;
        withdrawn = new PositionRanges(withdrawals.SelectMany(withdrawal => withdrawal.Positions.Ranges));
        if (withdrawals.Count > 0) TouchHolders();
        for (var number = 0; number < pending.Count; number++) Touch(assignments[pending[number].Identity]);
    }

    // Customers with an event that is withdrawn. Every event's position is looked at: on all processors, as the table's lock is held meanwhile.
    private void TouchHolders()
    {
        foreach (var layer in overlay.Layers)
        {
            var found = new List<int>[layer.Segment.Blocks.Length - 1];
            Parallel.For(0, found.Length, block => found[block] = Holders(layer, block));
            foreach (var customer in found.SelectMany(customers => customers))
            {
                Touch(customer);
                regrouped.Add(customer);
            }
        }
    }

    private List<int> Holders(Layer layer, int block)
    {
        var segment = layer.Segment;
        var holders = new List<int>();
        for (var run = segment.Blocks[block]; run < segment.Blocks[block + 1]; run++)
        {
            var row = segment.Starts[run];
            while (row < segment.Starts[run + 1] && !withdrawn.Contains(segment.Positions[row])) row++;
            if (row < segment.Starts[run + 1] && !Bitmap.Has(layer.Hidden, run)) holders.Add(segment.CustomerOfRun(run));
        }

        return holders;
    }

    private void Touch(int customer)
    {
        if (touchedIndex[customer] >= 0) return;
        if (touchedCount == touched.Length) Array.Resize(ref touched, touchedCount * 2);
        touchedIndex[customer] = touchedCount;
        touched[touchedCount++] = customer;
    }

    private void OrderTouched()
    {
        if (touchedCount > overlay.Customers / 16)
        {
            // Many: one pass over all customers is cheaper than sorting.
            for (int customer = 0, count = 0; customer < overlay.Customers; customer++)
                if (touchedIndex[customer] >= 0) touched[count++] = customer;
        }
        else Array.Sort(touched, 0, touchedCount);

        for (var index = 0; index < touchedCount; index++) touchedIndex[touched[index]] = index;
    }

    private long CountOld((int Layer, int Run) source, int index, int[] counts)
    {
        if (source.Layer < 0) return 0;
        var segment = overlay.Layers[source.Layer].Segment;
        int from = segment.Starts[source.Run], to = segment.Starts[source.Run + 1];
        if (!regrouped.Contains(touched[index]))
        {
            counts[index + 1] += to - from;
            return to - from;
        }

        var kept = 0;
        for (var row = from; row < to; row++)
        {
            var identity = segment.Identities[row];
            if (erasedBefore.ContainsKey(identity) || withdrawn.Contains(segment.Positions[row])) continue;
            counts[touchedIndex[assignments[identity]] + 1]++;
            kept++;
        }

        return kept;
    }

    private long CountNew(PendingEvents pending, int[] counts)
    {
        long kept = 0;
        targets = GC.AllocateUninitializedArray<int>(pending.Count);
        for (var number = 0; number < targets.Length; number++)
        {
            var identity = pending[number].Identity;
            targets[number] = -1;
            if (IsErased(identity, number) || IsWithdrawn(pending[number].Position, number)) continue;
            var target = touchedIndex[assignments[identity]];
            targets[number] = target;
            counts[target + 1]++;
            kept++;
        }

        return kept;
    }

    private bool IsErased(int identity, int number) =>
        erasedBefore.Count > 0 && erasedBefore.TryGetValue(identity, out var before) && number < before;

    private bool IsWithdrawn(long position, int number)
    {
        foreach (var withdrawal in withdrawals)
            if (number < withdrawal.EventsBefore && withdrawal.Positions.Contains(position)) return true;
        return false;
    }

    private void PlaceWhole(Segment segment, (int Layer, int Run) source, int index, int[] next)
    {
        if (source.Layer < 0 || regrouped.Contains(touched[index])) return;
        var old = overlay.Layers[source.Layer].Segment;
        var count = old.Starts[source.Run + 1] - old.Starts[source.Run];
        segment.CopyRows(old, old.Starts[source.Run], next[index], count);
        next[index] += count;
    }

    private void PlaceRegrouped(Segment segment, (int Layer, int Run) source, int index, int[] next)
    {
        if (source.Layer < 0 || !regrouped.Contains(touched[index])) return;
        var old = overlay.Layers[source.Layer].Segment;
        for (var row = old.Starts[source.Run]; row < old.Starts[source.Run + 1]; row++)
        {
            var identity = old.Identities[row];
            if (!erasedBefore.ContainsKey(identity) && !withdrawn.Contains(old.Positions[row])) segment.CopyRows(old, row, next[touchedIndex[assignments[identity]]]++, 1);
        }
    }

    private void Hide((int Layer, int Run)[] sources)
    {
        var hidden = new ulong[]?[overlay.Layers.Count];
        var lost = new long[overlay.Layers.Count];
        foreach (var (layer, run) in sources)
        {
            if (layer < 0) continue;
            var segment = overlay.Layers[layer].Segment;
            // A copy: views go on reading the old one.
            var bits = hidden[layer] ??= (ulong[]?)overlay.Layers[layer].Hidden?.Clone() ?? Bitmap.Of(segment.Runs);
            Bitmap.Set(bits, run);
            lost[layer] += segment.Starts[run + 1] - segment.Starts[run];
        }

        for (var layer = 0; layer < hidden.Length; layer++)
            if (hidden[layer] is { } bits)
                overlay.Layers[layer] = overlay.Layers[layer] with { Hidden = bits, LiveEvents = overlay.Layers[layer].LiveEvents - lost[layer] };
    }

    private Layer Finish(Segment segment)
    {
        var slot = overlay.FreeSlot();
        for (var index = 0; index < touchedCount; index++)
        {
            overlay.SlotOf[touched[index]] = slot;
            touchedIndex[touched[index]] = -1;
        }

        return new Layer(segment, null, segment.Events, slot);
    }
}
