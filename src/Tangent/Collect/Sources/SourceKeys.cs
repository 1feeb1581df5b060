using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Tangent.Collect;

/// <summary>All sources in memory, by write key and by number: every call asks for them. Loaded at start.</summary>
internal sealed class SourceKeys
{
    private readonly ConcurrentDictionary<string, Source> _byKey = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, Source> _byId = new();

    public void Add(Source source)
    {
        _byId[source.Id] = source;
        _byKey[source.WriteKey] = source;
    }

    public bool TryFind(ReadOnlySpan<char> writeKey, [NotNullWhen(true)] out Source? source) =>
        _byKey.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(writeKey, out source);

    public bool TryFind(int id, [NotNullWhen(true)] out Source? source) => _byId.TryGetValue(id, out source);
}

/// <summary>Loads the sources before the first call can come in.</summary>
internal sealed class SourceKeysLoading(IServiceScopeFactory scopes, SourceKeys keys) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        foreach (var source in await scope.ServiceProvider.GetRequiredService<SourceQueries>().ListAsync(cancellationToken)) keys.Add(source);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
