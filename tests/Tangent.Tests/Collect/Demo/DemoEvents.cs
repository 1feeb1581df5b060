using System.Text.Json;
using Tangent.Collect;

namespace Tangent.Tests.Collect;

/// <summary>One event as it left the simulator, read back from its JSON; the customer is known from the message id.</summary>
internal sealed record SentEvent(
    int Customer, int Source, string Type, string Name, DateTime Time, string UserId, string AnonymousId, string Path, string Campaign, IReadOnlyDictionary<string, string> Properties)
{
    public string this[string property] => Properties.TryGetValue(property, out var value) ? value : "";

    public double Score => double.Parse(this["score"], System.Globalization.CultureInfo.InvariantCulture);

    public static List<SentEvent> All(DemoRun run)
    {
        using var writer = new DemoEventWriter(run);
        var all = new List<SentEvent>();
        foreach (var batch in new DemoSimulation(run).Batches())
        {
            using var json = JsonDocument.Parse(writer.Write(batch));
            foreach (var e in json.RootElement.GetProperty("batch").EnumerateArray()) all.Add(Read(e, (int)batch.Source));
        }

        return all;
    }

    private static SentEvent Read(JsonElement e, int source)
    {
        var context = e.TryGetProperty("context", out var c) ? c : default;
        return new SentEvent(
            int.Parse(Text(e, "messageId").Split('-')[1], System.Globalization.CultureInfo.InvariantCulture), source,
            Text(e, "type"), Text(e, "event"), e.GetProperty("timestamp").GetDateTime(), Text(e, "userId"), Text(e, "anonymousId"),
            context.ValueKind == JsonValueKind.Object && context.TryGetProperty("page", out var page) ? Text(page, "path") : "",
            context.ValueKind == JsonValueKind.Object && context.TryGetProperty("campaign", out var campaign) ? Text(campaign, "name") : "",
            e.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ToString()) : []);
    }

    private static string Text(JsonElement e, string name) => e.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}
