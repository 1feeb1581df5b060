using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Tangent.Mail;

/// <summary>Why a letter was not taken. Holds what the server said, never a password.</summary>
/// <param name="IsFinal">The same letter would be refused again.</param>
/// <param name="IsOfAddress">It is the address that takes no letters: not the sender, the text or the settings were refused.</param>
internal sealed record MailRefusal(string Says, bool IsFinal, bool IsOfAddress = false);

/// <summary>Hands one letter to the mail server by SMTP (RFC 5321) with STARTTLS or TLS and AUTH PLAIN or LOGIN; the framework's own client knows neither TLS from the first byte nor PLAIN.</summary>
internal static class SmtpTransport
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>How long a server may look at a letter before it says whether it takes it (RFC 5321 section 4.5.3.2.6). Who breaks off sooner sends it twice.</summary>
    public static readonly TimeSpan LongestLook = TimeSpan.FromMinutes(10);

    /// <returns>Null where the server took it.</returns>
    public static async Task<MailRefusal?> SendAsync(MailOptions options, Letter letter, string messageId, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Longest);
        try
        {
            using var tcp = new TcpClient();
            await tcp.ConnectAsync(options.Host, options.Port, limit.Token);
            return await new SmtpDialogue(tcp, options).SendAsync(letter, messageId, limit);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new MailRefusal($"{options.Host} did not answer in time. Check host, port and security.", IsFinal: false);
        }
        // The last four are of a letter that cannot be written: an address that passed every check before, or a disk that is full or closed.
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException or CryptographicException or SmtpException or FormatException or ArgumentException or UnauthorizedAccessException)
        {
            return new MailRefusal($"{options.Host}: {e.Message}", IsFinal: false);
        }
    }

    /// <summary>The letter that an id names; null where it is none of this program's.</summary>
    public static Guid? LetterOf(string messageId) =>
        messageId.Trim('<', '>', ' ').Split('@') is [var id, _] && Guid.TryParseExact(id, "N", out var letter) ? letter : null;

    /// <summary>The id stays the same when a letter is sent again, so that whoever gets it twice can tell.</summary>
    public static string MessageId(Guid id, string from) => $"<{id:N}@{(MailAddress.TryCreate(from, out var address) && Letter.AsciiHost(address.Host) is { } host ? host : "localhost")}>";
}

/// <summary>The conversation of one connection.</summary>
internal sealed class SmtpDialogue(TcpClient tcp, MailOptions options)
{
    private const int LongestAnswer = 64 << 10;

    private Stream _stream = Stream.Null;

    private sealed record Answer(int Code, string Text)
    {
        public bool IsGood => Code is >= 200 and < 400;
    }

    /// <param name="letter">What is sent.</param>
    /// <param name="messageId">Its id.</param>
    /// <param name="limit">Ends the conversation; once the letter is with the server, the server gets longer.</param>
    public async Task<MailRefusal?> SendAsync(Letter letter, string messageId, CancellationTokenSource limit)
    {
        var ct = limit.Token;
        if (Ascii(letter.To) is not { } to) return new MailRefusal("The address has letters, or a host, that mail servers do not take.", IsFinal: true);
        if (Ascii(options.From) is not { } from) return new MailRefusal("The sender's address cannot be used.", IsFinal: false);
        _stream = tcp.GetStream();
        try
        {
            if (await OpenAsync(ct) is { } closed) return closed;
            foreach (var command in (string[])[$"MAIL FROM:<{from}>", $"RCPT TO:<{to}>", "DATA"])
            {
                var answer = await SayAsync(command, ct);
                if (!answer.IsGood) return new MailRefusal(answer.Text, answer.Code >= 500, answer.Code >= 500 && command.StartsWith("RCPT", StringComparison.Ordinal) && !IsOfPolicy(answer));
            }

            await _stream.WriteAsync(MimeText.Of(letter, from, messageId), ct);
            limit.CancelAfter(SmtpTransport.LongestLook);
            var taken = await SayAsync(".", ct);
            if (!taken.IsGood) return new MailRefusal(taken.Text, taken.Code >= 500);
            await LeaveAsync(ct);
            return null;
        }
        finally
        {
            await _stream.DisposeAsync();
        }
    }

    /// <summary>It has the letter; what becomes of the goodbye does not matter.</summary>
    private async Task LeaveAsync(CancellationToken ct)
    {
        try
        {
            await _stream.WriteAsync("QUIT\r\n"u8.ToArray(), ct);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // Many servers have closed the connection by now.
        }
    }

    /// <summary>Greeting, encryption and signing in. Refusals here are of the settings, not of the letter: it is tried again.</summary>
    private async Task<MailRefusal?> OpenAsync(CancellationToken ct)
    {
        if (options.Security == MailSecurity.Tls) await EncryptAsync(ct);
        var greeting = await HearAsync(ct);
        if (!greeting.IsGood) return new MailRefusal(greeting.Text, IsFinal: false);
        var offers = await SayAsync(Hello, ct);
        if (options.Security == MailSecurity.StartTls)
        {
            if (!Offers(offers, "STARTTLS")) return new MailRefusal($"{options.Host} offers no encryption by STARTTLS on port {options.Port}.", IsFinal: false);
            var ready = await SayAsync("STARTTLS", ct);
            if (!ready.IsGood) return new MailRefusal(ready.Text, IsFinal: false);
            await EncryptAsync(ct);
            offers = await SayAsync(Hello, ct);
        }

        if (!offers.IsGood) return new MailRefusal(offers.Text, IsFinal: false);
        return options.User.Length > 0 ? await SignInAsync(offers, ct) : null;
    }

    private async Task<MailRefusal?> SignInAsync(Answer offers, CancellationToken ct)
    {
        if (_stream is not SslStream && !IPAddress.IsLoopback(((IPEndPoint)tcp.Client.RemoteEndPoint!).Address))
            return new MailRefusal("User and password are not sent without encryption. Choose STARTTLS or TLS.", IsFinal: false);
        Answer answer;
        if (Offers(offers, "AUTH", "PLAIN"))
        {
            answer = await SayAsync("AUTH PLAIN " + Base64($"\0{options.User}\0{options.Password}"), ct);
        }
        else if (Offers(offers, "AUTH", "LOGIN"))
        {
            answer = await SayAsync("AUTH LOGIN", ct);
            if (answer.Code == 334) answer = await SayAsync(Base64(options.User), ct);
            if (answer.Code == 334) answer = await SayAsync(Base64(options.Password), ct);
        }
        else
        {
            return new MailRefusal($"{options.Host} offers neither AUTH PLAIN nor AUTH LOGIN.", IsFinal: false);
        }

        return answer.Code == 235 ? null : new MailRefusal(answer.Text, IsFinal: false);
    }

    /// <summary>The address literal of this end: a machine's own name may be nobody's business.</summary>
    private string Hello => ((IPEndPoint)tcp.Client.LocalEndPoint!).Address switch
    {
        { IsIPv4MappedToIPv6: true } mapped => $"EHLO [{mapped.MapToIPv4()}]",
        { AddressFamily: AddressFamily.InterNetworkV6 } six => $"EHLO [IPv6:{six.ToString().Split('%')[0]}]",
        var four => $"EHLO [{four}]",
    };

    private async Task EncryptAsync(CancellationToken ct)
    {
        var tls = new SslStream(_stream);
        var authentication = new SslClientAuthenticationOptions { TargetHost = options.Host };
        if (options.AuthorityFile.Length > 0)
        {
            authentication.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            authentication.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(options.AuthorityFile);
        }

        _stream = tls;
        await tls.AuthenticateAsClientAsync(authentication, ct);
    }

    private static bool Offers(Answer answer, string keyword, string? value = null) =>
        answer.Text.Split('\n').Select(l => l.Split([' ', '='], StringSplitOptions.RemoveEmptyEntries))
            .Any(words => words.Contains(keyword, StringComparer.OrdinalIgnoreCase) && (value is null || words.Contains(value, StringComparer.OrdinalIgnoreCase)));

    /// <summary>RFC 3463: x.7.x is of security or policy, such as a relay that wants one to sign in, and says nothing of the mailbox.</summary>
    private static bool IsOfPolicy(Answer answer) => answer.Text.Length > 4 && answer.Text[4..].StartsWith("5.7.", StringComparison.Ordinal);

    private static string? Ascii(string address)
    {
        if (!Letter.CanGoTo(address)) return null;
        var read = new MailAddress(address);
        return read.User.All(char.IsAscii) ? $"{read.User}@{Letter.AsciiHost(read.Host)}" : null;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private async Task<Answer> SayAsync(string line, CancellationToken ct)
    {
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), ct);
        return await HearAsync(ct);
    }

    /// <summary>An answer of one or more lines. Read byte by byte, so that nothing sent in clear is taken for something encrypted.</summary>
    private async Task<Answer> HearAsync(CancellationToken ct)
    {
        var text = new StringBuilder();
        var line = new StringBuilder();
        var one = new byte[1];
        while (text.Length + line.Length < LongestAnswer)
        {
            if (await _stream.ReadAsync(one, ct) == 0) throw new IOException("The server closed the connection.");
            if (one[0] != '\n')
            {
                line.Append((char)one[0]);
                continue;
            }

            var said = line.ToString().TrimEnd('\r');
            line.Clear();
            if (said.Length < 3 || !int.TryParse(said.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code)) throw new IOException("This is not a mail server: it does not answer in SMTP.");
            text.Append(text.Length > 0 ? "\n" : "").Append(said);
            if (said.Length == 3 || said[3] != '-') return new Answer(code, text.ToString());
        }

        throw new IOException("The server answers without end.");
    }
}
