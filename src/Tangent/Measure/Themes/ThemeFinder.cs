using System.Globalization;

namespace Tangent.Measure;

/// <summary>A word, or two that stand side by side, that comments of one group have more often than the rest.</summary>
/// <param name="Language">Of the comments, such as de.</param>
/// <param name="Term">The word or words.</param>
/// <param name="Comments">Comments of the group that have it.</param>
/// <param name="Of">Comments of the group in this language.</param>
/// <param name="Rest">Comments of the rest that have it.</param>
/// <param name="RestOf">Comments of the rest in this language.</param>
/// <param name="Strength">How sure it is that the group has it more often, in standard deviations.</param>
/// <param name="Quotes">Some comments with it.</param>
public sealed record Theme(string Language, string Term, int Comments, int Of, int Rest, int RestOf, double Strength, IReadOnlyList<string> Quotes);

/// <summary>
/// Finds what a group of comments speaks of more than the rest: log-odds ratios with an informative Dirichlet prior, as z scores
/// (B. L. Monroe, M. P. Colaresi, K. M. Quinn, Fightin' Words, Political Analysis 16 (2008) 372–403, equations 15 to 22). A comment counts a term once; the prior is the
/// terms of all comments, as strong as 500 of them.
/// </summary>
internal static class ThemeFinder
{
    private const double PriorStrength = 500;

    // One in a thousand by chance for a term by itself: many terms are looked at.
    private const double LeastStrength = 3.29;
    private const int LeastComments = 3, MostThemes = 15, MostQuotes = 2, ShortestWord = 3;

    // A word that nearly always stands in the same pair says no more than the pair.
    private const double SameAs = 0.8;

    public static IReadOnlyList<Theme> Find(string language, IReadOnlyList<string> group, IReadOnlyList<string> rest)
    {
        var counts = new Dictionary<string, (int Group, int Others)>(StringComparer.Ordinal);
        var (inGroup, inRest) = (0.0, 0.0);
        foreach (var term in group.SelectMany(c => Terms(language, c)))
        {
            inGroup++;
            counts[term] = counts.GetValueOrDefault(term) is var n ? (n.Group + 1, n.Others) : default;
        }

        foreach (var term in rest.SelectMany(c => Terms(language, c)))
        {
            inRest++;
            counts[term] = counts.GetValueOrDefault(term) is var n ? (n.Group, n.Others + 1) : default;
        }

        var clear = counts.Where(c => c.Value.Group >= LeastComments).Select(c => (Term: c.Key, c.Value.Group, c.Value.Others, Z: Strength(c.Value.Group, c.Value.Others, inGroup, inRest))).Where(t => t.Z >= LeastStrength).ToList();
        var pairs = clear.Where(t => t.Term.Contains(' ', StringComparison.Ordinal)).ToList();
        return [.. clear.Where(t => !pairs.Exists(p => p.Term != t.Term && p.Term.Split(' ').Contains(t.Term) && p.Group >= SameAs * t.Group))
            .OrderByDescending(t => t.Z).ThenBy(t => t.Term, StringComparer.Ordinal).Take(MostThemes)
            .Select(t => new Theme(language, t.Term, t.Group, group.Count, t.Others, rest.Count, Math.Round(t.Z, 2), [.. group.Where(c => Terms(language, c).Contains(t.Term)).Take(MostQuotes)]))];
    }

    /// <summary>The words of a comment that say something, and the pairs of such words that stand side by side, each once.</summary>
    public static IReadOnlySet<string> Terms(string language, string comment)
    {
        var terms = new HashSet<string>(StringComparer.Ordinal);
        var before = "";
        foreach (var word in Words(comment))
        {
            var says = word.Length >= ShortestWord && !StopWords.Has(language, word);
            if (says) terms.Add(word);
            if (says && before.Length > 0) terms.Add($"{before} {word}");
            before = says ? word : "";
        }

        return terms;
    }

    public static IEnumerable<string> Words(string comment)
    {
        var start = -1;
        for (var i = 0; i <= comment.Length; i++)
        {
            if (i < comment.Length && char.IsLetter(comment[i]))
            {
                if (start < 0) start = i;
            }
            else if (start >= 0)
            {
                yield return comment[start..i].ToLower(CultureInfo.InvariantCulture);
                start = -1;
            }
        }
    }

    private static double Strength(int group, int rest, double inGroup, double inRest)
    {
        var prior = PriorStrength * (group + rest) / (inGroup + inRest);
        var (a, b) = (group + prior, rest + prior);
        var odds = Math.Log(a / (inGroup + PriorStrength - a)) - Math.Log(b / (inRest + PriorStrength - b));
        return odds / Math.Sqrt(1 / a + 1 / b);
    }
}
