using Tangent.Collect;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <param name="Question">The question as read; without a touchpoint where it was refused.</param>
/// <param name="Report">Null where there is no answer.</param>
/// <param name="Earlier">The answer for the period before; null where there is nothing to compare with.</param>
public sealed record NeighboursModel(Around Around, NeighboursQuestion Question, IReadOnlyList<Choice> Touchpoints, NeighboursReport? Report, NeighboursAnswer? Earlier);

/// <param name="Pairs">Pairs with the touchpoint in the middle.</param>
/// <param name="Matrix">Lifts of the touchpoints that most customers were at.</param>
public sealed record NeighboursReport(
    NeighboursAnswer Answer, Count With, IReadOnlyList<NeighbourRow> Before, IReadOnlyList<NeighbourRow> After, IReadOnlyList<PairRow> Pairs, HeatmapChart Matrix);

public sealed record NeighbourRow(Mark Mark, Neighbour Figures, Count Count);

public sealed record PairRow(Mark Mark, CoOccurrence Figures, Count Count);

internal static class NeighboursReports
{
    private const int MostRows = 15;
    private const int MostInMatrix = 12;

    public static NeighboursReport Of(NeighboursQuestion question, NeighboursAnswer answer, CoOccurrenceAnswer pairs, Marks marks)
    {
        Count Behind(long customers, string? name, bool before) => new(customers, NeighboursAddress.Behind(question, new NeighbourPick(name, before)).ToString());
        IReadOnlyList<NeighbourRow> Rows(IReadOnlyList<Neighbour> side, bool before) =>
            [.. side.Take(MostRows).Select(n => new NeighbourRow(marks.Of(n.Name), n, Behind(n.Customers, n.Name, before)))];
        var asked = new CoOccurrenceQuestion(CoOccurrenceQuestion.UsualTop, question.Filter);
        PairRow[] together =
        [
            .. from pair in pairs.Items
               let other = string.Equals(pair.At, question.At, StringComparison.OrdinalIgnoreCase) ? pair.With : string.Equals(pair.With, question.At, StringComparison.OrdinalIgnoreCase) ? pair.At : null
               where other is not null
               select new PairRow(marks.Of(other), pair, new Count(pair.Customers, NeighboursAddress.Behind(asked, new CoOccurrencePick(question.At, other)).ToString())),
        ];
        return new NeighboursReport(answer, Behind(answer.With, null, false), Rows(answer.Before, true), Rows(answer.After, false), [.. together.Take(MostRows)], Matrix(pairs));
    }

    private static HeatmapChart Matrix(CoOccurrenceAnswer pairs)
    {
        List<string> names = [.. pairs.Touchpoints.Take(MostInMatrix).Select(t => t.Name)];
        var index = names.Select((name, i) => (name, i)).ToDictionary(x => x.name, x => x.i, StringComparer.Ordinal);
        return new HeatmapChart(names, names, [.. pairs.Items
            .Where(p => index.ContainsKey(p.At) && index.ContainsKey(p.With))
            .SelectMany(p => new[] { new[] { index[p.At], index[p.With], Math.Round(p.Lift, 2) }, [index[p.With], index[p.At], Math.Round(p.Lift, 2)] })], T("Analyse.Neighbours.Lift"));
    }
}
