using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Tangent.Access;

/// <summary>Ties the cookie to a session on the server: signing in begins one, every request asks whether it still is, signing out ends it.</summary>
internal sealed class SessionCookie(OpenSessions open, SessionQueries sessions, AuditQueries audit) : CookieAuthenticationEvents
{
    private const int LongestBrowser = 200;

    /// <summary>Identity's claim that holds the security stamp.</summary>
    private const string StampClaim = "AspNet.Identity.SecurityStamp";

    public override async Task SigningIn(CookieSigningInContext context)
    {
        var http = context.HttpContext;
        var identity = (ClaimsIdentity)context.Principal!.Identity!;
        var browser = http.Request.Headers.UserAgent.ToString();
        var session = new Session
        {
            UserId = Guid.Parse(identity.FindFirst(ClaimTypes.NameIdentifier)!.Value),
            Stamp = identity.FindFirst(StampClaim)!.Value,
            Browser = browser.Length > LongestBrowser ? browser[..LongestBrowser] : browser,
            Address = http.Connection.RemoteIpAddress?.ToString() ?? "",
        };
        await sessions.AddAsync(session, http.RequestAborted);
        identity.AddClaim(new Claim(Actor.SessionClaim, session.Id.ToString()));
        await audit.AddAsync(AuditEntry.OfSignIn(Actor.Of(context.Principal), identity.FindFirst(ClaimTypes.AuthenticationMethod)?.Value ?? "password", refused: false), http.RequestAborted);
    }

    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        var state = context.Principal?.SessionId() is { } id ? await open.FindAsync(id, context.HttpContext.RequestAborted) : null;
        if (state is null)
        {
            context.RejectPrincipal();
            context.HttpContext.Response.Cookies.Delete(context.Options.Cookie.Name!, new CookieOptions { Path = "/" });
            return;
        }

        // The role of now, not of when the cookie was made.
        var identity = new ClaimsIdentity(context.Scheme.Name, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, state.UserId.ToString()));
        identity.AddClaim(new Claim(ClaimTypes.Name, state.Name));
        identity.AddClaim(new Claim(ClaimTypes.Role, state.Role.ToString()));
        identity.AddClaim(new Claim(Actor.SessionClaim, context.Principal!.SessionId()!.Value.ToString()));
        context.ReplacePrincipal(new ClaimsPrincipal(identity));
    }

    public override async Task SigningOut(CookieSigningOutContext context)
    {
        if (context.HttpContext.User.SessionId() is not { } id || await sessions.EndAsync(id, null, context.HttpContext.RequestAborted) is not { } userId) return;
        open.Forget(userId);
    }

    public override Task RedirectToLogin(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (context.Request.Path.StartsWithSegments("/api")) context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        else context.Response.Redirect(context.RedirectUri);
        return Task.CompletedTask;
    }

    public override Task RedirectToAccessDenied(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}
