using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Tangent.Collect;

/// <summary>The log's SQLite file: its schema, its settings and the statements of the writer's connection.</summary>
internal sealed class LogFile : IDisposable
{
    // Keys stand before the body, so that reading them does not read the body's pages.
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS log (
            position INTEGER PRIMARY KEY,
            count INTEGER NOT NULL,
            source INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            trusted INTEGER NOT NULL,
            received_ms INTEGER NOT NULL,
            sent_ms INTEGER NULL,
            import INTEGER NULL,
            keys BLOB NOT NULL,
            body BLOB NOT NULL
        ) STRICT;
        CREATE INDEX IF NOT EXISTS log_imports ON log (source) WHERE kind = 1;
        CREATE INDEX IF NOT EXISTS log_erasures ON log (position) WHERE kind = 4;
        CREATE INDEX IF NOT EXISTS log_agings ON log (position) WHERE kind = 8;
        CREATE INDEX IF NOT EXISTS log_import_numbers ON log (import) WHERE import IS NOT NULL;
        CREATE TABLE IF NOT EXISTS totals (source INTEGER PRIMARY KEY, events INTEGER NOT NULL, duplicates INTEGER NOT NULL, last_received_ms INTEGER NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS secret (key BLOB NOT NULL) STRICT;
        INSERT INTO secret SELECT randomblob(16) WHERE NOT EXISTS (SELECT 1 FROM secret);
        PRAGMA user_version = 2;
        """;

    private const int KeyBytes = 16;

    private readonly string _path;
    private readonly string _readOnly;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _count;
    private readonly SqliteCommand _rewrite;

    public LogFile(string path)
    {
        _path = path;
        _readOnly = $"Data Source={path};Mode=ReadOnly";
        _connection = new SqliteConnection($"Data Source={path};Pooling=False");
        try
        {
            _connection.Open();
            // Large pages suit rows of many events. FULL: a commit that was acknowledged outlives a power failure.
            Execute("PRAGMA page_size = 16384");
            Execute("PRAGMA journal_mode = WAL");
            Execute("PRAGMA synchronous = FULL");
            Execute("PRAGMA secure_delete = ON");
            Execute("PRAGMA wal_autocheckpoint = 2000");
            Execute(Schema);
            Secret = ReadSecret();
            _insert = Prepare("INSERT INTO log VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9)", 10);
            _count = Prepare("""
                INSERT INTO totals VALUES (@p0, @p1, @p2, @p3) ON CONFLICT (source) DO UPDATE SET
                    events = events + excluded.events, duplicates = duplicates + excluded.duplicates, last_received_ms = max(last_received_ms, excluded.last_received_ms)
                """, 4);
            _rewrite = Prepare("UPDATE log SET body = @p1 WHERE position = @p0", 2);
        }
        catch (SqliteException e)
        {
            _connection.Dispose();
            throw new InvalidOperationException($"The event log {path} cannot be opened ({e.Message}) Restore it from a backup, or move it away to begin a new one.", e);
        }
    }

    /// <summary>Makes the keys of message ids; of this file alone.</summary>
    public UInt128 Secret { get; }

    /// <summary>Size of the file in which commits stand until they are put into the main one.</summary>
    public long JournalBytes => new FileInfo(_path + "-wal") is { Exists: true } journal ? journal.Length : 0;

    /// <summary>Puts the journal's commits into the file and empties it, beside the writer, who waits only for the last moment of it.</summary>
    /// <returns>False where a reader was in the way or the disk failed; nothing is lost then, and it may be tried again.</returns>
    public bool Tidy()
    {
        try
        {
            using var connection = new SqliteConnection($"Data Source={_path};Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(PASSIVE)";
            command.ExecuteNonQuery();
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            return command.ExecuteScalar() is 0L;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    public SqliteTransaction Begin() => _connection.BeginTransaction(deferred: false);

    public void Insert(SqliteTransaction tx, long position, LogAppend append, int count, byte[] keys, byte[] body)
    {
        _insert.Transaction = tx;
        Bind(_insert, position, count, append.SourceId, (int)append.Kind, append.Trusted ? 1 : 0, append.ReceivedAtMs,
            (object?)append.SentAtMs ?? DBNull.Value, (object?)append.ImportId ?? DBNull.Value, keys, body);
        _insert.ExecuteNonQuery();
    }

    /// <summary>The pages that held the old body are overwritten (secure_delete).</summary>
    public void Rewrite(SqliteTransaction tx, RewrittenRow row)
    {
        _rewrite.Transaction = tx;
        Bind(_rewrite, row.Position, row.Body);
        _rewrite.ExecuteNonQuery();
        if (row.Forgotten is not { Count: > 0 } forgotten) return;
        using var command = _connection.CreateCommand();
        command.Transaction = tx;
        command.CommandText = "SELECT keys FROM log WHERE position = @position";
        command.Parameters.AddWithValue("@position", row.Position);
        var keys = (byte[])command.ExecuteScalar()!;
        foreach (var line in forgotten) keys.AsSpan(line * KeyBytes, KeyBytes).Clear();
        command.CommandText = "UPDATE log SET keys = @keys WHERE position = @position";
        command.Parameters.AddWithValue("@keys", keys);
        command.ExecuteNonQuery();
    }

    public void Count(SqliteTransaction tx, LogTotal added)
    {
        _count.Transaction = tx;
        Bind(_count, added.SourceId, added.Events, added.Duplicates, added.LastReceivedAtMs);
        _count.ExecuteNonQuery();
    }

    public long EndPosition()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT position + count FROM log ORDER BY position DESC LIMIT 1";
        return command.ExecuteScalar() is long end ? end : 0;
    }

    public List<LogTotal> Totals()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT source, events, duplicates, last_received_ms FROM totals";
        using var reader = command.ExecuteReader();
        var totals = new List<LogTotal>();
        while (reader.Read()) totals.Add(new LogTotal(reader.GetInt32(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)));
        return totals;
    }

    /// <summary>Positions of the records of a kind that has an index, in their order.</summary>
    public List<long> Positions(LogKind kind)
    {
        using var connection = new SqliteConnection(_readOnly);
        connection.Open();
        using var command = connection.CreateCommand();
        // Written out: only so does SQLite take the index.
        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"SELECT position FROM log WHERE kind = {(int)kind} ORDER BY position");
        using var reader = command.ExecuteReader();
        var positions = new List<long>();
        while (reader.Read()) positions.Add(reader.GetInt64(0));
        return positions;
    }

    /// <summary>Keys of the rows received at or after <paramref name="fromMs"/>, the newest first.</summary>
    public IEnumerable<byte[]> RecentKeys(long fromMs)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT received_ms, kind, keys FROM log ORDER BY position DESC";
        using var reader = command.ExecuteReader();
        while (reader.Read() && reader.GetInt64(0) >= fromMs)
            if (reader.GetInt32(1) == (int)LogKind.Events) yield return reader.GetFieldValue<byte[]>(2);
    }

    /// <summary>Keys that a source imported, with those that the writer has not committed yet; for the writer's thread.</summary>
    /// <param name="sourceId">The source.</param>
    /// <param name="undone">Imports whose keys are not known any more.</param>
    public IEnumerable<byte[]> ImportKeys(int sourceId, IReadOnlySet<int> undone) => ImportKeys(_connection, sourceId, undone);

    /// <summary>Keys that a source imported, as far as they are committed.</summary>
    public IEnumerable<byte[]> CommittedImportKeys(int sourceId, IReadOnlySet<int> undone)
    {
        using var connection = new SqliteConnection(_readOnly);
        connection.Open();
        foreach (var keys in ImportKeys(connection, sourceId, undone)) yield return keys;
    }

    private static IEnumerable<byte[]> ImportKeys(SqliteConnection connection, int sourceId, IReadOnlySet<int> undone)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT import, keys FROM log WHERE kind = 1 AND source = @source ORDER BY position";
        command.Parameters.AddWithValue("@source", sourceId);
        using var reader = command.ExecuteReader();
        while (reader.Read())
            if (reader.IsDBNull(0) || !undone.Contains(reader.GetInt32(0))) yield return reader.GetFieldValue<byte[]>(1);
    }

    /// <summary>Each decision about an import in the order of the log: number of the import, what was decided.</summary>
    public List<(int Import, LogKind Kind)> ImportDecisions()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT import, kind FROM log WHERE import IS NOT NULL AND kind > 1 ORDER BY position";
        using var reader = command.ExecuteReader();
        var decisions = new List<(int, LogKind)>();
        while (reader.Read()) decisions.Add((reader.GetInt32(0), (LogKind)reader.GetInt32(1)));
        return decisions;
    }

    /// <summary>The highest number of an import; 0 where there is none.</summary>
    public int LastImport()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT max(import) FROM log WHERE import IS NOT NULL";
        return command.ExecuteScalar() is long last ? (int)last : 0;
    }

    /// <summary>The rows of an import, without their bodies unless they are wanted.</summary>
    public IEnumerable<LogRow> Import(int importId, bool bodies)
    {
        using var connection = new SqliteConnection(_readOnly);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT position, count, source, kind, trusted, received_ms, sent_ms{(bodies ? ", body" : "")} FROM log WHERE import = @import AND kind = 1 ORDER BY position";
        command.Parameters.AddWithValue("@import", importId);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return new LogRow(
                reader.GetInt64(0), reader.GetInt32(1), reader.GetInt32(2), LogKind.Import, reader.GetInt32(4) != 0,
                reader.GetInt64(5), reader.IsDBNull(6) ? null : reader.GetInt64(6), bodies ? reader.GetFieldValue<byte[]>(7) : default(ReadOnlyMemory<byte>));
        }
    }

    /// <summary>Rows of calls and imports of one source before a position, but for those of some imports.</summary>
    public IEnumerable<LogRow> OfSource(int sourceId, long before, IReadOnlySet<int> undone)
    {
        using var connection = new SqliteConnection(_readOnly);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT position, count, kind, trusted, received_ms, sent_ms, body, import FROM log WHERE source = @source AND kind < 2 AND position < @before ORDER BY position";
        command.Parameters.AddWithValue("@source", sourceId);
        command.Parameters.AddWithValue("@before", before);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            if (!reader.IsDBNull(7) && undone.Contains(reader.GetInt32(7))) continue;
            yield return new LogRow(
                reader.GetInt64(0), reader.GetInt32(1), sourceId, (LogKind)reader.GetInt32(2), reader.GetInt32(3) != 0,
                reader.GetInt64(4), reader.IsDBNull(5) ? null : reader.GetInt64(5), reader.GetFieldValue<byte[]>(6));
        }
    }

    /// <summary>Keys of an import, as far as they are committed.</summary>
    public IEnumerable<byte[]> KeysOfImport(int importId)
    {
        using var connection = new SqliteConnection(_readOnly);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT keys FROM log WHERE import = @import AND kind = 1";
        command.Parameters.AddWithValue("@import", importId);
        using var reader = command.ExecuteReader();
        while (reader.Read()) yield return reader.GetFieldValue<byte[]>(0);
    }

    /// <summary>At most <paramref name="limit"/> rows from the one that holds <paramref name="position"/> on. Each call reads through a connection of its own.</summary>
    public IEnumerable<LogRow> Read(long position, int limit)
    {
        using var connection = new SqliteConnection(_readOnly);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT position, count, source, kind, trusted, received_ms, sent_ms, body FROM log
            WHERE position >= coalesce((SELECT max(position) FROM log WHERE position <= @from), 0) ORDER BY position LIMIT @limit
            """;
        command.Parameters.AddWithValue("@from", position);
        command.Parameters.AddWithValue("@limit", limit);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return new LogRow(
                reader.GetInt64(0), reader.GetInt32(1), reader.GetInt32(2), (LogKind)reader.GetInt32(3), reader.GetInt32(4) != 0,
                reader.GetInt64(5), reader.IsDBNull(6) ? null : reader.GetInt64(6), reader.GetFieldValue<byte[]>(7));
        }
    }

    /// <summary>Checks the pages of the file, and that positions follow each other without a gap; the first fault, or null.</summary>
    public string? FindFault()
    {
        using var connection = new SqliteConnection(_readOnly);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT quick_check FROM pragma_quick_check LIMIT 1";
        if (command.ExecuteScalar() is not "ok" and var fault) return Convert.ToString(fault, CultureInfo.InvariantCulture);
        command.CommandText = "SELECT position, expected FROM (SELECT position, lag(position + count, 1, 0) OVER (ORDER BY position) AS expected FROM log) WHERE position <> expected LIMIT 1";
        using var reader = command.ExecuteReader();
        return reader.Read() ? $"record {reader.GetInt64(0)} follows where {reader.GetInt64(1)} should" : null;
    }

    public void Dispose()
    {
        _insert.Dispose();
        _count.Dispose();
        _rewrite.Dispose();
        using (var pool = new SqliteConnection(_readOnly)) SqliteConnection.ClearPool(pool);
        _connection.Dispose();
    }

    private UInt128 ReadSecret()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT key FROM secret";
        return BinaryPrimitives.ReadUInt128LittleEndian((byte[])command.ExecuteScalar()!);
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private SqliteCommand Prepare(string sql, int parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters; i++) command.Parameters.Add(new SqliteParameter { ParameterName = "@p" + i.ToString(CultureInfo.InvariantCulture) });
        return command;
    }

    private static void Bind(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
    }
}
