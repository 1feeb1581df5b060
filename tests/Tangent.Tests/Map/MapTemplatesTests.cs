using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tangent.Access;
using Tangent.Cli;
using Tangent.Map;
using Tangent.Tests.Access;

namespace Tangent.Tests.Map;

/// <summary>Templates: the same map in three languages, which pretends to know nothing, and makes nothing twice.</summary>
public sealed class MapTemplatesTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Address = "/api/v1/map/templates";

    public static TheoryData<string> Keys => [.. MapTemplate.All.Select(t => t.Key)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_template_is_the_same_map_in_every_language_and_everything_on_it_is_assumed(string key)
    {
        var files = MapTemplate.Languages.Select(l => MapTemplate.Find(key)!.Read(l)).ToList();
        foreach (var file in files)
        {
            file.State.ShouldBe(MapState.AsIs);
            file.Content.Cards.ShouldAllBe(c => c.Evidence == new Evidence());
            file.Content.Steps.ShouldAllBe(s => s.Emotion == null);
            file.Content.Steps.Count.ShouldBeGreaterThan(8);
            foreach (var step in file.Content.Steps)
            {
                file.Described.Select(t => t.Name).ShouldContain(file.Touchpoints[step.Id]);
                file.Content.Cards.Count(c => c.Step == step.Id).ShouldBeGreaterThanOrEqualTo(3);
            }

            file.Described.Select(t => t.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count().ShouldBe(file.Described.Count);
            file.Described.Select(t => t.Stage).Distinct().Count().ShouldBe(5);
            file.Described.Select(t => t.Control).Distinct().Count().ShouldBe(3);
            file.Described.Select(t => t.Directness).Distinct().Count().ShouldBe(2);
            file.Described.ShouldAllBe(t => t.Channel.Length > 0);
        }

        foreach (var other in files.Skip(1))
        {
            other.Described.Select(t => (t.Stage, t.Control, t.Directness, t.Online)).ShouldBe(files[0].Described.Select(t => (t.Stage, t.Control, t.Directness, t.Online)));
            other.Content.Cards.Select(c => (c.Step, c.Lane)).ShouldBe(files[0].Content.Cards.Select(c => (c.Step, c.Lane)));
            other.Content.Cards.Select(c => c.Text).Intersect(files[0].Content.Cards.Select(c => c.Text)).ShouldBeEmpty();
            other.Content.Steps.Select(s => s.Name).Intersect(files[0].Content.Steps.Select(s => s.Name)).ShouldBeEmpty();
        }
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Every_template_is_imported_in_every_language_like_a_file_of_people(string key)
    {
        foreach (var language in MapTemplate.Languages)
        {
            var file = await server.Http.GetStringAsync($"{Address}/{key}/file?language={language}");
            var imported = await AnswerAsync(await server.Http.PostAsJsonAsync("/api/v1/map/journey-maps/imports", new { file }));
            imported.GetProperty("created").GetBoolean().ShouldBeTrue();
            var map = imported.GetProperty("id").GetInt32();
            var again = await AnswerAsync(await server.Http.PostAsJsonAsync("/api/v1/map/journey-maps/imports", new { file = await server.Http.GetStringAsync($"/api/v1/map/journey-maps/{map}/file") }));
            (again.GetProperty("differences").GetInt32(), again.GetProperty("touchpoints").GetArrayLength()).ShouldBe((0, 0));
            (await server.Http.GetStringAsync($"{Address}/{key}/file?language={language}&as=svg")).ShouldContain("<svg");
            (await server.Http.GetByteArrayAsync($"{Address}/{key}/file?language={language}&as=pdf"))[..5].ShouldBe("%PDF-"u8.ToArray());
        }
    }

    [Fact]
    public async Task Taken_again_in_another_language_a_template_makes_nothing_twice_and_leaves_what_people_wrote()
    {
        await using var own = await TestServer.StartAsync();
        (await own.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name = "warenkorb", channel = "Laden-App", stage = "conversion" })).EnsureSuccessStatusCode();
        var dry = await TakeAsync(own, "retail", new { language = "de", dryRun = true });
        (dry.GetProperty("created").GetBoolean(), dry.GetProperty("touchpoints").GetArrayLength()).ShouldBe((true, 17));
        (await TouchpointsAsync(own)).Count.ShouldBe(1);

        var first = await TakeAsync(own, "retail", new { language = "de" });
        (first.GetProperty("created").GetBoolean(), first.GetProperty("touchpoints").GetArrayLength()).ShouldBe((true, 17));
        var map = first.GetProperty("map").GetInt32();
        (await own.Http.PostAsJsonAsync($"/api/v1/map/journey-maps/{map}/changes", new { changes = new[] { new { verb = "set", part = "step", id = "step-1", field = "name", value = "Hört von uns" } } })).EnsureSuccessStatusCode();

        foreach (var language in MapTemplate.Languages)
        {
            var again = await TakeAsync(own, "retail", new { language });
            (again.GetProperty("created").GetBoolean(), again.GetProperty("touchpoints").GetArrayLength(), again.GetProperty("map").GetInt32()).ShouldBe((false, 0, map));
        }

        (await own.Http.GetStringAsync($"/api/v1/map/journey-maps/{map}/file")).ShouldContain("step: Hört von uns");
        var touchpoints = await TouchpointsAsync(own);
        touchpoints.Count.ShouldBe(18);
        touchpoints.Single(t => t.Name == "warenkorb").Channel.ShouldBe("Laden-App");
    }

    [Fact]
    public async Task The_touchpoints_are_taken_alone_and_a_map_afterwards_uses_them()
    {
        await using var own = await TestServer.StartAsync();
        var alone = await TakeAsync(own, "bank", new { language = "pl", touchpointsOnly = true });
        (alone.GetProperty("created").GetBoolean(), alone.GetProperty("touchpoints").GetArrayLength()).ShouldBe((false, 17));
        (await own.Http.GetStringAsync("/api/v1/map/journey-maps")).ShouldBe("{\"items\":[]}");
        // In another language: the map is German, its touchpoints are the Polish ones that are there.
        var map = await TakeAsync(own, "bank", new { language = "de" });
        (map.GetProperty("created").GetBoolean(), map.GetProperty("touchpoints").GetArrayLength()).ShouldBe((true, 0));
        var file = await own.Http.GetStringAsync($"/api/v1/map/journey-maps/{map.GetProperty("map").GetInt32()}/file");
        file.ShouldContain("touchpoint: Aplikacja bankowa");
        file.ShouldContain("step: Bezahlt im Alltag");
    }

    [Fact]
    public async Task What_there_is_not_is_refused_with_what_there_is()
    {
        (await server.Http.GetAsync($"{Address}/bakery")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Http.PostAsJsonAsync($"{Address}/bakery", new { })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Http.PostAsJsonAsync($"{Address}/retail", new { language = "fr" })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.Http.GetAsync($"{Address}?language=fr")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.Http.GetAsync($"{Address}/retail/file?as=docx")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.Http.GetAsync("/map/templates/bakery")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("en", "Craft business", "Make this map")]
    [InlineData("de", "Handwerksbetrieb", "Diese Karte anlegen")]
    [InlineData("pl", "Firma rzemieślnicza", "Utwórz tę mapę")]
    public async Task A_new_user_comes_from_the_empty_pages_to_a_map_in_the_own_language(string language, string title, string make)
    {
        await using var own = await TestServer.StartAsync(demo: false);
        using var editor = await own.ComeInAsync("anna@firma.example", Role.Editor);
        using var viewer = await own.ComeInAsync("ben@firma.example", Role.Viewer);
        editor.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        viewer.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        foreach (var page in (string[])["/map/journey-maps", "/map/touchpoints"]) (await editor.GetStringAsync(page)).ShouldContain("href=\"/map/templates\"");
        WebUtility.HtmlDecode(await editor.GetStringAsync("/map/templates")).ShouldContain(title);
        WebUtility.HtmlDecode(await editor.GetStringAsync("/map/templates/craft")).ShouldContain(make);
        WebUtility.HtmlDecode(await viewer.GetStringAsync("/map/templates/craft")).ShouldNotContain(make);

        var made = await editor.SubmitAsync("/map/templates/craft", ("language", language));

        made.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await editor.GetStringAsync(made.Headers.Location!.ToString())).ShouldContain("map-card is-assumed");
        WebUtility.HtmlDecode(await editor.GetStringAsync("/map/templates/craft")).ShouldNotContain(make);
        (await viewer.SubmitAsync("/map/templates/craft", ("language", language))).StatusCode.ShouldNotBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task The_shell_lists_takes_and_refuses_templates_and_carries_comments()
    {
        await using var own = await TestServer.StartAsync(demo: false);
        async Task<int> RunAsync(params string[] arguments) => await CommandLine.RunAsync(["map", .. arguments, "--data", own.DataFolder]);
        (await RunAsync("templates", "--lang", "pl")).ShouldBe(ExitCode.Done);
        (await RunAsync("templates", "--lang", "fr")).ShouldBe(ExitCode.Refused);
        (await RunAsync("import", "--template", "saas", "--lang", "de", "--dry-run")).ShouldBe(ExitCode.Done);
        (await RunAsync("import", "--template", "practice", "--touchpoints-only")).ShouldBe(ExitCode.Done);
        (await RunAsync("import", "--template", "saas", "--lang", "de")).ShouldBe(ExitCode.Done);
        (await RunAsync("import", "--template", "bakery")).ShouldBe(ExitCode.Refused);
        (await RunAsync("import")).ShouldBe(2);
        (await RunAsync("comment", "1", "step", "step-1", "Is that so?")).ShouldBe(ExitCode.Done);
        (await RunAsync("comment", "1", "card", "card-999", "Nothing")).ShouldBe(ExitCode.Refused);
        (await RunAsync("comments", "1", "--json")).ShouldBe(ExitCode.Done);
        (await RunAsync("mentions")).ShouldBe(ExitCode.Done);
        (await RunAsync("uncomment", "1")).ShouldBe(ExitCode.Done);
        (await RunAsync("uncomment", "1")).ShouldBe(ExitCode.Refused);
        using var owner = await own.ComeInAsync("anna@firma.example", Role.Owner);
        var maps = (await owner.JsonAsync("/api/v1/map/journey-maps")).GetProperty("items");
        maps.EnumerateArray().ShouldHaveSingleItem().GetProperty("name").GetString().ShouldBe("Vom ersten Besuch zum verlängerten Abonnement");
        (await owner.JsonAsync("/api/v1/map/touchpoints")).EnumerateArray().Count(t => t.GetProperty("name").GetString() is "Suchergebnis" or "Search result").ShouldBe(1);
    }

    [Fact]
    public async Task After_how_many_months_evidence_is_old_is_a_setting_of_the_owner()
    {
        await using var own = await TestServer.StartAsync();
        async Task<HttpStatusCode> SetAsync(string ageing, string old) =>
            (await own.Http.PatchAsJsonAsync("/api/v1/operate/settings", new Dictionary<string, string> { ["Maps:AgeingAfterMonths"] = ageing, ["Maps:OldAfterMonths"] = old })).StatusCode;
        var month = DateOnly.FromDateTime(DateTime.UtcNow).AddMonths(-3);
        var file = $"map: Old\nstages:\n  - stage: One\n    steps:\n      - step: First\n        pain-points:\n          - {{text: Waits, evidence: heard, times: 2, date: {month:yyyy-MM-dd}}}\n";
        var map = (await AnswerAsync(await own.Http.PostAsJsonAsync("/api/v1/map/journey-maps/imports", new { file }))).GetProperty("id").GetInt32();
        async Task<(int Ageing, int Old)> AgeAsync()
        {
            var share = await own.Http.JsonAsync($"/api/v1/map/journey-maps/{map}/evidence");
            return (share.GetProperty("ageing").GetInt32(), share.GetProperty("old").GetInt32());
        }

        (await AgeAsync()).ShouldBe((0, 0));
        (await SetAsync("2", "12")).ShouldBe(HttpStatusCode.OK);
        (await AgeAsync()).ShouldBe((1, 0));
        (await SetAsync("1", "3")).ShouldBe(HttpStatusCode.OK);
        (await AgeAsync()).ShouldBe((0, 1));
        foreach (var (ageing, old) in new[] { ("0", "12"), ("121", "240"), ("6", "241"), ("six", "12"), ("7", "6"), ("-1", "3") })
            (await SetAsync(ageing, old)).ShouldBe(HttpStatusCode.UnprocessableEntity, $"{ageing} and {old}");
        (await AgeAsync()).ShouldBe((0, 1));
        (await own.Http.GetStringAsync("/operate/settings")).ShouldContain("name=\"Maps:AgeingAfterMonths\"");
    }

    private static async Task<JsonElement> TakeAsync(TestServer server, string template, object wish) => await AnswerAsync(await server.Http.PostAsJsonAsync($"{Address}/{template}", wish));

    private static async Task<JsonElement> AnswerAsync(HttpResponseMessage answer)
    {
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<List<(string Name, string Channel)>> TouchpointsAsync(TestServer server) =>
        [.. (await server.Http.JsonAsync("/api/v1/map/touchpoints")).EnumerateArray().Select(t => (t.GetProperty("name").GetString()!, t.GetProperty("channel").GetString()!))];
}
