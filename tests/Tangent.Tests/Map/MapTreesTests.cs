using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tangent.Map;

namespace Tangent.Tests.Map;

/// <summary>Maps hang together: one stands under another, a step opens one, and their files may come in any order.</summary>
public sealed class MapTreesTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Address = "/api/v1/map/journey-maps";

    [Fact]
    public async Task A_map_stands_under_another_but_never_under_itself_or_what_stands_under_it()
    {
        var (top, middle, leaf) = (await AddAsync("Top"), await AddAsync("Middle"), await AddAsync("Leaf"));
        await PutAsync(middle, top, HttpStatusCode.OK);
        await PutAsync(leaf, middle, HttpStatusCode.OK);

        await PutAsync(top, leaf, HttpStatusCode.UnprocessableEntity);
        await PutAsync(top, middle, HttpStatusCode.UnprocessableEntity);
        await PutAsync(top, top, HttpStatusCode.UnprocessableEntity);
        await PutAsync(leaf, 987654, HttpStatusCode.UnprocessableEntity);
        (await ParentAsync(leaf)).ShouldBe(middle);
        (await ParentAsync(top)).ShouldBeNull();

        // Who stood under a map that goes away stands where that one stood.
        (await server.Http.DeleteAsync($"{Address}/{middle}")).EnsureSuccessStatusCode();
        (await ParentAsync(leaf)).ShouldBe(top);
        await PutAsync(leaf, null, HttpStatusCode.OK);
        (await ParentAsync(leaf)).ShouldBeNull();
    }

    [Fact]
    public async Task A_step_opens_a_map_that_is_there_and_is_not_its_own()
    {
        var (whole, part) = (await AddAsync("Whole"), await AddAsync("Part of it"));

        (await ChangeAsync(whole, part)).ShouldBe(HttpStatusCode.OK);
        (await ChangeAsync(whole, whole)).ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await ChangeAsync(whole, 987654)).ShouldBe(HttpStatusCode.UnprocessableEntity);

        (await server.Http.GetStringAsync($"/map/journey-maps/{whole}")).ShouldContain($"/map/journey-maps/{part}\"");
        // A map that is gone is named no more, and what named it can still be edited.
        (await server.Http.DeleteAsync($"{Address}/{part}")).EnsureSuccessStatusCode();
        (await server.Http.PostAsJsonAsync($"{Address}/{whole}/changes", new { changes = new[] { new { verb = "set", part = "step", id = "step-1", field = "name", value = "Goes on" } } })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.Http.GetAsync($"/map/journey-maps/{whole}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("A", true)]
    [InlineData("B", false)]
    public async Task Files_of_maps_that_name_each_other_may_come_in_any_order(string prefix, bool parentFirst)
    {
        var parent = $"""
            map: {prefix} life cycle
            personas: [{prefix} Anna]
            stages:
              - stage: All
                steps:
                  - step: Buys
                    map: {prefix} purchase
                  - step: Leaves
                    map: {"{"}map: {prefix} farewell, state: to-be{"}"}
                    pain-points:
                      - text: Nobody asks why
                        personas: [{prefix} Marek]
                        shared: {prefix}-nobody-asks
            """;
        var child = $"map: {prefix} purchase\nparent: {prefix} life cycle\nstages:\n  - stage: One\n    steps: [{{step: Pays, pain-points: [{{text: Nobody asks why, shared: {prefix}-nobody-asks}}]}}]\n";
        foreach (var file in parentFirst ? [parent, child] : new[] { child, parent }) await ImportAsync(file, HttpStatusCode.OK);

        var maps = (await server.Http.GetFromJsonAsync<JsonElement>(Address)).GetProperty("items").EnumerateArray().Where(m => m.GetProperty("name").GetString()!.StartsWith(prefix + " ", StringComparison.Ordinal)).ToDictionary(m => m.GetProperty("name").GetString()!);
        maps.Keys.ShouldBe([$"{prefix} farewell", $"{prefix} life cycle", $"{prefix} purchase"]);
        var whole = maps[$"{prefix} life cycle"].GetProperty("id").GetInt32();
        maps[$"{prefix} purchase"].GetProperty("parent").GetInt32().ShouldBe(whole);
        maps[$"{prefix} purchase"].GetProperty("steps").GetInt32().ShouldBe(1);
        var content = (await server.Http.GetFromJsonAsync<JourneyMapModel>($"{Address}/{whole}", MapContent.Json))!.Content;
        content.Steps.Select(s => s.Map).ShouldBe([maps[$"{prefix} purchase"].GetProperty("id").GetInt32(), maps[$"{prefix} farewell"].GetProperty("id").GetInt32()]);
        (content.Personas.Count, content.Cards[0].Personas!.Count, content.Cards[0].Shared).ShouldBe((1, 1, $"{prefix}-nobody-asks"));

        // What is written is read as the same map.
        foreach (var map in maps.Values)
        {
            var written = await server.Http.GetStringAsync($"{Address}/{map.GetProperty("id").GetInt32()}/file");
            var version = (await server.Http.JsonAsync($"{Address}/{map.GetProperty("id").GetInt32()}")).GetProperty("version").GetInt32();
            await ImportAsync(written, HttpStatusCode.OK);
            (await server.Http.JsonAsync($"{Address}/{map.GetProperty("id").GetInt32()}")).GetProperty("version").GetInt32().ShouldBe(version, written);
        }
    }

    [Fact]
    public async Task What_maps_refer_to_is_compared_by_name_and_a_file_that_says_nothing_of_the_map_above_leaves_it()
    {
        await ImportAsync("map: Hill\nparent: Mountain\npersonas: [Ina, Otto]\nstages: [{stage: S, steps: [{step: Climbs, map: Path, pain-points: [{text: Steep, personas: [Ina]}]}]}]\n", HttpStatusCode.OK);
        var hill = (await server.Http.GetFromJsonAsync<JsonElement>(Address)).GetProperty("items").EnumerateArray().Single(m => m.GetProperty("name").GetString() == "Hill").GetProperty("id").GetInt32();
        using var saved = await server.Http.PostAsJsonAsync($"{Address}/{hill}/snapshots", new { name = "First" });
        var first = (await saved.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
        const string File = "map: Hill\npersonas: [otto, Ute]\nstages: [{stage: S, steps: [{step: Climbs, map: Lift, pain-points: [{text: Steep}]}]}]\n";
        string[] changed = ["personas Ina, Otto>Otto, Ute", "map Path (as-is)>Lift (as-is)", "personas Steep Ina>"];

        (await WithFileAsync(hill, File)).ShouldBe(changed);
        (await WithFileAsync(hill, "parent: Valley\n" + File)).ShouldBe([changed[0], "parent Mountain (as-is)>Valley (as-is)", changed[1], changed[2]]);
        await ImportAsync(File, HttpStatusCode.OK);

        (await WithFileAsync(hill, File)).ShouldBeEmpty();
        Told(await server.Http.JsonAsync($"{Address}/{hill}/differences?fromVersion={first}")).ShouldBe(changed, ignoreOrder: true);
        (await server.Http.GetStringAsync($"/map/journey-maps/{hill}/versions/comparison?fromVersion={first}&lang=de")).ShouldContain("Otto, Ute");

        async Task<List<string>> WithFileAsync(int map, string file)
        {
            using var answer = await server.Http.PostAsJsonAsync($"{Address}/{map}/differences", new { file });
            return Told(await answer.Content.ReadFromJsonAsync<JsonElement>());
        }

        static List<string> Told(JsonElement answer) =>
            [.. answer.GetProperty("items").EnumerateArray().Select(d => $"{d.GetProperty("what").GetString()} {d.GetProperty("card").GetString()} {d.GetProperty("from").GetString()}>{d.GetProperty("to").GetString()}".Replace("  ", " ", StringComparison.Ordinal))];
    }

    [Fact]
    public async Task A_file_that_would_put_a_map_under_itself_is_refused_and_adds_nothing()
    {
        await ImportAsync("map: Ring one\nparent: Ring two\n", HttpStatusCode.OK);

        await ImportAsync("map: Ring two\nparent: Ring one\npersonas: [Ring persona]\n", HttpStatusCode.UnprocessableEntity);
        await ImportAsync("map: Ring three\nparent: Ring three\n", HttpStatusCode.UnprocessableEntity);
        await ImportAsync("map: Ring four\nstages: [{stage: S, steps: [{step: T, map: Ring four}]}]\n", HttpStatusCode.UnprocessableEntity);
        await ImportAsync("map: Ring five\npersonas: [[a]]\n", HttpStatusCode.UnprocessableEntity);
        await ImportAsync("map: Ring six\nparent: {map: X, color: red}\n", HttpStatusCode.UnprocessableEntity);

        var names = (await server.Http.GetFromJsonAsync<JsonElement>(Address)).GetProperty("items").EnumerateArray().Select(m => m.GetProperty("name").GetString()!).Where(n => n.StartsWith("Ring", StringComparison.Ordinal)).ToList();
        names.ShouldBe(["Ring one", "Ring two"]);
        (await server.Http.GetStringAsync("/api/v1/map/personas")).ShouldNotContain("Ring persona");
    }

    [Fact]
    public async Task A_touchpoint_names_the_maps_it_is_on()
    {
        await ImportAsync("map: Places\nstages: [{stage: S, steps: [{step: Rings, touchpoint: Place of places}, {step: Rings again, touchpoint: Place of places}]}]\n", HttpStatusCode.OK);
        var touchpoint = (await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/map/touchpoints")).EnumerateArray().Single(t => t.GetProperty("name").GetString() == "Place of places").GetProperty("id").GetInt32();

        var places = (await server.Http.JsonAsync($"/api/v1/map/touchpoints/{touchpoint}/maps")).GetProperty("items").EnumerateArray().Select(p => p.GetProperty("step").GetString());

        places.ShouldBe(["Rings", "Rings again"]);
        (await server.Http.GetStringAsync($"/map/touchpoints/{touchpoint}")).ShouldContain("Rings again");
        (await server.Http.GetAsync("/api/v1/map/touchpoints/987654/maps")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<int> AddAsync(string name)
    {
        var content = MapContent.Empty with { Stages = [new("stage-1", "One")], Steps = [new("step-1", "stage-1", "Looks")] };
        using var made = await server.Http.PostAsJsonAsync(Address, new { name, content = JsonSerializer.SerializeToNode(content, MapContent.Json) });
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        return (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
    }

    private async Task PutAsync(int map, int? parent, HttpStatusCode wanted)
    {
        using var answer = await server.Http.PutAsJsonAsync($"{Address}/{map}/parent", new { parent });
        answer.StatusCode.ShouldBe(wanted, await answer.Content.ReadAsStringAsync());
    }

    private async Task<int?> ParentAsync(int map) => (await server.Http.JsonAsync($"{Address}/{map}")).GetProperty("parent") is { ValueKind: JsonValueKind.Number } parent ? parent.GetInt32() : null;

    private async Task<HttpStatusCode> ChangeAsync(int map, int inside)
    {
        using var answer = await server.Http.PostAsJsonAsync($"{Address}/{map}/changes", new { changes = new[] { new { verb = "set", part = "step", id = "step-1", field = "map", value = inside } } });
        return answer.StatusCode;
    }

    private async Task ImportAsync(string file, HttpStatusCode wanted)
    {
        using var answer = await server.Http.PostAsJsonAsync($"{Address}/imports", new { file });
        answer.StatusCode.ShouldBe(wanted, await answer.Content.ReadAsStringAsync());
    }
}
