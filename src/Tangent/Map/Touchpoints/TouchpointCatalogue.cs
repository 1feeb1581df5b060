using System.Globalization;

namespace Tangent.Map;

/// <summary>The touchpoints in memory, for what asks at every question. Whoever caches something of it compares <see cref="Version"/>.</summary>
internal sealed class TouchpointCatalogue(IServiceScopeFactory scopes) : IHostedService
{
    private volatile Snapshot _now = new(0, []);

    private sealed record Snapshot(int Version, IReadOnlyList<Touchpoint> Touchpoints);

    public int Version => _now.Version;

    public IReadOnlyList<Touchpoint> Touchpoints => _now.Touchpoints;

    /// <summary>The touchpoint that a name, or number, means, also one that was merged into it; null where there is none.</summary>
    public Touchpoint? Find(string said) => Named(said) ?? (int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Find(id) : null);

    /// <summary>The touchpoint of a number, or the one it was merged into; null where there is none.</summary>
    public Touchpoint? Find(int id)
    {
        var all = Touchpoints;
        return all.FirstOrDefault(t => t.Id == id) ?? all.FirstOrDefault(t => t.Merged.Any(m => m.Id == id));
    }

    /// <summary>The touchpoint of a name, or of one that was merged into it; null where there is none.</summary>
    public Touchpoint? Named(string name) => Named(Touchpoints, name);

    /// <summary>The same among some touchpoints.</summary>
    public static Touchpoint? Named(IReadOnlyList<Touchpoint> all, string name) =>
        all.FirstOrDefault(t => t.Name == name) ?? all.FirstOrDefault(t => string.Equals(t.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? all.FirstOrDefault(t => t.Merged.Any(m => string.Equals(m.Name, name, StringComparison.OrdinalIgnoreCase)));

    public void Replace(IReadOnlyList<Touchpoint> touchpoints) => _now = new Snapshot(_now.Version + 1, touchpoints);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        Replace(await scope.ServiceProvider.GetRequiredService<TouchpointQueries>().ListAsync(cancellationToken));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
