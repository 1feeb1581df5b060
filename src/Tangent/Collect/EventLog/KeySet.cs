using System.Runtime.CompilerServices;

namespace Tangent.Collect;

/// <summary>A set of keys that are hashes already: open addressing, 16 bytes a slot, at most three quarters full. Zero cannot be a member.</summary>
internal sealed class KeySet
{
    /// <summary>How many keys <see cref="Touch"/> takes best.</summary>
    public const int TouchedAtOnce = 16;

    private UInt128[] _slots = new UInt128[1024];
    private ulong _touched;

    public int Count { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(UInt128 key) => _slots[Slot(key)] == key;

    /// <summary>Reads the places of keys that are looked up next, side by side; one after the other each look-up would wait for memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Touch(ReadOnlySpan<AcceptedEvent> events)
    {
        ulong seen = 0;
        var mask = _slots.Length - 1;
        foreach (ref readonly var one in events) seen ^= (ulong)_slots[(int)(ulong)one.Key & mask];
        Volatile.Write(ref _touched, seen);
    }

    /// <returns>False where the key had been there.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Add(UInt128 key)
    {
        var slot = Slot(key);
        if (_slots[slot] == key) return false;
        _slots[slot] = key;
        Count++;
        if (Count > _slots.Length / 4 * 3) Grow();
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Slot(UInt128 key)
    {
        var mask = _slots.Length - 1;
        var slot = (int)(ulong)key & mask;
        while (_slots[slot] != key && _slots[slot] != 0) slot = (slot + 1) & mask;
        return slot;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Grow()
    {
        var old = _slots;
        _slots = new UInt128[old.Length * 2];
        foreach (var key in old)
            if (key != 0) _slots[Slot(key)] = key;
    }
}
