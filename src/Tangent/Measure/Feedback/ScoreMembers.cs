using System.Globalization;
using Microsoft.Extensions.Options;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Unify;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <summary>The customers whose latest answer is such, for segments: <c>score in 90d: nps &lt;= 6 at Delivery</c>.</summary>
internal sealed class ScoreMembers(FeedbackIndex index, PlaceNames names, JourneyStore journeys, IOptionsMonitor<CompanyOptions> company) : IFindMembers
{
    public SegmentConditionKind Kind => SegmentConditionKind.Score;

    public Task<Asked<CustomerSet>> FindAsync(SegmentCondition condition, DateOnly? since, CancellationToken ct) => Task.FromResult(Find(condition, since));

    private Asked<CustomerSet> Find(SegmentCondition condition, DateOnly? since)
    {
        if (Metrics.Find(condition.Trait) is not { } metric || !Metrics.Scored.Contains(metric)) return new Refusal("condition", T("Measure.Refused.Metric", condition.Trait));
        if (condition.OfNumbers() is not { } fits) return new Refusal("condition", T("Measure.Refused.Comparison"));
        var (least, most) = Metrics.Scale(metric);
        if (condition.Parts.FirstOrDefault(p => double.Parse(p, CultureInfo.InvariantCulture) is var score && (score < least || score > most)) is { } off && condition.Operator.Length > 0)
            return new Refusal("condition", T("Measure.Refused.OffScale", off, Metrics.Name(metric), least, most));
        var columns = index.Now;
        var table = names.Of(columns.Places);
        var at = condition.At.Length == 0 ? "" : names.Find(condition.At)?.Name ?? condition.At;
        bool[] isThere = [.. table.OfPlace.Select(p => at.Length == 0 || string.Equals(table.Touchpoints[p].Name, at, StringComparison.OrdinalIgnoreCase))];
        if (!Array.Exists(isThere, there => there) && condition.At.Length > 0 && !names.IsKnown(condition.At)) return new Refusal("condition", T("Measure.Refused.Touchpoint", condition.At));

        var from = since is { } day ? new ScoreDays(company.CurrentValue.Zone()).StartOf(day) : long.MinValue;
        var customers = journeys.CustomersOf(columns.Identity[..columns.Count]);
        // Row of the latest answer by customer; −1 where there is none.
        var latest = new int[customers.Length == 0 ? 0 : customers.Max() + 1];
        Array.Fill(latest, -1);
        for (var row = 0; row < customers.Length; row++)
        {
            if (customers[row] < 0 || columns.Metric[row] != (byte)metric || columns.AtMs[row] < from || !isThere[columns.Place[row]]) continue;
            // Of two at the same moment that which came later stands behind.
            if (latest[customers[row]] is var before && (before < 0 || columns.AtMs[before] <= columns.AtMs[row])) latest[customers[row]] = row;
        }

        return new CustomerSet([.. Enumerable.Range(0, latest.Length).Where(c => latest[c] >= 0 && fits(columns.Score[latest[c]]))]);
    }
}
