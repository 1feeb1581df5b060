using Tangent.Collect;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>Why somebody may be contacted, or not.</summary>
public enum ConsentReason
{
    /// <summary>She agreed.</summary>
    Given,

    /// <summary>She withdrew, or objected.</summary>
    Withdrawn,

    /// <summary>She has not confirmed yet.</summary>
    Pending,

    /// <summary>Nothing is recorded, and the purpose wants an agreement.</summary>
    NothingGiven,

    /// <summary>Nothing is recorded, and the purpose wants none as long as nobody objects.</summary>
    NoObjection,

    /// <summary>Consent is not asked for this purpose.</summary>
    NotEnforced,

    /// <summary>There is no such purpose.</summary>
    UnknownPurpose,

    /// <summary>Processing of the customer is restricted.</summary>
    Restricted,

    /// <summary>The program has just started and has not read yet all that was said.</summary>
    NotReadYet,
}

/// <summary>Whether a contact point may be used for a purpose.</summary>
/// <param name="May">Yes or no.</param>
/// <param name="Reason">Why, for programs.</param>
/// <param name="Words">Why, for people.</param>
/// <param name="Since">When what decided was said, UTC; null where nothing was.</param>
public sealed record ContactAnswer(bool May, ConsentReason Reason, string Words, DateTime? Since = null);

/// <summary>A change of a consent that somebody asks for.</summary>
/// <param name="Point">Kind and keyed hash of the contact point.</param>
/// <param name="AtUtc">When it was said; null: now.</param>
internal sealed record ConsentChange(
    string Point, string Purpose, string Topic, ConsentState State, ConsentOrigin Origin, string By, string Version, string Wording, string Key, DateTime? AtUtc = null);

/// <summary>The one place that says whether somebody may be contacted, and that records what she said.</summary>
internal sealed class Consents(EventLog log, ConsentQueries queries, ConsentPurposes purposes, ContactPoints points, ConsentFeed feed, ProfileQueries profiles, RestrictedPoints restricted, TimeProvider time)
{
    private const int MostProfiles = 20;

    /// <summary>How long somebody waits for what was said to be read.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Whether a contact point may be used for a purpose or topic now, and why. Whatever sends something asks this first.</summary>
    public async Task<ContactAnswer> MayContactAsync(ContactPoint point, string purpose, string topic, CancellationToken ct)
    {
        // After a start, what was said is not all known at once.
        if (!feed.IsCurrent) await Task.WhenAny(feed.WaitUntilCurrentAsync(ct), Task.Delay(Patience, ct));
        var id = points.IdOf(point);
        return MayContact(id, await queries.StandingAsync([id], ct), await restricted.AllAsync(ct), purpose, topic);
    }

    /// <summary>The same for whoever has read what holds, for many contact points at once.</summary>
    /// <param name="point">Kind and keyed hash of the contact point.</param>
    /// <param name="standing">What holds of it.</param>
    /// <param name="restrictedPoints">All contact points of people whose processing is restricted.</param>
    /// <param name="purpose">Key of the purpose.</param>
    /// <param name="topic">Key of a topic, or empty.</param>
    public ContactAnswer MayContact(string point, IReadOnlyCollection<StandingConsent> standing, IReadOnlySet<string> restrictedPoints, string purpose, string topic)
    {
        var answer = Said(standing, purpose, topic);
        // Whose processing is restricted is not contacted, whatever was agreed.
        return !answer.May ? answer
            : restrictedPoints.Contains(point) ? new ContactAnswer(false, ConsentReason.Restricted, T("Unify.Consents.Reason.Restricted"))
            : feed.IsCurrent ? answer : new ContactAnswer(false, ConsentReason.NotReadYet, T("Unify.Consents.Reason.NotReadYet"));
    }

    /// <summary>What follows from what was said alone.</summary>
    public ContactAnswer Said(IReadOnlyCollection<StandingConsent> standing, string purpose, string topic)
    {
        if (purposes.Find(purpose) is not { } known) return new ContactAnswer(false, ConsentReason.UnknownPurpose, T("Unify.Consents.Reason.UnknownPurpose"));
        var whole = standing.FirstOrDefault(c => c.Purpose == known.Key && c.Topic.Length == 0);
        var own = topic.Length == 0 ? null : standing.FirstOrDefault(c => c.Purpose == known.Key && c.Topic == topic);
        var (may, reason, by) = Decide(known.Enforcement, whole, own);
        return new ContactAnswer(may, reason, T("Unify.Consents.Reason." + reason), by?.AtUtc);
    }

    /// <summary>
    /// A topic that was withdrawn stays so until it is given anew; a withdrawal of the whole purpose ends what was given of its topics before.
    /// </summary>
    internal static (bool May, ConsentReason Reason, StandingConsent? By) Decide(Enforcement enforcement, StandingConsent? whole, StandingConsent? topic)
    {
        if (enforcement == Enforcement.Off) return (true, ConsentReason.NotEnforced, null);
        if (topic?.State == ConsentState.Withdrawn) return (false, ConsentReason.Withdrawn, topic);
        if (whole?.State == ConsentState.Withdrawn && (topic is null || topic.LastUtc < whole.LastUtc)) return (false, ConsentReason.Withdrawn, whole);
        if (topic?.State == ConsentState.Given) return (true, ConsentReason.Given, topic);
        if (whole?.State == ConsentState.Given) return (true, ConsentReason.Given, whole);
        // What anybody can say by a public key must not keep somebody from getting what needs no consent.
        if ((topic ?? whole) is { State: ConsentState.Pending } pending && (enforcement == Enforcement.Restrictive || pending.Origin != ConsentOrigin.PublicKey)) return (false, ConsentReason.Pending, pending);
        return enforcement == Enforcement.NonRestrictive ? (true, ConsentReason.NoObjection, null) : (false, ConsentReason.NothingGiven, null);
    }

    /// <summary>Records changes; completes when they hold.</summary>
    /// <returns>False where what was said is far behind: they hold later.</returns>
    /// <exception cref="EventLogUnavailableException">Nothing was recorded.</exception>
    public async Task<bool> RecordAsync(IReadOnlyList<ConsentChange> changes, CancellationToken ct)
    {
        if (changes.Count == 0) return true;
        var now = time.GetUtcNow();
        var records = changes.Select(c => new AcceptedEvent(0, new ConsentRecord(
            c.Point, c.Purpose, c.Topic, Word(c.State), c.AtUtc is { } at ? new DateTimeOffset(at, TimeSpan.Zero).ToUnixTimeMilliseconds() : now.ToUnixTimeMilliseconds(), Word(c.Origin), c.By, c.Version, c.Wording, c.Key).ToJson()));
        var appended = await log.AppendAsync(new LogAppend(0, LogKind.Consent, true, now.ToUnixTimeMilliseconds(), null, [.. records]), ct);
        // It is recorded; where the pages are far behind they follow later.
        var kept = feed.WaitUntilKeptAsync(appended.EndPosition, CancellationToken.None);
        return await Task.WhenAny(kept, Task.Delay(Patience, ct)) == kept;
    }

    /// <summary>An identifier of whom the contact point belongs to, so that an erasure finds it; empty where nobody is known by it.</summary>
    public async Task<string> KeyOfAsync(ContactPoint point, CancellationToken ct)
    {
        if (point.Kind == ContactKind.Tracking) return point.Value;
        var fitting = await profiles.FittingAsync(point.Kind == ContactKind.Phone ? TraitReading.Digits(point.Value)[2..] : point.Value, ct);
        return (await profiles.NumberedAsync(fitting.Take(MostProfiles).Select(p => p.Number), ct)).Find(p => points.Of(p).Contains(point))?.Key ?? "";
    }

    private static string Word<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
