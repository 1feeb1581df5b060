using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Tangent.Collect;
using Tangent.Data;

namespace Tangent.Unify;

/// <summary>
/// Exports and erases what was said of a person's consents: under her identifiers, and of contact points that are hers alone, whoever recorded it.
/// Who is erased must not be written to again when she is imported anew: what she withdrew outlives her data, by the hash of the contact point alone.
/// </summary>
internal sealed class ConsentErasure(EventLog log, ConsentQueries queries, ConsentFeed feed, ContactPoints points, ProfileQueries profiles, ConfirmationQueries requests, TimeProvider time) : IKeepsPersonalData
{
    public string Kind => "consents";

    public IReadOnlyList<Type> Entities => [typeof(ConsentEntry), typeof(StandingConsent), typeof(ConsentWording), typeof(ConfirmationRequest)];

    /// <summary>What contact points that are the person's alone are kept by. Profiles are gone when an erasure comes to the consents; this is asked before.</summary>
    public async Task<IReadOnlyList<string>> TextsAsync(IReadOnlyList<string> identifiers, CancellationToken ct)
    {
        var known = await profiles.FindAsync(identifiers, ct);
        var own = known.SelectMany(points.Of).Distinct().ToList();
        // As it was written, and in the one form.
        var shared = (await profiles.SharedAsync(identifiers, [.. known.SelectMany(p => new[] { p.Email, p.Phone }).Concat(own.Select(p => p.Value)).Where(t => t.Length > 0).Distinct(StringComparer.Ordinal)], ct))
            .Select(t => ContactPoints.Email(t) ?? points.Phone(t)).ToHashSet();
        List<string> ids = [.. own.Where(p => !shared.Contains(p)).Concat(identifiers.Select(ContactPoints.Tracking)).Select(points.IdOf)];
        var others = (await queries.OthersTooAsync(ids, [.. identifiers], ct)).ToHashSet(StringComparer.Ordinal);
        return [.. ids.Where(id => !others.Contains(id))];
    }

    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [EnumeratorCancellation] CancellationToken ct)
    {
        var names = (await profiles.FindAsync(subject.Identifiers, ct)).SelectMany(points.Of).Concat(subject.Identifiers.Select(ContactPoints.Tracking)).Distinct().ToDictionary(points.IdOf, p => p.Name);
        var said = (await queries.EntriesAsync(await PointsAsync(subject, ct), ct)).FindAll(Tells(subject));
        foreach (var (word, wording) in await queries.WithWordingsAsync([.. said.OrderBy(e => e.AtUtc).ThenBy(e => e.Position).ThenBy(e => e.Number)], ct))
            yield return new JsonObject
            {
                ["at"] = word.AtUtc,
                ["last"] = word.LastUtc,
                ["contactPoint"] = names.GetValueOrDefault(word.Point) ?? ContactPoint.Word(ContactPoints.KindOf(word.Point)),
                ["purpose"] = word.Purpose,
                ["topic"] = word.Topic,
                ["state"] = word.State.ToString(),
                ["origin"] = word.Origin.ToString(),
                ["by"] = word.By,
                ["identifier"] = word.Key,
                ["version"] = wording?.Version,
                ["wording"] = wording?.Text,
            };
        foreach (var request in await requests.OfAsync([.. subject.Texts.Where(ContactPoints.IsId)], ct))
            yield return new JsonObject { ["contactPoint"] = names.GetValueOrDefault(request.Point), ["purpose"] = request.Purpose, ["topic"] = request.Topic, ["letterAskedForConfirmation"] = request.AskedUtc, ["letters"] = request.Letters };
    }

    public async Task EraseAsync(DataSubject subject, CancellationToken ct)
    {
        var of = await PointsAsync(subject, ct);
        if (of.Count == 0) return;
        // The events that said it are erased from the log; these records let a rebuild know it. A second time, after a stop, they are there.
        var records = (await queries.StandingAsync(of, ct)).Where(c => c is { State: ConsentState.Withdrawn, Origin: not ConsentOrigin.Erasure }).Select(c => new AcceptedEvent(0, new ConsentRecord(
            c.Point, c.Purpose, c.Topic, "withdrawn", new DateTimeOffset(c.LastUtc, TimeSpan.Zero).ToUnixTimeMilliseconds(), ConsentRecord.Erasure).ToJson())).ToList();
        if (records.Count > 0)
        {
            var appended = await log.AppendAsync(new LogAppend(0, LogKind.Consent, true, time.GetUtcNow().ToUnixTimeMilliseconds(), null, records), ct);
            await feed.WaitUntilKeptAsync(appended.EndPosition, ct);
        }

        var tells = Tells(subject);
        await feed.TakeOutAsync(of, e => e.Origin != ConsentOrigin.Erasure && tells(e), ct);
        foreach (var chunk in of.Chunk(500)) await requests.EraseAsync(chunk, ct);
    }

    /// <summary>The contact points of which something was said under the identifiers, and those that are hers alone.</summary>
    private async Task<IReadOnlyList<string>> PointsAsync(DataSubject subject, CancellationToken ct) =>
        [.. (await queries.PointsOfAsync(subject.Identifiers, ct)).Concat(subject.Texts.Where(ContactPoints.IsId)).Distinct(StringComparer.Ordinal)];

    private static Predicate<ConsentEntry> Tells(DataSubject subject)
    {
        var (keys, own) = (subject.Identifiers.ToHashSet(StringComparer.Ordinal), subject.Texts.ToHashSet(StringComparer.Ordinal));
        return e => keys.Contains(e.Key) || own.Contains(e.Point);
    }
}
