using Microsoft.AspNetCore.Routing;


namespace Tangent.Tests.Browser;

/// <summary>Finds all pages by itself and looks at each one: accessible in light and dark, no console message, fits a phone in three languages.</summary>
[Collection("browser")]
public sealed class EveryPageTests(Chromium chromium) : IAsyncLifetime
{
    private readonly List<string> _faults = [];
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        await SmallCompany.FoundAsync(_server);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [BrowserFact]
    public async Task Every_page_is_accessible_in_light_and_dark()
    {
        foreach (var dark in (bool[])[false, true])
        {
            await using var tab = await chromium.OpenAsync(_server.Address, dark: dark);
            foreach (var page in await PagesAsync())
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
            foreach (var page in await PagesAsync())
            {
                await tab.GoAsync(page);
                if (language != "en" || page != "/api") await tab.ShootAsync($"{Name(page)}-phone-{language}");
                Note(page, language, await tab.OverflowAsync());
                if (language == "de") Note(page, "phone", await tab.AccessibilityFaultsAsync());
            }
        }

        _faults.ShouldBeEmpty();
    }

    private void Note(string page, string where, string faults)
    {
        if (faults.Length > 0) _faults.Add($"{page} ({where}): {faults}");
    }

    private static string Name(string page) => page == "/" ? "overview" : page.Trim('/').Split('?')[0].Replace('/', '-') + (page.Contains('?', StringComparison.Ordinal) ? "-chosen" : "");

    /// <summary>Every address without parameters that answers GET with a page.</summary>
    private async Task<List<string>> PagesAsync()
    {
        var routes = _server.Get<IEnumerable<EndpointDataSource>>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.Parameters.Count == 0 && e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true)
            .Select(e => "/" + e.RoutePattern.RawText!.Trim('/'))
            .Where(r => !r.StartsWith("/api/", StringComparison.Ordinal) && !Path.HasExtension(r)).Distinct().Order(StringComparer.Ordinal);
        var pages = new List<string>();
        foreach (var route in routes)
        {
            using var answer = await _server.Http.GetAsync(route);
            // A list of customers without the number they stand behind is refused; with one it is added below.
            ((int)answer.StatusCode).ShouldBeLessThan(500, route);
            if (!answer.IsSuccessStatusCode || answer.Content.Headers.ContentType?.MediaType != "text/html") continue;
            if ((await answer.Content.ReadAsStringAsync()).StartsWith("<!DOCTYPE html>", StringComparison.OrdinalIgnoreCase)) pages.Add(route);
        }

        pages.Count.ShouldBeGreaterThan(1);
        pages.AddRange(["/map/touchpoints/5", "/map/touchpoints/5/edit", "/there/is/no/such/page",
            "/analyse/funnels?step=Product+page&step=Checkout&window=30d&breakdown=channel", "/analyse/funnels/customers?step=Product+page&step=Checkout&at=1&dropped=true",
            "/unify/customers/0", "/unify/customers/0/merge", "/unify/customers?search=nobody%20at%20all", "/collect/sources/1"]);
        return pages;
    }
}
