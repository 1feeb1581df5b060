using Tangent.Collect;
using Tangent.Data;

namespace Tangent.Unify;

/// <summary>Answers for the profiles, when a backup is made and after one was restored.</summary>
internal sealed class ProfileWitness(ProfileFeed feed, EventLog log, IServiceScopeFactory scopes) : IBackupWitness
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan MostBehind = TimeSpan.FromSeconds(10);

    /// <summary>The log stands still already, so that the profiles come to its end.</summary>
    public async Task<IAsyncDisposable> StandStillAsync(CancellationToken ct)
    {
        var end = Environment.TickCount64 + MostBehind.TotalMilliseconds;
        while (feed.Position < log.EndPosition && Environment.TickCount64 < end) await Task.Delay(Look, ct);
        return new Nothing();
    }

    public async Task<IReadOnlyDictionary<string, object>?> TestifyAsync(CancellationToken ct)
    {
        if (feed.Position != log.EndPosition) return null;
        await using var scope = scopes.CreateAsyncScope();
        var (count, first) = await scope.ServiceProvider.GetRequiredService<ProfileQueries>().FirstAsync(10_000, ct);
        return new Dictionary<string, object> { ["profiles"] = new { Count = count, First = first.Select(p => new { p.Key, p.SourceId, p.Name, p.Company, p.Traits }).ToList() } };
    }

    private sealed class Nothing : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
