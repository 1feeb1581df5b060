using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;

namespace Tangent.Measure;

/// <summary>What becomes of customers after a touchpoint: how many go on to a goal, and how soon they are answered.</summary>
/// <param name="Goals">What counts as going on; unless chosen, the touchpoints of the stage conversion that bring revenue, or all of that stage.</param>
/// <param name="Answers">What answers a contact here; none: not asked.</param>
/// <param name="Customers">Customers with any event in the filter.</param>
/// <param name="Row">Null where nobody was there.</param>
/// <param name="Response">Null where it was not asked for.</param>
/// <param name="Refused">Why it could not be asked.</param>
public sealed record ScorecardContacts(
    IReadOnlyList<string> Goals, IReadOnlyList<string> Answers, TimeSpan Within, bool InWorkingTime, IReadOnlyList<string> Touchpoints, long Customers, ContactsRow? Row, ResponseModel? Response, Refusal? Refused)
{
    private const int MostGoals = 20;

    /// <param name="touchpoint">The touchpoint.</param>
    /// <param name="query">Goals, answers, time and hours as the contacts page has them.</param>
    internal static ScorecardContacts Of(Touchpoint touchpoint, IQueryCollection query, Contacts contacts, JourneyStore journeys, TouchpointCatalogue catalogue)
    {
        var names = journeys.TouchpointNames();
        var read = ContactsQuestion.Read(query);
        var question = read.Answer ?? new ContactsQuestion([], ContactsQuestion.DefaultWithin, null, [], JourneyFilter.None);
        if (question.Goals.Count == 0) question = question with { Goals = Usual(journeys, catalogue) };
        // The contact is the touchpoint itself.
        question = question with { Contact = question.Answers.Count > 0 ? touchpoint.Name : null, Filter = question.Filter with { Touchpoints = [] } };
        var asked = read.Then(_ => contacts.Ask(question));
        var item = asked.Answer?.Items.FirstOrDefault(i => i.TouchpointId == touchpoint.Id);
        return new ScorecardContacts(
            question.Goals, question.Answers, question.Within, question.InWorkingTime, names, asked.Answer?.Customers ?? 0, item is null ? null : ContactsRow.Of(question, item, new Marks(catalogue)), ResponseModel.Of(question, asked.Answer?.Response), asked.Refusal);
    }

    private static List<string> Usual(JourneyStore journeys, TouchpointCatalogue catalogue)
    {
        var volumes = journeys.Ask(new TouchpointsQuestion(null, JourneyFilter.None)).Answer?.Items ?? [];
        var converting = volumes.Where(v => catalogue.Find(v.Name) is { Stage: LifeCycleStage.Conversion, RetiredUtc: null }).ToList();
        var earning = converting.FindAll(v => v.Value > 0);
        return [.. (earning.Count > 0 ? earning : converting).Select(v => v.Name).Take(MostGoals)];
    }
}
