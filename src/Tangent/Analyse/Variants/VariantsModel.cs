using Tangent.Collect;
using Tangent.Unify;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <param name="Before">The answer for the period before; null where there is nothing to compare with.</param>
public sealed record VariantsModel(Around Around, VariantsQuestion Question, VariantsReport? Report, VariantsAnswer? Before);

/// <param name="Everybody">Customers with any event in the filter.</param>
/// <param name="Total">Different variants in all.</param>
/// <param name="Others">Customers of variants that are not listed.</param>
public sealed record VariantsReport(Count Everybody, long Total, long Others, IReadOnlyList<VariantRow> Rows)
{
    public long Customers => Everybody.Customers;
}

/// <param name="Cumulative">Share of all customers in this and the larger variants, 0 to 1.</param>
/// <param name="OfLargest">Length of the bar, 0 to 1.</param>
public sealed record VariantRow(int Rank, IReadOnlyList<Mark> Steps, Count Count, double Cumulative, double OfLargest, double MedianSeconds);

internal static class VariantsReports
{
    public static VariantsReport Of(VariantsQuestion question, VariantsAnswer answer, Marks marks)
    {
        List<VariantRow> rows = [];
        foreach (var variant in answer.Items)
        {
            rows.Add(new VariantRow(
                rows.Count + 1, [.. variant.Steps.Select(s => question.ByStage ? new Mark(T("Map.Stage." + s), null) : marks.Of(s))], new Count(variant.Customers, VariantsAddress.Behind(question, variant.Steps).ToString()),
                variant.Cumulative, (double)variant.Customers / answer.Items[0].Customers, variant.MedianSeconds));
        }

        return new VariantsReport(new Count(answer.Customers, EventsAddress.Everybody(question.Filter)), answer.Total, answer.Customers - answer.Items.Sum(v => v.Customers), rows);
    }
}
