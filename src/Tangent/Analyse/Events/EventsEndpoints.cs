using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <summary>The customers behind volumes of events as they arrive, mapped or not: of the pages Sources, Mapping and Overview.</summary>
internal static class EventsEndpoints
{
    private static readonly IReadOnlyList<QuestionParameter> Parameters =
    [
        new("event", "Only events of this name."),
        new("eventChannel", "Only events that name this channel themselves; empty for those that name none."),
        new("path", "Only events of this page path; empty for those without."),
        new("campaign", "Only events of this campaign; empty for those without."),
        new("unmapped", "true: only events that no touchpoint claims."),
        new("rule", "Only events that the touchpoint rule of this number decides."),
        .. QuestionParameters.Filter,
    ];

    public static void MapEvents(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/analyse/events").WithTags("Analyse");
        api.MapGet("", Ask).WithName("AskEvents").WithParameters(Parameters).WithSummary("How many events there are, and of how many customers.");
        api.MapGet("/customers", Behind).WithName("CustomersOfEvents").WithParameters([.. Parameters, .. QuestionParameters.Paging]).WithSummary("The customers who have such an event.");
        app.MapGet("/analyse/events/customers", ShowBehind).ExcludeFromDescription();
    }

    private static Results<Ok<EventsAnswer>, ProblemHttpResult> Ask(HttpRequest request, JourneyStore journeys) =>
        EventsAddress.Read(request.Query).Then(journeys.Ask).ToJson();

    private static Results<Ok<CustomersAnswer>, ProblemHttpResult> Behind(HttpRequest request, JourneyStore journeys) =>
        EventsAddress.ReadBehind(request.Query).Then(b => journeys.Behind(b.Question, b.Page)).ToJson();

    private static RazorComponentResult<PageHost> ShowBehind(HttpContext http, JourneyStore journeys)
    {
        var read = EventsAddress.ReadBehind(http.Request.Query);
        var (parent, path) = ParentOf(read.Answer?.Question);
        return http.ShowCustomers(parent, path, read.Then(b => journeys.Ask(b.Question).Then(answer => journeys.Behind(b.Question, b.Page).Map(customers => new Listed(
            Words(b.Question), new Address(path), EventsAddress.Of(b.Question).Customers(), b.Question.Filter, b.Page, customers, answer.Events)))));
    }

    private static (string Name, string Path) ParentOf(EventsQuestion? question) => question switch
    {
        { Event: null, Unmapped: false, Rule: null, Filter.Sources.Count: > 0 } => (T("Web.Nav.Sources"), "/collect/sources"),
        { Event: null, Unmapped: false, Rule: null } => (T("Analyse.Overview.Title"), "/"),
        _ => (T("Web.Nav.Mapping"), "/collect/mapping"),
    };

    private static string Words(EventsQuestion question)
    {
        string[] parts =
        [
            question.Event ?? "", question.Channel ?? "", question.Path ?? "", question.Campaign ?? "",
            question.Unmapped ? T("Analyse.Events.Unmapped") : "", question.Rule is { } rule ? T("Analyse.Events.Rule", rule) : "",
        ];
        var said = string.Join(" · ", parts.Where(p => p.Length > 0));
        return said.Length == 0 ? T("Analyse.Events.AllWords") : T("Analyse.Events.Words", said);
    }
}
