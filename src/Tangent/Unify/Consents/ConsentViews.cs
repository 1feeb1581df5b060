using Tangent.Access;
using Tangent.Collect;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <param name="Purpose">Key of the purpose.</param>
/// <param name="PurposeName">Its name.</param>
/// <param name="Topic">Key of the topic; empty for the purpose as a whole.</param>
/// <param name="TopicName">Its name, or empty.</param>
/// <param name="State">What was said last; null: nothing.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Answer">Whether the contact point may be used for it.</param>
public sealed record ConsentView(string Purpose, string PurposeName, string Topic, string TopicName, ConsentState? State, DateTime? At, ContactAnswer Answer);

/// <summary>One word about a consent.</summary>
/// <param name="ContactPoint">What it was said of.</param>
/// <param name="At">When it was said, UTC.</param>
/// <param name="Source">Source that said it, or empty.</param>
/// <param name="By">User who recorded it, or empty.</param>
/// <param name="WordingVersion">Version of the wording that was shown, or empty.</param>
/// <param name="Wording">The wording that was shown, or empty.</param>
public sealed record ConsentWord(
    string ContactPoint, string Purpose, string Topic, ConsentState State, DateTime At, ConsentOrigin Origin, string Source, string By, string WordingVersion, string Wording);

/// <param name="Id">By what it is kept: its kind and a keyed hash.</param>
/// <param name="ContactPoint">The contact point, such as <c>email:anna@example.org</c>, as the reader may see it.</param>
/// <param name="Kind">email, phone, post or tracking.</param>
/// <param name="Value">Address, number or identifier.</param>
/// <param name="Items">Every purpose, and the topics of each.</param>
public sealed record PointConsents(string Id, string ContactPoint, string Kind, string Value, IReadOnlyList<ConsentView> Items);

/// <param name="Customer">Number of the customer.</param>
/// <param name="Points">The customer's contact points.</param>
/// <param name="History">Everything that was said, the latest first, at most 1000.</param>
public sealed record CustomerConsents(int Customer, IReadOnlyList<PointConsents> Points, IReadOnlyList<ConsentWord> History);

/// <summary>How many contact points said what.</summary>
/// <param name="Kind">email, phone, post or tracking.</param>
/// <param name="Given">Contact points that agreed.</param>
/// <param name="Pending">Contact points that have not confirmed yet.</param>
/// <param name="Withdrawn">Contact points that withdrew or objected.</param>
/// <param name="Unknown">Customers who have such a contact point of which nothing is recorded; null where that cannot be counted.</param>
public sealed record ConsentOverviewRow(string Purpose, string PurposeName, string Topic, string TopicName, string Kind, Enforcement? Enforcement, long Given, long Pending, long Withdrawn, long? Unknown);

/// <summary>Puts together what pages and the API show of consents.</summary>
internal sealed class ConsentViews(ConsentQueries queries, Consents consents, ConsentPurposes purposes, ContactPoints points, UnknownPoints unknownPoints, RestrictedPoints restricted, CustomerSearch customers, SourceKeys sources, Sensitivity sensitivity)
{
    public async Task<CustomerConsents?> OfCustomerAsync(int number, CancellationToken ct)
    {
        if (await customers.KnownAsync(number, ct) is not var (identity, record)) return null;
        var own = points.Of(record.Values, identity.Identifiers);
        var (views, history) = await OfPointsAsync(own, ct);
        // Every identifier can be followed; where nothing was said of one, the first stands for all.
        var tracking = views.FirstOrDefault(v => v.Kind == ContactPoint.Word(ContactKind.Tracking));
        return new CustomerConsents(identity.Customer, [.. views.Where(v => v.Kind != tracking?.Kind || v == tracking || v.Items.Any(i => i.State is not null))], history);
    }

    public async Task<(IReadOnlyList<PointConsents> Views, IReadOnlyList<ConsentWord> History)> OfPointsAsync(IReadOnlyList<ContactPoint> own, CancellationToken ct)
    {
        var ids = own.ToDictionary(points.IdOf);
        var standing = (await queries.StandingAsync(ids.Keys, ct)).ToLookup(c => c.Point);
        var restrictedPoints = await restricted.AllAsync(ct);
        var history = (await queries.HistoryAsync(ids.Keys, ct)).ConvertAll(l => Word(l, Shown(ids[l.Entry.Point]).Name));
        return ([.. ids.Select(p => new PointConsents(p.Key, Shown(p.Value).Name, ContactPoint.Word(p.Value.Kind), Shown(p.Value).Value, Views(p.Key, [.. standing[p.Key]], restrictedPoints)))], history);
    }

    private ContactPoint Shown(ContactPoint point)
    {
        var masking = sensitivity.Now;
        return point.Kind switch
        {
            ContactKind.Email => point with { Value = masking.Value(SensitiveKind.Email, point.Value) },
            ContactKind.Phone => point with { Value = masking.Value(SensitiveKind.Phone, point.Value) },
            ContactKind.Post => point with { Value = masking.Value(SensitiveKind.Address, point.Value) },
            _ => point with { Value = masking.Text(point.Value) },
        };
    }

    /// <summary>The contact point of a customer that is kept by this, and an identifier of the customer.</summary>
    public async Task<(ContactPoint Point, string Key)?> PointAsync(int number, string? id, CancellationToken ct) =>
        await customers.KnownAsync(number, ct) is var (identity, record) && points.Of(record.Values, identity.Identifiers).FirstOrDefault(p => points.IdOf(p) == id) is { } point
            ? (point, point.Kind == ContactKind.Tracking ? point.Value : identity.Identifiers[0]) : null;

    /// <summary>Every purpose that is asked of this kind of contact point, its topics, and what else was said.</summary>
    private List<ConsentView> Views(string point, IReadOnlyList<StandingConsent> standing, IReadOnlySet<string> restrictedPoints)
    {
        var kind = ContactPoints.KindOf(point);
        var views = new List<ConsentView>();
        foreach (var purpose in purposes.All.Where(p => kind == ContactKind.Tracking == (p.Key == ConsentPurpose.Tracking) || standing.Any(c => c.Purpose == p.Key)))
            foreach (var topic in purpose.TopicsWith(standing))
            {
                var said = standing.FirstOrDefault(c => c.Purpose == purpose.Key && c.Topic == topic);
                views.Add(new ConsentView(purpose.Key, purpose.Name, topic, purpose.TopicName(topic), said?.State, said?.AtUtc, consents.MayContact(point, standing, restrictedPoints, purpose.Key, topic)));
            }

        return views;
    }

    public async Task<IReadOnlyList<ConsentOverviewRow>> OverviewAsync(CancellationToken ct)
    {
        var counts = await queries.CountsAsync(ct);
        var unknown = await unknownPoints.CountAsync(ct);
        var pairs = purposes.All.SelectMany(p => p.TopicList.Select(t => t.Key).Prepend("").Select(t => (Kind: p.Key == ConsentPurpose.Tracking ? ContactKind.Tracking : ContactKind.Email, Purpose: p.Key, Topic: t)))
            .Union(counts.Select(c => (c.Kind, c.Purpose, c.Topic))).ToList();
        var rows = new List<ConsentOverviewRow>();
        foreach (var pair in pairs.OrderBy(p => Place(p.Purpose)).ThenBy(p => p.Purpose, StringComparer.Ordinal).ThenBy(p => p.Topic, StringComparer.Ordinal).ThenBy(p => p.Kind))
        {
            long Of(ConsentState state) => counts.FirstOrDefault(c => (c.Kind, c.Purpose, c.Topic) == pair && c.State == state)?.Points ?? 0;
            var purpose = purposes.Find(pair.Purpose);
            rows.Add(new ConsentOverviewRow(
                pair.Purpose, purpose?.Name ?? pair.Purpose, pair.Topic, purpose?.TopicName(pair.Topic) ?? pair.Topic, ContactPoint.Word(pair.Kind), purpose?.Enforcement,
                Of(ConsentState.Given), Of(ConsentState.Pending), Of(ConsentState.Withdrawn), unknown.GetValueOrDefault(pair.Kind)?.Of(pair.Purpose, pair.Topic)));
        }

        return rows;
    }

    private int Place(string purpose) => purposes.Find(purpose)?.Place ?? int.MaxValue;

    private ConsentWord Word(ConsentLine line, string point)
    {
        var said = line.Entry;
        return new ConsentWord(
            point, said.Purpose, said.Topic, said.State, said.AtUtc, said.Origin, sources.TryFind(said.SourceId, out var source) ? source.Name : "", said.By, line.Wording?.Version ?? "", line.Wording?.Text ?? "");
    }

    /// <summary>The purpose and topic that somebody names, by the keys they are kept by.</summary>
    public async Task<Asked<NamedPurpose>> NamedAsync(string? purpose, string? topic, CancellationToken ct)
    {
        if (purposes.Find(purpose) is not { } known) return new Refusal("purpose", T("Unify.Consents.UnknownPurpose", purpose, string.Join(", ", purposes.All.Select(p => p.Key))));
        if (topic is not { Length: > 0 }) return new NamedPurpose(known, "");
        return ConsentNames.KeyOf(topic) is { } key && await IsTopicAsync(queries, known, key, ct) ? new NamedPurpose(known, key) : UnknownTopic("topic", known, topic);
    }

    /// <summary>A topic that sources say something of is one, whether or not the purpose lists it.</summary>
    public static async Task<bool> IsTopicAsync(ConsentQueries queries, ConsentPurpose purpose, string topic, CancellationToken ct) =>
        purpose.TopicList.Any(t => t.Key == topic) || await queries.HasTopicAsync(purpose.Key, topic, ct);

    public static Refusal UnknownTopic(string field, ConsentPurpose purpose, string topic) => new(field, purpose.TopicList is { Count: > 0 } topics
        ? T("Unify.Consents.UnknownTopic", topic, string.Join(", ", topics.Select(t => t.Key))) : T("Unify.Consents.NoTopics", purpose.Key, topic));
}

/// <param name="Topic">Key of the topic; empty for the purpose as a whole.</param>
internal sealed record NamedPurpose(ConsentPurpose Purpose, string Topic);
