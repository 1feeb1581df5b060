using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

internal static class ConformanceEndpoints
{
    public static readonly Question<ConformanceAnswer> Question = new("analyse", "conformance", "Conformance")
    {
        Summary = "How well journeys keep to rules: fitness, violations by rule, and where journeys first leave the rules.",
        BehindSummary = "The customers behind a number of conformance.",
        Parameters = ConformanceAddress.Parameters,
        Picks = ConformanceAddress.Picks,
        OnPage = ["edit", "kind", "first", "second", "least", "most", "time"],
        Title = "Analyse.Conformance.Title",
        Ask = (query, journeys) => ConformanceAddress.Read(query).Then(journeys.Ask),
        List = (query, journeys) => ConformanceAddress.ReadBehind(query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page).Map(customers => new Listed(
            RuleWords.Of(b.Question, b.Pick), ConformanceAddress.Of(b.Question), ConformanceAddress.Behind(b.Question, b.Pick), b.Question.Filter, b.Page, customers))),
    };

    private static readonly IReadOnlyList<QuestionParameter> OfJourneys = [.. ConformanceAddress.Parameters, .. ConformanceAddress.Picks, .. QuestionParameters.Paging];

    public static void MapConformance(this WebApplication app)
    {
        app.MapQuestion(Question, Show);
        app.MapGet("/api/v1/analyse/conformance/journeys", Journeys).LooksAtCustomer().WithTags("Analyse").WithName("JourneysOfConformance")
            .WithParameters(OfJourneys).RefusesUnknown(OfJourneys)
            .WithSummary("Fitness and first deviation journey by journey; of all with an applicable rule unless a number is picked.");
    }

    private static Results<Ok<JourneysAnswer>, ProblemHttpResult> Journeys(HttpContext http, JourneyStore journeys) =>
        !Questions.TryGoOn(http) ? Problems.Invalid(Cursors.Parameter, T("Web.Refused.Cursor"))
            : ConformanceAddress.ReadBehind(http.Request.Query, RuleOutcome.Applicable).Then(b => journeys.Journeys(b.Question, b.Pick, b.Page))
                .Map(answer => answer with { Next = CursorPage.Next(http, answer.Next) }).ToJson();

    private static IResult Show(HttpContext http, JourneyStore journeys, TouchpointCatalogue catalogue)
    {
        var query = http.Request.Query;
        var read = ConformanceAddress.Read(query);
        if (read.Answer is { } chosen && Edited(chosen, query) is { } edited) return TypedResults.LocalRedirect(ConformanceAddress.Of(edited).ToString());

        var proposed = read.Answer is { Rules.Count: 0 } open ? ProposedRules.Propose(journeys, catalogue, open.Filter) : null;
        var question = proposed ?? read.Answer;
        // Nobody wrote rules and there are no events to propose some from.
        var nothing = proposed is null && question is { Rules.Count: 0 };
        var asked = question is null ? read.Refusal! : journeys.Ask(question);
        var around = journeys.Around(asked, nothing ? 0 : asked.Answer?.Customers, question?.Filter, question is null ? null : ConformanceAddress.Of(question));
        var report = asked.Answer is null ? null : ConformanceReports.Of(question!, asked.Answer, new Marks(catalogue));
        var before = report is null ? null : journeys.Before(question!.Filter, f => journeys.Ask(question with { Filter = f }));
        return http.Show<ConformancePage>(new ConformanceModel(around, Form(query, question, proposed is not null, journeys), report, before), nothing ? StatusCodes.Status200OK : asked.Refusal.Status());
    }

    /// <summary>The question after a button of the editor: a rule removed, or the one that was put together added.</summary>
    /// <returns>Null where no button was pressed, or there is nothing to add yet.</returns>
    private static ConformanceQuestion? Edited(ConformanceQuestion question, IQueryCollection query)
    {
        if (query["edit"] == "add")
            return RuleDraft.Read(query)?.ToRule() is { } rule && question.Rules.Count < ConformanceQuestion.MostRules ? question with { Rules = [.. question.Rules, rule] } : null;
        return StepEdit.Read(query["edit"]) is { Verb: "remove", Position: var position } ? question with { Rules = [.. question.Rules.Where((_, index) => index != position - 1)] } : null;
    }

    private static ConformanceForm Form(IQueryCollection query, ConformanceQuestion? question, bool proposed, JourneyStore journeys)
    {
        IReadOnlyList<string> rules = question is null
            ? [.. query["rule"].OfType<string>().Where(r => r.Length > 0).Take(ConformanceQuestion.MostRules)]
            : [.. question.Rules.Select(r => r.ToString())];
        return new ConformanceForm(
            rules, RuleDraft.Read(query), [.. Enum.GetValues<RuleKind>().Select(kind => new Choice(kind.ToString().ToLowerInvariant(), RuleWords.Of(kind)))],
            journeys.TouchpointNames().Choices(), proposed);
    }

}
