namespace Tangent.Mail;

/// <summary>How the connection to the mail server is made safe.</summary>
public enum MailSecurity
{
    /// <summary>Plain connection that is made safe by STARTTLS; refused where the server does not offer it.</summary>
    StartTls,

    /// <summary>TLS from the first byte (usually port 465).</summary>
    Tls,

    /// <summary>No encryption; user and password are sent to this machine only.</summary>
    None,
}

/// <summary>The mail server that letters leave by. Without a host none is sent; they wait.</summary>
public sealed class MailOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Mail";

    /// <summary>Name of the mail server.</summary>
    public string Host { get; set; } = "";

    /// <summary>Its port.</summary>
    public int Port { get; set; } = 587;

    /// <summary><c>StartTls</c>, <c>Tls</c> (from the first byte, usually port 465) or <c>None</c>.</summary>
    public MailSecurity Security { get; set; } = MailSecurity.StartTls;

    /// <summary>Name to sign in with; empty where the server asks for none.</summary>
    public string User { get; set; } = "";

    /// <summary>Password to sign in with. Set on the settings page it is kept encrypted; it is never shown.</summary>
    public string Password { get; set; } = "";

    /// <summary>Address that letters come from.</summary>
    public string From { get; set; } = "";

    /// <summary>Address of this server as people reach it, for links in letters, for example <c>https://tangent.example.org</c>.</summary>
    public string PublicAddress { get; set; } = "";

    /// <summary>PEM file of a certificate authority that the mail server's certificate may come from, instead of those that the machine trusts.</summary>
    public string AuthorityFile { get; set; } = "";

    /// <summary>Letters can be sent.</summary>
    internal bool IsConfigured => Host.Length > 0 && Letter.CanGoTo(From);

    /// <summary>Letters that lead here can be sent. A link's host comes from the settings and never from the request, whose host the one who asks could choose.</summary>
    internal bool CanSendLinks => IsConfigured && PublicAddress.Length > 0;
}
