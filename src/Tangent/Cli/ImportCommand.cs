using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using Tangent.Collect;

namespace Tangent.Cli;

internal static class ImportCommand
{
    private static readonly Argument<string[]> Files = new("file") { Description = "CSV, XES, JSON lines or vCards; each may be packed with gzip", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> Format = new("--format") { Description = "csv, xes, jsonl or vcard, found out by the content where left out; feedback is short for --kind feedback" };
    private static readonly Option<string[]> Map = new("--map") { Description = "FIELD=COLUMN; +NAME=COLUMN takes a column along, -NAME=COLUMN leaves it out. Fields of --kind are in docs/crm.md, of feedback in docs/feedback.md; of events: customer, anonymousId, event, time, channel, value, currency, path, campaign. event==TEXT gives every row the same name; -COLUMN=COLUMN leaves a column out", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string?> Source = new("--source") { Description = "Source of the rows; the program of the preset or the file's name where left out" };
    private static readonly Option<string?> Lifecycle = new("--lifecycle") { Description = "Life-cycle transitions to take: complete or all (default)" };
    private static readonly Option<string?> Kind = new("--kind") { Description = "What the rows are: events (default), persons, companies, orders, invoices, tickets, deals, subscriptions, consents, merges, activities or feedback (answers and reviews); found out where a preset knows the file" };
    private static readonly Option<string?> Preset = new("--preset") { Description = "Whose export it is: hubspot, salesforce, dynamics, shopify, woocommerce or vcard, known by the columns where left out; none to read it as nobody's" };
    private static readonly Option<string?> Dates = new("--dates") { Description = "How dates are read that all rows leave open, such as 03/04/2026: day-first or month-first" };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only look: report what would be new, duplicate and rejected" };
    private static readonly Option<string?> Rejects = new("--rejects") { Description = "Write the rejected rows to this file (CSV)" };

    public static Command Create()
    {
        var command = new Command("import", "Import events, persons, companies, orders and other records, answers and reviews from files") { Files, Kind, Preset, Format, Map, Dates, Source, Lifecycle, DryRun, Rejects };
        command.SetApiAction(RunAsync, begins: true);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, HttpClient http, CancellationToken ct)
    {
        if (parsed.GetValue(Rejects) is { } rejects && OutputFile.Refusal(rejects) is { } refusal)
        {
            await Console.Error.WriteLineAsync(refusal);
            return ExitCode.Refused;
        }

        var exit = ExitCode.Done;
        var files = parsed.GetValue(Files)!;
        for (var i = 0; i < files.Length; i++)
        {
            if (!File.Exists(files[i]))
            {
                await Console.Error.WriteLineAsync($"There is no file {files[i]}.");
                exit = ExitCode.Refused;
                continue;
            }

            if (await ImportAsync(parsed, http, files[i], ct) != ExitCode.Done) exit = ExitCode.Refused;
        }

        return exit;
    }

    private static async Task<int> ImportAsync(ParseResult parsed, HttpClient http, string file, CancellationToken ct)
    {
        var stream = new FileStream(file, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        using var request = new HttpRequestMessage(HttpMethod.Post, Address(parsed, file)) { Content = new StreamContent(stream, 1 << 17) };
        Task<string?> Send() => http.AskAsync(request, ct);
        var machine = parsed.GetValue(CommandLine.Json);
        var answer = machine || Console.IsOutputRedirected ? await Send() : await ImportProgressBar.ShowAsync(http, stream, Path.GetFileName(file), Send, ct);
        if (answer is null)
        {
            await Console.Error.WriteLineAsync($"{file} was not imported.");
            return ExitCode.Refused;
        }

        using var document = JsonDocument.Parse(answer);
        var report = document.RootElement;
        if (machine) Console.WriteLine(answer);
        else Print(report, parsed);
        if (parsed.GetValue(Rejects) is { } rejects && report.GetProperty("rejected").GetInt64() > 0)
        {
            await using var rows = await http.GetStreamAsync($"/api/v1/collect/imports/{report.GetProperty("importId").GetInt32()}/rejects", ct);
            await OutputFile.WriteAsync(rejects, rows.CopyToAsync, ct);
            if (!machine) Console.WriteLine($"The rejected rows are in {rejects}.");
        }

        if (report.GetProperty("brokenOff").GetString() is not { } broken) return ExitCode.Done;
        await Console.Error.WriteLineAsync($"The file could not be read to its end: {broken} What stands before it was taken.");
        return ExitCode.Refused;
    }

    private static string Address(ParseResult parsed, string file)
    {
        // What a file holds may be said as its format: answers and reviews are a form of their own to many.
        var named = ImportKinds.Find(parsed.GetValue(Format));
        var query = new List<(string Name, string? Value)>
        {
            ("fileName", Path.GetFileName(file)),
            ("kind", parsed.GetValue(Kind) ?? (named is null ? null : ImportKinds.NameOf(named.Value))),
            ("preset", parsed.GetValue(Preset)),
            ("format", named is null ? parsed.GetValue(Format) : null),
            ("source", parsed.GetValue(Source)),
            ("dates", parsed.GetValue(Dates)),
            ("lifecycle", parsed.GetValue(Lifecycle)),
            ("dryRun", parsed.GetValue(DryRun) ? "true" : null),
        };
        query.AddRange((parsed.GetValue(Map) ?? []).Select(m => ("map", (string?)m)));
        return "/api/v1/collect/imports?" + string.Join('&', query.Where(q => q.Value is not null).Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value!)}"));
    }

    private static void Print(JsonElement report, ParseResult parsed)
    {
        if (report.GetProperty("reading") is { ValueKind: JsonValueKind.Object } reading) PrintReading(reading);
        long Count(string name) => report.GetProperty(name).GetInt64();
        Console.WriteLine($"{report.GetProperty("fileName").GetString()} → source {report.GetProperty("source").GetString()}: {Count("rows"):N0} rows, {Count("new"):N0} new, {(Events(report) ? "" : $"{Count("changed"):N0} changed, ")}{Count("duplicates"):N0} duplicate, {Count("rejected"):N0} rejected{(Count("skipped") > 0 ? $", {Count("skipped"):N0} left out" : "")} ({report.GetProperty("seconds").GetDouble():N1} s).");
        foreach (var row in report.GetProperty("rejects").EnumerateArray().Take(10))
            Console.WriteLine($"  line {row.GetProperty("line").GetInt64()}: {row.GetProperty("detail").GetString()}");
        if (Count("rejected") > 10) Console.WriteLine($"  … and {Count("rejected") - 10:N0} more.");
        if (Count("rejected") > 0 && parsed.GetValue(Rejects) is null) Console.WriteLine("Write the rejected rows to a file with --rejects FILE, correct them and import that file.");
        if (report.GetProperty("dryRun").GetBoolean()) Console.WriteLine("This was a dry run: nothing was taken. Import with the same command without --dry-run.");
        else if (Count("new") > 0 && Events(report)) Console.WriteLine($"Next: tangent ask variants --source \"{report.GetProperty("source").GetString()}\"{DataOption(parsed)}");
    }

    private static bool Events(JsonElement report) => report.GetProperty("kind").GetString() == "events";

    private static string DataOption(ParseResult parsed) => parsed.GetResult(CommandLine.Data) is { Implicit: false } ? $" --data \"{parsed.GetValue(CommandLine.Data)}\"" : "";

    private static void PrintReading(JsonElement reading)
    {
        string? Text(string name) => reading.GetProperty(name).GetString();
        var parts = new List<string> { Text("format")!.ToUpperInvariant() };
        if (Text("preset") is { } preset) parts.Add($"export of {preset}");
        if (Text("delimiter") is { } delimiter) parts.Add($"delimiter {delimiter}");
        if (Text("encoding") is { } encoding) parts.Add(encoding);
        if (Text("dateFormat") is { } date) parts.Add($"times {date}{(reading.GetProperty("dateAmbiguous").GetBoolean() ? " (day and month could be exchanged)" : "")}");
        if (Text("timeZone") is { } zone) parts.Add($"of {zone}");
        Console.WriteLine("Read as " + string.Join(", ", parts) + ".");
        if (reading.GetProperty("mapping") is { ValueKind: JsonValueKind.Object } mapping)
            Console.WriteLine("Mapping: " + string.Join(' ', mapping.EnumerateObject().Where(m => m.Value.GetString()!.Length > 0).Select(m => $"--map \"{m.Name}={m.Value.GetString()}\"")));
    }
}

/// <summary>Shows how far the file has been sent and read.</summary>
internal static class ImportProgressBar
{
    public static Task<string?> ShowAsync(HttpClient http, FileStream file, string name, Func<Task<string?>> send, CancellationToken ct) =>
        AnsiConsole.Progress().AutoClear(true).Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var length = Math.Max(1, file.Length);
                var bar = progress.AddTask(Markup.Escape(name), maxValue: 2 * length);
                var sending = send();
                while (await Task.WhenAny(sending, Task.Delay(200, ct)) != sending)
                {
                    // Half of the way is sending, half is reading.
                    if (file.CanRead && file.Position < length) bar.Value = file.Position;
                    else bar.Value = length + await BytesReadAsync(http, name, ct);
                }

                return await sending;
            });

    private static async Task<long> BytesReadAsync(HttpClient http, string name, CancellationToken ct)
    {
        using var list = JsonDocument.Parse(await http.GetStringAsync("/api/v1/collect/imports?take=5", ct));
        foreach (var line in list.RootElement.GetProperty("items").EnumerateArray())
        {
            if (line.GetProperty("fileName").GetString() != name || line.GetProperty("state").GetString() is not ("reading" or "waiting")) continue;
            using var report = JsonDocument.Parse(await http.GetStringAsync($"/api/v1/collect/imports/{line.GetProperty("importId").GetInt32()}", ct));
            return report.RootElement.GetProperty("bytesRead").GetInt64();
        }

        return 0;
    }
}
