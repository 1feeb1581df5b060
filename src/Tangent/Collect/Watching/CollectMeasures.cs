using System.Diagnostics.Metrics;

namespace Tangent.Collect;

/// <summary>Figures of collecting, for whoever watches over the server.</summary>
internal sealed class CollectMeasures(IMeterFactory meters, EventLog log, JourneyFeed feed, RejectionJournal rejections) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create("Tangent");
        meter.CreateObservableCounter("tangent.events.accepted", () => log.Totals.Sum(t => t.Events), description: "Events accepted since the log began.");
        meter.CreateObservableCounter("tangent.events.duplicates", () => log.Totals.Sum(t => t.Duplicates), description: "Events sent again, which count once.");
        meter.CreateObservableCounter("tangent.events.rejected", () => rejections.CountsOfThisRun.Select(c => new Measurement<long>(c.Value, new KeyValuePair<string, object?>("reason", c.Key.ToString()))), description: "Events not accepted since the server started, by reason.");
        meter.CreateObservableGauge("tangent.log.records", () => log.EndPosition, description: "Records in the event log.");
        meter.CreateObservableGauge("tangent.journeys.behind", () => log.EndPosition - feed.Now.Position, description: "Log records not yet in the answers.");
        var commits = meter.CreateHistogram<double>("tangent.log.commit.duration", "s", "Time in which a group of requests was written to the event log and to disk.");
        log.CommitTook = seconds => commits.Record(seconds);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
