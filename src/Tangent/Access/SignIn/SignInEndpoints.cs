using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Tangent.Web;
using static Tangent.Web.Texts;
using SignInResult = Microsoft.AspNetCore.Identity.SignInResult;

namespace Tangent.Access;

/// <param name="SingleSignOn">Name of the provider that people may sign in with; null where none is set up.</param>
public sealed record SignInModel(string ReturnUrl, string? SingleSignOn, string? Email = null, string? Error = null);

public sealed record CodeModel(string ReturnUrl, string? Error = null);

internal static class SignInEndpoints
{
    public static void MapSignIn(this WebApplication app)
    {
        var access = app.MapGroup("/access").ExcludeFromDescription();
        access.MapGet("/sign-in", Show).AllowAnonymous();
        access.MapPost("/sign-in", SignInAsync).AllowAnonymous();
        access.MapGet("/sign-in/code", ShowCodeAsync).AllowAnonymous();
        access.MapPost("/sign-in/code", SignInByCodeAsync).AllowAnonymous();
        access.MapPost("/sign-out", SignOutAsync);
    }

    public static RazorComponentResult<PageHost> Show(HttpContext http, string? returnUrl, string? error) =>
        http.Show<SignInPage>(new SignInModel(LocalAddress.Of(returnUrl), SingleSignOn.NameOf(http), null, error switch
        {
            "single-sign-on" => T("Access.SingleSignOn.Failed"),
            "not-invited" => T("Access.SingleSignOn.NotInvited"),
            _ => null,
        }));

    private static async Task<IResult> SignInAsync(
        HttpContext http, Passwords passwords, UserManager<User> users, [FromForm] string? email, [FromForm] string? password, [FromForm] string? returnUrl, CancellationToken ct)
    {
        var back = LocalAddress.Of(returnUrl);
        var address = email?.Trim() ?? "";
        var answer = await passwords.SignInAsync(http, address, password ?? "", ct);
        if (answer == PasswordAnswer.SignedIn)
        {
            AccountPreferences.Restore(http, await users.FindByEmailAsync(address));
            return TypedResults.LocalRedirect(back);
        }

        if (answer == PasswordAnswer.CodeNeeded) return TypedResults.LocalRedirect("/access/sign-in/code?returnUrl=" + Uri.EscapeDataString(back));
        var error = answer == PasswordAnswer.TooMany ? T("Access.SignIn.Locked") : T("Access.SignIn.Wrong");
        return http.Show<SignInPage>(new SignInModel(back, SingleSignOn.NameOf(http), email, error), StatusCodes.Status401Unauthorized);
    }

    private static async Task<IResult> ShowCodeAsync(HttpContext http, SignInManager<User> signIn, string? returnUrl) =>
        await signIn.GetTwoFactorAuthenticationUserAsync() is null
            ? TypedResults.LocalRedirect("/access/sign-in")
            : http.Show<CodePage>(new CodeModel(LocalAddress.Of(returnUrl)));

    private static async Task<IResult> SignInByCodeAsync(
        HttpContext http, SignInManager<User> signIn, SignInThrottle throttle, AuditQueries audit, [FromForm] string? code, [FromForm] string? returnUrl, CancellationToken ct)
    {
        if (await signIn.GetTwoFactorAuthenticationUserAsync() is not { } user) return TypedResults.LocalRedirect("/access/sign-in");
        var from = SignInThrottle.From(http);
        var given = string.Concat((code ?? "").Where(c => !char.IsWhiteSpace(c)));
        var result = throttle.IsTooMany(from) ? SignInResult.LockedOut
            : OneTimeCodes.LooksLikeOne(given) ? await signIn.TwoFactorAuthenticatorSignInAsync(given, isPersistent: true, rememberClient: false)
            : await signIn.TwoFactorRecoveryCodeSignInAsync(given);
        if (result.Succeeded)
        {
            AccountPreferences.Restore(http, user);
            return TypedResults.LocalRedirect(LocalAddress.Of(returnUrl));
        }

        throttle.Count(from);
        await audit.AddAsync(AuditEntry.OfSignIn(Actor.Of(user), "code", refused: true), ct);
        return http.Show<CodePage>(new CodeModel(LocalAddress.Of(returnUrl), T(result.IsLockedOut ? "Access.SignIn.Locked" : "Access.Code.Wrong")), StatusCodes.Status401Unauthorized);
    }

    // The form is asked for so that its antiforgery token is checked.
    private static async Task<RedirectHttpResult> SignOutAsync(SignInManager<User> signIn, IFormCollection form)
    {
        await signIn.SignOutAsync();
        return TypedResults.LocalRedirect("/access/sign-in");
    }
}
