namespace Tangent.Collect;

/// <summary>The rules in memory, in order. Whoever caches something of them compares <see cref="Version"/>.</summary>
internal sealed class TouchpointRules(IServiceScopeFactory scopes) : IHostedService
{
    private volatile Snapshot _now = new(0, []);

    private sealed record Snapshot(int Version, IReadOnlyList<TouchpointRule> Rules);

    public int Version => _now.Version;

    public void Replace(IReadOnlyList<TouchpointRule> rules) => _now = new Snapshot(_now.Version + 1, rules);

    /// <summary>Number of the touchpoint that the first fitting rule names; null where none fits.</summary>
    public int? TouchpointOf(Signature signature) => First(signature)?.TouchpointId;

    /// <summary>Number of the first fitting rule; null where none fits.</summary>
    public int? RuleOf(Signature signature) => First(signature)?.Id;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        Replace(await scope.ServiceProvider.GetRequiredService<TouchpointRuleQueries>().ListAsync(cancellationToken));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private TouchpointRule? First(Signature signature)
    {
        foreach (var rule in _now.Rules)
            if (rule.Fits(signature)) return rule;
        return null;
    }
}
