using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tangent.Map;

namespace Tangent.Tests.Analyse;

/// <summary>As-is and to-be of a journey side by side, with targets; and the score on the scale of the emotion.</summary>
public sealed class MapSidesTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Steps_of_both_maps_stand_side_by_side_with_what_differs_and_the_target()
    {
        using var added = await server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name = "Help desk" });
        var desk = (await added.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
        (await server.Http.PutAsJsonAsync($"/api/v1/measure/touchpoints/{desk}/targets/csat", new { value = 0.8, by = "2027-03-31" })).EnsureSuccessStatusCode();
        var asIs = await ImportAsync("as-is", "- {step: Reads, emotion: 0}\n      - {step: Waits}\n      - {step: Calls, touchpoint: Help desk, emotion: -1, pain-points: [It rings long]}\n      - {step: Pays, actions: [By card]}");
        (await server.Http.GetAsync($"/api/v1/analyse/map-sides/{asIs}")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await server.Http.GetStringAsync($"/analyse/map-sides/{asIs}")).ShouldContain("empty-state");
        var toBe = await ImportAsync("to-be", "- {step: Pays, actions: [By card]}\n      - {step: Reads, emotion: 0}\n      - {step: Is called back, touchpoint: Help desk, emotion: 1}\n      - {step: Thanks}");

        foreach (var id in new[] { asIs, toBe })
        {
            var answer = await server.Http.JsonAsync($"/api/v1/analyse/map-sides/{id}");
            (answer.GetProperty("asIs").GetInt32(), answer.GetProperty("toBe").GetInt32()).ShouldBe((asIs, toBe));
            answer.GetProperty("steps").EnumerateArray().Select(s => $"{s.GetProperty("change").GetString()} {Name(s, "asIs")}|{Name(s, "toBe")}")
                .ShouldBe(["moved Pays|Pays", "same Reads|Reads", "removed Waits|", "changed Calls|Is called back", "added |Thanks"]);
            var step = answer.GetProperty("steps").EnumerateArray().Single(s => Name(s, "asIs") == "Calls");
            step.GetProperty("differences").EnumerateArray().Select(d => $"{d.GetProperty("what").GetString()}: {d.GetProperty("from").GetString()} > {d.GetProperty("to").GetString()}")
                .ShouldBe(["step: Calls > Is called back", "emotion: -1 > 1", "pain-points: It rings long > "]);
            var target = step.GetProperty("targets").EnumerateArray().Single();
            (target.GetProperty("metric").GetString(), target.GetProperty("value").GetDouble(), target.GetProperty("by").GetString(), target.GetProperty("verdict").ValueKind).ShouldBe(("csat", 0.8, "2027-03-31", JsonValueKind.Null));
        }

        var page = await server.Http.GetStringAsync($"/analyse/map-sides/{toBe}");
        (page.Contains("Is called back", StringComparison.Ordinal), page.Contains("It rings long", StringComparison.Ordinal), page.Contains("80", StringComparison.Ordinal)).ShouldBe((true, true, true));
        (await server.Http.GetStringAsync($"/analyse/map-sides/{toBe}?from=2026-03-01&to=2026-03-31")).ShouldContain("filter-bar");
        (await server.Http.GetAsync("/api/v1/analyse/map-sides/987654")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public void A_line_runs_straight_over_columns_that_were_not_measured_and_ends_with_the_last_that_was()
    {
        MeasuredLine.Of([null, 2, null, null, -1, null]).ShouldBe([(null, null, null), (null, 2.0, 1.5), (1.5, 1.0, 0.5), (0.5, 0.0, -0.5), (-0.5, -1.0, null), (null, null, null)]);
        MeasuredLine.Of([]).ShouldBeEmpty();
        MeasuredLine.Of([1.0]).ShouldBe([(null, 1.0, null)]);
    }

    private static string Name(JsonElement step, string side) => step.GetProperty(side) is { ValueKind: JsonValueKind.Object } there ? there.GetProperty("name").GetString()! : "";

    private async Task<int> ImportAsync(string state, string steps)
    {
        using var made = await server.Http.PostAsJsonAsync("/api/v1/map/journey-maps/imports", new { file = $"map: Two sides\nstate: {state}\nstages:\n  - stage: One\n    steps:\n      {steps}\n" });
        made.StatusCode.ShouldBe(HttpStatusCode.OK, await made.Content.ReadAsStringAsync());
        return (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
    }
}
