using Tangent.Collect;
using Tangent.Unify;
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

    public static readonly Question<EventsAnswer> Question = new("analyse", "events", "Events")
    {
        Summary = "How many events there are, and of how many customers.",
        BehindSummary = "The customers who have such an event.",
        Parameters = Parameters,
        Picks = [],
        Title = "Analyse.Overview.Title",
        Page = "/",
        Ask = (query, journeys) => EventsAddress.Read(query).Then(journeys.Ask),
        List = (query, journeys) => EventsAddress.ReadBehind(query).Then(b => journeys.Ask(b.Question).Then(answer => journeys.Behind(b.Question, b.Page).Map(customers => List(b, customers, answer.Events)))),
    };

    public static void MapEvents(this WebApplication app) => app.MapQuestion(Question);

    private static Listed List(Behind<EventsQuestion, EventsQuestion> behind, CustomersAnswer customers, long events)
    {
        var (parent, path) = ParentOf(behind.Question);
        return new Listed(Words(behind.Question), new Address(path), EventsAddress.Of(behind.Question).Customers(), behind.Question.Filter, behind.Page, customers, events) { Parent = parent };
    }

    private static (string Name, string Path) ParentOf(EventsQuestion question) => question switch
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
