using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;

namespace Tangent.Measure;

/// <param name="Goals">The goals that were chosen.</param>
/// <param name="Rows">One for each touchpoint.</param>
public sealed record ContactsModel(Around Around, IReadOnlyList<string> Goals, TimeSpan Within, string? Contact, IReadOnlyList<string> Answers, IReadOnlyList<string> Touchpoints, ContactsAnswer? Answer, IReadOnlyList<ContactsRow> Rows)
{
    public bool InWorkingTime { get; init; }

    /// <summary>Null where the first response was not asked for.</summary>
    public ResponseModel? Response { get; init; }
}

/// <param name="Href">The customers who were there.</param>
/// <param name="ConvertedHref">Of them those who reached a goal.</param>
/// <param name="NotHref">Those who did not.</param>
/// <param name="NotYetHref">Those whose time is not over.</param>
public sealed record ContactsRow(TouchpointContacts Item, Mark Mark, string Href, string ConvertedHref, string NotHref, string NotYetHref)
{
    internal static ContactsRow Of(ContactsQuestion question, TouchpointContacts item, Marks marks)
    {
        string Behind(string who) => question.Behind(new ContactsPick(who, item.Touchpoint)).ToString();
        return new ContactsRow(item, marks.Of(item.Touchpoint), Behind(ContactsPick.There), Behind(ContactsPick.Converted), Behind(ContactsPick.NotConverted), Behind(ContactsPick.NotYet));
    }
}

/// <summary>The first response with the customers behind it.</summary>
public sealed record ResponseModel(FirstResponse Response, string AnsweredHref, string UnansweredHref, string WaitingHref)
{
    internal static ResponseModel? Of(ContactsQuestion question, FirstResponse? response)
    {
        string Behind(string who) => question.Behind(new ContactsPick(who)).ToString();
        return response is null ? null : new ResponseModel(response, Behind(ContactsPick.Answered), Behind(ContactsPick.Unanswered), Behind(ContactsPick.Waiting));
    }
}

internal static class ContactsEndpoints
{
    public static readonly Question<Contacts, ContactsAnswer> Question = new("measure", "contacts", "Contacts")
    {
        Summary = "How many customers come to every touchpoint, how many of them go on to a goal, and how soon they are answered.",
        BehindSummary = "The customers who were at a touchpoint, those of them who reached a goal or did not, or those who were answered or were not.",
        Parameters = ContactsQuestion.Parameters,
        Picks = ContactsQuestion.Picks,
        Title = "Measure.Contacts.Title",
        Ask = (query, contacts) => ContactsQuestion.Read(query).Then(contacts.Ask),
        List = (query, contacts) => Listed(query, contacts),
    };

    public static void MapContacts(this WebApplication app) => app.MapQuestion(Question, Show);

    private static Asked<Listed> Listed(IQueryCollection query, Contacts contacts)
    {
        var reader = new QueryReader(query);
        var pick = new ContactsPick(reader.OneOf("who", ContactsPick.All) ?? ContactsPick.There);
        if (!pick.IsOfResponse) pick = pick with { At = reader.Needed("at") };
        var page = reader.Page();
        return reader.Give(pick).Then(_ => ContactsQuestion.Read(query).Then(question =>
            contacts.Behind(question, pick, page).Map(customers => new Listed(pick.Words(), question.Address(), question.Behind(pick), question.Filter, page, customers))));
    }

    private static RazorComponentResult<PageHost> Show(HttpContext http, Contacts contacts, JourneyStore journeys, TouchpointCatalogue catalogue)
    {
        var read = ContactsQuestion.Read(http.Request.Query);
        var question = read.Answer ?? new ContactsQuestion([], ContactsQuestion.DefaultWithin, null, [], JourneyFilter.None);
        var asked = read.Then(contacts.Ask);
        var around = journeys.Around(asked, asked.Answer?.Customers, read.Answer?.Filter, question.Address());
        var marks = new Marks(catalogue);
        List<ContactsRow> rows = [.. asked.Answer?.Items.Select(i => ContactsRow.Of(question, i, marks)) ?? []];
        return http.Show<ContactsPage>(
            new ContactsModel(around, question.Goals, question.Within, question.Contact, question.Answers, journeys.TouchpointNames(), asked.Answer, rows)
            { InWorkingTime = question.InWorkingTime, Response = ResponseModel.Of(question, asked.Answer?.Response) }, asked.Refusal.Status());
    }
}
