using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Collect;
using EventLog = Tangent.Collect.EventLog;

namespace Tangent.Tests.Collect;

/// <summary>Every piece of code that the page of a source offers for copying was really run.</summary>
public sealed class SnippetTests(TestServer server) : IClassFixture<TestServer>
{
    [SdkTheory]
    [InlineData("curl", "bash", "-c")]
    [InlineData("python", "python3", "-c")]
    [InlineData("segment-node", "node", "--input-type=module", "-e")]
    [InlineData("rudderstack-node", "node", "--input-type=module", "-e")]
    public async Task A_snippet_sends_the_event_it_shows(string id, string program, params string[] arguments)
    {
        var source = await AddAsync(id);
        var snippet = Snippet.For(SourceKind.Server, Address, source.WriteKey).Single(s => s.Id == id);
        await RunAsync(program, [.. arguments, snippet.Text]);
        await ShouldHaveArrivedAsync(source.Id);
    }

    [Fact]
    public async Task The_snippet_in_CSharp_compiles_and_sends_the_event_it_shows()
    {
        var source = await AddAsync("csharp");
        await SendAsync(Address, source.WriteKey);
        await ShouldHaveArrivedAsync(source.Id);

        // What ran is what is offered, from the line behind the usings and the two values on.
        var offered = Snippet.For(SourceKind.Server, "A", "K").Single(s => s.Id == "csharp").Text.Split('\n').SkipWhile(l => !l.StartsWith("using var http", StringComparison.Ordinal));
        var ran = Repository.Read("tests/Tangent.Tests/Collect/SnippetTests.cs").Split('\n')
            .SkipWhile(l => !l.StartsWith("        using var http", StringComparison.Ordinal)).TakeWhile(l => l != "    }").Select(l => l.Length > 8 ? l[8..] : l);
        ran.ShouldBe(offered);
    }

    private static async Task SendAsync(string address, string writeKey)
    {
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(writeKey + ":")));
        var order = new
        {
            userId = "k-100",
            @event = "Order completed",
            messageId = Guid.NewGuid(),
            timestamp = DateTimeOffset.UtcNow,
            properties = new { channel = "web", revenue = 1299.50, currency = "EUR" },
        };
        using var answer = await http.PostAsJsonAsync("/v1/track", order);
        answer.EnsureSuccessStatusCode();
    }

    private string Address => server.Address.ToString().TrimEnd('/');

    private async Task<Source> AddAsync(string name)
    {
        await using var scope = server.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<SourceQueries>().AddAsync("snippet " + name, SourceKind.Server, CancellationToken.None)).ShouldNotBeNull();
    }

    private static async Task RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program) { WorkingDirectory = SdkTests.Npm, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(limit.Token);
        process.ExitCode.ShouldBe(0, await errors + await output);
    }

    private async Task ShouldHaveArrivedAsync(int sourceId)
    {
        var log = server.Get<EventLog>();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (log.Totals.All(t => t.SourceId != sourceId)) await Task.Delay(100, patience.Token);
        var row = log.Read(0).Single(r => r.SourceId == sourceId);
        var e = JsonDocument.Parse(row.Body).RootElement;
        (e.GetProperty("userId").GetString(), e.GetProperty("event").GetString()).ShouldBe(("k-100", "Order completed"));
        var properties = e.GetProperty("properties");
        (properties.GetProperty("channel").GetString(), properties.GetProperty("revenue").GetDecimal(), properties.GetProperty("currency").GetString()).ShouldBe(("web", 1299.5m, "EUR"));
    }
}
