using Tangent.Collect;

namespace Tangent.Unify;

/// <param name="Given">She may be contacted for it now.</param>
/// <param name="Pending">It waits for her confirmation.</param>
public sealed record PreferenceTopic(string Key, string Name, bool Given, bool Pending);

/// <param name="Given">She may be contacted for it now.</param>
/// <param name="Pending">It waits for her confirmation.</param>
public sealed record PreferencePurpose(string Key, string Name, string Wording, bool Given, bool Pending, IReadOnlyList<PreferenceTopic> Topics);

/// <param name="Token">The link's own, for the forms.</param>
/// <param name="Masked">What is shown of the contact point.</param>
/// <param name="Saved">Something was just recorded.</param>
/// <param name="Restricted">Nobody contacts her at present, whatever she agreed to.</param>
/// <param name="AsksToWithdraw">Whether she means it that everything is withdrawn.</param>
public sealed record PreferenceModel(string Token, string Kind, string Masked, IReadOnlyList<PreferencePurpose> Purposes, bool Saved, bool Restricted, bool AsksToWithdraw = false)
{
    public bool AnyPending => Purposes.Any(p => p.Pending || p.Topics.Any(t => t.Pending));

    public bool AnyGiven => Purposes.Any(p => p.Given || p.Topics.Any(t => t.Given));
}

/// <summary>What whoever holds a link sees and changes: the consents of that one contact point.</summary>
internal sealed class PreferenceCentre(ConsentQueries queries, Consents consents, ConsentPurposes purposes, RestrictedPoints restricted, ContactPoints points, CustomerSearch customers, JourneyStore journeys)
{
    public async Task<PreferenceModel> ShowAsync(string token, PreferenceTicket ticket, bool saved, CancellationToken ct)
    {
        var standing = await queries.StandingAsync([ticket.Point], ct);
        return new PreferenceModel(token, ContactPoint.Word(ContactPoints.KindOf(ticket.Point)), ticket.Masked, [.. Asked(ticket.Point, standing).Select(p => Of(p, standing))], saved, (await restricted.AllAsync(ct)).Contains(ticket.Point));
    }

    /// <summary>Records what differs from what holds.</summary>
    /// <param name="ticket">What the link is of.</param>
    /// <param name="given">Purposes, and topics as purpose/topic, that she agrees to.</param>
    /// <param name="shown">The topics that she was shown: one that came since and is not listed, she has said nothing of.</param>
    /// <param name="ct">Ends it.</param>
    public async Task SaveAsync(PreferenceTicket ticket, IReadOnlySet<string> given, IReadOnlySet<string> shown, CancellationToken ct)
    {
        var standing = await queries.StandingAsync([ticket.Point], ct);
        var changes = new List<ConsentChange>();
        foreach (var purpose in Asked(ticket.Point, standing).ToList())
            foreach (var topic in purpose.TopicsWith(standing).ToList())
            {
                if (topic.Length > 0 && purpose.TopicList.All(t => t.Key != topic) && !shown.Contains(Field(purpose.Key, topic))) continue;
                var wanted = given.Contains(Field(purpose.Key, topic));
                if (wanted == consents.Said(standing, purpose.Key, topic).May) continue;
                var state = wanted ? ConsentState.Given : ConsentState.Withdrawn;
                changes.Add(Change(ticket, purpose, topic, state));
                // A word about the whole changes what holds of topics of which nothing was said; they are compared with that.
                standing.RemoveAll(c => c.Purpose == purpose.Key && c.Topic == topic);
                standing.Add(new StandingConsent { Point = ticket.Point, Purpose = purpose.Key, Topic = topic, State = state, AtUtc = DateTime.MaxValue, LastUtc = DateTime.MaxValue });
            }

        await consents.RecordAsync(changes, ct);
    }

    /// <summary>Confirms what waits for it.</summary>
    public async Task ConfirmAsync(PreferenceTicket ticket, CancellationToken ct)
    {
        var pending = (await queries.StandingAsync([ticket.Point], ct)).FindAll(c => c.State == ConsentState.Pending);
        await consents.RecordAsync([.. pending.Where(c => purposes.Find(c.Purpose) is not null).Select(c => Change(ticket, purposes.Find(c.Purpose)!, c.Topic, ConsentState.Given))], ct);
    }

    /// <summary>Withdraws everything, for every contact point of the person whom the link was made for.</summary>
    public async Task WithdrawAllAsync(PreferenceTicket ticket, CancellationToken ct)
    {
        var own = await PointsAsync(ticket, ct);
        var standing = (await queries.StandingAsync(own, ct)).ToLookup(c => c.Point);
        await consents.RecordAsync([.. own.SelectMany(point => Asked(point, [.. standing[point]]).SelectMany(p => p.TopicsWith(standing[point])
            .Where(t => t.Length == 0 || standing[point].Any(c => c.Purpose == p.Key && c.Topic == t && c.State != ConsentState.Withdrawn))
            .Select(t => Change(ticket with { Point = point }, p, t, ConsentState.Withdrawn))))], ct);
    }

    /// <summary>Withdraws what the link was made for, also where the purpose has been removed since: it may come back.</summary>
    public Task WithdrawOneAsync(PreferenceTicket ticket, CancellationToken ct) =>
        consents.RecordAsync([Change(ticket, purposes.Find(ticket.Purpose) ?? new ConsentPurpose { Key = ticket.Purpose }, ticket.Topic, ConsentState.Withdrawn)], ct);

    /// <summary>The link's own contact point, and the others of the customer whom it was made for.</summary>
    private async Task<IReadOnlyList<string>> PointsAsync(PreferenceTicket ticket, CancellationToken ct)
    {
        if (ticket.Key.Length == 0 || journeys.CustomerOf(ticket.Key) is not { } customer || await customers.KnownAsync(customer, ct) is not var (identity, record)) return [ticket.Point];
        return [.. points.Of(record.Values, identity.Identifiers).Select(points.IdOf).Append(ticket.Point).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Who was erased since the link was made is named nowhere again.</summary>
    private string KnownKey(PreferenceTicket ticket) => ticket.Key.Length > 0 && journeys.CustomerOf(ticket.Key) is not null ? ticket.Key : "";

    public static string Field(string purpose, string topic) => topic.Length == 0 ? purpose : $"{purpose}/{topic}";

    /// <summary>What can be asked of this kind of contact point, and where consent is asked at all.</summary>
    private IEnumerable<ConsentPurpose> Asked(string point, IReadOnlyCollection<StandingConsent> standing)
    {
        var isTracking = ContactPoints.KindOf(point) == ContactKind.Tracking;
        return purposes.All.Where(p => p.Enforcement != Enforcement.Off && (isTracking == (p.Key == ConsentPurpose.Tracking) || standing.Any(c => c.Purpose == p.Key)));
    }

    private PreferencePurpose Of(ConsentPurpose purpose, IReadOnlyCollection<StandingConsent> standing)
    {
        (bool, bool) State(string topic) => consents.Said(standing, purpose.Key, topic) is var answer ? (answer.May, answer.Reason == ConsentReason.Pending) : default;
        var (given, pending) = State("");
        return new PreferencePurpose(purpose.Key, purpose.Name, purpose.Wording, given, pending, [.. purpose.TopicsWith(standing).Skip(1).Select(t => State(t) is var (may, waits) ? new PreferenceTopic(t, purpose.TopicName(t), may, waits) : null!)]);
    }

    private ConsentChange Change(PreferenceTicket ticket, ConsentPurpose purpose, string topic, ConsentState state) => new(
        ticket.Point, purpose.Key, topic, state, ConsentOrigin.PreferenceCentre, "", purpose.WordingVersion, topic.Length == 0 ? purpose.Wording : $"{purpose.Wording} – {purpose.TopicName(topic)}", KnownKey(ticket));
}
