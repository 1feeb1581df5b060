using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;

namespace Tangent.Web;

/// <summary>A table as an Excel workbook (ECMA-376, transitional): one sheet, texts in place, so that none is ever a formula; numbers are numbers and days are days.</summary>
internal static class XlsxFile
{
    private const string Sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const int LongestText = 32_767;
    private const int MostRows = 1_048_575;

    // Positions in the list of cell formats of Styles.
    private const string Heading = "1", Count = "2", Number = "3", Share = "4", Day = "5", Moment = "6", Duration = "7";

    private static readonly (string Path, string Text)[] Frame =
    [
        ("[Content_Types].xml", """
            <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>
            """),
        ("_rels/.rels", $"""
            <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{Relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>
            """),
        ("xl/_rels/workbook.xml.rels", $"""
            <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{Relations}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{Relations}/styles" Target="styles.xml"/></Relationships>
            """),
        ("xl/styles.xml", $"""
            <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <styleSheet xmlns="{Sheet}"><numFmts count="3"><numFmt numFmtId="164" formatCode="0.0%"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="166" formatCode="yyyy\-mm\-dd\ hh:mm"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="8"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="3" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="166" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="46" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>
            """),
    ];

    public static byte[] Write(TableContent content, string name)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, text) in Frame) Add(zip, path, xml => xml.WriteRaw(text));
            Add(zip, "xl/workbook.xml", xml => xml.WriteRaw($"""
                <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
                <workbook xmlns="{Sheet}" xmlns:r="{Relations}"><sheets><sheet name="{XmlConvert.EncodeLocalName(name[..Math.Min(31, name.Length)])}" sheetId="1" r:id="rId1"/></sheets></workbook>
                """));
            Add(zip, "xl/worksheets/sheet1.xml", xml => WriteSheet(xml, content));
        }

        return file.ToArray();
    }

    private static void Add(ZipArchive zip, string path, Action<XmlWriter> write)
    {
        using var entry = zip.CreateEntry(path, CompressionLevel.Fastest).Open();
        using var xml = XmlWriter.Create(entry, new XmlWriterSettings { Encoding = new UTF8Encoding(false), ConformanceLevel = ConformanceLevel.Auto, OmitXmlDeclaration = true, CheckCharacters = false });
        write(xml);
    }

    private static void WriteSheet(XmlWriter xml, TableContent content)
    {
        xml.WriteStartElement("worksheet", Sheet);
        xml.WriteRaw("<sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><cols>");
        for (var i = 1; i <= content.Headings.Count; i++)
            xml.WriteRaw(string.Create(CultureInfo.InvariantCulture, $"<col min=\"{i}\" max=\"{i}\" width=\"{(content.Headings[i - 1].Holds == Holds.Text ? 36 : 16)}\" customWidth=\"1\"/>"));
        xml.WriteRaw("</cols>");
        xml.WriteStartElement("sheetData", Sheet);
        WriteRow(xml, content.Headings, [.. content.Headings.Select(h => h.Title)], heading: true);
        foreach (var row in content.Rows.Take(MostRows)) WriteRow(xml, content.Headings, row, heading: false);
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void WriteRow(XmlWriter xml, IReadOnlyList<TableHeading> headings, object?[] row, bool heading)
    {
        xml.WriteStartElement("row", Sheet);
        for (var i = 0; i < row.Length; i++)
        {
            xml.WriteStartElement("c", Sheet);
            if (heading || Numeric(row[i], headings[i].Holds) is not { } number) WriteText(xml, row[i]?.ToString() ?? "", heading);
            else
            {
                xml.WriteAttributeString("s", Style(headings[i].Holds));
                xml.WriteElementString("v", Sheet, number.ToString("R", CultureInfo.InvariantCulture));
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void WriteText(XmlWriter xml, string text, bool heading)
    {
        if (heading) xml.WriteAttributeString("s", Heading);
        xml.WriteAttributeString("t", "inlineStr");
        xml.WriteStartElement("is", Sheet);
        xml.WriteStartElement("t", Sheet);
        xml.WriteAttributeString("xml", "space", null, "preserve");
        xml.WriteString(Writable(text));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    /// <summary>Without what XML cannot hold.</summary>
    private static string Writable(string text)
    {
        var kept = new StringBuilder(Math.Min(text.Length, LongestText));
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Utf16SequenceLength == 1 && !XmlConvert.IsXmlChar((char)rune.Value)) continue;
            if (kept.Length + rune.Utf16SequenceLength > LongestText) break;
            kept.Append(rune.ToString());
        }

        return kept.ToString();
    }

    /// <summary>Days count from 1899-12-30, as Excel does; lengths of time are parts of a day. Null where the value is a text.</summary>
    private static double? Numeric(object? value, Holds holds) => value switch
    {
        DateOnly day => day.ToDateTime(TimeOnly.MinValue).ToOADate(),
        DateTime moment => moment.ToOADate(),
        double number when !double.IsFinite(number) => null,
        IConvertible number and not string when holds == Holds.Duration => Convert.ToDouble(number, CultureInfo.InvariantCulture) / 86_400,
        IConvertible number and not string => Convert.ToDouble(number, CultureInfo.InvariantCulture),
        _ => null,
    };

    private static string Style(Holds holds) => holds switch
    {
        Holds.Count => Count,
        Holds.Number => Number,
        Holds.Share => Share,
        Holds.Day => Day,
        Holds.Moment => Moment,
        Holds.Duration => Duration,
        _ => "0",
    };
}
