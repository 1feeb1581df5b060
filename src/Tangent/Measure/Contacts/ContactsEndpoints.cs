using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <param name="Goals">The goals that were chosen.</param>
/// <param name="Rows">One for each touchpoint.</param>
public sealed record ContactsModel(Around Around, IReadOnlyList<string> Goals, TimeSpan Within, string? Contact, IReadOnlyList<string> Answers, IReadOnlyList<string> Touchpoints, ContactsAnswer? Answer, IReadOnlyList<ContactsRow> Rows);

/// <param name="Href">The customers who were there.</param>
public sealed record ContactsRow(TouchpointContacts Item, Mark Mark, string Href);

internal static class ContactsEndpoints
{
    public static readonly Question<ContactsAnswer> Question = new("measure", "contacts", "Contacts")
    {
        Summary = "How many customers come to every touchpoint, how many of them go on to a goal, and how soon they are answered.",
        BehindSummary = "The customers who were at a touchpoint.",
        Parameters = ContactsQuestion.Parameters,
        Picks = [new("at", "The touchpoint they were at.")],
        Title = "Measure.Contacts.Title",
        Ask = (query, journeys) => ContactsQuestion.Read(query).Then(question => Ask(journeys, question)),
        List = (query, journeys) => Listed(query, journeys),
    };

    public static void MapContacts(this WebApplication app) => app.MapQuestion(Question, Show);

    private static Asked<ContactsAnswer> Ask(JourneyStore journeys, ContactsQuestion question)
    {
        if (question.Contact is null != (question.Answers.Count == 0)) return new Refusal(question.Contact is null ? "contact" : "answer", T("Measure.Refused.Response"));
        if (question.Filter.Unit == JourneyUnit.Account) return new Refusal("unit", T("Measure.Refused.Unit"));
        var volumes = journeys.Ask(new TouchpointsQuestion(null, question.Filter));
        if (volumes.Refusal is { } none) return none;
        var conversions = question.Goals.Count == 0 ? null : journeys.Ask(new ConversionsQuestion(question.Goals, question.Within, question.Filter));
        if (conversions?.Refusal is { } goal) return goal;
        var followed = question.Contact is null ? null : journeys.Ask(new FollowUpsQuestion(question.Contact, question.Answers, question.Within, question.Filter)).Naming(("at", "contact"), ("goal", "answer"));
        if (followed?.Refusal is { } wrong) return wrong;
        var found = conversions?.Answer!.Items;
        return new ContactsAnswer(
            volumes.Answer!.Customers, question.Within.TotalSeconds, followed is null ? null : FirstResponse.Of(followed.Answer!.Items, question.Within),
            [.. volumes.Answer.Items.Select(v => new TouchpointContacts(v.Name, v.Id, v.Events, v.Customers, v.Reach, v.ReachLow, v.ReachHigh, found is null ? null : Conversion.Of(found.GetValueOrDefault(v.Name))))]);
    }

    private static Asked<Listed> Listed(IQueryCollection query, JourneyStore journeys)
    {
        var reader = new QueryReader(query);
        var (at, page) = (reader.Needed("at"), reader.Page());
        return reader.Give(new TouchpointPick(at)).Then(pick => ContactsQuestion.Read(query).Then(question =>
            journeys.Behind(new TouchpointsQuestion(null, question.Filter), pick, page).Naming(("name", "at")).Map(customers => new Listed(
                T("Measure.Contacts.Behind", at), question.Address(), question.Address().Customers().With("at", at), question.Filter, page, customers))));
    }

    private static RazorComponentResult<PageHost> Show(HttpContext http, JourneyStore journeys, TouchpointCatalogue catalogue)
    {
        var read = ContactsQuestion.Read(http.Request.Query);
        var question = read.Answer ?? new ContactsQuestion([], ContactsQuestion.DefaultWithin, null, [], JourneyFilter.None);
        var asked = read.Then(q => Ask(journeys, q));
        var around = journeys.Around(asked, asked.Answer?.Customers, read.Answer?.Filter, question.Address());
        var marks = new Marks(catalogue);
        List<ContactsRow> rows = [.. asked.Answer?.Items.Select(i => new ContactsRow(i, marks.Of(i.Touchpoint), question.Address().Customers().With("at", i.Touchpoint).ToString())) ?? []];
        return http.Show<ContactsPage>(
            new ContactsModel(around, question.Goals, question.Within, question.Contact, question.Answers, journeys.TouchpointNames(), asked.Answer, rows), asked.Refusal.Status());
    }
}
