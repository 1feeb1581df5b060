using System.Collections.Concurrent;

namespace Tangent.Tests.Browser;

/// <summary>A small company and its pages, found once for all that look at them.</summary>
public sealed class PagesOfACompany : IAsyncLifetime
{
    public TestServer Server { get; private set; } = null!;

    public IReadOnlyList<string> Pages { get; private set; } = [];

    public async Task InitializeAsync()
    {
        Server = await TestServer.StartAsync();
        await SmallCompany.FoundAsync(Server);
        Pages = await AllPages.FindAsync(Server);
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();
}

/// <summary>By itself, so that it runs beside the other browser tests: it takes as long as they do together.</summary>
[CollectionDefinition("every page")]
public sealed class EveryPage : ICollectionFixture<Chromium>, ICollectionFixture<PagesOfACompany>;

/// <summary>Finds all pages by itself and looks at each one: accessible in light and dark, no console message, fits a phone in three languages.</summary>
[Collection("every page")]
public sealed class EveryPageTests(Chromium chromium, PagesOfACompany company)
{
    // A page waits for the network to be still; meanwhile the others are drawn.
    private const int TabsAtOnce = 3;
    private const int LongestMs = 1_800_000;

    private static readonly string[] NotPages =
    [
        "/unify/events/", "/access/invitations/", "/access/users/{", "/collect/imports/", "/analyse/volumes/", "/docs/images/", "/preferences/", "/s/", "/m/", "/analyse/live-maps/{id:int}/lane", "/unify/duplicates/", "/unify/accounts/records",
        "/o/", "/measure/accounts/", "/measure/customers/", "/map/journey-maps/{id:int}/board", "/map/journey-maps/{id:int}/history", "/measure/map-quotes/", "/measure/touchpoints/{id:int}/survey-links", "/map/personas/{id:int}/picture", "/map/journey-maps/{id:int}/{part}/{partId}/editor",
        .. new[] { "consents", "household", "next", "privacy/export", "records", "restriction", "segments", "timeline" }.Select(part => "/unify/customers/{number:int}/" + part),
    ];

    private readonly ConcurrentQueue<string> _faults = [];

    [BrowserFact(Timeout = LongestMs)]
    public async Task Every_page_is_accessible_in_light_and_dark_and_fits_a_phone()
    {
        await EachAsync(() => chromium.OpenAsync(company.Server.Address), "en", async (tab, page) =>
        {
            await tab.GoAsync(page);
            await tab.ShootAsync(Name(page));
            Note(page, "light", await tab.AccessibilityFaultsAsync());
            await tab.TurnAsync(dark: true);
            // The explorer is not ours and takes its colours when it is loaded.
            if (page == "/api") await tab.GoAsync(page);
            await tab.ShootAsync(Name(page) + "-dark");
            Note(page, "dark", await tab.ColourFaultsAsync());
            await tab.TurnAsync(dark: false);
            await tab.Page.SetViewportSizeAsync(360, 740);
            await tab.SettleAsync();
            if (page != "/api") await tab.ShootAsync(Name(page) + "-phone-en");
            Note(page, "phone, en", await tab.OverflowAsync());
            await tab.Page.SetViewportSizeAsync(1280, 900);
        });
        _faults.ShouldBeEmpty();
    }

    [BrowserFact(Timeout = LongestMs)]
    public async Task Every_page_fits_a_phone_in_German_and_Polish()
    {
        foreach (var language in (string[])["de", "pl"])
            await EachAsync(() => chromium.OpenAsync(company.Server.Address, width: 360, height: 740, language: language), language, async (tab, page) =>
            {
                await tab.GoAsync(page);
                await tab.ShootAsync($"{Name(page)}-phone-{language}");
                Note(page, language, await tab.OverflowAsync());
                if (language == "de") Note(page, "phone", await tab.AccessibilityFaultsAsync());
            });
        _faults.ShouldBeEmpty();
    }

    [BrowserFact]
    public Task Every_page_with_a_parameter_is_among_the_pages_looked_at()
    {
        // Fragments, files, pages that a secret in the address opens, and people and pairs, of whom a demo has none (AccountTests and DuplicatesTests look at theirs).
        AllPages.Unseen(company.Server, company.Pages).Where(r => !NotPages.Any(r.StartsWith)).ShouldBeEmpty();
        return Task.CompletedTask;
    }

    /// <summary>Looks at every page in some tabs side by side; what their consoles say is noted as well.</summary>
    private async Task EachAsync(Func<Task<Tab>> open, string where, Func<Tab, string, Task> look)
    {
        var waiting = new ConcurrentQueue<string>(company.Pages);
        await Task.WhenAll(Enumerable.Range(0, TabsAtOnce).Select(async _ =>
        {
            await using var tab = await open();
            while (waiting.TryDequeue(out var page))
            {
                await look(tab, page);
                Note(page, "console, " + where, string.Join('\n', tab.Complaints));
                tab.Complaints.Clear();
            }
        }));
    }

    private void Note(string page, string where, string faults)
    {
        if (faults.Length > 0) _faults.Enqueue($"{page} ({where}): {faults}");
    }

    private static string Name(string page) => page == "/" ? "overview" : page.Trim('/').Split('?')[0].Replace('/', '-') + (page.Contains('?', StringComparison.Ordinal) ? "-chosen" : "");
}
