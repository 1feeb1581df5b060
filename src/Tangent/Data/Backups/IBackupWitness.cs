namespace Tangent.Data;

/// <summary>A part of the program that can say what it answers, before a backup and after a restore.</summary>
internal interface IBackupWitness
{
    /// <summary>Keeps what it answers from changing until the result is disposed of, for the moment in which the databases are fixed. Whatever arrives meanwhile waits; nothing is refused.</summary>
    Task<IAsyncDisposable> StandStillAsync(CancellationToken ct);

    /// <summary>Its answers to a fixed set of questions, by name; null where it cannot answer completely now.</summary>
    Task<IReadOnlyDictionary<string, object>?> TestifyAsync(CancellationToken ct);
}
