using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Tangent.Collect;
using Tangent.Data;
using EventLog = Tangent.Collect.EventLog;

namespace Tangent.Tests.Collect;

/// <summary>The real program as a process of its own, killed without warning while clients send and send again.</summary>
public sealed class KillTests : IAsyncDisposable
{
    private const int Kills = 20;
    private const int Clients = 4;
    private const int BatchSize = 20;

    private readonly DataFolder _folder = new(Directory.CreateTempSubdirectory("tangent-kill").FullName);
    private readonly int _port = FreePort();
    private readonly ConcurrentDictionary<string, bool> _acknowledged = new();
    private readonly StringBuilder _output = new();
    private Process? _program;
    private Task[] _clients = [];
    private string _last = "none";
    private long _answers;

    public async ValueTask DisposeAsync()
    {
        if (_program is { HasExited: false }) _program.Kill();
        _program?.Dispose();
        await Task.Yield();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder.Root, recursive: true);
    }

    [Fact]
    public async Task Killed_twenty_times_no_acknowledged_event_is_lost_and_none_is_there_twice()
    {
        var key = await AddSourceAsync();
        using var stop = new CancellationTokenSource();
        var random = new Random(20);
        Start();
        _clients = Enumerable.Range(0, Clients).Select(c => SendAsync(c, key, stop.Token)).ToArray();
        for (var kill = 0; kill < Kills; kill++)
        {
            await AnsweredAsync(more: Clients);
            await Task.Delay(random.Next(20, 200));
            Kill();
            Start();
        }

        await AnsweredAsync(more: Clients);
        await stop.CancelAsync();
        await Task.WhenAll(_clients);
        Kill();

        var found = await MessageIdsAsync();
        found.Count.ShouldBe(found.Distinct().Count(), "an event is in the log twice");
        _acknowledged.Keys.Except(found).ShouldBeEmpty("acknowledged events are lost");
        found.Except(_acknowledged.Keys).ShouldBeEmpty("every client went on until its last batch was acknowledged");
        found.Count.ShouldBeGreaterThan(Kills * Clients * BatchSize);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<string> AddSourceAsync()
    {
        // Only stopped, not disposed, which would remove the folder.
        var server = await TestServer.StartAsync(dataFolder: _folder.Root);
        await using var scope = server.Services.CreateAsyncScope();
        var source = await scope.ServiceProvider.GetRequiredService<SourceQueries>().AddAsync("killed", SourceKind.Server, CancellationToken.None);
        await server.StopAsync();
        return source!.WriteKey;
    }

    private void Start()
    {
        var program = Path.Combine(Repository.Root, "artifacts", "bin", "Tangent", "release", "Tangent.dll");
        File.Exists(program).ShouldBeTrue($"{program} is not built; ./test builds it");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { program, "serve", "--data", _folder.Root, "--urls", $"http://127.0.0.1:{_port}" }) start.ArgumentList.Add(argument);
        // Twenty starts are what takes the time: code is compiled once, not measured and compiled again.
        start.Environment["DOTNET_TieredPGO"] = "0";
        _program = Process.Start(start)!;
        _program.OutputDataReceived += Keep;
        _program.ErrorDataReceived += Keep;
        _program.BeginOutputReadLine();
        _program.BeginErrorReadLine();

        void Keep(object sender, DataReceivedEventArgs e)
        {
            lock (_output) _output.AppendLine(e.Data);
        }
    }

    /// <summary>Two reading threads write it, so it is read under their lock.</summary>
    private string Said()
    {
        lock (_output) return _output.ToString();
    }

    /// <summary>SIGKILL: no handler runs, nothing is written any more.</summary>
    private void Kill()
    {
        _program!.HasExited.ShouldBeFalse(Said());
        _program.Kill();
        _program.WaitForExit();
        _program.Dispose();
    }

    /// <summary>Waits until the living program acknowledged some batches.</summary>
    private async Task AnsweredAsync(int more)
    {
        var target = Interlocked.Read(ref _answers) + more;
        for (var waited = Stopwatch.StartNew(); Interlocked.Read(ref _answers) < target; await Task.Delay(10))
        {
            if (_clients.FirstOrDefault(c => c.IsFaulted) is { } failed) await failed;
            waited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60), $"the last answer was {_last}; the program said {Said()}");
        }
    }

    /// <summary>One client: batch after batch, each sent again until it is acknowledged.</summary>
    private async Task SendAsync(int client, string key, CancellationToken stop)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{_port}"), Timeout = TimeSpan.FromSeconds(10) };
        for (var batch = 0; !stop.IsCancellationRequested; batch++)
        {
            var ids = Enumerable.Range(0, BatchSize).Select(i => $"{client}-{batch}-{i}").ToArray();
            var events = ids.Select(id => $$"""{"type":"track","event":"Visit","userId":"u{{client}}","messageId":"{{id}}"}""");
            var body = $$"""{"writeKey":"{{key}}","batch":[{{string.Join(',', events)}}]}""";
            while (!await IsAcknowledgedAsync(http, body)) await Task.Delay(20, CancellationToken.None);
            foreach (var id in ids) _acknowledged[id] = true;
            Interlocked.Increment(ref _answers);
        }
    }

    private async Task<bool> IsAcknowledgedAsync(HttpClient http, string body)
    {
        try
        {
            using var response = await http.PostAsync("/v1/batch", new StringContent(body), CancellationToken.None);
            _last = $"{response.StatusCode}";
            if (response.StatusCode != HttpStatusCode.OK) return false;
            var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
            (answer.GetProperty("accepted").GetInt32() + answer.GetProperty("duplicates").GetInt32()).ShouldBe(BatchSize);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException or JsonException)
        {
            _last = e.Message;
            return false;
        }
    }

    private async Task<List<string>> MessageIdsAsync()
    {
        await using var log = new EventLog(_folder, Options.Create(new IngestionOptions()), TimeProvider.System);
        var ids = new List<string>();
        foreach (var row in log.Read(0))
            foreach (var line in row.Events) ids.Add(JsonDocument.Parse(line).RootElement.GetProperty("messageId").GetString()!);
        ids.Count.ShouldBe((int)log.EndPosition);
        return ids;
    }
}
