using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Tangent.Tests.Browser;

/// <summary>The first day of two people with Tangent, each in a browser of their own, with visitors on the pages of a shop: from the one-time link to figures that both see alike.</summary>
[Collection("browser")]
public sealed partial class FirstDayTogetherTests(Chromium chromium)
{
    private const float Patience = 120_000;
    private const string Funnel = "/analyse/funnels?step=Product%20page&step=Order";

    [BrowserFact]
    public async Task From_the_one_time_link_to_figures_that_both_see_alike()
    {
        await using var server = await TestServer.StartAsync(demo: false);
        await using var owner = await chromium.OpenAsync(server.Address);
        await using var editor = await chromium.OpenAsync(server.Address);
        await FirstDayTests.BecomeOwnerAsync(server, owner);
        await InviteAsync(owner, editor);

        var source = await ConnectAsync(owner);
        await using (var shop = await OtherSite.StartAsync(source.Snippet))
        await using (var till = await OtherSite.StartAsync($"""
            <script src="/sdk/index.js"></script>
            <script>window.sdk = AnalyticsNext.AnalyticsBrowser.load(((writeKey, cdnURL) => ({"{"} writeKey, cdnURL {"}"}))("{source.Key}", "{server.Address.ToString().TrimEnd('/')}"));</script>
            """))
        {
            await VisitAsync(shop, till, "k-1", buys: true);
            await VisitAsync(shop, till, "k-2", buys: true);
            await VisitAsync(shop, till, "k-3", buys: false);
            await Expect(Tail(owner, "Product viewed")).ToHaveCountAsync(3, new() { Timeout = Patience });
            await Expect(Tail(owner, "Order completed")).ToHaveCountAsync(2, new() { Timeout = Patience });
            await owner.ShootAsync("first-day-live-tail");
        }

        await MapAsync(owner);
        await SeeTheSameAsync(owner, editor);
        await TakeAwayAsync(editor);
        await InOtherLanguagesAndOnAPhoneAsync(owner, editor, source.Page);
        owner.Complaints.ShouldBeEmpty();
        editor.Complaints.ShouldBeEmpty();
    }

    private static async Task InviteAsync(Tab owner, Tab editor)
    {
        var page = owner.Page;
        await owner.GoAsync("/access/users");
        await page.Locator("#email").FillAsync("editor@example.org");
        await page.Locator("#role").SelectOptionAsync("Editor");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the link" }).ClickAsync();
        var link = await page.Locator("#link").InnerTextAsync(new() { Timeout = Patience });

        await editor.GoAsync(link);
        (await editor.Page.Locator("#email").InputValueAsync()).ShouldBe("editor@example.org");
        await editor.Page.Locator("#password").FillAsync("other long words");
        await editor.Page.Locator("main button.btn-primary").ClickAsync();
        await Expect(editor.Page.Locator(".sidebar")).ToBeVisibleAsync(new() { Timeout = Patience });
        await editor.GoAsync(link);
        await Expect(editor.Page.GetByRole(AriaRole.Heading, new() { Name = "This link is no longer valid" })).ToBeVisibleAsync();
        // The browser itself reports the answer 404.
        editor.Complaints.Clear();
    }

    /// <summary>Creates a source and takes from its page what is copied there.</summary>
    private static async Task<(string Page, string Snippet, string Key)> ConnectAsync(Tab owner)
    {
        var page = owner.Page;
        await owner.GoAsync("/collect/sources");
        await page.Locator("#name").FillAsync("Web shop");
        await page.Locator("#kind").SelectOptionAsync("Web");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create source" }).ClickAsync();
        var snippet = await page.Locator("#snippet-collect").TextContentAsync(new() { Timeout = Patience });
        // A source that has never sent anything is followed without being asked to.
        await Expect(page.Locator("[data-tail-state]")).ToHaveClassAsync(new Regex("mark-good"), new() { Timeout = Patience });
        return (new Uri(page.Url).AbsolutePath, snippet!, Key().Match(snippet!).Groups[1].Value);
    }

    /// <summary>Somebody looks at a product, where the page has collect.js, and buys it at a till that has the SDK.</summary>
    private async Task VisitAsync(OtherSite shop, OtherSite till, string customer, bool buys)
    {
        await using var visitor = await chromium.OpenAsync(shop.Address);
        await SendsAsync(visitor.Page, () => visitor.Page.GotoAsync("/bicycle"), "Product viewed");
        await SendsAsync(visitor.Page, () => visitor.Page.EvaluateAsync("id => tangent.identify(id)", customer), "identify");
        if (!buys) return;
        await visitor.Page.GotoAsync(new Uri(till.Address, "/paid").ToString());
        await SendsAsync(visitor.Page, () => visitor.Page.EvaluateAsync("async id => { await sdk.identify(id); await sdk.track('Order completed', { revenue: 1299.5, currency: 'EUR' }); }", customer), "Order completed");
    }

    /// <summary>The visitor goes on once what they did has been taken: who closes the window at once is another test's affair.</summary>
    private static async Task SendsAsync(IPage page, Func<Task> what, string name)
    {
        await page.RunAndWaitForResponseAsync(what, answer => answer.Ok && answer.Request.PostData?.Contains(name, StringComparison.Ordinal) == true, new() { Timeout = Patience });
    }

    private static ILocator Tail(Tab owner, string name) =>
        owner.Page.Locator("#tail tbody tr", new() { Has = owner.Page.Locator($"[data-part=name]:text-is('{name}')") });

    private static async Task MapAsync(Tab owner)
    {
        var page = owner.Page;
        foreach (var (name, touchpoint) in new[] { ("Product viewed", "Product page"), ("Order completed", "Order") })
        {
            var field = page.GetByLabel("Touchpoint for " + name);
            await GoUntilAsync(owner, "/collect/mapping", field);
            await field.FillAsync(touchpoint);
            await page.GetByRole(AriaRole.Button, new() { Name = "Map " + name }).ClickAsync();
            await Expect(page.Locator(".alert-success")).ToContainTextAsync(touchpoint, new() { Timeout = Patience });
        }

        await owner.ShootAsync("first-day-mapped");
    }

    private static async Task SeeTheSameAsync(Tab owner, Tab editor)
    {
        await GoUntilAsync(owner, Funnel, owner.Page.Locator("#funnel-steps tbody tr:nth-child(2) td:nth-child(3) a:text-is('2')"));
        var seen = await CellsAsync(owner);
        seen.Select(r => string.Join(' ', r.Take(3))).ShouldBe(["1 Product page 3", "2 Order 2"]);
        (await owner.Page.Locator("[data-chart=funnel] svg path").CountAsync()).ShouldBeGreaterThan(1);
        await owner.ShootAsync("first-day-together-funnel");

        await editor.GoAsync(owner.Page.Url);
        (await CellsAsync(editor)).ShouldBe(seen);
        (await editor.Page.Locator("[data-chart=funnel]").GetAttributeAsync("aria-label")).ShouldBe(await owner.Page.Locator("[data-chart=funnel]").GetAttributeAsync("aria-label"));
    }

    /// <summary>The file holds what the screen shows: the same columns, rows and figures.</summary>
    private static async Task TakeAwayAsync(Tab editor)
    {
        var page = editor.Page;
        await page.Locator("#funnel-steps-table .table-tools > details summary").ClickAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator("#funnel-steps-table a[href*='csv']").ClickAsync(), new() { Timeout = Patience });
        var lines = (await File.ReadAllLinesAsync(await download.PathAsync())).Select(l => l.Split(',')).ToList();
        lines[0].ShouldBe(await page.Locator("#funnel-steps thead th").AllInnerTextsAsync());
        var cells = await CellsAsync(editor);
        lines.Count.ShouldBe(cells.Count + 1);
        foreach (var (shown, kept) in cells.Zip(lines.Skip(1)))
        {
            kept.Take(3).ShouldBe(shown.Take(3));
            foreach (var share in (int[])[3, 4])
                Percent().Match(shown[share]).Groups[1].Value.ShouldBe(kept[share].Length == 0 ? "" : (100 * double.Parse(kept[share], CultureInfo.InvariantCulture)).ToString("F1", CultureInfo.InvariantCulture));
            (shown[5] == "–" ? "" : shown[5]).ShouldBe(kept[5]);
            (shown[6] == "–").ShouldBe(kept[6].Length == 0);
        }
    }

    private static async Task InOtherLanguagesAndOnAPhoneAsync(Tab owner, Tab editor, string source)
    {
        var figures = (await CellsAsync(editor)).Select(r => (r[0], r[2])).ToList();
        foreach (var (language, name, dark) in new[] { ("de", "Deutsch", "Dunkel"), ("pl", "Polski", "Ciemny") })
        {
            await editor.GoAsync(Funnel);
            await editor.Page.Locator(".preferences summary").First.ClickAsync();
            await editor.Page.GetByRole(AriaRole.Button, new() { Name = name }).ClickAsync();
            await Expect(editor.Page.Locator($"html[lang={language}]")).ToHaveCountAsync(1, new() { Timeout = Patience });
            await editor.Page.Locator(".preferences summary").Nth(1).ClickAsync();
            await editor.Page.GetByRole(AriaRole.Button, new() { Name = dark }).ClickAsync();
            await Expect(editor.Page.Locator("html[data-bs-theme=dark]")).ToHaveCountAsync(1, new() { Timeout = Patience });
            await editor.SettleAsync();
            (await CellsAsync(editor)).Select(r => (r[0], r[2])).ShouldBe(figures);
            foreach (var width in (int[])[390, 360])
            {
                await editor.Page.SetViewportSizeAsync(width, 780);
                foreach (var page in (string[])["/", Funnel, "/collect/mapping", "/map/touchpoints", source])
                {
                    await editor.GoAsync(page);
                    (await editor.OverflowAsync()).ShouldBeEmpty($"{page} {language} {width}");
                }
            }

            await editor.GoAsync(Funnel);
            (await editor.AccessibilityFaultsAsync()).ShouldBeEmpty(language);
            await editor.ShootAsync($"first-day-phone-{language}");
            await editor.Page.SetViewportSizeAsync(1280, 900);
        }

        // What one person chooses is theirs alone.
        await owner.GoAsync(Funnel);
        await Expect(owner.Page.Locator("html[lang=en]:not([data-bs-theme=dark])")).ToHaveCountAsync(1);
    }

    /// <summary>Opens a page again until something is on it: what has just come in is in the answers a moment later.</summary>
    private static async Task GoUntilAsync(Tab tab, string address, ILocator there)
    {
        var since = Environment.TickCount64;
        do
        {
            await tab.GoAsync(address);
            if (await there.CountAsync() > 0) return;
            await Task.Delay(250);
        }
        while (Environment.TickCount64 - since < Patience);
        throw new TimeoutException($"{address} never showed {there}: " + await tab.Page.Locator("#content").InnerTextAsync());
    }

    private static async Task<List<string[]>> CellsAsync(Tab tab) =>
        [.. await tab.Page.Locator("#funnel-steps tbody tr").EvaluateAllAsync<string[][]>("rows => rows.map(r => [...r.cells].map(c => c.innerText.trim()))")];

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    [GeneratedRegex("data-key=\"([^\"]+)\"")]
    private static partial Regex Key();

    [GeneratedRegex("^([0-9.]+)[\u00a0\u202f ]%")]
    private static partial Regex Percent();
}
