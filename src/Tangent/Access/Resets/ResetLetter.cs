using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Tangent.Data;
using Tangent.Mail;
using static Tangent.Web.Texts;

namespace Tangent.Access;

/// <summary>The letter with a link for a new password.</summary>
internal sealed class ResetLetter(UserManager<User> users, OutboxQueries outbox, IOptionsMonitor<MailOptions> mail, IOptionsMonitor<CompanyOptions> company)
{
    /// <summary>Puts the letter into the outbox; where nobody has the address, or they may not sign in by password, nothing happens.</summary>
    public async Task WriteAsync(string email, string language, CancellationToken ct)
    {
        if (await users.FindByEmailAsync(email) is not { DisabledUtc: null, PasswordHash: not null } user || !Letter.CanGoTo(user.Email)) return;
        var link = mail.CurrentValue.PublicAddress.TrimEnd('/') + await PasswordReset.LinkAsync(users, user);
        outbox.Put(LetterLayout.Write(user.Email!, user.Language ?? language, company.CurrentValue.Name, () => new LetterBody(
            T("Access.Reset.LetterSubject"), [T("Access.Reset.LetterText"), T("Access.Reset.LetterUnasked")], T("Access.Reset.LetterButton"), link)));
        await outbox.SaveAsync(ct);
    }
}
