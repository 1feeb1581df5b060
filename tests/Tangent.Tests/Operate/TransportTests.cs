using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tangent.Cli;
using Tangent.Web;

namespace Tangent.Tests.Operate;

public sealed class TransportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tangent-https").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("pem")]
    [InlineData("pfx")]
    public async Task Https_is_served_with_the_certificate_of_a_file_and_with_the_renewed_one(string kind)
    {
        var settings = WriteCertificate(kind, "first");
        await using var server = (await Server.StartAsync(new ServerOptions(Path.Combine(_folder, "data"), ["https://127.0.0.1:0"], false, [.. settings, "--Https:HstsDays=30"]), CancellationToken.None))!;
        var address = new Uri(server.Address);
        (await SubjectAsync(address)).ShouldBe("CN=first");
        using var http = new HttpClient(new HttpClientHandler { UseProxy = false, AllowAutoRedirect = false, ServerCertificateCustomValidationCallback = (_, certificate, _, _) => certificate is not null }) { BaseAddress = address };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/access/sign-in?lang=de") { Headers = { Host = "tangent.example" } };
        using var answer = await http.SendAsync(request);
        answer.Headers.GetValues("Strict-Transport-Security").Single().ShouldBe("max-age=2592000");
        answer.Headers.GetValues("Set-Cookie").ShouldAllBe(c => c.Contains("secure", StringComparison.OrdinalIgnoreCase));

        await Task.Delay(1100);
        WriteCertificate(kind, "second");
        for (var i = 0; i < 60 && await SubjectAsync(address) != "CN=second"; i++) await Task.Delay(250);
        (await SubjectAsync(address)).ShouldBe("CN=second");
    }

    [Theory]
    [InlineData("pem")]
    [InlineData("pfx")]
    public async Task The_chain_of_the_file_is_sent_so_that_who_knows_the_root_alone_believes_it(string kind)
    {
        var (settings, root) = WriteChain(kind);
        using var trusted = root;
        await using var server = (await Server.StartAsync(new ServerOptions(Path.Combine(_folder, "data"), ["https://127.0.0.1:0"], false, settings), CancellationToken.None))!;
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, new Uri(server.Address).Port);
        await using var tls = new SslStream(tcp.GetStream());
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.Add(root);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = policy, ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11] });
        tls.NegotiatedApplicationProtocol.ShouldBe(SslApplicationProtocol.Http2);
    }

    [Fact]
    public async Task A_certificate_that_is_none_keeps_the_server_from_starting_and_is_named()
    {
        var file = Path.Combine(_folder, "none.pem");
        await File.WriteAllTextAsync(file, "nothing");
        (await Should.ThrowAsync<InvalidOperationException>(() => Server.StartAsync(new ServerOptions(Path.Combine(_folder, "data"), ["https://127.0.0.1:0"], false, $"--Https:CertificateFile={file}"), CancellationToken.None)))
            .Message.ShouldContain("none.pem");
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.0.0.0/8, 127.0.0.0/8", true)]
    [InlineData("10.0.0.0/8", false)]
    [InlineData("", false)]
    public async Task Only_trusted_proxies_are_believed(string trusted, bool believed)
    {
        await using var server = await TestServer.StartAsync(false, null, $"--Proxy:Trusted={trusted}");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/access/sign-in?lang=de");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");
        using var answer = await server.Http.SendAsync(request);
        answer.Headers.GetValues("Set-Cookie").First(c => c.StartsWith("lang=", StringComparison.Ordinal)).Contains("secure", StringComparison.OrdinalIgnoreCase).ShouldBe(believed);
    }

    [Fact]
    public async Task A_proxy_that_is_no_address_keeps_the_server_from_starting() =>
        (await Should.ThrowAsync<Exception>(() => TestServer.StartAsync(false, null, "--Proxy:Trusted=nginx"))).Message.ShouldContain("Proxy:Trusted");

    private static async Task<string> SubjectAsync(Uri address)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, address.Port);
        await using var tls = new SslStream(tcp.GetStream(), false, (_, certificate, _, _) => certificate is not null);
        await tls.AuthenticateAsClientAsync("localhost");
        return tls.RemoteCertificate!.Subject;
    }

    private (string[] Settings, X509Certificate2 Root) WriteChain(string kind)
    {
        using var rootKey = RSA.Create(2048);
        using var middleKey = RSA.Create(2048);
        using var key = RSA.Create(2048);
        using var root = Authority("CN=root", rootKey).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(30));
        using var middle = Authority("CN=middle", middleKey).Create(root, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(20), [1]).CopyWithPrivateKey(middleKey);
        var request = new CertificateRequest("CN=own", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var own = request.Create(middle, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(10), [2]).CopyWithPrivateKey(key);
        var file = Path.Combine(_folder, "chain." + kind);
        if (kind == "pfx")
        {
            File.WriteAllBytes(file, new X509Certificate2Collection { X509CertificateLoader.LoadCertificate(middle.RawData), own }.Export(X509ContentType.Pfx, "p w")!);
            return ([$"--Https:CertificateFile={file}", "--Https:Password=p w"], X509CertificateLoader.LoadCertificate(root.RawData));
        }

        File.WriteAllText(file, own.ExportCertificatePem() + "\n" + middle.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "chain.key"), key.ExportPkcs8PrivateKeyPem());
        return ([$"--Https:CertificateFile={file}", $"--Https:KeyFile={Path.Combine(_folder, "chain.key")}"], X509CertificateLoader.LoadCertificate(root.RawData));
    }

    private static CertificateRequest Authority(string name, RSA key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request;
    }

    private string[] WriteCertificate(string kind, string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        var file = Path.Combine(_folder, "server." + kind);
        if (kind == "pfx")
        {
            File.WriteAllBytes(file, certificate.Export(X509ContentType.Pfx, "p w"));
            return [$"--Https:CertificateFile={file}", "--Https:Password=p w"];
        }

        File.WriteAllText(file, certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "server.key"), key.ExportPkcs8PrivateKeyPem());
        return [$"--Https:CertificateFile={file}", $"--Https:KeyFile={Path.Combine(_folder, "server.key")}"];
    }
}
