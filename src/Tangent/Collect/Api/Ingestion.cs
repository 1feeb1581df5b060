using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Options;

namespace Tangent.Collect;

/// <summary>An event of a batch that was not accepted.</summary>
/// <param name="Index">Its place in the batch, from 0.</param>
internal sealed record RejectedAt(int Index, Rejection Reason, string Detail);

/// <summary>What became of a request body.</summary>
/// <param name="Refused">Why nothing of the body was taken; none where it was read.</param>
/// <param name="Accepted">Events that are new in the log.</param>
/// <param name="Duplicates">Events that had been there.</param>
/// <param name="Clamped">Accepted or known events whose time lay ahead and was set back to the time of receiving.</param>
/// <param name="EndPosition">Log position (exclusive) after them.</param>
internal sealed record Receipt(Finding Refused, int Accepted, int Duplicates, int Clamped, IReadOnlyList<RejectedAt> Rejected, long EndPosition)
{
    public static Receipt Refuse(Finding finding) => new(finding, 0, 0, 0, [], 0);
}

/// <summary>A place in the order in which bodies enter the log, for a sender that has several on their way and wants always the same log.</summary>
/// <param name="Before">Completed when the one before is in the log's queue.</param>
/// <param name="Taken">To be completed when this one is, or never will be.</param>
internal sealed record Turn(Task Before, TaskCompletionSource Taken);

/// <summary>The one way from a request body to the event log, for the calls over HTTP and for simulated customers alike.</summary>
internal sealed class Ingestion(EventLog log, RejectionJournal journal, IOptions<IngestionOptions> options, TimeProvider time)
{
    private readonly IngestionOptions _options = options.Value;
    private readonly ConcurrentBag<Candidate> _candidates = [];

    /// <summary>Reads a body, checks each event by itself, and appends the good ones; completes when they are committed.</summary>
    /// <param name="call">The one call the body is; null: a batch.</param>
    /// <param name="body">JSON, not compressed; must stay unchanged until the returned task has ended.</param>
    /// <exception cref="EventLogUnavailableException">Nothing landed; it may be sent again.</exception>
    public Task<Receipt> AcceptAsync(Source source, EventType? call, ReadOnlyMemory<byte> body, CancellationToken ct) => AcceptAsync(source, call, body, null, ct);

    /// <summary>The same, but it enters the log when its turn has come.</summary>
    public async Task<Receipt> AcceptAsync(Source source, EventType? call, ReadOnlyMemory<byte> body, Turn? turn, CancellationToken ct)
    {
        if (body.Span.StartsWith("\uFEFF"u8)) body = body[3..];
        body = WithoutKey(source, body);
        var now = time.GetUtcNow();
        var refused = Open(call, body, out var envelope);
        if (!refused.IsNone) return Refuse(source, refused, body);

        var accepted = new List<AcceptedEvent>(envelope!.Events.Count);
        var rejected = new List<RejectedAt>();
        var clamped = Sort(source, call, envelope, now, accepted, rejected);
        // A single call answers for its one event.
        if (call is not null && rejected is [var only]) return Receipt.Refuse(new(only.Reason, only.Detail));
        if (accepted.Count == 0) return new Receipt(default, 0, 0, 0, rejected, log.EndPosition);
        if (turn is not null) await turn.Before.WaitAsync(ct);
        var appending = log.AppendAsync(
            new LogAppend(source.Id, LogKind.Events, source.Trusted, now.ToUnixTimeMilliseconds(), envelope.SentAtMs, accepted), ct);
        turn?.Taken.TrySetResult();
        var appended = await appending;
        return new Receipt(default, appended.Count, appended.Duplicates, clamped, rejected, appended.EndPosition);
    }

    /// <summary>Counts a body of a source that could not even be opened.</summary>
    public Receipt Refuse(Source source, Finding refused, ReadOnlyMemory<byte> body)
    {
        journal.Note(source.Id, time.GetUtcNow().UtcDateTime, refused, WithoutKey(source, body).Span);
        return Receipt.Refuse(refused);
    }

    /// <summary>Events can be read by people who may not see keys: wherever the source's own key stands in a body, it is starred out.</summary>
    private static ReadOnlyMemory<byte> WithoutKey(Source source, ReadOnlyMemory<byte> body)
    {
        var key = Encoding.ASCII.GetBytes(source.WriteKey);
        if (body.Span.IndexOf(key) < 0) return body;
        var copy = body.ToArray();
        for (var at = copy.AsSpan().IndexOf(key); at >= 0; at = copy.AsSpan().IndexOf(key)) copy.AsSpan(at, key.Length).Fill((byte)'*');
        return copy;
    }

    private Finding Open(EventType? call, ReadOnlyMemory<byte> body, out Envelope? envelope)
    {
        envelope = null;
        if (body.Length > _options.MaxBatchBytes) return TooLarge(_options.MaxBatchBytes);
        return call is null ? Envelope.ReadBatch(body, _options.MaxBatchEvents, out envelope) : Envelope.ReadSingle(body, call.Value, out envelope);
    }

    public static Finding TooLarge(int maxBytes) =>
        new(Rejection.BodyTooLarge, $"The body has more than {maxBytes} bytes (after decompression); send smaller batches.");

    /// <summary>Sorts the events of a body into good and bad.</summary>
    /// <returns>How many of the good ones were clamped.</returns>
    private int Sort(Source source, EventType? call, Envelope envelope, DateTimeOffset now, List<AcceptedEvent> accepted, List<RejectedAt> rejected)
    {
        if (!_candidates.TryTake(out var candidate)) candidate = new Candidate(_options);
        (candidate.Kind, candidate.Call, candidate.SentAtMs, candidate.ReceivedAtMs) = (LogKind.Events, call, envelope.SentAtMs, now.ToUnixTimeMilliseconds());
        var clamped = 0;
        for (var i = 0; i < envelope.Events.Count; i++)
        {
            candidate.Json = envelope.Events[i];
            var finding = EventChecks.Look(candidate);
            if (finding.IsNone)
            {
                var id = candidate.Event.MessageId;
                accepted.Add(new AcceptedEvent(id.IsEmpty ? 0 : EventKey.Of(source.Id, id), candidate.Json));
                if (candidate.Event.Clamped) clamped++;
            }
            else
            {
                rejected.Add(new RejectedAt(i, finding.Reason, finding.Detail));
                journal.Note(source.Id, now.UtcDateTime, finding, candidate.Json.Span);
            }
        }

        candidate.Json = default;
        _candidates.Add(candidate);
        return clamped;
    }
}
