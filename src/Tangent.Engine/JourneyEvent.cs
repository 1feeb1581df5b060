namespace Tangent.Engine;

/// <summary>One event as the engine sees it: every text is already a code of the caller's dictionaries.</summary>
/// <param name="Identity">Number of the identity that was seen (not yet the customer: identities are assigned to customers and may move), from 0, dense.</param>
/// <param name="TimestampMs">Milliseconds since 1970-01-01 UTC; years 1900 to 2200.</param>
/// <param name="Signature">Code of the combination of event name, channel, source, path and campaign, 0 to 65,534 (65,535 is reserved for "none").</param>
/// <param name="Value">Value in units of <paramref name="Currency"/>, finite; 0 where there is none.</param>
/// <param name="Currency">Code of the currency; 0 is none.</param>
/// <param name="Position">Position in the event log, unique; events of equal time keep this order.</param>
public readonly record struct JourneyEvent(int Identity, long TimestampMs, ushort Signature, double Value, byte Currency, long Position)
{
    /// <summary>1900-01-01 UTC, the earliest time the engine takes.</summary>
    public const long EarliestMs = -2_208_988_800_000;

    /// <summary>2200-01-01 UTC (exclusive), the end of the times the engine takes.</summary>
    public const long LatestMs = 7_258_118_400_000;
}
