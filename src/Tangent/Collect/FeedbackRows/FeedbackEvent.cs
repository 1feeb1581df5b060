using System.Text.Json;

namespace Tangent.Collect;

/// <summary>How feedback is written as an event, by whichever way it comes in.</summary>
internal static class FeedbackEvent
{
    /// <summary>Writes the name and begins the properties, which stay open.</summary>
    /// <param name="json">The call.</param>
    /// <param name="metric">What was measured.</param>
    /// <param name="score">On its scale; null for words alone.</param>
    /// <param name="texts">Further properties; empty ones are left out.</param>
    public static void Write(Utf8JsonWriter json, Metric metric, int? score, params ReadOnlySpan<(string Name, string? Value)> texts)
    {
        json.WriteString("event"u8, metric == Metric.Review ? "Review written" : "Survey answered");
        json.WriteStartObject("properties"u8);
        json.WriteString("metric"u8, Metrics.Name(metric));
        if (score is { } given) json.WriteNumber("score"u8, given);
        foreach (var (name, value) in texts)
            if (!string.IsNullOrWhiteSpace(value)) json.WriteString(name, value.Trim());
    }
}
