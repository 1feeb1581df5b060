namespace Tangent.Access;

/// <summary>Signing in by an OpenID Connect provider such as Entra ID, Keycloak or Google. Its redirect address is <c>/access/single-sign-on/callback</c> on this server.</summary>
public sealed class SingleSignOnOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "SingleSignOn";

    /// <summary>Address of the provider, under which <c>/.well-known/openid-configuration</c> lies; empty = no single sign-on. <c>http</c> is taken on this machine only.</summary>
    public string Authority { get; set; } = "";

    /// <summary>What the button says: sign in with …</summary>
    public string Name { get; set; } = "Single sign-on";

    /// <summary>Id under which the provider knows Tangent.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>Secret that belongs to it; better in the environment (<c>TANGENT_SingleSignOn__ClientSecret</c>) than in a file.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>Role of people who come for the first time: viewer, contributor or editor; empty = only those who were invited or have an account.</summary>
    public string NewUsers { get; set; } = "";

    /// <summary>Domains of e-mail addresses that new people may have, separated by blanks; empty = any that the provider vouches for.</summary>
    public string Domains { get; set; } = "";

    internal bool IsOn => Authority.Length > 0;

    internal bool IsValid => !IsOn || (ClientId.Length > 0 && Uri.TryCreate(Authority, UriKind.Absolute, out var at) && (at.Scheme == "https" || (at.Scheme == "http" && at.IsLoopback))
        && (NewUsers.Length == 0 || (User.TryReadRole(NewUsers, out var role) && role != Role.Owner)));
}
