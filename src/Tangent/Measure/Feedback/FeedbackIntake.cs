using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Tangent.Collect;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <summary>Feedback that somebody hands in.</summary>
/// <param name="UserId">Whose it is, by user id; or</param>
/// <param name="AnonymousId">by anonymous id.</param>
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
    private static readonly string[] Ways = ["answer", "review", "call", "hand"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // Ä as two bytes, not as six.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="Index">Its place among what was handed in.</param>
    private sealed record Event(int Index, string Json);

    /// <summary>What is wrong with it; null where nothing is.</summary>
    public Refusal? Wrong(FeedbackSaid said)
    {
        if (string.IsNullOrWhiteSpace(said.UserId) && string.IsNullOrWhiteSpace(said.AnonymousId)) return new Refusal("userId", T("Measure.Refused.Who"));
        if (Metrics.Find(said.Metric) is not { } metric) return new Refusal("metric", T("Measure.Refused.Metric", said.Metric));
        var (least, most) = Metrics.Scale(metric);
        if (metric == Metric.Text)
        {
            if (string.IsNullOrWhiteSpace(said.Comment)) return new Refusal("comment", T("Measure.Refused.Comment"));
        }
        else if (said.Score is not { } score || !FeedbackReading.IsInScale(metric, score))
        {
            return new Refusal("score", T("Measure.Refused.Score", said.Score, ScoreWords.Of(metric), least, most));
        }

        if (!string.IsNullOrWhiteSpace(said.Touchpoint) && !places.IsKnown(said.Touchpoint.Trim())) return new Refusal("touchpoint", T("Measure.Refused.Touchpoint", said.Touchpoint));
        if (said.Comment?.Length > Feedback.MostCharacters) return new Refusal("comment", T("Measure.Refused.Long", Feedback.MostCharacters));
        return said.Via is { Length: > 0 } via && !Ways.Contains(via) ? new Refusal("via", T("Measure.Refused.Via")) : null;
    }

    /// <summary>Takes what is good; completes when it counts.</summary>
    /// <exception cref="EventLogUnavailableException">Nothing landed; it may be sent again.</exception>
    public async Task<FeedbackReceipt> TakeAsync(IReadOnlyList<FeedbackSaid> items, string? sourceName, CancellationToken ct)
    {
        var rejected = new List<FeedbackRejected>();
        var events = new List<Event>();
        for (var i = 0; i < items.Count; i++)
        {
            if (Wrong(items[i]) is { } wrong) rejected.Add(new FeedbackRejected(i, wrong.Field, wrong.Detail));
            else events.Add(new Event(i, EventOf(items[i]).ToJsonString(Plain)));
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

    private JsonObject EventOf(FeedbackSaid said)
    {
        var metric = Metrics.Find(said.Metric)!.Value;
        var properties = new JsonObject { ["metric"] = Metrics.Name(metric) };
        void Put(string name, string? value)
        {
            if (!string.IsNullOrWhiteSpace(value)) properties[name] = value.Trim();
        }

        if (metric != Metric.Text) properties["score"] = (int)said.Score!.Value;
        // The name of the catalogue, however it was written.
        Put("touchpoint", string.IsNullOrWhiteSpace(said.Touchpoint) ? null : places.Find(said.Touchpoint.Trim())!.Name);
        Put("comment", said.Comment);
        Put("language", said.Language);
        Put("survey", said.Survey);
        Put("question", said.Question);
        Put("response", said.Response);
        Put("via", said.Via ?? (metric == Metric.Review ? "review" : "answer"));
        Put("channel", said.Channel);
        var call = new JsonObject { ["type"] = "track", ["event"] = metric == Metric.Review ? "Review written" : "Survey answered", ["properties"] = properties };
        if (!string.IsNullOrWhiteSpace(said.UserId)) call["userId"] = said.UserId.Trim();
        if (!string.IsNullOrWhiteSpace(said.AnonymousId)) call["anonymousId"] = said.AnonymousId.Trim();
        if (said.At is { } at) call["timestamp"] = at.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        return call;
    }
}
