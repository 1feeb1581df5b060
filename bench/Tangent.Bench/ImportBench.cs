using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Tangent.Bench;

/// <param name="RowsPerSecond">From the first byte sent to the last row checked and committed.</param>
/// <param name="DurableSeconds">The same as time.</param>
/// <param name="VisibleSeconds">From the first byte sent until every event counts in answers.</param>
/// <param name="OnDiskSeconds">From the first byte sent until the journeys are in the base on disk.</param>
/// <param name="NotOnDisk">The last events, too few to be worth a new base: the next start follows the log for them.</param>
/// <param name="ServerMicros">Processor time of the server for each row until then, in microseconds.</param>
/// <param name="RepeatNew">Events that were new when the same file was imported again; must be 0.</param>
internal sealed record ImportFigures(
    long Rows, double FileMb, double RowsPerSecond, double DurableSeconds, double VisibleSeconds, double OnDiskSeconds, long NotOnDisk, double ServerMicros, long PeakMemoryMb,
    double LogMb, double JourneysMb, long RepeatNew, bool AllVisible);

/// <summary>Imports a CSV file of six columns into a server of its own, the way the command does it.</summary>
internal static class ImportBench
{
    private const int LargestRepeat = 2_000_000;

    // No new base takes longer to write.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(20);

    public static async Task<int> RunAsync(int rows, int customers, bool json, CancellationToken ct, params (string Name, string Value)[] settings)
    {
        var file = Path.GetTempFileName();
        try
        {
            Write(file, rows, customers);
            await using var server = await ServerProcess.StartAsync(settings);
            var figures = await ImportAsync(server, file, rows, ct);
            Print(figures, json);
            return figures.AllVisible && figures.RepeatNew == 0 ? 0 : 1;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<ImportFigures> ImportAsync(ServerProcess server, string file, int rows, CancellationToken ct)
    {
        var processor = server.Processor;
        var watch = Stopwatch.StartNew();
        var importing = PostAsync(server, file, ct);
        double durable = 0;
        while (durable == 0)
        {
            await Task.Delay(20, ct);
            if (importing.IsFaulted) await importing;
            var list = (await server.Api.GetFromJsonAsync<JsonElement>("/api/v1/collect/imports?take=1", ct)).GetProperty("items");
            if (list.GetArrayLength() > 0 && list[0].GetProperty("state").GetString() == "done") durable = watch.Elapsed.TotalSeconds;
        }

        var report = await importing;
        while (await server.VisibleAsync() < rows && watch.Elapsed < TimeSpan.FromMinutes(10)) await Task.Delay(50, ct);
        var visible = watch.Elapsed.TotalSeconds;
        var all = await server.VisibleAsync() == rows && report.GetProperty("new").GetInt64() == rows;
        var micros = Math.Round((server.Processor - processor).TotalMicroseconds / rows, 2);
        // Until the base grows no more: the last rows may be too few to be worth a new one.
        var (onDisk, left) = (visible, rows - server.OnDisk());
        while (left > 0 && watch.Elapsed.TotalSeconds - onDisk < Settled.TotalSeconds)
        {
            await Task.Delay(50, ct);
            var now = rows - server.OnDisk();
            if (now >= left) continue;
            (onDisk, left, micros) = (watch.Elapsed.TotalSeconds, now, Math.Round((server.Processor - processor).TotalMicroseconds / rows, 2));
        }

        var again = rows <= LargestRepeat ? (await PostAsync(server, file, ct)).GetProperty("new").GetInt64() : 0;
        return new ImportFigures(
            rows, Mb(new FileInfo(file).Length), Math.Round(rows / durable), Math.Round(durable, 2), Math.Round(visible, 2), Math.Round(onDisk, 2), left, micros, server.PeakMemoryMb,
            Mb(Size(server.Folder, "events.db*")), Mb(Size(Path.Combine(server.Folder, "journeys"), "*")), again, all);
    }

    private static async Task<JsonElement> PostAsync(ServerProcess server, string file, CancellationToken ct)
    {
        await using var stream = new FileStream(file, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        using var answer = await server.Api.PostAsync("/api/v1/collect/imports?fileName=bench.csv", new StreamContent(stream, 1 << 17), ct);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
    }

    private static void Print(ImportFigures f, bool json)
    {
        if (json) Console.WriteLine(JsonSerializer.Serialize(f, JsonSerializerOptions.Web));
        else
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
                {f.Rows:N0} rows of 6 columns ({f.FileMb:N0} MB): {f.RowsPerSecond:N0} rows/s parsed, checked and durable ({f.DurableSeconds:F1} s)
                all in answers after {f.VisibleSeconds:F1} s, in the base on disk after {f.OnDiskSeconds:F1} s (but the last {f.NotOnDisk:N0}); complete: {(f.AllVisible ? "yes" : "NO")}; new when imported again: {f.RepeatNew}
                processors: server {f.ServerMicros:F2} µs a row; largest memory {f.PeakMemoryMb} MB; event log {f.LogMb:N0} MB, journeys {f.JourneysMb:N0} MB
                """));
        }
    }

    private static double Mb(long bytes) => Math.Round(bytes / 1048576.0, 1);

    private static long Size(string folder, string pattern) => new DirectoryInfo(folder).EnumerateFiles(pattern, SearchOption.AllDirectories).Sum(f => f.Length);

    /// <summary>Rows in order of time, as an export has them: few customers with much, many with little.</summary>
    private static void Write(string file, int rows, int customers)
    {
        var random = new Random(5);
        using var stream = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        stream.Write("customer,event,time,channel,value,currency\n"u8);
        var start = new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        Span<byte> line = stackalloc byte[160];
        for (var i = 0; i < rows; i++)
        {
            var at = start.AddSeconds(i * (180 * 86_400.0 / rows));
            var customer = (int)(customers * Math.Pow(random.NextDouble(), 1.7));
            var isPurchase = random.Next(20) == 0;
            System.Text.Unicode.Utf8.TryWrite(line, CultureInfo.InvariantCulture, $"C{customer:0000000},Touchpoint {10 + random.Next(40)},{at:yyyy-MM-ddTHH:mm:ss}Z,{Channel(random.Next(4))},", out var written);
            if (isPurchase) System.Text.Unicode.Utf8.TryWrite(line[written..], CultureInfo.InvariantCulture, $"{random.Next(1, 40_000) / 100m:0.00},EUR\n", out _);
            else ",\n"u8.CopyTo(line[written..]);
            stream.Write(line[..(line.IndexOf((byte)'\n') + 1)]);
        }
    }

    private static string Channel(int i) => i switch { 0 => "web shop", 1 => "app", 2 => "phone", _ => "store" };
}
