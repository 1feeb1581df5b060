using System.IO.Compression;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Tangent.Collect;

namespace Tangent.Tests.Browser;

/// <summary>A person asks for the own data, and then to be erased; and an owner sets for how long data is kept.</summary>
[Collection("browser")]
public sealed class PersonDataTests(Chromium chromium) : IAsyncLifetime
{
    private TestServer _server = null!;
    private string _key = "";

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _key = (await (await _server.Http.PostAsJsonAsync("/api/v1/collect/sources", new { name = "Shop", kind = "server" })).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("writeKey").GetString()!;
        await SendAsync("identify", 500, new { userId = "K-4711", anonymousId = "phone", traits = new { name = "Anna Łucja Größ", email = "anna@example.org", phone = "+49 170 5559731", city = "Köln" } });
        await SendAsync("track", 500, new { userId = "K-4711", @event = "Shop visit" });
        await SendAsync("track", 400, new { anonymousId = "somebody", @event = "Product page" });
        await SendAsync("track", 3, new { userId = "K-4711", @event = "Order <completed>", properties = new { value = 129.5, currency = "EUR" } });
        // Whose the address is must be known by then.
        await KeptAsync();
        (await _server.Http.PostAsJsonAsync("/api/v1/unify/consents", new { contactPoint = "email:anna@example.org", purpose = "commercial", state = "given" })).EnsureSuccessStatusCode();
        const string orders = "order number;customer number;order date;total;currency;status\nR-100;K-4711;2026-03-04;129,50;EUR;completed\n";
        (await _server.Http.PostAsync("/api/v1/collect/imports?fileName=orders.csv&source=Shop&kind=orders", new StringContent(orders, Encoding.UTF8, "text/csv"))).EnsureSuccessStatusCode();
        await KeptAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [BrowserFact]
    public async Task From_the_data_page_to_the_export_and_after_the_erasure_nothing_is_found()
    {
        await using var tab = await chromium.OpenAsync(_server.Address);
        var (page, number) = (tab.Page, _server.Get<JourneyStore>().FindCustomer("K-4711")!.Value);
        await tab.GoAsync($"/unify/customers/{number}");
        await page.ClickAsync($"a[href='/unify/customers/{number}/privacy'] >> nth=0");
        await page.WaitForSelectorAsync("#kept");
        (await tab.AccessibilityFaultsAsync()).ShouldBeEmpty();

        var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("main a[download]"));
        download.SuggestedFilename.ShouldBe($"customer-{number}.zip");
        await ShouldHoldEverythingAsync(await download.PathAsync());

        await page.FillAsync("#erase-reason", "request 12");
        await page.FillAsync("#erase-confirmation", "K-47");
        await page.ClickAsync(".btn-danger");
        await Assertions.Expect(page.Locator(".alert-danger")).ToContainTextAsync("K-4711");
        _server.Get<JourneyStore>().FindCustomer("K-4711").ShouldBe(number);
        // The browser itself reports what was refused.
        tab.Complaints.ShouldHaveSingleItem().ShouldContain("422");
        tab.Complaints.Clear();
        await page.FillAsync("#erase-reason", "request 12");
        await page.FillAsync("#erase-confirmation", "K-4711");
        await page.ClickAsync(".btn-danger");
        await page.WaitForURLAsync("**/unify/privacy**");
        await Assertions.Expect(page.Locator(".alert-success")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#tombstones")).ToContainTextAsync("request 12");

        await tab.GoAsync("/unify/customers?search=anna");
        (await page.Locator("main .row-link").CountAsync()).ShouldBe(0);
        (await page.GotoAsync($"/unify/customers/{number}/privacy?from=never"))!.Status.ShouldBe(404);
        tab.Complaints.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Retention_periods_are_previewed_saved_and_carried_out()
    {
        await using var tab = await chromium.OpenAsync(_server.Address);
        var page = tab.Page;
        await tab.GoAsync("/unify/privacy");
        await page.ClickAsync("a[href='/unify/retention']");
        await page.FillAsync("#days-events", "365");
        await page.FillAsync("#days-visitors", "90");
        await page.ClickAsync("button[formaction='/unify/retention/preview']");
        await Assertions.Expect(page.Locator("tr:has(#days-events) strong")).ToHaveTextAsync("1");
        await Assertions.Expect(page.Locator("tr:has(#days-visitors) strong")).ToHaveTextAsync("1");
        (await page.Locator(".btn-danger").CountAsync()).ShouldBe(0, "what is only looked at cannot be carried out");
        _server.Get<JourneyStore>().Journey(_server.Get<JourneyStore>().FindCustomer("K-4711")!.Value, new Paging())!.Line.Events.ShouldBe(3);

        await page.ClickAsync("form[action='/unify/retention'] .btn-primary");
        await page.WaitForURLAsync("**/unify/retention?saved");
        (await tab.AccessibilityFaultsAsync()).ShouldBeEmpty();
        page.Dialog += (_, dialog) => dialog.AcceptAsync();
        await page.ClickAsync(".btn-danger");
        await Assertions.Expect(page.Locator("main ul.plain-list")).ToContainTextAsync("1");
        _server.Get<JourneyStore>().Journey(_server.Get<JourneyStore>().FindCustomer("K-4711")!.Value, new Paging())!.Line.Events.ShouldBe(2);
        tab.Complaints.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task The_pages_are_legible_in_every_language_and_width()
    {
        await _server.Http.PutAsJsonAsync("/api/v1/unify/retention", new { periods = new { events = 365, visitors = 90, rejections = 30 } });
        (await _server.Http.PostAsync("/api/v1/unify/retention/runs", null)).EnsureSuccessStatusCode();
        await _server.Http.PostAsJsonAsync("/api/v1/unify/privacy/requests", new { kind = "access", customer = "K-4711", note = "Letter 2026-118" });
        var number = _server.Get<JourneyStore>().FindCustomer("K-4711")!.Value;
        foreach (var (language, width, dark) in new[] { ("en", 1280, false), ("de", 390, true), ("pl", 1280, true), ("pl", 390, false) })
        {
            await using var tab = await chromium.OpenAsync(_server.Address, width, 900, language, dark);
            foreach (var (name, address) in new[] { ("retention", "/unify/retention"), ("person-data", $"/unify/customers/{number}/privacy"), ("privacy", "/unify/privacy") })
            {
                await tab.GoAsync(address);
                (await tab.AccessibilityFaultsAsync()).ShouldBeEmpty();
                (await tab.OverflowAsync()).ShouldBeEmpty();
                await tab.ShootAsync($"{name}-{language}-{width}");
            }

            tab.Complaints.ShouldBeEmpty();
        }
    }

    private static async Task ShouldHoldEverythingAsync(string path)
    {
        await using var zip = await ZipFile.OpenReadAsync(path);
        async Task<string> ReadAsync(string name)
        {
            using var reader = new StreamReader(await zip.GetEntry(name)!.OpenAsync());
            return await reader.ReadToEndAsync();
        }

        JsonDocument.Parse(await ReadAsync("events.json")).RootElement.EnumerateArray().Select(e => e.GetProperty("record").TryGetProperty("event", out var name) ? name.GetString() : "").ShouldContain("Order <completed>");
        JsonDocument.Parse(await ReadAsync("consents.json")).RootElement[0].ToString().ShouldContain("commercial");
        JsonDocument.Parse(await ReadAsync("records.json")).RootElement[0].GetProperty("id").GetString().ShouldBe("R-100");
        var page = await ReadAsync("index.html");
        foreach (var text in (string[])["Anna Łucja Größ", "Order &lt;completed&gt;", "commercial", "R-100", "Köln"]) page.ShouldContain(text);
        page.ShouldNotContain("<script");
    }

    private async Task SendAsync(string type, int daysAgo, object body)
    {
        var json = JsonSerializer.SerializeToNode(body, JsonSerializerOptions.Web)!.AsObject();
        json["timestamp"] = DateTimeOffset.UtcNow.AddDays(-daysAgo).ToString("O");
        using var call = new HttpRequestMessage(HttpMethod.Post, $"/v1/{type}") { Content = JsonContent.Create(json) };
        call.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(_key + ":")));
        (await _server.Http.SendAsync(call)).EnsureSuccessStatusCode();
    }

    private async Task KeptAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _server.Get<JourneyStore>().WaitUntilVisibleAsync(_server.Get<EventLog>().EndPosition, patience.Token);
        foreach (var follower in _server.Services.GetServices<ILogFollower>()) await follower.WaitUntilKeptAsync(_server.Get<EventLog>().EndPosition, patience.Token);
    }
}
