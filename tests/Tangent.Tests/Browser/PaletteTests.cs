using Microsoft.Playwright;

namespace Tangent.Tests.Browser;

/// <summary>The palette and a table by keyboard alone, in a real browser.</summary>
[Collection("browser")]
public sealed class PaletteTests(Chromium chromium) : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        await SmallCompany.FoundAsync(_server);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [BrowserFact]
    public async Task Control_K_reaches_a_customer_by_keyboard_alone()
    {
        await using var tab = await chromium.OpenAsync(_server.Address);
        await tab.GoAsync("/?from=2026-01-01");
        await tab.Page.Keyboard.PressAsync("Control+k");
        await tab.Page.WaitForSelectorAsync("#palette[open] [role=option]");
        (await tab.AccessibilityFaultsAsync()).ShouldBeEmpty();
        await tab.ShootAsync("palette", whole: false);
        await tab.Page.Keyboard.TypeAsync("lucja zak");
        await tab.Page.WaitForSelectorAsync("#palette [role=option][aria-selected=true][href^='/unify/customers/']");
        await tab.Page.Keyboard.PressAsync("ArrowDown");
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.Page.WaitForURLAsync("**/unify/customers/*");
        tab.Complaints.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Enter_before_the_answer_is_there_searches_for_what_was_typed()
    {
        await using var tab = await chromium.OpenAsync(_server.Address);
        await tab.GoAsync("/");
        // The palette's own question is never answered.
        await tab.Page.RouteAsync("**/search?**", route => route.Request.Headers.ContainsKey("hx-request") ? Task.CompletedTask : route.ContinueAsync());
        await tab.Page.Keyboard.PressAsync("Control+k");
        await tab.Page.WaitForSelectorAsync("#palette[open] [role=option][aria-selected=true]");
        await tab.Page.Keyboard.TypeAsync("lucja");
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.Page.WaitForURLAsync("**/search?q=lucja**");
    }

    [BrowserFact]
    public async Task A_table_is_searched_while_typing_and_its_file_has_the_same_rows()
    {
        await using var tab = await chromium.OpenAsync(_server.Address);
        await tab.GoAsync("/analyse/flows");
        await tab.Page.Locator("#flows-find").FillAsync("invoice");
        await tab.Page.WaitForURLAsync("**flows.find=invoice**");
        await tab.SettleAsync();
        (await tab.Page.EvaluateAsync<string>("document.activeElement.id")).ShouldBe("flows-find");
        await tab.Page.Locator("#flows-by-times").ClickAsync();
        await tab.Page.WaitForURLAsync("**flows.sort=**");
        await tab.SettleAsync();
        var rows = await tab.Page.Locator("#flows tbody tr").CountAsync();
        var table = tab.Page.Locator("#flows-table");
        await table.GetByLabel("Download as a file").ClickAsync();
        var download = await tab.Page.RunAndWaitForDownloadAsync(() => table.GetByRole(AriaRole.Link, new() { Name = "CSV" }).ClickAsync());
        (await File.ReadAllLinesAsync(await download.PathAsync())).Length.ShouldBe(rows + 1);
        tab.Complaints.ShouldBeEmpty();
    }
}
