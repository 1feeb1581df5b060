using Tangent.Web;

namespace Tangent.Collect;

/// <summary>Suggests what the columns of a file of answers and reviews stand for: by their headers, and by what stands in them.</summary>
internal static class FeedbackGuess
{
    // A header with one of these words holds scores; where it names the metric too, all rows are of that one.
    private static readonly (string Word, Metric? Metric)[] Scores =
    [
        ("nps", Metric.Nps), ("csat", Metric.Csat), ("ces", Metric.Ces), ("stars", Metric.Review), ("star", Metric.Review), ("sterne", Metric.Review), ("gwiazdki", Metric.Review),
        ("rating", Metric.Rating), ("score", null), ("bewertung", null), ("note", null), ("punkte", null), ("ocena", null), ("wynik", null),
    ];

    public static ImportMapping Suggest(IReadOnlyList<string> columns, IReadOnlyList<string[]> records)
    {
        var map = new Dictionary<string, string>(FieldGuess.Suggest(ImportKind.Feedback, columns, records).Columns, StringComparer.Ordinal);
        string? Taken(ImportField field) => map.GetValueOrDefault(ImportMapping.NameOf(field));
        void Take(ImportField field, Func<string, bool> fits, Func<IReadOnlyList<string>, bool> holds)
        {
            for (var i = 0; i < columns.Count && Taken(field) is null; i++)
                if (columns[i].Length > 0 && !map.ContainsValue(columns[i]) && fits(columns[i]) && Values(records, i) is { Count: > 0 } values && holds(values)) map[ImportMapping.NameOf(field)] = columns[i];
        }

        Take(ImportField.Score, c => Words(c).Any(w => Scores.Any(s => s.Word == w)), v => v.Any(t => ScoreText.Read(t) is not null));
        Take(ImportField.Metric, _ => true, v => Most(v, t => Metrics.Find(t) is not null));
        Take(ImportField.Language, _ => true, v => Most(v, t => t.Length == 2 && t.All(char.IsAsciiLetter)));
        Take(ImportField.Comment, _ => true, v => v.Average(t => t.Length) >= 20 && Most(v, t => t.Contains(' ', StringComparison.Ordinal)));
        if (Taken(ImportField.Score) is not { } score) return new ImportMapping(map, ImportKind.Feedback);
        if (Taken(ImportField.Metric) is null && Scores.FirstOrDefault(s => s.Metric is not null && Words(score).Contains(s.Word)).Metric is { } metric) map[ImportMapping.NameOf(ImportField.Metric)] = "=" + Metrics.Name(metric);
        if (Taken(ImportField.Scale) is null && ScoreText.ScaleIn(score) is { } scale) map[ImportMapping.NameOf(ImportField.Scale)] = "=" + scale;
        return new ImportMapping(map, ImportKind.Feedback);
    }

    private static bool Most(IReadOnlyList<string> values, Func<string, bool> fits) => values.Count(fits) >= 0.9 * values.Count;

    private static string[] Words(string header) => FoldedText.Of(header).Split(c => !char.IsAsciiLetter(c));

    private static string[] Split(this string text, Func<char, bool> between) => new string([.. text.Select(c => between(c) ? ' ' : c)]).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static List<string> Values(IReadOnlyList<string[]> records, int column) => [.. records.Where(r => column < r.Length && r[column].Trim().Length > 0).Select(r => r[column].Trim())];
}
