namespace Tangent.Collect;

/// <summary>What a check found; nothing, where <see cref="Reason"/> is <see cref="Rejection.None"/>.</summary>
/// <param name="Detail">What is wrong, where, and what would be right.</param>
internal readonly record struct Finding(Rejection Reason, string Detail)
{
    public bool IsNone => Reason == Rejection.None;
}

/// <summary>An event that asks to be accepted. One instance carries many, one after the other.</summary>
internal sealed class Candidate(IngestionOptions options)
{
    public IngestionOptions Options { get; } = options;

    public CollectedEvent Event { get; } = new();

    public ReadOnlyMemory<byte> Json { get; set; }

    public long ReceivedAtMs { get; set; }

    public long? SentAtMs { get; set; }

    public LogKind Kind { get; set; }

    /// <summary>The call's type where the address names one; null in a batch or an import.</summary>
    public EventType? Call { get; set; }
}

/// <summary>One step of the ingestion.</summary>
/// <param name="Name">What it is called in the documentation.</param>
/// <param name="Says">What an event must be to pass.</param>
/// <param name="Reasons">All reasons it can give.</param>
internal sealed record Check(string Name, string Says, IReadOnlyList<Rejection> Reasons, Func<Candidate, Finding> Look);
