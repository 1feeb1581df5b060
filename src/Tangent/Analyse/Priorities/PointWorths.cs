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
        var outcomes = new FollowUpsOfCustomers(asked.Answer!.Items);
        var columns = feedback.Now;
        var (table, customers) = (places.Of(columns.Places), journeys.CustomersOf(columns.Identity[..columns.Count]));
        var slopes = new Dictionary<(string, Metric), (Slope Repurchase, Slope Revenue)>();
        var slopesOf = new (Slope Repurchase, Slope Revenue)?[table.Touchpoints.Count, Enum.GetValues<Metric>().Length];
        for (var row = 0; row < columns.Count; row++)
        {
            var (metric, touchpoint) = ((Metric)columns.Metric[row], table.OfPlace[columns.Place[row]]);
            if (metric == Metric.None || table.Touchpoints[touchpoint].Name is not { } name || outcomes.Find(customers[row], columns.AtMs[row]) is not { IsOpen: false } outcome) continue;
            if (slopesOf[touchpoint, (int)metric] is not { } slope) slopesOf[touchpoint, (int)metric] = slopes[(name, metric)] = slope = (new Slope(), new Slope());
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

/// <summary>Follow-ups by customer and time: a place for each customer number instead of a key for each event.</summary>
internal sealed class FollowUpsOfCustomers
{
    private readonly IReadOnlyList<FollowUp> _items;
    private readonly int[] _starts;

    /// <param name="items">By rising customer, in the order of the journey.</param>
    public FollowUpsOfCustomers(IReadOnlyList<FollowUp> items)
    {
        (_items, _starts) = (items, new int[items.Count == 0 ? 1 : items[^1].Customer + 2]);
        for (int i = 0, customer = 0; customer < _starts.Length; customer++)
        {
            while (i < items.Count && items[i].Customer < customer) i++;
            _starts[customer] = i;
        }
    }

    /// <returns>Null where the customer, or −1 for nobody, has no such event then.</returns>
    public FollowUp? Find(int customer, long atMs)
    {
        if (customer < 0 || customer + 1 >= _starts.Length) return null;
        var (from, to) = (_starts[customer], _starts[customer + 1]);
        while (from < to)
        {
            var (middle, item) = ((from + to) / 2, _items[(from + to) / 2]);
            if (item.AtMs == atMs) return item;
            if (item.AtMs < atMs) from = middle + 1;
            else to = middle;
        }

        return null;
    }
}
