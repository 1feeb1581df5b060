using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Tangent.Bench;

/// <summary>The real program as a process of its own, with a data folder of its own, on a free loopback port.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder said = new();

    private ServerProcess(string folder, int port, (string Name, string Value)[] settings)
    {
        (Folder, Port) = (folder, port);
        // The one built with the same configuration.
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Tangent", configuration, "Tangent.dll"));
        if (!File.Exists(program)) throw new InvalidOperationException($"{program} is not built.");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[program, "serve", "--data", folder, "--urls", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")]) start.ArgumentList.Add(argument);
        foreach (var (name, value) in settings) start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, e) => said.AppendLine(e.Data);
        process.ErrorDataReceived += (_, e) => said.AppendLine(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        // As the program's own commands do: over the socket in the data folder, as owner.
        Api = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, ct) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(folder, "tangent.sock")), ct);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = new Uri("http://localhost"), Timeout = Timeout.InfiniteTimeSpan };
    }

    public string Folder { get; }

    public int Port { get; }

    public HttpClient Api { get; }

    /// <summary>Processor time used so far.</summary>
    public TimeSpan Processor
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public long MemoryMb
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64 >> 20;
        }
    }

    public long PeakMemoryMb
    {
        get
        {
            process.Refresh();
            return process.PeakWorkingSet64 >> 20;
        }
    }

    /// <summary>Events in the answers, and log position up to which the journeys on disk reach.</summary>
    public async Task<long> VisibleAsync() =>
        (await Api.GetFromJsonAsync<JsonElement>("/api/v1/analyse/touchpoints")) is { ValueKind: JsonValueKind.Object } answer && answer.TryGetProperty("events", out var events) ? events.GetInt64() : 0;

    public long OnDisk()
    {
        var journeys = Path.Combine(Folder, "journeys");
        var pointer = Path.Combine(journeys, "current");
        if (!File.Exists(pointer)) return 0;
        try
        {
            using var file = File.OpenRead(Path.Combine(journeys, File.ReadAllText(pointer).Trim(), "identities.bin"));
            var head = new byte[12];
            file.ReadExactly(head);
            return BitConverter.ToInt64(head, 4);
        }
        catch (IOException)
        {
            // Replaced by the next one at this moment.
            return 0;
        }
    }

    /// <param name="settings">As in the configuration, such as Journeys:CompactAtEvents.</param>
    public static async Task<ServerProcess> StartAsync(params (string Name, string Value)[] settings)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var server = new ServerProcess(Directory.CreateTempSubdirectory("tangent-bench").FullName, port, settings);
        try
        {
            await server.UpAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private async Task UpAsync()
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            try
            {
                await Api.GetStringAsync("/api/v1/collect/sources");
                return;
            }
            catch (HttpRequestException) when (!process.HasExited && waited.Elapsed < TimeSpan.FromSeconds(60))
            {
                // Not up yet.
            }
        }
    }

    public async Task<(int Id, string WriteKey)> AddSourceAsync(string name)
    {
        using var answer = await Api.PostAsJsonAsync("/api/v1/collect/sources", new { name, kind = "server" });
        answer.EnsureSuccessStatusCode();
        var source = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (source.GetProperty("id").GetInt32(), source.GetProperty("writeKey").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
