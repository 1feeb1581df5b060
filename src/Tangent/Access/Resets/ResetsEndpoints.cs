using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Tangent.Mail;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Access;

public sealed record ResetModel(Guid User, string Token, string Email, string? Error = null);

/// <param name="CanSend">A mail server is set up.</param>
/// <param name="Sent">The link was asked for.</param>
public sealed record ResetRequestModel(bool CanSend, bool Sent);

internal static class ResetsEndpoints
{
    public static void MapResets(this WebApplication app)
    {
        var pages = app.MapGroup("/access/reset").AllowAnonymous().ExcludeFromDescription();
        pages.MapGet("", ShowAsync);
        pages.MapPost("", ResetAsync);
        pages.MapGet("/request", ShowRequest);
        pages.MapPost("/request", Request);
    }

    private static RazorComponentResult<PageHost> ShowRequest(HttpContext http, IOptionsMonitor<MailOptions> mail) =>
        http.Show<ResetRequestPage>(new ResetRequestModel(mail.CurrentValue.CanSendLinks, Sent: false));

    private static RazorComponentResult<PageHost> Request(
        HttpContext http, [FromForm] string? email, SignInThrottle throttle, ResetRequests requests, IOptionsMonitor<MailOptions> mail)
    {
        var address = email?.Trim() ?? "";
        var canSend = mail.CurrentValue.CanSendLinks;
        // Too many are dropped without a word: the answer is always the same.
        if (canSend && Letter.CanGoTo(address) && throttle.MayAskForLetter(SignInThrottle.From(http), address)) requests.Put(address, CultureInfo.CurrentUICulture.TwoLetterISOLanguageName);
        return http.Show<ResetRequestPage>(new ResetRequestModel(canSend, Sent: true));
    }

    private static async Task<IResult> ShowAsync(HttpContext http, UserManager<User> users, Guid? user, string? token) =>
        await FindAsync(users, user, token) is { } found ? http.Show<ResetPage>(new ResetModel(found.Id, token!, found.Email!)) : Gone(http);

    private static async Task<IResult> ResetAsync(
        HttpContext http, UserManager<User> users, People people, SignInThrottle throttle,
        [FromForm] Guid? user, [FromForm] string? token, [FromForm] string? password)
    {
        if (await FindAsync(users, user, token) is not { } found) return Gone(http);
        if ((password ?? "").Length < Passwords.Shortest)
            return http.Show<ResetPage>(new ResetModel(found.Id, token!, found.Email!, T("Access.Invitation.ShortPassword")), StatusCodes.Status422UnprocessableEntity);
        var reset = await users.ResetPasswordAsync(found, token!, password!);
        if (!reset.Succeeded) return Gone(http);
        // Who proves to own the address by the link need not wait for a lock that somebody else may have caused.
        await users.SetLockoutEndDateAsync(found, null);
        throttle.Forget(found.Email!);
        await people.EndSessionsAsync(found.Id, null, CancellationToken.None);
        await AuditTrail.RecordAsync(http, Actor.Of(found));
        return TypedResults.LocalRedirect("/access/sign-in");
    }

    private static async Task<User?> FindAsync(UserManager<User> users, Guid? id, string? token) =>
        id is { } known && token is { Length: > 0 } && await users.FindByIdAsync(known.ToString()) is { DisabledUtc: null } user
        && await users.VerifyUserTokenAsync(user, users.Options.Tokens.PasswordResetTokenProvider, UserManager<User>.ResetPasswordTokenPurpose, token) ? user : null;

    private static RazorComponentResult<PageHost> Gone(HttpContext http) => http.Show<ResetGonePage>(new object(), StatusCodes.Status404NotFound);
}
