using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
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
    private readonly ConcurrentBag<BatchWalk> _walks = [];

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
        if (body.Length > _options.MaxBatchBytes) return Refuse(source, TooLarge(_options.MaxBatchBytes), body);
        var sorted = new Sorted(time.GetUtcNow());
        var refused = Sort(source, call, body, sorted);
        if (!refused.IsNone) return Refuse(source, refused, body);

        // A single call answers for its one event.
        if (call is not null && sorted.Rejected is [var only]) return Receipt.Refuse(new(only.Reason, only.Detail));
        if (sorted.Accepted.Count == 0) return new Receipt(default, 0, 0, 0, sorted.Rejected, log.EndPosition);
        if (turn is not null) await turn.Before.WaitAsync(ct);
        var appending = log.AppendAsync(
            new LogAppend(source.Id, LogKind.Events, source.Trusted, sorted.ReceivedAtMs, sorted.SentAtMs, sorted.Accepted), ct);
        turn?.Taken.TrySetResult();
        var appended = await appending;
        return new Receipt(default, appended.Count, appended.Duplicates, sorted.Clamped, sorted.Rejected, appended.EndPosition);
    }

    /// <summary>Counts a body of a source that could not even be opened.</summary>
    public Receipt Refuse(Source source, Finding refused, ReadOnlyMemory<byte> body)
    {
        journal.Note(source.Id, time.GetUtcNow().UtcDateTime, refused, WithoutKey(source, body).Span);
        return Receipt.Refuse(refused);
    }

    /// <summary>Events can be read by people who may not see keys: wherever a key of the source stands in a body, it is starred out.</summary>
    private static ReadOnlyMemory<byte> WithoutKey(Source source, ReadOnlyMemory<byte> body)
    {
        Memory<byte>? copy = null;
        foreach (var written in source.AllKeys)
        {
            var key = Encoding.ASCII.GetBytes(written);
            for (int at = 0, found = body.Span.IndexOf(key); found >= 0; found = body.Span[at..].IndexOf(key))
            {
                body = copy ??= body.ToArray();
                copy.Value.Span.Slice(at + found, key.Length).Fill((byte)'*');
                at += found + key.Length;
            }
        }

        return body;
    }

    public static Finding Paused() => new(Rejection.SourcePaused, "The source is paused; nothing was taken. An editor lets it go on at its page, or with tangent source resume.");

    public static Finding TooLarge(int maxBytes) =>
        new(Rejection.BodyTooLarge, $"The body has more than {maxBytes} bytes (after decompression); send smaller batches.");

    /// <summary>The events of a body, good and bad.</summary>
    private sealed class Sorted(DateTimeOffset received)
    {
        public DateTime ReceivedUtc => received.UtcDateTime;

        public long ReceivedAtMs { get; } = received.ToUnixTimeMilliseconds();

        public long? SentAtMs { get; set; }

        public List<AcceptedEvent> Accepted { get; set; } = [];

        public List<RejectedAt> Rejected { get; } = [];

        /// <summary>How many of the good ones were set back to the time of receiving.</summary>
        public int Clamped { get; set; }
    }

    /// <returns>Why nothing of the body can be taken; none where its events are sorted.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Finding Sort(Source source, EventType? call, ReadOnlyMemory<byte> body, Sorted sorted)
    {
        if (!_walks.TryTake(out var walk)) walk = new BatchWalk(_options, log);
        var candidate = walk.Candidate;
        (candidate.Kind, candidate.Call, candidate.ReceivedAtMs) = (LogKind.Events, call, sorted.ReceivedAtMs);
        var refused = default(Finding);
        if (call is null && walk.TryRead(source.Id, body))
        {
            sorted.SentAtMs = candidate.SentAtMs = walk.SentAtMs;
            sorted.Accepted = new List<AcceptedEvent>(walk.Events.Count);
            for (var i = 0; i < walk.Events.Count; i++) Take(source, walk.Events[i], i, body, candidate, sorted);
        }
        else
        {
            refused = call is null ? Envelope.ReadBatch(body, _options.MaxBatchEvents, out var envelope) : Envelope.ReadSingle(body, call.Value, out envelope);
            if (refused.IsNone)
            {
                sorted.SentAtMs = candidate.SentAtMs = envelope!.SentAtMs;
                for (var i = 0; i < envelope.Events.Count; i++) Take(source, i, envelope.Events[i], candidate, sorted);
            }
        }

        candidate.Json = default;
        _walks.Add(walk);
        return refused;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Take(Source source, in WalkedEvent walked, int index, ReadOnlyMemory<byte> body, Candidate candidate, Sorted sorted)
    {
        var json = body.Slice(walked.Start, walked.Length);
        if (!walked.IsWalked)
        {
            Take(source, index, json, candidate, sorted);
            return;
        }

        var corrected = walked.When.Corrected(sorted.ReceivedAtMs, sorted.SentAtMs, LogKind.Events);
        var found = walked.Found.IsNone ? EventChecks.LookAtTime(corrected, sorted.ReceivedAtMs, LogKind.Events, _options) : walked.Found;
        Note(source, index, json, found, walked.Key, EventTime.Clamped(corrected, sorted.ReceivedAtMs, LogKind.Events) != corrected, sorted);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Take(Source source, int index, ReadOnlyMemory<byte> json, Candidate candidate, Sorted sorted)
    {
        candidate.Json = json;
        var found = EventChecks.Look(candidate);
        var key = found.IsNone && !candidate.Event.MessageId.IsEmpty ? log.KeyOf(source.Id, candidate.Event.MessageId) : 0;
        Note(source, index, json, found, key, found.IsNone && candidate.Event.Clamped, sorted);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Note(Source source, int index, ReadOnlyMemory<byte> json, Finding found, UInt128 key, bool clamped, Sorted sorted)
    {
        if (found.IsNone)
        {
            sorted.Accepted.Add(new AcceptedEvent(key, json));
            if (clamped) sorted.Clamped++;
        }
        else
        {
            sorted.Rejected.Add(new RejectedAt(index, found.Reason, found.Detail));
            journal.Note(source.Id, sorted.ReceivedUtc, found, json.Span);
        }
    }
}
