using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Data;
using Tangent.Map;
using Tangent.Tests.Access;

namespace Tangent.Tests.Map;

/// <summary>A map is saved under a name, compared with what it was, and made so again.</summary>
public sealed class MapVersionsTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Address = "/api/v1/map/journey-maps";

    [Fact]
    public async Task Two_versions_are_compared_part_by_part_with_both_values()
    {
        var map = await CreateAsync("Compared");
        var first = await SaveAsync(map, "Before the workshop");
        await ChangeAsync(map,
            new { verb = "set", part = "step", id = "step-1", field = "name", value = "Asks twice" },
            new { verb = "set", part = "step", id = "step-1", field = "emotion", value = -2 },
            new { verb = "set", part = "card", id = "card-1", field = "text", value = "Writes a letter" },
            new { verb = "set", part = "card", id = "card-1", field = "evidence", value = new { kind = "heard", times = 9 } },
            new { verb = "set", part = "card", id = "card-2", field = "step", value = "step-3" },
            new { verb = "move", part = "step", id = "step-3", before = "step-1" },
            new { verb = "remove", part = "step", id = "step-2" },
            new { verb = "add", part = "step", value = new { id = "step-9", stage = "stage-1", name = "Pays" } });

        (await DifferencesAsync(map, $"fromVersion={first}")).ShouldBe(
        [
            "removed One/Waits step Waits>", "moved One/Asks twice place >Leaves", "changed One/Asks twice step Asks>Asks twice", "changed One/Asks twice emotion 1>-2", "added One/Pays step >Pays",
            "changed One/Asks twice actions Writes>Writes a letter", "changed One/Asks twice evidence assumed>heard 9", "moved One/Leaves place Asks, actions>Leaves, actions",
        ], ignoreOrder: true);
        var second = await SaveAsync(map, "After it");
        (await DifferencesAsync(map, $"fromVersion={second}")).ShouldBeEmpty();
        (await DifferencesAsync(map, $"fromVersion={second}&toVersion={first}")).ShouldContain("changed One/Asks step Asks twice>Asks");
        (await server.Http.GetStringAsync($"/map/journey-maps/{map}/versions/comparison?fromVersion={first}")).ShouldContain("Writes a letter");
    }

    [Fact]
    public async Task A_restored_map_is_what_it_was_with_the_same_parts_and_what_it_was_before_is_kept()
    {
        var map = await CreateAsync("Restored");
        var before = await ContentAsync(map);
        var version = await SaveAsync(map, "Good");
        await ChangeAsync(map, new { verb = "remove", part = "stage", id = "stage-1" }, new { verb = "add", part = "stage", value = new { id = "stage-9", name = "Other" } });
        var changed = await ContentAsync(map);

        using var restored = await server.Http.PostAsync($"{Address}/{map}/snapshots/{version}/restoration", null);

        restored.StatusCode.ShouldBe(HttpStatusCode.OK, await restored.Content.ReadAsStringAsync());
        Written(await ContentAsync(map)).ShouldBe(Written(before));
        var kept = (await server.Http.JsonAsync($"{Address}/{map}/snapshots")).GetProperty("items")[0];
        (kept.GetProperty("name").GetString()!.Contains("Good", StringComparison.Ordinal), kept.GetProperty("version").GetInt32()).ShouldBe((true, 1));
        (await server.Http.PostAsync($"{Address}/{map}/undo", null)).EnsureSuccessStatusCode();
        Written(await ContentAsync(map)).ShouldBe(Written(changed));
        (await server.Http.PostAsync($"{Address}/{map}/redo", null)).EnsureSuccessStatusCode();
        Written(await ContentAsync(map)).ShouldBe(Written(before));
    }

    /// <summary>Whatever two contents of a map are, the changes between them make one the other, and what takes them back makes it the first again.</summary>
    [Fact]
    public void Restoring_makes_any_content_any_other()
    {
        for (var seed = 1; seed <= 300; seed++)
        {
            var random = new Random(seed);
            var (from, to) = (Some(random), Some(random));

            MapEditing.TryMake(from, MapRestoring.Changes(from, to), out var made, out var inverse).ShouldBeNull($"seed {seed}");
            Written(made).ShouldBe(Written(to), $"seed {seed}");
            MapEditing.TryMake(made, inverse, out var back, out _).ShouldBeNull($"seed {seed}");
            back.Write().ShouldBe(from.Write(), $"seed {seed}");
            MapRestoring.Changes(to, to).ShouldBeEmpty($"seed {seed}");
        }
    }

    [Fact]
    public void A_version_gives_back_every_content_with_its_ids()
    {
        var (catalogue, references) = (server.Get<TouchpointCatalogue>(), new MapReferences([], server.Get<PersonaCatalogue>()));
        for (var seed = 1; seed <= 100; seed++)
        {
            var random = new Random(seed);
            var some = Some(random);
            var content = some with
            {
                Personas = [.. Enumerable.Range(1, random.Next(3))],
                Steps = [.. some.Steps.Select(s => s with { Map = random.Next(2) == 0 ? null : random.Next(1, 9) })],
                Cards = [.. some.Cards.Select(c => c with { Personas = random.Next(2) == 0 ? null : [random.Next(1, 9)] })],
            };
            var map = new JourneyMap { Name = "Kept", Content = content.Write() };
            Written(MapSnapshot.Of(map, "x", "", DateTime.UtcNow, catalogue, references).Content()!).ShouldBe(Written(content), $"seed {seed}");
        }
    }

    [Fact]
    public async Task A_text_that_names_a_person_leaves_the_versions_with_the_person()
    {
        var map = await CreateAsync("Named");
        await ChangeAsync(map, new { verb = "set", part = "card", id = "card-1", field = "text", value = "Mail to greta.muster@example.org came back" });
        var version = await SaveAsync(map, "With greta.muster@example.org");
        var other = await SaveAsync(await CreateAsync("Untouched"), "Nobody is named");
        await using var scope = server.Services.CreateAsyncScope();
        var keeper = scope.ServiceProvider.GetServices<IKeepsPersonalData>().Single(k => k.Kind == "mapVersions");
        var person = new DataSubject(null, ["user:greta-1"], ["greta.muster@example.org"]);
        (await keeper.CountAsync(person, CancellationToken.None)).ShouldBe(2);

        await keeper.EraseAsync(person, CancellationToken.None);

        (await keeper.CountAsync(person, CancellationToken.None)).ShouldBe(0);
        var yaml = await server.Http.GetStringAsync($"{Address}/{map}/snapshots/{version}");
        (yaml.Contains("greta", StringComparison.Ordinal), yaml.Contains('…', StringComparison.Ordinal), yaml.Contains("Leaves", StringComparison.Ordinal)).ShouldBe((false, true, true));
        (await server.Http.GetStringAsync($"{Address}/{map}/snapshots")).ShouldNotContain("greta");
        (await server.Http.PostAsync($"{Address}/{map}/snapshots/{version}/restoration", null)).EnsureSuccessStatusCode();
        (await ContentAsync(map)).Cards.Single(c => c.Id == "card-1").Text.ShouldBe(MapTextQueries.Taken);
        other.ShouldBeGreaterThan(version);
    }

    [Fact]
    public async Task What_stays_as_it_is_when_a_version_is_restored_is_counted()
    {
        var map = await CreateAsync("Stays");
        object Heard(int times) => new { verb = "set", part = "card", id = "card-1", field = "evidence", value = new { kind = "heard", times } };
        await ChangeAsync(map, Heard(2));
        var version = await SaveAsync(map, "Two");
        await ChangeAsync(map, Heard(5), new { verb = "set", part = "card", id = "card-2", field = "text", value = "Writes again" });

        using var shown = await server.Http.SubmitAsync($"/map/journey-maps/{map}/versions", $"/map/journey-maps/{map}/versions/{version}/restoration");

        shown.Headers.Location!.ToString().ShouldBe($"/map/journey-maps/{map}?stayed=1");
        (await server.Http.GetStringAsync(shown.Headers.Location)).ShouldContain("1 card is as now");
        (await ContentAsync(map)).Cards.Select(c => (c.Text, c.Evidence.Times)).ShouldBe([("Writes", 5), ("Calls", null)]);
        (await Printed.ByAsync("map", "restore", $"{map}", $"{version}", "--data", server.DataFolder)).ShouldContain("1 card is as now");
        var same = await SaveAsync(map, "Same");
        (await Printed.ByAsync("map", "restore", $"{map}", $"{same}", "--data", server.DataFolder)).ShouldNotContain("as now");
    }

    [Fact]
    public async Task The_shell_says_when_by_the_companys_clocks()
    {
        await using var far = await TestServer.StartAsync(true, null, "--Company:TimeZone=Pacific/Kiritimati");
        var map = await CreateAsync("Far", far);
        Task<string> ByAsync(params string[] args) => Printed.ByAsync(["map", .. args, "--data", far.DataFolder]);
        await ByAsync("set", $"{map}", "step-1", "name", "Asks again");
        await ByAsync("snapshot", $"{map}", "Kept");
        await ByAsync("comment", $"{map}", "step", "step-1", "Why so often?");

        foreach (var (command, resource) in new[] { ("history", "edits"), ("versions", "snapshots"), ("comments", "comments") })
        {
            var at = (await far.Http.JsonAsync($"{Address}/{map}/{resource}")).GetProperty("items")[0].GetProperty("at").GetDateTime();
            (await ByAsync(command, $"{map}")).ShouldContain(at.AddHours(14).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public async Task What_cannot_be_is_refused()
    {
        var map = await CreateAsync("Refused");
        var version = await SaveAsync(map, "One");
        var elsewhere = await SaveAsync(await CreateAsync("Elsewhere"), "Two");
        foreach (var (address, status) in new[]
        {
            ($"{map}/differences", HttpStatusCode.UnprocessableEntity), ($"{map}/differences?with={map}&fromVersion={version}", HttpStatusCode.UnprocessableEntity), ($"{map}/differences?fromVersion={elsewhere}", HttpStatusCode.UnprocessableEntity),
            ($"{map}/snapshots/{elsewhere}", HttpStatusCode.NotFound), ("987654/snapshots", HttpStatusCode.NotFound),
        })
            (await server.Http.GetAsync($"{Address}/{address}")).StatusCode.ShouldBe(status, address);
        (await server.Http.PostAsJsonAsync($"{Address}/{map}/snapshots", new { name = "two\nlines" })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.Http.PostAsync($"{Address}/{map}/snapshots/{elsewhere}/restoration", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Http.DeleteAsync($"{Address}/{map}/snapshots/{version}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await server.Http.GetAsync($"/map/journey-maps/{map}/versions/comparison?fromVersion={version}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    /// <summary>The map with its parts in the order in which they are seen.</summary>
    private static string Written(MapContent content) => (content with
    {
        Steps = [.. content.StepsInOrder()],
        Cards = [.. content.StepsInOrder().SelectMany(s => content.Lanes.SelectMany(l => content.CardsAt(s, l)))],
    }).Write();

    private static MapContent Some(Random random)
    {
        List<T> Few<T>(int most, Func<int, T> make) => [.. Enumerable.Range(1, most).Where(_ => random.Next(3) > 0).OrderBy(_ => random.Next()).Select(make)];
        var stages = Few(4, i => new MapStage($"stage-{i}", $"Stage {random.Next(3)}"));
        var lanes = Few(4, i => i == 1 ? new MapLane("lane-1", LaneKind.Actions) : new MapLane($"lane-{i}", LaneKind.Free, $"Own {i}"));
        List<MapStep> steps = stages.Count == 0 ? [] : Few(8, i => new MapStep($"step-{i}", stages[random.Next(stages.Count)].Id, $"Step {random.Next(5)}", Emotion: random.Next(2) == 0 ? null : random.Next(-2, 3)));
        steps = steps.ConvertAll(s => random.Next(3) == 0 && steps.Where(o => o.Id != s.Id).Select(o => o.Id).Order().Take(2).ToList() is { Count: > 0 } next ? s with { Next = next } : s);
        List<MapCard> cards = steps.Count == 0 || lanes.Count == 0 ? [] : Few(12, i => new MapCard($"card-{i}", steps[random.Next(steps.Count)].Id, lanes[random.Next(lanes.Count)].Id, $"Text {random.Next(4)}",
            random.Next(2) == 0 ? new Evidence() : new Evidence(EvidenceKind.Heard, random.Next(1, 9), Date: new DateOnly(2026, 5, 4))));
        return new MapContent { Description = random.Next(2) == 0 ? "" : "About", Stages = stages, Steps = steps, Lanes = lanes, Cards = cards };
    }

    private async Task<int> CreateAsync(string name, TestServer? at = null)
    {
        var content = MapContent.Empty with
        {
            Stages = [new("stage-1", "One")],
            Steps = [new("step-1", "stage-1", "Asks", Emotion: 1), new("step-2", "stage-1", "Waits"), new("step-3", "stage-1", "Leaves", Next: ["step-1"])],
            Cards = [new("card-1", "step-1", "lane-actions", "Writes", new()), new("card-2", "step-1", "lane-actions", "Calls", new())],
        };
        using var made = await (at ?? server).Http.PostAsJsonAsync(Address, new { name, content = JsonSerializer.SerializeToNode(content, MapContent.Json) });
        return (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
    }

    private async Task<int> SaveAsync(int map, string name)
    {
        using var saved = await server.Http.PostAsJsonAsync($"{Address}/{map}/snapshots", new { name });
        saved.StatusCode.ShouldBe(HttpStatusCode.Created, await saved.Content.ReadAsStringAsync());
        return (await saved.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
    }

    private async Task ChangeAsync(int map, params object[] changes)
    {
        using var answer = await server.Http.PostAsJsonAsync($"{Address}/{map}/changes", new { changes });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }

    private async Task<MapContent> ContentAsync(int map) => MapContent.Read((await server.Http.JsonAsync($"{Address}/{map}")).GetProperty("content").GetRawText());

    private async Task<List<string>> DifferencesAsync(int map, string query) =>
        [.. (await server.Http.JsonAsync($"{Address}/{map}/differences?{query}")).GetProperty("items").EnumerateArray()
            .Select(d => $"{d.GetProperty("kind").GetString()} {d.GetProperty("stage").GetString()}/{d.GetProperty("step").GetString()} {d.GetProperty("what").GetString()} {d.GetProperty("from").GetString()}>{d.GetProperty("to").GetString()}")];
}
