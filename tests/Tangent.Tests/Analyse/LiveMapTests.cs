using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Access;
using Tangent.Cli;
using Tangent.Map;

namespace Tangent.Tests.Analyse;

/// <summary>Figures, gaps, rules and drafts of maps over HTTP, worked out by hand on <see cref="Shop"/>.</summary>
public sealed class LiveMapTests(Shop shop) : IClassFixture<Shop>
{
    private const string Maps = "/api/v1/map/journey-maps";

    [Fact]
    public async Task The_figures_of_every_step_are_worked_out_by_hand()
    {
        var map = await MapAsync("Figures", "asIs", "Search", "Nowhere to be", "Order");

        var answer = await shop.AskAsync($"live-maps/{map}");

        (answer.GetProperty("customers").GetInt64(), answer.GetProperty("journeyCustomers").GetInt64()).ShouldBe((5, 3));
        var steps = answer.GetProperty("steps").EnumerateArray().ToList();
        steps.Select(s => s.GetProperty("name").GetString()).ShouldBe(["Search", "Nowhere to be", "Order"]);
        // anna goes on to her order after 50 minutes, ben to nothing.
        var search = steps[0].GetProperty("figures");
        (search.GetProperty("customers").GetInt64(), search.GetProperty("wentOn").GetInt64()).ShouldBe((2, 1));
        search.GetProperty("share").GetDouble().ShouldBe(2 / 3.0, 1e-12);
        search.GetProperty("dropOff").GetDouble().ShouldBe(0.5);
        // Wilson's interval of 1 of 2.
        search.GetProperty("dropOffLow").GetDouble().ShouldBe(0.0945, 0.0001);
        search.GetProperty("dropOffHigh").GetDouble().ShouldBe(0.9055, 0.0001);
        search.GetProperty("medianWaitSeconds").GetDouble().ShouldBe(3000, 12);
        search.GetProperty("arrivals").EnumerateArray().Sum(a => a.GetInt64()).ShouldBe(2);
        steps[1].GetProperty("figures").GetProperty("customers").GetInt64().ShouldBe(0);
        var order = steps[2].GetProperty("figures");
        (order.GetProperty("customers").GetInt64(), order.GetProperty("dropOff").ValueKind).ShouldBe((2, JsonValueKind.Null));
        (await shop.CustomersAsync($"live-maps/{map}/customers?step=step-1")).ShouldBe("anna ben");
        (await shop.CustomersAsync($"live-maps/{map}/customers?step=step-1&stayed=true")).ShouldBe("ben");
        (await shop.AskAsync($"live-maps/{map}?to=2026-03-02")).GetProperty("steps")[2].GetProperty("figures").GetProperty("customers").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task A_condition_narrows_a_step_to_some_events_of_its_touchpoint()
    {
        var map = await MapAsync("Narrowed", "asIs", "Visit", "Order");
        await ChangeAsync(map, new { verb = "set", part = "step", id = "step-1", field = "condition", value = "channel=newsletter" });

        var answer = await shop.AskAsync($"live-maps/{map}");

        answer.GetProperty("steps")[0].GetProperty("figures").GetProperty("customers").GetInt64().ShouldBe(2);
        (await shop.CustomersAsync($"live-maps/{map}/customers?step=step-1")).ShouldBe("cleo eva");
        await ChangeAsync(map, new { verb = "set", part = "step", id = "step-1", field = "condition", value = "channel=pigeon" });
        var unseen = (await shop.AskAsync($"live-maps/{map}/gaps")).GetProperty("unseen").EnumerateArray().Single();
        (unseen.GetProperty("name").GetString(), unseen.GetProperty("condition").GetString()).ShouldBe(("Visit", "channel=pigeon"));
    }

    [Fact]
    public async Task A_condition_that_cannot_be_read_is_refused_and_an_old_one_takes_only_its_own_step()
    {
        var map = await MapAsync("Unreadable", "asIs", "Visit", "Order");
        foreach (var condition in new[] { "foo=bar", "=&%%%", "a) | (channel=web" })
        {
            using var answer = await shop.Http.PostAsJsonAsync($"{Maps}/{map}/changes", new { changes = new[] { new { verb = "set", part = "step", id = "step-1", field = "condition", value = condition } } });
            (answer.StatusCode, (await answer.Content.ReadAsStringAsync()).Contains("'Visit'", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.UnprocessableEntity, true), condition);
        }

        using (var scope = shop.Server.Services.CreateScope())
        {
            // As a version before that kept it, or a property that is no longer declared leaves it.
            MapChange[] kept = [new(MapVerb.Set, MapPart.Step, "step-1", "condition", "foo=bar")];
            (await scope.ServiceProvider.GetRequiredService<JourneyMapQueries>().ChangeAsync(map, _ => kept, new Actor(ActorKind.Person, "7", "Ben"), CancellationToken.None))!.Refusal.ShouldBeNull();
        }

        var asked = await shop.AskAsync($"live-maps/{map}");
        asked.GetProperty("notMeasured").GetInt32().ShouldBe(1);
        var (visit, order) = (asked.GetProperty("steps")[0], asked.GetProperty("steps")[1]);
        (visit.GetProperty("figures").ValueKind, visit.GetProperty("wrong").GetString()!.Contains("foo", StringComparison.Ordinal)).ShouldBe((JsonValueKind.Null, true));
        order.GetProperty("figures").GetProperty("customers").GetInt64().ShouldBe(2);
        (await shop.Http.GetStringAsync($"/analyse/live-maps/{map}/lane")).ShouldContain("not measured");
        (await shop.Http.GetStringAsync($"/analyse/live-maps/{map}")).ShouldContain("not measured");
    }

    [Fact]
    public async Task A_narrowed_step_does_not_take_the_score_of_its_whole_touchpoint()
    {
        await using var server = await TestServer.StartAsync();
        using var made = await server.Http.PostAsJsonAsync($"{Maps}/imports", new { file = "map: Scores\nstages:\n  - stage: All\n    steps:\n      - {step: All, touchpoint: Help desk}\n      - {step: Some, touchpoint: Help desk, when: channel=pigeon}\n" });
        var map = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
        (await server.Http.PostAsJsonAsync("/api/v1/measure/feedback", new { items = new[] { new { userId = "c1", metric = "csat", score = 5, touchpoint = "Help desk" } } })).EnsureSuccessStatusCode();

        var figures = (await server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/analyse/live-maps/{map}")).GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("figures").GetProperty("score").ValueKind);

        figures.ShouldBe([JsonValueKind.Object, JsonValueKind.Null]);
    }

    [Fact]
    public async Task Every_step_of_a_map_of_two_hundred_is_measured_as_on_a_short_one()
    {
        string[] names = ["Visit", .. Enumerable.Repeat("Nowhere to be", 120), "Search", .. Enumerable.Repeat("Nowhere to be", 77), "Order"];
        var (small, large) = (await MapAsync("Short", "asIs", "Visit", "Search", "Order"), await MapAsync("Two hundred", "asIs", names));

        var (one, other) = (await shop.AskAsync($"live-maps/{small}"), await shop.AskAsync($"live-maps/{large}"));

        (other.GetProperty("steps").GetArrayLength(), other.GetProperty("notMeasured").GetInt32(), other.GetProperty("journeyCustomers").GetInt64()).ShouldBe((200, 0, one.GetProperty("journeyCustomers").GetInt64()));
        int[] places = [0, 121, 199];
        places.Select(p => other.GetProperty("steps")[p].GetProperty("figures").GetRawText()).ShouldBe(one.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("figures").GetRawText()));
        other.GetProperty("steps").EnumerateArray().ShouldAllBe(s => s.GetProperty("figures").ValueKind == JsonValueKind.Object);
        (await shop.CustomersAsync($"live-maps/{large}/customers?step=step-122&stayed=true")).ShouldBe("ben");
        // A branch back from the last pass to the first.
        await ChangeAsync(large, new { verb = "set", part = "step", id = "step-200", field = "next", value = new[] { "step-1" } });
        await ChangeAsync(small, new { verb = "set", part = "step", id = "step-3", field = "next", value = new[] { "step-1" } });
        (await shop.AskAsync($"live-maps/{large}")).GetProperty("steps")[199].GetProperty("figures").GetRawText().ShouldBe((await shop.AskAsync($"live-maps/{small}")).GetProperty("steps")[2].GetProperty("figures").GetRawText());
    }

    [Fact]
    public async Task What_only_the_map_or_only_the_data_has_is_named_and_can_be_added_where_it_belongs()
    {
        var map = await MapAsync("Gaps", "asIs", "Visit", "Nowhere to be", "Order");

        var gaps = await shop.AskAsync($"live-maps/{map}/gaps");

        gaps.GetProperty("unseen").EnumerateArray().Select(u => u.GetProperty("touchpoint").GetString()).ShouldBe(["Nowhere to be"]);
        var unmapped = gaps.GetProperty("unmapped").EnumerateArray().ToDictionary(u => u.GetProperty("name").GetString()!);
        unmapped.Keys.ShouldBe(["Search", "Call"]);
        (unmapped["Search"].GetProperty("customers").GetInt64(), unmapped["Search"].GetProperty("after").GetString()).ShouldBe((2, "step-1"));
        (unmapped["Call"].GetProperty("customers").GetInt64(), unmapped["Call"].GetProperty("after").ValueKind).ShouldBe((1, JsonValueKind.Null));

        using var added = await shop.Http.PostAsJsonAsync($"/api/v1/analyse/live-maps/{map}/steps", new { touchpoint = "Search" });
        added.StatusCode.ShouldBe(HttpStatusCode.OK, await added.Content.ReadAsStringAsync());
        (await NamesAsync(map)).ShouldBe("Visit, Search, Nowhere to be, Order");
        (await shop.AskAsync($"live-maps/{map}")).GetProperty("steps")[1].GetProperty("figures").GetProperty("customers").GetInt64().ShouldBe(2, "the step is bound to the touchpoint");

        using var again = await shop.Http.PostAsJsonAsync($"/api/v1/analyse/live-maps/{map}/steps", new { touchpoint = "Search" });
        again.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_map_means_rules_and_a_deviation_becomes_an_opportunity_with_its_customers_as_evidence()
    {
        var map = await MapAsync("Rules", "toBe", "Visit", "Search", "Order");

        var answer = await shop.AskAsync($"live-maps/{map}/rules");

        answer.GetProperty("rules").EnumerateArray().Select(r => r.GetString())
            .ShouldBe(["response: Visit -> Search", "precedence: Visit -> Search", "response: Search -> Order", "precedence: Search -> Order"]);
        // Of the four who break a rule first, cleo and eva never search; dora orders without; ben never orders.
        var deviation = answer.GetProperty("answer").GetProperty("firstDeviations").EnumerateArray().MaxBy(d => d.GetProperty("customers").GetInt64());
        (deviation.GetProperty("number").GetInt32(), deviation.GetProperty("touchpoint").ValueKind, deviation.GetProperty("customers").GetInt64()).ShouldBe((1, JsonValueKind.Null, 2));

        using var recorded = await shop.Http.PostAsJsonAsync($"/api/v1/analyse/live-maps/{map}/ideas", new { rule = 1 });
        recorded.StatusCode.ShouldBe(HttpStatusCode.OK, await recorded.Content.ReadAsStringAsync());
        var card = (await shop.Http.GetFromJsonAsync<JsonElement>($"{Maps}/{map}")).GetProperty("content").GetProperty("cards").EnumerateArray().Single();
        (card.GetProperty("step").GetString(), card.GetProperty("lane").GetString()).ShouldBe(("step-1", "lane-opportunities"));
        (card.GetProperty("evidence").GetProperty("kind").GetString(), card.GetProperty("evidence").GetProperty("times").GetInt32()).ShouldBe(("measured", 5));
        // Wilson's interval of 2 of 5, in percent.
        (card.GetProperty("evidence").GetProperty("low").GetDouble(), card.GetProperty("evidence").GetProperty("high").GetDouble()).ShouldBe((11.8, 76.9));
        card.GetProperty("text").GetString().ShouldBe("Deviation at “End of the journey”: After “Visit” comes “Search”.");

        // Recorded again it is the same opportunity, with the figures as they are now.
        await ChangeAsync(map, new { verb = "set", part = "card", id = card.GetProperty("id").GetString(), field = "evidence", value = new { kind = "assumed" } });
        using var again = await shop.Http.PostAsJsonAsync($"/api/v1/analyse/live-maps/{map}/ideas", new { rule = 1 });
        (await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("content").GetProperty("cards").EnumerateArray().Single().GetRawText().ShouldBe(card.GetRawText());

        // Also by somebody who reads another language.
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/analyse/live-maps/{map}/ideas") { Content = JsonContent.Create(new { rule = 1 }) };
        request.Headers.AcceptLanguage.ParseAdd("de");
        using var german = await shop.Http.SendAsync(request);
        (await german.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("content").GetProperty("cards").EnumerateArray().Single().GetRawText().ShouldBe(card.GetRawText());
    }

    [Fact]
    public async Task A_touchpoint_that_only_the_as_is_map_has_is_to_occur_no_more_and_an_as_is_map_takes_no_ideas()
    {
        var asIs = await MapAsync("Dropped", "asIs", "Call", "Visit", "Search", "Order");
        var toBe = await MapAsync("Dropped", "toBe", "Visit", "Search", "Order");

        var answer = await shop.AskAsync($"live-maps/{toBe}/rules");

        answer.GetProperty("rules").EnumerateArray().Select(r => r.GetString()).ShouldContain("absent: Call");
        answer.GetProperty("answer").GetProperty("firstDeviations").EnumerateArray().ShouldContain(d => d.GetProperty("touchpoint").GetString() == "Call");
        using var recorded = await shop.Http.PostAsJsonAsync($"/api/v1/analyse/live-maps/{asIs}/ideas", new { rule = 1 });
        recorded.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task The_shell_adds_what_the_map_lacks_and_writes_a_deviation_on_it()
    {
        var map = await MapAsync("Shell gaps", "toBe", "Visit", "Order");
        Task<int> RunAsync(params string[] args) => CommandLine.RunAsync(["map", .. args, "--data", shop.Server.DataFolder]);
        foreach (var (unit, who) in new[] { ("account", "accounts"), ("person", "customers") })
            (await Printed.ByAsync("map", "numbers", $"{map}", "--unit", unit, "--data", shop.Server.DataFolder)).Split('\n')[0].TrimEnd().ShouldEndWith($" {who}");
        (await RunAsync("gaps", $"{map}", "--add", "Nowhere")).ShouldBe(ExitCode.Refused);
        (await RunAsync("gaps", $"{map}", "--add", "Search")).ShouldBe(ExitCode.Done);
        (await NamesAsync(map)).ShouldBe("Visit, Search, Order");
        var rules = (await shop.AskAsync($"live-maps/{map}/rules")).GetProperty("rules").EnumerateArray().Select(r => r.GetString()).ToList();
        var printed = (await Printed.ByAsync("map", "rules", $"{map}", "--data", shop.Server.DataFolder)).Split('\n').Select(l => l.Trim()).Where(l => rules.Exists(r => l.EndsWith(r!, StringComparison.Ordinal))).ToList();
        printed.Select(l => int.Parse(l.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)).ShouldNotBe([1, 2, 3, 4]);
        printed.ShouldAllBe(l => l.EndsWith(rules[int.Parse(l.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) - 1]!, StringComparison.Ordinal));
        (await RunAsync("rules", $"{map}", "--record", "1")).ShouldBe(ExitCode.Done);
        (await shop.Http.GetFromJsonAsync<JsonElement>($"{Maps}/{map}")).GetProperty("content").GetProperty("cards").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_named_branch_allows_what_comes_after_and_a_step_without_a_touchpoint_is_passed_through()
    {
        var map = await MapAsync("Branches", "toBe", "Visit", "Search", "Order");
        await ChangeAsync(map, new { verb = "set", part = "step", id = "step-1", field = "next", value = new[] { "step-2", "step-3" } });
        await ChangeAsync(map, new { verb = "set", part = "step", id = "step-2", field = "touchpoint", value = (int?)null });

        var answer = await shop.AskAsync($"live-maps/{map}/rules");

        answer.GetProperty("rules").EnumerateArray().Select(r => r.GetString()).ShouldBe(["response: Visit -> Order", "precedence: Visit -> Order"]);
    }

    [Fact]
    public async Task A_draft_has_the_usual_order_and_becomes_a_map_bound_to_its_touchpoints()
    {
        var draft = await shop.AskAsync("map-drafts?least=30");
        draft.GetProperty("stages").EnumerateArray().SelectMany(s => s.GetProperty("steps").EnumerateArray()).Select(s => s.GetProperty("touchpoint").GetString()).ShouldBe(["Visit", "Search", "Order"]);

        using var made = await shop.Http.PostAsJsonAsync("/api/v1/analyse/map-drafts?least=30", new { name = "Drafted" });

        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        var map = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
        var figures = (await shop.AskAsync($"live-maps/{map}")).GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("figures").GetProperty("customers").GetInt64());
        figures.ShouldBe([5, 2, 2]);
        using var twice = await shop.Http.PostAsJsonAsync("/api/v1/analyse/map-drafts?least=30", new { name = "drafted" });
        twice.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task The_stages_of_a_draft_stand_in_the_order_of_the_life_cycle()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var (name, stage) in new[] { ("Visit", "advocacy"), ("Search", "retention") })
            (await server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name, stage })).EnsureSuccessStatusCode();
        await Shop.AppendAsync(server, Shop.Track("anna", "Visit", "web", 0), Shop.Track("anna", "Search", "web", 10));

        var draft = await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/analyse/map-drafts");

        draft.GetProperty("stages").EnumerateArray().SelectMany(s => s.GetProperty("steps").EnumerateArray()).Select(s => s.GetProperty("touchpoint").GetString()).ShouldBe(["Search", "Visit"]);
    }

    [Theory]
    [InlineData("live-maps/987654", 404)]
    [InlineData("live-maps/987654/gaps", 404)]
    [InlineData("live-maps/987654/rules", 404)]
    [InlineData("live-maps/MAP?from=never", 422)]
    [InlineData("live-maps/MAP/customers", 422)]
    [InlineData("live-maps/MAP/customers?step=step-9", 422)]
    [InlineData("live-maps/MAP/rules", 422)]
    [InlineData("map-drafts?most=1", 422)]
    public async Task What_cannot_be_answered_is_refused(string question, int status)
    {
        var map = await MapAsync("Refusals " + question.GetHashCode(StringComparison.Ordinal), "asIs", "Visit");
        using var answer = await shop.Http.GetAsync("/api/v1/analyse/" + question.Replace("MAP", $"{map}", StringComparison.Ordinal));
        ((int)answer.StatusCode).ShouldBe(status, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_board_has_a_lane_of_figures()
    {
        var map = await MapAsync("Lane", "asIs", "Visit", "Nowhere to be");
        (await shop.Http.GetStringAsync($"/map/journey-maps/{map}?from=2026-03-02")).ShouldContain($"/analyse/live-maps/{map}/lane?from=2026-03-02");
        var lane = await shop.Http.GetStringAsync($"/analyse/live-maps/{map}/lane");
        lane.ShouldContain("5 customers");
        lane.ShouldContain("never seen");
        // A share of five customers is too few to say much.
        (lane.Contains("n = 5", StringComparison.Ordinal), lane.Contains("too few", StringComparison.Ordinal)).ShouldBe((true, true));
    }

    /// <summary>A map of these steps, each bound to the touchpoint of its name.</summary>
    private async Task<int> MapAsync(string name, string state, params string[] steps)
    {
        var file = $"map: {name}\nstate: {(state == "toBe" ? "to-be" : "as-is")}\nlanes: [opportunities]\nstages:\n  - stage: All\n    steps:\n" + string.Concat(steps.Select(s => $"      - step: {s}\n        touchpoint: {s}\n"));
        using var answer = await shop.Http.PostAsJsonAsync($"{Maps}/imports", new { file });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
    }

    private async Task ChangeAsync(int map, object change)
    {
        using var answer = await shop.Http.PostAsJsonAsync($"{Maps}/{map}/changes", new { changes = new[] { change } });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }

    private async Task<string> NamesAsync(int map) =>
        string.Join(", ", (await shop.Http.GetFromJsonAsync<JsonElement>($"{Maps}/{map}")).GetProperty("content").GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("name").GetString()));
}
