using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Tangent.Collect;

/// <summary>What an import appends, in parts.</summary>
internal interface IImportReader
{
    /// <summary>It counts rows as new, changed and known itself; else what the log takes is counted.</summary>
    bool Counts { get; }

    /// <returns>False at the end of the file.</returns>
    bool Fill(ImportBatch batch);
}

/// <summary>Reads rows into batches and puts the bad ones aside.</summary>
internal sealed class ImportReader(ImportRows<ImportedEvent> rows, RejectsFile rejects, ImportProgress progress, int sourceId, IngestionOptions limits, Tombstones tombstones) : IImportReader
{
    private readonly ImportedEvent _event = new(limits);
    private readonly Occurrences _occurrences = new();
    private bool _waiting;
    private UInt128 _key;

    public bool Counts => false;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Fill(ImportBatch batch)
    {
        batch.Clear();
        if (_waiting) batch.TryAdd(_key, _event.IsIdentified, _event.Json);
        _waiting = false;
        while (!_waiting && rows.Next(_event))
        {
            progress.Rows++;
            if (_event.Reason == Rejection.None && tombstones.Names(_event.Json))
                _event.RejectAsErased();
            if (_event.Reason != Rejection.None)
            {
                Reject();
                continue;
            }

            _key = ContentHash.Of(sourceId, _event.Content);
            _waiting = !batch.TryAdd(_key, _event.IsIdentified, _event.Json);
        }

        Number(batch);
        return batch.Events.Count > 0;
    }

    /// <summary>Gives rows of equal content different keys.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Number(ImportBatch batch)
    {
        Span<byte> numbered = stackalloc byte[20];
        var events = CollectionsMarshal.AsSpan(batch.Events);
        for (var i = 0; i < events.Length; i++)
        {
            if (i % KeySet.TouchedAtOnce == 0) _occurrences.Touch(events[i..Math.Min(events.Length, i + KeySet.TouchedAtOnce)]);
            var key = events[i].Key;
            if (batch.IsIdentified(i) || _occurrences.Next(key) is not (> 0 and var occurrence)) continue;
            BinaryPrimitives.WriteUInt128LittleEndian(numbered, key);
            BinaryPrimitives.WriteInt32LittleEndian(numbered[16..], occurrence);
            events[i] = events[i] with { Key = ContentHash.Of(sourceId, numbered) };
        }
    }

    private void Reject()
    {
        if (_event.Reason != Rejection.ErasedPerson && (tombstones.AreIn(rows) || tombstones.IsIdIn(_event.Json) || rows.Rejected().Any(cell => cell.StartsWith('{') && tombstones.IsIdIn(Encoding.UTF8.GetBytes(cell))))) _event.RejectAsErased();
        var row = RejectedRow.Of(rows.Line, _event);
        progress.Reject(row);
        // What names an erased person is not kept, not even as a rejected row.
        rejects.Add(_event.Reason == Rejection.ErasedPerson ? [] : rows.Rejected(), row);
    }
}

/// <summary>Events on their way to the log, with the memory they lie in.</summary>
internal sealed class ImportBatch
{
    // The row that the log makes of it stays an ordinary object: larger ones are only let go with a collection of the whole memory.
    public const int MaxEvents = 500;

    private readonly bool[] _identified = new bool[MaxEvents];
    private byte[] _memory = new byte[80_000];
    private int _used;

    public List<AcceptedEvent> Events { get; } = new(MaxEvents);

    /// <summary>Whether the event says its own message id, so that an equal one is the same.</summary>
    public bool IsIdentified(int number) => _identified[number];

    public void Clear()
    {
        Events.Clear();
        _used = 0;
    }

    /// <returns>False where there is no room left.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryAdd(UInt128 key, bool isIdentified, ReadOnlySpan<byte> json)
    {
        if (Events.Count == MaxEvents || (Events.Count > 0 && _memory.Length - _used < json.Length)) return false;
        if (_memory.Length < json.Length) _memory = new byte[json.Length];
        _identified[Events.Count] = isIdentified;
        json.CopyTo(_memory.AsSpan(_used));
        Events.Add(new AcceptedEvent(key, _memory.AsMemory(_used, json.Length)));
        _used += json.Length;
        return true;
    }
}

/// <summary>Counts how many times each content has occurred in a file, in 8 bytes a slot, so that files of many millions of rows fit.</summary>
internal sealed class Occurrences
{
    private readonly Dictionary<ulong, int> _repeated = [];
    private ulong[] _slots = new ulong[1 << 12];
    private int _count;
    private ulong _touched;

    /// <summary>As <see cref="KeySet.Touch"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Touch(ReadOnlySpan<AcceptedEvent> events)
    {
        ulong seen = 0;
        var mask = _slots.Length - 1;
        foreach (ref readonly var one in events) seen ^= _slots[(int)(ulong)(one.Key >> 64) & mask];
        Volatile.Write(ref _touched, seen);
    }

    /// <returns>How many times <paramref name="key"/> had occurred before.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Next(UInt128 key)
    {
        // Two contents that share these 64 bits would number each other: 1 in 10^5 for 20 million rows, and no row is lost by it.
        var mark = (ulong)(key >> 64);
        if (mark == 0) mark = 1;
        var slot = Slot(mark);
        if (_slots[slot] == mark)
        {
            var before = _repeated.GetValueOrDefault(mark) + 1;
            _repeated[mark] = before;
            return before;
        }

        _slots[slot] = mark;
        if (++_count > _slots.Length / 4 * 3) Grow();
        return 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Slot(ulong mark)
    {
        var mask = _slots.Length - 1;
        var slot = (int)mark & mask;
        while (_slots[slot] != mark && _slots[slot] != 0) slot = (slot + 1) & mask;
        return slot;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Grow()
    {
        var old = _slots;
        _slots = new ulong[old.Length * 2];
        foreach (var mark in old)
            if (mark != 0) _slots[Slot(mark)] = mark;
    }
}
