using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Access;

public sealed record SignInModel(string ReturnUrl, string? Email = null, string? Error = null);

internal static class SignInEndpoints
{
    public static void MapSignIn(this WebApplication app)
    {
        var access = app.MapGroup("/access").ExcludeFromDescription();
        access.MapGet("/sign-in", Show).AllowAnonymous();
        access.MapPost("/sign-in", SignInAsync).AllowAnonymous();
        access.MapPost("/sign-out", SignOutAsync);
    }

    private static RazorComponentResult<PageHost> Show(HttpContext http, string? returnUrl) =>
        http.Show<SignInPage>(new SignInModel(LocalAddress.Of(returnUrl)));

    private static async Task<IResult> SignInAsync(HttpContext http, SignInManager<User> signIn, [FromForm] string? email, [FromForm] string? password, [FromForm] string? returnUrl)
    {
        var result = await signIn.PasswordSignInAsync(email ?? "", password ?? "", isPersistent: true, lockoutOnFailure: true);
        if (result.Succeeded) return TypedResults.LocalRedirect(LocalAddress.Of(returnUrl));
        var error = result.IsLockedOut ? T("Access.SignIn.Locked") : T("Access.SignIn.Wrong");
        return http.Show<SignInPage>(new SignInModel(LocalAddress.Of(returnUrl), email, error), StatusCodes.Status401Unauthorized);
    }

    // The form is asked for so that its antiforgery token is checked.
    private static async Task<RedirectHttpResult> SignOutAsync(SignInManager<User> signIn, IFormCollection form)
    {
        await signIn.SignOutAsync();
        return TypedResults.LocalRedirect("/access/sign-in");
    }
}
