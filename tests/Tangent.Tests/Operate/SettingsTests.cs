using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Tests.Access;
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

    [Fact]
    public async Task The_reporting_currency_goes_there_and_back_and_a_currency_that_was_taken_out_stays_out()
    {
        await using var server = await TestServer.StartAsync();
        (await ChangeAsync(server, "Company:Rates", "PLN=0.235, CHF=1.05, VND=0.000034")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await RatesAsync(server)).ShouldBe("CHF=1.05, PLN=0.235, VND=0.000034");
        server.Get<IOptionsMonitor<CompanyOptions>>().CurrentValue.Rates.Keys.Order(StringComparer.Ordinal).ShouldBe(["CHF", "PLN", "VND"]);
        (await ChangeAsync(server, "Company:ReportingCurrency", "PLN")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await RatesAsync(server)).ShouldBe("CHF=4.46808511, EUR=4.25531915, VND=0.000144680851");
        (await ChangeAsync(server, "Company:ReportingCurrency", "EUR")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await RatesAsync(server)).ShouldBe("CHF=1.05, PLN=0.235, VND=0.000034");
    }

    [Fact]
    public async Task A_reporting_currency_whose_worth_nobody_knows_is_refused_until_a_rate_says_it()
    {
        await using var server = await TestServer.StartAsync();
        using var refused = await ChangeAsync(server, "Company:ReportingCurrency", "CZK");
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().ShouldBe("Company:Rates");
        (await ValueAsync(server, "Company:ReportingCurrency")).GetProperty("value").GetString().ShouldBe("EUR");
        // Rates that say what it is worth are still those in the old currency.
        using var both = await server.Http.PatchAsJsonAsync(Address, new Dictionary<string, string> { ["Company:ReportingCurrency"] = "CZK", ["Company:Rates"] = "CHF=1.05, CZK=0.04" });
        both.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await RatesAsync(server)).ShouldBe("CHF=26.25, EUR=25");
        // Others are those in the new one.
        using var given = await server.Http.PatchAsJsonAsync(Address, new Dictionary<string, string> { ["Company:ReportingCurrency"] = "HUF", ["Company:Rates"] = "EUR=400" });
        given.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await RatesAsync(server)).ShouldBe("EUR=400");
    }

    [Fact]
    public async Task Built_in_rates_are_those_in_the_reporting_currency_that_the_server_is_started_with()
    {
        await using var server = await TestServer.StartAsync(true, null, "--Company:ReportingCurrency=PLN", "--Company:Rates:CZK=0.17");
        var rates = server.Get<IOptionsMonitor<CompanyOptions>>().CurrentValue.Rates;
        (rates["EUR"], rates["CZK"], rates.ContainsKey("PLN")).ShouldBe((4.25531915, 0.17, false));
    }

    [Fact]
    public async Task What_the_server_is_started_with_blocks_no_other_setting_and_gets_no_row()
    {
        await using var server = await TestServer.StartAsync(true, null, "--Company:TimeZone=UTC", "--Company:Rates:PLN=0.5");
        (await ChangeAsync(server, "Company:Name", "Firma")).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var refused = await ChangeAsync(server, "Company:ReportingCurrency", "PLN");
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().ShouldBe("Company:Rates", "fixed rates cannot be converted");
        await using var scope = server.Services.CreateAsyncScope();
        (await scope.ServiceProvider.GetRequiredService<TangentDb>().Set<StoredSetting>().Select(s => s.Key).ToListAsync()).ShouldBe(["Company:Name"]);
    }

    [Theory]
    [InlineData("Company:TimeZone=W. Europe Standard Time")]
    [InlineData("Company:Holidays=2026-02-30")]
    [InlineData("Company:ReportingCurrency=XXZ")]
    public async Task What_the_page_refuses_keeps_the_server_from_starting(string setting) =>
        (await Should.ThrowAsync<OptionsValidationException>(() => TestServer.StartAsync(true, null, "--" + setting))).Message.ShouldContain(setting.Split('=')[0]);

    [Fact]
    public async Task A_week_without_work_stays_one_and_hours_that_cannot_be_read_are_shown_as_they_were_entered()
    {
        await using var server = await TestServer.StartAsync();
        using var browser = server.Browser();
        async Task<HttpResponseMessage> SaveAsync(params string[] days) => await browser.SubmitAsync("/operate/settings", [.. days.Select(d => ("hours", d))]);
        (await SaveAsync("08:00-12:00", "", "", "", "", "", "", "09:00-10:00")).StatusCode.ShouldBe(HttpStatusCode.Redirect, "an eighth field is nobody's day");
        (await ValueAsync(server, "Company:Hours")).GetProperty("value").GetString().ShouldBe("Mo 08:00-12:00");
        using var refused = await SaveAsync("08:00-12:00", "8 to noon", "", "", "", "", "");
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = await refused.Content.ReadAsStringAsync();
        page.ShouldContain("value=\"8 to noon\"");
        page.ShouldContain("value=\"08:00-12:00\"");
        (await SaveAsync("", "", "", "", "", "", "")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var calendar = await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/operate/calendar");
        calendar.GetProperty("hours").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_refused_schedule_is_shown_where_it_was_entered()
    {
        await using var server = await TestServer.StartAsync();
        using var browser = server.Browser();
        using var refused = await browser.SubmitAsync("/operate/backups", "/operate/settings", ("returnUrl", "/operate/backups"), ("Backup:EveryHours", "9999"), ("Backup:Keep", "3"));
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = await refused.Content.ReadAsStringAsync();
        page.ShouldContain("<h1>Backups</h1>");
        page.ShouldContain("value=\"9999\"");
        page.ShouldContain("from 0 to 8760");
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

    private static async Task<string> RatesAsync(TestServer server) => (await ValueAsync(server, "Company:Rates")).GetProperty("value").GetString()!;

    private static async Task<JsonElement> ValueAsync(TestServer server, string key) =>
        (await server.Http.GetFromJsonAsync<JsonElement>(Address)).GetProperty("items").EnumerateArray().Single(s => s.GetProperty("key").GetString() == key);
}
