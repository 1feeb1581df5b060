using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Collect;
using Tangent.Tests.Collect;
using Tangent.Tests.Mail;
using Tangent.Unify;

namespace Tangent.Tests.Unify;

/// <summary>Consents that hold only once they are confirmed by a letter, with a real mail server.</summary>
public sealed class DoubleOptInTests : IAsyncLifetime
{
    private const string Consents = "/api/v1/unify/consents";
    private const string Public = "https://tangent.example.org";

    private MailServer _mail = null!;
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _mail = new MailServer();
        _server = await TestServer.StartAsync(dataFolder: null, settings: _mail.Settings("None", "--Mail:PublicAddress=" + Public));
        await RecordAsync("email:before@example.org", "given");
        (await _server.Http.PutAsJsonAsync(Consents + "/purposes/commercial", new { enforcement = "restrictive", confirm = true, topics = new[] { new { key = "newsletter", names = new { de = "Rundbrief" } } } })).EnsureSuccessStatusCode();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _mail.DisposeAsync();
    }

    [SdkTheory]
    [InlineData("de-AT")]
    public async Task A_form_asks_by_a_letter_in_the_persons_language_and_its_button_gives_the_consent_with_the_evidence(string locale)
    {
        var form = $$"""{"type":"track","event":"Signed up","anonymousId":"v-1","context":{"locale":"{{locale}}"},"consent":[{"contactPoint":"email:Neu@example.org","purpose":"commercial","topic":"newsletter","state":"given","wording":"Ja"}] }""";
        await SendAsync("site", "web", form, form);
        (await MayAsync("email:neu@example.org")).ShouldBe((false, "pending"));
        var letter = await _mail.NextAsync();
        letter.GetProperty("subject").GetString().ShouldBe("Bitte bestätigen Sie Ihre Einwilligung");
        letter.GetProperty("recipients")[0].GetString().ShouldBe("neu@example.org");
        var (text, html) = (letter.GetProperty("text").GetString()!, letter.GetProperty("html").GetString()!);
        text.ShouldContain("Rundbrief");
        html.ShouldContain("lang=\"de\"");
        var link = Regex.Match(text, Regex.Escape(Public) + @"(/preferences/confirm/[A-Za-z0-9_-]+\?lang=de)").Groups[1].Value;
        link.ShouldNotBeEmpty();
        html.ShouldContain(link);

        // Opening it gives nothing.
        (await _server.Http.GetStringAsync(link)).ShouldContain("Willigen Sie ein?");
        (await MayAsync("email:neu@example.org")).ShouldBe((false, "pending"));
        using var confirmed = await _server.Http.PostAsync(link, new FormUrlEncodedContent([new("do", "confirm")]));
        confirmed.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await _server.Http.GetStringAsync(confirmed.Headers.Location + "&lang=en")).ShouldContain("Your consent is recorded");
        (await MayAsync("email:neu@example.org")).ShouldBe((true, "given"));
        var evidence = (await HistoryAsync("email:neu@example.org"))[0];
        (evidence.GetProperty("origin").GetString(), evidence.GetProperty("wordingVersion").GetString()).ShouldBe(("confirmation", "2-de"));
        evidence.GetProperty("by").GetString()!.ShouldMatch("^[0-9A-F]{8}$");
        evidence.GetProperty("wording").GetString()!.ShouldContain("Rundbrief");
        // Servers repeat with every call what they were told; it need not be confirmed again.
        await SendAsync("crm-again", "server", """{"type":"identify","userId":"again","traits":{"email":"neu@example.org"},"consent":{"purpose":"commercial","topic":"newsletter","state":"given"}}""");
        (await MayAsync("email:neu@example.org")).ShouldBe((true, "given"));
        // A form that is sent again writes no second letter on the same day.
        (await _mail.MoreAsync(TimeSpan.FromSeconds(3))).ShouldBe(0);
    }

    [SdkTheory]
    [InlineData("pl")]
    public async Task The_letter_can_be_answered_with_no_and_unsubscribed_from_by_one_click(string language)
    {
        using var recorded = await _server.Http.PostAsJsonAsync(Consents, new { contactPoint = "email:ktos@example.org", purpose = "commercial", state = "given", language });
        (await recorded.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("reason").GetString().ShouldBe("pending");
        var letter = await _mail.NextAsync();
        letter.GetProperty("subject").GetString().ShouldBe("Prosimy o potwierdzenie zgody");
        var headers = letter.GetProperty("headers");
        headers.GetProperty("list-unsubscribe-post").GetString()!.ShouldContain("List-Unsubscribe=One-Click");
        var click = Regex.Match(Regex.Replace(headers.GetProperty("list-unsubscribe").GetString()!, @"\s", ""), "<" + Regex.Escape(Public) + "([^>]+/one-click)>").Groups[1].Value;
        click.ShouldNotBeEmpty();
        (await _server.Http.PostAsync(click, new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await MayAsync("email:ktos@example.org")).ShouldBe((false, "withdrawn"));

        await RecordAsync("email:nein@example.org", "given");
        var link = Regex.Match((await _mail.NextAsync()).GetProperty("text").GetString()!, Regex.Escape(Public) + @"(/preferences/confirm/\S+)").Groups[1].Value;
        (await _server.Http.PostAsync(link, new FormUrlEncodedContent([new("do", "decline")]))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await MayAsync("email:nein@example.org")).ShouldBe((false, "withdrawn"));
        foreach (var wrong in new[] { link.Replace("/confirm/", "/confirm/A"), "/preferences/confirm/x" })
            (await _server.Http.PostAsync(wrong, new FormUrlEncodedContent([new("do", "confirm")]))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [SdkTheory]
    [InlineData("phone:+491701234567")]
    public async Task What_was_given_before_confirmed_elsewhere_imported_or_for_a_number_needs_no_letter(string number)
    {
        (await MayAsync("email:before@example.org")).ShouldBe((true, "given"));
        await RecordAsync("email:elsewhere@example.org", "confirmed");
        (await MayAsync("email:elsewhere@example.org")).ShouldBe((true, "given"));
        (await _server.Http.PostAsync(new Uri("/api/v1/collect/imports?source=list&kind=consents", UriKind.Relative), new StringContent("email,purpose,consent,date\nimported@example.org,commercial,given,2026-01-05\n"))).EnsureSuccessStatusCode();
        await SendAsync("crm", "server", $$"""{"type":"identify","userId":"d","traits":{"email":"phone@example.org"},"consent":{"contactPoint":"{{number}}","purpose":"commercial","state":"given"} }""");
        (await MayAsync("email:imported@example.org")).ShouldBe((true, "given"));
        (await MayAsync(number)).ShouldBe((true, "given"));
        (await _mail.MoreAsync(TimeSpan.FromSeconds(3))).ShouldBe(0);
    }

    [SdkTheory]
    [InlineData("email:opfer@example.org")]
    public async Task A_public_key_fills_no_mailbox(string point)
    {
        string Asks(string topic) => $$"""{"type":"track","event":"Signed up","anonymousId":"v-2","consent":{"contactPoint":"{{point}}","purpose":"commercial","topic":"{{topic}}","state":"given"} }""";
        var topics = Enumerable.Range(1, 5).Select(i => $"t{i}").ToList();
        for (var i = 0; i < 3; i++) await SendAsync($"made-up-{i}", "web", Asks($"buy-now-{i}"));
        (await HistoryAsync(point)).ShouldBeEmpty();
        (await _server.Http.PutAsJsonAsync(Consents + "/purposes/commercial", new { enforcement = "restrictive", confirm = true, topics = topics.Select(t => new { key = t, names = new { de = t } }) })).EnsureSuccessStatusCode();
        foreach (var topic in topics) await SendAsync("site-" + topic, "web", Asks(topic));
        (await HistoryAsync(point)).Count.ShouldBe(5);
        for (var i = 0; i < ConfirmationLetters.MostPublicToOne; i++) (await _mail.NextAsync()).GetProperty("text").GetString()!.ShouldNotContain("buy-now");
        (await _mail.MoreAsync(TimeSpan.FromSeconds(3))).ShouldBe(0);
    }

    [SdkTheory]
    [InlineData("spaet@example.org")]
    public async Task What_is_recorded_and_not_read_yet_is_asked_about_all_the_same(string address)
    {
        await using var scope = _server.Services.CreateAsyncScope();
        var asked = new AskedConfirmation(ContactPoints.Email(address)!, "commercial", "", "", "de", DateTime.UtcNow, IsPublic: false);
        await scope.ServiceProvider.GetRequiredService<ConfirmationLetters>().WriteAsync([asked, asked with { Point = ContactPoints.Email("nie@example.org")! }], CancellationToken.None);
        await scope.ServiceProvider.GetRequiredService<ConfirmationLetters>().WriteAsync([asked with { Holds = false }], CancellationToken.None);
        (await _mail.NextAsync()).GetProperty("recipients")[0].GetString().ShouldBe(address);
        (await _mail.MoreAsync(TimeSpan.FromSeconds(2))).ShouldBe(0);
    }

    private Task SendAsync(string source, string kind, params string[] events) => new ConsentTests(_server).SendAsync(source, kind, events);

    private async Task RecordAsync(string point, string state) =>
        (await _server.Http.PostAsJsonAsync(Consents, new { contactPoint = point, purpose = "commercial", state })).EnsureSuccessStatusCode();

    private async Task<(bool May, string Reason)> MayAsync(string point)
    {
        await _server.Get<ConsentFeed>().WaitUntilKeptAsync(_server.Get<EventLog>().EndPosition, CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1));
        using var answer = await _server.Http.PostAsJsonAsync(Consents + "/question", new { contactPoint = point, purpose = "commercial", topic = point.Contains("neu@") ? "newsletter" : null });
        answer.EnsureSuccessStatusCode();
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (json.GetProperty("may").GetBoolean(), json.GetProperty("reason").GetString()!);
    }

    private async Task<List<JsonElement>> HistoryAsync(string point)
    {
        using var answer = await _server.Http.PostAsJsonAsync(Consents + "/history", new { contactPoint = point });
        return [.. (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("history").EnumerateArray()];
    }
}
