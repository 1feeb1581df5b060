using Microsoft.EntityFrameworkCore;
using Tangent.Data;
using Tangent.Web;

namespace Tangent.Operate;

internal sealed class LogoQueries(TangentDb db, CompanyLogo shown)
{
    public Task<Logo?> FindAsync(CancellationToken ct) => db.Set<Logo>().AsNoTracking().FirstOrDefaultAsync(ct);

    /// <summary>Replaces the logo; every page shows it from now on.</summary>
    public async Task KeepAsync(LogoPicture picture, CancellationToken ct)
    {
        var logo = Logo.Of(picture);
        await Bulk.UpsertAsync(db, [logo], ct);
        shown.Address = logo.Address;
    }

    public async Task RemoveAsync(CancellationToken ct)
    {
        await db.Set<Logo>().ExecuteDeleteAsync(ct);
        shown.Address = null;
    }
}

/// <summary>Tells the pages of the logo at the start.</summary>
internal sealed class LogoLoading(IServiceScopeFactory scopes, CompanyLogo shown) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        shown.Address = (await scope.ServiceProvider.GetRequiredService<LogoQueries>().FindAsync(cancellationToken))?.Address;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
