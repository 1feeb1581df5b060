using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Tangent.Access;

/// <summary><c>Authorization: Bearer</c> with the secret of an API key.</summary>
internal sealed class ApiKeyAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeyQueries keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";
    private const string Bearer = "Bearer";
    private const string AreaClaim = "tangent:area";
    private const int LongestSecret = 200;

    /// <summary>Somebody shows a key, were it an empty one: a session beside it does not make up for a wrong one.</summary>
    public static bool IsAskedFor(HttpContext http)
    {
        var header = http.Request.Headers.Authorization.ToString();
        return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && (header.Length == Bearer.Length || header[Bearer.Length] == ' ');
    }

    /// <summary>Refuses what lies outside of the parts of the API that a key is for.</summary>
    public static Task KeepToAreasAsync(HttpContext http, RequestDelegate next)
    {
        if (http.User.FindFirst(AreaClaim) is null || http.User.HasClaim(AreaClaim, AreaOf(http.Request.Path))) return next(http);
        return TypedResults.Problem(
            $"This key is for {string.Join(", ", http.User.FindAll(AreaClaim).Select(c => "/api/v1/" + c.Value))} only. An owner can make one for more.",
            title: "Not with this key.", statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(http);
    }

    /// <summary>The part of the API an address lies in: of <c>/api/v1/map/touchpoints</c>, map; empty outside of the API.</summary>
    public static string AreaOf(PathString path) =>
        path.StartsWithSegments("/api/v1", out var rest) && rest.Value is { Length: > 1 } within ? within[1..].Split('/')[0].ToLowerInvariant() : "";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var secret = Request.Headers.Authorization.ToString()[Bearer.Length..].Trim();
        if (secret.Length > LongestSecret || await keys.UseAsync(secret, Context.RequestAborted) is not { } key) return AuthenticateResult.Fail("There is no such key.");
        var identity = new ClaimsIdentity(
            [new(Actor.KeyClaim, key.Id.ToString()), new(ClaimTypes.Name, key.Name), new(ClaimTypes.Role, key.Scope.ToString())], SchemeName);
        identity.AddClaims(key.Areas.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(a => new Claim(AreaClaim, a)));
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }
}
