using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace Tangent.Collect;

/// <summary>Reads amounts as people write them: <c>1,234.50</c>, <c>1.234,50 €</c>, <c>1 234,50 zł</c>, <c>1'234.50</c>.</summary>
/// <param name="DecimalComma">The comma separates the decimals, the point thousands.</param>
internal sealed record NumberFormat(bool DecimalComma)
{
    // "EUR ", " zł" and the like before or after the number.
    private const int LongestUnit = 6;

    /// <summary>Decided by the values where they can decide it; otherwise a semicolon as delimiter speaks for the comma.</summary>
    public static NumberFormat Detect(IEnumerable<string> values, byte delimiter)
    {
        long comma = 0, point = 0;
        foreach (var value in values)
        {
            var (lastComma, lastPoint) = (value.LastIndexOf(','), value.LastIndexOf('.'));
            if (lastComma > lastPoint && (lastPoint >= 0 || Decimals(value, lastComma) != 3)) comma++;
            if (lastPoint > lastComma && (lastComma >= 0 || Decimals(value, lastPoint) != 3)) point++;
        }

        return new NumberFormat(comma == point ? delimiter == ';' : comma > point);
    }

    /// <summary>The amount as a JSON number; false where it is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryWrite(ReadOnlySpan<byte> text, Span<byte> json, out int written)
    {
        if (TryCopy(text, json, out written)) return true;
        var first = text.IndexOfAnyInRange((byte)'0', (byte)'9');
        if (first < 0) return false;
        var last = text.LastIndexOfAnyInRange((byte)'0', (byte)'9');
        if (first > LongestUnit || text.Length - 1 - last > LongestUnit) return false;

        Span<byte> plain = stackalloc byte[40];
        var length = 0;
        if (text[..first].Contains((byte)'-')) plain[length++] = (byte)'-';
        foreach (var c in text[first..(last + 1)])
        {
            var digit = (uint)(c - '0') <= 9;
            var point = c == (DecimalComma ? ',' : '.');
            if (!digit && !point)
            {
                // What groups thousands; 0xC2A0 and 0xE280AF are blanks that do not break.
                if (c is (byte)'.' or (byte)',' or (byte)' ' or (byte)'\'' or 0xC2 or 0xA0 or 0xE2 or 0x80 or 0xAF) continue;
                return false;
            }

            if (length == plain.Length) return false;
            plain[length++] = point ? (byte)'.' : c;
        }

        return Utf8Parser.TryParse(plain[..length], out decimal number, out var read) && read == length && Utf8Formatter.TryFormat(number, json, out written);
    }

    /// <summary>A number that is written as JSON writes it already, up to the decimal comma: it is taken over as it stands.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryCopy(ReadOnlySpan<byte> text, Span<byte> json, out int written)
    {
        written = 0;
        if (text.Length is 0 or > 20 || (text[0] == '0' && text.Length > 1 && (uint)(text[1] - '0') <= 9)) return false;
        var point = -1;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if ((uint)(c - '0') > 9)
            {
                if (c != (DecimalComma ? ',' : '.') || point >= 0) return false;
                point = i;
                c = (byte)'.';
            }

            json[i] = c;
        }

        if (point == 0 || point == text.Length - 1) return false;
        written = text.Length;
        return true;
    }

    private static int Decimals(string value, int separator) =>
        value.AsSpan(separator + 1).IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : value.Length - separator - 1;
}
