using System.Text.Json;
using Microsoft.Playwright;

namespace Tangent.Tests.Browser;

public sealed class Tab : IAsyncDisposable
{
    private static readonly string Axe = File.ReadAllText(Path.Combine(Chromium.Root(), "tests", "Tangent.Tests", "npm", "node_modules", "axe-core", "axe.min.js"));

    private const float PictureMs = 60_000;

    private readonly IBrowserContext _context;

    internal Tab(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            // The browser itself reports the answers 404 and 422 of pages that a test opens on purpose.
            if (message.Type is "error" or "warning" && !message.Location.Contains("/no/such/", StringComparison.Ordinal) && !message.Location.Contains("from=never", StringComparison.Ordinal)) Complaints.Add($"{message.Text} ({message.Location})");
        };
        page.PageError += (_, error) => Complaints.Add(error);
    }

    public IPage Page { get; }

    public List<string> Complaints { get; } = [];

    /// <summary>Opens a page and waits until its fragments are loaded and its charts drawn.</summary>
    public async Task GoAsync(string address)
    {
        await Page.GotoAsync(address, new() { WaitUntil = WaitUntilState.NetworkIdle });
        await SettleAsync();
    }

    public async Task SettleAsync()
    {
        await Page.WaitForFunctionAsync("""
            () => !document.querySelector('.htmx-request')
                && [...document.querySelectorAll('[data-chart]')].every(c => c.dataset.drawn === 'true')
                && (document.getElementById('api-explorer')?.dataset.ready ?? 'true') === 'true'
            """);
    }

    /// <summary>A picture for people to look at: nothing is wrong with a page because the browser was too busy to take one.</summary>
    public async Task ShootAsync(string name, bool whole = true)
    {
        try
        {
            await Page.ScreenshotAsync(new() { Path = Path.Combine(Chromium.Screenshots, name + ".jpg"), Type = ScreenshotType.Jpeg, Quality = 80, FullPage = whole, Timeout = PictureMs });
        }
        catch (TimeoutException)
        {
            Console.Error.WriteLine($"No picture of {name} was taken.");
        }
    }

    /// <summary>Changes between light and dark as the device does, on the page that is open; charts are drawn again.</summary>
    public async Task TurnAsync(bool dark)
    {
        await Page.EmulateMediaAsync(new() { ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light });
        await SettleAsync();
    }

    /// <summary>What axe-core finds against WCAG 2.2 A and AA, one line each; empty where nothing is wrong.</summary>
    public Task<string> AccessibilityFaultsAsync() => FaultsAsync("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa");

    /// <summary>Of these faults those that colours alone decide: what a page that was looked at once can have wrong in its other colours.</summary>
    public Task<string> ColourFaultsAsync() => FaultsAsync("color-contrast", "link-in-text-block");

    /// <param name="what">Names of rules, or tags that rules have.</param>
    private async Task<string> FaultsAsync(params string[] what)
    {
        if (!await Page.EvaluateAsync<bool>("'axe' in window")) await Page.EvaluateAsync(Axe);
        var result = await Page.EvaluateAsync<JsonElement>("""
            async what => (await axe.run({ runOnly: what, resultTypes: ['violations'] })).violations
                .map(v => `${v.id}: ${v.help} — ` + v.nodes.slice(0, 4).map(n => n.target.join(' ') + ' ' + (n.any[0]?.message ?? '')).join(' | '))
            """, what);
        return string.Join('\n', result.EnumerateArray().Select(v => v.GetString()));
    }

    /// <summary>How far the page reaches beyond the window's right edge, and which element does; empty where it fits.</summary>
    public Task<string> OverflowAsync() => Page.EvaluateAsync<string>("""
        () => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return '';
            const wide = [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > width + 1 && !e.closest('.table-scroll, .chart-scroll, pre, [popover]'));
            return `${document.documentElement.scrollWidth} > ${width}: ` + wide.slice(0, 3).map(e => e.tagName + '.' + e.className).join(', ');
        }
        """);

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
