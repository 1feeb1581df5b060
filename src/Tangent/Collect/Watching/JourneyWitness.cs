using Tangent.Data;

namespace Tangent.Collect;

/// <summary>Answers for the event log and the journeys made from it, when a backup is made and after one was restored.</summary>
internal sealed class JourneyWitness(EventLog log, JourneyFeed feed, JourneyStore journeys) : IBackupWitness
{
    private const int Listed = 1000;
    private static readonly TimeSpan MostBehind = TimeSpan.FromSeconds(10);

    /// <summary>No record is added to the log, and the journeys have followed it; where they are far behind they are not waited for.</summary>
    public async Task<IAsyncDisposable> StandStillAsync(CancellationToken ct)
    {
        var held = await log.HoldAsync(ct);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(MostBehind);
            await feed.WaitUntilVisibleAsync(log.EndPosition, limit.Token);
        }
        catch (Exception e) when (e is InvalidOperationException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            // The backup is made all the same; it then has no answers to prove it by.
        }

        return held;
    }

    public Task<IReadOnlyDictionary<string, object>?> TestifyAsync(CancellationToken ct) => Task.Run<IReadOnlyDictionary<string, object>?>(() =>
    {
        if (feed.Fault is not null || feed.Now.Position != log.EndPosition) return null;
        var all = JourneyFilter.None;
        return new Dictionary<string, object>
        {
            ["sources"] = log.Totals.OrderBy(t => t.SourceId).ToList(),
            ["touchpoints by month"] = journeys.Ask(new TouchpointsQuestion("month", all)).Answer!,
            ["variants"] = journeys.Ask(new VariantsQuestion(true, Listed, all)).Answer!,
            ["flows"] = journeys.Ask(new FlowsQuestion(false, all)).Answer!,
            ["signatures"] = journeys.Signatures(),
            ["customers"] = journeys.Customers(new Paging(0, Listed)),
        };
    }, ct);
}
