using System.Runtime.CompilerServices;

namespace Tangent.Collect;

/// <summary>Page paths without what would make every page its own: query, fragment and ids.</summary>
internal static class PagePath
{
    public const int MaxLength = 200;

    /// <summary>Writes the path of <paramref name="address"/> (a path or an address) with <c>*</c> in the place of ids.</summary>
    /// <param name="target">At least <see cref="MaxLength"/> bytes; what does not fit is left out segment by segment.</param>
    /// <returns>Bytes written; 0 where there is no path.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Write(ReadOnlySpan<byte> address, Span<byte> target)
    {
        var rest = WithoutHost(address);
        var end = rest.IndexOfAny((byte)'?', (byte)'#', (byte)';');
        if (end >= 0) rest = rest[..end];
        if (rest.IsEmpty) return 0;
        var written = 0;
        while (!rest.IsEmpty)
        {
            var slash = rest.IndexOf((byte)'/');
            var segment = slash < 0 ? rest : rest[..slash];
            rest = slash < 0 ? default : rest[(slash + 1)..];
            if (segment.IsEmpty) continue;
            var kept = IsId(segment) ? "*"u8 : segment;
            if (written + 1 + kept.Length > MaxLength) break;
            target[written++] = (byte)'/';
            kept.CopyTo(target[written..]);
            written += kept.Length;
        }

        if (written == 0) target[written++] = (byte)'/';
        return written;
    }

    /// <summary>The query of an address without its question mark; empty where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ReadOnlySpan<byte> Query(ReadOnlySpan<byte> address)
    {
        var start = address.IndexOf((byte)'?');
        if (start < 0) return default;
        var query = address[(start + 1)..];
        var end = query.IndexOf((byte)'#');
        return end < 0 ? query : query[..end];
    }

    /// <summary>The value of one parameter of a query, still percent-encoded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ReadOnlySpan<byte> Parameter(ReadOnlySpan<byte> query, ReadOnlySpan<byte> name)
    {
        while (!query.IsEmpty)
        {
            var end = query.IndexOf((byte)'&');
            var pair = end < 0 ? query : query[..end];
            query = end < 0 ? default : query[(end + 1)..];
            if (pair.Length > name.Length && pair[name.Length] == '=' && pair.StartsWith(name)) return pair[(name.Length + 1)..];
        }

        return default;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ReadOnlySpan<byte> WithoutHost(ReadOnlySpan<byte> address)
    {
        var scheme = address.IndexOf("://"u8);
        if (scheme < 0 || address[..scheme].Contains((byte)'/')) return address;
        var rest = address[(scheme + 3)..];
        var path = rest.IndexOfAny((byte)'/', (byte)'?', (byte)'#');
        return path < 0 ? "/"u8 : rest[path] == '/' ? rest[path..] : "/"u8;
    }

    /// <summary>Numbers, and names one of whose parts is a long number, long hexadecimal or a long mix of letters and digits (so UUIDs and tokens); years and model numbers stay.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsId(ReadOnlySpan<byte> segment)
    {
        if (!segment.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return true;
        while (!segment.IsEmpty)
        {
            var end = segment.IndexOfAny((byte)'-', (byte)'_', (byte)'.');
            var part = end < 0 ? segment : segment[..end];
            segment = end < 0 ? default : segment[(end + 1)..];
            if (IsIdPart(part)) return true;
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsIdPart(ReadOnlySpan<byte> part)
    {
        int digits = 0, hex = 0, letters = 0;
        foreach (var c in part)
        {
            if (char.IsAsciiDigit((char)c)) digits++;
            else if (char.IsAsciiHexDigit((char)c)) hex++;
            else if (char.IsAsciiLetter((char)c)) letters++;
            else return false;
        }

        if (digits == part.Length) return digits >= 5;
        if (letters == 0 && digits > 0) return part.Length >= 8;
        return digits > 0 && part.Length >= 16;
    }
}
