namespace Tangent.Web;

/// <summary>Certificate of the <c>https://</c> addresses that Tangent listens on itself. Behind a proxy that speaks HTTPS none is needed.</summary>
public sealed class HttpsOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Https";

    /// <summary>PEM file (the certificate, then its chain) or PFX file. A renewed file is taken within ten seconds, without a restart.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>PEM file of the private key; none where it stands in the certificate's file.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>Password of the key or the PFX file.</summary>
    public string Password { get; set; } = "";

    /// <summary>Days for which browsers are told to use HTTPS only (HSTS); 0 to tell them nothing.</summary>
    public int HstsDays { get; set; }
}

/// <summary>Proxies before this server, which say by <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Host</c> who really asks. From anybody else such headers are not believed.</summary>
public sealed class ProxyOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Proxy";

    /// <summary>Addresses or networks of these proxies, separated by commas, for example <c>127.0.0.1, 10.0.0.0/8</c>.</summary>
    public string Trusted { get; set; } = "";
}
