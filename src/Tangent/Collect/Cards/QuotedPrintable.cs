using System.Text;

namespace Tangent.Collect;

/// <summary>Text in which bytes beyond ASCII stand as <c>=C3=BC</c> (RFC 2045, 6.7).</summary>
internal static class QuotedPrintable
{
    /// <param name="text">Without its soft line breaks.</param>
    /// <param name="charset">Its encoding; null or unknown: UTF-8, else that of western Windows.</param>
    public static string Decode(string text, string? charset)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '=' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                bytes.Add(Convert.ToByte(text.Substring(i + 1, 2), 16));
                i += 2;
            }
            else if (char.IsAscii(text[i])) bytes.Add((byte)text[i]);
            else if (Rune.TryGetRuneAt(text, i, out var rune))
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(rune.ToString()));
                i += rune.Utf16SequenceLength - 1;
            }
        }

        var raw = bytes.ToArray();
        var said = charset is null ? null : CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Known(charset);
        return (said ?? (System.Text.Unicode.Utf8.IsValid(raw) ? Encoding.UTF8 : CodePagesEncodingProvider.Instance.GetEncoding(1252)!)).GetString(raw);
    }

    private static Encoding? Known(string charset)
    {
        try
        {
            return Encoding.GetEncoding(charset);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
