using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Collect;
using EventLog = Tangent.Collect.EventLog;

namespace Tangent.Tests.Collect;

/// <summary>Runs where the SDKs are installed; on the build machine they must be.</summary>
public sealed class SdkTheoryAttribute : TheoryAttribute
{
    public SdkTheoryAttribute()
    {
        if (!Directory.Exists(Path.Combine(SdkTests.Npm, "node_modules")) && Environment.GetEnvironmentVariable("CI") != "true")
            Skip = "The SDKs are not installed: run npm ci in tests/Tangent.Tests/npm, or ./test.";
    }
}

/// <summary>Unmodified SDKs from npm send to the whole program.</summary>
public sealed class SdkTests(TestServer server) : IClassFixture<TestServer>
{
    private const int Customers = 40;

    public static string Npm => Path.Combine(Repository.Root, "tests", "Tangent.Tests", "npm");

    [SdkTheory]
    [InlineData("segment")]
    [InlineData("rudderstack")]
    public async Task Everything_an_sdk_sends_arrives_with_its_content(string sdk)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var source = (await scope.ServiceProvider.GetRequiredService<SourceQueries>().AddAsync(sdk, SourceKind.Server, CancellationToken.None)).ShouldNotBeNull();
        await SendAsync(sdk, source.WriteKey);

        var events = Events(source.Id);
        events.Count.ShouldBe(Customers * 5);
        events.Select(e => Text(e, "messageId")).Distinct().Count().ShouldBe(events.Count);
        for (var n = 0; n < Customers; n++)
        {
            var journey = events.Where(e => Text(e, "userId") == $"user-{n}").ToDictionary(e => Text(e, "type"));
            journey.Count.ShouldBe(5);
            var traits = journey["identify"].GetProperty("traits");
            (Text(traits, "name"), Text(traits, "plan"), traits.GetProperty("logins").GetInt32()).ShouldBe(($"Zoë Żółć {n}", "pro", n));
            Text(journey["identify"], "anonymousId").ShouldBe($"visitor-{n}");
            var order = journey["track"].GetProperty("properties");
            Text(journey["track"], "event").ShouldBe("Order Completed");
            (Text(order, "orderId"), order.GetProperty("revenue").GetDouble(), Text(order, "note")).ShouldBe(($"o-{n}", n + 0.5, "„Grüße“ \U0001F6B2\n<b>&amp;"));
            (Text(journey["page"], "name"), Text(journey["page"].GetProperty("properties"), "path")).ShouldBe(("Checkout", $"/checkout/{10000 + n}"));
            (Text(journey["group"], "groupId"), Text(journey["group"].GetProperty("traits"), "industry")).ShouldBe(($"company-{n}", "bicycles"));
            Text(journey["alias"], "previousId").ShouldBe($"visitor-{n}");
        }

        Signature(source.Id).ShouldBe(("Checkout", "web", "/checkout/*", "spring"));
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";

    private async Task SendAsync(string sdk, string writeKey)
    {
        var start = new ProcessStartInfo("node") { WorkingDirectory = Npm, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in new[] { "send-events.cjs", sdk, server.Address.ToString().TrimEnd('/'), writeKey, $"{Customers}" }) start.ArgumentList.Add(argument);
        using var node = Process.Start(start)!;
        var errors = node.StandardError.ReadToEndAsync();
        var output = node.StandardOutput.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await node.WaitForExitAsync(limit.Token);
        node.ExitCode.ShouldBe(0, await errors + await output);
    }

    private List<JsonElement> Events(int sourceId)
    {
        var events = new List<JsonElement>();
        foreach (var row in server.Get<EventLog>().Read(0).Where(r => r.SourceId == sourceId))
            foreach (var line in row.Events) events.Add(JsonDocument.Parse(line).RootElement);
        return events;
    }

    /// <summary>What the journey store makes of the first page call.</summary>
    private (string Name, string Channel, string Path, string Campaign) Signature(int sourceId)
    {
        var read = new CollectedEvent();
        foreach (var row in server.Get<EventLog>().Read(0).Where(r => r.SourceId == sourceId))
        {
            foreach (var line in row.Events)
            {
                read.Read(line, row.ReceivedAtMs, row.SentAtMs, out _).ShouldBeTrue();
                if (read.Type == EventType.Page)
                    return (Encoding.UTF8.GetString(read.Name), Encoding.UTF8.GetString(read.Channel), Encoding.UTF8.GetString(read.Path), Encoding.UTF8.GetString(read.Campaign));
            }
        }

        return default;
    }
}
