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
        if (!condition.IsOfNumbers) return new Refusal("condition", T("Measure.Refused.Comparison"));
        var columns = index.Now;
        var table = names.Of(columns.Places);
        bool[] isThere = [.. table.OfPlace.Select(p => condition.At.Length == 0 || string.Equals(table.Touchpoints[p].Name, condition.At, StringComparison.OrdinalIgnoreCase))];
        if (!Array.Exists(isThere, there => there) && condition.At.Length > 0 && !names.IsKnown(condition.At)) return new Refusal("condition", T("Measure.Refused.Touchpoint", condition.At));

        var from = since is { } day ? new ScoreDays(company.CurrentValue.Zone()).StartOf(day) : long.MinValue;
        var customers = journeys.CustomersOf(columns.Identity[..columns.Count]);
        var latest = new Dictionary<int, int>();
        for (var row = 0; row < customers.Length; row++)
        {
            if (customers[row] < 0 || columns.Metric[row] != (byte)metric || columns.AtMs[row] < from || !isThere[columns.Place[row]]) continue;
            // Of two at the same moment that which came later stands behind.
            if (!latest.TryGetValue(customers[row], out var before) || columns.AtMs[before] <= columns.AtMs[row]) latest[customers[row]] = row;
        }

        return new CustomerSet([.. latest.Where(l => condition.Fits(columns.Score[l.Value])).Select(l => l.Key)]);
    }
}
