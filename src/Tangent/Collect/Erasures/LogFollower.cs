namespace Tangent.Collect;

/// <summary>Keeps on disk what it makes of the event log. An erasure is finished only when nobody keeps anything of it.</summary>
internal interface ILogFollower
{
    /// <summary>What it keeps says by which e-mail addresses and telephone numbers persons are known.</summary>
    bool KnowsAddresses => false;

    /// <summary>Completes when what this follower keeps on disk is of the log up to a position, and nothing older is left.</summary>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    /// <exception cref="InvalidOperationException">The log is no longer followed.</exception>
    Task WaitUntilKeptAsync(long position, CancellationToken ct);
}
