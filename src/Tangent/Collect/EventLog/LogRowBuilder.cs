using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tangent.Collect;

/// <summary>Turns the accepted events of one append into a row: leaves out the known ones, joins keys and lines.</summary>
internal sealed class LogRowBuilder
{
    private readonly List<AcceptedEvent> _fresh = [];

    public int Count => _fresh.Count;

    /// <param name="touch">Gets the keys of some events into reach before they are asked for.</param>
    /// <param name="isNew">Says whether a key had not been there before, and remembers it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Choose(IReadOnlyList<AcceptedEvent> events, Action<ReadOnlySpan<AcceptedEvent>> touch, Func<UInt128, bool> isNew)
    {
        _fresh.Clear();
        var all = events is List<AcceptedEvent> list ? CollectionsMarshal.AsSpan(list) : events.ToArray();
        for (var i = 0; i < all.Length; i++)
        {
            if (i % KeySet.TouchedAtOnce == 0) touch(all[i..Math.Min(all.Length, i + KeySet.TouchedAtOnce)]);
            ref readonly var one = ref all[i];
            if (one.Key == 0 || isNew(one.Key)) _fresh.Add(one);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public byte[] Keys()
    {
        var keys = GC.AllocateUninitializedArray<byte>(_fresh.Count * 16);
        for (var i = 0; i < _fresh.Count; i++) BinaryPrimitives.WriteUInt128LittleEndian(keys.AsSpan(i * 16), _fresh[i].Key);
        return keys;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public byte[] Body()
    {
        var length = _fresh.Count - 1;
        foreach (ref readonly var one in CollectionsMarshal.AsSpan(_fresh)) length += one.Json.Length;
        var body = GC.AllocateUninitializedArray<byte>(length);
        var rest = body.AsSpan();
        foreach (var one in CollectionsMarshal.AsSpan(_fresh))
        {
            one.Json.Span.CopyTo(rest);
            var line = rest[..one.Json.Length];
            if (line.ContainsAny((byte)'\n', (byte)'\r'))
            {
                line.Replace((byte)'\n', (byte)' ');
                line.Replace((byte)'\r', (byte)' ');
            }

            rest = rest[one.Json.Length..];
            if (rest.IsEmpty) break;
            rest[0] = (byte)'\n';
            rest = rest[1..];
        }

        return body;
    }

    public static IEnumerable<UInt128> Keys(byte[] blob)
    {
        for (var i = 0; i + 16 <= blob.Length; i += 16)
        {
            var key = BinaryPrimitives.ReadUInt128LittleEndian(blob.AsSpan(i));
            if (key != 0) yield return key;
        }
    }
}
