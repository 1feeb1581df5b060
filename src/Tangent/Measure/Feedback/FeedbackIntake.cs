using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Tangent.Collect;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <summary>Feedback that somebody hands in.</summary>
/// <param name="UserId">Whose it is, by user id; or</param>
/// <param name="AnonymousId">by anonymous id; both may be left out where via is hand and nobody knows who it was.</param>
/// <param name="Metric">nps, csat, ces, rating, review or text.</param>
/// <param name="Score">On the metric's scale: nps 0 to 10, ces 1 to 7, the others 1 to 5; none for text.</param>
/// <param name="Touchpoint">Name or number of the touchpoint asked about; none for the company.</param>
/// <param name="Comment">The customer's own words.</param>
/// <param name="Language">Of the comment, such as de.</param>
/// <param name="Survey">Which survey asked.</param>
/// <param name="Question">Which question of it.</param>
/// <param name="Response">What makes an answer that is given again the same one: the later counts.</param>
/// <param name="Via">answer, review, call or hand.</param>
/// <param name="At">When it was said; now, where it is not given.</param>
/// <param name="Channel">The channel it came by.</param>
public sealed record FeedbackSaid(
    string? UserId = null, string? AnonymousId = null, string? Metric = null, double? Score = null, string? Touchpoint = null, string? Comment = null, string? Language = null,
    string? Survey = null, string? Question = null, string? Response = null, string? Via = null, DateTimeOffset? At = null, string? Channel = null);

/// <param name="Items">Up to 1,000.</param>
/// <param name="Source">Name of the source it comes from, made where there is none; Feedback unless said.</param>
public sealed record FeedbackBatch(IReadOnlyList<FeedbackSaid>? Items, string? Source = null);

/// <param name="Accepted">In the log, and counted within a second.</param>
/// <param name="Rejected">What was not taken, each by itself.</param>
public sealed record FeedbackReceipt(int Accepted, IReadOnlyList<FeedbackRejected> Rejected);

/// <param name="Index">Its place, from 0.</param>
/// <param name="Field">What is wrong.</param>
/// <param name="Detail">Why, and what to do.</param>
public sealed record FeedbackRejected(int Index, string Field, string Detail);

/// <summary>The way of feedback that is handed in: checked, then an event in the log like any other.</summary>
internal sealed class FeedbackIntake(SourceQueries sources, Ingestion ingestion, PlaceNames places, FeedbackFeed feed, IOptions<IngestionOptions> limits)
{
    public const int MostItems = 1000;
    public const string UsualSource = "Feedback";
    public const string ByHand = "hand";
    private static readonly string[] Ways = ["answer", "review", "call", ByHand];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // Ä as two bytes, not as six.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="Index">Its place among what was handed in.</param>
    private sealed record Event(int Index, string Json);

    /// <summary>What is wrong with it; null where nothing is.</summary>
    public Refusal? Wrong(FeedbackSaid said)
    {
        if (IsOfNobody(said) && said.Via != ByHand) return new Refusal("userId", T("Measure.Refused.Who"));
        if (Metrics.Find(said.Metric) is not { } metric) return new Refusal("metric", T("Measure.Refused.Metric", said.Metric));
        var (least, most) = Metrics.Scale(metric);
        if (metric == Metric.Text)
        {
            if (string.IsNullOrWhiteSpace(said.Comment)) return new Refusal("comment", T("Measure.Refused.Comment"));
        }
        else if (said.Score is not { } score)
        {
            return new Refusal("score", T("Measure.Refused.ScoreNeeded", ScoreWords.Of(metric), least, most));
        }
        else if (!Metrics.IsInScale(metric, score))
        {
            return new Refusal("score", T("Measure.Refused.Score", said.Score, ScoreWords.Of(metric), least, most));
        }

        if (!string.IsNullOrWhiteSpace(said.Touchpoint) && !places.IsKnown(said.Touchpoint.Trim())) return new Refusal("touchpoint", T("Measure.Refused.Touchpoint", said.Touchpoint));
        if (said.Comment?.Length > Metrics.MostCharacters) return new Refusal("comment", T("Measure.Refused.Long", Metrics.MostCharacters));
        return said.Via is { Length: > 0 } via && !Ways.Contains(via) ? new Refusal("via", T("Measure.Refused.Via")) : null;
    }

    private static bool IsOfNobody(FeedbackSaid said) => string.IsNullOrWhiteSpace(said.UserId) && string.IsNullOrWhiteSpace(said.AnonymousId);

    /// <summary>Takes what is good; completes when it counts.</summary>
    /// <exception cref="EventLogUnavailableException">Nothing landed; it may be sent again.</exception>
    public async Task<FeedbackReceipt> TakeAsync(IReadOnlyList<FeedbackSaid> items, string? sourceName, CancellationToken ct)
    {
        var rejected = new List<FeedbackRejected>();
        var events = new List<Event>();
        for (var i = 0; i < items.Count; i++)
        {
            if (Wrong(items[i]) is { } wrong) rejected.Add(new FeedbackRejected(i, wrong.Field, wrong.Detail));
            else events.Add(new Event(i, EventOf(items[i])));
        }

        if (events.Count == 0) return new FeedbackReceipt(0, rejected);
        var source = await sources.GetOrCreateAsync(string.IsNullOrWhiteSpace(sourceName) ? UsualSource : sourceName.Trim(), SourceKind.Server, ct);
        var (accepted, end) = (0, 0L);
        foreach (var batch in Batches(events))
        {
            try
            {
                var receipt = await ingestion.AcceptAsync(source, null, Encoding.UTF8.GetBytes($$"""{"batch":[{{string.Join(',', batch.Select(e => e.Json))}}]}"""), ct);
                (accepted, end) = (accepted + receipt.Accepted, Math.Max(end, receipt.EndPosition));
                rejected.AddRange(receipt.Rejected.Select(r => new FeedbackRejected(batch[r.Index].Index, "", r.Detail)));
                if (!receipt.Refused.IsNone) rejected.AddRange(batch.Select(e => new FeedbackRejected(e.Index, "", receipt.Refused.Detail)));
            }
            catch (EventLogUnavailableException) when (accepted > 0)
            {
                // What is in the log already must not be sent again with the rest.
                rejected.AddRange(batch.Select(e => new FeedbackRejected(e.Index, "", T("Measure.Refused.NotNow"))));
            }
        }

        await WaitAsync(end, ct);
        return new FeedbackReceipt(accepted, rejected);
    }

    private async Task WaitAsync(long end, CancellationToken ct)
    {
        try
        {
            await feed.WaitUntilKeptAsync(end, ct).WaitAsync(Patience, ct);
        }
        catch (TimeoutException)
        {
            // It is in the log; where the feed is far behind it counts later.
        }
    }

    /// <summary>Parts that are each taken as one body.</summary>
    private List<List<Event>> Batches(List<Event> events)
    {
        const int around = 64;
        var (batches, bytes) = (new List<List<Event>>(), 0);
        foreach (var said in events)
        {
            var length = Encoding.UTF8.GetByteCount(said.Json) + 1;
            if (batches.Count == 0 || bytes + length > limits.Value.MaxBatchBytes)
            {
                batches.Add([]);
                bytes = around;
            }

            batches[^1].Add(said);
            bytes += length;
        }

        return batches;
    }

    private string EventOf(FeedbackSaid said)
    {
        var (metric, buffer) = (Metrics.Find(said.Metric)!.Value, new ArrayBufferWriter<byte>());
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "track"u8);
            if (!string.IsNullOrWhiteSpace(said.UserId)) json.WriteString("userId"u8, said.UserId.Trim());
            if (!string.IsNullOrWhiteSpace(said.AnonymousId)) json.WriteString("anonymousId"u8, said.AnonymousId.Trim());
            // Every card that nobody signed is of somebody else.
            if (IsOfNobody(said)) json.WriteString("anonymousId"u8, $"hand-{Guid.CreateVersion7():N}");
            if (said.At is { } at) json.WriteString("timestamp"u8, at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            FeedbackEvent.Write(
                json, metric, metric == Metric.Text ? null : (int)said.Score!.Value,
                // The name of the catalogue, however it was written.
                ("touchpoint", string.IsNullOrWhiteSpace(said.Touchpoint) ? null : places.Find(said.Touchpoint.Trim())!.Name), ("comment", said.Comment), ("language", said.Language),
                ("survey", said.Survey), ("question", said.Question), ("response", said.Response), ("via", said.Via ?? (metric == Metric.Review ? "review" : "answer")), ("channel", said.Channel));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
