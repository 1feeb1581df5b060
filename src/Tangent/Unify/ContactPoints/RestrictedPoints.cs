using Tangent.Collect;

namespace Tangent.Unify;

/// <summary>
/// The contact points of everybody whose processing is restricted. Who is asked about one contact point does not know whose it is, and the same
/// address may be two people's: so those of the few who are restricted are known, instead of looking for everybody who has the one.
/// </summary>
internal sealed class RestrictedPoints(Restrictions restrictions, JourneyStore journeys, ContactPoints points, IServiceScopeFactory scopes, TimeProvider time)
{
    // A restriction holds at once; an address that a source says later of somebody restricted, or a join with somebody, after this.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private Known _known = new([], new HashSet<string>(), DateTimeOffset.MinValue);

    private sealed record Known(IReadOnlyCollection<string> Of, IReadOnlySet<string> Points, DateTimeOffset At);

    /// <summary>By what they are kept: kind and keyed hash.</summary>
    public async Task<IReadOnlySet<string>> AllAsync(CancellationToken ct)
    {
        var (known, restricted, now) = (Volatile.Read(ref _known), restrictions.Identifiers, time.GetUtcNow());
        if (ReferenceEquals(known.Of, restricted) && now - known.At < Fresh) return known.Points;
        var fresh = new Known(restricted, await FindAsync(restricted, ct), now);
        Volatile.Write(ref _known, fresh);
        return fresh.Points;
    }

    private async Task<IReadOnlySet<string>> FindAsync(IReadOnlyCollection<string> restricted, CancellationToken ct)
    {
        if (restricted.Count == 0) return new HashSet<string>();
        var identifiers = restrictions.Customers().SelectMany(c => journeys.Identity(c).Identifiers).Concat(restricted).Distinct(StringComparer.Ordinal).ToList();
        await using var scope = scopes.CreateAsyncScope();
        var profiles = await scope.ServiceProvider.GetRequiredService<ProfileQueries>().FindAsync(identifiers, ct);
        return profiles.SelectMany(points.Of).Concat(identifiers.Select(ContactPoints.Tracking)).Select(points.IdOf).ToHashSet(StringComparer.Ordinal);
    }
}
