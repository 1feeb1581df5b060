using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Tangent.Cli;
using Tangent.Tests.Browser;

namespace Tangent.Tests.Web;

/// <summary>What it counts is the whole process's: nothing else may run.</summary>
[CollectionDefinition("page speed", DisableParallelization = true)]
public sealed class PageSpeedRun : ICollectionFixture<Chromium>;

/// <summary>
/// Measures every page on the demo company and writes artifacts/page-speed.md: time at the server, first paint in Chromium, what comes over the line compressed, commands to the
/// database, memory. Weight, commands and memory are the gate; seconds depend on the machine and are only written down.
/// </summary>
[Collection("page speed")]
public sealed partial class PageSpeedTests(Chromium chromium) : IAsyncLifetime
{
    private const int Times = 10;
    private const long MostBytes = 300_000;
    private const int MostCommands = 12;

    // What is kept of a person is asked of every kind of data there is.
    private const int MostCommandsOfAllKinds = 50;

    /// <summary>The page of retention periods asks each kind that ages for its oldest.</summary>
    private const int MostCommandsOfAgeingKinds = 16;
    private const long MostAllocated = 48_000_000;

    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("tangent-speed").FullName, "demo");
    private TestServer _server = null!;
    private HttpClient _browser = null!;

    public async Task InitializeAsync()
    {
        (await CommandLine.RunAsync(["demo", "--no-serve", "--data", _folder, "--json", "--customers", "2000"])).ShouldBe(ExitCode.Done);
        _server = await TestServer.StartAsync(dataFolder: _folder);
        _browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = _server.Address };
        _browser.DefaultRequestHeaders.Add("Accept", "text/html");
        _browser.DefaultRequestHeaders.Add("Accept-Encoding", "br");
    }

    public async Task DisposeAsync()
    {
        _browser.Dispose();
        await _server.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);
    }

    [Fact]
    public async Task Every_page_is_light_and_asks_the_database_little()
    {
        var assets = new Dictionary<string, long>(StringComparer.Ordinal);
        var faults = new List<string>();
        var report = new StringBuilder("# Page speed\n\nThe demo company of 2,000 customers, measured by `PageSpeedTests`; weight is compressed, with styles, scripts, fonts and icons, without the chart library.\n\n| page | median ms | slowest ms | first paint ms | KB | commands | MB allocated |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n");
        foreach (var page in (await AllPages.FindAsync(_server)).Where(p => p is not ("/api" or "/there/is/no/such/page")))
        {
            var measured = await MeasureAsync(page, assets);
            var paint = await FirstPaintAsync(page);
            report.Append(CultureInfo.InvariantCulture, $"| `{page.Split('?')[0]}` | {measured.MedianMs:0.0} | {measured.SlowestMs:0.0} | {paint} | {measured.Bytes / 1000.0:0} | {measured.Commands} | {measured.Allocated / 1e6:0.0} |\n");
            if (measured.Bytes > MostBytes) faults.Add($"{page} weighs {measured.Bytes:N0} bytes");
            if (measured.Commands > MostOf(page)) faults.Add($"{page} sends {measured.Commands} commands to the database");
            if (measured.Allocated > MostAllocated) faults.Add($"{page} allocates {measured.Allocated:N0} bytes");
        }

        await File.WriteAllTextAsync(Path.Combine(Repository.Root, "artifacts", "page-speed.md"), report.ToString());
        faults.ShouldBeEmpty();
    }

    private async Task<Measured> MeasureAsync(string page, Dictionary<string, long> assets)
    {
        // What is refused is a page as well.
        using var first = await _server.Http.GetAsync(page);
        var html = await first.Content.ReadAsStringAsync();
        var bytes = await LengthAsync(page);
        foreach (var asset in Assets().Matches(html).Select(m => m.Groups[1].Value.Split('#')[0]).Distinct().Where(a => !a.Contains("echarts", StringComparison.Ordinal)))
            bytes += assets.TryGetValue(asset, out var known) ? known : assets[asset] = await LengthAsync(asset);
        // The fonts are named by the style sheet; Latin and its extension are what the three languages need.
        foreach (var font in (string[])["/lib/inter-latin.woff2", "/lib/inter-latin-ext.woff2"]) bytes += assets.TryGetValue(font, out var known) ? known : assets[font] = await LengthAsync(font);
        using var commands = new CommandCount();
        var times = new double[Times];
        var before = GC.GetTotalAllocatedBytes();
        for (var i = 0; i < Times; i++)
        {
            var start = Stopwatch.GetTimestamp();
            using var answer = await _browser.GetAsync(page);
            await answer.Content.ReadAsByteArrayAsync();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return new Measured(times[Times / 2], times[^1], bytes, commands.Count / Times, (GC.GetTotalAllocatedBytes() - before) / Times);
    }

    /// <summary>When the page shows something in a fresh browser, in ms; empty where there is no Chromium.</summary>
    private async Task<string> FirstPaintAsync(string page)
    {
        if (!Chromium.IsThere) return "";
        await using var tab = await chromium.OpenAsync(_server.Address);
        await tab.Page.GotoAsync(page);
        // Asked again and again from here: the page's own policy lets nothing be evaluated in it later.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        double? paint;
        while ((paint = await tab.Page.EvaluateAsync<double?>("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null")) is null) await Task.Delay(50, patience.Token);
        return paint.Value.ToString("0", CultureInfo.InvariantCulture);
    }

    private async Task<long> LengthAsync(string address)
    {
        using var answer = await _browser.GetAsync(address);
        ((int)answer.StatusCode).ShouldBeLessThan(500, address);
        return (await answer.Content.ReadAsByteArrayAsync()).Length;
    }

    private sealed record Measured(double MedianMs, double SlowestMs, long Bytes, long Commands, long Allocated);

    /// <summary>Counts the commands that reach the operational database while it lives.</summary>
    private sealed class CommandCount : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly List<IDisposable> _subscriptions = [];
        private long _count;

        public CommandCount() => _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));

        public long Count => Interlocked.Read(ref _count);

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.EntityFrameworkCore") _subscriptions.Add(value.Subscribe(this));
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Key == "Microsoft.EntityFrameworkCore.Database.Command.CommandExecuted") Interlocked.Increment(ref _count);
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void Dispose() => _subscriptions.ForEach(s => s.Dispose());
    }

    [GeneratedRegex("(?:src|href)=\"(/[^\"]+\\.(?:css|js|svg)(?:#[^\"]*)?)\"")]
    private static partial Regex Assets();

    private static int MostOf(string page) => page == "/unify/retention" ? MostCommandsOfAgeingKinds
        : page.EndsWith("/privacy", StringComparison.Ordinal) && page.StartsWith("/unify/customers/", StringComparison.Ordinal) ? MostCommandsOfAllKinds : MostCommands;
}
