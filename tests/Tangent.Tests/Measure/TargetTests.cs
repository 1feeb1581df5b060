using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tangent.Cli;

namespace Tangent.Tests.Measure;

/// <summary>What a score is to reach, and whether it has.</summary>
public sealed class TargetTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private int _id;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _id = (await (await _server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name = "Delivery" })).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
    }

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Theory]
    [InlineData(0.9, "missed")]
    [InlineData(0.75, "unclear")]
    [InlineData(0.6, "reached")]
    public async Task A_target_is_reached_or_missed_only_where_the_interval_excludes_it(double target, string verdict)
    {
        // 60 of 80: Wilson's interval is 0.645 to 0.832.
        await AnswerAsync(80, 60);
        (await SetAsync("csat", target, "2026-03-31")).EnsureSuccessStatusCode();
        var stand = await StandAsync();
        stand.GetProperty("verdict").GetString().ShouldBe(verdict);
        stand.GetProperty("distance").GetDouble().ShouldBe(0.75 - target, 1e-9);
        stand.GetProperty("by").GetString().ShouldBe("2026-03-31");
        (await _server.Http.GetStringAsync($"/measure/touchpoints/{_id}")).ShouldContain("id=\"targets\"");
        (await _server.Http.GetStringAsync("/measure/scores")).ShouldContain(verdict == "missed" ? "missed (target 90" : "(target");
    }

    [Fact]
    public async Task What_is_not_due_yet_is_not_missed()
    {
        await AnswerAsync(80, 60);
        (await SetAsync("csat", 0.9, "2199-12-31")).EnsureSuccessStatusCode();
        (await StandAsync()).GetProperty("verdict").GetString().ShouldBe("notYet");
        (await _server.Http.GetStringAsync("/measure/scores")).ShouldContain("not yet reached (target 90");
    }

    [Fact]
    public async Task Few_answers_reach_and_miss_nothing()
    {
        await AnswerAsync(20, 20);
        (await SetAsync("csat", 0.5)).EnsureSuccessStatusCode();
        (await StandAsync()).GetProperty("verdict").GetString().ShouldBe("tooFew");
    }

    [Fact]
    public async Task A_target_off_the_scale_is_refused_and_one_that_is_gone_is_gone()
    {
        foreach (var (metric, value) in new (string, double)[] { ("csat", 85), ("nps", 101), ("ces", 0.5), ("mood", 1), ("text", 1) })
            (await SetAsync(metric, value)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, $"{metric} {value}");
        (await _server.Http.PutAsJsonAsync("/api/v1/measure/touchpoints/999/targets/nps", new { value = 10 })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await SetAsync("nps", 40)).EnsureSuccessStatusCode();
        (await ItemsAsync()).Single().GetProperty("value").GetDouble().ShouldBe(40);
        (await _server.Http.DeleteAsync($"/api/v1/measure/touchpoints/{_id}/targets/nps")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await ItemsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_shell_sets_targets_and_takes_them_away()
    {
        (await CommandLine.RunAsync(["target", "set", "Delivery", "csat", "0.85", "--by", "2026-12-31", "--data", _server.DataFolder])).ShouldBe(ExitCode.Done);
        (await CommandLine.RunAsync(["target", "list", "--data", _server.DataFolder])).ShouldBe(ExitCode.Done);
        (await ItemsAsync()).Single().GetProperty("by").GetString().ShouldBe("2026-12-31");
        (await CommandLine.RunAsync(["target", "set", "Delivery", "csat", "0.85", "--by", "soon", "--data", _server.DataFolder])).ShouldBe(ExitCode.Refused);
        (await CommandLine.RunAsync(["target", "remove", "Delivery", "csat", "--data", _server.DataFolder])).ShouldBe(ExitCode.Done);
        (await ItemsAsync()).ShouldBeEmpty();
    }

    private Task<HttpResponseMessage> SetAsync(string metric, double value, string by = "2026-12-31") => _server.Http.PutAsJsonAsync($"/api/v1/measure/touchpoints/{_id}/targets/{metric}", new { value, by });

    private async Task AnswerAsync(int answers, int good) => (await _server.Http.PostAsJsonAsync("/api/v1/measure/feedback", new
    {
        items = Enumerable.Range(0, answers).Select(i => new { userId = $"c{i}", metric = "csat", score = i < good ? 5 : 2, touchpoint = "Delivery" }),
    })).EnsureSuccessStatusCode();

    private async Task<JsonElement> StandAsync() => (await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/measure/scores")).GetProperty("items").EnumerateArray().Single().GetProperty("target");

    private async Task<List<JsonElement>> ItemsAsync() => [.. (await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/measure/targets")).GetProperty("items").EnumerateArray()];
}
