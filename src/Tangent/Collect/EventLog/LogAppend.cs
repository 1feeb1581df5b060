using Tangent.Web;

namespace Tangent.Collect;

/// <summary>What a log row holds.</summary>
internal enum LogKind
{
    Events = 0,
    Import = 1,
    Merge = 2,
    Split = 3,
    Erase = 4,

    /// <summary>Somebody took an import back: its events count no more.</summary>
    ImportUndone = 5,

    /// <summary>Somebody took that back: they count again.</summary>
    ImportRestored = 6,

    /// <summary>A word about consent that came in by no event.</summary>
    Consent = 7,

    /// <summary>The retention period of events is over.</summary>
    Aged = 8,
}

/// <summary>One event that passed the checks.</summary>
/// <param name="Key">128-bit hash of (source, messageId), see <see cref="EventLog.KeyOf"/>; of an import: of content and occurrence number. Zero: never a duplicate.</param>
/// <param name="Json">The event as received. It must stay unchanged until the append has completed.</param>
internal readonly record struct AcceptedEvent(UInt128 Key, ReadOnlyMemory<byte> Json);

/// <summary>What is appended as one row.</summary>
/// <param name="Trusted">Whether the source may join two known customers.</param>
/// <param name="SentAtMs">The sender's clock when it sent the request, for the correction of its timestamps.</param>
internal sealed record LogAppend(
    int SourceId, LogKind Kind, bool Trusted, long ReceivedAtMs, long? SentAtMs, IReadOnlyList<AcceptedEvent> Events, int? ImportId = null);

/// <summary>A row that stays where it is, with another body of as many lines.</summary>
/// <param name="Forgotten">Numbers of the lines that are no longer known by their keys, so that they may come again.</param>
internal sealed record RewrittenRow(long Position, byte[] Body, IReadOnlyList<int>? Forgotten = null);

/// <summary>What became of an append, after its commit.</summary>
/// <param name="EndPosition">Log position (exclusive) after it.</param>
/// <param name="Count">Events that are new.</param>
/// <param name="Duplicates">Events that had been there before and were left out.</param>
internal sealed record Appended(long EndPosition, int Count, int Duplicates);

/// <summary>Events of one source in the log, since its first.</summary>
internal sealed record LogTotal(int SourceId, long Events, long Duplicates, long LastReceivedAtMs);

/// <summary>The log cannot be written at the moment (disk full, damaged file); nothing of the append landed, and it may be sent again.</summary>
internal sealed class EventLogUnavailableException(string message, Exception inner) : NotNowException(message, inner);
