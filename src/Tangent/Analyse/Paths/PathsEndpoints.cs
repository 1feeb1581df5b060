using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

internal static class PathsEndpoints
{
    private static readonly IReadOnlyList<QuestionParameter> Picks =
    [
        new("position", "Position on the path, from 1."),
        new("at", "Touchpoint at that position."),
        new("next", "Only customers who go on to this touchpoint."),
        new("fate", "ended, open, left or others: only customers whose journey ended there, is still open there, leaves the view there, or goes on another way than those shown."),
    ];

    private static readonly int[] SilenceDays = [1, 7, 14, 30, 90, 180];

    public static readonly Question<PathsAnswer> Question = new("analyse", "paths", "Paths")
    {
        Summary = "Which ways customers go, position by position.",
        BehindSummary = "The customers behind a number of the paths.",
        Parameters = JourneyParameters.Paths,
        Picks = Picks,
        Title = "Analyse.Paths.Title",
        Ask = (query, journeys) => PathsAddress.Read(query).Then(journeys.Ask),
        List = (query, journeys) => PathsAddress.ReadBehind(query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page).Map(customers => new Listed(
            Words(b.Question, b.Pick), PathsAddress.Of(b.Question), PathsAddress.Behind(b.Question, b.Pick), b.Question.Filter, b.Page, customers))),
    };

    public static void MapPaths(this WebApplication app) => app.MapQuestion(Question, Show);

    private static RazorComponentResult<PageHost> Show(HttpContext http, JourneyStore journeys, TouchpointCatalogue catalogue)
    {
        var read = PathsAddress.Read(http.Request.Query);
        var question = read.Answer ?? PathsAddress.Usual;
        var asked = read.Then(journeys.Ask);
        var around = journeys.Around(asked, asked.Answer?.Customers, read.Answer?.Filter, PathsAddress.Of(question));
        var names = question.Groups.Select(g => g.Name).Distinct().Concat(journeys.TouchpointNames());
        var silences = SilenceDays.Select(d => TimeSpan.FromDays(d)).Append(question.Silence).Distinct().Order().Select(w => new Choice(WindowText.Write(w), Figures.Duration(w.TotalSeconds)));
        var report = asked.Map(answer => PathsReports.Of(question, answer, new Marks(catalogue))).Answer;
        return http.Show<PathsPage>(new PathsModel(around, question, names.Distinct().Choices(), [.. silences], report), asked.Refusal.Status());
    }

    private static string Words(PathsQuestion question, PathsPick pick)
    {
        var words = pick switch
        {
            { To: { } to } => T("Analyse.Paths.WentWords", pick.Position, pick.From, to),
            { Fate: PathFate.Ended } => T(question.IsBackwards ? "Analyse.Paths.BeganWords" : "Analyse.Paths.EndedWords", pick.Position, pick.From),
            { Fate: PathFate.Others } => T("Analyse.Paths.OtherWords", pick.Position, pick.From),
            { Fate: PathFate.Open } => T("Analyse.Paths.OpenWords", pick.Position, pick.From),
            { Fate: PathFate.Left } => T(question.IsBackwards ? "Analyse.Paths.CameWords" : "Analyse.Paths.LeftWords", pick.Position, pick.From),
            _ => T("Analyse.Paths.HereWords", pick.Position, pick.From),
        };
        return question switch
        {
            { Start: { } start, End: { } end } => $"{words} {T("Analyse.Paths.BetweenWords", start, end)}",
            { Start: { } start } => $"{words} {T("Analyse.Paths.StartWords", start)}",
            { End: { } end } => $"{words} {T("Analyse.Paths.ToWords", end)}",
            _ => words,
        };
    }
}
