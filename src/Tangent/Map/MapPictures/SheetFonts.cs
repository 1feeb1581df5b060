using PdfSharp.Drawing;
using PdfSharp.Fonts;
using PdfSharp.Pdf;

namespace Tangent.Map;

/// <summary>The letters of pictures and prints: DejaVu Sans, which has those of all our languages and may be put into documents. It travels with the program.</summary>
internal sealed class SheetFonts : IFontResolver
{
    public const string Family = "DejaVu Sans";
    private const string Regular = "DejaVuSans", Bold = "DejaVuSans-Bold";

    private static readonly Lazy<SheetFonts> Set = new(() =>
    {
        var fonts = new SheetFonts();
        GlobalFontSettings.FontResolver = fonts;
        return fonts;
    });

    public static XFont Of(double size, bool bold)
    {
        _ = Set.Value;
        return new XFont(Family, size, bold ? XFontStyleEx.Bold : XFontStyleEx.Regular, new XPdfFontOptions(PdfFontEncoding.Unicode));
    }

    public FontResolverInfo ResolveTypeface(string familyName, bool bold, bool italic) => new(bold ? Bold : Regular);

    public byte[] GetFont(string faceName)
    {
        using var stream = typeof(SheetFonts).Assembly.GetManifestResourceStream($"fonts/{faceName}.ttf")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

/// <summary>Breaks texts into lines.</summary>
internal sealed class SheetWords : IDisposable
{
    private readonly XGraphics _measure = XGraphics.CreateMeasureContext(new XSize(2000, 2000), XGraphicsUnit.Point, XPageDirection.Downwards);
    private readonly Dictionary<(double Size, bool Bold), XFont> _fonts = [];
    private readonly Dictionary<(string Word, double Size, bool Bold), double> _widths = [];

    public void Dispose() => _measure.Dispose();

    public double Width(string text, double size, bool bold)
    {
        if (_widths.TryGetValue((text, size, bold), out var width)) return width;
        if (!_fonts.TryGetValue((size, bold), out var font)) _fonts.Add((size, bold), font = SheetFonts.Of(size, bold));
        return _widths[(text, size, bold)] = _measure.MeasureString(text, font).Width;
    }

    /// <summary>The lines of a text that fit a width. A word that is wider than a line is broken.</summary>
    public List<string> Lines(string text, double width, double size, bool bold = false)
    {
        List<string> lines = [];
        foreach (var paragraph in text.Split('\n'))
        {
            var line = "";
            foreach (var word in paragraph.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).SelectMany(w => Pieces(w, width, size, bold)))
            {
                var longer = line.Length == 0 ? word : $"{line} {word}";
                if (line.Length > 0 && Width(longer, size, bold) > width)
                {
                    lines.Add(line);
                    line = word;
                }
                else line = longer;
            }

            if (line.Length > 0) lines.Add(line);
        }

        return lines;
    }

    private IEnumerable<string> Pieces(string word, double width, double size, bool bold)
    {
        while (word.Length > 2 && Width(word, size, bold) > width)
        {
            var fits = word.Length - 1;
            while (fits > 2 && Width(word[..fits], size, bold) > width) fits--;
            // A letter outside the basic plane is two characters that stay together.
            if (char.IsHighSurrogate(word[fits - 1])) fits--;
            yield return word[..fits];
            word = word[fits..];
        }

        yield return word;
    }
}
