using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Tangent.Data;

/// <summary>Writes many rows by one prepared statement: change tracking would cost several times the writing itself.</summary>
internal static class Bulk
{
    /// <summary>Inserts the rows or, where the key is there already, replaces the other columns. All or none; an open transaction of the context is joined.</summary>
    /// <param name="db">Its model gives table, key and columns.</param>
    /// <param name="rows">Each key at most once.</param>
    /// <param name="ct">Cancels; nothing is kept then.</param>
    public static async Task UpsertAsync<T>(TangentDb db, IEnumerable<T> rows, CancellationToken ct)
        where T : class
    {
        var type = db.Model.FindEntityType(typeof(T)) ?? throw new InvalidOperationException($"{typeof(T).Name} is not in the model.");
        var properties = type.GetProperties().ToList();
        var names = properties.ConvertAll(p => $"\"{p.GetColumnName()}\"");
        var key = type.FindPrimaryKey()!.Properties.Select(p => $"\"{p.GetColumnName()}\"").ToList();
        await db.Database.OpenConnectionAsync(ct);
        try
        {
            await using var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(ct) : null;
            await using var command = db.Database.GetDbConnection().CreateCommand();
            var others = names.Except(key).Select(n => $"{n} = excluded.{n}").ToList();
            command.Transaction = db.Database.CurrentTransaction!.GetDbTransaction();
            command.CommandText =
                $"INSERT INTO \"{type.GetTableName()}\" ({string.Join(", ", names)}) VALUES ({string.Join(", ", names.Select((_, i) => $"@p{i}"))}) " +
                $"ON CONFLICT ({string.Join(", ", key)}) {(others.Count == 0 ? "DO NOTHING" : $"DO UPDATE SET {string.Join(", ", others)}")}";
            await WriteAsync(command, properties.ConvertAll(Stored<T>), rows, ct);
            if (own is not null) await own.CommitAsync(ct);
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    private static async Task WriteAsync<T>(DbCommand command, List<Func<T, object?>> columns, IEnumerable<T> rows, CancellationToken ct)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = $"@p{i}";
            command.Parameters.Add(parameter);
        }

        foreach (var row in rows)
        {
            for (var i = 0; i < columns.Count; i++) command.Parameters[i].Value = columns[i](row) ?? DBNull.Value;
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    /// <summary>How a column's value is read of a row.</summary>
    private static Func<T, object?> Stored<T>(IProperty property)
    {
        var (read, converter) = (property.PropertyInfo!, property.GetTypeMapping().Converter);
        return converter is null ? row => read.GetValue(row) : row => converter.ConvertToProvider(read.GetValue(row));
    }
}
