using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Tangent.Access;
using Tangent.Cli;
using Tangent.Map;

namespace Tangent.Tests.Browser;

/// <summary>A new user's first five minutes with journey maps, on the demo company: from a template to figures, gaps, a to-be map, its deviations and files, and a colleague's phone.</summary>
[Collection("browser")]
public sealed partial class FirstMapTests(Chromium chromium) : IAsyncLifetime
{
    /// <summary>What a person takes to look at a page, find the next thing and click it; and to type a letter (40 words a minute).</summary>
    private static readonly TimeSpan Click = TimeSpan.FromSeconds(6), Letter = TimeSpan.FromSeconds(0.3);

    private static readonly bool TakesPictures = Environment.GetEnvironmentVariable("TANGENT_PICTURES") == "1";

    private readonly string _folder = Directory.CreateTempSubdirectory("tangent-first-map").FullName;
    private TestServer _server = null!;
    private TimeSpan _person;

    /// <summary>The pictures of docs/map.md that this test takes where they are asked for.</summary>
    public static readonly string[] Pictures = ["first-map-board", "first-map-gaps", "first-map-deviations", "first-map-phone"];

    public async Task InitializeAsync()
    {
        if (!Chromium.IsThere) return;
        var data = Path.Combine(_folder, "demo");
        (await CommandLine.RunAsync(["demo", "--no-serve", "--data", data, "--json", "--customers", "3000"])).ShouldBe(ExitCode.Done);
        _server = await TestServer.StartAsync(demo: false, dataFolder: data);
    }

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    [BrowserFact]
    public async Task From_a_template_to_figures_gaps_a_target_its_deviations_files_and_a_phone_in_five_minutes()
    {
        await using var tab = await SignInAsync("anna.kowalska@musterfirma.example", Role.Editor);
        var (page, clock) = (tab.Page, Stopwatch.StartNew());

        await ClickAsync(tab, page.Locator(".sidebar").GetByRole(AriaRole.Link, new() { Name = "Journey maps" }));
        await ClickAsync(tab, page.GetByRole(AriaRole.Link, new() { Name = "Begin with a template" }));
        await ClickAsync(tab, page.GetByRole(AriaRole.Link, new() { Name = "Look at it: Retail and online shop" }));
        (await tab.AccessibilityFaultsAsync()).ShouldBeEmpty();
        await PictureAsync(tab, "template");
        await ClickAsync(tab, page.GetByRole(AriaRole.Button, new() { Name = "Make this map" }));
        await page.WaitForSelectorAsync("[data-board][data-ready=true]");
        var board = page.Url;
        var map = int.Parse(board.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture);

        // Figures of what customers really did stand on the board by themselves.
        (await FiguresAsync(tab)).ShouldBeGreaterThan(1000);
        await PictureAsync(tab, "first-map-board");

        await ClickAsync(tab, page.GetByRole(AriaRole.Link, new() { Name = "Figures" }).First);
        await Expect(page.Locator("#unseen li").First).ToBeVisibleAsync();
        await Expect(page.Locator("#unseen")).ToContainTextAsync("Advice in the shop");
        var add = page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Add “.*") }).First;
        await Expect(add).ToBeVisibleAsync();
        await page.Locator("#unseen").ScrollIntoViewIfNeededAsync();
        await PictureAsync(tab, "first-map-gaps");
        await ClickAsync(tab, add);
        await page.GotoAsync(board);
        await page.WaitForSelectorAsync("[data-board][data-ready=true]");
        (await page.Locator("th.map-step").CountAsync()).ShouldBe(MapTemplate.Find("retail")!.Read("en").Content.Steps.Count + 1);

        // A colleague with a phone, while the editor looks at the board.
        await PhoneAsync(tab, map);

        var (yaml, pdf) = (await DownloadAsync(tab, "Everything (YAML)"), await DownloadAsync(tab, "For print (PDF, A3)"));
        var text = Encoding.UTF8.GetString(yaml);
        var file = MapImport.TryRead(text, out var fault);
        fault.ShouldBeNull();
        (file!.Name, file.Content.Steps.Count).ShouldBe(("Buying in the shop and online", MapTemplate.Find("retail")!.Read("en").Content.Steps.Count + 1));
        text.ShouldContain("Somebody with time who does not push");
        Encoding.Latin1.GetString(pdf).ShouldStartWith("%PDF-");
        Pages().Count(Encoding.Latin1.GetString(pdf)).ShouldBeGreaterThanOrEqualTo(2);

        await ClickAsync(tab, page.GetByRole(AriaRole.Button, new() { Name = "To-be map" }));
        await page.WaitForSelectorAsync("[data-board][data-ready=true]");
        page.Url.ShouldNotBe(board);
        // The target: nobody should have to send anything back.
        await RemoveAsync(tab, "Sends something back");
        await ClickAsync(tab, page.GetByRole(AriaRole.Link, new() { Name = "Figures" }).First);
        await Expect(page.Locator("#map-rules")).ToBeVisibleAsync();
        var behind = page.Locator("#map-deviations td a[href*=customers]").First;
        await Expect(behind).ToBeVisibleAsync();
        await page.Locator("#map-rules").ScrollIntoViewIfNeededAsync();
        await PictureAsync(tab, "first-map-deviations");
        var customers = Digits(await behind.InnerTextAsync());
        customers.ShouldBeGreaterThan(0);
        await ClickAsync(tab, behind);
        (await page.Locator("main").InnerTextAsync()).ShouldContain(customers.ToString("N0", System.Globalization.CultureInfo.GetCultureInfo("en")));

        var taken = clock.Elapsed + _person;
        taken.ShouldBeLessThan(TimeSpan.FromMinutes(5), $"the program took {clock.Elapsed}, a person {_person}");
        tab.Complaints.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task From_data_to_a_map_with_figures_in_a_minute()
    {
        await using var tab = await SignInAsync("jonas.weber@musterfirma.example", Role.Editor, language: "de");
        var (page, clock) = (tab.Page, Stopwatch.StartNew());
        await ClickAsync(tab, page.Locator(".sidebar").GetByRole(AriaRole.Link, new() { Name = "Journey Maps" }));
        await ClickAsync(tab, page.GetByRole(AriaRole.Link, new() { Name = "Aus dem Verhalten der Kunden entwerfen" }).First);
        await TypeAsync(page.Locator("#name"), "Wie unsere Kunden kaufen");
        await ClickAsync(tab, page.Locator("form.card button.btn-primary"));
        await page.WaitForURLAsync(new Regex("/map/journey-maps/[0-9]+$"));
        await page.WaitForSelectorAsync("[data-board][data-ready=true]");
        (await FiguresAsync(tab)).ShouldBeGreaterThan(1000);
        (clock.Elapsed + _person).ShouldBeLessThan(TimeSpan.FromMinutes(1));
        tab.Complaints.ShouldBeEmpty();
    }

    private async Task PhoneAsync(Tab editor, int map)
    {
        var touchpoint = await editor.Page.Locator("tr[data-row=touchpoint] a[href^='/map/touchpoints/']", new() { HasText = "Advice in the shop" }).GetAttributeAsync("href");
        await using var phone = await SignInAsync("piotr.nowak@musterfirma.example", Role.Contributor, width: 390, language: "pl");
        await phone.GoAsync($"/o/{touchpoint!.Split('/')[^1]}");
        (await phone.OverflowAsync()).ShouldBeEmpty();
        await TypeAsync(phone.Page.Locator("#text"), "Dwie osoby wyszły, bo nikt nie miał czasu.");
        await ClickAsync(phone, phone.Page.Locator(".observe-choice").Nth(1));
        await PictureAsync(phone, "first-map-phone");
        await ClickAsync(phone, phone.Page.Locator("button.btn-primary"));
        await phone.Page.Locator(".alert-success").WaitForAsync();
        // No page of the editor was loaded anew.
        await editor.Page.Locator($".map-seen[href='{touchpoint}/observations']").WaitForAsync(new() { Timeout = 10_000 });
        editor.Page.Url.ShouldEndWith($"/map/journey-maps/{map}");
        phone.Complaints.ShouldBeEmpty();
    }

    /// <summary>The largest number of customers that the board shows at a step.</summary>
    private static async Task<long> FiguresAsync(Tab tab)
    {
        await tab.Page.Locator("[data-figures] a[href*=customers]").First.WaitForAsync(new() { Timeout = 30_000 });
        return (await tab.Page.Locator("[data-figures] a[href*=customers]").AllInnerTextsAsync()).Max(Digits);
    }

    private async Task RemoveAsync(Tab tab, string step)
    {
        var link = tab.Page.Locator("th.map-step a", new() { HasText = step });
        var before = await tab.Page.Locator("th.map-step").CountAsync();
        await ClickAsync(tab, link, settles: false);
        await tab.Page.Locator(".map-editor").WaitForAsync();
        await ClickAsync(tab, tab.Page.Locator(".map-editor a", new() { HasText = "All fields" }));
        tab.Page.Dialog += (_, dialog) => dialog.AcceptAsync();
        await ClickAsync(tab, tab.Page.GetByRole(AriaRole.Button, new() { Name = "Remove" }));
        await tab.Page.WaitForSelectorAsync("[data-board][data-ready=true]");
        (await tab.Page.Locator("th.map-step").CountAsync()).ShouldBe(before - 1);
    }

    private async Task<byte[]> DownloadAsync(Tab tab, string format)
    {
        await ClickAsync(tab, tab.Page.Locator("details.menu summary", new() { HasText = "Export" }), settles: false);
        var file = await tab.Page.RunAndWaitForDownloadAsync(() => ClickAsync(tab, tab.Page.GetByRole(AriaRole.Link, new() { Name = format }), settles: false));
        await tab.Page.Keyboard.PressAsync("Escape");
        if (await tab.Page.Locator("details.menu[open]").CountAsync() > 0) await tab.Page.Locator("details.menu[open] summary").ClickAsync();
        return await File.ReadAllBytesAsync(await file.PathAsync());
    }

    private async Task ClickAsync(Tab tab, ILocator what, bool settles = true)
    {
        _person += Click;
        await what.ClickAsync();
        if (!settles) return;
        await tab.Page.WaitForLoadStateAsync(LoadState.Load);
        await tab.SettleAsync();
    }

    private async Task TypeAsync(ILocator field, string text)
    {
        _person += text.Length * Letter;
        await field.FillAsync(text);
    }

    private static async Task PictureAsync(Tab tab, string name)
    {
        await tab.ShootAsync(name, whole: false);
        if (TakesPictures) await PicturesTests.KeepAsync(tab, name);
    }

    private static long Digits(string text) => long.TryParse(string.Concat(text.Where(char.IsAsciiDigit)), out var number) ? number : 0;

    private async Task<Tab> SignInAsync(string email, Role role, int width = 1280, string language = "en")
    {
        string token;
        await using (var scope = _server.Services.CreateAsyncScope()) token = await scope.ServiceProvider.GetRequiredService<InvitationQueries>().CreateAsync(email, role, CancellationToken.None);
        var tab = await chromium.OpenAsync(_server.Address, width, language: language);
        await tab.Page.GotoAsync(InvitationsEndpoints.Link(token));
        await tab.Page.Locator("#password").FillAsync(Tests.Access.People.Password);
        await tab.Page.Locator("main button.btn-primary").ClickAsync();
        await tab.Page.WaitForSelectorAsync(".sidebar", new() { State = WaitForSelectorState.Attached });
        return tab;
    }

    private static ILocatorAssertions Expect(ILocator what) => Assertions.Expect(what);

    [GeneratedRegex(@"/Type\s*/Page\b(?!s)")]
    private static partial Regex Pages();
}
