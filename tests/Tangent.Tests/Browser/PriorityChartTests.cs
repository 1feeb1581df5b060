using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Tangent.Cli;
using Tangent.Collect;
using Tangent.Measure;

namespace Tangent.Tests.Browser;

/// <summary>The names in the priority chart: each beside its bubble or at the end of a line, none on another.</summary>
[Collection("browser")]
public sealed class PriorityChartTests(Chromium chromium)
{
    // Every name with the box it takes up; the axes' numbers and names are texts as well.
    private const string Texts = """
        () => [...document.querySelectorAll('[data-chart=matrix] svg text')].map(t => ({ text: t.textContent, box: t.getBoundingClientRect() })).filter(t => t.text.trim())
            .map(t => ({ text: t.text, x: t.box.x, y: t.box.y, width: t.box.width, height: t.box.height }))
        """;

    [BrowserFact]
    public async Task Names_of_the_priority_chart_do_not_lie_on_each_other()
    {
        var folder = Path.Combine(Directory.CreateTempSubdirectory("tangent-chart").FullName, "demo");
        (await CommandLine.RunAsync(["demo", "--no-serve", "--data", folder, "--json", "--customers", "5000", "--before", DemoDay.Before])).ShouldBe(ExitCode.Done);
        await using var server = await TestServer.StartAsync(dataFolder: folder);
        await server.Get<JourneyStore>().WaitUntilVisibleAsync(server.Get<EventLog>().EndPosition, CancellationToken.None);
        await server.Get<FeedbackFeed>().WaitUntilKeptAsync(server.Get<EventLog>().EndPosition, CancellationToken.None);
        foreach (var (address, width, dark) in new[] { ("", 1280, false), ("?importance=stated", 1280, true), ("?importance=stated", 390, false), ("?importance=stated&lang=pl", 820, false) })
        {
            await using var tab = await chromium.OpenAsync(server.Address, width, 900, dark: dark);
            await tab.GoAsync("/analyse/priorities" + address);
            await tab.ShootAsync($"priority-chart-{width}{(dark ? "-dark" : "")}", whole: false);
            var texts = JsonDocument.Parse(JsonSerializer.Serialize(await tab.Page.EvaluateAsync<JsonElement>(Texts))).RootElement.EnumerateArray().Select(Box).ToList();
            foreach (var (one, i) in texts.Select((t, i) => (t, i)))
                foreach (var other in texts.Skip(i + 1)) Overlap(one, other).ShouldBeLessThan(4, $"{address} {width}: {one.Text} on {other.Text}");
            var points = (await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/analyse/priorities" + address)).GetProperty("items").EnumerateArray()
                .Where(i => i.GetProperty("quadrant").GetString() is "fixNow" or "keep" or "maintain" or "watch").Select(i => i.GetProperty("touchpoint").GetString()!).ToList();
            points.Count.ShouldBeGreaterThan(3, address);
            // On a desk every bubble has its name; on a telephone those that have room.
            var named = points.Count(p => texts.Any(t => t.Text == p || (t.Text.EndsWith('…') && p.StartsWith(t.Text[..^1], StringComparison.Ordinal))));
            named.ShouldBeGreaterThanOrEqualTo(width > 600 ? points.Count : points.Count / 2, $"{address} {width}");
            tab.Complaints.ShouldBeEmpty();
        }
    }

    [BrowserFact]
    public async Task Forty_crowded_bubbles_get_names_that_stay_within_and_apart()
    {
        await using var server = await TestServer.StartAsync();
        await using var tab = await chromium.OpenAsync(server.Address);
        await tab.GoAsync("/");
        var faults = await tab.Page.EvaluateAsync<string[]>("""
            async () => {
                const { placeLabels } = await import('/labels.js');
                const [faults, area] = [[], { x: 40, y: 10, width: 900, height: 420 }];
                let state = 7;
                const next = () => (state = (state * 16807) % 2147483647) / 2147483647;
                for (let run = 0; run < 50; run++) {
                    const points = Array.from({ length: 40 }, () => ({ x: 60 + 860 * next() * next(), y: 30 + 380 * next(), r: 5 + 15 * next(), width: 40 + 110 * next(), height: 14 }));
                    const field = { x: 48, y: 18, width: 60, height: 14 };
                    const labels = placeLabels(points, area, [field]);
                    const placed = labels.filter(l => l);
                    const apart = (a, b) => a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
                    if (labels.length !== 40 || placed.length < 30) faults.push(`${run}: ${placed.length} of ${labels.length} placed`);
                    placed.forEach((l, i) => {
                        if (l.x < area.x || l.y < area.y || l.x + l.width > area.x + area.width || l.y + l.height > area.y + area.height) faults.push(`${run}: ${i} outside`);
                        if (!apart(l, field) || placed.slice(i + 1).some(o => !apart(l, o))) faults.push(`${run}: ${i} on another`);
                    });
                }
                const alone = placeLabels([{ x: 500, y: 200, r: 10, width: 80, height: 14 }], area)[0];
                if (alone.line || alone.x !== 460 || Math.abs(alone.y - 173) > 0.01) faults.push('alone: ' + JSON.stringify(alone));
                if (placeLabels([{ x: 500, y: 200, r: 10, width: 1000, height: 14 }], area)[0] !== null) faults.push('a name wider than the chart has no room');
                return faults;
            }
            """);
        faults.ShouldBeEmpty();
    }

    private static (string Text, double X, double Y, double Width, double Height) Box(JsonElement of) =>
        (of.GetProperty("text").GetString()!, of.GetProperty("x").GetDouble(), of.GetProperty("y").GetDouble(), of.GetProperty("width").GetDouble(), of.GetProperty("height").GetDouble());

    private static double Overlap((string Text, double X, double Y, double Width, double Height) a, (string Text, double X, double Y, double Width, double Height) b) =>
        Math.Max(0, Math.Min(a.X + a.Width, b.X + b.Width) - Math.Max(a.X, b.X)) * Math.Max(0, Math.Min(a.Y + a.Height, b.Y + b.Height) - Math.Max(a.Y, b.Y));
}
