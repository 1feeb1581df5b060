using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Tangent.Operate;

/// <summary>Prometheus' text exposition format, version 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats).</summary>
internal static class PrometheusText
{
    public const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Of(IEnumerable<Measured> measured)
    {
        var text = new StringBuilder();
        foreach (var group in measured.GroupBy(m => Name(m.Instrument, m.IsCounter), StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var first = group.First();
            if (!string.IsNullOrEmpty(first.Instrument.Description)) text.Append("# HELP ").Append(group.Key).Append(' ').Append(first.Instrument.Description.Replace("\\", "\\\\", StringComparison.Ordinal).ReplaceLineEndings(" ")).Append('\n');
            text.Append("# TYPE ").Append(group.Key).Append(first.IsHistogram ? " histogram\n" : first.IsCounter ? " counter\n" : " gauge\n");
            foreach (var (labels, series) in group.SelectMany(m => m.Series).OrderBy(s => s.Key, StringComparer.Ordinal))
                lock (series) Append(text, group.Key, labels, series, first.IsHistogram);
        }

        return text.ToString();
    }

    /// <summary>Labels as they are printed, in their order of names, without braces.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        if (labels.IsEmpty) return "";
        var pairs = labels.ToArray();
        Array.Sort(pairs, (a, b) => string.CompareOrdinal(a.Key, b.Key));
        return string.Join(',', pairs.Where(p => p.Value is not null).Select(p => $"{Clean(p.Key)}=\"{Escape(Convert.ToString(p.Value, CultureInfo.InvariantCulture)!)}\""));
    }

    private static void Append(StringBuilder text, string name, string labels, MeasuredSeries series, bool isHistogram)
    {
        if (!isHistogram)
        {
            Line(text, name, labels, series.Value);
            return;
        }

        for (var i = 0; i < series.Bounds.Length; i++) Line(text, name + "_bucket", With(labels, Number(series.Bounds[i])), series.Buckets[i]);
        Line(text, name + "_bucket", With(labels, "+Inf"), series.Count);
        Line(text, name + "_sum", labels, series.Value);
        Line(text, name + "_count", labels, series.Count);
    }

    private static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string With(string labels, string bound) => labels.Length > 0 ? $"{labels},le=\"{bound}\"" : $"le=\"{bound}\"";

    private static string Name(Instrument instrument, bool isCounter)
    {
        var name = Clean(instrument.Name);
        var unit = instrument.Unit switch { "s" => "_seconds", "ms" => "_milliseconds", "By" => "_bytes", _ => "" };
        if (!name.EndsWith(unit, StringComparison.Ordinal)) name += unit;
        return isCounter && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    private static string Clean(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    private static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
