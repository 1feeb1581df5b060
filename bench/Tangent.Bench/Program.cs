using System.Globalization;
using Tangent.Bench;

var options = new Dictionary<string, string>();
for (var index = 1; index + 1 < args.Length; index++)
    if (args[index].StartsWith("--", StringComparison.Ordinal)) options[args[index]] = args[index + 1];

if (args.Contains("--help")) args = [];

int Number(string name, int otherwise) => options.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

if (args is ["calls", ..] && options.TryGetValue("--server", out var server) && options.TryGetValue("--key", out var key))
{
    await CallsLoad.RunAsync(new Uri(server), key, Number("--events", 300_000), Number("--batch", 100), Number("--clients", 8));
    return 0;
}

if (args is ["ingest", ..])
    return await IngestBench.RunAsync(Number("--events", 2_000_000), Number("--batch", 100), Number("--clients", 96), Number("--customers", 200_000), Number("--rate", 0), options.GetValueOrDefault("--event") == "rich", args.Contains("--json"));

if (args is ["page"])
{
    PerformancePage.Write();
    return 0;
}

if (args is ["compare", ..])
{
    var peers = options.GetValueOrDefault("--peers", "ClickHouse,DuckDB").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Except(["none"]).ToArray();
    var only = options.GetValueOrDefault("--only", "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    var compare = new ComparePlan(Number("--events", 10_000_000), Number("--seed", 1), Number("--runs", 5), only, args.Contains("--nested"), peers, TimeSpan.FromSeconds(Number("--patience", 60)));
    return CompareCommand.Run(compare, args.Contains("--json"), args.Contains("--write-docs"));
}

if (args is ["import", ..]) return await ImportBench.RunAsync(Number("--rows", 10_000_000), Number("--customers", 800_000), args.Contains("--json"), CancellationToken.None);

if (args is ["profiles", ..]) return await ProfilesBench.RunAsync(Number("--persons", 1_000_000), args.Contains("--json"), CancellationToken.None);

if (args is ["scores", ..]) return await ScoresBench.RunAsync(Number("--answers", 1_000_000), args.Contains("--json"), CancellationToken.None);

if (args is ["match", ..])
{
    var sizes = options.GetValueOrDefault("--persons", "100000,1000000").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(n => int.Parse(n, CultureInfo.InvariantCulture)).Where(n => n > 0).ToArray();
    var fixtures = options.GetValueOrDefault("--fixtures", Path.Combine(Environment.CurrentDirectory, "..", "shared", "fixtures"));
    return await MatchBench.RunAsync(sizes, Number("--stored", 1_000_000), Number("--asked", 1_000), fixtures, args.Contains("--json"), CancellationToken.None);
}

if (args is not ["questions", ..])
{
    Console.Error.WriteLine("Usage: Tangent.Bench questions [--events N] [--seed N] [--runs N] [--only TEXT]");
    Console.Error.WriteLine("       Tangent.Bench compare [--events N] [--seed N] [--runs N] [--only Q1,Q3] [--nested] [--peers ClickHouse,DuckDB|none] [--patience SECONDS] [--json] [--write-docs]");
    Console.Error.WriteLine("       Tangent.Bench page");
    Console.Error.WriteLine("       Tangent.Bench calls --server URL --key WRITEKEY [--events N] [--batch N] [--clients N]");
    Console.Error.WriteLine("       Tangent.Bench ingest [--events N] [--batch N] [--clients N] [--customers N] [--rate EVENTS_PER_SECOND] [--event bare|rich] [--json]");
    Console.Error.WriteLine("       Tangent.Bench import [--rows N] [--customers N] [--json]");
    Console.Error.WriteLine("       Tangent.Bench scores [--answers N] [--json]");
    Console.Error.WriteLine("       Tangent.Bench profiles [--persons N] [--json]");
    Console.Error.WriteLine("       Tangent.Bench match [--persons N,N] [--stored N] [--asked N] [--fixtures FOLDER] [--json]");
    return 2;
}

QuestionsBench.Run(Number("--events", 10_000_000), Number("--seed", 1), Number("--runs", 7), options.GetValueOrDefault("--only"));
return 0;
