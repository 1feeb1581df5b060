using Microsoft.Extensions.Options;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Unify;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <summary>Answers questions for contacts.</summary>
internal sealed class Contacts(JourneyStore journeys, IOptionsMonitor<CompanyOptions> company)
{
    public Asked<ContactsAnswer> Ask(ContactsQuestion question)
    {
        if (Refused(question) is { } refusal) return refusal;
        var volumes = journeys.Ask(new TouchpointsQuestion(null, question.Filter));
        if (volumes.Refusal is { } none) return none;
        var conversions = question.Goals.Count == 0 ? null : journeys.Ask(Conversions(question));
        if (conversions?.Refusal is { } goal) return goal;
        var followed = question.Contact is null ? null : Followed(question);
        if (followed?.Refusal is { } wrong) return wrong;
        var found = conversions?.Answer!.Items;
        return new ContactsAnswer(
            volumes.Answer!.Customers, question.Within.TotalSeconds, followed is null ? null : FirstResponse.Of(followed.Answer!.Items, question.Within, WorkedTimeOf(question, followed.Answer.Items)),
            [.. volumes.Answer.Items.Select(v => new TouchpointContacts(v.Name, v.Id, v.Events, v.Customers, v.Reach, v.ReachLow, v.ReachHigh, found is null ? null : Conversion.Of(found.GetValueOrDefault(v.Name))))]);
    }

    /// <summary>The customers behind a number.</summary>
    public Asked<CustomersAnswer> Behind(ContactsQuestion question, ContactsPick pick, Paging page)
    {
        if (pick.Who == ContactsPick.There) return journeys.Behind(new TouchpointsQuestion(null, question.Filter), new TouchpointPick(pick.At ?? ""), page).Naming(("name", "at"));
        if (Refused(question) is { } refusal) return refusal;
        if (!pick.IsOfResponse)
        {
            if (question.Goals.Count == 0) return new Refusal("goal", T("Unify.Refused.Missing", "goal"));
            var state = pick.Who switch { ContactsPick.Converted => Converting.Converted, ContactsPick.NotConverted => Converting.NotConverted, _ => Converting.NotYet };
            return journeys.Behind(Conversions(question), new ConversionPick(pick.At ?? "", state), page);
        }

        if (question.Contact is null) return new Refusal("contact", T("Unify.Refused.Missing", "contact"));
        var followed = Followed(question);
        if (followed.Refusal is { } wrong) return wrong;
        var wanted = pick.Who switch { ContactsPick.Answered => CaseState.Answered, ContactsPick.Unanswered => CaseState.Unanswered, _ => CaseState.Open };
        return journeys.Customers([.. FirstResponse.CasesOf(followed.Answer!.Items, question.Within).Where(c => c.State == wanted).Select(c => c.Contact.Customer).Distinct()], page);
    }

    private static Refusal? Refused(ContactsQuestion question) =>
        question.Contact is null != (question.Answers.Count == 0) ? new Refusal(question.Contact is null ? "contact" : "answer", T("Measure.Refused.Response"))
        : question.Filter.Unit == JourneyUnit.Account ? new Refusal("unit", T("Measure.Refused.Unit")) : null;

    private static ConversionsQuestion Conversions(ContactsQuestion question) => new(question.Goals, question.Within, question.Filter);

    private Asked<FollowUpsAnswer> Followed(ContactsQuestion question) =>
        journeys.Ask(new FollowUpsQuestion(question.Contact!, question.Answers, question.Within, question.Filter)).Naming(("at", "contact"), ("goal", "answer"));

    private WorkedTime? WorkedTimeOf(ContactsQuestion question, IReadOnlyList<FollowUp> followed)
    {
        if (!question.InWorkingTime || followed.Count == 0) return null;
        var (first, last) = (long.MaxValue, long.MinValue);
        foreach (var contact in followed) (first, last) = (Math.Min(first, contact.AtMs), Math.Max(last, contact.AtMs + Math.Max(0, contact.DelayMs)));
        return new WorkedTime(company.CurrentValue, first, last);
    }
}
