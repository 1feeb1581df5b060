using Microsoft.Extensions.Options;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Unify;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <summary>Answers questions for scores.</summary>
internal sealed class Scores(FeedbackIndex index, PlaceNames places, JourneyStore journeys, TargetBook targets, IOptionsMonitor<CompanyOptions> company)
{
    private const int MostItems = 2000;
    private const int MostPoints = 800;

    /// <summary>Asks; the answer is of one moment.</summary>
    public Asked<ScoresAnswer> Ask(ScoresQuestion question)
    {
        if (Refused(question) is { } refusal) return refusal;
        var (columns, days) = (index.Now, new ScoreDays(company.CurrentValue.Zone()));
        var scope = ScoreScope.Of(question, columns, places, journeys);
        if (scope.Refusal is { } wrong) return wrong;
        var (now, before) = (days.Span(question.Filter.From, question.Filter.To), Wave(question));
        var starts = question.Trend is { } trend ? days.Starts(trend, columns, now) : [];
        if (starts.Count > MostPoints) return new Refusal("trend", T("Measure.Refused.Trend", MostPoints));
        var tallies = new ScoreTallies(columns, scope.Answer!, now, before is { } wave ? days.Span(wave.From, wave.To) : null, [.. starts.Select(days.StartOf)], question.Metric);
        tallies.Count();
        var volumes = question is { Breakdown: null, WithoutVolumes: false } ? Volumes(question) : [];
        List<Score> items = [.. tallies.Cells.Where(c => ScoreFormulas.Sum(c.Now) > 0).Select(c => Of(c, scope.Answer!, before is not null, starts, volumes))];
        return new ScoresAnswer(items.Sum(i => i.Figure.N), columns.Refused, before?.From, before?.To,
            [.. items.OrderBy(i => i.Touchpoint is not null).ThenByDescending(i => i.Figure.N).ThenBy(i => i.Touchpoint, StringComparer.CurrentCulture).ThenBy(i => i.Metric, StringComparer.Ordinal).Take(MostItems)]);
    }

    /// <summary>The customers who gave these answers.</summary>
    public Asked<ScoreCustomers> Behind(ScoresQuestion question, ScorePick pick, Paging page)
    {
        if (Refused(question) is { } refusal) return refusal;
        var (columns, days) = (index.Now, new ScoreDays(company.CurrentValue.Zone()));
        var asked = ScoreScope.Of(question, columns, places, journeys);
        if (asked.Refusal is { } wrong) return wrong;
        var scope = asked.Answer!;
        var group = pick.Group is null ? -1 : scope.GroupNames.ToList().FindIndex(g => string.Equals(g, pick.Group, StringComparison.OrdinalIgnoreCase));
        if (question.Breakdown is not null && pick.Group is not null && group < 0) return new Refusal("value", T("Measure.Refused.Group", pick.Group));
        var (from, before) = days.Span(question.Filter.From, question.Filter.To);
        var (metric, rows) = ((byte)pick.Metric, new List<int>());
        for (var row = 0; row < columns.Count; row++)
        {
            if (columns.Metric[row] != metric || columns.AtMs[row] < from || columns.AtMs[row] >= before || !scope.Has(row)) continue;
            var place = scope.TouchpointOf[columns.Place[row]];
            if (!string.Equals(scope.Touchpoints[place].Name, pick.At, StringComparison.OrdinalIgnoreCase) || (group >= 0 && scope.GroupOf(row) != group)) continue;
            if (scope.AreAccounts || IsIn(pick, columns.Score[row])) rows.Add(row);
        }

        if (scope.AreAccounts)
        {
            var accounts = rows.GroupBy(scope.AccountOf).Where(a => IsIn(pick, AccountVoices.Of(a.GroupBy(scope.CustomerOf).Select(m => m.Average(r => columns.Score[r]))))).ToList();
            return new ScoreCustomers(journeys.Accounts(accounts.Select(a => a.Key).Order(), page), accounts.Sum(a => a.LongCount()));
        }

        int[] numbers = [.. journeys.CustomersOf([.. rows.Select(r => columns.Identity[r]).Where(i => i >= 0).Distinct()]).Where(c => c >= 0).Distinct().Order()];
        return new ScoreCustomers(journeys.Customers(numbers, page), rows.Count);
    }

    private static bool IsIn(ScorePick pick, int score) => pick.Band switch
    {
        "good" => score >= Metrics.Good(pick.Metric),
        "bad" => score <= Metrics.Bad(pick.Metric),
        "middle" => score < Metrics.Good(pick.Metric) && score > Metrics.Bad(pick.Metric),
        _ => true,
    };

    private static Refusal? Refused(ScoresQuestion question)
    {
        if (question.Filter.Properties.Count > 0) return new Refusal("property", T("Measure.Refused.Property"));
        if (question.CompareFrom is null != question.CompareTo is null) return new Refusal(question.CompareFrom is null ? "compareFrom" : "compareTo", T("Measure.Refused.Wave"));
        return question.CompareFrom > question.CompareTo ? new Refusal("compareTo", T("Measure.Refused.Wave")) : null;
    }

    /// <summary>What is compared with: the wave that is named, else as many days before.</summary>
    private static (DateOnly From, DateOnly To)? Wave(ScoresQuestion question)
    {
        if (question is { CompareFrom: { } first, CompareTo: { } last }) return (first, last);
        if (question.Filter is not { From: { } from, To: { } to }) return null;
        var days = to.DayNumber - from.DayNumber + 1;
        return from.DayNumber <= days ? null : (from.AddDays(-days), from.AddDays(-1));
    }

    private Dictionary<string, TouchpointVolume> Volumes(ScoresQuestion question) =>
        journeys.Ask(new TouchpointsQuestion(null, question.Filter with { Touchpoints = [], Channels = [] })).Answer?.ByName() ?? [];

    private Score Of(ScoreCell cell, ScoreScope scope, bool compared, List<DateOnly> starts, Dictionary<string, TouchpointVolume> volumes)
    {
        var (metric, touchpoint) = (cell.Metric, scope.Touchpoints[cell.Touchpoint]);
        var volume = touchpoint.Name is { } name ? volumes.GetValueOrDefault(name) : null;
        var before = compared ? ScoreFormulas.Figure(metric, cell.Before) : null;
        var trend = starts.Count == 0 ? null : starts.Select((day, i) => cell.Trend.AsSpan(i * ScoreFormulas.Scores, ScoreFormulas.Scores) is var counts && ScoreFormulas.Sum(counts) > 0
            ? new ScorePoint(day, ScoreFormulas.Figure(metric, counts)) : new ScorePoint(day, null)).ToList();
        var figure = ScoreFormulas.Figure(metric, cell.Now);
        var target = scope.GroupNames.Count == 0 && touchpoint.Id is { } id ? targets.Find(id, metric) : null;
        return new Score(
            touchpoint.Name, touchpoint.Id, Metrics.Name(metric), scope.GroupNames.Count == 0 ? null : scope.GroupNames[cell.Group], figure,
            ScoreFormulas.Good(metric, cell.Now), ScoreFormulas.Bad(metric, cell.Now), cell.Now, before is { N: 0 } ? null : before,
            before is { N: > 0 } ? ScoreFormulas.Change(metric, cell.Now, cell.Before) : null, volume?.Events, volume?.Reach, trend)
        {
            Target = target is null ? null : TargetStand.Of(target, figure, company.CurrentValue.Zone().DayOf(DateTime.UtcNow)),
        };
    }
}

/// <param name="Answers">Answers they gave.</param>
internal sealed record ScoreCustomers(CustomersAnswer Customers, long Answers);
