using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Tangent.Tests.Collect;

namespace Tangent.Tests.Mail;

/// <summary>A real mail server (npm smtp-server) as a process of its own, which reads what it takes with mailparser.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    public const string User = "tangent";
    public const string Password = "geheim ż";

    private readonly Process _node;
    private readonly string _folder = Directory.CreateTempSubdirectory("tangent-mail-server").FullName;
    private readonly BlockingCollection<JsonElement> _letters = [];
    private readonly Task _reading;

    public MailServer(bool secure = false, bool startTls = false, string[]? auth = null, object? refuse = null, int port = 0)
    {
        WriteCertificate();
        var wish = JsonSerializer.Serialize(new { secure, starttls = startTls, auth, refuse, port, key = KeyFile, cert = CertificateFile });
        var start = new ProcessStartInfo("node") { WorkingDirectory = SdkTests.Npm, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in new[] { "smtp-server.cjs", wish }) start.ArgumentList.Add(argument);
        _node = Process.Start(start)!;
        var first = _node.StandardOutput.ReadLine() ?? throw new InvalidOperationException(_node.StandardError.ReadToEnd());
        Port = JsonDocument.Parse(first).RootElement.GetProperty("port").GetInt32();
        _reading = Task.Run(ReadAsync);
    }

    public int Port { get; }

    public string CertificateFile => Path.Combine(_folder, "cert.pem");

    private string KeyFile => Path.Combine(_folder, "key.pem");

    /// <summary>Settings of a Tangent that sends by this server.</summary>
    public string[] Settings(string security = "None", params string[] more) =>
        ["--Mail:Host=localhost", $"--Mail:Port={Port}", $"--Mail:Security={security}", "--Mail:From=tangent@firma.example", $"--Mail:AuthorityFile={CertificateFile}", .. more];

    /// <summary>The next letter that the server took.</summary>
    public async Task<JsonElement> NextAsync(int seconds = 20) =>
        await Task.Run(() => _letters.TryTake(out var letter, TimeSpan.FromSeconds(seconds)) ? letter : throw new TimeoutException("No letter came."));

    /// <summary>How many more letters come within a time.</summary>
    public async Task<int> MoreAsync(TimeSpan within)
    {
        await Task.Delay(within);
        return _letters.Count;
    }

    public async ValueTask DisposeAsync()
    {
        _node.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await _node.WaitForExitAsync(limit.Token);
        await _reading;
        _node.Dispose();
        _letters.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task ReadAsync()
    {
        // A connection that breaks off, as of a program that is killed, is no letter.
        while (await _node.StandardOutput.ReadLineAsync() is { } line)
            if (JsonDocument.Parse(line).RootElement is var said && said.TryGetProperty("recipients", out _)) _letters.Add(said);
    }

    private void WriteCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }
}
