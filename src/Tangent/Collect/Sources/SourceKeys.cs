using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Tangent.Collect;

/// <summary>All sources in memory, by write key and by number: every call asks for them. Loaded at start; a source is replaced as a whole when it is changed.</summary>
internal sealed class SourceKeys(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Entry> _byKey = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, Source> _byId = new();
    private readonly Lock _changing = new();
    private int _version;

    private readonly record struct Entry(Source Source, DateTime ValidUntilUtc);

    /// <summary>Changes with every change of a source; whoever caches names compares it.</summary>
    public int Version => Volatile.Read(ref _version);

    public void Set(Source source)
    {
        lock (_changing)
        {
            var before = _byId.GetValueOrDefault(source.Id);
            _byId[source.Id] = source;
            _byKey[source.WriteKey] = new Entry(source, DateTime.MaxValue);
            foreach (var key in source.RetiringKeys) _byKey[key.Key] = new Entry(source, key.ValidUntilUtc);
            foreach (var gone in before?.AllKeys.Except(source.AllKeys) ?? []) _byKey.TryRemove(gone, out _);
            Volatile.Write(ref _version, _version + 1);
        }
    }

    public void Remove(Source source)
    {
        lock (_changing)
        {
            _byId.TryRemove(source.Id, out _);
            foreach (var key in source.AllKeys) _byKey.TryRemove(key, out _);
            Volatile.Write(ref _version, _version + 1);
        }
    }

    /// <returns>False where the key is none, was revoked, or its time has run out.</returns>
    /// <summary>Numbers of the sources whose word counts.</summary>
    public IEnumerable<int> Trusted => _byId.Values.Where(s => s.Trusted).Select(s => s.Id);

    public bool TryFind(ReadOnlySpan<char> writeKey, [NotNullWhen(true)] out Source? source)
    {
        source = null;
        if (!_byKey.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(writeKey, out var entry)) return false;
        if (entry.ValidUntilUtc != DateTime.MaxValue && entry.ValidUntilUtc <= time.GetUtcNow().UtcDateTime) return false;
        source = entry.Source;
        return true;
    }

    public bool TryFind(int id, [NotNullWhen(true)] out Source? source) => _byId.TryGetValue(id, out source);
}

/// <summary>Loads the sources before the first call can come in.</summary>
internal sealed class SourceKeysLoading(IServiceScopeFactory scopes, SourceKeys keys) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        foreach (var source in await scope.ServiceProvider.GetRequiredService<SourceQueries>().ListAsync(cancellationToken)) keys.Set(source);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
