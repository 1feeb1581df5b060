using Microsoft.Data.Sqlite;

namespace Tangent.Data;

/// <summary>A database as it was at one moment, whatever is written to it afterwards: a read transaction that is copied from.</summary>
internal sealed class DatabaseSnapshot : IDisposable
{
    private readonly SqliteConnection _connection;

    private DatabaseSnapshot(string path)
    {
        _connection = Open(path);
        // The first read fixes what the transaction sees.
        Execute(_connection, "BEGIN");
        Scalar(_connection, "SELECT count(*) FROM sqlite_master");
    }

    /// <summary>Fixes both databases at the same moment: while nobody can write to the first.</summary>
    public static (DatabaseSnapshot First, DatabaseSnapshot Second) Take(string first, string second)
    {
        using var holding = Open(first);
        Execute(holding, "BEGIN IMMEDIATE");
        var one = new DatabaseSnapshot(first);
        try
        {
            return (one, new DatabaseSnapshot(second));
        }
        catch
        {
            one.Dispose();
            throw;
        }
        finally
        {
            Execute(holding, "ROLLBACK");
        }
    }

    /// <summary>Writes the database to a new file and checks that file.</summary>
    /// <exception cref="IOException">The copy is not whole.</exception>
    public void CopyTo(string path)
    {
        using var copy = Open(path);
        _connection.BackupDatabase(copy);
        if (Scalar(copy, "SELECT quick_check FROM pragma_quick_check LIMIT 1") is not "ok" and var fault) throw new IOException($"The copy of {Path.GetFileName(path)} is damaged: {fault}");
        // One file that needs no others beside it.
        Execute(copy, "PRAGMA journal_mode = DELETE");
    }

    public long Number(string sql) => Scalar(_connection, sql) is long number ? number : 0;

    public IReadOnlyList<string> Texts(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var texts = new List<string>();
        while (reader.Read()) texts.Add(reader.GetString(0));
        return texts;
    }

    public void Dispose() => _connection.Dispose();

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        Execute(connection, "PRAGMA busy_timeout = 30000");
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
