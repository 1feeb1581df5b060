namespace Tangent.Tests.Browser;

/// <summary>A person imports a file: looks first, then takes it, and sees what became of each row.</summary>
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
        await tab.Page.CheckAsync("input[name=dryRun]");
        await SendAsync(tab, 1);
        (await tab.Page.InnerTextAsync("main")).ShouldContain("2 events would be new in the source besuche");

        await tab.Page.SetInputFilesAsync("#file", _file);
        await SendAsync(tab, 2);
        var text = await tab.Page.InnerTextAsync("main");
        text.ShouldContain("2 new events of the source besuche are in the journeys.");
        text.ShouldContain("dd.MM.yyyy HH:mm");
        text.ShouldContain("'31.02.2024 11:00' is no time in the format of this column.");
        await tab.ShootAsync("collect-imports-report");
        (await tab.AccessibilityFaultsAsync()).ShouldBeEmpty();
        await tab.Page.SetViewportSizeAsync(360, 740);
        (await tab.OverflowAsync()).ShouldBeEmpty();
        await tab.ShootAsync("collect-imports-report-phone");
        tab.Complaints.ShouldBeEmpty();
    }

    private static async Task SendAsync(Tab tab, int import)
    {
        await tab.Page.ClickAsync("form[enctype] button.btn-primary");
        await tab.Page.WaitForURLAsync($"**/collect/imports?import={import}");
        await tab.SettleAsync();
    }
}
