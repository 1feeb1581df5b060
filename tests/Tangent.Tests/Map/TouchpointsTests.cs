using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Access;
using Tangent.Cli;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Map;
using Tangent.Measure;
using Tangent.Tests.Access;

namespace Tangent.Tests.Map;

/// <summary>The catalogue of touchpoints: two that are one are merged with all that named them, and each says what it costs and who answers for it.</summary>
public sealed class TouchpointsTests : IAsyncLifetime
{
    private const string Address = "/api/v1/map/touchpoints";

    private static readonly string[] Names = ["Cart", "Shopping cart", "basket_open"];

    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task All_that_named_a_merged_touchpoint_names_the_one_that_stays()
    {
        var (cart, basket) = (await AddAsync("Cart"), await AddAsync("Shopping cart"));
        await AddAsync("Shop");
        await PostAsync("/api/v1/collect/touchpoint-rules", new { touchpointId = basket, @event = "basket_open" });
        var key = await _server.Http.AddSourceAsync("Shop", "server");
        await _server.Http.SendCallsAsync(key, Names.Select((name, i) => $$"""{"type":"track","event":"{{name}}","userId":"u{{i}}","messageId":"m{{i}}"}"""));
        foreach (var (touchpoint, person, importance) in new[] { (cart, "a@firma.example", 2), (basket, "a@firma.example", 9), (basket, "b@firma.example", 9) })
            (await _server.Http.PutAsJsonAsync($"{Address}/{touchpoint}/vote", new { importance, person })).EnsureSuccessStatusCode();
        foreach (var (touchpoint, metric, value) in new[] { (cart, "nps", 50.0), (basket, "nps", 10.0), (basket, "csat", 0.9) })
            (await _server.Http.PutAsJsonAsync($"/api/v1/measure/touchpoints/{touchpoint}/targets/{metric}", new { value })).EnsureSuccessStatusCode();
        await PostAsync($"{Address}/{basket}/observations", new { text = "The button is hidden" });
        var map = (await PostAsync("/api/v1/map/journey-maps", new { name = "Buying", content = MapOf(basket) })).GetProperty("id").GetInt32();
        await PostAsync("/api/v1/analyse/annotations", new { day = "2026-05-01", text = "New shop", touchpoint = "Shopping cart" });
        var survey = await PostAsync("/api/v1/measure/surveys", Survey("Shopping cart"));
        await PostAsync($"/api/v1/measure/surveys/{survey.GetProperty("id").GetInt32()}/responses", new { userId = "u1", answers = new[] { new { question = "csat", value = "5" } } }, HttpStatusCode.OK);

        var merged = await PostAsync($"{Address}/{basket}/merge/{cart}", new { }, HttpStatusCode.OK);

        merged.GetProperty("merged").EnumerateArray().Select(n => n.GetString()).ShouldBe(["Shopping cart"]);
        (await _server.Http.JsonAsync(Address)).EnumerateArray().Select(t => t.GetProperty("name").GetString()).ShouldBe(["Cart", "Shop"], ignoreOrder: true);
        (await _server.Http.JsonAsync($"{Address}/{basket}")).GetProperty("id").GetInt32().ShouldBe(cart);
        await TestCalls.UntilAsync(async () => (await LabelsAsync()).Length == Names.Length);
        (await LabelsAsync()).Distinct().ShouldBe(["Cart"]);
        (await _server.Http.JsonAsync("/api/v1/collect/touchpoint-rules"))[0].GetProperty("touchpointId").GetInt32().ShouldBe(cart);
        var votes = (await _server.Http.JsonAsync("/api/v1/map/votes")).GetProperty("items")[0];
        (votes.GetProperty("voters").GetInt32(), votes.GetProperty("median").GetDouble()).ShouldBe((2, 5.5));
        (await _server.Http.JsonAsync("/api/v1/measure/targets")).GetProperty("items").EnumerateArray().Select(t => (t.GetProperty("touchpoint").GetString(), t.GetProperty("metric").GetString(), t.GetProperty("value").GetDouble()))
            .ShouldBe([("Cart", "nps", 50), ("Cart", "csat", 0.9)], ignoreOrder: true);
        (await _server.Http.JsonAsync($"{Address}/{cart}/observations")).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await StepAsync(map)).ShouldBe(cart);
        (await _server.Http.JsonAsync("/api/v1/analyse/annotations")).GetProperty("items")[0].GetProperty("touchpoint").GetString().ShouldBe("Cart");
        (await _server.Http.JsonAsync($"/api/v1/measure/touchpoints/{basket}/scorecard")).GetProperty("touchpointId").GetInt32().ShouldBe(cart);
        async Task AsksOfTheCartAsync()
        {
            var asks = (await _server.Http.JsonAsync($"/api/v1/measure/surveys/{survey.GetProperty("id").GetInt32()}")).GetProperty("survey");
            (asks.GetProperty("touchpoint").GetString(), asks.GetProperty("touchpointId").GetInt32(), asks.GetProperty("ask").GetProperty("after").GetString()).ShouldBe(("Cart", cart, "Cart"));
            asks.GetProperty("pages")[1].GetProperty("questions")[0].GetProperty("showIf")[0].GetString().ShouldBe("touchpoint = Cart");
            asks.GetProperty("ask").GetProperty("conditions").EnumerateArray().Select(c => c.GetString()).ShouldBe(["trait plan = gold", "touchpoint = Cart"]);
            asks.GetProperty("widget").GetProperty("conditions")[0].GetString().ShouldBe("touchpoint != Cart | Shop");
        }

        await AsksOfTheCartAsync();
        // Kept again under the old names, as in a file of before.
        (await _server.Http.PutAsJsonAsync($"/api/v1/measure/surveys/{survey.GetProperty("id").GetInt32()}", Survey("Shopping cart"))).EnsureSuccessStatusCode();
        await AsksOfTheCartAsync();
        await using var scope = _server.Services.CreateAsyncScope();
        (await scope.ServiceProvider.GetRequiredService<TangentDb>().Set<Response>().SingleAsync()).Touchpoint.ShouldBe("Cart");
        // What was answered at the old name counts at the one that stays, under both names.
        foreach (var asked in (string[])["Cart", "Shopping cart"])
        {
            async Task<JsonElement> ScoresAsync() => (await _server.Http.JsonAsync($"/api/v1/measure/scores?touchpoint={Uri.EscapeDataString(asked)}")).GetProperty("items");
            await TestCalls.UntilAsync(async () => (await ScoresAsync()).GetArrayLength() > 0);
            (await ScoresAsync())[0].GetProperty("touchpoint").GetString().ShouldBe("Cart");
        }
    }

    [Fact]
    public async Task What_was_printed_bookmarked_or_undone_before_leads_to_the_touchpoint_that_stays()
    {
        var (cart, basket) = (await AddAsync("Cart"), await AddAsync("Shopping cart"));
        var map = (await PostAsync("/api/v1/map/journey-maps", new { name = "Buying", content = MapOf(cart) })).GetProperty("id").GetInt32();
        await PostAsync($"/api/v1/map/journey-maps/{map}/changes", new { changes = new[] { new { verb = "set", part = "step", id = "step-1", field = "touchpoint", value = basket } } }, HttpStatusCode.OK);
        await AddAsync("Shop");
        var survey = await PostAsync("/api/v1/measure/surveys", Survey(null));
        var version = (await PostAsync($"/api/v1/map/journey-maps/{map}/snapshots", new { name = "Before the merge" })).GetProperty("id").GetInt32();
        (await _server.Http.SubmitAsync($"/map/touchpoints/{basket}/edit", $"/map/touchpoints/{basket}/merge", ("into", $"{cart}"))).Headers.Location!.ToString().ShouldBe($"/map/touchpoints/{cart}");

        foreach (var page in (string[])["", "/edit", "/observations", "/observe"])
            (await _server.Http.GetAsync($"/map/touchpoints/{basket}{page}")).Headers.Location!.ToString().ShouldBe($"/map/touchpoints/{cart}{page}");
        (await _server.Http.GetAsync($"/measure/touchpoints/{basket}?to=2026-03-31")).Headers.Location!.ToString().ShouldBe($"/measure/touchpoints/{cart}?to=2026-03-31");
        await PostAsync($"{Address}/{basket}/observations", new { text = "Seen after the merge" });
        var seen = (await _server.Http.JsonAsync($"{Address}/{cart}/observations")).GetProperty("items");
        seen.GetArrayLength().ShouldBe(1);
        // Pages that were open all the while still thank, and say why something was not done.
        (await _server.Http.SubmitAsync($"/map/touchpoints/{cart}/observe", $"/map/touchpoints/{basket}/observe", ("text", "Seen on an old form"), ("kind", "Observation"))).Headers.Location!.ToString().ShouldBe($"/map/touchpoints/{cart}/observe?thanks=true");
        (await _server.Http.SubmitAsync($"/map/touchpoints/{cart}/observations", $"/map/touchpoints/{basket}/observations/{seen[0].GetProperty("id").GetInt32()}/back")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await CommandLine.RunAsync(["vote", "set", $"{basket}", "--importance", "9", "--person", "a@firma.example", "--data", _server.DataFolder])).ShouldBe(ExitCode.Done);
        (await CommandLine.RunAsync(["vote", "set", "987654", "--importance", "9", "--person", "a@firma.example", "--data", _server.DataFolder])).ShouldBe(ExitCode.Refused);
        (await _server.Http.JsonAsync($"/api/v1/map/journey-maps/{map}/differences?fromVersion={version}")).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await PostAsync(Address, new { name = "shopping cart" }, HttpStatusCode.Conflict)).GetProperty("detail").GetString()!.ShouldContain("merged");
        // The merge is an edit of the map, and the last one; it is not taken back to what is gone.
        (await _server.Http.PostAsync($"/api/v1/map/journey-maps/{map}/undo", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await StepAsync(map)).ShouldBe(cart);
        (await _server.Http.JsonAsync($"/api/v1/map/journey-maps/{map}/edits")).GetProperty("items")[1].GetProperty("said")[0].GetString()!.ShouldEndWith("Shopping cart → Cart");
        var page1 = await _server.Http.GetStringAsync(new Uri($"{survey.GetProperty("link").GetString()}?at={basket}").PathAndQuery);
        var token = System.Text.RegularExpressions.Regex.Match(page1, "action=\"/s/([^\"?]+)").Groups[1].Value;
        _server.Get<SurveyLinks>().Read(token)!.Touchpoint.ShouldBe("Cart");
        (await _server.Http.JsonAsync("/api/v1/access/audit?route=merge")).GetProperty("items")[0].GetProperty("target").GetString().ShouldBe($"id={basket}, into={cart}");
        // The merged name may become the name again; then the other one is what it is also known as.
        var renamed = await (await _server.Http.PutAsJsonAsync($"{Address}/{cart}", new { name = "Shopping cart" })).Content.ReadFromJsonAsync<JsonElement>();
        (renamed.GetProperty("name").GetString(), renamed.GetProperty("merged")[0].GetString()).ShouldBe(("Shopping cart", "Cart"));
    }

    [Fact]
    public async Task A_merge_is_done_wholly_or_not_at_all()
    {
        var (cart, basket) = (await AddAsync("Cart"), await AddAsync("Shopping cart"));
        await PostAsync("/api/v1/collect/touchpoint-rules", new { touchpointId = basket, @event = "basket_open" });
        (await _server.Http.PutAsJsonAsync($"{Address}/{basket}/vote", new { importance = 9, person = "b@firma.example" })).EnsureSuccessStatusCode();
        await using (var scope = _server.Services.CreateAsyncScope())
        {
            // A map that cannot be changed, since another of its steps is at a touchpoint that is not there.
            var content = MapOf(basket) with { Steps = [new("step-1", "stage-1", "Fills it", basket), new("step-2", "stage-1", "Lost", 4711)] };
            await scope.ServiceProvider.GetRequiredService<JourneyMapQueries>().AddAsync("Broken", MapState.AsIs, content, Actor.Nobody, CancellationToken.None);
        }

        (await PostAsync($"{Address}/{basket}/merge/{cart}", new { }, HttpStatusCode.Conflict)).GetProperty("detail").GetString()!.ShouldStartWith("Broken: ");

        (await _server.Http.JsonAsync(Address)).GetArrayLength().ShouldBe(2);
        (await _server.Http.JsonAsync("/api/v1/collect/touchpoint-rules"))[0].GetProperty("touchpointId").GetInt32().ShouldBe(basket);
        (await _server.Http.JsonAsync("/api/v1/map/votes")).GetProperty("items").EnumerateArray().Single(v => v.GetProperty("touchpointId").GetInt32() == basket).GetProperty("voters").GetInt32().ShouldBe(1);
        await PostAsync($"{Address}/{cart}/merge/{cart}", new { }, HttpStatusCode.UnprocessableEntity);
        await PostAsync($"{Address}/{cart}/merge/4711", new { }, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Department_and_cost_of_a_contact_are_kept_on_page_in_the_api_and_in_files()
    {
        var id = (await PostAsync(Address, new { name = "Hotline", department = "Service", costPerContact = 4.5 })).GetProperty("id").GetInt32();
        var shown = await _server.Http.JsonAsync($"{Address}/{id}");
        (shown.GetProperty("department").GetString(), shown.GetProperty("costPerContact").GetDecimal(), shown.GetProperty("currency").GetString()).ShouldBe(("Service", 4.5m, "EUR"));
        (await _server.Http.GetStringAsync($"/map/touchpoints/{id}?lang=en")).ShouldContain("4.50 EUR");
        (await _server.Http.SubmitAsync($"/map/touchpoints/{id}/edit?lang=de", $"/map/touchpoints/{id}", ("Name", "Hotline"), ("Department", "Kundendienst"), ("Cost", "6,25"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await _server.Http.JsonAsync($"{Address}/{id}")).GetProperty("costPerContact").GetDecimal().ShouldBe(6.25m);
        (await _server.Http.SubmitAsync($"/map/touchpoints/{id}/edit", $"/map/touchpoints/{id}", ("Name", "Hotline"), ("Cost", "much"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await PostAsync(Address, new { name = "Free money", costPerContact = -1 }, HttpStatusCode.UnprocessableEntity);

        var map = (await PostAsync("/api/v1/map/journey-maps", new { name = "Calling", content = MapOf(id) })).GetProperty("id").GetInt32();
        var yaml = await _server.Http.GetStringAsync($"/api/v1/map/journey-maps/{map}/file?as=yaml");
        yaml.ShouldContain("department: Kundendienst");
        yaml.ShouldContain("costPerContact: 6.25");
        await PostAsync("/api/v1/map/journey-maps/imports", new { file = yaml.Replace("map: Calling", "map: Calling again", StringComparison.Ordinal).Replace("touchpoint: Hotline", "touchpoint: Phone", StringComparison.Ordinal) }, HttpStatusCode.OK);
        var read = (await _server.Http.JsonAsync(Address)).EnumerateArray().Single(t => t.GetProperty("name").GetString() == "Phone");
        (read.GetProperty("department").GetString(), read.GetProperty("costPerContact").GetDecimal()).ShouldBe(("Kundendienst", 6.25m));
    }

    [Fact]
    public async Task The_shell_adds_changes_retires_and_merges_touchpoints()
    {
        Task<int> RunAsync(params string[] args) => CommandLine.RunAsync(["touchpoint", .. args, "--data", _server.DataFolder]);
        (await RunAsync("add", "Hotline", "--channel", "Phone", "--stage", "retention", "--department", "Service", "--cost", "4.50")).ShouldBe(ExitCode.Done);
        (await RunAsync("add", "Call centre", "--online", "false")).ShouldBe(ExitCode.Done);
        (await RunAsync("change", "hotline", "--owner", "Ada", "--cost", "5")).ShouldBe(ExitCode.Done);
        (await RunAsync("change", "hotline", "--cost", "a lot")).ShouldBe(ExitCode.Refused);
        (await RunAsync("retire", "Hotline")).ShouldBe(ExitCode.Done);
        var hotline = (await _server.Http.JsonAsync(Address)).EnumerateArray().Single(t => t.GetProperty("name").GetString() == "Hotline");
        (hotline.GetProperty("owner").GetString(), hotline.GetProperty("costPerContact").GetDecimal(), hotline.GetProperty("retired").GetBoolean(), hotline.GetProperty("stage").GetString()).ShouldBe(("Ada", 5m, true, "retention"));
        (await RunAsync("retire", "Hotline", "--back")).ShouldBe(ExitCode.Done);
        (await RunAsync("merge", "Call centre", "Hotline")).ShouldBe(ExitCode.Done);
        (await RunAsync("show", "call centre")).ShouldBe(ExitCode.Done);
        (await RunAsync("list", "--retired")).ShouldBe(ExitCode.Done);
        (await RunAsync("links", "Hotline")).ShouldBe(ExitCode.Done);
        (await RunAsync("merge", "Hotline", "Nowhere")).ShouldBe(ExitCode.Refused);
        hotline = (await _server.Http.JsonAsync(Address)).EnumerateArray().Single();
        (hotline.GetProperty("retired").GetBoolean(), hotline.GetProperty("merged")[0].GetString()).ShouldBe((false, "Call centre"));
    }

    [Fact]
    public async Task A_touchpoint_shows_the_code_of_the_survey_that_asks_about_it_beside_that_of_employees()
    {
        var (hotline, shop) = (await AddAsync("Hotline"), await AddAsync("Shop"));
        await AddAsync("Shopping cart");
        var survey = await PostAsync("/api/v1/measure/surveys", Survey("Hotline"));
        var link = $"{survey.GetProperty("link").GetString()}?at={hotline}";

        (await _server.Http.GetStringAsync($"/map/touchpoints/{hotline}?lang=en")).ShouldContain($"/o/{hotline}</a>");
        var part = await _server.Http.GetStringAsync($"/measure/touchpoints/{hotline}/survey-links?lang=en");
        part.ShouldContain(link);
        part.ShouldContain("<img src=\"data:image/svg");
        (await _server.Http.GetStringAsync($"/measure/touchpoints/{shop}/survey-links?lang=en")).ShouldContain("No open survey asks about this touchpoint.");
        var answer = (await _server.Http.JsonAsync($"/api/v1/measure/touchpoints/{shop}/survey-links")).GetProperty("items")[0];
        (answer.GetProperty("asksAboutIt").GetBoolean(), answer.GetProperty("link").GetString()).ShouldBe((false, link.Replace($"at={hotline}", $"at={shop}", StringComparison.Ordinal)));
        (await _server.Http.GetStringAsync($"/measure/surveys/{survey.GetProperty("id").GetInt32()}?at={shop}")).ShouldContain($"?at={shop}</a>");
        (await _server.Http.PutAsJsonAsync($"/api/v1/measure/surveys/{survey.GetProperty("id").GetInt32()}/open", new { open = false })).EnsureSuccessStatusCode();
        (await _server.Http.JsonAsync($"/api/v1/measure/touchpoints/{hotline}/survey-links")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    private static MapContent MapOf(int touchpoint) => MapContent.Empty with { Stages = [new("stage-1", "Buys")], Steps = [new("step-1", "stage-1", "Fills it", touchpoint)] };

    private static object Survey(string? touchpoint) => new
    {
        name = "After the cart",
        touchpoint,
        defaultLanguage = "en",
        title = new { en = "Your cart" },
        pages = new[] { Page("csat", "csat", null), Page("why", "text", "touchpoint = Shopping cart") },
        ask = new { after = "Shopping cart", conditions = new[] { "trait plan = gold", "touchpoint = Shopping cart" }, on = false },
        widget = new { conditions = new[] { "touchpoint != Shopping cart | Shop" }, on = false },
    };

    private static object Page(string key, string kind, string? showIf) => new { questions = new[] { new { key, kind, text = new { en = "How was it?" }, showIf = showIf is null ? null : new[] { showIf } } } };

    private async Task<string[]> LabelsAsync() =>
        [.. (await _server.Http.JsonAsync("/api/v1/collect/signatures")).GetProperty("items").EnumerateArray().Where(s => Names.Contains(s.GetProperty("signature").GetProperty("event").GetString())).Select(s => s.GetProperty("touchpoint").GetString()!)];

    private async Task<int?> StepAsync(int map) =>
        (await _server.Http.JsonAsync($"/api/v1/map/journey-maps/{map}")).GetProperty("content").GetProperty("steps")[0].GetProperty("touchpoint").GetInt32();

    private async Task<int> AddAsync(string name) => (await PostAsync(Address, new { name })).GetProperty("id").GetInt32();

    private async Task<JsonElement> PostAsync(string address, object body, HttpStatusCode expected = HttpStatusCode.Created)
    {
        using var answer = await _server.Http.PostAsJsonAsync(address, body, MapContent.Json);
        answer.StatusCode.ShouldBe(expected, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
