using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Access;

/// <param name="Key">Secret to type where the picture cannot be read, in groups of four.</param>
/// <param name="Picture">The same as a QR code, a data address.</param>
public sealed record TwoFactorModel(string Key, string Picture, string? Error = null);

public sealed record RecoveryCodesModel(IReadOnlyList<string> Codes);

/// <summary>The second step of signing in by password: a code of an authenticator app.</summary>
internal static class TwoFactorEndpoints
{
    private const int RecoveryCodes = 10;

    public static void MapTwoFactor(this WebApplication app)
    {
        var pages = app.MapGroup("/access/account/two-factor").ExcludeFromDescription();
        pages.MapPost("/key", PrepareAsync);
        pages.MapGet("", ShowAsync);
        pages.MapPost("", BeginAsync);
        pages.MapPost("/end", EndAsync);
        pages.MapPost("/recovery-codes", RenewCodesAsync);
    }

    private static async Task<RedirectHttpResult> PrepareAsync(HttpContext http, IFormCollection form, UserManager<User> users, IUserStore<User> store, CancellationToken ct)
    {
        if (await users.GetUserAsync(http.User) is not { TwoFactorEnabled: false } user) return TypedResults.LocalRedirect("/access/account");
        // Straight into the store: a key that does not count yet ends no session.
        await ((IUserAuthenticatorKeyStore<User>)store).SetAuthenticatorKeyAsync(user, users.GenerateNewAuthenticatorKey(), ct);
        await users.UpdateAsync(user);
        return TypedResults.LocalRedirect("/access/account/two-factor");
    }

    private static async Task<IResult> ShowAsync(HttpContext http, UserManager<User> users) =>
        await users.GetUserAsync(http.User) is { TwoFactorEnabled: false } user && await users.GetAuthenticatorKeyAsync(user) is { Length: > 0 }
            ? http.Show<TwoFactorPage>(await ModelAsync(users, user, null))
            : TypedResults.LocalRedirect("/access/account");

    private static async Task<IResult> BeginAsync(HttpContext http, UserManager<User> users, People people, [FromForm] string? code)
    {
        if (await users.GetUserAsync(http.User) is not { TwoFactorEnabled: false } user) return TypedResults.LocalRedirect("/access/account");
        var given = string.Concat((code ?? "").Where(c => !char.IsWhiteSpace(c)));
        if (!await users.VerifyTwoFactorTokenAsync(user, users.Options.Tokens.AuthenticatorTokenProvider, given))
            return http.Show<TwoFactorPage>(await ModelAsync(users, user, T("Access.Code.Wrong")), StatusCodes.Status422UnprocessableEntity);
        await users.SetTwoFactorEnabledAsync(user, true);
        await KeepAsync(http, people, user);
        return await CodesAsync(http, users, user);
    }

    private static async Task<IResult> EndAsync(HttpContext http, UserManager<User> users, Passwords passwords, People people, [FromForm] string? password, CancellationToken ct)
    {
        if (await users.GetUserAsync(http.User) is not { } user) return TypedResults.LocalRedirect("/access/account");
        if (await passwords.RefusalAsync(user, password) is { } refusal) return await AccountEndpoints.ShowAsync(http, refusal, null, ct);
        await users.SetTwoFactorEnabledAsync(user, false);
        await users.ResetAuthenticatorKeyAsync(user);
        await KeepAsync(http, people, user);
        return TypedResults.LocalRedirect("/access/account");
    }

    private static async Task<IResult> RenewCodesAsync(HttpContext http, UserManager<User> users, Passwords passwords, [FromForm] string? password, CancellationToken ct)
    {
        if (await users.GetUserAsync(http.User) is not { TwoFactorEnabled: true } user) return TypedResults.LocalRedirect("/access/account");
        return await passwords.RefusalAsync(user, password) is { } refusal ? await AccountEndpoints.ShowAsync(http, refusal, null, ct) : await CodesAsync(http, users, user);
    }

    private static async Task<IResult> CodesAsync(HttpContext http, UserManager<User> users, User user) =>
        http.Show<RecoveryCodesPage>(new RecoveryCodesModel([.. (await users.GenerateNewTwoFactorRecoveryCodesAsync(user, RecoveryCodes))!]));

    // Identity changes the security stamp with the key and the switch; this browser has just shown who it is.
    private static Task KeepAsync(HttpContext http, People people, User user) => people.KeepOnlyAsync(http.User.SessionId()!.Value, user);

    private static async Task<TwoFactorModel> ModelAsync(UserManager<User> users, User user, string? error)
    {
        var key = (await users.GetAuthenticatorKeyAsync(user))!;
        var address = $"otpauth://totp/Tangent:{Uri.EscapeDataString(user.Email!)}?secret={key}&issuer=Tangent&algorithm=SHA1&digits=6&period=30";
        return new TwoFactorModel(string.Join(' ', key.Chunk(4).Select(c => new string(c))), QrPicture.Of(address), error);
    }
}
