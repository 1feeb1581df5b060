using System.Net.Sockets;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Tangent.Web;

namespace Tangent.Access;

/// <summary>Whoever may open the data folder's socket owns the data anyway and acts as owner; in a demo everyone on this machine is the demo user.</summary>
internal sealed class LocalAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Local";

    /// <summary>The scheme that decides for a request: a key that is shown counts; who is here by the socket or in a demo needs no cookie.</summary>
    public static string SchemeFor(HttpContext http) =>
        ApiKeyAuthentication.IsAskedFor(http) ? ApiKeyAuthentication.SchemeName
        : IsSocket(http) || http.RequestServices.GetRequiredService<ServerOptions>().Demo ? SchemeName : IdentityConstants.ApplicationScheme;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var identity = new ClaimsIdentity(
            [new(ClaimTypes.Name, IsSocket(Context) ? "local" : "Demo"), new(ClaimTypes.Role, nameof(Role.Owner))], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }

    public static bool IsSocket(HttpContext http) =>
        http.Features.Get<IConnectionSocketFeature>()?.Socket.AddressFamily == AddressFamily.Unix;
}
