using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Tests.Unify;

/// <summary>Consents over HTTP: how they come in, what holds, who may be contacted, and what an erasure leaves.</summary>
public sealed class ConsentTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Consents = "/api/v1/unify/consents";

    [Theory]
    [InlineData(Enforcement.Restrictive, null, null, false, ConsentReason.NothingGiven)]
    [InlineData(Enforcement.NonRestrictive, null, null, true, ConsentReason.NoObjection)]
    [InlineData(Enforcement.Off, ConsentState.Withdrawn, null, true, ConsentReason.NotEnforced)]
    [InlineData(Enforcement.Restrictive, ConsentState.Given, null, true, ConsentReason.Given)]
    [InlineData(Enforcement.NonRestrictive, ConsentState.Withdrawn, null, false, ConsentReason.Withdrawn)]
    [InlineData(Enforcement.NonRestrictive, ConsentState.Pending, null, false, ConsentReason.Pending)]
    [InlineData(Enforcement.Restrictive, ConsentState.Given, ConsentState.Withdrawn, false, ConsentReason.Withdrawn)]
    [InlineData(Enforcement.Restrictive, null, ConsentState.Given, true, ConsentReason.Given)]
    [InlineData(Enforcement.Restrictive, ConsentState.Given, ConsentState.Pending, true, ConsentReason.Given)]
    public void The_answer_follows_enforcement_purpose_and_topic(Enforcement enforcement, ConsentState? whole, ConsentState? topic, bool may, ConsentReason reason)
    {
        var decided = Tangent.Unify.Consents.Decide(enforcement, Standing(whole, 1), Standing(topic, 1));
        (decided.May, decided.Reason).ShouldBe((may, reason));
    }

    [Fact]
    public void A_withdrawal_of_the_purpose_ends_its_topics_until_one_is_given_anew()
    {
        Tangent.Unify.Consents.Decide(Enforcement.Restrictive, Standing(ConsentState.Withdrawn, 2), Standing(ConsentState.Given, 1)).May.ShouldBeFalse();
        Tangent.Unify.Consents.Decide(Enforcement.Restrictive, Standing(ConsentState.Withdrawn, 2), Standing(ConsentState.Given, 3)).May.ShouldBeTrue();
    }

    [Fact]
    public async Task An_event_of_a_server_source_says_consents_with_their_wording()
    {
        await SendAsync("c-shop", "server", """{"type":"identify","userId":"c-1","traits":{"email":"Anna@Example.org"},"timestamp":"2026-03-01T09:00:00Z","consent":[{"purpose":"commercial","topic":"newsletter","state":"opted-in","wording":"I agree","wordingVersion":"7"},{"purpose":"transactional","state":false},{"purpose":"commercial","state":"perhaps"}]}""");
        (await MayAsync("email:anna@example.org", "transactional")).ShouldBe((false, "withdrawn"));
        var (_, history) = await HistoryAsync("email:ANNA@example.org");
        history.Count.ShouldBe(2);
        var given = history.Single(h => h.GetProperty("purpose").GetString() == "commercial");
        (given.GetProperty("wording").GetString(), given.GetProperty("wordingVersion").GetString(), given.GetProperty("source").GetString(), given.GetProperty("topic").GetString()).ShouldBe(("I agree", "7", "c-shop", "newsletter"));
        given.GetProperty("at").GetDateTime().ShouldBe(new DateTime(2026, 3, 1, 9, 0, 0, DateTimeKind.Utc));
    }

    [Fact]
    public async Task An_older_word_that_comes_late_is_history_only()
    {
        await SendAsync("c-late", "server",
            """{"type":"track","event":"x","userId":"c-2","consent":{"contactPoint":"phone:+48 601 234 567","purpose":"commercial","state":"withdrawn","at":"2026-05-01T00:00:00Z"}}""",
            """{"type":"track","event":"x","userId":"c-2","properties":{"consent":{"contactPoint":"phone:0048601234567","purpose":"commercial","state":"given","at":"2026-04-01T00:00:00Z"}}}""");
        (await MayAsync("phone:+48601234567", "commercial")).ShouldBe((false, "withdrawn"));
        (await HistoryAsync("phone:+48601234567")).History.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_banner_decides_over_the_visitor_only_and_its_repetitions_are_not_written_again()
    {
        const string Event = """{"type":"page","anonymousId":"c-visitor","userId":"c-victim","context":{"consent":{"categoryPreferences":{"Analytics":true,"Advertising":false,"Unheard":true}}}}""";
        await SendAsync("c-web", "web", Event, Event, Event);
        (await MayAsync("tracking:anonymous:c-visitor", "tracking")).ShouldBe((true, "given"));
        (await MayAsync("tracking:anonymous:c-visitor", "commercial")).ShouldBe((false, "withdrawn"));
        (await MayAsync("tracking:user:c-victim", "tracking")).ShouldBe((false, "nothingGiven"));
        (await HistoryAsync("tracking:anonymous:c-visitor")).History.Count.ShouldBe(2);
    }

    [Fact]
    public async Task With_a_public_key_nobody_gives_or_withdraws_for_an_address()
    {
        await RecordAsync("email:kept@example.org", "commercial", "given");
        await SendAsync("c-forger", "web",
            """{"type":"track","event":"x","anonymousId":"f","consent":[{"contactPoint":"email:kept@example.org","purpose":"commercial","state":"withdrawn"},{"contactPoint":"email:kept@example.org","purpose":"commercial","state":"given"},{"contactPoint":"email:new@example.org","purpose":"commercial","state":"given"},{"contactPoint":"tracking:user:somebody","purpose":"tracking","state":"given"}]}""");
        (await MayAsync("email:kept@example.org", "commercial")).ShouldBe((true, "given"));
        (await MayAsync("email:new@example.org", "commercial")).ShouldBe((false, "pending"));
        (await MayAsync("tracking:user:somebody", "tracking")).ShouldBe((false, "nothingGiven"));
    }

    [Fact]
    public async Task What_the_api_cannot_use_it_refuses_and_says_why()
    {
        foreach (var (body, field) in new (object, string)[]
        {
            (new { contactPoint = "anna", purpose = "commercial", state = "given" }, "contactPoint"),
            (new { contactPoint = "email:a@b.example", purpose = "nonsense", state = "given" }, "purpose"),
            (new { contactPoint = "email:a@b.example", purpose = "commercial", topic = "nothing", state = "given" }, "topic"),
            (new { contactPoint = "email:a@b.example", purpose = "commercial", state = "maybe" }, "state"),
            (new { contactPoint = "email:a@b.example", purpose = "commercial", state = "given", at = DateTime.UtcNow.AddDays(1) }, "at"),
            (new { contactPoint = "tracking:bob", purpose = "tracking", state = "given" }, "contactPoint"),
            (new { contactPoint = "tracking:user:", purpose = "tracking", state = "given" }, "contactPoint"),
            (new { contactPoint = "tracking:user:erased\u0001", purpose = "tracking", state = "given" }, "contactPoint"),
        })
        {
            using var answer = await server.Http.PostAsJsonAsync(Consents, body);
            answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().ShouldBe(field);
        }
    }

    [Fact]
    public async Task Purposes_are_added_changed_and_removed_and_a_changed_text_has_a_new_version()
    {
        var names = new { en = "Magazine", de = "Magazin", pl = "Magazyn" };
        var text = new { en = new { name = "Events", wording = "I want to be invited." } };
        var added = await PutAsync("events", new { enforcement = "restrictive", texts = text, topics = new[] { new { key = "magazine", names } } });
        added.GetProperty("version").GetInt32().ShouldBe(1);
        (await PutAsync("events", new { enforcement = "off", texts = text, topics = new[] { new { key = "magazine", names } } })).GetProperty("version").GetInt32().ShouldBe(1);
        (await PutAsync("events", new { enforcement = "off", texts = new { en = new { name = "Events", wording = "Another." } } })).GetProperty("version").GetInt32().ShouldBe(2);
        (await MayAsync("email:who@example.org", "events")).ShouldBe((true, "notEnforced"));
        (await server.Http.PutAsJsonAsync($"{Consents}/purposes/{Uri.EscapeDataString("bad key!")}", new { enforcement = "off" })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.Http.DeleteAsync($"{Consents}/purposes/events")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await server.Http.DeleteAsync($"{Consents}/purposes/commercial")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task The_customers_page_shows_and_records_consents_and_segments_ask_them()
    {
        await SendAsync("c-page", "server",
            """{"type":"identify","userId":"c-10","traits":{"email":"ten@example.org","phone":"+491701234567"}}""", """{"type":"track","event":"Order","userId":"c-10"}""",
            """{"type":"identify","userId":"c-11","traits":{"email":"eleven@example.org"}}""", """{"type":"track","event":"Order","userId":"c-11"}""");
        var number = server.Get<JourneyStore>().FindCustomer("c-10")!.Value;
        var fragment = await server.Http.GetStringAsync($"/unify/customers/{number}/consents");
        fragment.ShouldContain("ten@example.org");
        fragment.ShouldContain("No consent is recorded.");

        var refused = await FormAsync($"/unify/customers/{number}/consents", ("Point", Id("email:eleven@example.org")), ("Of", "commercial"), ("State", "Given"), ("Wording", "said so"));
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var recorded = await FormAsync($"/unify/customers/{number}/consents", ("Point", Id("email:ten@example.org")), ("Of", "commercial"), ("State", "Given"), ("Wording", "on the phone"));
        (await recorded.Content.ReadAsStringAsync()).ShouldContain("on the phone");
        (await MayAsync("email:ten@example.org", "commercial")).ShouldBe((true, "given"));

        var members = await JsonAsync("/api/v1/unify/segments/customers?condition=consent: commercial");
        members.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()).ShouldContain("c-10");
        members.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()).ShouldNotContain("c-11");
        var others = await JsonAsync("/api/v1/unify/segments/customers?condition=consent: transactional&condition=not consent: commercial");
        others.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()).ShouldContain("c-11");
        (await server.Http.GetAsync("/api/v1/unify/segments/size?condition=consent: nonsense")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        var link = await (await FormAsync($"/unify/customers/{number}/consents/links", ("Point", Id("email:ten@example.org")))).Content.ReadAsStringAsync();
        link.ShouldContain("/preferences/");
        var row = (await JsonAsync(Consents)).GetProperty("items").EnumerateArray().Single(r => r.GetProperty("purpose").GetString() == "commercial" && r.GetProperty("topic").GetString() == "" && r.GetProperty("kind").GetString() == "email");
        row.GetProperty("given").GetInt64().ShouldBeGreaterThanOrEqualTo(1);
        row.GetProperty("unknown").GetInt64().ShouldBeGreaterThanOrEqualTo(1);
        (await server.Http.GetStringAsync("/unify/consents")).ShouldContain("Offers and news");
    }

    [Fact]
    public async Task The_overview_counts_who_has_a_contact_point_of_which_nothing_is_recorded()
    {
        await using var own = await TestServer.StartAsync();
        await new ConsentTests(own).SendAsync("crm", "server",
            """{"type":"identify","userId":"u-1","traits":{"email":"one@example.org"},"consent":[{"purpose":"commercial","state":"given"},{"purpose":"commercial","topic":"newsletter","state":"given"}]}""",
            """{"type":"identify","userId":"u-2","traits":{"email":"two@example.org"},"consent":{"purpose":"commercial","state":"withdrawn"}}""",
            """{"type":"identify","userId":"u-3","traits":{"email":"three@example.org"}}""",
            """{"type":"identify","userId":"u-4","traits":{"name":"no address","email":"none"}}""",
            """{"type":"identify","userId":"u-5","traits":{"phone":"+48 601 234 561","mobile":"+48 601 234 562"}}""",
            """{"type":"identify","userId":"u-6","traits":{"phone":"+48 601 234 563","mobile":"0048 601 234 563"}}""",
            """{"type":"track","event":"x","userId":"u-5","consent":{"contactPoint":"phone:+48601234561","purpose":"commercial","state":"given"}}""",
            """{"type":"track","event":"x","userId":"u-6","consent":{"contactPoint":"phone:+48601234563","purpose":"commercial","state":"given"}}""");
        (await UnknownAsync("commercial", "", "email")).ShouldBe(1);
        (await UnknownAsync("commercial", "newsletter", "email")).ShouldBe(2);
        (await UnknownAsync("transactional", "", "email")).ShouldBe(3);
        (await UnknownAsync("commercial", "", "phone")).ShouldBe(1, "Of u-5's mobile nothing is recorded.");
        await new ConsentTests(own).SendAsync("more", "server", """{"type":"identify","userId":"u-7","traits":{"email":"seven@example.org"}}""");
        (await UnknownAsync("commercial", "", "email")).ShouldBe(2, "What came in since counts.");

        async Task<long> UnknownAsync(string purpose, string topic, string kind) => (await own.Http.GetFromJsonAsync<JsonElement>(Consents)).GetProperty("items").EnumerateArray()
            .Single(r => (r.GetProperty("purpose").GetString(), r.GetProperty("topic").GetString(), r.GetProperty("kind").GetString()) == (purpose, topic, kind)).GetProperty("unknown").GetInt64();
    }

    [Fact]
    public async Task An_erasure_leaves_the_withdrawals_as_hashes_also_after_a_rebuild()
    {
        await using var own = await TestServer.StartAsync();
        await new ConsentTests(own).SendAsync("crm", "server",
            """{"type":"identify","userId":"gone","traits":{"email":"marker@example.org"},"consent":[{"purpose":"commercial","state":"withdrawn","wording":"stop it"},{"purpose":"transactional","state":"given"}]}""",
            """{"type":"track","event":"Order","userId":"gone"}""");
        using var erased = await own.Http.PostAsJsonAsync("/api/v1/collect/erasures", new { customer = "gone", reason = "request 7" });
        erased.EnsureSuccessStatusCode();
        await new ConsentTests(own).OnlyTheWithdrawalIsLeftAsync();

        await own.StopAsync();
        foreach (var file in Directory.EnumerateFiles(own.DataFolder, "*", SearchOption.AllDirectories))
            Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)).ShouldNotContain("marker@example", customMessage: file);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        foreach (var file in Directory.EnumerateFiles(own.DataFolder, "tangent.db*")) File.Delete(file);
        await using var rebuilt = await TestServer.StartAsync(dataFolder: own.DataFolder);
        var feed = rebuilt.Get<ConsentFeed>();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await feed.WaitUntilKeptAsync(rebuilt.Get<EventLog>().EndPosition, patience.Token);
        await new ConsentTests(rebuilt).OnlyTheWithdrawalIsLeftAsync();
    }

    private string Id(string point) => server.Get<ContactPoints>() is var points ? points.IdOf(points.Read(point)!) : "";

    private async Task OnlyTheWithdrawalIsLeftAsync()
    {
        (await MayAsync("email:marker@example.org", "commercial")).ShouldBe((false, "withdrawn"));
        (await MayAsync("email:marker@example.org", "transactional")).ShouldBe((true, "noObjection"));
        var left = (await HistoryAsync("email:marker@example.org")).History.Single();
        (left.GetProperty("origin").GetString(), left.GetProperty("wording").GetString()).ShouldBe(("erasure", ""));
    }

    internal async Task SendAsync(string source, string kind, params string[] events)
    {
        using var made = await server.Http.PostAsJsonAsync("/api/v1/collect/sources", new { name = source, kind });
        var key = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("writeKey").GetString();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/batch") { Content = new StringContent($$"""{"batch":[{{string.Join(',', events)}}]}""") };
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(key + ":")));
        using var answer = await server.Http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("rejected").GetArrayLength().ShouldBe(0);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var end = server.Get<EventLog>().EndPosition;
        await server.Get<ConsentFeed>().WaitUntilKeptAsync(end, patience.Token);
        await server.Get<ProfileFeed>().WaitUntilKeptAsync(end, patience.Token);
        await server.Get<JourneyStore>().WaitUntilVisibleAsync(end, patience.Token);
    }

    private async Task RecordAsync(string point, string purpose, string state) =>
        (await server.Http.PostAsJsonAsync(Consents, new { contactPoint = point, purpose, state })).EnsureSuccessStatusCode();

    private async Task<(bool May, string Reason)> MayAsync(string point, string purpose)
    {
        using var answer = await server.Http.PostAsJsonAsync($"{Consents}/question", new { contactPoint = point, purpose });
        answer.EnsureSuccessStatusCode();
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (json.GetProperty("may").GetBoolean(), json.GetProperty("reason").GetString()!);
    }

    private async Task<(JsonElement Item, List<JsonElement> History)> HistoryAsync(string point)
    {
        using var answer = await server.Http.PostAsJsonAsync($"{Consents}/history", new { contactPoint = point });
        answer.EnsureSuccessStatusCode();
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (json.GetProperty("items")[0], [.. json.GetProperty("history").EnumerateArray()]);
    }

    private async Task<JsonElement> PutAsync(string key, object body)
    {
        using var answer = await server.Http.PutAsJsonAsync($"{Consents}/purposes/{key}", body);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<JsonElement> JsonAsync(string address) => JsonDocument.Parse(await server.Http.GetStringAsync(address)).RootElement;

    private Task<HttpResponseMessage> FormAsync(string address, params (string Name, string Value)[] fields) =>
        Access.People.SubmitAsync(server.Http, "/unify/segments/new", address, fields);

    private static StandingConsent? Standing(ConsentState? state, int day) => state is { } said
        ? new StandingConsent { Point = "email:x", Purpose = "commercial", State = said, AtUtc = new DateTime(2026, 3, day, 0, 0, 0, DateTimeKind.Utc), LastUtc = new DateTime(2026, 3, day, 0, 0, 0, DateTimeKind.Utc) } : null;
}
