using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Tangent.Data;

internal static class DataModule
{
    public static void AddData(this WebApplicationBuilder builder, DataFolder folder)
    {
        builder.Services.AddSingleton(folder);
        builder.Services.Configure<CompanyOptions>(builder.Configuration.GetSection(CompanyOptions.Section));
        builder.Services.AddDbContext<TangentDb>(o => o.UseSqlite($"Data Source={folder.Database}"));
        builder.Services.AddDataProtection().SetApplicationName("Tangent")
            .PersistKeysToFileSystem(Directory.CreateDirectory(folder.Keys));
    }

    /// <summary>Brings the data folder up to date; called once, before anything reads it.</summary>
    public static async Task MigrateAsync(this WebApplication app, CancellationToken ct)
    {
        await using var scope = app.Services.CreateAsyncScope();
        await Migrator.MigrateAsync(scope.ServiceProvider.GetRequiredService<TangentDb>(), ct);
    }
}
