using Microsoft.Extensions.Options;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Map;

namespace Tangent.Measure;

/// <summary>Looks through what is stored.</summary>
internal sealed class AlertFinder(FeedbackIndex index, PlaceNames places, JourneyStore journeys, TouchpointCatalogue catalogue, IOptionsMonitor<CompanyOptions> company, TimeProvider time)
{
    /// <returns>What is found, and whether nothing has come since an alert of a silence began.</returns>
    public (List<Finding> Findings, Func<Alert, bool> IsSilentStill) Find()
    {
        var (today, calendar) = (company.CurrentValue.Zone().DayOf(time.GetUtcNow().UtcDateTime), new BusinessCalendar(company.CurrentValue));
        var findings = ScoreAlerts.Fell(Compared(today, ScoreAlerts.FellDays, ScoreAlerts.FellDays), today)
            .Concat(ScoreAlerts.Floods(Compared(today, ScoreAlerts.FloodDays, ScoreAlerts.FloodUsualDays), today)).ToList();
        var asked = journeys.Ask(new TouchpointsQuestion("day", new JourneyFilter(today.AddDays(-VolumeAlerts.Days), today.AddDays(-1))));
        var last = new Dictionary<string, DateOnly>(StringComparer.Ordinal);
        // Who retires a touchpoint knows that nothing comes any more.
        var retired = catalogue.Touchpoints.Where(t => t.RetiredUtc is not null).Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        if (asked.Answer is { Buckets.Count: VolumeAlerts.Days } volumes)
        {
            // What came today tells that it has not stopped.
            var now = journeys.Ask(new TouchpointsQuestion(null, new JourneyFilter(today, today))).Answer?.Items.Select(v => v.Name).ToHashSet(StringComparer.Ordinal) ?? [];
            var daily = volumes.Items.Where(v => !retired.Contains(v.Name)).Select(v => new DailyVolume(v.Name, v.EventSeries)).ToList();
            foreach (var volume in daily)
                if (volume.Events.ToList().FindLastIndex(n => n > 0) is >= 0 and var day) last[volume.Touchpoint] = today.AddDays(day - VolumeAlerts.Days);
            foreach (var name in now) last[name] = today;
            findings.AddRange(VolumeAlerts.Stopped(daily, today, calendar.IsHoliday).Where(f => f.Cause.Touchpoint.Length == 0 ? now.Count == 0 : !now.Contains(f.Cause.Touchpoint)));
        }

        // Without an answer nothing is known of any, and nothing ends.
        bool IsSilentStill(Alert alert) => alert.Kind == AlertKind.Stopped && !retired.Contains(alert.Touchpoint) && LastOf(alert.Touchpoint) < alert.FromDay;
        DateOnly LastOf(string touchpoint) => touchpoint.Length == 0 ? last.Values.DefaultIfEmpty().Max() : last.GetValueOrDefault(touchpoint);
        return (findings, IsSilentStill);
    }

    private List<AnswersCompared> Compared(DateOnly today, int days, int before)
    {
        var (columns, zone) = (index.Now, new ScoreDays(company.CurrentValue.Zone()));
        if (ScoreScope.Of(new ScoresQuestion(null, null, null, null, null, JourneyFilter.None), columns, places, journeys).Answer is not { } scope) return [];
        var tallies = new ScoreTallies(columns, scope, zone.Span(today.AddDays(-days), today.AddDays(-1)), zone.Span(today.AddDays(-days - before), today.AddDays(-days - 1)), [], null);
        tallies.Count();
        return [.. tallies.Cells.Where(c => Metrics.Scored.Contains(c.Metric)).Select(c => new AnswersCompared(scope.Touchpoints[c.Touchpoint].Name ?? "", c.Metric, c.Now, c.Before))];
    }
}
