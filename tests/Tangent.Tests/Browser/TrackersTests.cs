using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Tangent.Collect;
using EventLog = Tangent.Collect.EventLog;

namespace Tangent.Tests.Browser;

/// <summary>Trackers on pages of another site, in a real browser: every event arrives once, with its content, and none that was not allowed.</summary>
[Collection("browser")]
public sealed class TrackersTests(Chromium chromium) : IAsyncLifetime
{
    private TestServer _server = null!;
    private Source _source = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        await using var scope = _server.Services.CreateAsyncScope();
        _source = (await scope.ServiceProvider.GetRequiredService<SourceQueries>().AddAsync("site", SourceKind.Web, CancellationToken.None)).ShouldNotBeNull();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [BrowserFact]
    public async Task Collect_js_keeps_still_until_allowed_and_then_loses_and_doubles_nothing()
    {
        await using var site = await OtherSite.StartAsync(Script());
        await using var tab = await chromium.OpenAsync(site.Address);
        var page = tab.Page;
        await page.GotoAsync("/start?utm_campaign=spring&token=secret#part");
        await page.EvaluateAsync("tangent.track('Waits', { n: 1 })");
        await Task.Delay(1500);
        Events().ShouldBeEmpty();
        (await StoredAsync(page)).ShouldBe("|");

        await page.EvaluateAsync("tangent.optIn()");
        await CountAsync(2);
        (await StoredAsync(page)).ShouldContain("tangent");
        await page.EvaluateAsync("history.pushState({}, '', '/second'); ");
        await CountAsync(3);
        await page.EvaluateAsync("history.replaceState({}, '', '/second?again'); tangent.identify('k-1', { name: 'Łucja', plan: 'pro' }); tangent.track('Order completed', { revenue: 99.5, currency: 'EUR', note: '„Grüße“ 🚲' })");
        await CountAsync(5);

        var events = Events();
        events.Select(Text).ShouldBe(["page /start", "track Waits", "page /second", "identify ", "track Order completed"]);
        events.Select(e => e.GetProperty("anonymousId").GetString()).Distinct().Count().ShouldBe(1);
        events.Select(e => e.GetProperty("messageId").GetString()).Distinct().Count().ShouldBe(5);
        var first = events[0].GetProperty("context");
        first.GetProperty("campaign").GetProperty("name").GetString().ShouldBe("spring");
        first.GetProperty("page").ToString().ShouldNotContain("secret");
        first.GetProperty("page").GetProperty("title").GetString().ShouldBe("Page start");
        first.GetProperty("bot").GetBoolean().ShouldBeTrue();
        events[3].GetProperty("traits").ToString().ShouldBe("""{"name":"Łucja","plan":"pro"}""");
        events[4].GetProperty("userId").GetString().ShouldBe("k-1");
        events[4].GetProperty("properties").ToString().ShouldBe("""{"revenue":99.5,"currency":"EUR","note":"„Grüße“ 🚲"}""");
        await LoseTheConnectionAsync(page);
        await LeaveAndRefuseAsync(page);
    }

    /// <summary>What was told while nothing could be sent comes from the next page, once.</summary>
    private async Task LoseTheConnectionAsync(IPage page)
    {
        await page.RouteAsync("**/v1/batch", route => route.AbortAsync());
        await page.EvaluateAsync("for (let n = 0; n < 60; n++) tangent.track('Lost ' + n)");
        await Task.Delay(1000);
        Events().Count.ShouldBe(5);
        await page.UnrouteAsync("**/v1/batch");
        await page.GotoAsync("/third");
        await CountAsync(66);
        Events().Count(e => Text(e).StartsWith("track Lost ", StringComparison.Ordinal)).ShouldBe(60);
        Events().Count(e => Text(e) == "page /third").ShouldBe(1);
    }

    private async Task LeaveAndRefuseAsync(IPage page)
    {
        // Told on the way out: by beacon.
        await page.EvaluateAsync("tangent.track('Leaving'); location.href = '/fourth'");
        await CountAsync(68);
        await page.WaitForFunctionAsync("typeof tangent === 'object' && location.pathname === '/fourth'");
        await page.EvaluateAsync("tangent.reset(); tangent.track('Somebody else')");
        await CountAsync(69);
        var last = Events()[^1];
        last.TryGetProperty("userId", out _).ShouldBeFalse();
        last.GetProperty("anonymousId").GetString().ShouldNotBe(Events()[0].GetProperty("anonymousId").GetString());

        await page.EvaluateAsync("tangent.optOut(); tangent.track('Not any more')");
        await page.GotoAsync("/fifth");
        await page.EvaluateAsync("tangent.track('Nor here')");
        await Task.Delay(1500);
        Events().Count.ShouldBe(69);
        (await StoredAsync(page)).ShouldBe("""|tangent="out";""");
        _server.Get<EventLog>().Totals.Single(t => t.SourceId == _source.Id).Events.ShouldBe(69);
    }

    [BrowserFact]
    public async Task What_is_counted_without_consent_stores_nothing_on_the_device_and_nothing_of_whom_in_the_data()
    {
        (await _server.Http.PatchAsJsonAsync($"/api/v1/collect/sources/{_source.Id}", new { beforeConsent = "count" })).EnsureSuccessStatusCode();
        await using var site = await OtherSite.StartAsync($"<script src=\"{Address}/collect.js?key={_source.WriteKey}\" data-key=\"{_source.WriteKey}\"></script>");
        await using var tab = await chromium.OpenAsync(site.Address);
        var page = tab.Page;
        var sent = new System.Collections.Concurrent.ConcurrentQueue<string>();
        page.Request += (_, request) =>
        {
            if (request.Method == "POST") sent.Enqueue($"{new Uri(request.Url).AbsolutePath} {request.PostData}");
        };
        await page.GotoAsync("/shop/12345678?utm_campaign=spring&mail=anna@example.org");
        await page.EvaluateAsync("tangent.identify('k-secret', { email: 'anna@example.org' }); tangent.track('Product viewed', { note: 'k-secret' }); tangent.consent('denied'); tangent.track('Product viewed')");
        await WaitAsync(() => sent.Count == 3);
        (await StoredAsync(page)).ShouldBe("|");
        sent.ShouldAllBe(s => s.StartsWith("/v1/count ", StringComparison.Ordinal));
        foreach (var secret in (string[])["k-secret", "anna", "anonymousId", "messageId", "timestamp"]) string.Concat(sent).ShouldNotContain(secret);

        var counts = await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/collect/counts");
        for (var i = 0; i < 100 && counts.GetProperty("events").GetInt64() < 3; i++)
        {
            await Task.Delay(50);
            counts = await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/collect/counts");
        }

        counts.GetProperty("items").EnumerateArray().Select(i => $"{i.GetProperty("event").GetString()} {i.GetProperty("path").GetString()} {i.GetProperty("campaign").GetString()} {i.GetProperty("events").GetInt64()}")
            .ShouldBe(["Product viewed /shop/* spring 2", "/shop/* /shop/* spring 1"]);
        Events().ShouldBeEmpty();
        (await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/unify/customers")).GetProperty("total").GetInt64().ShouldBe(0);
        (await _server.Http.GetStringAsync("/collect/counts")).ShouldContain("without consent");

        await page.EvaluateAsync("tangent.consent('granted'); tangent.track('Agreed')");
        await CountAsync(1);
        (await StoredAsync(page)).ShouldContain("tangent=");
        await page.EvaluateAsync("tangent.consent('denied')");
        (await StoredAsync(page)).ShouldBe("|");
        tab.Complaints.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task A_page_that_was_hidden_while_a_request_was_under_way_loses_nothing_when_it_lives_on()
    {
        await using var site = await OtherSite.StartAsync(Script("data-page-views=\"off\""));
        await using var tab = await chromium.OpenAsync(site.Address);
        var (requests, first, second) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        async Task HoldAsync(IRoute route)
        {
            var turn = Interlocked.Increment(ref requests);
            if (turn == 1) await first.Task;
            if (turn == 2) await second.Task;
            if (turn == 2) await route.AbortAsync();
            else await route.ContinueAsync();
        }

        await tab.Page.RouteAsync("**/v1/batch", HoldAsync);
        await tab.Page.GotoAsync("/a");
        await tab.Page.EvaluateAsync("navigator.sendBeacon = () => true; tangent.optIn(); tangent.track('A')");
        await WaitAsync(() => requests == 1);
        await tab.Page.EvaluateAsync("Object.defineProperty(document, 'visibilityState', { value: 'hidden' }); document.dispatchEvent(new Event('visibilitychange')); tangent.track('B')");
        // Where a second request is begun beside the first, it takes the first's answer for its own.
        await Task.Delay(1000);
        requests.ShouldBe(1);
        first.SetResult();
        await CountAsync(1);
        second.SetResult();
        await CountAsync(2);
        Events().Select(Text).ShouldBe(["track A", "track B"]);
    }

    [BrowserFact]
    public async Task Whoever_is_identified_without_an_id_stays_a_visitor_of_its_own()
    {
        await using var site = await OtherSite.StartAsync(Script("data-page-views=\"off\""));
        await using var tab = await chromium.OpenAsync(site.Address);
        await tab.Page.GotoAsync("/a");
        await tab.Page.EvaluateAsync("tangent.optIn(); tangent.identify(undefined, { plan: 'a' }); tangent.identify(null); tangent.identify(''); tangent.identify({ plan: 'b' }); tangent.identify(0)");
        await CountAsync(5);
        var events = Events();
        events.Count(e => e.TryGetProperty("userId", out _)).ShouldBe(1);
        events.Select(e => e.GetProperty("traits").ToString()).ShouldBe(["""{"plan":"a"}""", "{}", "{}", """{"plan":"b"}""", "{}"]);
        events[4].GetProperty("userId").GetString().ShouldBe("0");
    }

    [BrowserFact]
    public async Task Without_cookies_events_come_but_nothing_is_stored_and_a_signal_of_the_browser_stops_them()
    {
        await using var site = await OtherSite.StartAsync(Script("data-before-consent=\"cookieless\""));
        await using (var tab = await chromium.OpenAsync(site.Address))
        {
            await tab.Page.GotoAsync("/a");
            await CountAsync(1);
            await tab.Page.GotoAsync("/b");
            await CountAsync(2);
            Events().Select(e => e.GetProperty("anonymousId").GetString()).Distinct().Count().ShouldBe(2);
            (await StoredAsync(tab.Page)).ShouldBe("|");
            tab.Complaints.ShouldBeEmpty();
        }

        await using var private_ = await chromium.OpenAsync(site.Address);
        await private_.Page.AddInitScriptAsync("Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })");
        await private_.Page.GotoAsync("/c");
        await private_.Page.EvaluateAsync("tangent.track('Private')");
        await Task.Delay(1500);
        Events().Count.ShouldBe(2);
        // The visitor was asked and agreed: an answer for this site goes before the signal for all.
        await private_.Page.EvaluateAsync("tangent.optIn()");
        await CountAsync(4);
    }

    [BrowserFact]
    public async Task A_call_made_before_the_script_is_there_is_kept()
    {
        var snippet = Snippet.For(SourceKind.Web, Address, _source.WriteKey)[0];
        await using var site = await OtherSite.StartAsync(snippet.Text);
        await using var tab = await chromium.OpenAsync(site.Address);
        await tab.Page.GotoAsync("/shop");
        await CountAsync(2);
        Events().Select(Text).Order().ShouldBe(["page /shop", "track Product viewed"]);
        tab.Complaints.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Segments_browser_sdk_sends_everything_one_by_one_and_in_batches()
    {
        foreach (var (batching, expected) in new[] { ("", 6), (", { integrations: { 'Segment.io': { deliveryStrategy: { strategy: 'batching', config: { size: 4, timeout: 500 } } } } }", 12) })
        {
            await using var site = await OtherSite.StartAsync($$"""
                <script src="/sdk/index.js"></script>
                <script>window.sdk = AnalyticsNext.AnalyticsBrowser.load({ writeKey: "{{_source.WriteKey}}", cdnURL: "{{Address}}" }{{batching}});</script>
                """);
            await using var tab = await chromium.OpenAsync(site.Address);
            await tab.Page.GotoAsync("/sdk-page?utm_campaign=autumn");
            await tab.Page.EvaluateAsync("""
                async () => {
                  sdk.page('Bicycles', { kind: 'city' });
                  sdk.track('Product viewed', { sku: 'b-1', revenue: 1299.5, currency: 'EUR' });
                  sdk.alias('k-7');
                  sdk.identify('k-7', { name: 'Jürgen' });
                  sdk.group('fleet-1', { industry: 'bicycles' });
                  await sdk.screen('App start');
                }
                """);
            await CountAsync(expected);
            var events = Events().Skip(expected - 6).ToDictionary(e => e.GetProperty("type").GetString()!);
            events.Keys.Order().ShouldBe(["alias", "group", "identify", "page", "screen", "track"]);
            events["track"].GetProperty("properties").ToString().ShouldBe("""{"sku":"b-1","revenue":1299.5,"currency":"EUR"}""");
            (events["page"].GetProperty("name").GetString(), events["page"].GetProperty("context").GetProperty("campaign").GetProperty("name").GetString()).ShouldBe(("Bicycles", "autumn"));
            events["identify"].GetProperty("traits").GetProperty("name").GetString().ShouldBe("Jürgen");
            events["group"].GetProperty("groupId").GetString().ShouldBe("fleet-1");
            // Calls made before the SDK is ready come in its own order: whom an alias names before is its choice.
            events["alias"].GetProperty("userId").GetString().ShouldBe("k-7");
            tab.Complaints.ShouldBeEmpty();
        }
    }

    private string Address => _server.Address.ToString().TrimEnd('/');

    private string Script(string settings = "") => $"<script src=\"{Address}/collect.js\" data-key=\"{_source.WriteKey}\" {settings}></script>";

    private static string Text(JsonElement e) =>
        $"{e.GetProperty("type").GetString()} {(e.TryGetProperty("event", out var name) ? name.GetString() : e.GetProperty("type").GetString() == "page" ? e.GetProperty("context").GetProperty("page").GetProperty("path").GetString() : "")}";

    /// <summary>Cookies and storage of the page, in words.</summary>
    private static async Task WaitAsync(Func<bool> isSo)
    {
        for (var i = 0; i < 600 && !isSo(); i++) await Task.Delay(50);
        isSo().ShouldBeTrue();
    }

    private static Task<string> StoredAsync(IPage page) =>
        page.EvaluateAsync<string>("() => document.cookie + '|' + Object.keys(localStorage).map(k => k + '=' + localStorage[k] + ';').join('') + Object.keys(sessionStorage).join()");

    private async Task CountAsync(int expected)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (Events().Count < expected && !patience.IsCancellationRequested) await Task.Delay(50, CancellationToken.None);
        // What comes too much comes soon after.
        await Task.Delay(500, CancellationToken.None);
        Events().Count.ShouldBe(expected, string.Join(", ", Events().Select(Text)));
    }

    private List<JsonElement> Events()
    {
        var events = new List<JsonElement>();
        foreach (var row in _server.Get<EventLog>().Read(0).Where(r => r.SourceId == _source.Id))
            foreach (var line in row.Events) events.Add(JsonDocument.Parse(line).RootElement);
        return events;
    }
}
