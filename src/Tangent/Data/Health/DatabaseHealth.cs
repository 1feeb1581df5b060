using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Tangent.Data;

/// <summary>The operational database is whole and its schema is the program's.</summary>
internal sealed class DatabaseHealth(TangentDb db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var found = await db.Database.SqlQueryRaw<string>("SELECT quick_check AS Value FROM pragma_quick_check").ToListAsync(cancellationToken);
        if (found is not ["ok"]) return HealthCheckResult.Unhealthy($"The database is damaged ({found[0]}). Stop the server and restore tangent.db from a backup.");
        var scripts = await db.Database.SqlQueryRaw<string>("SELECT name AS Value FROM schema_version").ToListAsync(cancellationToken);
        return HealthCheckResult.Healthy($"The database is whole; {scripts.Count} migrations applied, the last {scripts.Max(StringComparer.Ordinal)}.");
    }
}
