using System.Globalization;
using Microsoft.Extensions.Options;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Data;

namespace Tangent.Unify;

/// <summary>Knows what is older than its retention period, and lets it go; events of whose processing is restricted stay until that ends.</summary>
internal sealed class Retention(EventRetention events, Restrictions restrictions, IServiceScopeFactory scopes, IOptionsMonitor<RetentionOptions> options, TimeProvider time, ILogger<Retention> logger) : IDisposable
{
    /// <summary>Events of whom there is no id, and of whom there is one; other kinds are those of who keeps them.</summary>
    public const string Visitors = "visitors", Events = "events";

    /// <summary>By this name the audit log knows a run.</summary>
    public const string Route = "/unify/retention/runs";

    private readonly SemaphoreSlim _turn = new(1);
    private volatile RetentionRun? _now;

    /// <summary>The run that goes on; null where none does.</summary>
    public RetentionRun? Now => _now;

    /// <summary>The periods in force, in days, by kind.</summary>
    public IReadOnlyDictionary<string, int> Periods => RetentionPeriods.Read(options.CurrentValue.Periods) ?? [];

    /// <summary>All kinds that a period can be set for.</summary>
    public IReadOnlyList<string> Kinds()
    {
        using var scope = scopes.CreateScope();
        return [Visitors, Events, .. Keepers(scope).Select(k => k.Kind)];
    }

    /// <summary>What would go by these periods at this moment, exactly; nothing goes.</summary>
    public async Task<IReadOnlyList<RetentionItem>> PreviewAsync(IReadOnlyDictionary<string, int> periods, CancellationToken ct)
    {
        var items = new List<RetentionItem>();
        foreach (var kind in (string[])[Visitors, Events])
        {
            var (days, before) = Before(periods, kind);
            var aged = events.Count(kind == Events, before ?? DateTime.UnixEpoch.AddYears(-69), restrictions.Customers(), ct);
            items.Add(new RetentionItem(kind, days, before, before is null ? 0 : aged.Events, before is null ? 0 : aged.Customers, aged.OldestUtc));
        }

        await using var scope = scopes.CreateAsyncScope();
        foreach (var keeper in Keepers(scope))
        {
            var (days, before) = Before(periods, keeper.Kind);
            items.Add(new RetentionItem(keeper.Kind, days, before, before is { } moment ? await keeper.AgeOutAsync(moment, onlyCount: true, ct) : 0, null, await keeper.OldestAsync(ct)));
        }

        return items;
    }

    /// <summary>Lets go of what is older than the periods in force, and tells the audit log.</summary>
    /// <returns>Null where a run goes on already.</returns>
    public async Task<RetentionRun?> RunAsync(Actor by, CancellationToken ct)
    {
        if (!await _turn.WaitAsync(0, ct)) return null;
        try
        {
            var periods = Periods;
            var run = _now = new RetentionRun(time.GetUtcNow().UtcDateTime, by.Name, []);
            if (periods.Count == 0) return run;
            var kinds = Kinds().Where(periods.ContainsKey).ToList();
            try
            {
                // Events of all kinds go at once, as they lie together.
                foreach (var some in kinds.GroupBy(k => k is Visitors or Events ? Events : k, StringComparer.Ordinal)) run = _now = run with { Gone = [.. run.Gone, .. await AgeOutAsync([.. some.Select(k => (k, Before(periods, k).Utc!.Value))], ct)] };
            }
            finally
            {
                // What a stop left over stands there, too: as not gone.
                await NoteAsync(run with { Gone = [.. run.Gone, .. kinds.Skip(run.Gone.Count).Select(k => new RetentionGone(k, null))] }, by, CancellationToken.None);
            }

            return run;
        }
        finally
        {
            _now = null;
            _turn.Release();
        }
    }

    /// <summary>The last run, as the audit log knows it; null where there was none.</summary>
    public async Task<RetentionRun?> LastAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var entries = await scope.ServiceProvider.GetRequiredService<AuditQueries>().ListAsync(new AuditFilter(null, Route, AuditKind.Change, null, null), long.MaxValue, 0, MostLooked, ct);
        return entries.Where(e => e.Method == Method).Select(e => new RetentionRun(e.AtUtc, e.Actor, RetentionGone.Read(e.Target))).FirstOrDefault();
    }

    public void Dispose() => _turn.Dispose();

    private const string Method = "AGE-OUT";

    // Beside each run that somebody asked for stands that somebody did.
    private const int MostLooked = 10;

    private async Task<IEnumerable<RetentionGone>> AgeOutAsync(IReadOnlyList<(string Kind, DateTime Before)> kinds, CancellationToken ct)
    {
        try
        {
            var (kind, before) = kinds[0];
            if (kind is Visitors or Events) return kinds.Zip(await events.AgeOutAsync([.. kinds.Select(k => (k.Kind == Events, k.Before))], restrictions.Customers, ct), (k, gone) => new RetentionGone(k.Kind, gone));
            await using var scope = scopes.CreateAsyncScope();
            return [new RetentionGone(kind, await Keepers(scope).Single(k => k.Kind == kind).AgeOutAsync(before, onlyCount: false, ct))];
        }
        catch (Exception e) when (e is not OperationCanceledException && !ct.IsCancellationRequested)
        {
            logger.LogError(e, "What is older than its retention period could not be let go of ({Kinds}); the next night tries it again.", string.Join(", ", kinds.Select(k => k.Kind)));
            return kinds.Select(k => new RetentionGone(k.Kind, null));
        }
    }

    private async Task NoteAsync(RetentionRun run, Actor by, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AuditQueries>().AddAsync(new AuditEntry
        {
            AtUtc = time.GetUtcNow().UtcDateTime,
            Kind = AuditKind.Change,
            ActorKind = by.Kind,
            ActorId = by.Id,
            Actor = by.Name,
            Method = Method,
            Route = Route,
            Target = string.Join(", ", run.Gone),
            Status = run.Gone.All(g => g.Pieces is not null) ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
        }, ct);
    }

    private (int Days, DateTime? Utc) Before(IReadOnlyDictionary<string, int> periods, string kind) =>
        periods.GetValueOrDefault(kind) is > 0 and var days ? (days, time.GetUtcNow().UtcDateTime.AddDays(-days)) : (0, null);

    private static IEnumerable<IKeepsPersonalData> Keepers(IServiceScope scope) => scope.ServiceProvider.GetServices<IKeepsPersonalData>().Where(k => k.Ages);
}

/// <summary>What of one kind went; null pieces where something failed.</summary>
public sealed record RetentionGone(string Kind, long? Pieces)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind}={Pieces?.ToString(CultureInfo.InvariantCulture) ?? "…"}");

    internal static IReadOnlyList<RetentionGone> Read(string target) =>
        [.. target.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=')).Where(p => p.Length == 2)
            .Select(p => new RetentionGone(p[0], long.TryParse(p[1], NumberStyles.None, CultureInfo.InvariantCulture, out var pieces) ? pieces : null))];
}
