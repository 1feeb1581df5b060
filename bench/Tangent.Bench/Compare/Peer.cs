using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tangent.Bench;

/// <summary>A database in a process of its own, driven by a runner in bench/peers: it says how long it took and what it answered.</summary>
internal sealed class Peer : IDisposable
{
    private readonly Process process;

    private Peer(string name, Process process)
    {
        Name = name;
        this.process = process;
    }

    public string Name { get; }

    public string Version { get; private set; } = "";

    public double LoadMs { get; private set; }

    public long Bytes { get; private set; }

    public double ProcessorMs
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime.TotalMilliseconds;
        }
    }

    public static Peer Start(string name, string script, JsonObject facts)
    {
        var folder = Path.Combine(Repository.Root, "bench", "peers");
        if (!Directory.Exists(Path.Combine(folder, "node_modules"))) Install(folder);
        var start = new ProcessStartInfo("node") { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(script);
        start.ArgumentList.Add(facts.ToJsonString());
        return new Peer(name, Process.Start(start)!);
    }

    public void Load(GeneratedRows rows, bool withNested)
    {
        JsonNode Ask() => Command(new JsonObject
        {
            ["do"] = "load",
            ["folder"] = Path.Combine(rows.Folder, Name.ToLowerInvariant()),
            ["rows"] = rows.RowsFile,
            ["csv"] = rows.CsvFile,
            ["events"] = rows.Events,
            ["withNested"] = withNested,
        });
        var loaded = Ask();
        if (loaded["needsCsv"] is not null)
        {
            rows.WriteCsv();
            loaded = Ask();
        }

        Version = (string)loaded["version"]!;
        LoadMs = (double)loaded["loadMs"]!;
        Bytes = (long)loaded["bytes"]!;
    }

    public string[] Variants(string form, string question) =>
        [.. Command(new JsonObject { ["do"] = "variants", ["form"] = form, ["question"] = question })["variants"]!.AsArray().Select(name => (string)name!)];

    public (double Ms, string Text) Ask(string form, string question, string variant)
    {
        var answer = Command(new JsonObject { ["do"] = "run", ["form"] = form, ["question"] = question, ["variant"] = variant });
        return ((double)answer["ms"]!, (string)answer["text"]!);
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(10_000)) process.Kill();
        process.Dispose();
    }

    private JsonNode Command(JsonObject command)
    {
        process.StandardInput.WriteLine(command.ToJsonString());
        process.StandardInput.Flush();
        var line = process.StandardOutput.ReadLine() ?? throw new PeerException($"{Name} ended.");
        JsonNode answer;
        try
        {
            answer = JsonNode.Parse(line)!;
        }
        catch (JsonException)
        {
            throw new PeerException($"{Name}: {line}");
        }

        return answer["error"] is { } error ? throw new PeerException($"{Name}: {error}") : answer;
    }

    private static void Install(string folder)
    {
        // Not "ci": it asks for the packages of every platform, and not every registry has them.
        using var npm = Process.Start(new ProcessStartInfo("npm", "install --no-save --no-audit --no-fund --ignore-scripts --loglevel=error") { WorkingDirectory = folder })!;
        npm.WaitForExit();
        if (npm.ExitCode != 0) throw new PeerException("npm could not fetch the peers.");
    }
}

/// <summary>A peer could not answer; the message says why.</summary>
internal sealed class PeerException(string message) : Exception(message);
