using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Tangent.Collect;

/// <summary>Gives every different UTF-8 text a code: 0, 1, 2, … in order of first appearance. Texts lie in one array, so that a million of them cost no objects.</summary>
/// <remarks>One writer; readers take the writer's lock. Holds up to 2 GB of text.</remarks>
internal sealed class Utf8Dictionary
{
    // Texts come from outside: a hash that nobody can foresee keeps them from being chosen to collide.
    private static readonly ulong Seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));

    private byte[] _bytes = new byte[256];
    private int[] _ends = new int[16];

    // Hash (high half) and code + 1 together, so that a look-up reads one place of this table before it reads the text.
    private ulong[] _slots = new ulong[32];

    public int Count { get; private set; }

    public ReadOnlySpan<byte> this[int code]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)code, (uint)Count, nameof(code));
            var start = code == 0 ? 0 : _ends[code - 1];
            return _bytes.AsSpan(start, _ends[code] - start);
        }
    }

    public string Text(int code) => Encoding.UTF8.GetString(this[code]);

    /// <returns>The code, or −1 where the text has none.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Find(ReadOnlySpan<byte> text) => CodeIn(_slots[Slot(text, Hash(text))]);

    /// <returns>The code of the text, new or not.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int GetOrAdd(ReadOnlySpan<byte> text)
    {
        var hash = Hash(text);
        var slot = Slot(text, hash);
        if (_slots[slot] != 0) return CodeIn(_slots[slot]);
        Append(text);
        _slots[slot] = ((ulong)hash << 32) | (uint)Count;
        if (Count * 2 > _slots.Length) Grow();
        return Count - 1;
    }

    /// <summary>Takes the bytes of a text away; its code stays and stands for nothing. No text given later may be all zero.</summary>
    public void Blank(int code) => _bytes.AsSpan(code == 0 ? 0 : _ends[code - 1], this[code].Length).Clear();

    /// <summary>Puts other texts in the place of some; their codes stay. Of several that become the same the first is found.</summary>
    /// <returns>The codes of those that are other ones now.</returns>
    public IReadOnlyList<int> Rewrite(Func<string, string> change)
    {
        var changed = new Dictionary<int, byte[]>();
        for (var code = 0; code < Count; code++)
            if (Text(code) is var text && change(text) is var now && now != text) changed.Add(code, Encoding.UTF8.GetBytes(now));
        if (changed.Count == 0) return [];
        var rewritten = new Utf8Dictionary { _ends = new int[_ends.Length], _slots = new ulong[_slots.Length] };
        for (var code = 0; code < Count; code++) rewritten.Add(changed.TryGetValue(code, out var text) ? text : this[code]);
        (_bytes, _ends, _slots) = (rewritten._bytes, rewritten._ends, rewritten._slots);
        return [.. changed.Keys];
    }

    public void Write(BinaryWriter to)
    {
        var length = Count == 0 ? 0 : _ends[Count - 1];
        to.Write(Count);
        to.Write(length);
        to.Write(MemoryMarshal.AsBytes(_ends.AsSpan(0, Count)));
        to.Write(_bytes.AsSpan(0, length));
    }

    public static Utf8Dictionary Read(BinaryReader from)
    {
        var count = from.ReadInt32();
        var bytes = new byte[Math.Max(256, from.ReadInt32())];
        var read = new Utf8Dictionary
        {
            _ends = new int[Math.Max(16, count)],
            _slots = new ulong[BitOperations.RoundUpToPowerOf2((uint)Math.Max(32, count * 2))],
            Count = count,
        };
        from.BaseStream.ReadExactly(MemoryMarshal.AsBytes(read._ends.AsSpan(0, count)));
        from.BaseStream.ReadExactly(bytes.AsSpan(0, count == 0 ? 0 : read._ends[count - 1]));
        read._bytes = bytes;
        for (var code = 0; code < count; code++)
        {
            var hash = Hash(read[code]);
            Put(read._slots, ((ulong)hash << 32) | (uint)(code + 1));
        }

        return read;
    }

    /// <summary>Gives a text a code of its own, also where another has one.</summary>
    private void Add(ReadOnlySpan<byte> text)
    {
        Append(text);
        Put(_slots, ((ulong)Hash(text) << 32) | (uint)Count);
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        if (Count == _ends.Length) Array.Resize(ref _ends, _ends.Length * 2);
        var start = Count == 0 ? 0 : _ends[Count - 1];
        if (start + text.Length > _bytes.Length) Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(2L * _bytes.Length, start + (long)text.Length)));
        text.CopyTo(_bytes.AsSpan(start));
        _ends[Count++] = start + text.Length;
    }

    private static int CodeIn(ulong slot) => (int)(uint)slot - 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Slot(ReadOnlySpan<byte> text, uint hash)
    {
        var mask = _slots.Length - 1;
        for (var slot = (int)hash & mask; ; slot = (slot + 1) & mask)
        {
            var found = _slots[slot];
            if (found == 0 || ((uint)(found >> 32) == hash && this[CodeIn(found)].SequenceEqual(text))) return slot;
        }
    }

    private static void Put(ulong[] slots, ulong entry)
    {
        var mask = slots.Length - 1;
        var slot = (int)(entry >> 32) & mask;
        while (slots[slot] != 0) slot = (slot + 1) & mask;
        slots[slot] = entry;
    }

    private void Grow()
    {
        var larger = new ulong[_slots.Length * 2];
        foreach (var entry in _slots)
            if (entry != 0) Put(larger, entry);
        _slots = larger;
    }

    /// <summary>Eight bytes at a time: multiply to 128 bits and fold the halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint Hash(ReadOnlySpan<byte> text)
    {
        var hash = Seed ^ ((ulong)text.Length * 0x9E3779B97F4A7C15);
        while (text.Length >= 8)
        {
            hash = Fold(hash ^ MemoryMarshal.Read<ulong>(text));
            text = text[8..];
        }

        ulong tail = 0;
        for (var i = 0; i < text.Length; i++) tail |= (ulong)text[i] << (8 * i);
        hash = Fold(hash ^ tail);
        return (uint)(hash ^ (hash >> 32));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong x)
    {
        var high = Math.BigMul(x, 0xD6E8FEB86659FD93, out var low);
        return high ^ low ^ Seed;
    }
}
