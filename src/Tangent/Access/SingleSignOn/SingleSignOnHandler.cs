using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Tangent.Access;

/// <summary>OpenID Connect's code flow with PKCE, on the platform's OAuth handler: adds what that lacks, discovery, a nonce and the check of the id token.</summary>
internal sealed class SingleSignOnHandler(IOptionsMonitor<OAuthOptions> options, ILoggerFactory logger, UrlEncoder encoder, ConfigurationManager<OpenIdConnectConfiguration> provider)
    : OAuthHandler<OAuthOptions>(options, logger, encoder)
{
    private const string NonceItem = ".nonce";
    private const int NonceBytes = 16;

    /// <summary>Whether the provider says the e-mail address is the person's.</summary>
    public const string EmailVerifiedClaim = "email_verified";

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        try
        {
            Options.AuthorizationEndpoint = (await provider.GetConfigurationAsync(Context.RequestAborted)).AuthorizationEndpoint;
        }
        catch (InvalidOperationException e)
        {
            Logger.LogWarning(e, "The provider of single sign-on cannot be asked for its configuration.");
            Response.Redirect("/access/sign-in?error=single-sign-on");
            return;
        }

        await base.HandleChallengeAsync(properties);
    }

    protected override string BuildChallengeUrl(AuthenticationProperties properties, string redirectUri)
    {
        var nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(NonceBytes));
        properties.Items[NonceItem] = nonce;
        return base.BuildChallengeUrl(properties, redirectUri) + "&nonce=" + nonce;
    }

    protected override async Task<OAuthTokenResponse> ExchangeCodeAsync(OAuthCodeExchangeContext context)
    {
        Options.TokenEndpoint = (await provider.GetConfigurationAsync(Context.RequestAborted)).TokenEndpoint;
        return await base.ExchangeCodeAsync(context);
    }

    protected override async Task<AuthenticationTicket> CreateTicketAsync(ClaimsIdentity identity, AuthenticationProperties properties, OAuthTokenResponse tokens)
    {
        var idToken = tokens.Response!.RootElement.TryGetProperty("id_token", out var token) ? token.GetString() : null;
        var claims = await ReadAsync(idToken) ?? throw new AuthenticationFailureException("The id token was refused.");
        if (!properties.Items.TryGetValue(NonceItem, out var nonce) || claims.FindFirst("nonce")?.Value != nonce) throw new AuthenticationFailureException("The id token belongs to another sign-in.");
        if (claims.FindFirst("sub")?.Value is not { Length: > 0 } subject) throw new AuthenticationFailureException("The id token names nobody.");
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, subject));
        foreach (var name in (string[])["email", EmailVerifiedClaim])
            if (claims.FindFirst(name) is { } claim) identity.AddClaim(new Claim(name, claim.Value));
        return new AuthenticationTicket(new ClaimsPrincipal(identity), properties, Scheme.Name);
    }

    private async Task<ClaimsIdentity?> ReadAsync(string? idToken)
    {
        var validated = await ValidateAsync(idToken);
        // The provider may have changed its keys since they were read.
        if (validated.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            provider.RequestRefresh();
            validated = await ValidateAsync(idToken);
        }

        return validated.IsValid ? validated.ClaimsIdentity : null;
    }

    private async Task<TokenValidationResult> ValidateAsync(string? idToken)
    {
        var configuration = await provider.GetConfigurationAsync(Context.RequestAborted);
        return await new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(idToken, new TokenValidationParameters
        {
            ValidIssuer = configuration.Issuer,
            ValidAudience = Options.ClientId,
            IssuerSigningKeys = configuration.SigningKeys,
            // Never a secret both sides know, never none.
            ValidAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"],
        });
    }
}
