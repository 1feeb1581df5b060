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
    private uint[] _hashes = new uint[16];
    private int[] _slots = new int[32];

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
    public int Find(ReadOnlySpan<byte> text) => _slots[Slot(text, Hash(text))] - 1;

    /// <returns>The code of the text, new or not.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int GetOrAdd(ReadOnlySpan<byte> text)
    {
        var hash = Hash(text);
        var slot = Slot(text, hash);
        if (_slots[slot] != 0) return _slots[slot] - 1;

        if (Count == _ends.Length) GrowCodes();
        var start = Count == 0 ? 0 : _ends[Count - 1];
        if (start + text.Length > _bytes.Length) Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(2L * _bytes.Length, start + (long)text.Length)));
        text.CopyTo(_bytes.AsSpan(start));
        _ends[Count] = start + text.Length;
        _hashes[Count] = hash;
        _slots[slot] = ++Count;
        if (Count * 2 > _slots.Length) Rehash(_slots.Length * 2);
        return Count - 1;
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
        var read = new Utf8Dictionary { _ends = new int[Math.Max(16, count)], _hashes = new uint[Math.Max(16, count)], Count = count };
        from.BaseStream.ReadExactly(MemoryMarshal.AsBytes(read._ends.AsSpan(0, count)));
        from.BaseStream.ReadExactly(bytes.AsSpan(0, count == 0 ? 0 : read._ends[count - 1]));
        read._bytes = bytes;
        for (var code = 0; code < count; code++) read._hashes[code] = Hash(read[code]);
        read.Rehash((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(32, count * 2)));
        return read;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Slot(ReadOnlySpan<byte> text, uint hash)
    {
        var mask = _slots.Length - 1;
        for (var slot = (int)hash & mask; ; slot = (slot + 1) & mask)
        {
            var code = _slots[slot] - 1;
            if (code < 0 || (_hashes[code] == hash && this[code].SequenceEqual(text))) return slot;
        }
    }

    private void GrowCodes()
    {
        Array.Resize(ref _ends, _ends.Length * 2);
        Array.Resize(ref _hashes, _hashes.Length * 2);
    }

    private void Rehash(int size)
    {
        _slots = new int[size];
        for (var code = 0; code < Count; code++)
        {
            var slot = (int)_hashes[code] & (size - 1);
            while (_slots[slot] != 0) slot = (slot + 1) & (size - 1);
            _slots[slot] = code + 1;
        }
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
