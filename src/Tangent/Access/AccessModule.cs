using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Tangent.Data;

namespace Tangent.Access;

internal static class AccessModule
{
    public static void AddAccess(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddAuthentication("Tangent")
            .AddScheme<AuthenticationSchemeOptions, LocalAuthentication>(LocalAuthentication.SchemeName, null)
            .AddPolicyScheme("Tangent", null, o => o.ForwardDefaultSelector = LocalAuthentication.SchemeFor)
            .AddIdentityCookies();
        services.AddIdentityCore<User>(o =>
            {
                o.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
                o.User.RequireUniqueEmail = true;
                o.Password.RequiredLength = 12;
                o.Password.RequireDigit = o.Password.RequireLowercase = o.Password.RequireUppercase = o.Password.RequireNonAlphanumeric = false;
                o.Lockout.MaxFailedAccessAttempts = 5;
                o.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(10);
            })
            .AddSignInManager().AddEntityFrameworkStores<TangentDb>().AddClaimsPrincipalFactory<UserClaims>();
        services.ConfigureApplicationCookie(o =>
        {
            o.Cookie.Name = "tangent";
            o.Cookie.SameSite = SameSiteMode.Lax;
            o.LoginPath = "/access/sign-in";
            o.ExpireTimeSpan = TimeSpan.FromDays(14);
            o.Events.OnRedirectToLogin = c => Redirect(c, StatusCodes.Status401Unauthorized);
            o.Events.OnRedirectToAccessDenied = c => Refuse(c.Response, StatusCodes.Status403Forbidden);
        });
        services.AddAuthorizationBuilder().AddRights();
        services.AddScoped<InvitationQueries>();
    }

    public static void UseAccess(this WebApplication app)
    {
        app.Use(OriginGuard.CheckAsync);
        app.MapSignIn();
        app.MapInvitations();
    }

    private static Task Redirect(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        if (context.Request.Path.StartsWithSegments("/api")) return Refuse(context.Response, status);
        context.Response.Redirect(context.RedirectUri);
        return Task.CompletedTask;
    }

    private static Task Refuse(HttpResponse response, int status)
    {
        response.StatusCode = status;
        return Task.CompletedTask;
    }
}
