using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Tangent.Access;

internal static class SingleSignOn
{
    public const string SchemeName = "SingleSignOn";

    /// <summary>What the button says; null where no provider is set up.</summary>
    public static string? NameOf(HttpContext http) =>
        http.RequestServices.GetRequiredService<IOptions<SingleSignOnOptions>>().Value is { IsOn: true } options ? options.Name : null;

    public static ConfigurationManager<OpenIdConnectConfiguration> Provider(SingleSignOnOptions options) => new(
        options.Authority.TrimEnd('/') + "/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(),
        new HttpDocumentRetriever { RequireHttps = options.Authority.StartsWith("https:", StringComparison.OrdinalIgnoreCase) });

    public static void Configure(OAuthOptions o, SingleSignOnOptions options)
    {
        o.ClientId = options.ClientId;
        // A public client has none; the handler insists on something.
        o.ClientSecret = options.ClientSecret.Length > 0 ? options.ClientSecret : "none";
        o.CallbackPath = "/access/single-sign-on/callback";
        o.UsePkce = true;
        o.SignInScheme = IdentityConstants.ExternalScheme;
        // Replaced by what the provider says, before either is used.
        o.AuthorizationEndpoint = o.TokenEndpoint = options.Authority;
        o.CorrelationCookie.SameSite = SameSiteMode.Lax;
        o.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        o.Scope.Clear();
        foreach (var scope in (string[])["openid", "email", "profile"]) o.Scope.Add(scope);
        o.Events.OnRemoteFailure = async context =>
        {
            var services = context.HttpContext.RequestServices;
            services.GetRequiredService<ILogger<SingleSignOnHandler>>().LogWarning(context.Failure, "Single sign-on failed.");
            var (throttle, from) = (services.GetRequiredService<SignInThrottle>(), SignInThrottle.From(context.HttpContext));
            // The log is not for one place to fill.
            if (!throttle.IsTooMany(from))
            {
                throttle.Count(from);
                await services.GetRequiredService<AuditQueries>().AddAsync(AuditEntry.OfSignIn(Actor.Nobody, "single sign-on", refused: true), context.HttpContext.RequestAborted);
            }

            context.Response.Redirect("/access/sign-in?error=single-sign-on");
            context.HandleResponse();
        };
    }
}
