using Tangent.Mail;
using Tangent.Tests.Collect;

namespace Tangent.Tests.Mail;

/// <summary>Letters go through a real mail server and are read back by a real mail parser.</summary>
public sealed class SmtpTransportTests
{
    private const string Id = "<0123456789abcdef@firma.example>";

    [SdkTheory]
    [InlineData("None", "PLAIN")]
    [InlineData("StartTls", "PLAIN")]
    [InlineData("StartTls", "LOGIN")]
    [InlineData("Tls", "PLAIN")]
    [InlineData("Tls", "LOGIN")]
    [InlineData("Tls", null)]
    public async Task A_letter_arrives_whole_by_every_kind_of_connection(string security, string? auth)
    {
        await using var server = new MailServer(security == "Tls", security == "StartTls", auth is null ? null : [auth]);
        var options = Options(server, security, auth is not null);
        var letter = Letter.Of("zoë.test@kunde.example".Replace('ë', 'e'), "Grüße – Zażółć \U0001F6B2 und ein sehr langer Betreff, der über mehr als eine Zeile der Kopfzeilen geht",
            ".Punkt am Anfang\n..zwei\n.\nZażółć gęślą jaźń, ein & zwei", "<p>Zażółć <b>gęślą</b> &amp; mehr</p>");

        (await SmtpTransport.SendAsync(options, letter, Id, CancellationToken.None)).ShouldBeNull();

        var got = await server.NextAsync();
        got.GetProperty("from").GetString().ShouldBe("tangent@firma.example");
        got.GetProperty("recipients").EnumerateArray().Single().GetString().ShouldBe(letter.To);
        got.GetProperty("secure").GetBoolean().ShouldBe(security != "None");
        got.GetProperty("user").GetString().ShouldBe(auth is null ? null : MailServer.User);
        got.GetProperty("subject").GetString().ShouldBe(letter.Subject);
        got.GetProperty("text").GetString()!.Trim().ShouldBe(letter.Text);
        got.GetProperty("html").GetString()!.Trim().ShouldBe(letter.Html);
        got.GetProperty("messageId").GetString().ShouldBe(Id);
        var headers = got.GetProperty("headers");
        headers.EnumerateObject().Select(h => h.Name).ShouldNotContain(h => h.StartsWith("x-", StringComparison.Ordinal) || h == "bcc");
    }

    [SdkTheory]
    [InlineData("StartTls")]
    [InlineData("Tls")]
    public async Task A_certificate_that_nobody_trusts_is_refused_before_the_password_is_sent(string security)
    {
        await using var server = new MailServer(security == "Tls", security == "StartTls", ["PLAIN"]);
        var options = Options(server, security, signIn: true);
        options.AuthorityFile = "";
        var refusal = (await SmtpTransport.SendAsync(options, Plain(), Id, CancellationToken.None)).ShouldNotBeNull();
        refusal.IsFinal.ShouldBeFalse();
        refusal.Says.ShouldContain("certificate");
    }

    [SdkTheory]
    [InlineData(true)]
    public async Task What_is_wrong_with_the_settings_is_said_without_the_password(bool wrongPassword)
    {
        await using var server = new MailServer(startTls: true, auth: ["PLAIN"]);
        var options = Options(server, "StartTls", signIn: true);
        options.Password = "not the right one";
        var refused = (await SmtpTransport.SendAsync(options, Plain(), Id, CancellationToken.None)).ShouldNotBeNull();
        refused.Says.ShouldStartWith("535");
        refused.Says.ShouldNotContain("not the right one");
        refused.IsFinal.ShouldBe(!wrongPassword);

        await using var plain = new MailServer();
        (await SmtpTransport.SendAsync(Options(plain, "StartTls", signIn: false), Plain(), Id, CancellationToken.None))!.Says.ShouldContain("STARTTLS");
        (await SmtpTransport.SendAsync(Options(plain, "None", signIn: true), Plain(), Id, CancellationToken.None))!.Says.ShouldContain("neither AUTH PLAIN nor AUTH LOGIN");
        options.Port = 1;
        (await SmtpTransport.SendAsync(options, Plain(), Id, CancellationToken.None))!.IsFinal.ShouldBeFalse();
    }

    [Theory]
    [InlineData("a@b.example\r\nBcc: c@d.example")]
    [InlineData("a@b.example>\r\nRCPT TO:<c@d.example")]
    [InlineData("Anna <a@b.example>")]
    [InlineData("a@b.example, c@d.example")]
    [InlineData("a b@c.example")]
    [InlineData("nobody")]
    [InlineData("a@a-label-of-more-than-sixty-three-characters-is-not-a-name-in-the-dns.example")]
    [InlineData("")]
    [InlineData(null)]
    public void An_address_that_could_become_more_than_one_or_a_header_is_none(string? address)
    {
        Letter.CanGoTo(address).ShouldBeFalse();
        Should.Throw<ArgumentException>(() => Letter.Of(address!, "s", "t", "h"));
    }

    [Fact]
    public void A_subject_with_a_line_break_is_refused() => Should.Throw<ArgumentException>(() => Letter.Of("a@b.example", "Hello\r\nBcc: c@d.example", "t", "h"));

    [Fact]
    public void A_letter_speaks_the_persons_language_and_its_html_is_escaped()
    {
        var letter = LetterLayout.Write("a@b.example", "pl", "Kowalski & <Synowie>", () => new LetterBody(Tangent.Web.Texts.T("Mail.Test.Subject"), ["<script>"], "Dalej", "https://x.example/?a=1&b=2"));
        letter.Subject.ShouldBe("Wiadomość testowa z programu Tangent");
        letter.Text.ShouldContain("https://x.example/?a=1&b=2");
        letter.Html.ShouldContain("Kowalski &amp; &lt;Synowie&gt;");
        letter.Html.ShouldNotContain("<script>");
        letter.Html.ShouldContain("href=\"https://x.example/?a=1&amp;b=2\"");
    }

    private static Letter Plain() => Letter.Of("someone@kunde.example", "Hello", "text", "<p>html</p>");

    private static MailOptions Options(MailServer server, string security, bool signIn) => new()
    {
        Host = "localhost",
        Port = server.Port,
        Security = Enum.Parse<MailSecurity>(security),
        From = "tangent@firma.example",
        User = signIn ? MailServer.User : "",
        Password = signIn ? MailServer.Password : "",
        AuthorityFile = server.CertificateFile,
    };
}
