namespace Tangent.Collect;

/// <summary>What a row of a file of answers and reviews says, checked as what is handed in over the API is.</summary>
/// <param name="Touchpoint">Its name in the catalogue; empty for the company.</param>
internal sealed record FeedbackRow(Metric Metric, int? Score, string Touchpoint)
{
    /// <returns>Null where the row is rejected.</returns>
    /// <param name="row">The row.</param>
    /// <param name="touchpointOf">Name in the catalogue of what a name or number means; null where there is none.</param>
    public static FeedbackRow? Of(RecordRow row, Func<string, string?> touchpointOf)
    {
        var touchpoint = row.Has(ImportField.Touchpoint) ? touchpointOf(row[ImportField.Touchpoint]) : "";
        if (touchpoint is null) row.Reject(Rejection.TouchpointUnknown, $"There is no touchpoint '{row[ImportField.Touchpoint]}' in the catalogue; add it there first.");
        if (!row.Has(ImportField.Time)) row.Reject(Rejection.TimeMissing, "The row does not say when it was said.");
        if (row[ImportField.Comment].Length > Metrics.MostCharacters) row.Reject(Rejection.EventTooLarge, $"The comment has more than {Metrics.MostCharacters} characters.");
        var metric = MetricOf(row);
        var score = metric is null or Metric.Text ? null : ScoreOf(row, metric.Value);
        if (metric == Metric.Text && !row.Has(ImportField.Comment)) row.Reject(Rejection.NothingSaid, "The row has neither a score nor words.");
        return row.Reason == Rejection.None ? new FeedbackRow(metric!.Value, score, touchpoint!) : null;
    }

    private static Metric? MetricOf(RecordRow row)
    {
        // Who wrote words and gave no mark has said something all the same.
        if (!row.Has(ImportField.Score)) return Metric.Text;
        if (Metrics.Find(row[ImportField.Metric]) is { } metric) return metric;
        row.Reject(Rejection.MetricUnknown, $"'{row[ImportField.Metric]}' is no metric; use nps, csat, ces, rating, review or text.");
        return null;
    }

    private static int? ScoreOf(RecordRow row, Metric metric)
    {
        var (least, most) = Metrics.Scale(metric);
        if (ScoreText.Read(row[ImportField.Score]) is not { } read)
        {
            row.Reject(Rejection.ScoreOffScale, $"'{row[ImportField.Score]}' is no score.");
            return null;
        }

        var scale = row.Has(ImportField.Scale) ? ScoreText.Scale(row[ImportField.Scale]) : read.Most is { } highest ? new MarkScale(null, highest) : null;
        if (row.Has(ImportField.Scale) && scale is null) row.Reject(Rejection.ScoreOffScale, $"'{row[ImportField.Scale]}' is no scale; write the lowest and the highest mark, such as 0-10.");
        else if (scale?.Problem(metric) is { } problem) row.Reject(Rejection.ScoreOffScale, problem);
        else if (!Metrics.IsInScale(metric, read.Score)) row.Reject(Rejection.ScoreOffScale, $"{row[ImportField.Score]} is not on the scale of {Metrics.Name(metric)}: whole numbers from {least} to {most}.");
        return (int)read.Score;
    }
}
