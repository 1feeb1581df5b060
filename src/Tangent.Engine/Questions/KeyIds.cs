using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>Numbers keys from 0 on, so that counts can lie in plain arrays. Structs, so that kernels are compiled for each.</summary>
internal interface IKeyIds
{
    int Of(long key);
    long KeyOf(int id);
    int Count { get; }
}

/// <summary>The key itself, where there are few possible ones.</summary>
internal readonly struct DenseIds(int count) : IKeyIds
{
    /// <summary>Beyond this, arrays over all keys would leave the cache.</summary>
    public const long Most = 1 << 17;

    public int Count => count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Of(long key) => (int)key;

    public long KeyOf(int id) => id;
}

/// <summary>A hash table that numbers keys as they come, where most possible ones do not occur.</summary>
internal readonly struct HashedIds : IKeyIds
{
    private readonly KeyTable table;

    public HashedIds() => table = new KeyTable();

    public int Count => table.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Of(long key) => table.Of(key);

    public long KeyOf(int id) => table.KeyOf(id);
}

/// <summary>Keys to numbers in order of arrival, by open addressing.</summary>
internal sealed class KeyTable
{
    private int[] slots = NewSlots(4096);
    private GrowingList<long> keys;

    public int Count => keys.Count;

    public long KeyOf(int id) => keys.Items[id];

    public int Of(long key)
    {
        var mask = slots.Length - 1;
        for (var slot = Spread(key) & mask; ; slot = (slot + 1) & mask)
        {
            var id = slots[slot];
            if (id < 0) return Add(key, slot);
            if (keys.Items[id] == key) return id;
        }
    }

    private int Add(long key, int slot)
    {
        var id = keys.Count;
        keys.Add(key);
        slots[slot] = id;
        if (id * 2 > slots.Length) Grow();
        return id;
    }

    private void Grow()
    {
        slots = NewSlots(slots.Length * 2);
        var mask = slots.Length - 1;
        for (var id = 0; id < keys.Count; id++)
        {
            var slot = Spread(keys.Items[id]) & mask;
            while (slots[slot] >= 0) slot = (slot + 1) & mask;
            slots[slot] = id;
        }
    }

    private static int Spread(long key) => (int)((ulong)key * 0x9E3779B97F4A7C15 >> 33);

    private static int[] NewSlots(int count)
    {
        var slots = new int[count];
        slots.AsSpan().Fill(-1);
        return slots;
    }
}
