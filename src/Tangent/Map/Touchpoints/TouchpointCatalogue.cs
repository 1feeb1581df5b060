namespace Tangent.Map;

/// <summary>The touchpoints in memory, for what asks at every question. Whoever caches something of it compares <see cref="Version"/>.</summary>
internal sealed class TouchpointCatalogue(IServiceScopeFactory scopes) : IHostedService
{
    private volatile Snapshot _now = new(0, []);

    private sealed record Snapshot(int Version, IReadOnlyList<Touchpoint> Touchpoints);

    public int Version => _now.Version;

    public IReadOnlyList<Touchpoint> Touchpoints => _now.Touchpoints;

    public void Replace(IReadOnlyList<Touchpoint> touchpoints) => _now = new Snapshot(_now.Version + 1, touchpoints);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        Replace(await scope.ServiceProvider.GetRequiredService<TouchpointQueries>().ListAsync(cancellationToken));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
