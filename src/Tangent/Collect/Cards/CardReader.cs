using System.Text;

namespace Tangent.Collect;

/// <summary>Reads the cards of a file one after the other: lines that were folded are put together, quoted-printable is decoded.</summary>
/// <param name="reader">Stands at the beginning; its text is UTF-8.</param>
internal sealed class CardReader(LineReader reader) : IDisposable
{
    // Pictures are longer, and nobody reads them.
    private const int LongestLine = 64 * 1024;
    private const int MostLines = 2_000;

    private readonly StringBuilder _raw = new();
    private string? _next;
    private bool _begun;

    public List<CardLine> Card { get; } = [];

    /// <summary>The card as it stands, its first part where it is long.</summary>
    public string Raw => _raw.ToString();

    /// <summary>Line (from 1) where the card begins.</summary>
    public long Line { get; private set; }

    /// <summary>What is wrong with the card; null where nothing is.</summary>
    public string? Problem { get; private set; }

    public void Dispose() => reader.Dispose();

    /// <returns>False at the end of the file.</returns>
    public bool Read()
    {
        Card.Clear();
        _raw.Clear();
        (Problem, Line) = (null, reader.Line);
        var within = _begun;
        _begun = false;
        while (Logical() is { } line)
        {
            if (line.Trim() is "" || (!within && !Is(line, "BEGIN:VCARD"))) continue;
            if (Is(line, "BEGIN:VCARD"))
            {
                // A card within a card or one that is not closed: the one before ends here.
                if (within) return Ended("The card does not end before the next one begins.", begun: true);
                (within, Line) = (true, Math.Max(1, reader.Line - (_next is null ? 0 : 1)));
            }
            else if (Is(line, "END:VCARD")) return true;
            else if (Parse(line) is { } part && Card.Count < MostLines) Card.Add(part);
            if (_raw.Length < LongestLine) _raw.Append(line).Append('\n');
        }

        return within && Ended("The file ends within the card.", begun: false);
    }

    private bool Ended(string problem, bool begun)
    {
        (Problem, _begun) = (problem, begun);
        return true;
    }

    private static bool Is(string line, string what) => line.Trim().Equals(what, StringComparison.OrdinalIgnoreCase);

    /// <summary>A line with those that continue it; null at the end.</summary>
    private string? Logical()
    {
        if ((_next ?? Physical()) is not { } first) return null;
        var line = new StringBuilder(first);
        var quoted = IsQuoted(first);
        var goesOn = quoted && first.EndsWith('=');
        while ((_next = Physical()) is { } next)
        {
            if (goesOn)
            {
                if (line.Length < LongestLine)
                {
                    line.Length--;
                    line.Append(next);
                }

                goesOn = next.EndsWith('=');
            }
            else if (next.Length > 1 && next[0] is ' ' or '\t' && line.Length > 0)
            {
                if (line.Length < LongestLine) line.Append(next, 1, next.Length - 1);
            }
            else break;
        }

        return line.ToString();
    }

    private string? Physical() => reader.Read() ? Encoding.UTF8.GetString(reader.Text.Span).TrimEnd('\r') : null;

    private static bool IsQuoted(string line) => line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && line.AsSpan(0, colon).Contains("QUOTED-PRINTABLE", StringComparison.OrdinalIgnoreCase);

    private static CardLine? Parse(string line)
    {
        var colon = Colon(line);
        if (colon < 1) return null;
        var head = Split(line[..colon]);
        var name = head[0][(head[0].LastIndexOf('.') + 1)..].Trim().ToUpperInvariant();
        if (name is "PHOTO" or "LOGO" or "SOUND" or "KEY") return null;
        var words = head.Skip(1).SelectMany(Words).ToList();
        var value = line[(colon + 1)..];
        if (words.Contains("ENCODING=QUOTED-PRINTABLE") || words.Contains("QUOTED-PRINTABLE")) value = QuotedPrintable.Decode(value, words.FirstOrDefault(w => w.StartsWith("CHARSET=", StringComparison.Ordinal))?[8..]);
        return new CardLine(name, words, value);
    }

    private static IEnumerable<string> Words(string parameter)
    {
        var plain = parameter.Replace("\"", "", StringComparison.Ordinal).Trim().ToUpperInvariant();
        return plain.StartsWith("TYPE=", StringComparison.Ordinal) ? plain[5..].Split(',', StringSplitOptions.TrimEntries) : [plain];
    }

    /// <summary>Where the value begins: a colon within quotes is part of a parameter.</summary>
    private static int Colon(string line)
    {
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"') quoted = !quoted;
            else if (line[i] == ':' && !quoted) return i;
        }

        return -1;
    }

    private static List<string> Split(string head)
    {
        var parts = new List<string>();
        var (start, quoted) = (0, false);
        for (var i = 0; i <= head.Length; i++)
        {
            if (i < head.Length && head[i] == '"') quoted = !quoted;
            if (i < head.Length && (head[i] != ';' || quoted)) continue;
            parts.Add(head[start..i]);
            start = i + 1;
        }

        return parts;
    }
}
