using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;

namespace Tangent.Data;

/// <summary>Applies the numbered scripts of Data/migrations, each once, in order, in its own transaction, so that an older data folder is brought up to date at start.</summary>
internal static class Migrator
{
    private sealed record Script(string Name, string Sql, string Hash);

    /// <returns>The names of the scripts applied now.</returns>
    /// <exception cref="InvalidOperationException">A newer version has been at work here, or a script that had been applied was changed afterwards. Nothing is changed then.</exception>
    public static async Task<IReadOnlyList<string>> MigrateAsync(TangentDb db, CancellationToken ct)
    {
        var connection = db.Database.GetDbConnection();
        await db.Database.OpenConnectionAsync(ct);
        try
        {
            await RefuseNewerAsync(connection, ct);
            await ExecuteAsync(connection, null, "PRAGMA journal_mode=WAL", ct);
            await ExecuteAsync(connection, null, "CREATE TABLE IF NOT EXISTS schema_version (name TEXT NOT NULL PRIMARY KEY, hash TEXT NOT NULL, applied_utc TEXT NOT NULL)", ct);
            var applied = new List<string>();
            foreach (var script in Load("migrations/sqlite/"))
                if (await ApplyAsync(connection, script, ct)) applied.Add(script.Name);
            return applied;
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    /// <summary>Names of the scripts that this program knows, in their order.</summary>
    public static IReadOnlyList<string> Names() => [.. Load("migrations/sqlite/").Select(s => s.Name)];

    /// <summary>Every script has been applied.</summary>
    public static async Task<bool> IsCurrentAsync(TangentDb db, CancellationToken ct)
    {
        var applied = await db.Database.SqlQueryRaw<string>("SELECT name AS Value FROM schema_version").ToListAsync(ct);
        return !Names().Except(applied, StringComparer.Ordinal).Any();
    }

    private static async Task RefuseNewerAsync(DbConnection connection, CancellationToken ct)
    {
        if (await ScalarAsync(connection, null, "SELECT 1 FROM sqlite_master WHERE name = 'schema_version'", ct) is null) return;
        await using var command = Command(connection, null, "SELECT name FROM schema_version ORDER BY name", []);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var known = Names().ToHashSet(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct))
            if (reader.GetString(0) is var name && !known.Contains(name))
                throw new InvalidOperationException($"The data folder was brought up to date by a newer version of Tangent: its migration {name} is not known here. Start that version, or restore a backup that this one or an older one made.");
    }

    private static async Task<bool> ApplyAsync(DbConnection connection, Script script, CancellationToken ct)
    {
        // SQLite begins IMMEDIATE here, so two processes cannot both see the script as missing.
        await using var tx = await connection.BeginTransactionAsync(ct);
        var known = await ScalarAsync(connection, tx, "SELECT hash FROM schema_version WHERE name = @p0", ct, script.Name) as string;
        if (known == script.Hash) return false;
        if (known is not null)
            throw new InvalidOperationException($"The migration {script.Name} was changed after it had been applied to this data folder.");

        await ExecuteAsync(connection, tx, script.Sql, ct);
        await ExecuteAsync(connection, tx, "INSERT INTO schema_version VALUES (@p0, @p1, @p2)", ct,
            script.Name, script.Hash, DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture));
        await tx.CommitAsync(ct);
        return true;
    }

    private static IEnumerable<Script> Load(string prefix)
    {
        var assembly = typeof(Migrator).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var sql = reader.ReadToEnd().ReplaceLineEndings("\n");
            yield return new Script(name[prefix.Length..], sql, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql))));
        }
    }

    private static async Task ExecuteAsync(DbConnection connection, DbTransaction? tx, string sql, CancellationToken ct, params string[] values)
    {
        await using var command = Command(connection, tx, sql, values);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<object?> ScalarAsync(DbConnection connection, DbTransaction? tx, string sql, CancellationToken ct, params string[] values)
    {
        await using var command = Command(connection, tx, sql, values);
        return await command.ExecuteScalarAsync(ct);
    }

    private static DbCommand Command(DbConnection connection, DbTransaction? tx, string sql, string[] values)
    {
        var command = connection.CreateCommand();
        command.Transaction = tx;
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = "@p" + i.ToString(CultureInfo.InvariantCulture);
            parameter.Value = values[i];
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
