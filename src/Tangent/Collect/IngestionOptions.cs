namespace Tangent.Collect;

/// <summary>Limits and windows of the ingestion (section <c>Ingestion</c>).</summary>
internal sealed class IngestionOptions
{
    public const string Section = "Ingestion";

    /// <summary>Largest request body in bytes, after decompression; a larger one is refused as a whole.</summary>
    public int MaxBatchBytes { get; set; } = 500 * 1024;

    /// <summary>Largest single event in bytes of its JSON.</summary>
    public int MaxEventBytes { get; set; } = 32 * 1024;

    /// <summary>Most events in one batch.</summary>
    public int MaxBatchEvents { get; set; } = 10_000;

    /// <summary>Longest event name, in characters.</summary>
    public int MaxNameLength { get; set; } = 200;

    /// <summary>Longest user, anonymous, group or previous id, in characters.</summary>
    public int MaxIdLength { get; set; } = 256;

    /// <summary>How long at least a message id is remembered, so that the same event sent again is not counted twice.</summary>
    public TimeSpan DuplicateWindow { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Most message ids remembered (32 bytes of memory each); above it the oldest are forgotten before the window ends.</summary>
    public int DuplicateMemory { get; set; } = 8_000_000;

    /// <summary>How far back an event sent through the API may lie. Imports may go back to 1900.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(3653);

    /// <summary>How far ahead of the server's clock an event may lie. One sent through the API is then set to the time it was received.</summary>
    public TimeSpan MaxAhead { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How many of the latest rejected events are kept of each source, with reason and body.</summary>
    public int KeptRejections { get; set; } = 100;

    /// <summary>The latest time that an event can have, in milliseconds since 1970 UTC.</summary>
    internal long LatestMs(DateTime nowUtc) => Math.Min(new DateTimeOffset(nowUtc).Add(MaxAhead).ToUnixTimeMilliseconds(), CollectedEvent.EndMs - 1);

    internal bool AreUsable =>
        MaxBatchBytes is > 0 and <= 25 << 20 && MaxEventBytes > 0 && MaxBatchEvents > 0 && MaxNameLength > 0 && MaxIdLength > 0
        && DuplicateWindow > TimeSpan.Zero && DuplicateMemory >= 1000 && MaxAge > TimeSpan.Zero && MaxAhead >= TimeSpan.Zero && KeptRejections > 0;
}
