using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Tangent.Cli;

internal static class MatchCommand
{
    private static readonly Argument<string[]> Files = new("file") { Description = "CSV files of persons, one or several; each may be packed with gzip", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> Rules = new("--rules") { Description = "Rules file (JSON) that says when two rows are one person; without it matching is automatic" };
    private static readonly Option<string[]> Ignore = new("--ignore") { Description = "Header of a column that is left out; repeat it for several", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string> Output = new("--output") { Description = "File to write: CSV with the columns file, row (from 1, without the header), cluster, probability", Required = true };
    private static readonly Option<string?> Country = new("--country") { Description = "Country (ISO code) of telephone numbers without calling code; DE unless said" };
    private static readonly Option<double?> Sure = new("--sure") { Description = "Probability from which on two rows are one person, between 0.5 and 1; 0.9 unless said" };

    public static Command Create()
    {
        var command = new Command("match", "Find the rows of files that are one person; nothing of the files is kept") { Files, Rules, Ignore, Output, Country, Sure };
        command.SetApiAction(RunAsync, begins: true);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, HttpClient http, CancellationToken ct)
    {
        // Said before long files are sent: what was found would be lost.
        var output = parsed.GetValue(Output)!;
        if (OutputFile.Refusal(output) is { } refusal)
        {
            await Console.Error.WriteLineAsync(refusal);
            return ExitCode.Refused;
        }

        using var form = new MultipartFormDataContent();
        var files = parsed.GetValue(Files)!;
        // The rules go first, so that a mistake in them is said before long files are sent.
        foreach (var (file, part) in new[] { parsed.GetValue(Rules) }.OfType<string>().Select(f => (f, "rules")).Concat(files.Select(f => (f, "file"))))
        {
            if (!File.Exists(file))
            {
                await Console.Error.WriteLineAsync($"There is no file {file}.");
                return ExitCode.Refused;
            }

            form.Add(new StreamContent(File.OpenRead(file), 1 << 17), part, NameOf(file, files));
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, Address(parsed)) { Content = form };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        if (!response.IsSuccessStatusCode) return await ApiCommand.RefuseAsync(response, ct);
        var report = response.Headers.GetValues("Tangent-Report").First();
        await using var clusters = await response.Content.ReadAsStreamAsync(ct);
        await OutputFile.WriteAsync(output, clusters.CopyToAsync, ct);
        if (parsed.GetValue(CommandLine.Json)) Console.WriteLine(report);
        else Print(report, output);
        return ExitCode.Done;
    }

    /// <summary>What a file is called in the output: its bare name, or as it was given where another has the same.</summary>
    private static string NameOf(string file, string[] files) =>
        Path.GetFileName(file) is var name && files.Count(f => Path.GetFileName(f) == name) > 1 ? file : name;

    private static string Address(ParseResult parsed)
    {
        var query = (parsed.GetValue(Ignore) ?? []).Select(i => ("ignore", (string?)i)).ToList();
        query.Add(("country", parsed.GetValue(Country)));
        query.Add(("sure", parsed.GetValue(Sure)?.ToString(CultureInfo.InvariantCulture)));
        return "/api/v1/unify/matches?" + string.Join('&', query.Where(q => q.Item2 is not null).Select(q => $"{q.Item1}={Uri.EscapeDataString(q.Item2!)}"));
    }

    private static void Print(string json, string output)
    {
        using var document = JsonDocument.Parse(json);
        var report = document.RootElement;
        Console.WriteLine($"{report.GetProperty("rows").GetInt32():N0} rows are {report.GetProperty("persons").GetInt32():N0} persons, the largest of {report.GetProperty("largest").GetInt32():N0}; {report.GetProperty("pairsCompared").GetInt64():N0} pairs compared in {report.GetProperty("seconds").GetDouble():N1} s.");
        foreach (var rule in report.GetProperty("rules").EnumerateArray())
            Console.WriteLine($"  {rule.GetProperty("name").GetString()}: {rule.GetProperty("pairs").GetInt64():N0} pairs that no rule before found");
        foreach (var column in report.GetProperty("columns").EnumerateArray())
            if (Worth(column) is { } worth) Console.WriteLine($"  {column.GetProperty("name").GetString()} ({column.GetProperty("kind").GetString()}): {worth}");
        Console.WriteLine($"The clusters are in {output}.");
    }

    /// <returns>Null where rules decided and nothing was learned.</returns>
    private static string? Worth(JsonElement column) =>
        column.GetProperty("followsFrom").GetString() is { } from ? $"follows from {from}"
        : column.GetProperty("weight") is { ValueKind: JsonValueKind.Number } weight ? $"agreeing is worth {weight.GetDouble():N1} bits" : null;
}
