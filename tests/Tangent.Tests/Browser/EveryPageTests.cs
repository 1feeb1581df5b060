namespace Tangent.Tests.Browser;

/// <summary>Finds all pages by itself and looks at each one: accessible in light and dark, no console message, fits a phone in three languages.</summary>
[Collection("browser")]
public sealed class EveryPageTests(Chromium chromium) : IAsyncLifetime
{
    private static readonly string[] NotPages =
    [
        "/unify/events/", "/access/invitations/", "/access/users/{", "/collect/imports/", "/analyse/volumes/", "/docs/images/", "/preferences/", "/s/", "/m/", "/analyse/live-maps/{id:int}/lane", "/unify/duplicates/", "/unify/accounts/records",
        "/o/", "/measure/accounts/", "/measure/customers/", "/map/journey-maps/{id:int}/board", "/map/journey-maps/{id:int}/history", "/measure/map-quotes/", "/map/personas/{id:int}/picture", "/map/journey-maps/{id:int}/{part}/{partId}/editor",
        .. new[] { "consents", "household", "next", "privacy/export", "records", "restriction", "segments", "timeline" }.Select(part => "/unify/customers/{number:int}/" + part),
    ];

    private readonly List<string> _faults = [];
    private TestServer _server = null!;
    private List<string> _pages = [];

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        await SmallCompany.FoundAsync(_server);
        _pages = await AllPages.FindAsync(_server);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [BrowserFact]
    public async Task Every_page_is_accessible_in_light_and_dark()
    {
        foreach (var dark in (bool[])[false, true])
        {
            await using var tab = await chromium.OpenAsync(_server.Address, dark: dark);
            foreach (var page in _pages)
            {
                await tab.GoAsync(page);
                await tab.ShootAsync($"{Name(page)}{(dark ? "-dark" : "")}");
                Note(page, dark ? "dark" : "light", await tab.AccessibilityFaultsAsync());
            }

            Note("console", dark ? "dark" : "light", string.Join('\n', tab.Complaints));
        }

        _faults.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Every_page_fits_a_phone_in_three_languages()
    {
        foreach (var language in (string[])["en", "de", "pl"])
        {
            await using var tab = await chromium.OpenAsync(_server.Address, width: 360, height: 740, language: language);
            foreach (var page in _pages)
            {
                await tab.GoAsync(page);
                if (language != "en" || page != "/api") await tab.ShootAsync($"{Name(page)}-phone-{language}");
                Note(page, language, await tab.OverflowAsync());
                if (language == "de") Note(page, "phone", await tab.AccessibilityFaultsAsync());
            }
        }

        _faults.ShouldBeEmpty();
    }

    [BrowserFact]
    public Task Every_page_with_a_parameter_is_among_the_pages_looked_at()
    {
        // Fragments, files, pages that a secret in the address opens, and people and pairs, of whom a demo has none (AccountTests and DuplicatesTests look at theirs).
        AllPages.Unseen(_server, _pages).Where(r => !NotPages.Any(r.StartsWith)).ShouldBeEmpty();
        return Task.CompletedTask;
    }

    private void Note(string page, string where, string faults)
    {
        if (faults.Length > 0) _faults.Add($"{page} ({where}): {faults}");
    }

    private static string Name(string page) => page == "/" ? "overview" : page.Trim('/').Split('?')[0].Replace('/', '-') + (page.Contains('?', StringComparison.Ordinal) ? "-chosen" : "");
}
