using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Unify;

internal sealed class JoinSettingsQueries(TangentDb db)
{
    public async Task<JoinSettings> ReadAsync(CancellationToken ct) =>
        await db.Set<KeptJoinSettings>().AsNoTracking().FirstOrDefaultAsync(ct) is { } kept ? kept.Read() : new JoinSettings();

    public Task KeepAsync(JoinSettings settings, string by, DateTime nowUtc, CancellationToken ct) => Bulk.UpsertAsync(
        db, [new KeptJoinSettings { Settings = JsonSerializer.Serialize(settings, JsonSerializerOptions.Web), By = by, ChangedUtc = nowUtc }], ct);
}
