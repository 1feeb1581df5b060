using static Tangent.Web.Texts;

namespace Tangent.Collect;

/// <summary>What became of a change of a source: the source as it is now, or why it stays as it was.</summary>
/// <param name="Contradicts">The refusal is about what is there, not about the request.</param>
internal sealed record Changed(Source? Source, Refusal? Refusal = null, bool Contradicts = false);

/// <summary>The rules of changing a source, the same for the page, the API and the shell.</summary>
internal sealed class SourceChanges(SourceQueries sources, EventLog log, TimeProvider time)
{
    /// <summary>Keys that may be valid beside the newest one.</summary>
    public const int MostRetiringKeys = 5;

    public static readonly TimeSpan Overlap = TimeSpan.FromDays(7);
    private static readonly TimeSpan LongestOverlap = TimeSpan.FromDays(366);

    public async Task<Changed> RenameAsync(Source source, string? name, CancellationToken ct)
    {
        if (Source.NameProblem(name) is not null) return new Changed(null, new Refusal("name", T("Collect.Sources.NameNeeded", Source.MaxNameLength)));
        return await sources.RenameAsync(source, name!.Trim(), ct)
            ? await NowAsync(source, ct)
            : new Changed(null, new Refusal("name", T("Collect.Sources.NameTaken", name.Trim())), true);
    }

    public async Task<Changed> PauseAsync(Source source, bool paused, CancellationToken ct)
    {
        await sources.PauseAsync(source, paused, ct);
        return await NowAsync(source, ct);
    }

    public async Task<Changed> DecideBeforeConsentAsync(Source source, BeforeConsent before, CancellationToken ct)
    {
        if (source.Kind != SourceKind.Web || !Enum.IsDefined(before)) return new Changed(null, new Refusal("beforeConsent", T("Collect.Source.BeforeConsentWrong")));
        await sources.DecideBeforeConsentAsync(source, before, ct);
        return await NowAsync(source, ct);
    }

    /// <param name="source">The source.</param>
    /// <param name="validUntilUtc">Until when the key it has now is still taken; a week where it is not said.</param>
    /// <param name="ct">Ends the waiting.</param>
    public async Task<Changed> RotateAsync(Source source, DateTime? validUntilUtc, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var until = validUntilUtc ?? now + Overlap;
        if (until <= now || until > now + LongestOverlap) return new Changed(null, new Refusal("validUntil", T("Collect.Source.UntilWrong")));
        if (source.RetiringKeys.Count(k => k.ValidUntilUtc > now) >= MostRetiringKeys)
            return new Changed(null, new Refusal("validUntil", T("Collect.Source.TooManyKeys", MostRetiringKeys)), true);
        await sources.RotateAsync(source, until, now, ct);
        return await NowAsync(source, ct);
    }

    public async Task<Changed> RevokeAsync(Source source, int key, CancellationToken ct) =>
        await sources.RevokeAsync(source, key, ct) ? await NowAsync(source, ct) : new Changed(null, new Refusal("key", T("Collect.Source.NoSuchKey")));

    /// <summary>Events keep the source they came from; so only one that none came from goes.</summary>
    public async Task<Changed> RemoveAsync(Source source, CancellationToken ct)
    {
        if (await sources.RemoveAsync(source, ct)) return new Changed(source);
        var events = log.Totals.Single(t => t.SourceId == source.Id).Events;
        return new Changed(null, new Refusal("source", T("Collect.Source.HasEvents", source.Name, events)), true);
    }

    private async Task<Changed> NowAsync(Source source, CancellationToken ct) => new((await sources.FindAsync(source.Id, ct))!);
}
