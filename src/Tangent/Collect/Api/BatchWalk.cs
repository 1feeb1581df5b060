using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Unicode;

namespace Tangent.Collect;

/// <summary>An event of a batch.</summary>
/// <param name="Start">Place in the body.</param>
/// <param name="Key">Zero: it has no message id.</param>
/// <param name="When">Its time is checked at the end: the time of sending may stand behind the events.</param>
/// <param name="IsWalked">False: it must still be looked at, by the general reading.</param>
internal readonly record struct WalkedEvent(int Start, int Length, UInt128 Key, EventTime When, Finding Found, bool IsWalked);

/// <summary>
/// Reads a batch and looks at its events in one walk over the body. What is not of the common form is left to the general reading: an event
/// by itself, or the body as a whole, which then also knows what is wrong.
/// </summary>
internal sealed class BatchWalk(IngestionOptions options, EventLog log)
{
    private readonly Candidate _candidate = new(options);
    private readonly List<WalkedEvent> _events = [];

    public IReadOnlyList<WalkedEvent> Events => _events;

    /// <summary>The sender's clock when it sent the batch.</summary>
    public long? SentAtMs { get; private set; }

    /// <summary>Carries the events that are looked at by the general reading.</summary>
    public Candidate Candidate => _candidate;

    /// <returns>False where the body must be read by <see cref="Envelope"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryRead(int sourceId, ReadOnlyMemory<byte> body)
    {
        _events.Clear();
        SentAtMs = null;
        var json = body.Span;
        if (!Utf8.IsValid(json)) return false;
        var walk = new JsonWalk(json, 0);
        if (!walk.Take((byte)'{')) return false;
        var hasBatch = false;
        do
        {
            if (!walk.Name(out var start, out var length)) return false;
            var name = json.Slice(start, length);
            if (name.SequenceEqual("batch"u8))
            {
                if (hasBatch || !walk.Take((byte)'[') || !TryReadEvents(sourceId, body, ref walk)) return false;
                hasBatch = true;
            }
            else if (!(name.SequenceEqual("sentAt"u8) ? TryReadSentAt(json, ref walk) : walk.Skip())) return false;
        }
        while (walk.Take((byte)','));
        return walk.Take((byte)'}') && walk.AtEnd && hasBatch && _events.Count <= options.MaxBatchEvents;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryReadEvents(int sourceId, ReadOnlyMemory<byte> body, ref JsonWalk walk)
    {
        if (walk.Take((byte)']')) return true;
        do
        {
            // Steps over white space.
            walk.Next();
            var start = walk.At;
            if (_candidate.Event.TryWalk(body, start, out var end)) _events.Add(Look(sourceId, start, end - start));
            else if (TryMeasure(body.Span[start..], out var length))
            {
                end = start + length;
                _events.Add(new WalkedEvent(start, length, 0, default, default, false));
            }
            else return false;

            walk = new JsonWalk(body.Span, end);
        }
        while (walk.Take((byte)','));
        return walk.Take((byte)']');
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private WalkedEvent Look(int sourceId, int start, int length)
    {
        var e = _candidate.Event;
        var found = length > options.MaxEventBytes ? EventChecks.TooLarge(length, options) : EventChecks.LookAtContent(_candidate);
        var key = found.IsNone && !e.MessageId.IsEmpty ? log.KeyOf(sourceId, e.MessageId) : 0;
        return new WalkedEvent(start, length, key, e.When, found, true);
    }

    private bool TryReadSentAt(ReadOnlySpan<byte> json, ref JsonWalk walk)
    {
        if (walk.Next() != JsonValue.Text || !walk.Text(out var start, out var length) || !EventTime.TryRead(json.Slice(start, length), out var ms)) return false;
        SentAtMs = ms;
        return true;
    }

    private static bool TryMeasure(ReadOnlySpan<byte> json, out int length)
    {
        length = 0;
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
            reader.Read();
            reader.Skip();
            length = (int)reader.BytesConsumed;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
