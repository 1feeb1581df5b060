using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tangent.Web;

/// <summary>The certificate of the server's file, read again when the file has changed.</summary>
internal sealed class ServerCertificate
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    private readonly HttpsOptions _options;
    private readonly Lock _reading = new();
    private volatile X509Certificate2 _current;
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

    public X509Certificate2 Current()
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

    private X509Certificate2 Read()
    {
        var password = _options.Password.Length > 0 ? _options.Password : null;
        if (Path.GetExtension(_options.CertificateFile).ToUpperInvariant() is ".PFX" or ".P12") return X509CertificateLoader.LoadPkcs12FromFile(_options.CertificateFile, password);
        var key = _options.KeyFile.Length > 0 ? _options.KeyFile : null;
        return password is null ? X509Certificate2.CreateFromPemFile(_options.CertificateFile, key) : X509Certificate2.CreateFromEncryptedPemFile(_options.CertificateFile, password, key);
    }
}
