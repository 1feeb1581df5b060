using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Tests.Collect;
using Tangent.Tests.Mail;

namespace Tangent.Tests.Operate;

public sealed class SettingsTests
{
    private const string Address = "/api/v1/operate/settings";

    [Fact]
    public async Task Another_time_zone_labels_every_day_anew_at_once()
    {
        await using var server = await TestServer.StartAsync();
        // Half past eleven in the evening in Warsaw, the next morning in Auckland, in the afternoon in New York.
        await AppendAsync(server, "2026-03-10T22:30:00Z");
        (await FirstDayAsync(server)).ShouldBe("2026-03-10");
        (await ChangeAsync(server, "Company:TimeZone", "Pacific/Auckland")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await FirstDayAsync(server)).ShouldBe("2026-03-11");
        (await ChangeAsync(server, "Company:TimeZone", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await FirstDayAsync(server)).ShouldBe("2026-03-10");
    }

    [Fact]
    public async Task Settings_outlive_a_restart_and_are_shown_on_every_page()
    {
        var server = await TestServer.StartAsync();
        var folder = server.DataFolder;
        await ChangeAsync(server, "Company:Name", "Müller & Söhne");
        (await server.Http.GetStringAsync("/collect/sources")).ShouldContain("M&#xFC;ller &amp; S&#xF6;hne");
        await server.StopAsync();
        await using var second = await TestServer.StartAsync(true, folder);
        (await ValueAsync(second, "Company:Name")).GetProperty("value").GetString().ShouldBe("Müller & Söhne");
    }

    [Fact]
    public async Task What_the_servers_configuration_says_wins_and_is_shown_as_fixed()
    {
        await using var server = await TestServer.StartAsync(true, null, "--Company:Name=Fixed", "--Company:Rates:PLN=0.5");
        (await ValueAsync(server, "Company:Name")).GetProperty("isFixed").GetBoolean().ShouldBeTrue();
        (await ValueAsync(server, "Company:Rates")).GetProperty("isFixed").GetBoolean().ShouldBeTrue();
        (await ValueAsync(server, "Company:TimeZone")).GetProperty("isFixed").GetBoolean().ShouldBeFalse();
        var refused = await ChangeAsync(server, "Company:Name", "Other");
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().ShouldBe("Company:Name");
        (await server.Http.GetStringAsync("/operate/settings")).ShouldContain("Fixed by the server");
    }

    [Fact]
    public async Task Another_reporting_currency_converts_the_rates()
    {
        await using var server = await TestServer.StartAsync();
        await ChangeAsync(server, "Company:Rates", "PLN=0.25, CHF=1.00");
        await ChangeAsync(server, "Company:ReportingCurrency", "PLN");
        (await ValueAsync(server, "Company:Rates")).GetProperty("value").GetString()!.ShouldContain("CHF=4, EUR=4");
    }

    [SdkTheory]
    [InlineData("a password ż")]
    public async Task A_password_is_kept_encrypted_and_never_shown_and_letters_go_out_with_it(string wrong)
    {
        await using var mail = new MailServer(startTls: true, auth: ["PLAIN"]);
        await using var server = await TestServer.StartAsync(true, null, $"--Mail:AuthorityFile={mail.CertificateFile}");
        async Task<JsonElement> TestWithAsync(string password)
        {
            using var set = await server.Http.PatchAsJsonAsync(Address, new Dictionary<string, string>
            {
                ["Mail:Host"] = "localhost",
                ["Mail:Port"] = $"{mail.Port}",
                ["Mail:From"] = "tangent@firma.example",
                ["Mail:User"] = MailServer.User,
                ["Mail:Password"] = password,
            });
            set.StatusCode.ShouldBe(HttpStatusCode.OK, await set.Content.ReadAsStringAsync());
            (await set.Content.ReadAsStringAsync()).ShouldNotContain(password);
            using var test = await server.Http.PostAsJsonAsync("/api/v1/operate/mail/tests", new { to = "anna@firma.example" });
            return await test.Content.ReadFromJsonAsync<JsonElement>();
        }

        (await TestWithAsync(wrong)).GetProperty("delivered").GetBoolean().ShouldBeFalse();
        (await TestWithAsync(MailServer.Password)).GetProperty("delivered").GetBoolean().ShouldBeTrue();
        await mail.NextAsync();
        (await server.Http.GetStringAsync("/operate/settings")).ShouldNotContain("geheim");
        await using var scope = server.Services.CreateAsyncScope();
        var stored = await scope.ServiceProvider.GetRequiredService<TangentDb>().Set<StoredSetting>().SingleAsync(s => s.Key == "Mail:Password");
        stored.Value.ShouldNotContain("geheim");
    }

    [Fact]
    public async Task Nobody_but_an_owner_sees_or_changes_settings()
    {
        await using var server = await TestServer.StartAsync(demo: false);
        foreach (var address in (string[])[Address, "/api/v1/operate/mail", "/api/v1/operate/backups"])
            (await server.Http.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await server.Http.GetAsync("/operate/settings")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await server.Http.GetAsync("/metrics")).StatusCode.ShouldBe(HttpStatusCode.OK, "a program on this machine may read figures");
    }

    private static async Task AppendAsync(TestServer server, string at)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var source = (await scope.ServiceProvider.GetRequiredService<SourceQueries>().AddAsync("shop", SourceKind.Server, CancellationToken.None))!;
        var body = Encoding.UTF8.GetBytes($$"""{"batch":[{"type":"track","event":"Order","userId":"u1","messageId":"m1","timestamp":"{{at}}"}]}""");
        var receipt = await server.Get<Ingestion>().AcceptAsync(source, null, body, CancellationToken.None);
        receipt.Accepted.ShouldBe(1);
        await server.Get<JourneyStore>().WaitUntilVisibleAsync(receipt.EndPosition, CancellationToken.None);
    }

    private static async Task<string> FirstDayAsync(TestServer server)
    {
        var answer = await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/analyse/touchpoints?bucket=day");
        return answer.GetProperty("buckets")[0].GetString()!;
    }

    private static Task<HttpResponseMessage> ChangeAsync(TestServer server, string key, string? value) =>
        server.Http.PatchAsJsonAsync(Address, new Dictionary<string, string?> { [key] = value });

    private static async Task<JsonElement> ValueAsync(TestServer server, string key) =>
        (await server.Http.GetFromJsonAsync<JsonElement>(Address)).GetProperty("items").EnumerateArray().Single(s => s.GetProperty("key").GetString() == key);
}
