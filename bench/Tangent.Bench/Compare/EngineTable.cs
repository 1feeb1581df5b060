using System.Diagnostics;
using Tangent.Engine;

namespace Tangent.Bench;

/// <summary>The generated events in the engine's own base, written anew whenever the engine was built anew.</summary>
internal static class EngineTable
{
    // Between two compactions, so that what waits in memory stays small beside the base.
    private const int EventsAtOnce = 25_000_000;

    public static JourneyTable Open(GeneratedRows rows, out double loadMs, out double openMs, out long bytes)
    {
        var folder = Path.Combine(rows.Folder, "engine");
        var build = Path.Combine(folder, "build");
        var version = typeof(JourneyTable).Assembly.ManifestModule.ModuleVersionId.ToString();
        var watch = Stopwatch.StartNew();
        loadMs = 0;
        if (!File.Exists(build) || File.ReadAllText(build) != version)
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            using (var table = JourneyTable.Open(folder, 0)) Load(table, rows);
            loadMs = watch.Elapsed.TotalMilliseconds;
            File.WriteAllText(build, version);
        }

        bytes = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
        watch.Restart();
        var opened = JourneyTable.Open(folder, 0);
        openMs = watch.Elapsed.TotalMilliseconds;
        if (opened.View().Events == rows.Events) return opened;
        opened.Dispose();
        File.Delete(build);
        throw new InvalidOperationException($"The engine's base holds other events than the {rows.Events:N0} generated ones; run again to write it anew.");
    }

    private static void Load(JourneyTable table, GeneratedRows rows)
    {
        long said = 0;
        foreach (var e in rows.Read())
        {
            table.Append(e, []);
            if (++said % EventsAtOnce == 0) table.Compact(said);
        }

        if (said % EventsAtOnce != 0) table.Compact(said);
    }
}
