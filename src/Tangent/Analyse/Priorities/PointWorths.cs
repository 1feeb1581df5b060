using Tangent.Collect;
using Tangent.Measure;

namespace Tangent.Analyse;

/// <summary>What a point of a touchpoint's score goes along with: each answer beside what its customer bought within the time after it.</summary>
internal sealed class PointWorths(FeedbackIndex feedback, PlaceNames places, JourneyStore journeys)
{
    // Every answer, whatever it measures.
    private const string Answers = "metric!=\"\"";

    /// <returns>By name of the touchpoint and metric; refused where journeys do not keep what answers measure, or a goal does not exist.</returns>
    public Asked<Dictionary<(string Touchpoint, Metric Metric), PointWorth>> Of(IReadOnlyList<string> goals, TimeSpan within, JourneyFilter filter, IReadOnlyDictionary<string, long> reached)
    {
        if (goals.Count == 0) return new Dictionary<(string, Metric), PointWorth>();
        var asked = journeys.Ask(new FollowUpsQuestion(Answers, goals, within, filter with { Touchpoints = [] }));
        if (asked.Refusal is { } refusal) return refusal;
        var followed = asked.Answer!;
        var after = new Dictionary<(int, long), FollowUp>(followed.Items.Count);
        foreach (var item in followed.Items)
            if (!item.IsOpen) after[(item.Customer, item.AtMs)] = item;
        var columns = feedback.Now;
        var (table, customers) = (places.Of(columns.Places), journeys.CustomersOf(columns.Identity[..columns.Count]));
        var slopes = new Dictionary<(string, Metric), (Slope Repurchase, Slope Revenue)>();
        for (var row = 0; row < columns.Count; row++)
        {
            var metric = (Metric)columns.Metric[row];
            if (metric == Metric.None || table.Touchpoints[table.OfPlace[columns.Place[row]]].Name is not { } name || !after.TryGetValue((customers[row], columns.AtMs[row]), out var outcome)) continue;
            if (!slopes.TryGetValue((name, metric), out var slope)) slopes.Add((name, metric), slope = (new Slope(), new Slope()));
            var (least, most) = Metrics.Scale(metric);
            var points = 100.0 * (columns.Score[row] - least) / (most - least);
            slope.Repurchase.Add(customers[row], points, outcome.DelayMs >= 0 ? 1 : 0);
            slope.Revenue.Add(customers[row], points, outcome.Value);
        }

        var worths = new Dictionary<(string, Metric), PointWorth>();
        foreach (var (key, (repurchase, revenue)) in slopes)
            if (repurchase.N >= Web.Figures.Enough && repurchase.Find() is { } share && revenue.Find() is { } money)
                worths[key] = new PointWorth(share.Value, share.Low, share.High, money.Value, money.Low, money.High, money.Value * reached.GetValueOrDefault(key.Item1), repurchase.N);
        return worths;
    }
}
