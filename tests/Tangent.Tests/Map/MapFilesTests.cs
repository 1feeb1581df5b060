using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tangent.Map;

namespace Tangent.Tests.Map;

/// <summary>Maps as files: what is written is read as the same map; what cannot be read is refused whole, with the line.</summary>
public sealed class MapFilesTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Address = "/api/v1/map/journey-maps";

    private const string Yaml = """
        map: Getting help
        state: to-be
        persona: "Zoë: 30"
        lanes: [actions, pain-points, {name: Legal}]
        stages:
          - stage: Asking
            steps:
              - step: "yes"
                touchpoint: Help line
                emotion: -2
                when: channel=phone
                next: [Is helped]
                actions: ["# dials", two
                  lines]
                pain-points:
                  - {text: "Waits: long", evidence: measured, times: 40, low: 1.5, high: 2.25, date: 2026-05-31}
                Legal: [Says that it is recorded]
          - stage: Helped
            steps:
              - step: Is helped
        touchpoints:
          - {touchpoint: Help line, channel: Phone, stage: retention, control: partner, online: false, owner: Service}
        """;

    [Fact]
    public async Task A_map_is_taken_with_its_missing_touchpoints_and_written_as_it_was()
    {
        var first = await ImportAsync(Yaml);
        (first.GetProperty("created").GetBoolean(), first.GetProperty("steps").GetInt32(), first.GetProperty("touchpoints")[0].GetString()).ShouldBe((true, 2, "Help line"));
        var id = first.GetProperty("id").GetInt32();
        var touchpoint = (await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/map/touchpoints")).EnumerateArray().Single(t => t.GetProperty("name").GetString() == "Help line");
        (touchpoint.GetProperty("channel").GetString(), touchpoint.GetProperty("control").GetString(), touchpoint.GetProperty("online").GetBoolean()).ShouldBe(("Phone", "partner", false));

        var written = await server.Http.GetStringAsync($"{Address}/{id}/file");
        var again = await ImportAsync(written);

        (again.GetProperty("created").GetBoolean(), again.GetProperty("differences").GetInt32(), again.GetProperty("id").GetInt32()).ShouldBe((false, 0, id));
        (await server.Http.GetStringAsync($"{Address}/{id}/file")).ShouldBe(written);
        var content = (await server.Http.GetFromJsonAsync<JourneyMapModel>($"{Address}/{id}", MapContent.Json))!.Content;
        content.Cards.Select(c => c.Text).ShouldBe(["# dials", "two lines", "Waits: long", "Says that it is recorded"]);
        content.Cards[2].Evidence.ShouldBe(new Evidence(EvidenceKind.Measured, 40, 1.5, 2.25, new DateOnly(2026, 5, 31)));
        content.Steps[0].Next.ShouldBe(["step-2"]);
        written.ShouldContain("step: \"yes\"");
    }

    [Fact]
    public async Task A_changed_file_says_what_it_changes_and_its_import_can_be_undone()
    {
        var id = (await ImportAsync(Yaml.Replace("Getting help", "Changing", StringComparison.Ordinal).Replace("Help line", "Desk", StringComparison.Ordinal))).GetProperty("id").GetInt32();
        var before = await server.Http.GetStringAsync($"{Address}/{id}/file");
        var changed = before.Replace("emotion: -2", "emotion: 1", StringComparison.Ordinal).Replace("Says that it is recorded", "Asks first", StringComparison.Ordinal);

        using var differences = await server.Http.PostAsJsonAsync($"{Address}/{id}/differences", new { file = changed });
        (await differences.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items").EnumerateArray()
            .Select(d => $"{d.GetProperty("kind").GetString()} {d.GetProperty("what").GetString()} {d.GetProperty("from").GetString()}>{d.GetProperty("to").GetString()}")
            .ShouldBe(["changed emotion -2>1", "removed Legal Says that it is recorded>", "added Legal >Asks first"]);
        (await server.Http.GetStringAsync($"{Address}/{id}/file")).ShouldBe(before);

        (await ImportAsync(changed)).GetProperty("differences").GetInt32().ShouldBe(3);
        (await server.Http.GetStringAsync($"{Address}/{id}/file")).ShouldBe(changed);
        (await server.Http.PostAsync($"{Address}/{id}/undo", null)).EnsureSuccessStatusCode();
        (await server.Http.GetStringAsync($"{Address}/{id}/file")).ShouldBe(before);
    }

    [Fact]
    public async Task Steps_of_one_name_and_full_stops_at_the_end_survive_a_file()
    {
        const string Twice = """
            map: Twice
            stages:
              - stage: A
                steps:
                  - {step: Waits, next: ["Waits #2"]}
                  - step: Waits
                    actions: [Done...]
            """;
        var id = (await ImportAsync(Twice)).GetProperty("id").GetInt32();
        var written = await server.Http.GetStringAsync($"{Address}/{id}/file");

        written.ShouldEndWith("Done...\n");
        (await ImportAsync(written)).GetProperty("differences").GetInt32().ShouldBe(0);
        (await server.Http.GetFromJsonAsync<JourneyMapModel>($"{Address}/{id}", MapContent.Json))!.Content.Steps[0].Next.ShouldBe(["step-2"]);
    }

    [Fact]
    public async Task A_file_that_only_binds_a_touchpoint_says_so_before_it_is_taken()
    {
        const string Unbound = "map: Binding\nstages:\n  - stage: A\n    steps:\n      - step: B\n";
        await server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name = "Counter" });
        await ImportAsync(Unbound);
        var bound = Unbound + "        touchpoint: counter\n";

        using var dry = await server.Http.PostAsJsonAsync($"{Address}/imports", new { file = bound, dryRun = true });

        (await dry.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("differences").GetInt32().ShouldBe(1);
        (await ImportAsync(bound)).GetProperty("differences").GetInt32().ShouldBe(1);
        (await ImportAsync(bound)).GetProperty("differences").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Mermaid_goes_out_and_comes_in()
    {
        var taken = await ImportAsync("journey\n  title My day %% a note\n  section Go to work\n    Make tea: 5: Me\n    Do work: 1: Me, Cat\n");
        var id = taken.GetProperty("id").GetInt32();

        (await server.Http.GetStringAsync($"{Address}/{id}/file?as=mermaid")).ShouldBe("journey\n    title My day\n    section Go to work\n      Make tea: 5: Me\n      Do work: 1: Me, Cat\n");
        (await server.Http.GetStringAsync($"{Address}/{id}/file?as=csv")).Split("\r\n").ShouldContain("Go to work,Do work,,-2,Mermaid actors,Cat,assumed,,,,");
    }

    [Fact]
    public async Task A_Mermaid_file_changes_only_stages_steps_their_order_and_emotions()
    {
        var id = (await ImportAsync(Yaml.Replace("Getting help", "Kept", StringComparison.Ordinal).Replace("Help line", "Other line", StringComparison.Ordinal))).GetProperty("id").GetInt32();
        var yaml = await server.Http.GetStringAsync($"{Address}/{id}/file");
        var mermaid = await server.Http.GetStringAsync($"{Address}/{id}/file?as=mermaid");
        mermaid.ShouldBe("journey\n    title Kept\n    %% state: to-be\n    section Asking\n      yes: 1: Zoë#58; 30\n    section Helped\n      Is helped: 3: Zoë#58; 30, emotion unknown\n");

        var same = await ImportAsync(mermaid);
        (same.GetProperty("id").GetInt32(), same.GetProperty("created").GetBoolean(), same.GetProperty("differences").GetInt32()).ShouldBe((id, false, 0));
        (await server.Http.GetStringAsync($"{Address}/{id}/file")).ShouldBe(yaml);

        var before = await ContentAsync(id);
        (await ImportAsync(mermaid.Replace("yes: 1: Zoë#58; 30", "no: 5: Zoë#58; 30, Cat", StringComparison.Ordinal) + "      Thanks: 4: Zoë#58; 30\n")).GetProperty("differences").GetInt32().ShouldBeGreaterThan(0);
        var after = await ContentAsync(id);
        after.Steps.Select(s => (s.Name, s.Emotion)).ShouldBe([("no", 2), ("Is helped", null), ("Thanks", 1)]);
        (after.Steps[0] with { Name = "yes", Emotion = -2, Next = null }).ShouldBe(before.Steps[0] with { Next = null });
        after.Steps[0].Next.ShouldBe(before.Steps[0].Next);
        after.Cards.Take(4).Select(c => (c.Id, c.Text, c.Evidence)).ShouldBe(before.Cards.Select(c => (c.Id, c.Text, c.Evidence)));
        (after.Cards[4].Text, after.Cards[4].Step, after.Cards.Count, after.Lanes.Count, after.Persona).ShouldBe(("Cat", "step-1", 5, 4, "Zoë: 30"));
    }

    [Fact]
    public async Task Who_takes_part_no_longer_by_a_Mermaid_file_goes_even_where_one_alone_is_left()
    {
        var id = (await ImportAsync("journey\n  title Two of us\n  section All\n    Asks: 3: Ann\n    Waits: 3: Ann, Bob\n")).GetProperty("id").GetInt32();
        var mermaid = await server.Http.GetStringAsync($"{Address}/{id}/file?as=mermaid");

        (await ImportAsync(mermaid.Replace(", Bob", "", StringComparison.Ordinal))).GetProperty("differences").GetInt32().ShouldBe(1);

        (await ContentAsync(id)).Cards.Select(c => (c.Step, c.Text)).ShouldBe([("step-1", "Ann"), ("step-2", "Ann")]);
        (await ImportAsync(mermaid.Replace(": Ann, Bob", "", StringComparison.Ordinal).Replace(": Ann", "", StringComparison.Ordinal))).GetProperty("differences").GetInt32().ShouldBe(2);
        var content = await ContentAsync(id);
        (content.Cards.Count, content.Lanes.Single().Name, content.Persona).ShouldBe((0, "Mermaid actors", ""));
    }

    [Fact]
    public async Task Mermaids_own_signs_and_words_come_back_and_an_actor_of_all_tasks_is_no_lane()
    {
        var id = (await ImportAsync("map: 'Signs: 100 % #1; all'\nstages:\n  - stage: 'section #2'\n    steps:\n      - step: 'title deeds: A; B'\n        emotion: 0\n      - step: 'Says %% nothing'\n")).GetProperty("id").GetInt32();
        var mermaid = await server.Http.GetStringAsync($"{Address}/{id}/file?as=mermaid");
        (await server.Http.DeleteAsync($"{Address}/{id}")).EnsureSuccessStatusCode();

        var again = await ImportAsync(mermaid);

        (again.GetProperty("created").GetBoolean(), again.GetProperty("name").GetString()).ShouldBe((true, "Signs: 100 % #1; all"));
        var content = await ContentAsync(again.GetProperty("id").GetInt32());
        content.Stages.Select(s => s.Name).ShouldBe(["section #2"]);
        content.Steps.Select(s => (s.Name, s.Emotion)).ShouldBe([("title deeds: A; B", 0), ("Says %% nothing", null)]);
        (content.Persona, content.Cards.Count, content.Lanes.Any(l => l.Kind == LaneKind.Free)).ShouldBe(("", 0, false));
    }

    [Fact]
    public async Task A_condition_that_cannot_be_read_and_evidence_that_lacks_what_it_claims_are_refused_in_a_file()
    {
        foreach (var (step, says) in new[] { ("when: foo=bar", "'Odd'"), ("actions: [{text: Told, evidence: heard}]", "'Told'"), ("actions: [{text: Counted, evidence: measured, times: 4}]", "'Counted'"), ("actions: [{text: Later, evidence: heard, times: 2, date: 2999-01-01}]", "'Later'"), ("actions: [{text: Less, evidence: heard, times: 0}]", "'Less'") })
        {
            using var answer = await server.Http.PostAsJsonAsync($"{Address}/imports", new { file = $"map: Claims\nstages:\n  - stage: A\n    steps:\n      - step: Odd\n        {step}\n", dryRun = step.StartsWith("when", StringComparison.Ordinal) });
            var detail = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!;
            (answer.StatusCode, detail[..8], detail.Contains(says, StringComparison.Ordinal)).ShouldBe((HttpStatusCode.UnprocessableEntity, "Line 6: ", true), detail);
        }
    }

    [Fact]
    public async Task What_a_file_cannot_claim_is_named_with_its_line_also_where_the_map_is_there_already()
    {
        const string file = "map: Claimed\nstages:\n  - stage: A\n    steps:\n      - step: First\n      - step: Odd\n        actions:\n          - Asks\n          - {text: Later, evidence: heard, times: 2, date: 2025-05-31}\n";
        await ImportAsync(file);
        foreach (var (wrong, line) in new[] { (file.Replace("2025", "2999", StringComparison.Ordinal), "Line 9: "), (file.Replace("Odd\n", "Odd\n        when: foo=bar\n", StringComparison.Ordinal), "Line 7: ") })
        {
            using var answer = await server.Http.PostAsJsonAsync($"{Address}/imports", new { file = wrong });
            (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!.ShouldStartWith(line);
        }
    }

    [Theory]
    [InlineData("---\ntitle: Pasted\nconfig:\n  theme: base\n---\njourney\n  section Go\n    Make tea: 5: Me\n")]
    [InlineData("```mermaid\njourney\n  title Pasted\n  section Go\n    Make tea: 5: Me\n```\n")]
    [InlineData("\n``` mermaid\r\n---\r\ntitle: \"Pasted\"\r\n---\r\n%% a note\r\njourney\r\n  accTitle: A day\r\n  section Go\r\n    Make tea: 5: Me\r\n```")]
    [InlineData("journey\n  title Pasted\n  accDescr {\n    What I do: every day\n    of the week\n  }\n  section Go\n    Make tea: 5: Me\n")]
    public void A_Mermaid_journey_is_taken_as_people_paste_it(string file)
    {
        var read = MapImport.TryRead(file, out var fault);

        fault.ShouldBeNull();
        (read!.Name, read.Content.Stages.Single().Name, read.Content.Steps.Single().Name).ShouldBe(("Pasted", "Go", "Make tea"));
    }

    [Theory]
    [InlineData("flowchart TD\n  A --> B", "Line 1: This is a Mermaid diagram 'flowchart'")]
    [InlineData("map: X\nstages:\n  - stage: A\n    steps:\n      - step: B\n        emotion: 7", "Line 6:")]
    [InlineData("map: X\nstages:\n  - stage: A\n    steps:\n      - step: B\n        acts: [x]", "Line 6: 'acts'")]
    [InlineData("map: X\nstages:\n  - stage: A\n    steps:\n      - step: B\n        next: [C]", "Line 6: There is no step 'C'")]
    [InlineData("map: X\nstages: [{stage: A, steps: [{step: B, actions: [{text: T, evidence: told}]}]}]", "Line 2: evidence is one of")]
    [InlineData("map: X\nfoo: [1\n", "Line 3:")]
    [InlineData("map: X\nstages:\n  - stage: A\n    steps:\n      - step: B\n\t    emotion: 1", "Line 6:")]
    [InlineData("map: X\nmap: Y\n", "Line 2:")]
    [InlineData("state: as-is", "Line 1: 'map' is missing")]
    [InlineData("", "A file holds one map.")]
    [InlineData("- a\n- b", "Line 1:")]
    [InlineData("map: &a [*a]", "Line 1:")]
    [InlineData("map: X\nstages: &s [{stage: A}]\nlanes: *s", "Line 3: Aliases")]
    [InlineData("map: X\nlanes: [[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]", "Line 2: This is nested")]
    [InlineData("map: \"X\\nY\"", "Line 1: 'map' is missing")]
    [InlineData("journey\n  title T\n  section S\n    Make tea: 6: Me", "Line 4: The score")]
    [InlineData("journey\n  title T\n  section S\n    Make tea", "Line 4: A task")]
    [InlineData("journey\n  title T\n  section S\n    : 3: Me", "Line 4: '' is no name")]
    [InlineData("```mermaid\n---\ntitle: T\n---\njourney\n  section S\n    Make tea: 6: Me\n```", "Line 7: The score")]
    [InlineData("---\ntitle: T\n---\nflowchart TD\n  A --> B", "Line 4: This is a Mermaid diagram 'flowchart'")]
    [InlineData("map: X\nstages:\n\t- stage: A\n", "Line 3: This is no YAML: the line is indented by a tab")]
    [InlineData("map: X\ndescription: D\nstages:\n  - stage: A\n    steps:\n      - step: B\n        actions:\n\t\t- Reads\n", "Line 8: This is no YAML: the line is indented by a tab")]
    public async Task What_is_no_map_is_refused_with_its_line_and_nothing_is_taken(string file, string says)
    {
        using var answer = await server.Http.PostAsJsonAsync($"{Address}/imports", new { file });

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!.ShouldStartWith(says);
        (await server.Http.GetFromJsonAsync<JsonElement>(Address)).GetProperty("items").EnumerateArray().ShouldNotContain(m => m.GetProperty("name").GetString() == "X" || m.GetProperty("name").GetString() == "T");
    }

    private async Task<MapContent> ContentAsync(int id) => (await server.Http.GetFromJsonAsync<JourneyMapModel>($"{Address}/{id}", MapContent.Json))!.Content;

    private async Task<JsonElement> ImportAsync(string file)
    {
        using var answer = await server.Http.PostAsJsonAsync($"{Address}/imports", new { file });
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }
}
