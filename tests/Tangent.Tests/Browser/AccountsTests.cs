using Tangent.Cli;

namespace Tangent.Tests.Browser;

/// <summary>Companies of the demo in Chromium: from the list to who is silent, and a role said by hand.</summary>
[Collection("browser")]
public sealed class AccountsTests(Chromium chromium) : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("tangent-accounts").FullName, "demo");
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        (await CommandLine.RunAsync(["demo", "--no-serve", "--data", _folder, "--json", "--customers", "2000"])).ShouldBe(ExitCode.Done);
        _server = await TestServer.StartAsync(dataFolder: _folder);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [BrowserFact]
    public async Task From_the_list_to_the_silent_and_a_role_is_said()
    {
        foreach (var (language, width, dark) in new[] { ("en", 1280, false), ("de", 390, true), ("pl", 1280, true) })
        {
            await using var tab = await chromium.OpenAsync(_server.Address, width, 900, language, dark);
            await tab.GoAsync("/unify/accounts");
            (await tab.AccessibilityFaultsAsync()).ShouldBeEmpty();
            await tab.ShootAsync($"accounts-{language}");
            await tab.Page.ClickAsync("#accounts a.row-link >> nth=0");
            await tab.Page.WaitForSelectorAsync("#journey");
            (await tab.AccessibilityFaultsAsync()).ShouldBeEmpty();
            (await tab.OverflowAsync()).ShouldBeEmpty();
            await tab.ShootAsync($"account-{language}");

            await tab.Page.SelectOptionAsync("#members select[name=role] >> nth=0", "gatekeeper");
            await tab.Page.ClickAsync("#members .role-form button >> nth=0");
            await tab.Page.WaitForSelectorAsync("#coverage a[href*='buyingRole=gatekeeper']");

            await tab.GoAsync("/unify/accounts/coverage?days=60");
            (await tab.AccessibilityFaultsAsync()).ShouldBeEmpty();
            (await tab.OverflowAsync()).ShouldBeEmpty();
            await tab.ShootAsync($"coverage-{language}");
            await tab.Page.ClickAsync("#coverage tbody td a >> nth=0");
            await tab.Page.WaitForSelectorAsync("#members a.row-link");
            (await tab.AccessibilityFaultsAsync()).ShouldBeEmpty();
            tab.Complaints.ShouldBeEmpty();
        }
    }
}
