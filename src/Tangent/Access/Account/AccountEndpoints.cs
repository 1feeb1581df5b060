using System.Buffers.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Access;

/// <param name="Id">Credential id as base64url.</param>
public sealed record PasskeyLine(string Id, string Name, DateTime Created);

/// <param name="Person">Null where nobody has signed in: a demo, the socket, an API key.</param>
public sealed record AccountModel(
    Person? Person, bool HasPassword, string Language, string Theme, bool MentionLetters, IReadOnlyList<PasskeyLine> Passkeys, int RecoveryCodes, IReadOnlyList<SessionLine> Sessions, Guid? Session,
    string? Error = null, string? Note = null);

/// <summary>What people do with their own account.</summary>
internal static class AccountEndpoints
{
    public static void MapAccount(this WebApplication app)
    {
        var pages = app.MapGroup("/access/account").ExcludeFromDescription();
        pages.MapGet("", async (HttpContext http, string? note, CancellationToken ct) => await ShowAsync(http, null, note == "password" ? T("Access.Account.PasswordChanged") : null, ct));
        pages.MapPost("/password", ChangePasswordAsync);
        pages.MapPost("/preferences", SetPreferencesAsync);
        pages.MapPost("/sessions/{id:guid}/end", EndSessionAsync);
        pages.MapPost("/sessions-end", EndOtherSessionsAsync);
    }

    public static async Task<IResult> ShowAsync(HttpContext http, string? error, string? note, CancellationToken ct)
    {
        var services = http.RequestServices;
        var users = services.GetRequiredService<UserManager<User>>();
        if (http.User.PersonId() is not { } id || await users.FindByIdAsync(id.ToString()) is not { } user)
            return http.Show<AccountPage>(new AccountModel(null, false, "en", "auto", false, [], 0, [], null));
        var passkeys = (await users.GetPasskeysAsync(user)).OrderBy(p => p.CreatedAt)
            .Select(p => new PasskeyLine(Base64Url.EncodeToString(p.CredentialId), p.Name ?? "–", p.CreatedAt.UtcDateTime));
        return http.Show<AccountPage>(
            new AccountModel(
                await services.GetRequiredService<UserQueries>().FindAsync(id, ct), await users.HasPasswordAsync(user), user.Language ?? "", user.Theme ?? "auto", !user.NoMentionLetters, [.. passkeys],
                user.TwoFactorEnabled ? await users.CountRecoveryCodesAsync(user) : 0, await services.GetRequiredService<SessionQueries>().ListAsync(id, ct), http.User.SessionId(), error, note),
            error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity, "/access/account");
    }

    private static async Task<IResult> ChangePasswordAsync(
        HttpContext http, UserManager<User> users, Passwords passwords, People people, [FromForm] string? current, [FromForm] string? password, CancellationToken ct)
    {
        if (await users.GetUserAsync(http.User) is not { } user) return TypedResults.LocalRedirect("/access/account");
        if ((password ?? "").Length < Passwords.Shortest) return await ShowAsync(http, T("Access.Invitation.ShortPassword"), null, ct);
        if (await passwords.RefusalAsync(user, current) is { } refusal) return await ShowAsync(http, refusal, null, ct);
        if (!(await users.ChangePasswordAsync(user, current ?? "", password!)).Succeeded) return await ShowAsync(http, T("Access.Account.WrongPassword"), null, ct);
        await people.KeepOnlyAsync(http.User.SessionId()!.Value, user);
        return TypedResults.LocalRedirect("/access/account?note=password");
    }

    private static async Task<RedirectHttpResult> SetPreferencesAsync(HttpContext http, UserQueries users, [FromForm] string? language, [FromForm] string? theme, [FromForm] bool? mentionLetters, CancellationToken ct)
    {
        if (http.User.PersonId() is { } id && PreferencesEndpoints.Languages.Contains(language) && PreferencesEndpoints.Themes.Contains(theme))
        {
            await users.SetPreferencesAsync(id, language, theme, noMentionLetters: mentionLetters != true, ct);
            PreferencesEndpoints.KeepLanguage(http, language);
            PreferencesEndpoints.KeepTheme(http, theme);
        }

        return TypedResults.LocalRedirect("/access/account");
    }

    private static async Task<RedirectHttpResult> EndSessionAsync(HttpContext http, Guid id, IFormCollection form, People people, CancellationToken ct)
    {
        if (http.User.PersonId() is { } person) await people.EndSessionAsync(id, person, ct);
        return TypedResults.LocalRedirect("/access/account#sessions");
    }

    private static async Task<RedirectHttpResult> EndOtherSessionsAsync(HttpContext http, IFormCollection form, People people, CancellationToken ct)
    {
        if (http.User.PersonId() is { } person) await people.EndSessionsAsync(person, http.User.SessionId(), ct);
        return TypedResults.LocalRedirect("/access/account#sessions");
    }
}
