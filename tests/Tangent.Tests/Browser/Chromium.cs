using Microsoft.Playwright;

namespace Tangent.Tests.Browser;

/// <summary>One real Chromium for all browser tests. Where there is none the tests are skipped with the reason; on the build server (CI=true) that is a failure.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string Executable = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium";

    private const float PatienceMs = 120_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public static bool IsThere => File.Exists(Executable);

    public static string Screenshots { get; } = Directory.CreateDirectory(Path.Combine(Root(), "artifacts", "screenshots")).FullName;

    public async Task InitializeAsync()
    {
        if (!IsThere) return;
        Assertions.SetDefaultExpectTimeout(PatienceMs / 4);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Executable,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>A tab of a fresh browser profile that remembers what the console and the page complained of.</summary>
    public async Task<Tab> OpenAsync(Uri server, int width = 1280, int height = 900, string language = "en", bool dark = false)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = server.ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = height },
            Locale = language,
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
        });
        // On a busy machine a picture of a long page takes its time; nothing is slower for this where all is well.
        context.SetDefaultTimeout(PatienceMs);
        return new Tab(context, await context.NewPageAsync());
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    internal static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Tangent.slnx"))) folder = folder.Parent!;
        return folder.FullName;
    }
}

/// <summary>Skips where Chromium is missing, except on the build server.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (!Chromium.IsThere && Environment.GetEnvironmentVariable("CI") != "true") Skip = "Chromium is missing: apt-get install chromium, or set CHROMIUM.";
        Timeout = 600_000;
    }
}

[CollectionDefinition("browser")]
public sealed class BrowserTests : ICollectionFixture<Chromium>;
