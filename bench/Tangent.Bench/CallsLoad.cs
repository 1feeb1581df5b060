using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Tangent.Bench;

/// <summary>Load on the calls of a running server: several clients send batches one after the other. Prints events per second and the times of the answers.</summary>
internal static class CallsLoad
{
    public static async Task RunAsync(Uri server, string writeKey, int events, int batchSize, int clients)
    {
        var bodies = Enumerable.Range(0, Math.Max(1, events / batchSize)).Select(b => Batch(b * batchSize, batchSize)).ToArray();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = clients }) { BaseAddress = server };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(writeKey + ":")));
        var times = new double[bodies.Length];
        var next = -1;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(SendAsync)));
        var seconds = watch.Elapsed.TotalSeconds;
        Array.Sort(times);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{bodies.Length * batchSize} events of {bodies[0].Length / batchSize} bytes in batches of {batchSize} by {clients} clients: {bodies.Length * batchSize / seconds:F0} events/s, answers {times[times.Length / 2]:F1} ms (median), {times[times.Length * 99 / 100]:F1} ms (99 %)"));

        async Task SendAsync()
        {
            for (int i; (i = Interlocked.Increment(ref next)) < bodies.Length;)
            {
                var started = Stopwatch.GetTimestamp();
                using var answer = await http.PostAsync("/v1/batch", new ByteArrayContent(bodies[i]));
                answer.EnsureSuccessStatusCode();
                times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }
        }
    }

    private static byte[] Batch(int first, int size) => Encoding.UTF8.GetBytes("{\"batch\":[" + string.Join(',', Enumerable.Range(first, size).Select(i => string.Create(CultureInfo.InvariantCulture,
        $$$"""{"type":"track","event":"Order Completed","userId":"user-{{{i % 50_000}}}","messageId":"{{{Guid.NewGuid()}}}","timestamp":"2026-05-04T12:30:00.000Z","properties":{"channel":"web shop","orderId":"o-{{{i}}}","revenue":{{{i % 500}}}.5,"currency":"EUR","shop":"Wien"},"context":{"page":{"path":"/checkout/{{{i}}}"},"device":{"type":"mobile"},"locale":"de-AT"}}"""))) + "]}");
}
