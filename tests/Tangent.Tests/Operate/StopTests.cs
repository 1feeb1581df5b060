using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;

namespace Tangent.Tests.Operate;

/// <summary>A server that is asked to stop while clients send.</summary>
public sealed class StopTests
{
    [Fact]
    public async Task Stopped_under_load_every_acknowledged_event_counts_after_the_next_start()
    {
        var folder = Directory.CreateTempSubdirectory("tangent-stop").FullName;
        try
        {
            var acknowledged = new ConcurrentBag<int>();
            var (_, key, _) = await RunningProgram.RunAsync("source", "add", "shop", "--data", folder);
            for (var round = 0; round < 3; round++)
            {
                await using var program = await RunningProgram.ServeAsync(folder);
                using var stop = new CancellationTokenSource();
                var clients = Enumerable.Range(0, 4).Select(c => SendAsync(program, key.Trim(), (round * 10) + c, acknowledged, stop.Token)).ToArray();
                for (var i = 0; i < 1200 && acknowledged.Count < (round + 1) * 20; i++) await Task.Delay(50);
                program.Terminate();
                (await program.ExitAsync()).ShouldBe(0, program.Output);
                await stop.CancelAsync();
                await Task.WhenAll(clients);
            }

            await using var last = await RunningProgram.ServeAsync(folder);
            var (code, output, error) = await RunningProgram.RunAsync("ask", "touchpoints", "--json", "--data", folder);
            code.ShouldBe(0, error);
            var events = JsonDocument.Parse(output).RootElement.GetProperty("events").GetInt64();
            acknowledged.Count.ShouldBeGreaterThanOrEqualTo(60);
            // A batch may have been written whose answer the end of the connection swallowed; none that was answered is missing.
            events.ShouldBeGreaterThanOrEqualTo(acknowledged.Count * 10L);
            events.ShouldBeLessThanOrEqualTo((acknowledged.Count + 12) * 10L);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_program_that_is_asked_to_stop_ends_as_asked_at_any_time()
    {
        var folder = Directory.CreateTempSubdirectory("tangent-stop").FullName;
        try
        {
            for (var round = 0; round < 3; round++)
            {
                await using var answering = await RunningProgram.ServeAsync(folder);
                answering.Terminate();
                (await answering.ExitAsync()).ShouldBe(0, answering.Output);
            }

            var empty = Path.Combine(folder, "empty");
            await using var starting = RunningProgram.Begin(empty);
            while (!File.Exists(Path.Combine(empty, "server.pid"))) await Task.Delay(5);
            starting.Terminate();
            (await starting.ExitAsync()).ShouldBe(0, starting.Output);
            starting.Output.ShouldNotContain("Unhandled");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task SendAsync(RunningProgram program, string key, int client, ConcurrentBag<int> acknowledged, CancellationToken ct)
    {
        for (var n = 0; !ct.IsCancellationRequested; n++)
        {
            var events = Enumerable.Range(0, 10).Select(i => $$"""{"type":"track","event":"Load","userId":"c{{client}}","messageId":"{{client}}-{{n}}-{{i}}"}""");
            try
            {
                if (!await program.SendAsync(key, $$"""{"batch":[{{string.Join(',', events)}}]}""", ct)) return;
                acknowledged.Add(n);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                return;
            }
        }
    }
}
