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
    /// <param name="own">Touchpoints that the outcome itself is of: what was said of them before says the same once more, and explains nothing.</param>
    public static LivedRows Add(LivedRows rows, FeedbackColumns columns, ScoreScope scope, int[] customers, (long From, long Before) span, TimeSpan window, IReadOnlySet<string> own)
    {
        if (rows.Experiences.Count + (Kinds.Length * scope.Touchpoints.Count) > ushort.MaxValue) return rows;
        bool[] explains = [.. scope.Touchpoints.Select(t => t.Name is not null && !own.Contains(t.Name))];
        var answers = new AnswersInTime(rows, columns, scope.TouchpointOf, customers, row =>
            columns.AtMs[row] >= span.From && columns.AtMs[row] < span.Before && explains[scope.TouchpointOf[columns.Place[row]]] && scope.Has(row));
        if (answers.Count == 0) return rows;
        var (first, lived, startsOfRows) = (rows.Experiences.Count, new List<ushort>(rows.Lived.Length + rows.Outcomes.Length), new int[rows.Starts.Length]);
        // In which row each touchpoint was seen last.
        var seen = new int[scope.Touchpoints.Count];
        Array.Fill(seen, -1);
        for (var row = 0; row < rows.Outcomes.Length; row++)
        {
            startsOfRows[row] = lived.Count;
            lived.AddRange(rows.LivedBefore(row));
            // Of a touchpoint the latest answer before the outcome counts.
            var given = answers.Of(rows.CustomerOf[row]);
            for (var i = given.Length - 1; i >= 0 && given[i].AtMs >= rows.AtMs[row] - (long)window.TotalMilliseconds; i--)
            {
                if (given[i].AtMs >= rows.AtMs[row] || seen[given[i].Touchpoint] == row) continue;
                seen[given[i].Touchpoint] = row;
                var place = first + (Kinds.Length * given[i].Touchpoint);
                lived.Add((ushort)place);
                if (given[i].Verdict != 0) lived.Add((ushort)(place + (given[i].Verdict > 0 ? 1 : 2)));
            }
        }

        startsOfRows[^1] = lived.Count;
        var experiences = scope.Touchpoints.SelectMany(t => Kinds.Select(k => new LivedExperience(k, t.Name, null, null, null, null, null)));
        return rows with { Experiences = [.. rows.Experiences, .. experiences], Starts = startsOfRows, Lived = [.. lived] };
    }
}
