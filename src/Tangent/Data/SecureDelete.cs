using Microsoft.EntityFrameworkCore;

namespace Tangent.Data;

/// <summary>Deletes rows so that their bytes are in no file of the database afterwards.</summary>
internal static class SecureDelete
{
    private const int Tries = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <param name="delete">Deletes through the same context.</param>
    /// <exception cref="IOException">It is deleted, but the journal could not be emptied.</exception>
    public static async Task RunAsync(TangentDb db, Func<Task> delete, CancellationToken ct)
    {
        // One connection throughout: the setting is the connection's.
        await db.Database.OpenConnectionAsync(ct);
        try
        {
            await db.Database.ExecuteSqlRawAsync("PRAGMA secure_delete = ON", ct);
            await delete();
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            // A reader in the middle of its rows keeps the journal from being emptied.
            for (var tries = 1; await command.ExecuteScalarAsync(ct) is not 0L; tries++)
            {
                if (tries == Tries) throw new IOException("The database's journal could not be emptied: a reader holds it.");
                await Task.Delay(Pause, ct);
            }
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }
}
