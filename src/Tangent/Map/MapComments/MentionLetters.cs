using System.Globalization;
using Microsoft.Extensions.Options;
using Tangent.Access;
using Tangent.Data;
using Tangent.Mail;
using static Tangent.Web.Texts;

namespace Tangent.Map;

/// <summary>
/// The letter to whoever a comment names. It says where, not what: a text that names a customer can be erased here, but not in a mailbox.
/// Only people with an account that is open get one, all of whom may see every map.
/// </summary>
internal sealed class MentionLetters(OutboxQueries outbox, UserQueries users, IOptionsMonitor<MailOptions> mail, IOptionsMonitor<CompanyOptions> company)
{
    /// <summary>Puts the letters into the outbox; they are kept together with the comment.</summary>
    public async Task PutAsync(JourneyMap map, MapComment comment, IReadOnlyList<string> mentioned, CancellationToken ct)
    {
        // Without a mail server they would wait, and all go out on the day there is one.
        if (!mail.CurrentValue.IsConfigured) return;
        var address = mail.CurrentValue.PublicAddress.TrimEnd('/');
        var asked = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
        foreach (var (to, language) in await users.MentionLettersAsync([.. mentioned.Where(id => id != comment.ById || comment.ByKind != ActorKind.Person)], ct))
        {
            if (!Letter.CanGoTo(to)) continue;
            outbox.Put(LetterLayout.Write(to, language ?? asked, company.CurrentValue.Name, () => new LetterBody(
                T("Map.Mentions.LetterSubject", map.Name), [T("Map.Mentions.LetterText", comment.By.Length > 0 ? comment.By : T("Map.Live.Somebody"), map.Name)],
                address.Length > 0 ? T("Map.Mentions.LetterButton") : null, address.Length > 0 ? address + MapCommentsEndpoints.AddressOf(comment) : null,
                Last: address.Length > 0 ? new LetterChoice(T("Map.Mentions.LetterLast"), address + "/access/account") : null)));
        }
    }
}
