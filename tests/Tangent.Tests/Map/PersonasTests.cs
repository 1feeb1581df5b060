using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Cli;
using Tangent.Data;
using Tangent.Map;
using Tangent.Tests.Analyse;
using Tangent.Unify;

namespace Tangent.Tests.Map;

/// <summary>Personas stand for real customers: their size, every question and the figures of a map are those of just these.</summary>
public sealed class PersonasTests(Shop shop) : IClassFixture<Shop>
{
    private const string Address = "/api/v1/map/personas", Maps = "/api/v1/map/journey-maps";

    private HttpClient Http => shop.Http;

    [Fact]
    public async Task A_persona_stands_for_the_customers_of_its_segment()
    {
        await SegmentAsync("Buyers", "did: Order");
        var anna = await AddAsync(new { name = "Anna", description = "Buys", goals = new[] { "Ride", " ", "Save" }, quote = "Fast!", segment = "Buyers" });

        (anna.GetProperty("size").GetProperty("customers").GetInt64(), anna.GetProperty("size").GetProperty("of").GetInt64(), anna.GetProperty("segment").GetString()).ShouldBe((2, 5, "Buyers"));
        anna.GetProperty("goals").EnumerateArray().Select(g => g.GetString()).ShouldBe(["Ride", "Save"]);
        (await shop.CustomersAsync($"events/customers?persona={Id(anna)}")).ShouldBe("anna dora");
        (await shop.AskAsync($"touchpoints?persona={Id(anna)}")).GetProperty("customers").GetInt64().ShouldBe(2);
        // Together with a segment, those who are both.
        await SegmentAsync("Callers", "did: Call");
        (await shop.CustomersAsync($"events/customers?persona={Id(anna)}&segment=Callers")).ShouldBe("dora");
        // Two personas are those of either.
        var ben = await AddAsync(new { name = "Ben", segment = "Callers" });
        (await shop.AskAsync($"touchpoints?persona={Id(anna)}&persona={Id(ben)}")).GetProperty("customers").GetInt64().ShouldBe(2);
        (await Http.GetStringAsync($"/map/personas/{Id(anna)}")).ShouldContain("Fast!");
        (await Http.GetStringAsync($"/analyse/volumes/persona?persona={Id(anna)}")).ShouldContain("Order");
    }

    [Fact]
    public async Task A_map_seen_as_a_persona_shows_its_figures_and_only_its_cards()
    {
        await SegmentAsync("Searchers", "did: Search");
        var (persona, other) = (Id(await AddAsync(new { name = "Searcher", segment = "Searchers" })), Id(await AddAsync(new { name = "Nobody yet" })));
        using var imported = await Http.PostAsJsonAsync(Maps + "/imports", new
        {
            file = "map: Seen as\npersonas: [Searcher]\nstages: [{stage: S, steps: [{step: Orders, touchpoint: Order, actions: [For all, {text: For searchers, personas: [Searcher]}, {text: For nobody, personas: [Nobody yet]}]}]}]\n",
        });
        var map = (await imported.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();

        (await shop.AskAsync($"live-maps/{map}?persona={persona}")).GetProperty("steps")[0].GetProperty("figures").GetProperty("customers").GetInt64().ShouldBe(1);
        (await shop.CustomersAsync($"live-maps/{map}/customers?step=step-1&persona={persona}")).ShouldBe("anna");
        (await Http.GetStringAsync($"/analyse/live-maps/{map}/lane?persona={persona}&lang=en")).ShouldContain("persona Searcher");
        var seen = await Http.GetStringAsync($"/map/journey-maps/{map}?persona={persona}");
        (seen.Contains("For all", StringComparison.Ordinal), seen.Contains("For searchers", StringComparison.Ordinal), seen.Contains("For nobody", StringComparison.Ordinal)).ShouldBe((true, true, false));
        seen.ShouldContain($"/analyse/live-maps/{map}/lane?persona={persona}");
        seen.ShouldContain($"file?as=pdf&amp;persona={persona}");
        foreach (var format in (string[])["csv", "svg"])
        {
            var file = await Http.GetStringAsync($"{Maps}/{map}/file?as={format}&persona={persona}");
            (file.Contains("searchers", StringComparison.Ordinal), file.Contains("nobody", StringComparison.Ordinal)).ShouldBe((true, false), format);
        }

        (await Http.GetAsync($"{Maps}/{map}/file?as=yaml&persona={persona}")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Http.GetAsync($"{Maps}/{map}/file?as=svg&persona=987654")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Http.GetStringAsync($"/map/journey-maps/{map}/board?persona={other}")).ShouldContain("For nobody");
        // Without a segment there are no figures, and the lane says so.
        (await Http.GetStringAsync($"/analyse/live-maps/{map}/lane?persona={other}&lang=en")).ShouldContain("stands for no segment");
        (await Http.GetAsync($"/api/v1/analyse/live-maps/{map}?persona={other}")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Http.GetStringAsync($"/map/personas/{persona}")).ShouldContain($"/map/journey-maps/{map}?persona={persona}");
    }

    [Fact]
    public async Task A_persona_of_a_role_stands_for_the_members_with_that_role()
    {
        await Shop.AppendAsync(
            shop.Server,
            new { type = "identify", userId = "ben", traits = new { buyingRole = "DECISION_MAKER" } }, new { type = "identify", userId = "anna", traits = new { buyingRole = "user" } },
            new { type = "group", userId = "ben", groupId = "acme" }, new { type = "group", userId = "anna", groupId = "acme" });
        await Eventually(() => shop.Server.Get<ProfileFeed>().Position >= shop.Server.Get<Tangent.Collect.EventLog>().EndPosition);
        var decider = Id(await AddAsync(new { name = "Decider", role = "Decider" }));

        // Where putting accounts together takes long, roles may be some seconds late.
        var found = "";
        for (var i = 0; i < 100 && found.Length == 0; i++)
        {
            found = await shop.CustomersAsync($"events/customers?persona={decider}");
            if (found.Length == 0) await Task.Delay(200);
        }

        found.ShouldBe("ben");
    }

    [Theory]
    [InlineData("""{"name":""}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("""{"name":"Two\nlines"}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("""{"name":"Lost","segment":"No such segment"}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("""{"name":"Odd role","role":"Chief"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"name":"Null goal","goals":[null]}""", HttpStatusCode.Created)]
    [InlineData("""{"name":"TWICE"}""", HttpStatusCode.UnprocessableEntity)]
    public async Task What_a_persona_cannot_be_is_refused(string body, HttpStatusCode wanted)
    {
        await Http.PostAsJsonAsync(Address, new { name = "Twice" });

        using var answer = await Http.PostAsync(Address, new StringContent(body, Encoding.UTF8, "application/json"));

        answer.StatusCode.ShouldBe(wanted, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("persona=987654")]
    [InlineData("persona=Anna")]
    [InlineData("persona=-1")]
    public async Task A_persona_that_is_not_there_is_refused_by_every_question(string filter)
    {
        using var answer = await Http.GetAsync("/api/v1/analyse/touchpoints?" + filter);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().ShouldBe("persona");
    }

    [Fact]
    public async Task Personas_are_written_to_a_file_and_read_from_it_as_they_were()
    {
        await SegmentAsync("Filed", "did: Visit");
        await AddAsync(new { name = "Filed persona", description = "One\nline more", needs = new[] { "yes", "A: b" }, frustrations = new[] { "# no" }, quote = "\"I\"", segment = "Filed", role = "Buyer" });
        var written = await Http.GetStringAsync(Address + "/file");

        using var again = await Http.PostAsJsonAsync(Address + "/imports", new { file = written });

        again.StatusCode.ShouldBe(HttpStatusCode.OK, written);
        (await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("added").GetArrayLength().ShouldBe(0);
        (await Http.GetStringAsync(Address + "/file")).ShouldBe(written);
        foreach (var bad in (string[])["", "personas: []", "personas: [{persona: X, colour: red}]", "personas: [{persona: X, segment: No such}]", "personas: [{persona: X}, {persona: x}]", "personas: [{persona: X, goals: [[1]]}]", "&a [*a]"])
        {
            using var refused = await Http.PostAsJsonAsync(Address + "/imports", new { file = bad });
            refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, bad);
        }
    }

    [Fact]
    public async Task A_picture_is_kept_if_it_only_draws()
    {
        var id = Id(await AddAsync(new { name = "Pictured" }));
        using var svg = new ByteArrayContent(Encoding.UTF8.GetBytes("""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>alert(1)</script><circle r="4" onclick="x()"/></svg>"""));

        (await Http.PutAsync($"{Address}/{id}/picture", svg)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        var address = (await Http.JsonAsync($"{Address}/{id}")).GetProperty("picture").GetString()!;
        var kept = await Http.GetStringAsync(address);
        kept.ShouldContain("circle");
        kept.ShouldNotContain("script");
        kept.ShouldNotContain("onclick");
        (await Http.PutAsync($"{Address}/{id}/picture", new ByteArrayContent("no picture"u8.ToArray()))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Http.DeleteAsync($"{Address}/{id}/picture")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Http.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var file = Path.Combine(shop.Server.DataFolder, "picture.svg");
        await File.WriteAllTextAsync(file, """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="4"/></svg>""");
        (await CommandLine.RunAsync(["persona", "picture", $"{id}", file, "--data", shop.Server.DataFolder])).ShouldBe(ExitCode.Done);
        (await Http.JsonAsync($"{Address}/{id}")).GetProperty("picture").ValueKind.ShouldBe(JsonValueKind.String);
        (await CommandLine.RunAsync(["persona", "picture", $"{id}", "--data", shop.Server.DataFolder])).ShouldBe(ExitCode.Done);
        (await Http.JsonAsync($"{Address}/{id}")).GetProperty("picture").ValueKind.ShouldBe(JsonValueKind.Null);
        (await Http.PutAsync($"{Address}/987654/picture", new ByteArrayContent([1]))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_text_that_names_a_person_leaves_with_the_person()
    {
        var id = Id(await AddAsync(new { name = "Made of one", quote = "Ask jan.lis@example.org", needs = new[] { "Peace" } }));
        await using var scope = shop.Server.Services.CreateAsyncScope();
        var subject = new DataSubject(null, ["user:jan.lis@example.org"], ["jan.lis@example.org"]);
        var keeper = scope.ServiceProvider.GetRequiredService<PersonaQueries>();

        (await ((IKeepsPersonalData)keeper).CountAsync(subject, CancellationToken.None)).ShouldBe(1);
        await keeper.EraseAsync(subject, CancellationToken.None);

        var left = await Http.JsonAsync($"{Address}/{id}");
        (left.GetProperty("quote").GetString(), left.GetProperty("needs")[0].GetString()).ShouldBe((MapTextQueries.Taken, "Peace"));
    }

    private static int Id(JsonElement persona) => persona.GetProperty("id").GetInt32();

    private async Task<JsonElement> AddAsync(object persona)
    {
        using var answer = await Http.PostAsJsonAsync(Address, persona);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task SegmentAsync(string name, string condition) => (await Http.PostAsJsonAsync("/api/v1/unify/segments", new { name, conditions = new[] { condition } })).EnsureSuccessStatusCode();

    private static async Task Eventually(Func<bool> holds)
    {
        for (var i = 0; i < 500 && !holds(); i++) await Task.Delay(20);
        holds().ShouldBeTrue();
    }
}
