using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Mail;
using Tangent.Measure;
using Tangent.Tests.Collect;
using Tangent.Tests.Mail;
using Tangent.Unify;

namespace Tangent.Tests.Measure;

/// <summary>Customers are asked by letters that a real mail server takes, after events, and every decision not to ask can be told.</summary>
public sealed partial class AskingTests
{
    private const string Surveys = "/api/v1/measure/surveys";
    private static readonly string[] Unreachable = ["--Mail:Host=127.0.0.1", "--Mail:Port=9", "--Mail:From=tangent@firma.example", "--Mail:PublicAddress=https://tangent.firma.example"];
    private static readonly AskRule Rule = new("Delivery", DelayHours: 0, QuietFrom: null, QuietTo: null);

    [SdkTheory]
    [InlineData("anna")]
    public async Task An_event_makes_a_letter_whose_link_answers_and_everybody_else_is_not_asked_for_a_reason_that_is_told(string who)
    {
        await using var mail = new MailServer();
        await using var server = await TestServer.StartAsync(true, null, mail.Settings("None", "--Mail:PublicAddress=https://tangent.firma.example/", "--Company:Name=Velora"));
        var id = await SurveyAsync(server, Rule with { Conditions = ["trait plan = gold"] });
        foreach (var (person, plan, consent) in new[] { (who, "gold", true), ("ben", "free", true), ("cleo", "gold", false) })
            await PersonAsync(server, person, plan, consent);
        await TrackAsync(server, "server", "a-shop", who, "ben", "cleo", "nobody", "number4");
        await TrackAsync(server, "web", "a-browser", who);

        var letter = await mail.NextAsync();
        letter.GetProperty("recipients")[0].GetString().ShouldBe($"{who}@example.org");
        var text = letter.GetProperty("text").GetString()!;
        text.ShouldContain("Guten Tag Ania");
        text.ShouldContain("weil Sie mit Velora in Kontakt waren");
        text.ShouldNotContain("Kontos");
        var headers = letter.GetProperty("headers");
        headers.GetProperty("list-unsubscribe-post").GetString()!.ShouldContain("List-Unsubscribe=One-Click");
        var unsubscribe = UnsubscribeAddress().Match(string.Concat(headers.GetProperty("list-unsubscribe").GetString()!.Where(c => !char.IsWhiteSpace(c)))).Groups[1].Value;

        // The link in the letter leads to the company's address; here the same path is this server's.
        var link = ClickedLink().Match(letter.GetProperty("html").GetString()!).Groups[1].Value;
        var html = await server.Http.GetStringAsync(WebUtility.HtmlDecode(link));
        html.ShouldMatch("value=\"4\" checked");
        var action = WebUtility.HtmlDecode(FormAction().Match(html).Groups[1].Value);
        (await server.Http.PostAsync(action, new FormUrlEncodedContent([new("page", "0"), new("q.csat", "4")]))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var answer = Events(server).Single(e => e.GetProperty("event").GetString() == "Survey answered");
        (answer.GetProperty("userId").GetString(), answer.GetProperty("properties").GetProperty("touchpoint").GetString(), answer.GetProperty("properties").GetProperty("score").GetInt32()).ShouldBe((who, "Delivery", 4));

        await TrackAsync(server, "server", "a-shop", who);
        (await OutcomesAsync(server, id, 6)).ShouldBe([
            ("user:" + who, "asked"), ("user:" + who, "askedLately"), ("user:ben", "conditionFails"), ("user:cleo", "noConsent"), ("user:nobody", "conditionFails"), ("user:number4", "conditionFails")], ignoreOrder: true);
        (await mail.MoreAsync(TimeSpan.FromSeconds(2))).ShouldBe(0);
        var mine = await server.Http.GetFromJsonAsync<JsonElement>($"{Surveys}/{id}/decisions?customer=user:ben");
        var why = mine.GetProperty("items").EnumerateArray().Single();
        (why.GetProperty("outcome").GetString(), why.GetProperty("why").GetString(), why.GetProperty("words").GetString()!.Contains("trait plan = gold", StringComparison.Ordinal)).ShouldBe(("conditionFails", "trait plan = gold", true));
        var cleo = (await server.Http.GetFromJsonAsync<JsonElement>($"{Surveys}/{id}/decisions?customer=user:cleo")).GetProperty("items")[0];
        (cleo.GetProperty("why").GetString(), cleo.GetProperty("words").GetString()).ShouldBe(("nothingGiven", "Nicht gefragt. Es ist keine Einwilligung festgehalten."), "in the language of the link that was opened");

        using var no = await server.Http.PostAsync(new Uri(unsubscribe).AbsolutePath, new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]));
        no.StatusCode.ShouldBe(HttpStatusCode.OK);
        var may = await server.Http.PostAsJsonAsync("/api/v1/unify/consents/question", new { contactPoint = $"email:{who}@example.org", purpose = "commercial" });
        (await may.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("may").GetBoolean().ShouldBeFalse();
    }

    [SdkTheory]
    [InlineData(550)]
    public async Task An_address_that_takes_no_letters_is_marked_and_not_written_to_again(int code)
    {
        await using var mail = new MailServer(refuse: new { rcpt = code, times = 5 });
        await using var server = await TestServer.StartAsync(true, null, mail.Settings("None", "--Mail:PublicAddress=https://tangent.firma.example"));
        var id = await SurveyAsync(server, Rule with { WaitDays = 0 });
        await PersonAsync(server, "gone", "gold", consent: true);
        await TrackAsync(server, "server", "b-shop", "gone");
        (await OutcomesAsync(server, id, 1, "cameBack")).ShouldBe([("user:gone", "cameBack")]);
        await TrackAsync(server, "server", "b-shop", "gone");
        (await OutcomesAsync(server, id, 2, "undeliverable")).ShouldBe([("user:gone", "undeliverable"), ("user:gone", "cameBack")], ignoreOrder: true);
        // An editor knows better; and so does a letter that is taken.
        async Task<HttpStatusCode> UnmarkAsync() => (await server.Http.PostAsJsonAsync("/api/v1/measure/deliverable-addresses", new { contactPoint = "email:Gone@example.org" })).StatusCode;
        (await UnmarkAsync()).ShouldBe(HttpStatusCode.NoContent);
        (await UnmarkAsync()).ShouldBe(HttpStatusCode.NotFound);
        await using var scope = server.Services.CreateAsyncScope();
        var (decisions, point) = (scope.ServiceProvider.GetRequiredService<DecisionQueries>(), server.Get<ContactPoints>().IdOf(ContactPoints.Email("gone@example.org")!));
        await decisions.MarkAsync(point, DateTime.UtcNow, CancellationToken.None);
        await decisions.SaveAsync(CancellationToken.None);
        (await decisions.IsUndeliverableAsync(point, "gone@example.org", CancellationToken.None)).ShouldBeTrue();
        var outbox = scope.ServiceProvider.GetRequiredService<OutboxQueries>();
        var letter = outbox.Put(Letter.Of("Gone@example.org", "Hello", "text", "<p>text</p>"));
        (letter.State, letter.SentUtc) = (LetterState.Sent, DateTime.UtcNow.AddSeconds(1));
        await outbox.SaveAsync(CancellationToken.None);
        (await decisions.IsUndeliverableAsync(point, "gone@example.org", CancellationToken.None)).ShouldBeFalse();
    }

    [SdkTheory]
    [InlineData(550, null, "")]
    [InlineData(null, 554, "5.7.1 Relay access denied")]
    public async Task A_refused_sender_or_one_who_is_not_signed_in_marks_no_address(int? mailFrom, int? rcpt, string says)
    {
        await using var mail = new MailServer(refuse: new { mail = mailFrom, rcpt, says, times = 1 });
        await using var server = await TestServer.StartAsync(true, null, mail.Settings("None", "--Mail:PublicAddress=https://tangent.firma.example"));
        var id = await SurveyAsync(server, Rule with { WaitDays = 0 });
        await PersonAsync(server, "here", "gold", consent: true);
        await TrackAsync(server, "server", "d-shop", "here");
        (await OutcomesAsync(server, id, 1, "cameBack")).ShouldBe([("user:here", "cameBack")]);
        await TrackAsync(server, "server", "d-shop", "here");
        (await mail.NextAsync()).GetProperty("recipients")[0].GetString().ShouldBe("here@example.org");
    }

    [Fact]
    public async Task Without_a_mail_server_decisions_wait_and_after_a_week_it_is_too_late()
    {
        var server = await TestServer.StartAsync(true, null, "--Mail:PublicAddress=https://tangent.firma.example");
        var id = await SurveyAsync(server, Rule);
        await PersonAsync(server, "late", "gold", consent: false);
        await TrackAsync(server, "server", "e-shop", "late", "soon");
        (await OutcomesAsync(server, id, 2, "waiting", seconds: 3)).ShouldBe([("user:late", "waiting"), ("user:soon", "waiting")], ignoreOrder: true);
        await using (var scope = server.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<TangentDb>().Set<Decision>().Where(d => d.Key == "user:late").ExecuteUpdateAsync(s => s.SetProperty(d => d.HappenedUtc, DateTime.UtcNow.AddDays(-8)));
        await server.StopAsync();
        await using var second = await TestServer.StartAsync(true, server.DataFolder, Unreachable);
        (await OutcomesAsync(second, id, 2, "tooLate")).ShouldBe([("user:late", "tooLate"), ("user:soon", "noAddress")], ignoreOrder: true);
    }

    [Fact]
    public async Task A_decision_that_cannot_be_made_keeps_no_other_from_being_made()
    {
        await using var server = await TestServer.StartAsync(true, null, Unreachable);
        var broken = await SurveyAsync(server, Rule with { Conditions = ["trait plan = gold"] });
        var whole = await SurveyAsync(server, Rule, "Whole");
        await using (var scope = server.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<TangentDb>().Set<SurveyVersion>().Where(v => v.SurveyId == broken).ExecuteUpdateAsync(s => s.SetProperty(v => v.Definition, v => v.Definition.Replace("trait plan = gold", "no condition")));
        await PersonAsync(server, "fay", "gold", consent: false);
        await TrackAsync(server, "server", "f-shop", "fay");
        (await OutcomesAsync(server, whole, 1, "noConsent")).ShouldBe([("user:fay", "noConsent")]);
        var due = (await server.Http.GetFromJsonAsync<JsonElement>($"{Surveys}/{broken}/decisions")).GetProperty("items")[0];
        due.GetProperty("outcome").GetString().ShouldBe("waiting");
        due.GetProperty("due").GetDateTime().ShouldBe(DateTime.UtcNow.AddHours(1), TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task Conditions_on_properties_of_the_event_decide_and_quiet_hours_are_told_from_the_delay()
    {
        await using var server = await TestServer.StartAsync(true, null, Unreachable);
        var id = await SurveyAsync(server, Rule with { Conditions = ["property total >= 100"] });
        var now = TimeZoneInfo.ConvertTimeFromUtc(DateTime.UtcNow, new CompanyOptions().Zone());
        var quiet = await SurveyAsync(server, Rule with { QuietFrom = $"{now.AddHours(-2):HH:mm}", QuietTo = $"{now.AddHours(2):HH:mm}", WaitDays = 0 }, "Quiet");
        foreach (var (who, total) in new[] { ("big", "120"), ("small", "80") })
        {
            await PersonAsync(server, who, "gold", consent: true);
            await SendAsync(server, "server", "p-shop", new { type = "track", @event = "Delivery", userId = who, properties = new { total } });
        }

        await SendAsync(server, "server", "p-shop", new { type = "track", @event = "Delivery", userId = "big" });
        // What says two totals says none; nor does the second event of the same customer.
        var key = await server.Get("p-shop", "server");
        foreach (var twice in (string[])["\"properties\":{\"total\":\"120\",\"total\":\"80\"}", "\"type\":\"track\",\"properties\":{\"total\":\"120\"}"])
        {
            using var sent = await server.Http.PostAsync("/v1/batch", new StringContent($$"""{"writeKey":"{{key}}","batch":[{"type":"track","event":"Delivery","userId":"twice",{{twice}}}]}""", Encoding.UTF8, "application/json"));
            sent.StatusCode.ShouldBe(HttpStatusCode.OK, await sent.Content.ReadAsStringAsync());
        }

        (await OutcomesAsync(server, id, 5, "asked")).ShouldBe([("user:big", "asked"), ("user:small", "conditionFails"), ("user:big", "conditionFails"), ("user:twice", "conditionFails"), ("user:twice", "conditionFails")], ignoreOrder: true);
        var waits = await TestCalls.UntilAsync<JsonElement>(async () => (await server.Http.GetFromJsonAsync<JsonElement>($"{Surveys}/{quiet}/decisions?customer=user:big")).GetProperty("items").EnumerateArray()
            .Where(d => d.GetProperty("why").GetString()!.Length > 0).Select(d => (JsonElement?)d).FirstOrDefault());
        (waits.GetProperty("outcome").GetString(), waits.GetProperty("why").GetString(), waits.GetProperty("words").GetString()).ShouldBe(("waiting", "quiet", "Waits for the end of the quiet hours."));
        var page = await server.Http.GetStringAsync($"/measure/surveys/{id}?lang=en");
        page.ShouldMatch("<a href=\"/unify/customers/\\d+\">user:small</a>");
    }

    [Fact]
    public async Task A_renamed_touchpoint_is_still_asked_about_and_a_retired_one_is_said_to_be()
    {
        await using var server = await TestServer.StartAsync(true, null, Unreachable);
        var id = await SurveyAsync(server, Rule);
        var touchpoint = (await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/map/touchpoints")).EnumerateArray().Single(t => t.GetProperty("name").GetString() == "Delivery").GetProperty("id").GetInt32();
        Task<HttpResponseMessage> ChangeAsync(bool retired) => server.Http.PutAsJsonAsync($"/api/v1/map/touchpoints/{touchpoint}", new { id = touchpoint, name = "Parcel handed over", channel = "parcel", stage = "retention", retired });
        (await ChangeAsync(retired: false)).EnsureSuccessStatusCode();
        await SendAsync(server, "server", "g-shop", new { type = "track", @event = "Parcel handed over", userId = "gus" });
        (await OutcomesAsync(server, id, 1, "noAddress")).ShouldBe([("user:gus", "noAddress")]);
        var page = await server.Http.GetStringAsync($"/measure/surveys/{id}?lang=en");
        (Regex.Count(page, "<option value=\"Parcel handed over\" selected"), page.Contains("no longer in the catalogue", StringComparison.Ordinal)).ShouldBe((2, false));
        (await ChangeAsync(retired: true)).EnsureSuccessStatusCode();
        page = await server.Http.GetStringAsync($"/measure/surveys/{id}?lang=en");
        (Regex.Count(page, "<option value=\"Parcel handed over\" selected"), page.Contains("no longer in the catalogue", StringComparison.Ordinal)).ShouldBe((2, true));
    }

    [Fact]
    public async Task From_where_the_log_is_followed_is_kept_before_anything_comes_and_what_is_noted_already_is_left_out()
    {
        await using var server = await TestServer.StartAsync();
        await server.Get<AskFeed>().WaitUntilCurrentAsync(CancellationToken.None);
        await using var scope = server.Services.CreateAsyncScope();
        var decisions = scope.ServiceProvider.GetRequiredService<DecisionQueries>();
        (await decisions.PositionAsync(CancellationToken.None)).ShouldBe(0);
        var cause = new AskCause(1, 0, "user:a", DateTime.UtcNow, DateTime.UtcNow.AddDays(1));
        await decisions.SaveAsync([cause], 1, CancellationToken.None);
        await decisions.SaveAsync([cause, cause with { Position = 5 }], 6, CancellationToken.None);
        (await decisions.LatestAsync(1, null, 9, CancellationToken.None)).Select(d => d.Position).Order().ShouldBe([0, 5]);
    }

    [SdkTheory]
    [InlineData(2)]
    public async Task After_a_restart_nobody_gets_a_letter_twice_and_the_quota_of_the_day_holds(int quota)
    {
        await using var mail = new MailServer();
        var settings = mail.Settings("None", "--Mail:PublicAddress=https://tangent.firma.example");
        var server = await TestServer.StartAsync(true, null, settings);
        var id = await SurveyAsync(server, Rule with { DailyQuota = quota });
        foreach (var person in new[] { "q1", "q2", "q3" }) await PersonAsync(server, person, "gold", consent: true);
        await TrackAsync(server, "server", "c-shop", "q1", "q2", "q3");
        (await OutcomesAsync(server, id, 3)).Select(o => o.Outcome).Order().ShouldBe(["asked", "asked", "quotaReached"]);
        await mail.NextAsync();
        await mail.NextAsync();
        await server.StopAsync();
        await using var second = await TestServer.StartAsync(true, server.DataFolder, settings);
        (await mail.MoreAsync(TimeSpan.FromSeconds(4))).ShouldBe(0);
        (await OutcomesAsync(second, id, 3)).Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("2026-03-01T21:30:00Z", "2026-03-02T07:00:00Z")]
    [InlineData("2026-03-02T05:00:00Z", "2026-03-02T07:00:00Z")]
    [InlineData("2026-03-02T07:00:00Z", null)]
    [InlineData("2026-03-02T18:59:00Z", null)]
    [InlineData("2026-03-02T19:00:00Z", "2026-03-03T07:00:00Z")]
    [InlineData("2026-07-01T19:00:00Z", "2026-07-02T06:00:00Z")]
    public void In_quiet_hours_of_the_companys_zone_a_letter_waits_until_they_end(string now, string? until)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        AskDecider.QuietUntil(new AskRule("x"), DateTime.Parse(now, null, System.Globalization.DateTimeStyles.AdjustToUniversal), zone)
            .ShouldBe(until is null ? null : DateTime.Parse(until, null, System.Globalization.DateTimeStyles.AdjustToUniversal));
        AskDecider.QuietUntil(new AskRule("x", QuietFrom: null, QuietTo: null), DateTime.UtcNow, zone).ShouldBeNull();
    }

    [Fact]
    public void A_sample_is_always_the_same_customers_and_as_many_as_was_said()
    {
        var keys = Enumerable.Range(0, 20_000).Select(n => $"user:{n}").ToList();
        var inSample = keys.Count(k => AskDecider.IsInSample(3, k, 0.1));
        // Four standard deviations of a binomial number.
        inSample.ShouldBeInRange(2000 - 170, 2000 + 170);
        keys.Count(k => AskDecider.IsInSample(3, k, 0.1)).ShouldBe(inSample);
        keys.Count(k => AskDecider.IsInSample(3, k, 0.1) && AskDecider.IsInSample(4, k, 0.1)).ShouldBeInRange(120, 290);
        keys.All(k => AskDecider.IsInSample(3, k, 1)).ShouldBeTrue();
    }

    private static async Task<int> SurveyAsync(TestServer server, AskRule rule, string name = "Delivered")
    {
        await server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name = "Delivery", channel = "parcel", stage = "retention" });
        var survey = SurveyTemplates.All["delivery"] with { Name = name, Touchpoint = "Delivery", DefaultLanguage = "de", Ask = rule };
        using var answer = await server.Http.PostAsync(Surveys, new StringContent(survey.ToJson(), Encoding.UTF8, "application/json"));
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
    }

    private static async Task PersonAsync(TestServer server, string id, string plan, bool consent)
    {
        await SendAsync(server, "server", "crm", new { type = "identify", userId = id, traits = new { firstName = "Ania", email = $"{id}@example.org", plan, language = "de-AT" } });
        if (consent) (await server.Http.PostAsJsonAsync("/api/v1/unify/consents", new { contactPoint = $"email:{id}@example.org", purpose = "commercial", state = "given", wording = "You may ask me." })).EnsureSuccessStatusCode();
    }

    private static Task TrackAsync(TestServer server, string kind, string source, params string[] people) =>
        SendAsync(server, kind, source, [.. people.Select(p => (object)new { type = "track", @event = "Delivery", userId = p })]);

    private static async Task SendAsync(TestServer server, string kind, string source, params object[] events)
    {
        var of = await server.Get(source, kind);
        using var sent = await server.Http.PostAsJsonAsync("/v1/batch", new { writeKey = of, batch = events });
        sent.StatusCode.ShouldBe(HttpStatusCode.OK, await sent.Content.ReadAsStringAsync());
        var log = server.Get<EventLog>();
        while (server.Get<ProfileFeed>().Position < log.EndPosition) await Task.Delay(20);
    }

    private static async Task<List<(string Who, string Outcome)>> OutcomesAsync(TestServer server, int id, int count, string? with = null, int seconds = 30)
    {
        if (with == "waiting") await Task.Delay(TimeSpan.FromSeconds(seconds));
        for (var tries = 0; ; tries++)
        {
            var answer = await server.Http.GetFromJsonAsync<JsonElement>($"{Surveys}/{id}/decisions");
            var found = answer.GetProperty("items").EnumerateArray().Select(d => (d.GetProperty("identifier").GetString()!, d.GetProperty("outcome").GetString()!)).ToList();
            if ((found.Count >= count && found.All(f => f.Item2 != "waiting" || with == "waiting") && (with is null || found.Exists(f => f.Item2 == with))) || tries == 300) return found;
            await Task.Delay(100);
        }
    }

    private static List<JsonElement> Events(TestServer server)
    {
        var found = new List<JsonElement>();
        foreach (var row in server.Get<EventLog>().Read(0).Where(r => r.Kind == LogKind.Events))
            foreach (var line in row.Events)
                if (JsonDocument.Parse(line).RootElement is var json && json.TryGetProperty("event", out _)) found.Add(json);
        return found;
    }

    [GeneratedRegex("<(https://[^>]+)>")]
    private static partial Regex UnsubscribeAddress();

    [GeneratedRegex("href=\"https://tangent\\.firma\\.example(/s/[^\"]+;a=4)\"")]
    private static partial Regex ClickedLink();

    [GeneratedRegex("<form method=\"post\" action=\"(/s/[^\"]+)\"")]
    private static partial Regex FormAction();
}

internal static class SourceMaking
{
    /// <summary>The write key of a source, which is made where there is none.</summary>
    public static async Task<string> Get(this TestServer server, string name, string kind)
    {
        using var made = await server.Http.PostAsJsonAsync("/api/v1/collect/sources", new { name, kind });
        var all = await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/collect/sources");
        return all.GetProperty("items").EnumerateArray().Single(s => s.GetProperty("name").GetString() == name).GetProperty("writeKey").GetString()!;
    }
}
