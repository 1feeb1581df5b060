using Microsoft.EntityFrameworkCore;

namespace Tangent.Data;

/// <summary>Deletes rows so that their bytes are in no file of the database afterwards.</summary>
internal static class SecureDelete
{
    /// <param name="delete">Deletes through the same context.</param>
    public static async Task RunAsync(TangentDb db, Func<Task> delete, CancellationToken ct)
    {
        // One connection throughout: the setting is the connection's.
        await db.Database.OpenConnectionAsync(ct);
        try
        {
            await db.Database.ExecuteSqlRawAsync("PRAGMA secure_delete = ON", ct);
            await delete();
            await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)", ct);
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }
}
