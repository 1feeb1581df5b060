using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Tangent.Operate;

/// <summary>A picture that was looked at: a PNG of sensible size, or an SVG of which only what draws is left.</summary>
internal sealed partial record LogoPicture(string MediaType, byte[] Bytes)
{
    public const int MostBytes = 256 << 10;
    private const int MostPixels = 4000;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly XNamespace XLink = "http://www.w3.org/1999/xlink";

    private static readonly HashSet<string> Elements = new(StringComparer.Ordinal)
    {
        "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "title", "desc", "defs", "symbol", "use",
        "linearGradient", "radialGradient", "stop", "clipPath", "mask", "style",
    };

    private static readonly HashSet<string> Attributes = new(StringComparer.Ordinal)
    {
        "id", "class", "style", "viewBox", "width", "height", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "d", "points", "transform", "version",
        "preserveAspectRatio", "fill", "fill-rule", "fill-opacity", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-dasharray",
        "stroke-opacity", "opacity", "color", "clip-path", "clip-rule", "mask", "offset", "stop-color", "stop-opacity", "gradientUnits", "gradientTransform", "spreadMethod",
        "clipPathUnits", "maskUnits", "maskContentUnits", "font-family", "font-size", "font-weight", "font-style", "text-anchor", "letter-spacing", "dx", "dy", "display", "visibility", "role", "href",
    };

    /// <returns>Null where it is neither a PNG nor an SVG that can be used.</returns>
    public static LogoPicture? Read(byte[] file) =>
        file.Length is 0 or > MostBytes ? null : IsPng(file) ? new LogoPicture("image/png", file) : ReadSvg(file) is { } svg ? new LogoPicture("image/svg+xml", svg) : null;

    /// <summary>Signature, a header of possible size, chunks that follow each other to the end, and nothing after it.</summary>
    private static bool IsPng(byte[] file)
    {
        ReadOnlySpan<byte> bytes = file;
        if (!bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])) return false;
        for (var at = 8; at + 12 <= bytes.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes[at..]);
            var type = bytes.Slice(at + 4, 4);
            if (length < 0 || length > bytes.Length - at - 12) return false;
            if (at == 8 && !(type.SequenceEqual("IHDR"u8) && length == 13 && IsSize(bytes[(at + 8)..]) && IsSize(bytes[(at + 12)..]))) return false;
            at += length + 12;
            if (type.SequenceEqual("IEND"u8)) return at == bytes.Length;
        }

        return false;
    }

    private static bool IsSize(ReadOnlySpan<byte> number) => BinaryPrimitives.ReadInt32BigEndian(number) is > 0 and <= MostPixels;

    private static byte[]? ReadSvg(byte[] file)
    {
        try
        {
            // Without a document type there are no entities to blow up or to fetch.
            var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null, MaxCharactersInDocument = MostBytes * 2L, IgnoreComments = true, IgnoreProcessingInstructions = true };
            using var reader = XmlReader.Create(new MemoryStream(file), settings);
            var root = XDocument.Load(reader).Root!;
            if (root.Name != Svg + "svg" || root.DescendantsAndSelf().Any(e => e.Ancestors().Take(101).Count() > 100)) return null;
            return Encoding.UTF8.GetBytes(Drawn(root)!.ToString(SaveOptions.DisableFormatting));
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>The element with what is known to draw and nothing else: no script, no event, no address but within the picture.</summary>
    private static XElement? Drawn(XElement element)
    {
        if (element.Name.Namespace != Svg || !Elements.Contains(element.Name.LocalName)) return null;
        if (element.Name.LocalName == "style" && !IsHarmless(element.Value)) return null;
        var drawn = new XElement(element.Name);
        foreach (var attribute in element.Attributes().Where(a => !a.IsNamespaceDeclaration))
        {
            var isLink = attribute.Name == XLink + "href" || attribute.Name == "href";
            var isKnown = isLink || (attribute.Name.Namespace == XNamespace.None && Attributes.Contains(attribute.Name.LocalName));
            if (isKnown && (isLink ? attribute.Value.StartsWith('#') : IsHarmless(attribute.Value))) drawn.SetAttributeValue(isLink ? "href" : attribute.Name, attribute.Value);
        }

        foreach (var node in element.Nodes())
        {
            if (node is XElement child && Drawn(child) is { } kept) drawn.Add(kept);
            else if (node is XText text) drawn.Add(new XText(text.Value));
        }

        return drawn;
    }

    /// <summary>No address but within the picture, no rule that fetches, no escape that hides one.</summary>
    private static bool IsHarmless(string text) => !text.Contains('\\', StringComparison.Ordinal) && !text.Contains('@', StringComparison.Ordinal) && !Outside().IsMatch(text);

    [GeneratedRegex(@"url\(\s*['""]?(?!#)|javascript:|expression\s*\(|image-set", RegexOptions.IgnoreCase)]
    private static partial Regex Outside();
}
