using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tangent.Collect;

namespace Tangent.Measure;

/// <summary>Reads feedback out of events: a track call that declares a metric, or a review with stars.</summary>
internal static class FeedbackReading
{
    // What other parts count, not a score.
    private static readonly string[] NotOurs = ["choice", "multiple", "consent"];

    /// <summary>Few events are feedback; looking for the words, first in a whole row, is much cheaper than reading them.</summary>
    public static bool MaySay(ReadOnlySpan<byte> json) => json.IndexOf("\"metric\""u8) >= 0 || json.IndexOf("\"stars\""u8) >= 0;

    /// <returns>Null where the event is no feedback.</returns>
    /// <param name="e">The event, read.</param>
    /// <param name="json">The same as it was received.</param>
    /// <param name="row">The row it stands in.</param>
    /// <param name="position">Its own position.</param>
    public static Feedback? Of(CollectedEvent e, ReadOnlyMemory<byte> json, LogRow row, long position)
    {
        // Who was erased said nothing any more.
        if (e.Type != EventType.Track || ErasureRecord.IsMark(e.UserId) || ErasureRecord.IsMark(e.AnonymousId)) return null;
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object ? Of(e, properties, row, position) : null;
        }
        catch (Exception x) when (x is JsonException or InvalidOperationException)
        {
            // The log took what the general reader can read; half a surrogate pair in a property shows itself only here.
            return null;
        }
    }

    private static Feedback? Of(CollectedEvent e, JsonElement properties, LogRow row, long position)
    {
        var said = Text(properties, "metric", 40);
        if (NotOurs.Contains(said, StringComparer.OrdinalIgnoreCase)) return null;
        var stars = said.Length == 0 ? Number(properties, "stars") : null;
        var score = stars ?? Number(properties, "score");
        var comment = Text(properties, "comment", Metrics.MostCharacters);
        var metric = stars is not null ? Metric.Review : Metrics.Find(said);
        if (metric == Metric.Text && comment.Length == 0) comment = Text(properties, "answer", Metrics.MostCharacters);
        // A metric of something else than feedback has neither.
        if (metric is null && score is null && comment.Length == 0) return null;
        if (said.Length == 0 && stars is null) return null;

        var feedback = new Feedback
        {
            Id = position.ToString(CultureInfo.InvariantCulture),
            Position = position,
            Key = KeyOf(e, row),
            SourceId = row.SourceId,
            AtUtc = DateTimeOffset.FromUnixTimeMilliseconds(e.TimestampMs).UtcDateTime,
            Metric = metric ?? Metric.None,
            Touchpoint = Text(properties, "touchpoint", 200),
            Event = Encoding.UTF8.GetString(e.Name),
            Channel = Encoding.UTF8.GetString(e.Channel),
            Comment = comment,
            Survey = Text(properties, "survey", 200),
            Question = Text(properties, "question", 200),
            Via = Text(properties, "via", 20) is { Length: > 0 } via ? via : metric == Metric.Review ? "review" : "answer",
        };
        feedback.LearnLanguage(Language(Text(properties, "language", 20)));
        if (Text(properties, "response", 200) is { Length: > 0 } response) feedback.Id = Same(feedback, response);
        if (metric is null) feedback.Refused = Feedback.RefusedMetric;
        else if (metric != Metric.Text && (score is not { } number || !Metrics.IsInScale(metric.Value, number))) feedback.Refused = Feedback.RefusedScore;
        else if (metric != Metric.Text) feedback.Score = (int)score!.Value;
        return feedback;
    }

    /// <summary>An answer to the same question of the same response is the same answer, given later.</summary>
    private static string Same(Feedback feedback, string response) => "r" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', feedback.SourceId.ToString(CultureInfo.InvariantCulture), response, feedback.Survey, feedback.Question, Metrics.Name(feedback.Metric), feedback.Touchpoint)))[..16]);

    /// <summary>Whose an event is: <c>user:…</c> or <c>anonymous:…</c>; empty where nobody is named.</summary>
    public static string KeyOf(CollectedEvent e, LogRow row)
    {
        // Of a public key only the visitor's own device counts, also where the event names a user.
        if (!e.UserId.IsEmpty && (row.Trusted || e.AnonymousId.IsEmpty)) return "user:" + Encoding.UTF8.GetString(e.UserId);
        return e.AnonymousId.IsEmpty ? "" : "anonymous:" + Encoding.UTF8.GetString(e.AnonymousId);
    }

    /// <summary>de-AT is German.</summary>
    private static string Language(string said) => said.Split('-', '_')[0].ToLowerInvariant() is { Length: 2 or 3 } language ? language : "";

    private static string Text(JsonElement properties, string name, int most)
    {
        if (!properties.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String) return "";
        var text = value.GetString()!.Trim();
        return text.Length <= most ? text : text[..most];
    }

    /// <summary>A number, also one written as text, as files have it.</summary>
    private static double? Number(JsonElement properties, string name)
    {
        if (!properties.TryGetProperty(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number)) return number;
        return value.ValueKind == JsonValueKind.String && double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out number) ? number : null;
    }
}
