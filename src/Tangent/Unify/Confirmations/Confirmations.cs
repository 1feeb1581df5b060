using Tangent.Collect;

namespace Tangent.Unify;

/// <summary>Records the answer to a letter: when, to which wording, and by the link of which letter.</summary>
internal sealed class Confirmations(ConsentQueries queries, Consents consents, ConsentPurposes purposes, JourneyStore journeys)
{
    public async Task AnswerAsync(ConfirmationTicket ticket, ConsentState state, CancellationToken ct)
    {
        var standing = await queries.StandingAsync([ticket.Point], ct);
        // Who was erased since the letter was written is named nowhere again.
        var key = ticket.Key.Length > 0 && journeys.CustomerOf(ticket.Key) is not null ? ticket.Key : "";
        await consents.RecordAsync([.. Items(ticket, purposes).Where(i => standing.Find(c => c.Purpose == i.Purpose.Key && c.Topic == i.Topic)?.State != state).Select(i => new ConsentChange(
            ticket.Point, i.Purpose.Key, i.Topic, state, ConsentOrigin.Confirmation, ticket.Letter, i.Purpose.WordingVersion,
            i.Topic.Length == 0 ? i.Purpose.Wording : $"{i.Purpose.Wording} – {i.Purpose.TopicName(i.Topic)}", key))], ct);
    }

    /// <summary>What the letter asked about and there still is.</summary>
    public static IEnumerable<NamedPurpose> Items(ConfirmationTicket ticket, ConsentPurposes purposes) => ticket.Items.Select(i => i.Split('/', 2))
        .Select(i => purposes.Find(i[0]) is { } purpose ? new NamedPurpose(purpose, i.Length > 1 ? i[1] : "") : null).OfType<NamedPurpose>();
}
