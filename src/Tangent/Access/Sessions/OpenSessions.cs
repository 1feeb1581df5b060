using System.Collections.Concurrent;

namespace Tangent.Access;

/// <summary>The sessions of the last minute, so that not every request asks the database. What ends one here ends it at once.</summary>
internal sealed class OpenSessions(IServiceScopeFactory scopes)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<Guid, (SessionState State, DateTime ReadUtc)> _known = new();
    private int _changes;

    public async ValueTask<SessionState?> FindAsync(Guid id, CancellationToken ct)
    {
        if (_known.TryGetValue(id, out var known) && DateTime.UtcNow - known.ReadUtc < Fresh) return known.State;
        var before = Volatile.Read(ref _changes);
        await using var scope = scopes.CreateAsyncScope();
        var state = await scope.ServiceProvider.GetRequiredService<SessionQueries>().SeeAsync(id, ct);
        if (state is null)
        {
            _known.TryRemove(id, out _);
            return null;
        }

        if (_known.Count >= Most) _known.Clear();
        _known[id] = (state, DateTime.UtcNow);
        // What was read while something changed may be out of date: it serves this request, which came before the change, and no other.
        // Compared after it is in there: a change that comes later finds it and takes it out.
        if (before != Volatile.Read(ref _changes)) _known.TryRemove(id, out _);
        return state;
    }

    /// <summary>Something about a person or a session of theirs has changed: the next request asks the database.</summary>
    public void Forget(Guid userId)
    {
        Interlocked.Increment(ref _changes);
        foreach (var (id, known) in _known)
            if (known.State.UserId == userId) _known.TryRemove(id, out _);
    }
}
