using System.Runtime.CompilerServices;

namespace Tangent.Collect;

/// <summary>A set of keys that are hashes already: open addressing, 16 bytes a slot, at most three quarters full. Zero cannot be a member.</summary>
internal sealed class KeySet
{
    private UInt128[] _slots = new UInt128[1024];

    public int Count { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(UInt128 key) => _slots[Slot(key)] == key;

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
