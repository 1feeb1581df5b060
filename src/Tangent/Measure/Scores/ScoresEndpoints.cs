using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;

namespace Tangent.Measure;

/// <param name="Scores">One row for each score.</param>
/// <param name="Main">The score that is drawn over time; null where there is none.</param>
public sealed record ScoresModel(Around Around, ScoresQuestion Question, ScoresAnswer? Answer, IReadOnlyList<ScoreRow> Scores, ScoreRow? Main);

/// <param name="Mark">The touchpoint; null for the company.</param>
/// <param name="Href">The customers who answered.</param>
/// <param name="GoodHref">Those of them whose answer is good.</param>
/// <param name="BadHref">Those whose answer is bad.</param>
/// <param name="Chart">Over time; null where there are fewer than two points.</param>
public sealed record ScoreRow(Mark? Mark, Metric Metric, Score Score, string Href, string GoodHref, string BadHref, SeriesChart? Chart)
{
    /// <summary>Names it where one is chosen to be drawn.</summary>
    public string Key => $"{Score.Metric}:{Score.Touchpoint}:{Score.Group}";

    /// <summary>What of whom: "NPS: the company".</summary>
    public string Name => $"{ScoreWords.Of(Metric)}: {Score.Touchpoint ?? Texts.T("Measure.Company")}" + (Score.Group is { Length: > 0 } group ? $" ({group})" : "");
}

internal static class ScoresEndpoints
{
    /// <summary>Which score the page draws over time.</summary>
    public const string Drawing = "drawn";

    public static readonly Question<Scores, ScoresAnswer> Question = new("measure", "scores", "Scores")
    {
        Summary = "What customers say of every touchpoint: NPS, CSAT, CES, ratings and reviews, each with its interval.",
        BehindSummary = "The customers who gave these answers.",
        Parameters = ScoresAddress.Parameters,
        Picks = ScoresAddress.Picks,
        OnPage = [Drawing],
        Title = "Measure.Scores.Title",
        Ask = (query, scores) => ScoresAddress.Read(query).Then(scores.Ask),
        List = (query, scores) => ScoresAddress.ReadBehind(query).Then(b => scores.Behind(b.Question, b.Pick, b.Page).Map(found => new Listed(
            ScoreWords.Behind(b.Pick), ScoresAddress.Of(b.Question), ScoresAddress.Behind(b.Question, b.Pick), b.Question.Filter, b.Page, found.Customers, found.Answers))),
    };

    public static void MapScores(this WebApplication app) => app.MapQuestion(Question, Show);

    private static RazorComponentResult<PageHost> Show(HttpContext http, Scores scores, JourneyStore journeys, TouchpointCatalogue catalogue)
    {
        var read = ScoresAddress.Read(http.Request.Query);
        var question = read.Answer ?? new ScoresQuestion(null, null, null, null, null, JourneyFilter.None);
        if (question.Trend is null) question = question with { Trend = "month" };
        var asked = read.Refusal is { } refusal ? refusal : scores.Ask(question);
        var around = journeys.Around(asked, asked.Answer?.Answers, read.Answer?.Filter, ScoresAddress.Of(question));
        var marks = new Marks(catalogue);
        List<ScoreRow> rows = [.. asked.Answer?.Items.Select(s => Row(question, s, marks)) ?? []];
        return http.Show<ScoresPage>(new ScoresModel(around, question, asked.Answer, rows, Drawn(rows, http.Request.Query[Drawing].ToString())), asked.Refusal.Status());
    }

    /// <summary>The score that was chosen to be drawn, else the first that can be.</summary>
    private static ScoreRow? Drawn(List<ScoreRow> rows, string chosen) => rows.Find(r => r.Chart is not null && r.Key == chosen) ?? rows.Find(r => r.Chart is not null);

    public static ScoreRow Row(ScoresQuestion question, Score score, Marks marks)
    {
        var metric = Metrics.Find(score.Metric)!.Value;
        string Behind(string? band) => ScoresAddress.Behind(question, new ScorePick(score.Touchpoint, metric, band, score.Group)).ToString();
        return new ScoreRow(score.Touchpoint is { } name ? marks.Of(name) : null, metric, score, Behind(null), Behind("good"), Behind("bad"), ScoreWords.Chart(question, score));
    }
}
