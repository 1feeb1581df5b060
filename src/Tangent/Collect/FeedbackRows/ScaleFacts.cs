using System.Text;

namespace Tangent.Collect;

/// <summary>What only all scores of a file together say: whether they are marks of another scale than their metric's.</summary>
internal sealed class ScaleFacts : RowPlan<ColumnFacts.Looked>
{
    // Fewer say nothing of a whole file: each bad line is rejected by itself.
    private const int Enough = 20;

    // Where 0 can be chosen it is chosen at least as often as 1: so many 1 and no 0 would be in less than one of 32 files.
    private const int OnesWithoutZero = 5;

    private readonly PlannedColumn? _metric, _score, _scale;
    private readonly Dictionary<Metric, (long N, long Beyond, long Zeros, long Ones, double Highest)> _seen = [];

    private ScaleFacts(IReadOnlyList<PlannedColumn> columns) =>
        (_metric, _score, _scale) = (Of(columns, ImportField.Metric), Of(columns, ImportField.Score), Of(columns, ImportField.Scale));

    /// <summary>Looks through a file.</summary>
    /// <param name="open">Opens its rows with a plan.</param>
    /// <param name="columns">What its columns become.</param>
    /// <exception cref="FileRefusedException">The marks are of another scale.</exception>
    public static void Check(Func<RowPlan<ColumnFacts.Looked>, ImportRows<ColumnFacts.Looked>> open, IReadOnlyList<PlannedColumn> columns)
    {
        var facts = new ScaleFacts(columns);
        if (facts._scale is { Column: < 0 } said) Refuse(facts, Encoding.UTF8.GetString(said.Constant));
        if (facts._score is null || facts._scale is not null) return;
        using (var rows = open(facts))
            for (var row = new ColumnFacts.Looked(); rows.Next(row);) { }
        foreach (var (metric, seen) in facts._seen)
        {
            var (least, most) = Metrics.Scale(metric);
            if (seen.N >= Enough && seen.Beyond * 5 > seen.N)
                throw new FileRefusedException($"{seen.Beyond} of {seen.N} scores of {Metrics.Name(metric)} are not from {least} to {most} (the highest is {seen.Highest:0.##}): they are marks of another scale, and those that fit would be wrong too. Choose the metric that was asked.");
            if (metric == Metric.Nps && seen.Zeros == 0 && seen.Ones >= OnesWithoutZero)
                throw new FileRefusedException($"{seen.Ones} of {seen.N} scores are 1 and none is 0: it looks as if was asked from 1 to 10, and that is no NPS. If 0 could be chosen, say so: scale==0-10.");
        }
    }

    public override bool LeavesOut(ColumnPlan.Values values) => false;

    public override void Write(ColumnFacts.Looked into, ColumnPlan.Values values)
    {
        if (Metrics.Find(Text(_metric, values)) is not ({ } metric and not Metric.Text) || ScoreText.Read(Text(_score, values)) is not { Most: null } read) return;
        var seen = _seen.GetValueOrDefault(metric);
        _seen[metric] = (seen.N + 1, seen.Beyond + (Metrics.IsInScale(metric, read.Score) ? 0 : 1), seen.Zeros + (read.Score == 0 ? 1 : 0), seen.Ones + (read.Score == 1 ? 1 : 0), Math.Max(seen.Highest, read.Score));
    }

    private static void Refuse(ScaleFacts facts, string said)
    {
        if (ScoreText.Scale(said) is not { } scale) throw new FileRefusedException($"'{said}' is no scale. Write the lowest and the highest mark: scale==0-10.");
        if (facts._metric is { Column: < 0 } metric && Metrics.Find(Encoding.UTF8.GetString(metric.Constant)) is { } known and not Metric.Text && scale.Problem(known) is { } problem) throw new FileRefusedException(problem);
    }

    private static PlannedColumn? Of(IReadOnlyList<PlannedColumn> columns, ImportField field) => columns.FirstOrDefault(c => c.Field == field);

    private static string Text(PlannedColumn? column, ColumnPlan.Values values) =>
        column is null ? "" : Encoding.UTF8.GetString(column.Column < 0 ? column.Constant : values(column.Column)).Trim();
}
