using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Tangent.Access;

namespace Tangent.Tests.Browser;

/// <summary>The first day with Tangent, as a person goes through it in the browser.</summary>
[Collection("browser")]
public sealed class FirstDayTests(Chromium chromium)
{
    [BrowserFact]
    public async Task From_the_first_start_to_a_funnel_and_a_Sankey()
    {
        await using var server = await TestServer.StartAsync(demo: false);
        await using var tab = await chromium.OpenAsync(server.Address);
        var page = tab.Page;

        await tab.GoAsync("/");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await BecomeOwnerAsync(server, tab);

        await tab.GoAsync("/collect/sources");
        await page.GetByLabel("Name").FillAsync("Web shop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create source" }).ClickAsync();
        await Expect(page.Locator("#snippet-curl")).ToBeVisibleAsync();

        await ImportAsync(tab);
        await MapAsync(tab);

        await tab.GoAsync("/analyse/funnels?step=Confirmation%20of%20receipt&step=T02%20Check%20confirmation%20of%20receipt");
        (await page.Locator("[data-chart=funnel] svg path").CountAsync()).ShouldBeGreaterThan(2);
        await tab.ShootAsync("first-day-funnel");

        await tab.GoAsync("/analyse/paths");
        (await page.Locator("[data-chart=sankey] svg path").CountAsync()).ShouldBeGreaterThan(10);
        await tab.ShootAsync("first-day-paths");

        await page.GetByRole(AriaRole.Link, new() { Name = "Customers", Exact = true }).First.ClickAsync();
        await page.Locator(".row-link").First.ClickAsync();
        // The click below is htmx's: its script runs when the page has loaded.
        await page.WaitForURLAsync("**/unify/customers/*");
        await page.WaitForLoadStateAsync(LoadState.Load);
        await page.GetByText("Original event").First.ClickAsync();
        await Expect(page.Locator(".original pre").First).ToContainTextAsync("\"event\"");
        await tab.ShootAsync("first-day-customer");
        tab.Complaints.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Language_theme_and_sign_out_are_in_the_menu()
    {
        await using var server = await TestServer.StartAsync(demo: false);
        await using var tab = await chromium.OpenAsync(server.Address);
        var page = tab.Page;
        await BecomeOwnerAsync(server, tab);

        await tab.GoAsync("/map/touchpoints");
        await page.Locator("summary", new() { HasText = "EN" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Polski" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Punkty styku" })).ToBeVisibleAsync();
        await page.Locator("summary").Nth(1).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Ciemny" }).ClickAsync();
        (await page.Locator("html").GetAttributeAsync("data-bs-theme")).ShouldBe("dark");
        await page.Locator("summary").Nth(1).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Wyloguj" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/access/sign-in"));
        tab.Complaints.ShouldBeEmpty();
    }

    internal static async Task BecomeOwnerAsync(TestServer server, Tab tab)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var token = await scope.ServiceProvider.GetRequiredService<InvitationQueries>().CreateAsync(null, Role.Owner, CancellationToken.None);
        await tab.GoAsync(InvitationsEndpoints.Link(token));
        await tab.Page.GetByLabel("E-mail address").FillAsync("owner@example.org");
        await tab.Page.Locator("#password").FillAsync("long enough words");
        await tab.ShootAsync("first-day-owner", whole: false);
        await tab.Page.Locator("main button.btn-primary").ClickAsync();
        await Expect(tab.Page.Locator(".sidebar")).ToBeVisibleAsync();
    }

    private static async Task ImportAsync(Tab tab)
    {
        var page = tab.Page;
        await tab.GoAsync("/collect/imports");
        await page.Locator("#file").SetInputFilesAsync(new FilePayload { Name = "permits.csv", MimeType = "text/csv", Buffer = Permits() });
        await page.GetByRole(AriaRole.Button, new() { Name = "Send and look" }).ClickAsync();
        await page.WaitForURLAsync("**/collect/imports/files/*");
        await page.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true }).ClickAsync();
        await Expect(page.Locator(".alert-success").First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await tab.ShootAsync("first-day-import");
    }

    private static async Task MapAsync(Tab tab)
    {
        var page = tab.Page;
        await tab.GoAsync("/collect/mapping");
        await page.GetByLabel("Touchpoint for Letter sent").FillAsync("Letter to the applicant");
        await page.GetByRole(AriaRole.Button, new() { Name = "Map Letter sent" }).ClickAsync();
        await Expect(page.Locator(".alert-success")).ToContainTextAsync("Letter to the applicant");
        page.Dialog += (_, dialog) => dialog.AcceptAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Take all" }).ClickAsync();
        await Expect(page.GetByText("Everything is mapped")).ToBeVisibleAsync();
        await tab.ShootAsync("first-day-mapping");
    }

    /// <summary>Four hundred made-up permit cases in the form of an event log.</summary>
    private static byte[] Permits()
    {
        var random = new Random(3);
        var rows = new System.Text.StringBuilder("case;activity;time\n");
        for (var i = 0; i < 400; i++)
        {
            var at = new DateTime(2026, 1, 5, 8, 0, 0).AddHours(random.Next(3000));
            foreach (var (activity, share) in (ReadOnlySpan<(string, double)>)[("Confirmation of receipt", 1), ("T02 Check confirmation of receipt", .85), ("T04 Determine confirmation of receipt", .9), ("T05 Print and send confirmation", .8), ("Letter sent", .5)])
            {
                if (random.NextDouble() > share) continue;
                rows.Append(System.Globalization.CultureInfo.InvariantCulture, $"case-{i};{activity};{at:yyyy-MM-dd HH:mm:ss}\n");
                at = at.AddMinutes(random.Next(10, 5000));
            }
        }

        return System.Text.Encoding.UTF8.GetBytes(rows.ToString());
    }

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    private static IPageAssertions Expect(IPage page) => Assertions.Expect(page);
}
