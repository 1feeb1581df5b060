using Tangent.Collect;
using Tangent.Measure;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <summary>The outcomes that are answers of one metric, and of what was asked for.</summary>
/// <param name="Metric">Null where the scores are no answers, so that their scale is not known.</param>
/// <param name="About">company, any or the name of a touchpoint; null without a metric.</param>
/// <param name="Own">Names of the touchpoints that the outcomes are of.</param>
internal sealed record ChosenOutcomes(LivedRows Rows, Metric? Metric, string? About, IReadOnlySet<string> Own)
{
    private static readonly HashSet<string> None = [];

    public static ChosenOutcomes All(LivedRows rows) => new(rows, null, null, None);
}

/// <summary>Which of the scores in journeys are the outcome: one regression never mixes scales, and what was said of the company is not mixed with what was said of a touchpoint unless somebody asks for both.</summary>
internal static class OutcomeAnswers
{
    public const string Company = "company", Any = "any";

    /// <param name="question">What is asked; its outcome is a score.</param>
    /// <param name="rows">All scores at the named events.</param>
    /// <param name="answers">What their customers answered, whenever.</param>
    /// <param name="names">Name of each touchpoint of the answers; null for the company.</param>
    public static Asked<ChosenOutcomes> Of(DriversQuestion question, LivedRows rows, AnswersInTime answers, IReadOnlyList<string?> names)
    {
        var own = new OwnScores(rows, answers, question.Score == DriversQuestion.DefaultScore);
        var metric = question.AnswerMetric ?? (question.At is null ? Metric.Nps : null);
        if (metric is null)
        {
            var found = own.Metrics();
            if (found.Count > 1) return new Refusal("metric", T("Analyse.Refused.Scales", string.Join(", ", found.Select(ScoreWords.Of))));
            // Scores that no answer has, such as those of another program: nothing is known of their scale, and of what they are.
            if (found.Count == 0) return question.About is null ? ChosenOutcomes.All(rows) : new Refusal("about", T("Analyse.Refused.NoAnswers"));
            metric = found[0];
        }

        // Whether somebody would recommend the company, and whether they would recommend a visit, are two questions; of all else there is no answer that names no touchpoint.
        var about = question.About ?? (metric == Metric.Nps ? Company : Any);
        bool Counts(TimedAnswer answer) => answer.Metric == metric
            && (about == Any || (about == Company ? names[answer.Touchpoint] is null : string.Equals(names[answer.Touchpoint], about, StringComparison.OrdinalIgnoreCase)));
        var (kept, touchpoints) = (new List<int>(rows.Outcomes.Length), new HashSet<string>(StringComparer.OrdinalIgnoreCase));
        for (var row = 0; row < rows.Outcomes.Length; row++)
        {
            // Of two scores of one moment that are alike, each is another answer.
            var left = own.AlikeBefore(row);
            foreach (var answer in own.At(row))
            {
                if (!Counts(answer)) continue;
                left--;
                if (names[answer.Touchpoint] is { } name) touchpoints.Add(name);
            }

            if (left < 0) kept.Add(row);
        }

        return new ChosenOutcomes(rows.Only(kept), metric, about, touchpoints);
    }

    /// <summary>The answers that outcomes may be.</summary>
    /// <param name="rows">The outcomes.</param>
    /// <param name="answers">What their customers answered.</param>
    /// <param name="areScores">The outcome is the answer's score, not another number that came with it.</param>
    private sealed class OwnScores(LivedRows rows, AnswersInTime answers, bool areScores)
    {
        private readonly List<TimedAnswer> _at = [];

        /// <summary>The answers that an outcome may be: of the same moment, with the same score. The list holds until the next is asked for.</summary>
        public List<TimedAnswer> At(int row)
        {
            _at.Clear();
            var given = answers.Of(rows.CustomerOf[row]);
            var i = given.BinarySearch(new TimedAnswer(rows.AtMs[row], 0, Metric.None, 0));
            if (i < 0) return _at;
            while (i > 0 && given[i - 1].AtMs == rows.AtMs[row]) i--;
            for (; i < given.Length && given[i].AtMs == rows.AtMs[row]; i++)
                if (!areScores || given[i].Score == rows.Outcomes[row]) _at.Add(given[i]);
            return _at;
        }

        /// <summary>How many outcomes of the same customer, moment and score come before this one.</summary>
        public int AlikeBefore(int row)
        {
            var alike = 0;
            for (var other = row - 1; other >= 0 && rows.CustomerOf[other] == rows.CustomerOf[row] && rows.AtMs[other] == rows.AtMs[row]; other--)
                if (!areScores || rows.Outcomes[other] == rows.Outcomes[row]) alike++;
            return alike;
        }

        /// <summary>What the outcomes measure. Two questions of a survey are answered in one moment: a score that may be either's says nothing, unless all are so.</summary>
        public List<Metric> Metrics()
        {
            var (sure, perhaps) = (new HashSet<Metric>(), new HashSet<Metric>());
            for (var row = 0; row < rows.Outcomes.Length; row++)
            {
                var found = At(row).ConvertAll(a => a.Metric);
                perhaps.UnionWith(found);
                if (found.Distinct().Count() == 1) sure.Add(found[0]);
            }

            return [.. (sure.Count > 0 ? sure : perhaps).Order()];
        }
    }
}
