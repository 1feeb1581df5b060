namespace Tangent.Engine;

/// <summary>A segment as a view sees it: some of its runs are hidden, because a newer layer holds the customer's journey now.</summary>
/// <param name="Segment">The columns.</param>
/// <param name="Hidden">Bits by run; null where nothing is hidden.</param>
/// <param name="LiveEvents">Rows in runs that are not hidden.</param>
/// <param name="Slot">0 for the base; else what the overlay calls this layer.</param>
internal sealed record Layer(Segment Segment, ulong[]? Hidden, long LiveEvents, byte Slot);
