using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Tangent.Data;
using Tangent.Mail;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>A consent that waits for a letter to be confirmed.</summary>
/// <param name="Key">Identifier of which it was said, or empty.</param>
/// <param name="Language">The person's, or empty.</param>
/// <param name="IsPublic">Anybody may have asked for it.</param>
/// <param name="Holds">False where it is recorded and just not read yet: it need not stand.</param>
internal sealed record AskedConfirmation(ContactPoint Point, string Purpose, string Topic, string Key, string Language, DateTime ReceivedUtc, bool IsPublic, bool Holds = true);

/// <summary>
/// Writes the letters of the double opt-in into the outbox. A form that everybody can fill in must not fill a stranger's mailbox: one letter a day and
/// five in all for each consent; by public keys so many an hour, and so many a day to one address.
/// </summary>
internal sealed class ConfirmationLetters(
    OutboxQueries outbox, ConfirmationQueries requests, ConsentQueries consents, ConsentPurposes purposes, ContactPoints points, ConfirmationLinks links, PreferenceLinks preferences,
    IOptionsMonitor<MailOptions> mail, IOptionsMonitor<CompanyOptions> company, TimeProvider time)
{
    public const int MostLetters = 5;
    public const int MostPublicAnHour = 300;
    public const int MostPublicToOne = 3;
    private static readonly TimeSpan Between = TimeSpan.FromDays(1);

    // What is read from the log later than this, as after the loss of the database, was asked long ago.
    private static readonly TimeSpan Fresh = TimeSpan.FromDays(1);

    /// <summary>Whether letters can be sent. The links' host comes from the settings and never from a request.</summary>
    public bool CanBeSent => mail.CurrentValue.CanSendLinks;

    /// <summary>Writes what is still to be confirmed, one letter for each address.</summary>
    public async Task WriteAsync(IReadOnlyCollection<AskedConfirmation> asked, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var fresh = asked.Where(a => now - a.ReceivedUtc < Fresh && Letter.CanGoTo(a.Point.Value)).ToLookup(a => points.IdOf(a.Point));
        if (fresh.Count == 0 || !CanBeSent) return;
        var ids = fresh.Select(g => g.Key).ToList();
        var waits = (await consents.StandingAsync(ids, ct)).Where(c => c.State == ConsentState.Pending).Select(c => (c.Point, c.Purpose, c.Topic)).ToHashSet();
        var before = new Dictionary<(string, string, string), ConfirmationRequest>();
        foreach (var chunk in ids.Chunk(500))
            foreach (var request in await requests.OfAsync(chunk, ct)) before.Add((request.Point, request.Purpose, request.Topic), request);
        var left = MostPublicAnHour - await requests.PublicSinceAsync(now.AddHours(-1), ct);
        var written = new List<ConfirmationRequest>();
        foreach (var of in fresh)
        {
            // What one letter asked about was asked at one moment.
            var mayPublic = before.Values.Where(r => r.Point == of.Key && r.IsPublic && now - r.AskedUtc < Between).Select(r => r.AskedUtc).Distinct().Count() < MostPublicToOne;
            var items = of.DistinctBy(a => (a.Purpose, a.Topic)).Where(a => (!a.Holds || waits.Contains((of.Key, a.Purpose, a.Topic)))
                && (before.GetValueOrDefault((of.Key, a.Purpose, a.Topic)) is not { } last || (last.Letters < MostLetters && now - last.AskedUtc >= Between)) && (!a.IsPublic || (mayPublic && left-- > 0))).ToList();
            if (items.Count == 0) continue;
            outbox.Put(Write(of.Key, items));
            written.AddRange(items.Select(a => new ConfirmationRequest
            {
                Point = of.Key,
                Purpose = a.Purpose,
                Topic = a.Topic,
                AskedUtc = now,
                Letters = 1 + (before.GetValueOrDefault((of.Key, a.Purpose, a.Topic))?.Letters ?? 0),
                IsPublic = a.IsPublic,
            }));
        }

        if (written.Count > 0) await requests.SaveAsync(written, () => outbox.SaveAsync(ct), ct);
    }

    private Letter Write(string id, List<AskedConfirmation> items)
    {
        var (first, address) = (items[0], mail.CurrentValue.PublicAddress);
        var ticket = new ConfirmationTicket(id, first.Point.Masked, first.Key, Convert.ToHexString(RandomNumberGenerator.GetBytes(4)), [.. items.Select(i => PreferenceCentre.Field(i.Purpose, i.Topic))]);
        var language = items.Select(i => i.Language).FirstOrDefault(l => l.Length > 0) ?? LanguageOf(company.CurrentValue);
        var stop = preferences.Make(address, new PreferenceTicket(id, first.Point.Masked, first.Key, first.Purpose, first.Topic), PreferenceLinks.UsualDays).OneClickUrl;
        return LetterLayout.Write(first.Point.Value, language, company.CurrentValue.Name, () => new LetterBody(
            T("Unify.Confirmation.Subject"),
            [
                T("Unify.Confirmation.Text"),
                .. items.Select(i => purposes.Find(i.Purpose) is { } purpose ? $"{purpose.Name}{(i.Topic.Length > 0 ? $" – {purpose.TopicName(i.Topic)}" : "")}: {purpose.Wording}" : i.Purpose),
                T("Unify.Confirmation.Unasked", ConfirmationLinks.Days),
            ],
            T("Unify.Confirmation.Button"), $"{links.Make(address, ticket)}?lang={language}", Why: company.CurrentValue.Name is { Length: > 0 } name ? T("Unify.Confirmation.WhyCompany", name) : T("Unify.Confirmation.Why"))) with
        { UnsubscribeUrl = stop };
    }

    private static string LanguageOf(CompanyOptions company) => company.OwnCountry() == "PL" ? "pl" : "de";
}
