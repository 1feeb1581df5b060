using System.Globalization;
using System.Text;

namespace Tangent.Web;

/// <summary>A table as CSV as the reader's Excel opens it by a double click: UTF-8 with a mark, and the separator and decimal mark of the language.</summary>
internal static class CsvFile
{
    public static byte[] Write(TableContent content, CultureInfo culture)
    {
        var separator = culture.NumberFormat.NumberDecimalSeparator == "," ? ';' : ',';
        var text = new StringBuilder();
        Line(text, separator, content.Headings.Select(h => Text(h.Title)));
        foreach (var row in content.Rows) Line(text, separator, row.Select(value => Cell(value, culture)));
        return [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.ToString())];
    }

    private static void Line(StringBuilder text, char separator, IEnumerable<string> cells) => text.AppendJoin(separator, cells).Append("\r\n");

    private static string Cell(object? value, CultureInfo culture) => value switch
    {
        null => "",
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime moment => moment.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        double number when !double.IsFinite(number) => "",
        IFormattable number => number.ToString(null, culture),
        _ => Text(value.ToString() ?? ""),
    };

    /// <summary>A cell of text, quoted where it must be; what a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV injection).</summary>
    public static string Text(string text) => Quoted(text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + text : text);

    private static string Quoted(string text) => text.AsSpan().IndexOfAny("\";,\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
