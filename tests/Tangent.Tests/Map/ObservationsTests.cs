using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Access;
using Tangent.Data;
using Tangent.Map;

namespace Tangent.Tests.Map;

/// <summary>Employees write down what they see; editors take it over onto maps.</summary>
public sealed class ObservationsTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task An_observation_that_is_taken_over_becomes_a_card_that_was_heard_as_often_as_people_saw_it()
    {
        var (touchpoint, map) = await FoundAsync("Counter");
        var first = await AddAsync(touchpoint, "Nobody answers", "painPoint");
        var second = await AddAsync(touchpoint, "The phone rings and rings", "painPoint");
        await SendAsync(HttpMethod.Put, $"/api/v1/map/observations/{second}/vote", null, HttpStatusCode.NoContent);
        await using (var scope = server.Services.CreateAsyncScope())
        {
            var observations = scope.ServiceProvider.GetRequiredService<ObservationQueries>();
            // Who wrote it twice and voted for it is one of three.
            foreach (var (who, which) in new[] { ("ben", second), ("ben", first), ("carl", second) })
                await observations.VoteAsync((await observations.FindAsync(which, CancellationToken.None))!, new Actor(ActorKind.Person, who, who), true, CancellationToken.None);
        }

        await SendAsync(HttpMethod.Post, $"/api/v1/map/observations/{second}/merge", new { into = first }, HttpStatusCode.NoContent);
        await SendAsync(HttpMethod.Post, $"/api/v1/map/observations/{first}/card", new { map, step = "step-1" }, HttpStatusCode.NoContent);

        var content = (await MapAsync(map)).Content;
        var card = content.Cards.Single();
        (card.Text, content.Lanes.Single(l => l.Id == card.Lane).Kind, card.Evidence.Kind, card.Evidence.Times).ShouldBe(("Nobody answers", LaneKind.PainPoints, EvidenceKind.Heard, 3));
        await SendAsync(HttpMethod.Post, $"/api/v1/map/observations/{first}/card", new { map, step = "step-1" }, HttpStatusCode.Conflict);
        var third = await AddAsync(touchpoint, "No answer", "painPoint");
        await SendAsync(HttpMethod.Post, $"/api/v1/map/observations/{third}/card", new { map, card = card.Id }, HttpStatusCode.NoContent);
        (await MapAsync(map)).Content.Cards.Single().Evidence.Times.ShouldBe(4);
        var states = (await server.Http.JsonAsync($"/api/v1/map/touchpoints/{touchpoint}/observations")).GetProperty("items").EnumerateArray().ToDictionary(i => i.GetProperty("id").GetInt32(), i => i.GetProperty("state").GetString());
        (states[first], states[second], states[third]).ShouldBe(("taken", "merged", "taken"));
    }

    [Fact]
    public async Task Those_who_take_one_over_at_once_make_one_card()
    {
        var (touchpoint, map) = await FoundAsync("Race");
        var one = await AddAsync(touchpoint, "Waits", "painPoint");

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => server.Http.PostAsJsonAsync($"/api/v1/map/observations/{one}/card", new { map, step = "step-1" })));

        answers.Count(a => a.StatusCode == HttpStatusCode.NoContent).ShouldBe(1);
        answers.Where(a => a.StatusCode != HttpStatusCode.NoContent).ShouldAllBe(a => a.StatusCode == HttpStatusCode.Conflict);
        (await MapAsync(map)).Content.Cards.Count.ShouldBe(1);
    }

    [Fact]
    public async Task One_that_was_taken_over_by_mistake_is_put_back_and_can_be_taken_over_again()
    {
        var (touchpoint, map) = await FoundAsync("Mistake");
        var (first, second) = (await AddAsync(touchpoint, "Too loud", "painPoint"), await AddAsync(touchpoint, "Loud music", "painPoint"));
        await SendAsync(HttpMethod.Post, $"/api/v1/map/observations/{first}/card", new { map, step = "step-1" }, HttpStatusCode.NoContent);
        var card = (await MapAsync(map)).Content.Cards.Single().Id;
        await SendAsync(HttpMethod.Post, $"/api/v1/map/observations/{second}/card", new { map, card }, HttpStatusCode.NoContent);

        await SendAsync(HttpMethod.Delete, $"/api/v1/map/observations/{second}/card", null, HttpStatusCode.NoContent);
        await SendAsync(HttpMethod.Delete, $"/api/v1/map/observations/{second}/card", null, HttpStatusCode.Conflict);
        (await MapAsync(map)).Content.Cards.Single().Evidence.Times.ShouldBe(1);
        (await server.Http.JsonAsync($"/api/v1/map/journey-maps/{map}/cards/{card}/quotes")).GetProperty("items").GetArrayLength().ShouldBe(1);

        // Undone, the card is gone; the observation is not, and goes to a card once more.
        await SendAsync(HttpMethod.Post, $"/api/v1/map/journey-maps/{map}/changes", new { changes = new[] { new { verb = "remove", part = "card", id = card } } }, HttpStatusCode.OK);
        await SendAsync(HttpMethod.Delete, $"/api/v1/map/observations/{first}/card", null, HttpStatusCode.NoContent);
        await SendAsync(HttpMethod.Post, $"/api/v1/map/observations/{first}/card", new { map, step = "step-1" }, HttpStatusCode.NoContent);
        var again = (await MapAsync(map)).Content.Cards.Single();
        (again.Text, again.Evidence.Times, again.Id == card).ShouldBe(("Too loud", 1, false));
        (await Tangent.Cli.CommandLine.RunAsync(["map", "observation", "back", $"{first}", "--data", server.DataFolder])).ShouldBe(Tangent.Cli.ExitCode.Done);
        (await Tangent.Cli.CommandLine.RunAsync(["map", "observation", "merge", $"{first}", $"{second}", "--data", server.DataFolder])).ShouldBe(Tangent.Cli.ExitCode.Done);
        (await server.Http.JsonAsync($"/api/v1/map/touchpoints/{touchpoint}/observations")).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("state").GetString()).ShouldBe(["open", "merged"]);
    }

    [Fact]
    public async Task Putting_one_back_is_done_wholly_or_not_at_all()
    {
        var (touchpoint, map) = await FoundAsync("Stuck");
        var one = await AddAsync(touchpoint, "Too dark", "painPoint");
        await SendAsync(HttpMethod.Post, $"/api/v1/map/observations/{one}/card", new { map, step = "step-1" }, HttpStatusCode.NoContent);
        var card = (await MapAsync(map)).Content.Cards.Single().Id;
        await using var scope = server.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<TangentDb>().Database;
        await database.ExecuteSqlRawAsync("CREATE TRIGGER stuck BEFORE DELETE ON map_quotes BEGIN SELECT RAISE(ABORT, 'stuck'); END");

        await SendAsync(HttpMethod.Delete, $"/api/v1/map/observations/{one}/card", null, HttpStatusCode.InternalServerError);

        await database.ExecuteSqlRawAsync("DROP TRIGGER stuck");
        (await QuotesAsync(map, card)).ShouldBe([("Too dark", 1)]);
        (await server.Http.JsonAsync($"/api/v1/map/touchpoints/{touchpoint}/observations")).GetProperty("items")[0].GetProperty("state").GetString().ShouldBe("taken");
        await SendAsync(HttpMethod.Delete, $"/api/v1/map/observations/{one}/card", null, HttpStatusCode.NoContent);
        (await QuotesAsync(map, card)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_an_observation_added_to_a_card_that_was_there_is_taken_off_once()
    {
        var (touchpoint, map) = await FoundAsync("Once", card: new MapCard("card-1", "step-1", "lane-pain-points", "Rings in vain", new Evidence(EvidenceKind.Heard, 3)));
        var one = await AddAsync(touchpoint, "Nobody answers", "painPoint");
        await SendAsync(HttpMethod.Post, $"/api/v1/map/observations/{one}/card", new { map, card = "card-1" }, HttpStatusCode.NoContent);
        (await MapAsync(map)).Content.Cards.Single().Evidence.Times.ShouldBe(4);

        using var undone = await server.Http.PostAsync($"/api/v1/map/journey-maps/{map}/undo", null);
        await SendAsync(HttpMethod.Delete, $"/api/v1/map/observations/{one}/card", null, HttpStatusCode.NoContent);

        (await MapAsync(map)).Content.Cards.Single().Evidence.Times.ShouldBe(3, await undone.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_day_of_a_card_is_again_what_it_was_once_an_observation_is_put_back()
    {
        foreach (var known in new[] { new Evidence(EvidenceKind.Heard, 4, Date: new DateOnly(2025, 10, 16)), new Evidence() })
        {
            var (touchpoint, map) = await FoundAsync($"Day {known.Times}", card: new MapCard("card-1", "step-1", "lane-pain-points", "Rings in vain", known));
            var one = await AddAsync(touchpoint, "Nobody answers", "painPoint");
            await SendAsync(HttpMethod.Post, $"/api/v1/map/observations/{one}/card", new { map, card = "card-1" }, HttpStatusCode.NoContent);
            (await MapAsync(map)).Content.Cards.Single().Evidence.ShouldBe(new Evidence(EvidenceKind.Heard, (known.Times ?? 0) + 1, Date: DateOnly.FromDateTime(DateTime.UtcNow)));

            await SendAsync(HttpMethod.Delete, $"/api/v1/map/observations/{one}/card", null, HttpStatusCode.NoContent);

            (await MapAsync(map)).Content.Cards.Single().Evidence.ShouldBe(known);
        }
    }

    [Fact]
    public void Whichever_quote_goes_the_day_is_the_latest_of_what_still_stands()
    {
        var (own, first, second) = (new DateOnly(2025, 10, 16), new DateOnly(2026, 1, 5), new DateOnly(2026, 8, 2));
        var heard = new Evidence(EvidenceKind.Heard, 4, Date: own);
        List<MapQuote> quotes = [];
        foreach (var (day, at) in new[] { (first, 0), (second, 1) })
        {
            quotes.Add(new MapQuote { Id = at, CardId = "card-1", AtUtc = day.ToDateTime(new TimeOnly(9, 0)), DateBefore = QuotedEvidence.DateBefore(heard, quotes) });
            heard = heard.HeardFrom(1, day);
        }

        quotes.ShouldAllBe(q => q.DateBefore == own);
        foreach (var (gone, then) in new[] { (0, second), (1, first) })
        {
            var left = QuotedEvidence.Without(heard, [quotes[gone]], [quotes[1 - gone]]);
            left.ShouldBe(new Evidence(EvidenceKind.Heard, 5, Date: then));
            QuotedEvidence.Without(left, [quotes[1 - gone]], []).ShouldBe(new Evidence(EvidenceKind.Heard, 4, Date: own));
        }

        // What somebody has entered since, and what nobody knows, stays.
        var entered = heard with { Date = new DateOnly(2026, 9, 1) };
        QuotedEvidence.Without(entered, [quotes[1]], [quotes[0]]).Date.ShouldBe(entered.Date);
        QuotedEvidence.Without(heard, [new MapQuote { CardId = "card-1", AtUtc = quotes[1].AtUtc }], []).Date.ShouldBe(second);
    }

    [Fact]
    public async Task A_card_shows_what_it_stands_on_and_loses_of_its_n_what_is_erased()
    {
        var (touchpoint, map) = await FoundAsync("Quoted");
        var first = await AddAsync(touchpoint, "Nobody answers", "painPoint");
        var second = await AddAsync(touchpoint, "hans.muster@example.org never got an answer", "painPoint");
        await using var scope = server.Services.CreateAsyncScope();
        var observations = scope.ServiceProvider.GetRequiredService<ObservationQueries>();
        foreach (var who in new[] { "ben", "carl" }) await observations.VoteAsync((await observations.FindAsync(first, CancellationToken.None))!, new Actor(ActorKind.Person, who, who), true, CancellationToken.None);
        await SendAsync(HttpMethod.Post, $"/api/v1/map/observations/{first}/card", new { map, step = "step-1" }, HttpStatusCode.NoContent);
        var card = (await MapAsync(map)).Content.Cards.Single().Id;
        await SendAsync(HttpMethod.Post, $"/api/v1/map/observations/{second}/card", new { map, card }, HttpStatusCode.NoContent);

        (await QuotesAsync(map, card)).ShouldBe([("hans.muster@example.org never got an answer", 1), ("Nobody answers", 3)], ignoreOrder: true);
        (await MapAsync(map)).Content.Cards.Single().Evidence.Times.ShouldBe(4);
        (await server.Http.GetStringAsync($"/map/journey-maps/{map}/card/{card}/quotes")).ShouldContain("Nobody answers");
        foreach (var keeper in scope.ServiceProvider.GetServices<IKeepsPersonalData>()) if (keeper.Kind == "observations") await keeper.EraseAsync(new DataSubject(null, ["user:hans-1"], ["hans.muster@example.org"]), CancellationToken.None);
        (await QuotesAsync(map, card)).ShouldBe([("Nobody answers", 3)]);
        (await MapAsync(map)).Content.Cards.Single().Evidence.ShouldBe(new Evidence(EvidenceKind.Heard, 3, Date: DateOnly.FromDateTime(DateTime.UtcNow)));

        var quote = (await server.Http.JsonAsync($"/api/v1/map/journey-maps/{map}/cards/{card}/quotes")).GetProperty("items")[0].GetProperty("id").GetInt32();
        await SendAsync(HttpMethod.Delete, $"/api/v1/map/journey-maps/{map}/quotes/{quote}", null, HttpStatusCode.NoContent);
        await SendAsync(HttpMethod.Delete, $"/api/v1/map/journey-maps/{map}/quotes/{quote}", null, HttpStatusCode.NotFound);
        (await MapAsync(map)).Content.Cards.Single().Evidence.Kind.ShouldBe(EvidenceKind.Assumed);
        await SendAsync(HttpMethod.Get, $"/api/v1/map/journey-maps/{map}/cards/nowhere/quotes", null, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_map_without_the_lane_of_an_idea_gets_it_and_one_undo_takes_both_back()
    {
        var (touchpoint, map) = await FoundAsync("Bare", lanes: false);
        var idea = await AddAsync(touchpoint, "A second counter", "idea");

        await SendAsync(HttpMethod.Post, $"/api/v1/map/observations/{idea}/card", new { map, step = "step-1" }, HttpStatusCode.NoContent);

        (await MapAsync(map)).Content.Lanes.Single().Kind.ShouldBe(LaneKind.Opportunities);
        await SendAsync(HttpMethod.Post, $"/api/v1/map/journey-maps/{map}/undo", new { }, HttpStatusCode.OK);
        var content = (await MapAsync(map)).Content;
        (content.Lanes.Count, content.Cards.Count).ShouldBe((0, 0));
    }

    [Fact]
    public async Task What_cannot_be_is_refused()
    {
        var (touchpoint, map) = await FoundAsync("Refusals");
        var (other, _) = await FoundAsync("Elsewhere");
        var one = await AddAsync(touchpoint, "Here", "observation");
        var elsewhere = await AddAsync(other, "There", "observation");
        await SendAsync(HttpMethod.Post, "/api/v1/map/touchpoints/987654/observations", new { text = "x" }, HttpStatusCode.NotFound);
        await SendAsync(HttpMethod.Post, $"/api/v1/map/touchpoints/{touchpoint}/observations", new { text = " " }, HttpStatusCode.UnprocessableEntity);
        await SendAsync(HttpMethod.Post, $"/api/v1/map/touchpoints/{touchpoint}/observations", new { text = new string('x', 501) }, HttpStatusCode.UnprocessableEntity);
        await SendAsync(HttpMethod.Post, $"/api/v1/map/touchpoints/{touchpoint}/observations", new { text = "x", mood = 3 }, HttpStatusCode.UnprocessableEntity);
        await SendAsync(HttpMethod.Post, $"/api/v1/map/observations/{one}/merge", new { into = one }, HttpStatusCode.UnprocessableEntity);
        await SendAsync(HttpMethod.Post, $"/api/v1/map/observations/{one}/merge", new { into = elsewhere }, HttpStatusCode.UnprocessableEntity);
        await SendAsync(HttpMethod.Post, $"/api/v1/map/observations/{one}/card", new { map, step = "nowhere" }, HttpStatusCode.UnprocessableEntity);
        await SendAsync(HttpMethod.Post, $"/api/v1/map/observations/{one}/card", new { map = 987654, step = "step-1" }, HttpStatusCode.UnprocessableEntity);
        await SendAsync(HttpMethod.Put, "/api/v1/map/observations/987654/vote", null, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_observation_that_names_a_person_goes_with_the_person()
    {
        var (touchpoint, map) = await FoundAsync("Named");
        var named = await AddAsync(touchpoint, "Mail to greta.muster@example.org came back", "observation");
        await AddAsync(touchpoint, "Somebody waited", "observation");
        await SendAsync(HttpMethod.Put, $"/api/v1/map/observations/{named}/vote", null, HttpStatusCode.NoContent);
        await using var scope = server.Services.CreateAsyncScope();
        var observations = scope.ServiceProvider.GetRequiredService<ObservationQueries>();
        var person = new DataSubject(null, ["user:greta-1"], ["greta.muster@example.org"]);
        (await ((IKeepsPersonalData)observations).CountAsync(person, CancellationToken.None)).ShouldBe(1);

        await SendAsync(HttpMethod.Post, $"/api/v1/map/observations/{named}/card", new { map, step = "step-1" }, HttpStatusCode.NoContent);
        foreach (var keeper in scope.ServiceProvider.GetServices<IKeepsPersonalData>().Where(k => k.Kind is "observations" or "journeyMaps")) await keeper.EraseAsync(person, CancellationToken.None);
        (await server.Http.GetStringAsync($"/api/v1/map/journey-maps/{map}")).ShouldNotContain("greta");
        var left = (await MapAsync(map)).Content.Cards.Single();
        (left.Text, left.Evidence.Kind, left.Evidence.Times).ShouldBe(("…", EvidenceKind.Assumed, null), "nobody who may be told of stands behind it any more");
        (await scope.ServiceProvider.GetRequiredService<TangentDb>().Set<MapEdit>().AsNoTracking().Where(e => e.MapId == map).ToListAsync()).ShouldAllBe(e => !(e.Changes + e.Inverse).Contains("greta"));
        (await observations.ListAsync(touchpoint, Actor.Nobody, CancellationToken.None)).Select(o => o.Observation.Text).ShouldBe(["Somebody waited"]);
        (await ((IKeepsPersonalData)observations).CountAsync(person, CancellationToken.None)).ShouldBe(0);
    }

    private async Task<(int Touchpoint, int Map)> FoundAsync(string name, bool lanes = true, MapCard? card = null)
    {
        using var added = await server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name });
        var touchpoint = (await added.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
        var content = MapContent.Empty with { Stages = [new("stage-1", "One")], Steps = [new("step-1", "stage-1", "Calls", touchpoint)], Cards = card is null ? [] : [card] };
        using var made = await server.Http.PostAsJsonAsync("/api/v1/map/journey-maps", new { name, content = JsonSerializer.SerializeToNode(lanes ? content : content with { Lanes = [] }, MapContent.Json) });
        return (touchpoint, (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32());
    }

    private async Task<int> AddAsync(int touchpoint, string text, string kind)
    {
        using var answer = await server.Http.PostAsJsonAsync($"/api/v1/map/touchpoints/{touchpoint}/observations", new { text, kind });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
    }

    private async Task<List<(string?, int)>> QuotesAsync(int map, string card) =>
        [.. (await server.Http.JsonAsync($"/api/v1/map/journey-maps/{map}/cards/{card}/quotes")).GetProperty("items").EnumerateArray().Select(q => (q.GetProperty("text").GetString(), q.GetProperty("people").GetInt32()))];

    private async Task<(int Version, MapContent Content)> MapAsync(int map)
    {
        var shown = await server.Http.JsonAsync($"/api/v1/map/journey-maps/{map}");
        return (shown.GetProperty("version").GetInt32(), MapContent.Read(shown.GetProperty("content").GetRawText()));
    }

    private async Task SendAsync(HttpMethod method, string address, object? body, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(method, address) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await server.Http.SendAsync(request);
        answer.StatusCode.ShouldBe(expected, await answer.Content.ReadAsStringAsync());
    }
}
