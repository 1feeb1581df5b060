using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Analyse;

/// <param name="Question">The question as read; without a goal where it was refused.</param>
/// <param name="Report">Null where there is no answer.</param>
/// <param name="Before">The answer for the period before; null where there is nothing to compare with.</param>
public sealed record CorrelationModel(Around Around, CorrelationQuestion Question, IReadOnlyList<Choice> Touchpoints, CorrelationReport? Report, CorrelationAnswer? Before);

public sealed record CorrelationReport(CorrelationAnswer Answer, Count Entrants, Count Converted, IReadOnlyList<CorrelationRow> Rows);

/// <param name="Cells">Were there and converted, were there and did not, converted without, neither.</param>
public sealed record CorrelationRow(Mark Mark, Correlation Figures, IReadOnlyList<Count> Cells);

internal static class CorrelationReports
{
    public static CorrelationReport Of(CorrelationQuestion question, CorrelationAnswer answer, Marks marks)
    {
        Count Behind(long customers, string? name, bool did, bool? converted) =>
            new(customers, CorrelationAddress.Behind(question, new CorrelationPick(name, did, converted)).ToString());
        return new CorrelationReport(
            answer, Behind(answer.Entrants, null, true, null), Behind(answer.Converted, null, true, true),
            [.. answer.Items.Select(c => new CorrelationRow(marks.Of(c.Name), c,
            [
                Behind(c.DidAndConverted, c.Name, true, true), Behind(c.DidNotConvert, c.Name, true, false),
                Behind(c.ConvertedWithout, c.Name, false, true), Behind(c.Neither, c.Name, false, false),
            ]))]);
    }
}
