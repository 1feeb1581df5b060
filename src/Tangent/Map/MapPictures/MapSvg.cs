using System.Globalization;
using System.Xml;

namespace Tangent.Map;

/// <summary>Draws a map as one picture that browsers show and drawing programs open. It holds no script and asks for nothing from outside.</summary>
internal static class MapSvg
{
    public static string Write(SheetMap map)
    {
        var page = MapSheet.Of(map, SheetFormat.Picture(map.Content.Stages.Sum(s => Math.Max(1, map.Content.StepsOf(s).Count()))))[0];
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true, CheckCharacters = false, Indent = true, NewLineChars = "\n" }))
        {
            xml.WriteStartElement("svg", "http://www.w3.org/2000/svg");
            Attributes(xml, ("width", Number(page.Width)), ("height", Number(page.Height)), ("viewBox", $"0 0 {Number(page.Width)} {Number(page.Height)}"), ("role", "img"), ("font-family", $"'{SheetFonts.Family}', Verdana, sans-serif"));
            xml.WriteElementString("title", Clean($"{map.Name} · {map.State}"));
            Draw(xml, new SheetBox(0, 0, page.Width, page.Height, "#ffffff"));
            foreach (var shape in page.Shapes) Draw(xml, shape);
            xml.WriteEndElement();
        }

        return text.ToString();
    }

    private static void Draw(XmlWriter xml, SheetShape shape)
    {
        switch (shape)
        {
            case SheetBox box:
                Element(xml, "rect", ("x", Number(box.X)), ("y", Number(box.Y)), ("width", Number(box.Width)), ("height", Number(box.Height)), ("rx", box.Stroke is null or SheetInk.Line ? "0" : Number(box.Height / 2)), ("fill", box.Fill ?? "none"), ("stroke", box.Stroke ?? "none"));
                break;
            case SheetLine line:
                Element(xml, "polyline", ("points", string.Join(' ', line.Points.Select(p => $"{Number(p.X)},{Number(p.Y)}"))), ("fill", "none"), ("stroke", line.Stroke), ("stroke-width", Number(line.Width)), ("stroke-dasharray", line.Dashed ? "3 3" : "none"));
                break;
            case SheetPhoto photo:
                xml.WriteStartElement("image");
                Attributes(xml, ("x", Number(photo.X)), ("y", Number(photo.Y)), ("width", Number(photo.Width)), ("height", Number(photo.Height)), ("href", $"data:{photo.Photo.MediaType};base64,{Convert.ToBase64String(photo.Photo.Picture)}"));
                xml.WriteElementString("title", Clean(photo.Photo.Alt));
                xml.WriteEndElement();
                break;
            case SheetText written:
                xml.WriteStartElement("text");
                Attributes(xml, ("x", Number(written.X)), ("y", Number(written.Y)), ("font-size", Number(written.Size)), ("font-weight", written.Bold ? "700" : "400"), ("fill", written.Fill));
                xml.WriteString(Clean(written.Text));
                xml.WriteEndElement();
                break;
        }
    }

    private static void Element(XmlWriter xml, string name, params (string Name, string Value)[] attributes)
    {
        xml.WriteStartElement(name);
        Attributes(xml, attributes);
        xml.WriteEndElement();
    }

    private static void Attributes(XmlWriter xml, params (string Name, string Value)[] attributes)
    {
        foreach (var (name, value) in attributes) xml.WriteAttributeString(name, value);
    }

    /// <summary>Without what XML cannot hold.</summary>
    private static string Clean(string text) => string.Concat(text.EnumerateRunes().Where(r => r.Value is 9 or 10 or 13 or (>= 0x20 and <= 0xFFFD and not 0xFFFD) or >= 0x10000).Select(r => r.ToString()));

    private static string Number(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
