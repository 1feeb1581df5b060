using Microsoft.Extensions.Options;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Measure;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <summary>Answers questions for drivers: what journeys show, and what customers said of the touchpoints on their way.</summary>
internal sealed class Drivers(JourneyStore journeys, FeedbackIndex feedback, PlaceNames places, IOptionsMonitor<CompanyOptions> company)
{
    public Asked<DriversAnswer> Ask(DriversQuestion question)
    {
        var asked = RowsOf(question);
        if (asked.Answer is not { } chosen) return asked.Refusal!;
        return DriverAnalysis.Of(chosen.Rows) with { Metric = chosen.Metric is { } metric ? Metrics.Name(metric) : null, About = chosen.About };
    }

    public Asked<CustomersAnswer> Behind(DriversQuestion question, DriversPick pick, Paging page)
    {
        // What journeys alone know is picked there.
        if (question.Outcome != DriverOutcome.Score && (pick.Experience is not { } key || !AnsweredExperiences.IsKey(key))) return journeys.Behind(question, pick, page);
        var asked = RowsOf(question);
        if (asked.Answer?.Rows is not { } rows) return asked.Refusal!;
        var wanted = pick.Experience is null ? -1 : rows.Experiences.ToList().FindIndex(e => e.Key == pick.Experience);
        if (wanted < 0 && pick.Experience is not null) return journeys.Behind(question, pick, page);
        var found = new HashSet<int>();
        for (var row = 0; row < rows.Outcomes.Length; row++)
            if (wanted < 0 || rows.LivedBefore(row).Contains((ushort)wanted) == pick.Had) found.Add(rows.CustomerOf[row]);
        return journeys.Behind(question with { Filter = question.Filter with { Within = new CustomerSet(MembersOf(found, question.Filter)) } }, new DriversPick(null, true), page);
    }

    /// <summary>Names of the touchpoints that were answered about, for whoever chooses one.</summary>
    public IReadOnlyList<string> Answered() => places.NamesOf(feedback.Now.Places);

    private Asked<ChosenOutcomes> RowsOf(DriversQuestion question)
    {
        var asked = journeys.Ask(question);
        if (asked.Answer is not { } rows) return asked.Refusal!;
        var columns = feedback.Now;
        var customers = journeys.CustomersOf(columns.Identity[..columns.Count]);
        var chosen = Chosen(question, rows, columns, customers);
        return chosen.Answer is not { } outcomes ? chosen : outcomes with { Rows = WithAnswers(question, outcomes, columns, customers) };
    }

    private Asked<ChosenOutcomes> Chosen(DriversQuestion question, LivedRows rows, FeedbackColumns columns, int[] customers)
    {
        if (question.Outcome != DriverOutcome.Score) return ChosenOutcomes.All(rows);
        var table = places.Of(columns.Places);
        if (question.About is { } about and not (OutcomeAnswers.Company or OutcomeAnswers.Any))
        {
            if (!places.IsKnown(about) && !table.Touchpoints.Any(t => string.Equals(t.Name, about, StringComparison.OrdinalIgnoreCase))) return new Refusal("about", T("Measure.Refused.Touchpoint", about));
            question = question with { About = places.Find(about)?.Name ?? about };
        }

        var accountOf = question.Filter.Unit == JourneyUnit.Account ? journeys.AccountOfCustomers() : null;
        var who = accountOf is null ? customers : Array.ConvertAll(customers, c => c >= 0 && c < accountOf.Length ? accountOf[c] : -1);
        return OutcomeAnswers.Of(question, rows, new AnswersInTime(rows, columns, table.OfPlace, who, _ => true), [.. table.Touchpoints.Select(t => t.Name)]);
    }

    /// <summary>An account does not answer, and an answer has none of the properties that a filter asks for.</summary>
    private LivedRows WithAnswers(DriversQuestion question, ChosenOutcomes outcomes, FeedbackColumns columns, int[] customers)
    {
        var filter = question.Filter;
        if (filter.Unit == JourneyUnit.Account || filter.Properties.Count > 0) return outcomes.Rows;
        return ScoreScope.Of(new ScoresQuestion(null, null, null, null, null, filter), columns, places, journeys).Answer is not { } scope ? outcomes.Rows
            : AnsweredExperiences.Add(outcomes.Rows, columns, scope, customers, new ScoreDays(company.CurrentValue.Zone()).Span(filter.From, filter.To), question.Window, outcomes.Own);
    }

    /// <summary>Who is asked for by number is a customer; an account is all its members.</summary>
    private HashSet<int> MembersOf(HashSet<int> found, JourneyFilter filter)
    {
        if (filter.Unit != JourneyUnit.Account) return found;
        var accountOf = journeys.AccountOfCustomers();
        var allowed = filter.Within?.Numbers.ToHashSet();
        return [.. Enumerable.Range(0, accountOf.Length).Where(c => found.Contains(accountOf[c]) && allowed?.Contains(c) != false)];
    }
}
