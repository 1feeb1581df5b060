using System.Text;
using System.Text.Json;
using Tangent.Collect;

namespace Tangent.Tests.Analyse;

/// <summary>Five customers whose journeys are few enough to count by hand:
/// <code>
/// anna  Visit (web) · 10 min Search (web) · 60 min Order (shop)
/// ben   Visit (web) ·  4 min Search (web) ·  6 min Search (web)
/// cleo  Visit (newsletter)
/// dora  Call (hotline) · 30 min Visit (web) · 20 days Order (shop)
/// eva   Visit (newsletter), a day later than the others
/// </code></summary>
public sealed class Shop : IAsyncLifetime
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
    private const int Day = 24 * 60;

    public TestServer Server { get; private set; } = null!;

    public HttpClient Http => Server.Http;

    public async Task InitializeAsync()
    {
        Server = await TestServer.StartAsync();
        await AppendAsync(Server,
            Track("anna", "Visit", "web", 0), Track("anna", "Search", "web", 10), Track("anna", "Order", "shop", 60),
            Track("ben", "Visit", "web", 0), Track("ben", "Search", "web", 4), Track("ben", "Search", "web", 6),
            Track("cleo", "Visit", "newsletter", 0),
            Track("dora", "Call", "hotline", 0), Track("dora", "Visit", "web", 30), Track("dora", "Order", "shop", 20 * Day),
            Track("eva", "Visit", "newsletter", Day));
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    public static object Track(string user, string name, string channel, int minutes, object? revenue = null) => new
    {
        type = "track",
        @event = name,
        userId = user,
        timestamp = Start.AddMinutes(minutes),
        properties = new { channel, revenue },
    };

    /// <summary>Through the log, as every event; returns when they are in the answers.</summary>
    public static async Task AppendAsync(TestServer server, params object[] events)
    {
        var accepted = events.Select(e => new AcceptedEvent(EventKey.Of(7, 1, Encoding.UTF8.GetBytes(Guid.NewGuid().ToString())), JsonSerializer.SerializeToUtf8Bytes(e, e.GetType()))).ToList();
        var appended = await server.Get<EventLog>().AppendAsync(
            new LogAppend(1, LogKind.Events, true, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), null, accepted), CancellationToken.None);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await server.Get<JourneyStore>().WaitUntilVisibleAsync(appended.EndPosition, patience.Token);
    }

    public async Task<JsonElement> AskAsync(string question)
    {
        var response = await Http.GetAsync("/api/v1/analyse/" + question);
        var text = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue($"{question}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Names of the customers of a list, in alphabetical order; the total must be as many.</summary>
    public async Task<string> CustomersAsync(string list)
    {
        var answer = await AskAsync(list);
        var names = answer.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()!).Order(StringComparer.Ordinal).ToList();
        answer.GetProperty("total").GetInt64().ShouldBe(names.Count);
        return string.Join(' ', names);
    }
}
