using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Access;
using Tangent.Cli;
using Tangent.Map;
using Tangent.Tests.Access;

namespace Tangent.Tests.Map;

/// <summary>Maps are edited field by field: nobody's work is lost, and everybody takes back only what was the own.</summary>
public sealed class JourneyMapsTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Address = "/api/v1/map/journey-maps";

    [Fact]
    public async Task Edits_of_different_fields_meet_and_edits_of_the_same_field_are_a_conflict_that_names_the_other_value()
    {
        var map = await CreateAsync("Two editors");
        await ChangeAsync(map, Set("step-1", "name", "Looks around", "Looks"), HttpStatusCode.OK);
        await ChangeAsync(map, Set("step-1", "emotion", 2, ""), HttpStatusCode.OK);

        var refused = await ChangeAsync(map, Set("step-1", "name", "Searches", "Looks"), HttpStatusCode.Conflict);

        refused.GetProperty("detail").GetString()!.ShouldContain("Looks around");
        var step = (await ShowAsync(map)).Content.Steps.Single(s => s.Id == "step-1");
        (step.Name, step.Emotion).ShouldBe(("Looks around", 2));
    }

    [Fact]
    public async Task A_conflict_is_told_in_words_not_in_what_the_map_is_kept_as()
    {
        var map = await CreateAsync("Two editors of evidence");
        await ChangeAsync(map, new { verb = "add", part = "card", value = Card("card-a", "Nobody answers") }, HttpStatusCode.OK);
        await ChangeAsync(map, Evidence(new { kind = "heard", times = 7 }, new { kind = "assumed" }), HttpStatusCode.OK);
        await ChangeAsync(map, new { verb = "set", part = "card", id = "card-a", field = "step", value = "step-2", was = "step-1" }, HttpStatusCode.OK);

        var evidence = await ChangeAsync(map, Evidence(new { kind = "heard", times = 3 }, new { kind = "assumed" }), HttpStatusCode.Conflict);
        var step = await ChangeAsync(map, new { verb = "set", part = "card", id = "card-a", field = "step", value = "step-3", was = "step-1" }, HttpStatusCode.Conflict);
        object[] both = [Evidence(new { kind = "hearsay" }, new { kind = "heard", times = 7 }), Evidence(new { kind = "assumed" }, new { kind = "heard" })];
        var neither = await PostAsync($"{Address}/{map}/changes", new { changes = both }, HttpStatusCode.UnprocessableEntity);

        evidence.GetProperty("detail").GetString().ShouldBe("Somebody changed this to 'Heard 7 times' meanwhile.");
        step.GetProperty("detail").GetString().ShouldBe($"Somebody changed this to '{(await ShowAsync(map)).Content.Steps[1].Name}' meanwhile.");
        neither.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();

        static object Evidence(object value, object was) => new { verb = "set", part = "card", id = "card-a", field = "evidence", value, was };
    }

    [Fact]
    public async Task Many_editors_at_once_lose_nothing()
    {
        var map = await CreateAsync("A crowd");
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => ChangeAsync(map, new { verb = "add", part = "card", value = Card($"card-{i}", $"Idea {i}") }, HttpStatusCode.OK)));

        var shown = await ShowAsync(map);

        shown.Content.Cards.Select(c => c.Text).Order().ShouldBe(Enumerable.Range(0, 12).Select(i => $"Idea {i}").Order());
        shown.Version.ShouldBe(12);
    }

    [Fact]
    public async Task Undo_takes_back_the_last_edit_with_all_that_stood_in_it_and_redo_makes_it_again()
    {
        var map = await CreateAsync("There and back");
        await ChangeAsync(map, new { verb = "add", part = "card", value = Card("card-a", "A thought") }, HttpStatusCode.OK);
        var before = (await ShowAsync(map)).Content.Write();
        await ChangeAsync(map, new { verb = "remove", part = "stage", id = "stage-1" }, HttpStatusCode.OK);
        (await ShowAsync(map)).Content.Steps.ShouldNotContain(s => s.Stage == "stage-1");

        await PostAsync($"{Address}/{map}/undo", new { }, HttpStatusCode.OK);
        (await ShowAsync(map)).Content.Write().ShouldBe(before);
        await PostAsync($"{Address}/{map}/redo", new { }, HttpStatusCode.OK);
        (await ShowAsync(map)).Content.Steps.ShouldNotContain(s => s.Stage == "stage-1");
        await PostAsync($"{Address}/{map}/undo", new { }, HttpStatusCode.OK);
        (await ShowAsync(map)).Content.Write().ShouldBe(before);
        await PostAsync($"{Address}/{map}/undo", new { }, HttpStatusCode.OK);
        (await ShowAsync(map)).Content.Cards.ShouldBeEmpty();
        await PostAsync($"{Address}/{map}/undo", new { }, HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData("""{"verb":"set","part":"step","id":"step-1","field":"emotion","value":7}""")]
    [InlineData("""{"verb":"set","part":"step","id":"step-1","field":"emotion","value":"glad"}""")]
    [InlineData("""{"verb":"set","part":"step","id":"step-1","field":"stage","value":"nowhere"}""")]
    [InlineData("""{"verb":"set","part":"step","id":"step-1","field":"touchpoint","value":987654}""")]
    [InlineData("""{"verb":"set","part":"step","id":"step-1","field":"name","value":null}""")]
    [InlineData("""{"verb":"set","part":"step","id":"step-1","field":"id","value":"other"}""")]
    [InlineData("""{"verb":"set","part":"step","id":"step-1","field":"next","value":[1,null]}""")]
    [InlineData("""{"verb":"set","part":"map","field":"steps","value":[]}""")]
    [InlineData("""{"verb":"add","part":"card","value":{"id":"c"}}""")]
    [InlineData("""{"verb":"add","part":"card","value":{"id":"c","step":"step-9","lane":"lane-actions","text":"x","evidence":{"kind":"assumed"}}}""")]
    [InlineData("""{"verb":"add","part":"card","value":{"id":"c","step":"step-1","lane":"lane-actions","text":"x","evidence":{"kind":"heard","times":0}}}""")]
    [InlineData("""{"verb":"add","part":"lane","value":{"id":"l","kind":"actions","name":""}}""")]
    [InlineData("""{"verb":"add","part":"stage","value":[]}""")]
    [InlineData("""{"verb":"remove","part":"map"}""")]
    [InlineData("""{"verb":"set","part":"step","id":"step-1","field":"emotoin","value":1}""")]
    [InlineData("""{"verb":"set","part":"step","id":"step-1","field":"Id","value":"other"}""")]
    [InlineData("""{"verb":"set","part":"map","field":"Steps","value":[]}""")]
    [InlineData("""{"verb":"add","part":"step","value":{"id":"step-9","stage":"stage-1","name":"New","touchpoint":987654}}""")]
    [InlineData("""{"verb":"add","part":"lane","value":{"id":"l","kind":"free","name":"when"}}""")]
    public async Task What_a_map_cannot_hold_is_refused_and_changes_nothing(string change)
    {
        var map = await CreateAsync("Refusals " + change.GetHashCode(StringComparison.Ordinal));
        var before = (await ShowAsync(map)).Content.Write();

        var good = """{"verb":"set","part":"step","id":"step-1","field":"name","value":"Changed"}""";
        using var answer = await server.Http.PostAsync($"{Address}/{map}/changes", new StringContent($$"""{"changes":[{{good}},{{change}}]}""", System.Text.Encoding.UTF8, "application/json"));

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, await answer.Content.ReadAsStringAsync());
        (await ShowAsync(map)).Content.Write().ShouldBe(before);
    }

    [Fact]
    public async Task Undo_takes_nothing_of_others_along_and_goes_on_with_the_next()
    {
        var map = await CreateAsync("Undo beside others");
        await ChangeAsync(map, Set("step-1", "emotion", 1, ""), HttpStatusCode.OK);
        await ChangeAsync(map, new { verb = "add", part = "stage", value = new { id = "stage-x", name = "Mine" } }, HttpStatusCode.OK);
        await using (var scope = server.Services.CreateAsyncScope())
        {
            var theirs = MapRestoring.Changes(MapContent.Empty, MapContent.Empty with { Stages = [], Lanes = [], Steps = [new MapStep("step-x", "stage-x", "Theirs")] }).Where(c => c.Part == MapPart.Step).ToList();
            (await scope.ServiceProvider.GetRequiredService<JourneyMapQueries>().ChangeAsync(map, theirs, new Actor(ActorKind.Person, "7", "Ben"), CancellationToken.None))!.Refusal.ShouldBeNull();
        }

        await PostAsync($"{Address}/{map}/undo", new { }, HttpStatusCode.Conflict);
        (await ShowAsync(map)).Content.Steps.ShouldContain(s => s.Name == "Theirs");
        await PostAsync($"{Address}/{map}/undo", new { }, HttpStatusCode.OK);
        (await ShowAsync(map)).Content.Steps.Single(s => s.Id == "step-1").Emotion.ShouldBeNull();
    }

    [Fact]
    public async Task A_map_says_how_it_is_known_and_what_of_it_has_become_old()
    {
        await using var strict = await TestServer.StartAsync(demo: true, null, "Maps:AgeingAfterMonths=2", "Maps:OldAfterMonths=3");
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        MapCard Known(string id, EvidenceKind kind, int months) => new(id, "step-1", "lane-actions", "x", new Evidence(kind, kind == EvidenceKind.Assumed ? null : 4, kind == EvidenceKind.Measured ? 1 : null, kind == EvidenceKind.Measured ? 2 : null, today.AddMonths(-months)));
        var content = MapContent.Empty with
        {
            Stages = [new("stage-1", "One")],
            Steps = [new("step-1", "stage-1", "Looks")],
            Cards = [Known("card-1", EvidenceKind.Assumed, 0), Known("card-2", EvidenceKind.Heard, 2), Known("card-3", EvidenceKind.Measured, 5), Known("card-4", EvidenceKind.Measured, 7)],
        };
        foreach (var (at, ageing, old) in new[] { (strict, 1, 2), (server, 1, 0) })
        {
            using var made = await at.Http.PostAsJsonAsync(Address, new { name = "How known", content = JsonSerializer.SerializeToNode(content, MapContent.Json) });
            var share = await at.Http.JsonAsync($"{made.Headers.Location}/evidence");
            int Of(string name) => share.GetProperty(name).GetInt32();
            (Of("assumed"), Of("heard"), Of("measured"), Of("ageing"), Of("old")).ShouldBe((1, 1, 2, ageing, old));
        }
    }

    [Fact]
    public async Task Evidence_is_held_to_what_it_claims()
    {
        var map = await CreateAsync("Claims");
        await ChangeAsync(map, new { verb = "add", part = "card", value = Card("card-claim", "It takes long") }, HttpStatusCode.OK);
        var tomorrow = DateTime.UtcNow.AddDays(3).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Task<JsonElement> ClaimAsync(object evidence, HttpStatusCode wanted) => ChangeAsync(map, new { verb = "set", part = "card", id = "card-claim", field = "evidence", value = evidence }, wanted);

        await ClaimAsync(new { kind = "heard" }, HttpStatusCode.UnprocessableEntity);
        await ClaimAsync(new { kind = "measured", times = 40, date = "2026-05-31" }, HttpStatusCode.UnprocessableEntity);
        await ClaimAsync(new { kind = "measured", times = 40, low = 1, high = 2 }, HttpStatusCode.UnprocessableEntity);
        await ClaimAsync(new { kind = "heard", times = 2, date = tomorrow }, HttpStatusCode.UnprocessableEntity);
        await ClaimAsync(new { kind = "measured", times = 7, low = 1, high = 2, date = "2026-05-31" }, HttpStatusCode.OK);
        WebUtility.HtmlDecode(await server.Http.GetStringAsync($"/map/journey-maps/{map}")).ShouldContain("Measured, n = 7 · 1 – 2 · too few");
    }

    [Fact]
    public async Task Refusals_are_in_the_language_of_the_request_and_tell_people_no_ids()
    {
        var map = await CreateAsync("In words");
        async Task<string> RefusedAsync(string address, object body, string language)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{Address}/{address}") { Content = JsonContent.Create(body) };
            request.Headers.AcceptLanguage.ParseAdd(language);
            using var answer = await server.Http.SendAsync(request);
            return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!;
        }

        (await RefusedAsync($"{map}/changes", new { changes = new[] { Set("step-1", "emotion", 7, "") } }, "de")).ShouldBe("Die Emotion von „Looks“ liegt nicht zwischen -2 und 2.");
        (await RefusedAsync($"{map}/changes", new { changes = new[] { new { verb = "add", part = "card", value = new { id = "c", step = "step-1", lane = "lane-actions", text = "Says", evidence = new { kind = "heard" } } } } }, "pl")).ShouldBe("Podaj, ile razy to usłyszano (times): „Says”.");
        (await RefusedAsync($"{map}/changes", new { changes = new[] { Set("step-9", "emotion", 1, "") } }, "en")).ShouldBe("There is no such step any more. (step-9)");
        (await RefusedAsync("imports", new { file = "map: X\nstages:\n  - stage: A\n    steps:\n      - step: B\n        emotion: 7" }, "de")).ShouldBe("Zeile 6: Die Emotion ist eine ganze Zahl von -2 bis 2, nicht „7“.");
        using var placed = await server.Http.SubmitAsync($"/map/journey-maps/{map}", $"/map/journey-maps/{map}/step/step-9/place", ("Before", "step-1"));
        (placed.StatusCode, (await placed.Content.ReadAsStringAsync()).Contains("step-9", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.Conflict, false));
    }

    [Fact]
    public async Task The_editor_on_the_board_offers_what_it_can_keep_and_all_fields_take_along_what_was_written()
    {
        var map = await CreateAsync("Quick editor");
        await ChangeAsync(map, new { verb = "add", part = "card", value = Card("card-1", "It takes long") }, HttpStatusCode.OK);
        var page = $"/map/journey-maps/{map}/card/card-1";
        (await server.Http.GetStringAsync(page + "/editor")).ShouldNotContain("value=\"Measured\"");

        var was = MapPartForm.Stored((await ShowAsync(map)).Content, MapPart.Card, "card-1")!.Was!;
        using var all = await server.Http.SubmitAsync(page, page + "/fields", ("Was", was), ("Text", "It takes a week"), ("Evidence", "Heard"));

        var form = WebUtility.HtmlDecode(await all.Content.ReadAsStringAsync());
        form.ShouldContain(">It takes a week</textarea>");
        form.ShouldContain("""<option value="step-1" selected""");
        form.ShouldContain("""<option value="Heard" selected""");
        (await ShowAsync(map)).Content.Cards.Single().Text.ShouldBe("It takes long");
        await ChangeAsync(map, new { verb = "set", part = "card", id = "card-1", field = "evidence", value = new { kind = "measured", times = 40, low = 1, high = 2, date = "2026-05-31" } }, HttpStatusCode.OK);
        (await server.Http.GetStringAsync(page + "/editor")).ShouldContain("value=\"Measured\" selected");
    }

    [Fact]
    public async Task A_step_says_on_the_board_where_it_leads_only_where_it_says_so()
    {
        var map = await CreateAsync("Leads");
        var board = WebUtility.HtmlDecode(await server.Http.GetStringAsync($"/map/journey-maps/{map}?lang=en"));
        board.Split("class=\"map-next\"").Length.ShouldBe(2);
        board.ShouldContain("""<span aria-hidden="true">↩ </span><span class="visually-hidden">leads back to </span>Looks""");

        await ChangeAsync(map, Set("step-1", "name", "Looks around", "Looks"), HttpStatusCode.OK);
        WebUtility.HtmlDecode(await server.Http.GetStringAsync($"/map/journey-maps/{map}/board?since=0&lang=en")).ShouldContain("leads back to </span>Looks around");
    }

    [Fact]
    public async Task How_often_an_old_card_was_heard_is_for_its_editor_to_say()
    {
        var content = Content() with { Cards = [new MapCard("card-1", "step-1", "lane-actions", "Calls", new Evidence(EvidenceKind.Heard)), new MapCard("card-2", "step-1", "lane-actions", "Writes", new Evidence())] };
        int map;
        await using (var scope = server.Services.CreateAsyncScope())
            map = (await scope.ServiceProvider.GetRequiredService<JourneyMapQueries>().AddAsync("Of old", MapState.AsIs, content, Actor.Nobody, CancellationToken.None))!.Id;
        async Task<HttpStatusCode> SaveAsync(string card, string text, string times)
        {
            var page = $"/map/journey-maps/{map}/card/{card}";
            var was = MapPartForm.Stored((await ShowAsync(map)).Content, MapPart.Card, card)!.Was!;
            return (await server.Http.SubmitAsync(page, ("Was", was), ("Step", "step-1"), ("Lane", "lane-actions"), ("Text", text), ("Evidence", "Heard"), ("Times", times))).StatusCode;
        }

        async Task<Evidence> EvidenceAsync(string card) => (await ShowAsync(map)).Content.Cards.Single(c => c.Id == card).Evidence;
        (await SaveAsync("card-1", "Calls twice", "")).ShouldBe(HttpStatusCode.Redirect);
        (await EvidenceAsync("card-1")).ShouldBe(new Evidence(EvidenceKind.Heard));
        (await SaveAsync("card-1", "Calls twice", "4")).ShouldBe(HttpStatusCode.Redirect);
        (await SaveAsync("card-1", "Calls twice", "")).ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await EvidenceAsync("card-1")).ShouldBe(new Evidence(EvidenceKind.Heard, 4));
        (await SaveAsync("card-2", "Writes", "")).ShouldBe(HttpStatusCode.Redirect);
        (await EvidenceAsync("card-2")).ShouldBe(new Evidence(EvidenceKind.Heard, 1));
    }

    [Fact]
    public async Task A_new_name_leaves_the_state_as_it_was()
    {
        var map = (await PostAsync(Address, new { name = "Old name", state = "toBe" }, HttpStatusCode.Created)).GetProperty("id").GetInt32();

        using var answer = await server.Http.PutAsJsonAsync($"{Address}/{map}/name", new { name = "New name" });

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var shown = await ShowAsync(map);
        (shown.Name, shown.State).ShouldBe(("New name", MapState.ToBe));
    }

    [Fact]
    public void Whatever_is_done_can_be_taken_back_exactly()
    {
        for (var seed = 1; seed <= 300; seed++)
        {
            var random = new Random(seed);
            var content = Content();
            var (before, inverses) = (new Stack<string>(), new Stack<IReadOnlyList<MapChange>>());
            for (var i = 0; i < 25; i++)
            {
                if (MapEditing.TryMake(content, [RandomChange(random, content, i)], out var changed, out var inverse) is not null) continue;
                before.Push(content.Write());
                inverses.Push(inverse);
                content = changed;
            }

            inverses.Count.ShouldBeGreaterThan(5);
            while (inverses.TryPop(out var inverse))
            {
                MapEditing.TryMake(content, inverse, out content, out _).ShouldBeNull();
                content.Write().ShouldBe(before.Pop(), $"seed {seed}");
            }
        }
    }

    [Fact]
    public async Task The_history_says_which_field_what_it_was_and_what_it_is_and_tells_redo_from_undo()
    {
        var map = await CreateAsync("History");
        await ChangeAsync(map, new { verb = "add", part = "card", value = Card("card-a", "A thought") }, HttpStatusCode.OK);
        await ChangeAsync(map, Set("step-1", "name", "Looks around", "Looks"), HttpStatusCode.OK);
        await ChangeAsync(map, Set("step-1", "emotion", -1, ""), HttpStatusCode.OK);
        await ChangeAsync(map, new { verb = "set", part = "card", id = "card-a", field = "evidence", value = new { kind = "heard", times = 4 } }, HttpStatusCode.OK);
        await ChangeAsync(map, new { verb = "remove", part = "card", id = "card-a" }, HttpStatusCode.OK);
        foreach (var verb in (string[])["undo", "redo", "undo"]) await PostAsync($"{Address}/{map}/{verb}", new { }, HttpStatusCode.OK);

        var edits = (await server.Http.JsonAsync($"{Address}/{map}/edits")).GetProperty("items").EnumerateArray().Reverse().Select(e => string.Join("; ", e.GetProperty("said").EnumerateArray().Select(s => s.GetString()))).ToList();

        edits.ShouldBe(
        [
            "Card “A thought” added", "Step: “Looks” → “Looks around”", "Step “Looks around” · Emotion: – → −1 negative", "Card “A thought” · Evidence: Assumed → Heard 4 times", "Card “A thought” removed",
            "took back version 5; Card “A thought” added", "version 5 made again; Card “A thought” removed", "took back version 5; Card “A thought” added",
        ]);
        var german = WebUtility.HtmlDecode(await server.Http.GetStringAsync($"/map/journey-maps/{map}/history?lang=de"));
        german.ShouldContain("Eintrag „A thought“ entfernt");
        german.ShouldContain("Version 5 wiederholt");
        german.ShouldNotContain("“A thought”");
    }

    [Fact]
    public async Task In_a_demo_the_shell_and_the_page_take_back_each_only_their_own_edits()
    {
        var map = await CreateAsync("Two of a demo");
        await ChangeAsync(map, Set("step-1", "name", "Of the page", "Looks"), HttpStatusCode.OK);

        (await CommandLine.RunAsync(["map", "undo", $"{map}", "--data", server.DataFolder])).ShouldBe(ExitCode.Refused);

        (await ShowAsync(map)).Content.Steps[0].Name.ShouldBe("Of the page");
        (await CommandLine.RunAsync(["map", "set", $"{map}", "step-1", "name", "Of the shell", "--data", server.DataFolder])).ShouldBe(ExitCode.Done);
        (await CommandLine.RunAsync(["map", "undo", $"{map}", "--data", server.DataFolder])).ShouldBe(ExitCode.Done);
        (await ShowAsync(map)).Content.Steps[0].Name.ShouldBe("Of the page");
    }

    [Fact]
    public async Task The_shell_shows_a_map_sets_single_fields_and_makes_several_changes_at_once()
    {
        var map = await CreateAsync("Of the shell");
        var touchpoint = (await PostAsync("/api/v1/map/touchpoints", new { name = "Shell touchpoint" }, HttpStatusCode.Created)).GetProperty("id").GetInt32();
        Task<int> RunAsync(params string[] args) => CommandLine.RunAsync(["map", .. args, "--data", server.DataFolder]);
        (await RunAsync("show", $"{map}")).ShouldBe(ExitCode.Done);
        (await RunAsync("set", $"{map}", "step-1", "touchpoint", "shell touchpoint")).ShouldBe(ExitCode.Done);
        (await RunAsync("set", $"{map}", "step-1", "emotion", "-2")).ShouldBe(ExitCode.Done);
        (await RunAsync("set", $"{map}", "step-2", "next")).ShouldBe(ExitCode.Done);
        (await RunAsync("set", $"{map}", "map", "description", "Written in the shell")).ShouldBe(ExitCode.Done);
        (await RunAsync("set", $"{map}", "step-1", "emotion", "sad")).ShouldBe(ExitCode.Refused);
        (await RunAsync("set", $"{map}", "step-9", "name", "Nowhere")).ShouldBe(ExitCode.Refused);
        (await RunAsync("set", $"{map}", "step-1", "touchpoint", "Nowhere")).ShouldBe(ExitCode.Refused);
        var file = Path.Combine(server.DataFolder, "changes.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new[] { new { verb = "add", part = "card", value = Card("card-1", "One") }, new { verb = "add", part = "card", value = Card("card-2", "Two") } }));
        (await RunAsync("change", $"{map}", file)).ShouldBe(ExitCode.Done);
        foreach (var odd in (string[])["5", "null", "{\"changes\": 5}", "["])
        {
            await File.WriteAllTextAsync(file, odd);
            (await RunAsync("change", $"{map}", file)).ShouldBe(ExitCode.Refused, odd);
        }

        (await RunAsync("history", $"{map}")).ShouldBe(ExitCode.Done);

        var content = (await ShowAsync(map)).Content;

        (content.Steps[0].Touchpoint, content.Steps[0].Emotion, content.Steps[1].Next, content.Description).ShouldBe((touchpoint, -2, null, "Written in the shell"));
        content.Cards.Select(c => c.Text).ShouldBe(["One", "Two"]);
    }

    private static MapChange RandomChange(Random random, MapContent content, int number)
    {
        string Any(IEnumerable<string> ids) => ids.ToList() is { Count: > 0 } list ? list[random.Next(list.Count)] : "none";
        var (stage, step, lane, card) = (Any(content.Stages.Select(s => s.Id)), Any(content.Steps.Select(s => s.Id)), Any(content.Lanes.Select(l => l.Id)), Any(content.Cards.Select(c => c.Id)));
        JsonElement Value(object value) => JsonSerializer.SerializeToElement(value, MapContent.Json);
        System.Text.Json.Nodes.JsonNode Node(object value) => System.Text.Json.Nodes.JsonNode.Parse(Value(value).GetRawText())!;
        return random.Next(10) switch
        {
            0 => new(MapVerb.Add, MapPart.Stage, Value: Node(new MapStage($"stage-x{number}", "New")), Before: random.Next(2) == 0 ? stage : null),
            1 or 2 => new(MapVerb.Add, MapPart.Step, Value: Node(new MapStep($"step-x{number}", stage, "New", Emotion: random.Next(-2, 3), Next: random.Next(2) == 0 ? [step] : null)), Before: random.Next(2) == 0 ? step : null),
            3 or 4 => new(MapVerb.Add, MapPart.Card, Value: Node(new MapCard($"card-x{number}", step, lane, "Text", new Evidence(EvidenceKind.Heard, 3))), Before: random.Next(2) == 0 ? card : null),
            5 => new(MapVerb.Remove, (MapPart)random.Next(1, 5), Any([stage, step, lane, card])),
            6 => new(MapVerb.Move, MapPart.Step, step, Before: random.Next(2) == 0 ? Any(content.Steps.Select(s => s.Id)) : null),
            7 => new(MapVerb.Set, MapPart.Step, step, "stage", stage),
            8 => new(MapVerb.Set, MapPart.Card, card, "lane", lane),
            _ => new(MapVerb.Set, MapPart.Step, step, "emotion", random.Next(3) == 0 ? null : random.Next(-2, 3)),
        };
    }

    private static MapContent Content() => MapContent.Empty with
    {
        Stages = [new MapStage("stage-1", "First"), new MapStage("stage-2", "Second")],
        Steps = [new MapStep("step-1", "stage-1", "Looks"), new MapStep("step-2", "stage-2", "Buys", Next: ["step-1"])],
    };

    private static object Card(string id, string text) => new { id, step = "step-1", lane = "lane-actions", text, evidence = new { kind = "assumed" } };

    private static object Set(string id, string field, object value, object was) => new { verb = "set", part = "step", id, field, value, was };

    private async Task<int> CreateAsync(string name) => (await PostAsync(Address, new { name, content = JsonSerializer.SerializeToElement(Content(), MapContent.Json) }, HttpStatusCode.Created)).GetProperty("id").GetInt32();

    private async Task<JsonElement> ChangeAsync(int map, object change, HttpStatusCode wanted) => await PostAsync($"{Address}/{map}/changes", new { changes = new[] { change } }, wanted);

    private async Task<JourneyMapModel> ShowAsync(int map) => (await server.Http.GetFromJsonAsync<JourneyMapModel>($"{Address}/{map}", MapContent.Json))!;

    private async Task<JsonElement> PostAsync(string address, object body, HttpStatusCode wanted)
    {
        using var answer = await server.Http.PostAsJsonAsync(address, body);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(wanted, text);
        return JsonDocument.Parse(text).RootElement;
    }
}
