using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tangent.Access;
using Tangent.Tests.Collect;
using Tangent.Tests.Mail;

namespace Tangent.Tests.Access;

public sealed class ResetLetterTests
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [SdkTheory]
    [InlineData("https://tangent.example.org")]
    public async Task A_forgotten_password_is_reset_by_a_letter_in_the_persons_language(string publicAddress)
    {
        await using var mail = new MailServer();
        await using var server = await TestServer.StartAsync(demo: false, dataFolder: null, mail.Settings("None", "--Mail:PublicAddress=" + publicAddress));
        using (var person = await server.ComeInAsync("a@example.org", Role.Viewer))
            await person.SubmitAsync("/access/account", "/access/account/preferences", ("language", "de"), ("theme", "auto"));

        using var anyone = server.Browser();
        anyone.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        var unknown = await AlertAsync(await anyone.SubmitAsync("/access/reset/request", ("email", "nobody@example.org")));
        unknown.ShouldNotBeEmpty();
        (await AlertAsync(await anyone.SubmitAsync("/access/reset/request", ("email", "a@example.org")))).ShouldBe(unknown);
        var letter = JsonSerializer.Serialize(await mail.NextAsync(), Readable);
        letter.ShouldContain("Ein neues Passwort");
        var link = Regex.Match(letter, Regex.Escape(publicAddress) + @"(/access/reset\?user=[0-9a-f-]+&token=[A-Za-z0-9%._-]+)").Groups[1].Value;
        var query = System.Web.HttpUtility.ParseQueryString(link[(link.IndexOf('?', StringComparison.Ordinal) + 1)..]);
        (await anyone.SubmitAsync(link, "/access/reset", ("user", query["user"]!), ("token", query["token"]!), ("password", "another long password"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await anyone.SubmitAsync("/access/sign-in", ("email", "a@example.org"), ("password", "another long password"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);

        // Nobody's mailbox is filled by somebody else. Letters go in the order they were asked for: what comes before the last one is all there is.
        (await server.ComeInAsync("last@example.org", Role.Viewer)).Dispose();
        for (var i = 0; i < 10; i++) await anyone.SubmitAsync("/access/reset/request", ("email", "A@example.org"));
        await anyone.SubmitAsync("/access/reset/request", ("email", "last@example.org"));
        var more = 0;
        while ((await mail.NextAsync()).GetProperty("to").GetString()!.Contains("a@example.org", StringComparison.Ordinal)) more++;
        more.ShouldBe(SignInThrottle.MostLettersToOneAddress - 1);
    }

    [Fact]
    public async Task Without_a_mail_server_the_page_says_whom_to_ask()
    {
        await using var server = await TestServer.StartAsync(demo: false);
        (await server.Http.GetStringAsync("/access/reset/request")).ShouldContain("Ask an owner");
    }

    private static async Task<string> AlertAsync(HttpResponseMessage answer) => Regex.Match(await answer.Content.ReadAsStringAsync(), "<p class=\"intro\">([^<]+)</p>").Groups[1].Value;
}
