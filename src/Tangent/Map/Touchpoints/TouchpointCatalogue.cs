using System.Globalization;

namespace Tangent.Map;

/// <summary>The touchpoints in memory, for what asks at every question. Whoever caches something of it compares <see cref="Version"/>.</summary>
internal sealed class TouchpointCatalogue(IServiceScopeFactory scopes) : IHostedService
{
    private volatile Snapshot _now = new(0, []);

    private sealed record Snapshot(int Version, IReadOnlyList<Touchpoint> Touchpoints);

    public int Version => _now.Version;

    public IReadOnlyList<Touchpoint> Touchpoints => _now.Touchpoints;

    /// <summary>The touchpoint that a name, or number, means; null where there is none.</summary>
    public Touchpoint? Find(string said)
    {
        var all = Touchpoints;
        return all.FirstOrDefault(t => t.Name == said) ?? all.FirstOrDefault(t => string.Equals(t.Name, said, StringComparison.OrdinalIgnoreCase))
            ?? (int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? all.FirstOrDefault(t => t.Id == id) : null);
    }

    public void Replace(IReadOnlyList<Touchpoint> touchpoints) => _now = new Snapshot(_now.Version + 1, touchpoints);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        Replace(await scope.ServiceProvider.GetRequiredService<TouchpointQueries>().ListAsync(cancellationToken));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
