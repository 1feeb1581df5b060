using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Tangent.Access;
using Tangent.Map;

namespace Tangent.Tests.Map;

/// <summary>Who looks at a map is told of every change, and fetches of the board only what has changed.</summary>
public sealed class MapLiveTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Address = "/api/v1/map/journey-maps";

    [Fact]
    public async Task Whoever_looks_at_a_map_is_told_of_its_changes_and_forgotten_when_gone()
    {
        var map = await CreateAsync("Watched");
        var watchers = server.Get<MapWatchers>();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using (var answer = await server.Http.GetAsync($"{Address}/{map}/changes", HttpCompletionOption.ResponseHeadersRead, stop.Token))
        {
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
            var news = SseParser.Create(await answer.Content.ReadAsStreamAsync(stop.Token)).EnumerateAsync(stop.Token).GetAsyncEnumerator(stop.Token);
            (await VersionAsync(news)).ShouldBe(0);
            watchers.Watchers.ShouldBe(1);
            await ChangeAsync(map, new { verb = "set", part = "step", id = "step-1", field = "name", value = "Seen" });
            while (await VersionAsync(news) != 1) stop.Token.ThrowIfCancellationRequested();
        }

        await TestCalls.UntilAsync(() => Task.FromResult(watchers.Watchers == 0));
        (await server.Http.GetAsync($"{Address}/987654/changes")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await TestCalls.UntilAsync(() => Task.FromResult(watchers.Watchers == 0));
    }

    [Fact]
    public async Task The_one_who_comes_when_it_is_full_is_asked_to_come_later()
    {
        await using var full = await TestServer.StartAsync();
        var watchers = full.Get<MapWatchers>();
        for (var i = 0; i < MapWatchers.MostWatchers; i++) watchers.TryJoin(1, new Actor(ActorKind.Person, $"{i}", "x")).ShouldNotBeNull();

        using var refused = await full.Http.GetAsync($"{Address}/1/changes");

        (refused.StatusCode, refused.Headers.RetryAfter is not null).ShouldBe((HttpStatusCode.ServiceUnavailable, true));
    }

    [Fact]
    public void One_who_looks_on_too_often_leaves_room_for_the_others()
    {
        var watchers = new MapWatchers();
        Actor one = new(ActorKind.Person, "7", "Anna"), other = new(ActorKind.Person, "8", "Ben");
        var tabs = Enumerable.Range(0, MapWatchers.MostOfOne).Select(_ => watchers.TryJoin(1, one).ShouldNotBeNull()).ToList();

        watchers.TryJoin(2, one).ShouldBeNull();
        watchers.TryJoin(2, other).ShouldNotBeNull();
        watchers.Leave(tabs[0]);
        watchers.TryJoin(2, one).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_card_that_moved_is_fetched_with_the_two_cells_alone_and_a_new_step_with_the_whole_board()
    {
        var map = await CreateAsync("Patched");
        await ChangeAsync(map, new { verb = "add", part = "card", value = new { id = "card-1", step = "step-1", lane = "lane-actions", text = "Here", evidence = new { kind = "assumed" } } });
        await ChangeAsync(map, new { verb = "set", part = "card", id = "card-1", field = "lane", value = "lane-questions" });

        var moved = await server.Http.GetStringAsync($"/map/journey-maps/{map}/board?since=1");
        (moved.Contains("<table", StringComparison.Ordinal), moved.Split("<template").Length - 1).ShouldBe((false, 2));
        moved.ShouldContain("data-row=\"lane-actions\"");
        moved.ShouldContain("data-row=\"lane-questions\"");
        (await server.Http.GetStringAsync($"/map/journey-maps/{map}/board?since=2")).ShouldNotContain("<template");

        await ChangeAsync(map, new { verb = "add", part = "step", value = new { id = "step-9", stage = "stage-1", name = "Another" } });
        (await server.Http.GetStringAsync($"/map/journey-maps/{map}/board?since=2")).ShouldContain("<table");
        (await server.Http.GetStringAsync($"/map/journey-maps/{map}/board?since=77")).ShouldContain("<table");
    }

    /// <summary>Whatever is changed, the cells that are named are enough to make the old board the new one.</summary>
    [Fact]
    public void No_change_leaves_a_cell_that_is_not_named()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var content = Content();
            var (first, edits) = (content, new List<MapEdit>());
            for (var i = 0; i < 6; i++)
            {
                MapChange[] change = [RandomChange(random, content, i)];
                if (MapEditing.TryMake(content, change, out var changed, out var inverse) is not null) continue;
                edits.Add(new MapEdit { Changes = JsonSerializer.Serialize(change, MapContent.Json), Inverse = JsonSerializer.Serialize(inverse, MapContent.Json) });
                content = changed;
            }

            if (MapPatch.Of(content, edits, edits.Count) is not { } cells) continue;
            content.StepsInOrder().Select(s => s.Id).ShouldBe(first.StepsInOrder().Select(s => s.Id), $"seed {seed}");
            content.Lanes.ShouldBe(first.Lanes);
            foreach (var step in content.Steps)
            {
                if (step != first.Steps.Single(s => s.Id == step.Id)) cells.ShouldContain(new MapCellAt(step.Id, MapRow.Step), $"seed {seed}");
                foreach (var lane in content.Lanes)
                    if (!content.CardsAt(step, lane).SequenceEqual(first.CardsAt(step, lane))) cells.ShouldContain(new MapCellAt(step.Id, lane.Id), $"seed {seed}");
            }
        }
    }

    private static MapChange RandomChange(Random random, MapContent content, int number)
    {
        string Any(IEnumerable<string> ids) => ids.ToList() is { Count: > 0 } list ? list[random.Next(list.Count)] : "none";
        var (step, lane, card) = (Any(content.Steps.Select(s => s.Id)), Any(content.Lanes.Select(l => l.Id)), Any(content.Cards.Select(c => c.Id)));
        System.Text.Json.Nodes.JsonNode Node(object value) => JsonSerializer.SerializeToNode(value, MapContent.Json)!;
        return random.Next(8) switch
        {
            0 or 1 => new(MapVerb.Add, MapPart.Card, Value: Node(new MapCard($"card-x{number}", step, lane, "Text", new Evidence())), Before: random.Next(2) == 0 ? card : null),
            2 => new(MapVerb.Set, MapPart.Card, card, "lane", lane),
            3 => new(MapVerb.Set, MapPart.Card, card, "step", step),
            4 => new(MapVerb.Remove, MapPart.Card, card),
            5 => new(MapVerb.Move, MapPart.Card, card, Before: random.Next(2) == 0 ? Any(content.Cards.Select(c => c.Id)) : null),
            6 => new(MapVerb.Set, MapPart.Step, step, "emotion", random.Next(-2, 3)),
            _ => new(MapVerb.Set, MapPart.Card, card, "text", $"Text {number}"),
        };
    }

    private static MapContent Content() => MapContent.Empty with
    {
        Stages = [new("stage-1", "One"), new("stage-2", "Two")],
        Steps = [new("step-1", "stage-1", "A"), new("step-2", "stage-2", "B"), new("step-3", "stage-1", "C")],
        Cards = [new("card-1", "step-1", "lane-actions", "1", new Evidence()), new("card-2", "step-1", "lane-actions", "2", new Evidence()), new("card-3", "step-2", "lane-questions", "3", new Evidence())],
    };

    private static async Task<int> VersionAsync(IAsyncEnumerator<SseItem<string>> news)
    {
        do (await news.MoveNextAsync()).ShouldBeTrue();
        while (news.Current.EventType != "map");
        return JsonDocument.Parse(news.Current.Data).RootElement.GetProperty("version").GetInt32();
    }

    private async Task<int> CreateAsync(string name)
    {
        var content = MapContent.Empty with { Stages = [new("stage-1", "One")], Steps = [new("step-1", "stage-1", "Looks"), new("step-2", "stage-1", "Buys")] };
        using var answer = await server.Http.PostAsJsonAsync(Address, new { name, content = JsonSerializer.SerializeToNode(content, MapContent.Json) });
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
    }

    private async Task ChangeAsync(int map, object change) =>
        (await server.Http.PostAsJsonAsync($"{Address}/{map}/changes", new { changes = new[] { change } })).EnsureSuccessStatusCode();
}
