using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Tangent.Bench;

/// <param name="Events">Events acknowledged.</param>
/// <param name="EventsPerSecond">Acknowledged (so on the disk) and de-duplicated, from the first sending to the last answer.</param>
/// <param name="ServerMicros">Processor time of the server for each event up to the last answer, in microseconds; following the log included as far as it went.</param>
/// <param name="LoadMicros">Processor time of the load for each event, in microseconds.</param>
/// <param name="FollowedMicros">Processor time of the server for each event until all were visible.</param>
/// <param name="LagSeconds">From the last answer until every event counted in answers.</param>
/// <param name="RepeatsTaken">Events taken a second time when the last requests were sent again; must be 0.</param>
internal sealed record IngestFigures(
    long Events, int Batch, int Clients, double EventBytes, double EventsPerSecond, double MedianMs, double SlowestHundredthMs,
    double ServerMicros, double LoadMicros, double FollowedMicros, double LagSeconds, long RepeatsTaken, long PeakMemoryMb, bool AllVisible);

/// <summary>The whole way of <c>/v1/batch</c> on a server of its own: how many events a second become durable, what they cost, and when they count.</summary>
internal static class IngestBench
{
    private const int Repeated = 8;

    public static async Task<int> RunAsync(int events, int batch, int clients, int customers, int perSecond, bool rich, bool json)
    {
        await using var server = await ServerProcess.StartAsync();
        var (_, writeKey) = await server.AddSourceAsync("bench");
        var bodies = new EventBodies(writeKey, batch, customers, rich);
        using var load = new RawLoad(server.Port, clients);

        // Long enough for the hot code of the server to be compiled in full.
        var warm = load.Send(bodies, 400_000 / batch, 0, batch);
        await UntilVisibleAsync(server, warm.Accepted);
        var (processor, own) = (server.Processor, Environment.CpuUsage.TotalTime);
        var watch = Stopwatch.StartNew();
        var sent = load.Send(bodies, events / batch, perSecond, batch);
        var seconds = watch.Elapsed.TotalSeconds;
        var (serverTime, loadTime) = (server.Processor - processor, Environment.CpuUsage.TotalTime - own);
        watch.Restart();
        var all = await UntilVisibleAsync(server, warm.Accepted + sent.Accepted);
        var lag = watch.Elapsed.TotalSeconds;
        var followed = server.Processor - processor;
        var repeated = load.Repeat(sent.Last);

        Array.Sort(sent.TimesMs);
        var figures = new IngestFigures(
            sent.Accepted, batch, clients, Math.Round(bodies.EventBytes, 1), Math.Round(sent.Accepted / seconds), Math.Round(sent.TimesMs[sent.TimesMs.Length / 2], 2),
            Math.Round(sent.TimesMs[sent.TimesMs.Length * 99 / 100], 2), Micros(serverTime, sent.Accepted), Micros(loadTime, sent.Accepted), Micros(followed, sent.Accepted),
            Math.Round(lag, 2), repeated, server.PeakMemoryMb, all && repeated == 0);
        Print(figures, json);
        return figures.AllVisible ? 0 : 1;
    }

    private static void Print(IngestFigures f, bool json)
    {
        if (json) Console.WriteLine(JsonSerializer.Serialize(f, JsonSerializerOptions.Web));
        else
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
                {f.Events:N0} events of {f.EventBytes:F0} bytes in batches of {f.Batch} over {f.Clients} connections: {f.EventsPerSecond:N0} events/s durable and de-duplicated
                answers after {f.MedianMs:F1} ms (median), {f.SlowestHundredthMs:F1} ms (99 %)
                processors: server {f.ServerMicros:F2} µs an event ({f.FollowedMicros:F2} until all counted in answers), load {f.LoadMicros:F2} µs
                all counted in answers {f.LagSeconds:F1} s after the last answer: {(f.AllVisible ? "yes" : "NO")}; sent again and taken twice: {f.RepeatsTaken}; largest memory {f.PeakMemoryMb} MB
                """));
        }
    }

    private static double Micros(TimeSpan time, long events) => Math.Round(time.TotalMicroseconds / events, 2);

    private static async Task<bool> UntilVisibleAsync(ServerProcess server, long events)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromMinutes(5); await Task.Delay(100))
            if (await server.VisibleAsync() is var visible && visible >= events) return visible == events;
        return false;
    }
}

/// <summary>One thread that keeps several connections busy: each has one request under way; answers are read in turn.</summary>
internal sealed class RawLoad : IDisposable
{
    private readonly Socket[] sockets;
    private readonly byte[] answer = new byte[64 << 10];

    public RawLoad(int port, int clients)
    {
        sockets = [.. Enumerable.Range(0, clients).Select(_ => new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true })];
        foreach (var socket in sockets) socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
    }

    /// <summary>Sends as fast as answers come, or so many events a second.</summary>
    public (long Accepted, double[] TimesMs, IReadOnlyList<byte[]> Last) Send(EventBodies bodies, int requests, int perSecond, int batch)
    {
        var times = new double[requests];
        var started = new long[sockets.Length];
        var last = new List<byte[]>();
        var begun = Stopwatch.StartNew();
        long accepted = 0;
        for (var i = 0; i < requests + sockets.Length; i++)
        {
            var turn = i % sockets.Length;
            if (i >= sockets.Length && i - sockets.Length < requests)
            {
                accepted += Receive(sockets[turn]);
                times[i - sockets.Length] = Stopwatch.GetElapsedTime(started[turn]).TotalMilliseconds;
            }

            if (i >= requests) continue;
            if (perSecond > 0) Wait(begun, (double)i * batch / perSecond);
            var request = bodies.Next();
            if (i >= requests - 8) last.Add(request.ToArray());
            started[turn] = Stopwatch.GetTimestamp();
            sockets[turn].Send(request.Span);
        }

        return (accepted, times, last);
    }

    /// <returns>Events that were taken as new, though they had been sent before.</returns>
    public long Repeat(IReadOnlyList<byte[]> requests)
    {
        long taken = 0;
        foreach (var request in requests)
        {
            sockets[0].Send(request);
            taken += Receive(sockets[0]);
        }

        return taken;
    }

    public void Dispose()
    {
        foreach (var socket in sockets) socket.Dispose();
    }

    private static void Wait(Stopwatch begun, double untilSeconds)
    {
        var left = untilSeconds - begun.Elapsed.TotalSeconds;
        if (left > 0.001) Thread.Sleep(TimeSpan.FromSeconds(left));
    }

    /// <returns>Events accepted, as the answer says.</returns>
    private long Receive(Socket socket)
    {
        var length = 0;
        while (true)
        {
            var read = socket.Receive(answer.AsSpan(length));
            if (read == 0) throw new IOException("The server closed the connection.");
            length += read;
            var text = answer.AsSpan(0, length);
            var head = text.IndexOf("\r\n\r\n"u8);
            if (head < 0) continue;
            if (!text.StartsWith("HTTP/1.1 200"u8)) throw new IOException("The server answered: " + Encoding.UTF8.GetString(text));
            // Either the length is told, or the last piece is empty.
            var tells = Number(text[..head], "Content-Length: "u8);
            if (tells >= 0 ? length < head + 4 + tells : !text.EndsWith("\r\n0\r\n\r\n"u8)) continue;
            return Number(text[head..], "\"accepted\":"u8);
        }
    }

    private static long Number(ReadOnlySpan<byte> text, ReadOnlySpan<byte> after)
    {
        var at = text.IndexOf(after);
        if (at < 0) return -1;
        long number = 0;
        for (at += after.Length; at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9'; at++) number = (number * 10) + text[at] - '0';
        return number;
    }
}
