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
        if (rows.Experiences.Count + (Kinds.Length * scope.Touchpoints.Count) > ushort.MaxValue) return rows;
        var (starts, answers) = Find(rows, columns, scope, customers, span);
        if (answers.Length == 0) return rows;
        var (first, lived, startsOfRows) = (rows.Experiences.Count, new List<ushort>(rows.Lived.Length + rows.Outcomes.Length), new int[rows.Starts.Length]);
        // In which row each touchpoint was seen last.
        var seen = new int[scope.Touchpoints.Count];
        Array.Fill(seen, -1);
        for (var row = 0; row < rows.Outcomes.Length; row++)
        {
            startsOfRows[row] = lived.Count;
            lived.AddRange(rows.Lived.AsSpan(rows.Starts[row], rows.Starts[row + 1] - rows.Starts[row]));
            // Of a touchpoint the latest answer before the outcome counts.
            var (begin, end) = (starts[rows.CustomerOf[row]], starts[rows.CustomerOf[row] + 1]);
            for (var i = end - 1; i >= begin && answers[i].AtMs >= rows.AtMs[row] - (long)window.TotalMilliseconds; i--)
            {
                if (answers[i].AtMs >= rows.AtMs[row] || seen[answers[i].Touchpoint] == row) continue;
                seen[answers[i].Touchpoint] = row;
                var place = first + (Kinds.Length * answers[i].Touchpoint);
                lived.Add((ushort)place);
                if (answers[i].Verdict != 0) lived.Add((ushort)(place + (answers[i].Verdict > 0 ? 1 : 2)));
            }
        }

        startsOfRows[^1] = lived.Count;
        var experiences = scope.Touchpoints.SelectMany(t => Kinds.Select(k => new LivedExperience(k, t.Name, null, null, null, null, null)));
        return rows with { Experiences = [.. rows.Experiences, .. experiences], Starts = startsOfRows, Lived = [.. lived] };
    }

    /// <summary>The answers of the customers who have an outcome, by customer and time: put into place by counting, as sorting a million of them takes longer than everything else.</summary>
    /// <returns>Where each customer's begin, and the answers.</returns>
    private static (int[] Starts, Said[] Answers) Find(LivedRows rows, FeedbackColumns columns, ScoreScope scope, int[] customers, (long From, long Before) span)
    {
        var most = rows.CustomerOf.Length == 0 ? -1 : rows.CustomerOf.Max();
        var wanted = new bool[most + 1];
        foreach (var customer in rows.CustomerOf) wanted[customer] = true;
        bool Counts(int row) => customers[row] is >= 0 and var customer && customer <= most && wanted[customer] && columns.Metric[row] != (byte)Metric.None
            && columns.AtMs[row] >= span.From && columns.AtMs[row] < span.Before && scope.Touchpoints[scope.TouchpointOf[columns.Place[row]]].Name is not null && scope.Has(row);
        var taken = new List<int>();
        var starts = new int[most + 2];
        for (var row = 0; row < columns.Count; row++)
        {
            if (!Counts(row)) continue;
            taken.Add(row);
            starts[customers[row] + 1]++;
        }

        for (var customer = 0; customer <= most; customer++) starts[customer + 1] += starts[customer];
        var (answers, next) = (new Said[taken.Count], starts.AsSpan(0, most + 1).ToArray());
        foreach (var row in taken)
        {
            var metric = (Metric)columns.Metric[row];
            var verdict = columns.Score[row] >= Metrics.Good(metric) ? 1 : columns.Score[row] <= Metrics.Bad(metric) ? -1 : 0;
            answers[next[customers[row]]++] = new Said(columns.AtMs[row], scope.TouchpointOf[columns.Place[row]], (sbyte)verdict);
        }

        for (var customer = 0; customer <= most; customer++)
            if (starts[customer + 1] - starts[customer] > 1) answers.AsSpan(starts[customer], starts[customer + 1] - starts[customer]).Sort();
        return (starts, answers);
    }

    /// <param name="Verdict">1: good, −1: bad, 0: neither.</param>
    private readonly record struct Said(long AtMs, int Touchpoint, sbyte Verdict) : IComparable<Said>
    {
        public int CompareTo(Said other) => AtMs.CompareTo(other.AtMs);
    }
}
