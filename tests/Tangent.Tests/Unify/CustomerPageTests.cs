using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Tests.Unify;

public sealed class CustomerPageTests(TestServer server) : IClassFixture<TestServer>
{
    private static int _unique;

    [Fact]
    public async Task Every_value_says_which_source_it_is_from_and_a_policy_chooses_another()
    {
        var id = $"golden-{Interlocked.Increment(ref _unique)}";
        var (crm, shop) = (await SourceAsync(id + " CRM", "server"), await SourceAsync(id + " Shop", "server"));
        await SendAsync(crm, $$$"""{"type":"identify","userId":"{{{id}}}","traits":{"name":"Anna Alt","city":"Wien"},"timestamp":"2026-01-01T00:00:00Z"}""");
        await SendAsync(shop, $$$"""{"type":"identify","userId":"{{{id}}}","traits":{"name":"Anna Neu","plan":"gold"},"timestamp":"2026-02-01T00:00:00Z"}""");

        (await ValueAsync(id, "name")).ShouldBe(("Anna Neu", id + " Shop", "Anna Alt"));
        (await ValueAsync(id, "city")).ShouldBe(("Wien", id + " CRM", null));
        (await server.Http.GetStringAsync($"/unify/customers/{server.Get<JourneyStore>().FindCustomer(id)}")).ShouldContain(id + " Shop");

        (await server.Http.PutAsJsonAsync("/api/v1/unify/policies", new { sources = (string[])[id + " CRM", id + " Shop"] })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ValueAsync(id, "name")).ShouldBe(("Anna Alt", id + " CRM", "Anna Neu"));
        (await JsonAsync("/api/v1/analyse/events?trait.name=Anna%20Alt")).ValueKind.ShouldBe(JsonValueKind.Object);
        var members = await JsonAsync($"/api/v1/unify/segments/size?condition={Uri.EscapeDataString("trait: name = Anna Neu")}");
        members.GetProperty("customers").GetInt64().ShouldBe(0, "Filters go by the value that the page shows.");
        (await server.Http.PutAsJsonAsync("/api/v1/unify/policies", new { })).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("birthDate", "05.06.1971", "1971-06-05")]
    [InlineData("phone", "030 555 1234", "+49305551234")]
    [InlineData("email", " Anna@Example.org", "anna@example.org")]
    [InlineData("country", "Deutschland", "DE")]
    [InlineData("street", "Hauptstr. 7", "Hauptstraße 7")]
    [InlineData("city", "Köln", "Köln")]
    public async Task A_correction_is_kept_in_the_form_of_imports(string trait, string value, string kept)
    {
        var id = $"corrected-{Interlocked.Increment(ref _unique)}";
        await SendAsync(await SourceAsync(id + " CRM", "server"), $$$"""{"type":"identify","userId":"{{{id}}}","traits":{"name":"Anna"},"timestamp":"2026-01-01T00:00:00Z"}""");
        (await server.Http.PutAsJsonAsync($"/api/v1/unify/customers/{server.Get<JourneyStore>().FindCustomer(id)}/traits/{trait}", new { value })).EnsureSuccessStatusCode();
        (await ValueAsync(id, trait)).Item1.ShouldBe(kept);
    }

    [Theory]
    [InlineData("""{"sources":["nobody"]}""", "sources")]
    [InlineData("""{"policies":[{"fields":[],"choice":"Importance"}]}""", "fields")]
    [InlineData("""{"policies":[{"fields":["city"],"choice":"Importance"},{"fields":["city"],"choice":"United"}]}""", "fields")]
    [InlineData("""{"policies":[null]}""", "fields")]
    [InlineData("""{"policies":[{"fields":["city"],"choice":"Best"}]}""", "")]
    public async Task Policies_that_make_no_sense_are_refused(string body, string field)
    {
        var answer = await server.Http.PutAsync("/api/v1/unify/policies", new StringContent(body, Encoding.UTF8, "application/json"));
        ((int)answer.StatusCode).ShouldBeInRange(400, 422);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(field);
    }

    [Fact]
    public async Task Policies_are_kept_from_their_page()
    {
        var name = $"pages {Interlocked.Increment(ref _unique)}";
        var source = await SourceAsync(name, "server");
        var page = await server.Http.GetStringAsync("/unify/policies");
        page.ShouldContain("street");
        var kept = await PostAsync("/unify/policies", [($"rank.{source}", "1"), ("fields", "plan, tier"), ("choice", "MostRecent"), ("fields", ""), ("choice", "Importance")]);
        kept.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var now = await JsonAsync("/api/v1/unify/policies");
        now.GetProperty("sources")[0].GetString().ShouldBe(name);
        now.GetProperty("policies")[0].GetProperty("fields").EnumerateArray().Select(f => f.GetString()).ShouldBe(["plan", "tier"]);
        var refused = await PostAsync("/unify/policies", [("fields", "a, a"), ("choice", "MostRecent")]);
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("a, a", customMessage: "What was entered stays.");
        (await server.Http.PutAsJsonAsync("/api/v1/unify/policies", new { })).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_timeline_goes_on_where_it_ended_and_is_filtered()
    {
        var id = $"long-{Interlocked.Increment(ref _unique)}";
        await SendAsync(1, [.. Enumerable.Range(0, 120).Select(i =>
            $$$"""{"type":"track","event":"{{{(i % 3 == 0 ? "Call" : "Visit")}}}","userId":"{{{id}}}","timestamp":"2026-03-{{{1 + i / 10:00}}}T{{{i % 10 + 8:00}}}:00:00Z","properties":{"channel":"{{{(i % 3 == 0 ? "phone" : "web")}}}","ticket":"T-{{{i:000}}}"}}""")]);
        var number = server.Get<JourneyStore>().FindCustomer(id)!.Value;

        var seen = new List<string>();
        var part = await server.Http.GetStringAsync($"/unify/customers/{number}");
        for (var parts = 1; ; parts++)
        {
            seen.AddRange(Regex.Matches(part, "/api/v1/unify/events/(\\d+)").Select(m => m.Groups[1].Value).Distinct());
            if (Regex.Match(part, "hx-get=\"(/unify/customers/\\d+/timeline[^\"]+)") is not { Success: true } next) break;
            parts.ShouldBeLessThan(5);
            part = await server.Http.GetStringAsync(WebUtility.HtmlDecode(next.Groups[1].Value));
        }

        seen.Count.ShouldBe(120);
        seen.Distinct().Count().ShouldBe(120);
        (await EventsAsync(number, "channel=phone&take=100")).Count.ShouldBe(40);
        (await EventsAsync(number, "touchpoint=Visit&take=100")).Count.ShouldBe(80);
        (await EventsAsync(number, "text=t-042")).Count.ShouldBe(1, "Also what only the original says is found.");
        (await EventsAsync(number, "text=t-042&channel=web")).Count.ShouldBe(0);
        (await server.Http.GetStringAsync($"/unify/customers/{number}?text=nowhere")).ShouldContain("No event fits");
    }

    [Fact]
    public async Task The_position_says_which_stages_were_reached_and_what_comes_next()
    {
        var tag = Interlocked.Increment(ref _unique);
        foreach (var (name, stage) in ((string, string)[])[($"Look {tag}", "awareness"), ($"Buy {tag}", "conversion")])
            (await server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name, stage, channel = "web" })).StatusCode.ShouldBe(HttpStatusCode.Created);
        await SendAsync(1, [.. Enumerable.Range(0, 4).SelectMany(c => (string[])[
            $$"""{"type":"track","event":"Look {{tag}}","userId":"pos-{{tag}}-{{c}}","timestamp":"2026-03-01T10:00:00Z"}""",
            .. c == 0 ? (string[])[] : [$$"""{"type":"track","event":"Buy {{tag}}","userId":"pos-{{tag}}-{{c}}","timestamp":"2026-03-02T10:00:00Z"}"""]])]);
        var (looked, bought) = (await PositionAsync($"pos-{tag}-0"), await PositionAsync($"pos-{tag}-1"));
        looked.GetProperty("stage").GetString().ShouldBe("awareness");
        looked.GetProperty("next")[0].GetProperty("touchpoint").GetString().ShouldBe($"Buy {tag}");
        looked.GetProperty("next")[0].GetProperty("share").GetDouble().ShouldBe(0.75);
        looked.GetProperty("waits").GetBoolean().ShouldBeTrue();
        bought.GetProperty("stage").GetString().ShouldBe("conversion");
        bought.GetProperty("stages").EnumerateArray().Sum(s => s.GetProperty("events").GetInt32()).ShouldBe(2);
        (await server.Http.GetAsync("/api/v1/unify/customers/999999/position")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_customers_segments_are_listed()
    {
        var id = $"seg-{Interlocked.Increment(ref _unique)}";
        await SendAsync(1, $$"""{"type":"track","event":"Seen","userId":"{{id}}"}""");
        foreach (var (name, condition) in ((string, string)[])[(id + " in", $"customers: {id}"), (id + " out", $"not customers: {id}")])
            (await server.Http.PostAsJsonAsync("/api/v1/unify/segments", new { name, conditions = (string[])[condition] })).StatusCode.ShouldBe(HttpStatusCode.Created);
        var number = server.Get<JourneyStore>().FindCustomer(id)!.Value;
        var names = (await JsonAsync($"/api/v1/unify/customers/{number}/segments")).GetProperty("items").EnumerateArray().Select(n => n.GetString()).ToList();
        (names.Contains(id + " in"), names.Contains(id + " out")).ShouldBe((true, false));
        (await server.Http.GetStringAsync($"/unify/customers/{number}/segments")).ShouldContain(id + " in");
    }

    [Theory]
    [InlineData("ullerovsk")]
    [InlineData("0171 998877")]
    [InlineData("998877")]
    [InlineData("80331")]
    [InlineData("goethe munchen")]
    [InlineData("KD-90")]
    public async Task Anything_known_finds(string search)
    {
        await SendAsync(1, """{"type":"identify","userId":"any-1","traits":{"name":"Jürgen Müllerovský","phone":"+49 171 998877","street":"Goethestraße 5","postcode":"80331","city":"München","customerNumber":"KD-90017"}}""");
        var items = (await JsonAsync("/api/v1/unify/customers?search=" + Uri.EscapeDataString(search))).GetProperty("items");
        items.EnumerateArray().Select(i => i.GetProperty("id").GetString()).ShouldBe(["any-1"]);
    }

    private async Task<(string?, string?, string?)> ValueAsync(string id, string name)
    {
        var value = (await JsonAsync($"/api/v1/unify/customers/{server.Get<JourneyStore>().FindCustomer(id)}")).GetProperty("values").EnumerateArray().Single(v => v.GetProperty("name").GetString() == name);
        var others = value.GetProperty("others");
        return (value.GetProperty("value").GetString(), value.GetProperty("source").GetString(), others.GetArrayLength() == 0 ? null : others[0].GetProperty("value").GetString());
    }

    private async Task<List<JsonElement>> EventsAsync(int number, string query) => [.. (await JsonAsync($"/api/v1/unify/customers/{number}?{query}")).GetProperty("events").EnumerateArray()];

    private Task<JsonElement> PositionAsync(string id) => JsonAsync($"/api/v1/unify/customers/{server.Get<JourneyStore>().FindCustomer(id)}/position");

    private async Task<int> SourceAsync(string name, string kind)
    {
        var answer = await server.Http.PostAsJsonAsync("/api/v1/collect/sources", new { name, kind });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetInt32();
    }

    private async Task<HttpResponseMessage> PostAsync(string address, (string Name, string Value)[] fields)
    {
        var token = Regex.Match(await server.Http.GetStringAsync("/map/touchpoints/new"), "__RequestVerificationToken\" value=\"([^\"]+)").Groups[1].Value;
        return await server.Http.PostAsync(address, new FormUrlEncodedContent(fields.Append(("__RequestVerificationToken", token)).Select(f => KeyValuePair.Create(f.Item1, f.Item2))));
    }

    private async Task<JsonElement> JsonAsync(string address) => JsonDocument.Parse(await server.Http.GetStringAsync(address)).RootElement;

    private async Task SendAsync(int source, params string[] events)
    {
        var accepted = events.Select(e => new AcceptedEvent(default, Encoding.UTF8.GetBytes(e))).ToList();
        var appended = await server.Get<EventLog>().AppendAsync(new LogAppend(source, LogKind.Import, Trusted: true, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), null, accepted), CancellationToken.None);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await server.Get<JourneyStore>().WaitUntilVisibleAsync(appended.EndPosition, patience.Token);
        while (server.Get<ProfileFeed>().Position < appended.EndPosition) await Task.Delay(20, patience.Token);
    }
}
