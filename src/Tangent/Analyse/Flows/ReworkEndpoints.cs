using Tangent.Collect;
using Tangent.Unify;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

internal static class ReworkEndpoints
{
    private static readonly IReadOnlyList<QuestionParameter> Picks =
    [
        new("at", "Customers who were at this touchpoint at least twice; without it, those whose time was taken."),
        new("atOnce", "true: twice with nothing between."),
        new("over", "Who went from there to this touchpoint and straight back."),
    ];

    public static readonly Question<ReworkAnswer> Question = new("analyse", "rework", "Rework")
    {
        Summary = "What customers do again, loops, and how long journeys take.",
        BehindSummary = "The customers who come back to a touchpoint, or whose time was taken.",
        Parameters = ReworkAddress.Parameters,
        Picks = Picks,
        Title = "Analyse.Flows.Title",
        Page = "/analyse/flows",
        Ask = (query, journeys) => ReworkAddress.Read(query).Then(journeys.Ask),
        List = (query, journeys) => ReworkAddress.ReadBehind(query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page).Map(customers => new Listed(
            Words(b.Question, b.Pick), ReworkAddress.Of(b.Question) with { Path = "/analyse/flows" }, ReworkAddress.Behind(b.Question, b.Pick), b.Question.Filter, b.Page, customers))),
    };

    public static void MapRework(this WebApplication app) => app.MapQuestion(Question);

    private static string Words(ReworkQuestion question, ReworkPick pick) => pick switch
    {
        { At: { } at, Over: { } over } => T("Analyse.Rework.LoopWords", at, over),
        { At: { } at, AtOnce: true } => T("Analyse.Rework.AtOnceWords", at),
        { At: { } at } => T("Analyse.Rework.AgainWords", at),
        _ when question is { Start: { } start, End: { } end } => T("Analyse.Rework.BetweenWords", start, end),
        _ => T("Analyse.Rework.AllWords"),
    };
}
