using Microsoft.Extensions.Options;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Measure;

namespace Tangent.Analyse;

/// <summary>Answers questions for drivers: what journeys show, and what customers said of the touchpoints on their way.</summary>
internal sealed class Drivers(JourneyStore journeys, FeedbackIndex feedback, PlaceNames places, IOptionsMonitor<CompanyOptions> company)
{
    public Asked<DriversAnswer> Ask(DriversQuestion question)
    {
        var asked = journeys.Ask(question);
        return asked.Refusal is { } refusal ? refusal : DriverAnalysis.Of(WithAnswers(question, asked.Answer!));
    }

    public Asked<CustomersAnswer> Behind(DriversQuestion question, DriversPick pick, Paging page)
    {
        if (pick.Experience is not { } key || !AnsweredExperiences.IsKey(key)) return journeys.Behind(question, pick, page);
        var asked = journeys.Ask(question);
        if (asked.Refusal is { } refusal) return refusal;
        var rows = WithAnswers(question, asked.Answer!);
        var wanted = rows.Experiences.ToList().FindIndex(e => e.Key == key);
        if (wanted < 0) return journeys.Behind(question, pick, page);
        var found = new HashSet<int>();
        for (var row = 0; row < rows.Outcomes.Length; row++)
            if (rows.Lived.AsSpan(rows.Starts[row], rows.Starts[row + 1] - rows.Starts[row]).Contains((ushort)wanted) == pick.Had) found.Add(rows.CustomerOf[row]);
        return journeys.Behind(question with { Filter = question.Filter with { Within = new CustomerSet(found) } }, new DriversPick(null, true), page);
    }

    /// <summary>An account does not answer, and an answer has none of the properties that a filter asks for.</summary>
    private LivedRows WithAnswers(DriversQuestion question, LivedRows rows)
    {
        var filter = question.Filter;
        if (filter.Unit == JourneyUnit.Account || filter.Properties.Count > 0) return rows;
        var columns = feedback.Now;
        return ScoreScope.Of(new ScoresQuestion(null, null, null, null, null, filter), columns, places, journeys).Answer is not { } scope ? rows
            : AnsweredExperiences.Add(rows, columns, scope, journeys.CustomersOf(columns.Identity[..columns.Count]), new ScoreDays(company.CurrentValue.Zone()).Span(filter.From, filter.To), question.Window);
    }
}
