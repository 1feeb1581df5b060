using System.CommandLine;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Spectre.Console;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Measure;
using Tangent.Unify;
using Tangent.Web;

namespace Tangent.Cli;

/// <summary>Makes the demo company in a data folder of its own and serves it to this machine.</summary>
internal static class DemoCommand
{
    public const int DefaultCustomers = 50_000, MostCustomers = 1_000_000, DefaultSeed = 1;

    private const string DefaultFolder = "demo-data";

    private static readonly DateOnly Earliest = new(2001, 1, 1);

    // Whoever reaches a demo is its owner: a web page elsewhere must not get in under another name of this machine.
    private const string AllowedHosts = "--AllowedHosts=localhost;127.0.0.1;[::1];" + ReachedAddress.SocketHost;

    private static readonly Option<int?> Customers = new("--customers") { Description = $"Customers to simulate, 1 to {MostCustomers} (default {DefaultCustomers}; about 20 events each)" };
    private static readonly Option<int?> Seed = new("--seed") { Description = $"Number that decides every detail (default {DefaultSeed})" };
    private static readonly Option<DateOnly?> Before = new("--before") { Description = "Day before which the events end, yyyy-MM-dd (default today): with the same seed and day every demo is the same" };
    private static readonly Option<bool> NoServe = new("--no-serve") { Description = "End when the data is there" };

    public static Command Create()
    {
        var command = new Command("demo", "Make the demo company (once) and serve it, open to everyone on this machine") { Customers, Seed, Before, NoServe, ServeCommand.Urls };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        var (customers, seed, before) = (parsed.GetValue(Customers), parsed.GetValue(Seed), parsed.GetValue(Before));
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")).DateTime);
        var urls = parsed.GetValue(NoServe) ? [] : ServeCommand.Addresses(parsed);
        if (customers is < 1 or > MostCustomers) return await RefuseAsync(ExitCode.Usage, $"--customers takes 1 to {MostCustomers}.");
        if (before > today || before < Earliest) return await RefuseAsync(ExitCode.Usage, $"--before takes a day from {Earliest:yyyy-MM-dd} to today.");
        if (urls.FirstOrDefault(u => !IsLoopback(u)) is { } open)
            return await RefuseAsync(ExitCode.Usage, $"A demo lets everyone in who reaches it, so it is served to this machine only: {open} is not a loopback address such as {ServeCommand.DefaultUrl}.");

        var folder = parsed.GetResult(CommandLine.Data) is { Implicit: false } ? parsed.GetValue(CommandLine.Data)! : DefaultFolder;
        var marker = DemoMarker.Read(folder);
        if (marker is null && Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            return await RefuseAsync(ExitCode.Refused, $"The folder {Path.GetFullPath(folder)} holds something that no demo made; nothing was touched. Choose an empty folder with --data.");
        if (marker is { Complete: true } && (customers ?? marker.Customers, seed ?? marker.Seed, before ?? marker.End) != (marker.Customers, marker.Seed, marker.End))
            return await RefuseAsync(ExitCode.Refused, $"The folder {Path.GetFullPath(folder)} holds a demo of {marker.Customers} customers before {marker.End:yyyy-MM-dd} with seed {marker.Seed}. Leave out --customers, --seed and --before to use it, choose another folder with --data, or delete this one.");

        if (marker is not { Complete: true })
        {
            var wanted = new DemoMarker(DemoMarker.CurrentVersion, customers ?? marker?.Customers ?? DefaultCustomers, seed ?? marker?.Seed ?? DefaultSeed, before ?? today, false, 0);
            if (!Prepare(folder, wanted, marker is not null)) return await RefuseAsync(ExitCode.FolderInUse, $"The data folder {Path.GetFullPath(folder)} is in use by another server. Stop it, or choose another folder with --data.");
            marker = wanted;
        }

        var demo = new Demo(folder, marker, parsed.GetValue(CommandLine.Json));
        var options = new ServerOptions(folder, urls, true, $"--Company:Name={DemoCatalogue.Company}", AllowedHosts);
        try
        {
            // Nobody is let in while the company is half made.
            if (marker.Complete) return await ServeCommand.RunAsync(options, async (server, cancelled) => await demo.ReuseAsync(server, cancelled) && urls.Length > 0, ct);
            var made = await ServeCommand.RunAsync(options with { Urls = [] }, demo.MakeAsync, ct);
            return made == ExitCode.Done && urls.Length > 0 ? await ServeCommand.RunAsync(options, Demo.LookForDuplicatesAsync, ct) : made;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            if (DemoMarker.Read(folder) is { Complete: true }) return ExitCode.Done;
            return await RefuseAsync(ExitCode.Refused, "Stopped before the demo was complete; the next start makes it anew.");
        }
    }

    /// <summary>Leaves an empty folder with the marker of an unfinished demo; a demo cut short is made anew.</summary>
    /// <returns>False where another server holds the folder.</returns>
    private static bool Prepare(string path, DemoMarker marker, bool cutShort)
    {
        using var folder = new DataFolder(path);
        if (!folder.TryHold()) return false;
        if (cutShort)
        {
            Console.Error.WriteLine("The last demo in this folder was cut short: it is made anew.");
            DemoMarker.Clear(folder.Root);
        }

        marker.Write(folder.Root);
        return true;
    }

    private static async Task<int> RefuseAsync(int exitCode, string reason)
    {
        await Console.Error.WriteLineAsync(reason);
        return exitCode;
    }

    internal static bool IsLoopback(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return !address.IsUnixPipe && (address.Host == "localhost" || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip)));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private sealed record Demo(string Folder, DemoMarker Marker, bool Json)
    {
        /// <summary>Makes the company's year.</summary>
        /// <returns>False: the server that made it is not the one that serves it.</returns>
        public async Task<bool> MakeAsync(Server server, CancellationToken ct)
        {
            var watch = Stopwatch.StartNew();
            if (!Json) Console.WriteLine($"Making {DemoCatalogue.Company}, the demo company with {Marker.Customers} customers (half a minute for 50,000) ...");
            await using var scope = server.App.Services.CreateAsyncScope();
            var company = scope.ServiceProvider.GetRequiredService<DemoCompany>();
            var marker = Marker with { Complete = true, Events = await ShowAsync(report => company.FoundAsync(Marker.Run, report, ct)) };
            await scope.ServiceProvider.GetRequiredService<TargetDemo>().SetAsync(Marker.End.AddMonths(3), ct);
            await scope.ServiceProvider.GetRequiredService<DemoSurveys>().AddAsync(ct);
            await scope.ServiceProvider.GetRequiredService<PersonaDemo>().AddAsync(ct);
            await scope.ServiceProvider.GetRequiredService<QuoteDemo>().AddAsync(ct);
            marker.Write(Folder);
            Say(marker, made: true, watch.Elapsed);
            return false;
        }

        /// <summary>Waits until what was made before can be asked.</summary>
        public async Task<bool> ReuseAsync(Server server, CancellationToken ct)
        {
            var watch = Stopwatch.StartNew();
            await server.WaitUntilCompleteAsync(ct);
            Say(Marker, made: false, watch.Elapsed);
            return await LookForDuplicatesAsync(server, ct);
        }

        /// <summary>The first time the company is served, its customers are searched for duplicates; that runs on beside.</summary>
        public static async Task<bool> LookForDuplicatesAsync(Server server, CancellationToken ct)
        {
            await using var scope = server.App.Services.CreateAsyncScope();
            if (await scope.ServiceProvider.GetRequiredService<ReviewQueries>().LastRunAsync(ct) is null) server.App.Services.GetRequiredService<DuplicateSearch>().Begin();
            return true;
        }

        private void Say(DemoMarker marker, bool made, TimeSpan elapsed)
        {
            if (Json) Console.WriteLine(JsonSerializer.Serialize(new { marker.Customers, marker.Events, marker.Seed, marker.End, made, seconds = Math.Round(elapsed.TotalSeconds, 1) }, JsonSerializerOptions.Web));
            else Console.WriteLine($"{DemoCatalogue.Company}, the demo company: {marker.Customers} customers, {marker.Events} events before {marker.End:yyyy-MM-dd} (seed {marker.Seed}), {(made ? $"made in {elapsed.TotalSeconds:0.0} s" : "made before")}. What is planted in it: {Path.Combine(Path.GetFullPath(Folder), "demo-truth.json")}");
        }

        private async Task<long> ShowAsync(Func<Action<DemoProgress>, Task<long>> work)
        {
            if (Json || Console.IsOutputRedirected) return await work(_ => { });
            long events = 0;
            await AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn()).StartAsync(async context =>
            {
                var task = context.AddTask("Living a year of customers");
                events = await work(p =>
                {
                    task.MaxValue = Math.Max(1, p.Expected);
                    task.Value = p.Sent;
                    if (p.Sent >= p.Expected) task.Description = "Making journeys of it";
                });
                task.StopTask();
            });
            return events;
        }
    }
}
