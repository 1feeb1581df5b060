using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Tangent.Cli;
using Tangent.Collect;

namespace Tangent.Tests.Collect;

public sealed class LiveTailTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Who_looks_on_sees_accepted_and_rejected_events_of_this_source_alone()
    {
        var (id, key) = await AddAsync("watched");
        var (_, other) = await AddAsync("not watched");
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var tail = await OpenAsync(id, stop.Token);
        await SendAsync(other, """{"type":"track","event":"elsewhere","userId":"x"}""");
        await SendAsync(key, """{"type":"track","event":"Seen","userId":"u-1"},{"type":"track","userId":"u-2"}""");

        var shown = new List<JsonElement> { await tail.NextAsync(), await tail.NextAsync() }.ToDictionary(e => e.GetProperty("outcome").GetString()!);
        var accepted = shown["accepted"];
        (accepted.GetProperty("name").GetString(), accepted.GetProperty("type").GetString(), accepted.GetProperty("identifier").GetString()).ShouldBe(("Seen", "track", "u-1"));
        accepted.GetProperty("body").GetString()!.ShouldContain("\"Seen\"");
        var rejected = shown["rejected"];
        (rejected.GetProperty("reason").GetString(), rejected.GetProperty("body").GetString()!.Contains("u-2", StringComparison.Ordinal)).ShouldBe(("nameMissing", true));
    }

    [Fact]
    public async Task Of_a_flood_some_are_shown_and_the_others_counted()
    {
        var (id, key) = await AddAsync("flood");
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var tail = await OpenAsync(id, stop.Token);
        const int events = 2000;
        await SendAsync(key, string.Join(',', Enumerable.Range(0, events).Select(i => $$"""{"type":"track","event":"e{{i}}","userId":"u"}""")));
        int shown = 0, unseen = 0;
        while (shown + unseen < events)
        {
            var e = await tail.NextAsync();
            if (e.GetProperty("outcome").GetString() == "unseen") unseen += e.GetProperty("count").GetInt32();
            else shown++;
        }

        (shown + unseen).ShouldBe(events);
        shown.ShouldBeInRange(1, LiveTail.MostInASecond * 2);
    }

    [Fact]
    public async Task A_viewer_who_hangs_up_is_forgotten()
    {
        var (id, _) = await AddAsync("left");
        var tail = server.Get<LiveTail>();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        // Those of other tests are on their way out.
        while (tail.Viewers > 0) await Task.Delay(50, patience.Token);
        using (var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30)))
        {
            await using var open = await OpenAsync(id, stop.Token);
            tail.Viewers.ShouldBe(1);
        }

        while (tail.Viewers > 0) await Task.Delay(50, patience.Token);
    }

    [Fact]
    public async Task The_viewer_after_the_thousandth_is_asked_to_come_later()
    {
        await using var full = await TestServer.StartAsync();
        var tail = full.Get<LiveTail>();
        await full.Http.PostAsJsonAsync("/api/v1/collect/sources", new { name = "crowd" });
        var viewers = Enumerable.Range(0, LiveTail.MostViewers).Select(_ => tail.TryJoin(1).ShouldNotBeNull()).ToList();
        using var refused = await full.Http.GetAsync("/api/v1/collect/sources/1/tail");
        (refused.StatusCode, refused.Headers.RetryAfter is not null).ShouldBe((HttpStatusCode.ServiceUnavailable, true));
        tail.Leave(viewers[0]);
        using var taken = await full.Http.GetAsync("/api/v1/collect/sources/1/tail", HttpCompletionOption.ResponseHeadersRead);
        taken.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await full.Http.GetAsync("/api/v1/collect/sources/77/tail")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_shell_shows_them_too()
    {
        var (_, key) = await AddAsync("tail by hand");
        var looking = CommandLine.RunAsync(["source", "tail", "tail by hand", "--count", "1", "--data", server.DataFolder]);
        while (!looking.IsCompleted)
        {
            await SendAsync(key, """{"type":"track","event":"Seen","userId":"u-1"}""");
            await Task.WhenAny(looking, Task.Delay(300));
        }

        (await looking).ShouldBe(ExitCode.Done);
    }

    private sealed class Tail(HttpResponseMessage response, IAsyncEnumerator<SseItem<string>> items) : IAsyncDisposable
    {
        public async Task<JsonElement> NextAsync()
        {
            while (await items.MoveNextAsync())
                if (items.Current.EventType == "event") return JsonDocument.Parse(items.Current.Data).RootElement;
            throw new InvalidOperationException("The stream ended.");
        }

        public async ValueTask DisposeAsync()
        {
            response.Dispose();
            await Task.CompletedTask;
        }
    }

    private async Task<Tail> OpenAsync(int id, CancellationToken ct)
    {
        var response = await server.Http.GetAsync($"/api/v1/collect/sources/{id}/tail", HttpCompletionOption.ResponseHeadersRead, ct);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        var items = SseParser.Create(await response.Content.ReadAsStreamAsync(ct)).EnumerateAsync(ct).GetAsyncEnumerator(ct);
        (await items.MoveNextAsync()).ShouldBeTrue();
        items.Current.EventType.ShouldBe("begin");
        return new Tail(response, items);
    }

    private async Task<(int Id, string Key)> AddAsync(string name)
    {
        var made = await (await server.Http.PostAsJsonAsync("/api/v1/collect/sources", new { name })).Content.ReadFromJsonAsync<JsonElement>();
        return (made.GetProperty("id").GetInt32(), made.GetProperty("writeKey").GetString()!);
    }

    private async Task SendAsync(string key, string events) =>
        (await server.Http.PostAsync("/v1/batch", new StringContent($$"""{"writeKey":"{{key}}","batch":[{{events}}]}"""))).EnsureSuccessStatusCode();
}
