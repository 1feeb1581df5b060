using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Tangent.Data;

/// <summary>
/// Every connection overwrites what it deletes within a page it writes anyway: moving and changing rows leaves no copies of them behind
/// that a later <see cref="SecureDelete"/> would not find.
/// </summary>
internal sealed class FastSecureDelete : DbConnectionInterceptor
{
    private const string Pragma = "PRAGMA secure_delete = FAST";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Pragma;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Pragma;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
