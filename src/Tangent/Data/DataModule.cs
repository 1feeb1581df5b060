using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Tangent.Data;

internal static class DataModule
{
    public static void AddData(this WebApplicationBuilder builder, DataFolder folder)
    {
        builder.Services.AddSingleton(folder);
        builder.Services.AddOptions<CompanyOptions>().BindConfiguration(CompanyOptions.Section)
            .Validate(o => TimeZoneInfo.TryFindSystemTimeZoneById(o.TimeZone, out _), "Company:TimeZone is not a known time zone. Use an IANA name such as Europe/Vienna.")
            .Validate(o => o.Rates.Values.All(r => double.IsFinite(r) && r >= 0), "Company:Rates holds a rate that is not a number of 0 or more.")
            .ValidateOnStart();
        builder.Services.AddDbContext<TangentDb>(o => o.UseSqlite($"Data Source={folder.Database}"));
        builder.Services.AddDataProtection().SetApplicationName("Tangent")
            .PersistKeysToFileSystem(Directory.CreateDirectory(folder.Keys));
        builder.Services.AddHealthChecks().AddCheck<FolderHealth>("data folder").AddCheck<DatabaseHealth>("database").AddCheck<ConfigurationHealth>("configuration");
    }

    public static void UseData(this WebApplication app) => app.MapHealth();

    /// <summary>Brings the data folder up to date; called once, before anything reads it.</summary>
    public static async Task MigrateAsync(this WebApplication app, CancellationToken ct)
    {
        await using var scope = app.Services.CreateAsyncScope();
        await Migrator.MigrateAsync(scope.ServiceProvider.GetRequiredService<TangentDb>(), ct);
    }
}
