using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Tangent.Web;

namespace Tangent.Access;

internal static class SingleSignOnEndpoints
{
    public static void MapSingleSignOn(this WebApplication app)
    {
        var pages = app.MapGroup("/access/single-sign-on").AllowAnonymous().ExcludeFromDescription();
        pages.MapGet("", Begin);
        pages.MapGet("/done", DoneAsync);
    }

    private static IResult Begin(HttpContext http, SignInManager<User> signIn, string? returnUrl)
    {
        if (SingleSignOn.NameOf(http) is null) return TypedResults.NotFound();
        var done = "/access/single-sign-on/done?returnUrl=" + Uri.EscapeDataString(LocalAddress.Of(returnUrl));
        return TypedResults.Challenge(signIn.ConfigureExternalAuthenticationProperties(SingleSignOn.SchemeName, done), [SingleSignOn.SchemeName]);
    }

    private static async Task<RedirectHttpResult> DoneAsync(
        HttpContext http, SignInManager<User> signIn, InvitationQueries invitations, IOptions<SingleSignOnOptions> options, AuditQueries audit, string? returnUrl, CancellationToken ct)
    {
        if (SingleSignOn.NameOf(http) is null || await signIn.GetExternalLoginInfoAsync() is not { } info) return Back("single-sign-on");
        var user = await signIn.UserManager.FindByLoginAsync(info.LoginProvider, info.ProviderKey) ?? await JoinAsync(http, signIn.UserManager, info, invitations, options.Value, ct);
        // The provider's cookie has served its purpose.
        await http.SignOutAsync(IdentityConstants.ExternalScheme);
        if (user is null || !await signIn.CanSignInAsync(user))
        {
            await audit.AddAsync(AuditEntry.OfSignIn(Actor.Nobody, "single sign-on", refused: true), ct);
            return Back("not-invited");
        }

        await signIn.SignInAsync(user, isPersistent: true, "single sign-on");
        AccountPreferences.Restore(http, user);
        return TypedResults.LocalRedirect(LocalAddress.Of(returnUrl));
    }

    /// <summary>Who comes for the first time: the account with this address, else a new one for who was invited or where everybody may. Only an address that the provider vouches for counts, else anybody could claim another's account.</summary>
    private static async Task<User?> JoinAsync(
        HttpContext http, UserManager<User> users, ExternalLoginInfo info, InvitationQueries invitations, SingleSignOnOptions options, CancellationToken ct)
    {
        if (info.Principal.FindFirstValue("email") is not { Length: > 0 } email) return null;
        if (!string.Equals(info.Principal.FindFirstValue(SingleSignOnHandler.EmailVerifiedClaim), "true", StringComparison.OrdinalIgnoreCase)) return null;
        var user = await users.FindByEmailAsync(email);
        if (user is null)
        {
            var invitation = await invitations.FindByAddressAsync(email, ct);
            if ((invitation?.Role ?? RoleOfNew(email, options)) is not { } role) return null;
            user = User.Create(email, role);
            if (!(await users.CreateAsync(user)).Succeeded) return null;
            // Used only now that there is an account: else a failure would cost the person the invitation.
            if (invitation is not null && !await invitations.UseAsync(invitation, CancellationToken.None))
            {
                await users.DeleteAsync(user);
                return null;
            }

            await AuditTrail.RecordAsync(http, Actor.Of(user));
        }

        return (await users.AddLoginAsync(user, info)).Succeeded ? user : null;
    }

    private static Role? RoleOfNew(string email, SingleSignOnOptions options)
    {
        var domains = options.Domains.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var isOurs = domains.Length == 0 || domains.Contains(email[(email.LastIndexOf('@') + 1)..], StringComparer.OrdinalIgnoreCase);
        return isOurs && User.TryReadRole(options.NewUsers, out var role) ? role : null;
    }

    private static RedirectHttpResult Back(string error) => TypedResults.LocalRedirect("/access/sign-in?error=" + error);
}
