using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

internal static class PrioritiesEndpoints
{
    private static readonly string[] Sayable = ["goal", "at", "score"];

    private const string By = "importance";

    public static readonly Question<Priorities, PrioritiesAnswer> Question = new("analyse", "priorities", "Priorities")
    {
        Summary = "Which touchpoints matter and how they are doing: importance by data and by votes, performance, reach, and what a point of score goes along with.",
        BehindSummary = "The customers who were at a touchpoint.",
        Parameters = [new(By, "Which importance places the touchpoints: derived or stated; derived where there are drivers unless said."), .. DriversAddress.Parameters],
        Picks = [new("at", "The touchpoint they were at.")],
        Title = "Analyse.Priorities.Title",
        Ask = (query, priorities) => Read(query, priorities).Then(priorities.Ask),
        List = (query, priorities) => Listed(query, priorities),
    };

    public static void MapPriorities(this WebApplication app) => app.MapQuestion(Question, Show);

    public static Address Of(PrioritiesQuestion question) => (DriversAddress.Of(question.Drivers) with { Path = "/analyse/priorities" }).With(By, question.By);

    private static Asked<PrioritiesQuestion> Read(IQueryCollection query, Priorities priorities)
    {
        var reader = new QueryReader(query);
        var by = reader.OneOf(By, Priorities.Derived, Priorities.Stated);
        var drivers = DriversAddress.Read(query, () => DriversEndpoints.Usual(priorities.Journeys, priorities.Catalogue));
        if (drivers.Refusal is { } refusal) return refusal;
        // What a point is worth is told by buying again, whatever the importance is found from.
        var question = drivers.Answer!;
        if (question.Goals.Count == 0 && DriversEndpoints.Usual(priorities.Journeys, priorities.Catalogue).Goal is { } goal) question = question with { Goals = [goal] };
        return reader.Give(new PrioritiesQuestion(question, by, [.. Sayable.Where(name => query[name].Any(v => v?.Length > 0))]));
    }

    private static Asked<Listed> Listed(IQueryCollection query, Priorities priorities)
    {
        var reader = new QueryReader(query);
        var (at, page) = (reader.Needed("at"), reader.Page());
        return reader.Give(new TouchpointPick(at)).Then(pick => Read(query, priorities).Then(question =>
        {
            var volumes = new TouchpointsQuestion(null, question.Drivers.Filter);
            return priorities.Journeys.Behind(volumes, pick, page).Naming(("name", "at")).Map(customers => new Listed(
                T("Analyse.Volumes.Words", at), Of(question), Of(question).Customers().With("at", at), question.Drivers.Filter, page, customers));
        }));
    }

    private static RazorComponentResult<PageHost> Show(HttpContext http, Priorities priorities)
    {
        var (journeys, catalogue) = (priorities.Journeys, priorities.Catalogue);
        var read = Read(http.Request.Query, priorities);
        var question = read.Answer ?? new PrioritiesQuestion(
            new DriversQuestion(DriverOutcome.Score, null, DriversQuestion.DefaultScore, [], DriversQuestion.DefaultWithin, DriversQuestion.DefaultWindow, JourneyFilter.None), null, []);
        var asked = journeys.Visible == 0 ? new Asked<PrioritiesAnswer>(null, null) : read.Then(priorities.Ask);
        var around = journeys.Around(asked, asked.Answer?.Customers, read.Answer?.Drivers.Filter, Of(question));
        var report = asked.Answer is { } answer ? PrioritiesReport.Of(question, answer, new Marks(catalogue)) : null;
        return http.Show<PrioritiesPage>(new PrioritiesModel(around, question.Drivers, question.By, journeys.TouchpointNames(), priorities.Answered, report), asked.Refusal.Status());
    }
}
