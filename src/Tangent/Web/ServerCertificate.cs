using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tangent.Web;

/// <summary>The certificate of the server's file with the chain that lies beside it there, read again when the file has changed.</summary>
internal sealed class ServerCertificate
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    private readonly HttpsOptions _options;
    private readonly Lock _reading = new();
    private volatile SslStreamCertificateContext _current;
    private DateTime _written;
    private long _looked = Environment.TickCount64;

    /// <exception cref="InvalidOperationException">The file cannot be used.</exception>
    public ServerCertificate(HttpsOptions options)
    {
        _options = options;
        try
        {
            (_current, _written) = (Read(), Written());
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"Https:CertificateFile {options.CertificateFile} cannot be used: {e.Message}", e);
        }
    }

    public SslStreamCertificateContext Current()
    {
        if (Environment.TickCount64 - Volatile.Read(ref _looked) < LookEvery.TotalMilliseconds) return _current;
        lock (_reading)
        {
            Volatile.Write(ref _looked, Environment.TickCount64);
            try
            {
                if (Written() is var written && written != _written) (_current, _written) = (Read(), written);
            }
            catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
            {
                // Half of a renewal: the old one holds until both files fit together.
            }

            return _current;
        }
    }

    private DateTime Written() => File.GetLastWriteTimeUtc(_options.KeyFile.Length > 0 ? Later(_options.CertificateFile, _options.KeyFile) : _options.CertificateFile);

    private static string Later(string one, string other) => File.GetLastWriteTimeUtc(one) > File.GetLastWriteTimeUtc(other) ? one : other;

    private SslStreamCertificateContext Read()
    {
        var (own, chain) = Path.GetExtension(_options.CertificateFile).ToUpperInvariant() is ".PFX" or ".P12" ? ReadPfx() : ReadPem();
        // Offline: what is missing in the file is not fetched from addresses that a certificate names.
        return SslStreamCertificateContext.Create(own, chain, offline: true);
    }

    private (X509Certificate2 Own, X509Certificate2Collection Chain) ReadPfx()
    {
        var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(_options.CertificateFile, Password);
        var own = all.FirstOrDefault(c => c.HasPrivateKey) ?? throw new CryptographicException("It holds no private key.");
        all.Remove(own);
        return (own, all);
    }

    private (X509Certificate2 Own, X509Certificate2Collection Chain) ReadPem()
    {
        var key = _options.KeyFile.Length > 0 ? _options.KeyFile : null;
        var own = Password is null ? X509Certificate2.CreateFromPemFile(_options.CertificateFile, key) : X509Certificate2.CreateFromEncryptedPemFile(_options.CertificateFile, Password, key);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(_options.CertificateFile);
        return (own, [.. chain.Where(c => !c.RawDataMemory.Span.SequenceEqual(own.RawDataMemory.Span))]);
    }

    private string? Password => _options.Password.Length > 0 ? _options.Password : null;
}
