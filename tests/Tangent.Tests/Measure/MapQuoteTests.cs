using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Cli;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Map;
using Tangent.Measure;

namespace Tangent.Tests.Measure;

/// <summary>Comments of customers as evidence on journey maps; they go with the person.</summary>
public sealed class MapQuoteTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_comment_that_is_quoted_counts_and_goes_with_the_customer()
    {
        var position = await SayAsync("q1", "The queue was endless");
        var map = await MapAsync();
        var address = $"/api/v1/measure/map-quotes/{map}/card-1";

        (await server.Http.PostAsJsonAsync(address, new { position })).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await EvidenceAsync(map)).ShouldBe((EvidenceKind.Heard, 1));
        (await server.Http.GetFromJsonAsync<JsonElement>(address)).GetProperty("items")[0].GetProperty("comment").GetString().ShouldBe("The queue was endless");
        (await server.Http.GetStringAsync($"/measure/map-quotes/{map}/card-1")).ShouldContain("The queue was endless");
        (await server.Http.PostAsJsonAsync(address, new { position })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await server.Http.PostAsJsonAsync(address, new { position = 987654 })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.Http.PostAsJsonAsync($"/api/v1/measure/map-quotes/{map}/nowhere", new { position })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await using var scope = server.Services.CreateAsyncScope();
        var keeper = scope.ServiceProvider.GetServices<IKeepsPersonalData>().Single(k => k.Kind == "mapQuotes");
        var person = new DataSubject(null, ["user:q1"], []);
        (await keeper.CountAsync(person, CancellationToken.None)).ShouldBe(1);
        (await keeper.AgeOutAsync(DateTime.UtcNow.AddDays(-1), onlyCount: true, CancellationToken.None)).ShouldBe(0);
        await keeper.EraseAsync(person, CancellationToken.None);
        (await keeper.CountAsync(person, CancellationToken.None)).ShouldBe(0);
        (await EvidenceAsync(map)).ShouldBe((EvidenceKind.Assumed, null));
    }

    [Fact]
    public async Task A_quote_that_is_taken_off_leaves_n_and_day_as_they_were()
    {
        var position = await SayAsync("q7", "The door was shut");
        var map = await MapAsync();
        var known = JsonSerializer.SerializeToNode(new Evidence(EvidenceKind.Heard, 4, Date: new DateOnly(2025, 10, 16)), MapContent.Json);
        (await server.Http.PostAsJsonAsync($"/api/v1/map/journey-maps/{map}/changes", new { changes = new[] { new { verb = "set", part = "card", id = "card-1", field = "evidence", value = known } } })).EnsureSuccessStatusCode();
        (await server.Http.PostAsJsonAsync($"/api/v1/measure/map-quotes/{map}/card-1", new { position })).EnsureSuccessStatusCode();
        var quotes = await server.Http.JsonAsync($"/api/v1/map/journey-maps/{map}/cards/card-1/quotes");

        (await server.Http.DeleteAsync($"/api/v1/map/journey-maps/{map}/quotes/{quotes.GetProperty("items")[0].GetProperty("id").GetInt32()}")).EnsureSuccessStatusCode();

        quotes.GetProperty("evidence").GetProperty("times").GetInt32().ShouldBe(5);
        var left = await server.Http.JsonAsync($"/api/v1/map/journey-maps/{map}/cards/card-1/quotes");
        left.GetProperty("evidence").Deserialize<Evidence>(MapContent.Json).ShouldBe(new Evidence(EvidenceKind.Heard, 4, Date: new DateOnly(2025, 10, 16)));
    }

    [Fact]
    public async Task A_quote_that_is_only_too_old_goes_and_n_stays()
    {
        var position = await SayAsync("q2", "Nobody greets");
        var map = await MapAsync();
        (await server.Http.PostAsJsonAsync($"/api/v1/measure/map-quotes/{map}/card-1", new { position })).EnsureSuccessStatusCode();
        await using var scope = server.Services.CreateAsyncScope();
        var keeper = scope.ServiceProvider.GetServices<IKeepsPersonalData>().Single(k => k.Kind == "mapQuotes");

        (await keeper.AgeOutAsync(DateTime.UtcNow.AddDays(1), onlyCount: false, CancellationToken.None)).ShouldBeGreaterThan(0);

        (await server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/map/journey-maps/{map}/cards/card-1/quotes")).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await EvidenceAsync(map)).ShouldBe((EvidenceKind.Heard, 1));
    }

    [Fact]
    public async Task The_shell_makes_a_comment_a_quote_and_takes_it_off_again()
    {
        var position = await SayAsync("q3", "The lift was broken");
        var map = await MapAsync();
        (await CommandLine.RunAsync(["map", "quote", "add", $"{map}", "card-1", $"{position}", "--data", server.DataFolder])).ShouldBe(ExitCode.Done);
        (await EvidenceAsync(map)).ShouldBe((EvidenceKind.Heard, 1));
        var quote = (await server.Http.JsonAsync($"/api/v1/map/journey-maps/{map}/cards/card-1/quotes")).GetProperty("items")[0].GetProperty("id").GetInt32();
        (await CommandLine.RunAsync(["map", "quote", "remove", $"{map}", $"{quote}", "--data", server.DataFolder])).ShouldBe(ExitCode.Done);
        (await EvidenceAsync(map)).ShouldBe((EvidenceKind.Assumed, null));
    }

    private async Task<(EvidenceKind, int?)> EvidenceAsync(int map)
    {
        var evidence = MapContent.Read((await server.Http.JsonAsync($"/api/v1/map/journey-maps/{map}")).GetProperty("content").GetRawText()).Cards.Single().Evidence;
        return (evidence.Kind, evidence.Times);
    }

    private async Task<int> MapAsync()
    {
        var content = MapContent.Empty with { Stages = [new("stage-1", "One")], Steps = [new("step-1", "stage-1", "Waits")], Cards = [new("card-1", "step-1", "lane-pain-points", "It takes long", new())] };
        using var made = await server.Http.PostAsJsonAsync("/api/v1/map/journey-maps", new { name = $"Quotes {Guid.NewGuid()}", content = JsonSerializer.SerializeToNode(content, MapContent.Json) });
        return (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
    }

    private async Task<long> SayAsync(string who, string words)
    {
        (await server.Http.PostAsJsonAsync("/api/v1/measure/feedback", new { items = new[] { new { userId = who, metric = "csat", score = 2, comment = words } } })).EnsureSuccessStatusCode();
        await server.Get<FeedbackFeed>().WaitUntilCurrentAsync(CancellationToken.None);
        await server.Get<JourneyStore>().WaitUntilVisibleAsync(server.Get<EventLog>().EndPosition, CancellationToken.None);
        return (await server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/measure/comments?search={Uri.EscapeDataString(words)}")).GetProperty("items")[0].GetProperty("position").GetInt64();
    }
}
