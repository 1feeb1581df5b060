using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Analyse;

/// <param name="Between">Null where no two touchpoints were chosen.</param>
public sealed record ReworkReport(ReworkQuestion Question, Throughput Journeys, Count Everybody, Throughput? Between, Count? Took, IReadOnlyList<ReworkRow> Rows, IReadOnlyList<LoopRow> Loops);

/// <param name="Customers">Customers who were there.</param>
public sealed record ReworkRow(Mark At, long Customers, Count Again, double MeanTimes, Count AtOnce);

public sealed record LoopRow(Mark At, Mark Over, long Times, Count Count);

internal static class ReworkReports
{
    public static ReworkReport Of(ReworkQuestion question, ReworkAnswer answer, Marks marks)
    {
        Count Counted(long customers, ReworkPick pick, ReworkQuestion asked) => new(customers, ReworkAddress.Behind(asked, pick).ToString());
        return new ReworkReport(
            question, answer.Journeys, Counted(answer.Customers, new ReworkPick(null), question with { Start = null, End = null }),
            answer.Between, answer.Between is { } between ? Counted(between.Customers, new ReworkPick(null), question) : null,
            [.. answer.Items.Where(r => r.Repeating > 0).Select(r => new ReworkRow(
                marks.Of(r.Name), r.Customers, Counted(r.Repeating, new ReworkPick(r.Name), question), r.MeanTimes, Counted(r.AtOnceCustomers, new ReworkPick(r.Name, AtOnce: true), question)))],
            [.. answer.Loops.Select(l => new LoopRow(
                marks.Of(l.Name), marks.Of(l.Over), l.Count, Counted(l.Customers, new ReworkPick(l.Name, Over: l.Over), question)))]);
    }
}
