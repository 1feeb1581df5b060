using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Access;
using Tangent.Data;
using Tangent.Map;

namespace Tangent.Tests.Map;

/// <summary>The same pain point on several maps is one: whoever edits one of its cards edits all of them, and nobody's edit is lost.</summary>
public sealed class PainPointsTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Address = "/api/v1/map/journey-maps";
    private const string Card = "card-1";

    [Fact]
    public async Task What_is_said_of_a_shared_card_is_said_on_every_map_and_taken_back_on_every_map()
    {
        var (one, two) = (await AddAsync("Shared one", "Waits"), await AddAsync("Shared two", "Has to wait"));
        await ShareAsync(two, one, HttpStatusCode.NoContent);
        (await CardAsync(two)).Text.ShouldBe("Waits");

        await SetAsync(two, "text", "Waits for days", "Waits", HttpStatusCode.OK);

        (await CardAsync(one)).Text.ShouldBe("Waits for days");
        await SetAsync(one, "evidence", new { kind = "heard", times = 9 }, null, HttpStatusCode.OK);
        (await CardAsync(two)).Evidence.ShouldBe(new Evidence(EvidenceKind.Heard, 9));
        // Who still saw the old text meets what was said on the other map.
        await SetAsync(one, "text", "Waits too long", "Waits", HttpStatusCode.Conflict);
        (await server.Http.PostAsync($"{Address}/{one}/undo", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await CardAsync(two)).Evidence.ShouldBe(new Evidence());

        var points = (await server.Http.JsonAsync("/api/v1/map/pain-points")).GetProperty("items").EnumerateArray().Where(p => p.GetProperty("text").GetString() == "Waits for days").ToList();
        points.Count.ShouldBe(1);
        points[0].GetProperty("maps").GetInt32().ShouldBe(2);
        (await server.Http.GetStringAsync($"/map/journey-maps/{one}?lang=en")).ShouldContain("on 2 maps");
    }

    [Fact]
    public async Task Evidence_from_before_it_was_held_to_what_it_claims_is_shared_as_it_is()
    {
        int old;
        await using (var scope = server.Services.CreateAsyncScope())
            old = (await scope.ServiceProvider.GetRequiredService<JourneyMapQueries>().AddAsync("Held to nothing", MapState.AsIs, Content("Heard somewhere", new Evidence(EvidenceKind.Heard)), Actor.Nobody, CancellationToken.None))!.Id;
        var map = await AddAsync("Held to it", "Heard here");

        await ShareAsync(map, old, HttpStatusCode.NoContent);

        var (card, with) = (await CardAsync(map), await CardAsync(old));
        (card.Text, card.Evidence, card.Shared).ShouldBe(("Heard somewhere", new Evidence(EvidenceKind.Heard), with.Shared));
        card.Shared.ShouldNotBeNull();
    }

    [Fact]
    public async Task One_pain_point_stands_on_the_quotes_of_all_its_cards_also_when_they_are_two_again()
    {
        using var added = await server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name = "Quoted desk" });
        var touchpoint = (await added.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
        var (one, two) = (await AddAsync("Quoted one", "Nobody is there"), await AddAsync("Quoted two", "The desk is empty"));
        await HeardAsync(one, "Stood there alone", "And I, too");
        await HeardAsync(two, "Came back twice");

        await ShareAsync(two, one, HttpStatusCode.NoContent);

        foreach (var map in (int[])[one, two])
        {
            (await CardAsync(map)).Evidence.Times.ShouldBe(3);
            (await QuotesAsync(map)).ShouldBe(["And I, too", "Came back twice", "Stood there alone"]);
            (await server.Http.GetStringAsync($"/map/journey-maps/{map}?lang=en")).ShouldContain("3 quotes");
        }

        // Seen on one map, it can be taken off there wherever it was heard.
        var quote = (await server.Http.JsonAsync($"{Address}/{one}/cards/{Card}/quotes")).GetProperty("items").EnumerateArray().Single(q => q.GetProperty("text").GetString() == "And I, too").GetProperty("id").GetInt32();
        (await server.Http.DeleteAsync($"{Address}/{two}/quotes/{quote}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        ((await CardAsync(one)).Evidence.Times, (await CardAsync(two)).Evidence.Times).ShouldBe((2, 2));

        (await server.Http.DeleteAsync($"{Address}/{two}/cards/{Card}/sharing")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        ((await CardAsync(one)).Evidence.Times, (await CardAsync(two)).Evidence.Times).ShouldBe((2, 2));
        foreach (var map in (int[])[one, two]) (await QuotesAsync(map)).ShouldBe(["Came back twice", "Stood there alone"], "each goes on saying what it said");
        // One again, what both stand on counts once.
        await ShareAsync(two, one, HttpStatusCode.NoContent);
        ((await CardAsync(one)).Evidence.Times, (await QuotesAsync(two)).Count()).ShouldBe((2, 2));

        async Task HeardAsync(int map, params string[] texts)
        {
            foreach (var text in texts)
            {
                using var said = await server.Http.PostAsJsonAsync($"/api/v1/map/touchpoints/{touchpoint}/observations", new { text });
                var id = (await said.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
                (await server.Http.PostAsJsonAsync($"/api/v1/map/observations/{id}/card", new { map, card = Card })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
            }
        }

        async Task<IEnumerable<string?>> QuotesAsync(int map) =>
            (await server.Http.JsonAsync($"{Address}/{map}/cards/{Card}/quotes")).GetProperty("items").EnumerateArray().Select(q => q.GetProperty("text").GetString()).Order(StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_card_stood_on_stays_with_those_it_was_one_with(bool wholeMap)
    {
        var name = wholeMap ? "Whole" : "Card";
        using var added = await server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name = "Desk of " + name });
        var touchpoint = (await added.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
        var (one, two) = (await AddAsync(name + " one", "Shut"), await AddAsync(name + " two", "Closed"));
        using var said = await server.Http.PostAsJsonAsync($"/api/v1/map/touchpoints/{touchpoint}/observations", new { text = "Found it shut" });
        var observation = (await said.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
        (await server.Http.PostAsJsonAsync($"/api/v1/map/observations/{observation}/card", new { map = one, card = Card })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await ShareAsync(two, one, HttpStatusCode.NoContent);

        if (wholeMap) (await server.Http.DeleteAsync($"{Address}/{one}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        else (await server.Http.PostAsJsonAsync($"{Address}/{one}/changes", new { changes = new[] { new { verb = "remove", part = "card", id = Card } } })).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await server.Http.JsonAsync($"{Address}/{two}/cards/{Card}/quotes")).GetProperty("items")[0].GetProperty("text").GetString().ShouldBe("Found it shut");
        (await CardAsync(two)).Evidence.Times.ShouldBe(1);
        (await server.Http.DeleteAsync($"/api/v1/map/observations/{observation}/card")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await CardAsync(two)).Evidence.Kind.ShouldBe(EvidenceKind.Assumed, "nobody stands behind it any more");
    }

    [Fact]
    public async Task A_card_that_is_separate_again_goes_its_own_way()
    {
        var (one, two) = (await AddAsync("Apart one", "Rings in vain"), await AddAsync("Apart two", "Nobody answers"));
        await ShareAsync(two, one, HttpStatusCode.NoContent);

        (await server.Http.DeleteAsync($"{Address}/{two}/cards/{Card}/sharing")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await SetAsync(one, "text", "Rings for an hour", null, HttpStatusCode.OK);

        (await CardAsync(two)).Text.ShouldBe("Rings in vain");
    }

    [Fact]
    public async Task A_card_that_is_put_back_says_what_it_says_elsewhere_by_now()
    {
        var (one, two) = (await AddAsync("Back one", "Old words"), await AddAsync("Back two", "Other words"));
        await ShareAsync(two, one, HttpStatusCode.NoContent);
        await PostAsync(two, new { verb = "remove", part = "card", id = Card }, HttpStatusCode.OK);
        await SetAsync(one, "text", "New words", null, HttpStatusCode.OK);

        // Removing it was the last edit of that map.
        (await server.Http.PostAsync($"{Address}/{two}/undo", null)).StatusCode.ShouldBe(HttpStatusCode.OK);

        ((await CardAsync(one)).Text, (await CardAsync(two)).Text).ShouldBe(("New words", "New words"));
    }

    [Fact]
    public async Task Many_who_edit_one_card_on_two_maps_at_once_end_with_the_same_text_on_both()
    {
        var (one, two) = (await AddAsync("Race one", "Start"), await AddAsync("Race two", "Start"));
        await ShareAsync(two, one, HttpStatusCode.NoContent);

        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => SetAsync(i % 2 == 0 ? one : two, "text", $"Words {i}", null, HttpStatusCode.OK)));

        (await CardAsync(one)).Text.ShouldBe((await CardAsync(two)).Text);
        (await CardAsync(one)).Text.ShouldStartWith("Words ");
    }

    [Fact]
    public async Task Erasing_a_person_takes_the_text_from_every_map_and_cards_stay_one()
    {
        var (one, two) = (await AddAsync("Erased one", "zofia.kot@example.org waited"), await AddAsync("Erased two", "x"));
        await ShareAsync(two, one, HttpStatusCode.NoContent);
        await using var scope = server.Services.CreateAsyncScope();

        foreach (var keeper in scope.ServiceProvider.GetServices<IKeepsPersonalData>().Where(k => k is MapTextQueries))
            await keeper.EraseAsync(new DataSubject(null, ["user:zofia.kot@example.org"], ["zofia.kot@example.org"]), CancellationToken.None);

        ((await CardAsync(one)).Text, (await CardAsync(two)).Text).ShouldBe((MapTextQueries.Taken, MapTextQueries.Taken));
        (await CardAsync(one)).Shared.ShouldBe((await CardAsync(two)).Shared);
    }

    [Fact]
    public async Task A_card_cannot_be_one_with_what_is_not_there()
    {
        var map = await AddAsync("Alone", "Stands alone");

        await ShareAsync(map, 987654, HttpStatusCode.UnprocessableEntity);
        await ShareAsync(map, map, HttpStatusCode.UnprocessableEntity);
        (await server.Http.PutAsJsonAsync($"{Address}/987654/cards/{Card}/sharing", new { map, card = Card })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.Http.DeleteAsync($"{Address}/{map}/cards/nowhere/sharing")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task What_a_to_be_map_copied_is_listed_once_with_what_is()
    {
        var (asIs, other) = (await AddAsync("Copied", "Waits in the rain"), await AddAsync("Not copied", "Waits in the rain"));
        await ShareAsync(asIs, other, HttpStatusCode.NoContent);
        using var made = await server.Http.PostAsJsonAsync(Address, new { name = "Copied", state = "toBe", from = asIs });
        var toBe = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();

        async Task<List<JsonElement>> PointsAsync(string text) => [.. (await server.Http.JsonAsync("/api/v1/map/pain-points")).GetProperty("items").EnumerateArray().Where(p => p.GetProperty("text").GetString() == text)];
        (await PointsAsync("Waits in the rain")).Single().GetProperty("places").EnumerateArray().Select(p => p.GetProperty("map").GetInt32()).ShouldBe([asIs, other, toBe], ignoreOrder: true);

        // Once it says something else, it is one of its own.
        await SetAsync(toBe, "text", "Waits in the dry", null, HttpStatusCode.OK);
        (await PointsAsync("Waits in the rain")).Single().GetProperty("maps").GetInt32().ShouldBe(2);
        (await PointsAsync("Waits in the dry")).Count.ShouldBe(1);

        // Where only the copy is shared, what it was copied from is the same pain point all the same.
        var (plain, elsewhere) = (await AddAsync("Plain", "Waits in the fog"), await AddAsync("Elsewhere in the fog", "Waits in the fog"));
        using var copied = await server.Http.PostAsJsonAsync(Address, new { name = "Plain", state = "toBe", from = plain });
        var copy = (await copied.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
        await ShareAsync(copy, elsewhere, HttpStatusCode.NoContent);
        (await PointsAsync("Waits in the fog")).Single().GetProperty("places").EnumerateArray().Select(p => p.GetProperty("map").GetInt32()).ShouldBe([plain, elsewhere, copy], ignoreOrder: true);
    }

    private static MapContent Content(string text, Evidence evidence) => MapContent.Empty with
    {
        Stages = [new("stage-1", "One")],
        Steps = [new("step-1", "stage-1", "Looks")],
        Cards = [new(Card, "step-1", "lane-pain-points", text, evidence)],
    };

    private async Task<int> AddAsync(string name, string text)
    {
        using var made = await server.Http.PostAsJsonAsync(Address, new { name, content = JsonSerializer.SerializeToNode(Content(text, new Evidence()), MapContent.Json) });
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        return (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
    }

    private async Task<MapCard> CardAsync(int map) => (await server.Http.GetFromJsonAsync<JourneyMapModel>($"{Address}/{map}", MapContent.Json))!.Content.Cards.Single();

    private async Task ShareAsync(int map, int with, HttpStatusCode wanted)
    {
        using var answer = await server.Http.PutAsJsonAsync($"{Address}/{map}/cards/{Card}/sharing", new { map = with, card = Card });
        answer.StatusCode.ShouldBe(wanted, await answer.Content.ReadAsStringAsync());
    }

    private Task SetAsync(int map, string field, object value, object? was, HttpStatusCode wanted) => PostAsync(map, new { verb = "set", part = "card", id = Card, field, value, was }, wanted);

    private async Task PostAsync(int map, object change, HttpStatusCode wanted)
    {
        using var answer = await server.Http.PostAsJsonAsync($"{Address}/{map}/changes", new { changes = new[] { change } });
        answer.StatusCode.ShouldBe(wanted, await answer.Content.ReadAsStringAsync());
    }
}
