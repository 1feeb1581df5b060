using Tangent.Collect;
using Tangent.Measure;

namespace Tangent.Analyse;

/// <summary>
/// What customers said of touchpoints, as experiences before an outcome: that somebody answered there, and whether the latest answer was good or bad. Who was not asked, or did not answer,
/// has none of the three, so that nobody is taken for content or for angry who said nothing: a good and a bad answer are compared with one between them.
/// </summary>
internal static class AnsweredExperiences
{
    public const string Answered = "answered", Pleased = "pleased", Displeased = "displeased";
    private static readonly string[] Kinds = [Answered, Pleased, Displeased];

    public static bool IsKey(string key) => Kinds.Any(k => key.StartsWith(k + ":", StringComparison.Ordinal));

    /// <param name="rows">What journeys show.</param>
    /// <param name="columns">All answers.</param>
    /// <param name="scope">Which of them are looked at.</param>
    /// <param name="customers">Whose each is.</param>
    /// <param name="span">When they were given.</param>
    /// <param name="window">How long before the outcome.</param>
    public static LivedRows Add(LivedRows rows, FeedbackColumns columns, ScoreScope scope, int[] customers, (long From, long Before) span, TimeSpan window)
    {
        var answers = Find(columns, scope, customers, span);
        if (answers.Length == 0 || rows.Experiences.Count + (Kinds.Length * scope.Touchpoints.Count) > ushort.MaxValue) return rows;
        var (first, lived, starts, seen) = (rows.Experiences.Count, new List<ushort>(rows.Lived.Length + rows.Outcomes.Length), new int[rows.Starts.Length], new HashSet<int>());
        for (int row = 0, at = 0; row < rows.Outcomes.Length; row++)
        {
            starts[row] = lived.Count;
            lived.AddRange(rows.Lived.AsSpan(rows.Starts[row], rows.Starts[row + 1] - rows.Starts[row]));
            // A customer's rows come in the order of time, so the answers before one are at least those before the row before it.
            while (at < answers.Length && (answers[at].Customer < rows.CustomerOf[row] || (answers[at].Customer == rows.CustomerOf[row] && answers[at].AtMs < rows.AtMs[row]))) at++;
            seen.Clear();
            for (var i = at - 1; i >= 0 && answers[i].Customer == rows.CustomerOf[row] && answers[i].AtMs >= rows.AtMs[row] - (long)window.TotalMilliseconds; i--)
            {
                if (!seen.Add(answers[i].Touchpoint)) continue;
                var place = first + (Kinds.Length * answers[i].Touchpoint);
                lived.Add((ushort)place);
                if (answers[i].Verdict != 0) lived.Add((ushort)(place + (answers[i].Verdict > 0 ? 1 : 2)));
            }
        }

        starts[^1] = lived.Count;
        var experiences = scope.Touchpoints.SelectMany(t => Kinds.Select(k => new LivedExperience(k, t.Name, null, null, null, null, null)));
        return rows with { Experiences = [.. rows.Experiences, .. experiences], Starts = starts, Lived = [.. lived] };
    }

    private static Said[] Find(FeedbackColumns columns, ScoreScope scope, int[] customers, (long From, long Before) span)
    {
        var found = new List<Said>();
        for (var row = 0; row < columns.Count; row++)
        {
            var (metric, touchpoint) = ((Metric)columns.Metric[row], scope.TouchpointOf[columns.Place[row]]);
            if (metric == Metric.None || scope.Touchpoints[touchpoint].Name is null || customers[row] < 0 || columns.AtMs[row] < span.From || columns.AtMs[row] >= span.Before || !scope.Has(row)) continue;
            found.Add(new Said(customers[row], columns.AtMs[row], touchpoint, columns.Score[row] >= Metrics.Good(metric) ? 1 : columns.Score[row] <= Metrics.Bad(metric) ? -1 : 0));
        }

        Said[] answers = [.. found];
        Array.Sort(answers);
        return answers;
    }

    /// <param name="Verdict">1: good, −1: bad, 0: neither.</param>
    private readonly record struct Said(int Customer, long AtMs, int Touchpoint, int Verdict) : IComparable<Said>
    {
        public int CompareTo(Said other)
        {
            var order = Customer.CompareTo(other.Customer);
            return order != 0 ? order : AtMs.CompareTo(other.AtMs);
        }
    }
}
