using Microsoft.Playwright;

namespace Tangent.Tests.Browser;

/// <summary>A person imports a file: looks first, maps the columns, tries it, takes it, takes it back and again.</summary>
[Collection("browser")]
public sealed class ImportAFileTests(Chromium chromium) : IAsyncLifetime
{
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("tangent-upload").FullName, "besuche.csv");
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        await File.WriteAllTextAsync(_file, "Kunde;Ereignis;Datum;Kanal;Betrag\nk1;Besuch;01.03.2024 10:00;Filiale;\nk1;Kauf;01.03.2024 10:30;Filiale;19,90\nk2;;02.03.2024 11:00;Web;\nk3;Besuch;31.02.2024 11:00;Web;\n");
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);
    }

    [BrowserFact]
    public async Task A_dry_run_shows_what_an_import_then_takes()
    {
        await using var tab = await chromium.OpenAsync(_server.Address);
        await tab.GoAsync("/collect/imports");
        await tab.Page.SetInputFilesAsync("#file", _file);
        await tab.Page.ClickAsync("form[data-upload] button.btn-primary");
        await tab.Page.WaitForURLAsync("**/collect/imports/files/*");
        await tab.SettleAsync();
        (await tab.Page.InputValueAsync("select[name=field] >> nth=0")).ShouldBe("customer");
        await tab.ShootAsync("collect-imports-file");
        (await tab.AccessibilityFaultsAsync()).ShouldBeEmpty();

        await MapAsync(tab);
        await tab.Page.Locator("select[name=field]").Nth(4).SelectOptionAsync("-");
        await tab.Page.ClickAsync("button[name=dryRun]");
        await tab.Page.WaitForURLAsync("**/files/*?import=1*");
        await Assertions.Expect(tab.Page.Locator("#dry-run")).ToContainTextAsync("2 events would be new in the source besuche", new() { Timeout = 30_000 });
        await Assertions.Expect(tab.Page.Locator("#dry-run")).ToContainTextAsync("\"userId\":\"k1\"");
        (await tab.Page.InputValueAsync("select[name=field] >> nth=4")).ShouldBe("-");
        await tab.ShootAsync("collect-imports-dry-run");
        await tab.Page.Locator("select[name=field]").Nth(4).SelectOptionAsync("value");
        await tab.Page.ClickAsync("button.btn-primary");
        await tab.Page.WaitForURLAsync("**/collect/imports?import=2");
        await Assertions.Expect(tab.Page.Locator("main")).ToContainTextAsync("2 new events of the source besuche are in the journeys.", new() { Timeout = 30_000 });
        var text = await tab.Page.InnerTextAsync("main");
        text.ShouldContain("dd.MM.yyyy HH:mm");
        text.ShouldContain("'31.02.2024 11:00' is no time in the format of this column.");
        await UndoAsync(tab);
        await tab.ShootAsync("collect-imports-report");
        (await tab.AccessibilityFaultsAsync()).ShouldBeEmpty();
        await tab.Page.SetViewportSizeAsync(360, 740);
        (await tab.OverflowAsync()).ShouldBeEmpty();
        await tab.ShootAsync("collect-imports-report-phone");
        tab.Complaints.ShouldBeEmpty();
    }

    /// <summary>By dragging, which takes a field from the column that had it, and by the keyboard, which passes others on its way and takes nothing.</summary>
    private static async Task MapAsync(Tab tab)
    {
        var (fields, column) = (tab.Page.Locator("select[name=field]"), tab.Page.Locator("[data-column='Betrag']"));
        await column.DragToAsync(tab.Page.Locator("[data-field='campaign']"));
        (await fields.Nth(4).InputValueAsync()).ShouldBe("campaign");
        await Assertions.Expect(tab.Page.Locator("[data-field='campaign']")).ToContainTextAsync("Betrag");
        await Assertions.Expect(tab.Page.Locator("[data-field='value']")).Not.ToContainTextAsync("Betrag");
        await column.DragToAsync(tab.Page.Locator("[data-field='channel']"));
        (await fields.Nth(3).InputValueAsync(), await fields.Nth(4).InputValueAsync()).ShouldBe(("", "channel"));
        await fields.Nth(3).FocusAsync();
        await tab.Page.Keyboard.TypeAsync("Chan");
        await Assertions.Expect(tab.Page.Locator("[data-chosen]")).ToHaveTextAsync("Kanal: Channel");
        (await fields.Nth(0).InputValueAsync(), await fields.Nth(3).InputValueAsync(), await fields.Nth(4).InputValueAsync()).ShouldBe(("customer", "channel", "channel"));
        await Assertions.Expect(tab.Page.Locator("[data-field='channel'].is-twice")).ToBeVisibleAsync();
    }

    private static async Task UndoAsync(Tab tab)
    {
        tab.Page.Dialog += (_, dialog) => dialog.AcceptAsync();
        await tab.Page.ClickAsync("[aria-labelledby=report] form[action$='/undo'] button");
        await Assertions.Expect(tab.Page.Locator("[aria-labelledby=report] form[action$='/restoration'] button")).ToBeVisibleAsync();
        await tab.Page.ClickAsync("[aria-labelledby=report] form[action$='/restoration'] button");
        await Assertions.Expect(tab.Page.Locator("[aria-labelledby=report] form[action$='/undo'] button")).ToBeVisibleAsync();
        await tab.SettleAsync();
    }
}
