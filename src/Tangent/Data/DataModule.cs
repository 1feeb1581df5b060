using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Tangent.Data;

internal static class DataModule
{
    public static void AddData(this WebApplicationBuilder builder, DataFolder folder)
    {
        builder.Services.AddSingleton(folder);
        var settings = new SettingsSource();
        builder.Configuration.Sources.Insert(0, settings);
        builder.Services.AddSingleton(settings.Layer);
        builder.Services.AddSingleton<Settings>();
        builder.Services.AddOptions<BackupOptions>().BindConfiguration(BackupOptions.Section)
            .Validate(o => o.EveryHours is >= 0 and <= 8760 && o.Keep is >= 1 and <= 1000, "Backup:EveryHours must be 0 to 8760 and Backup:Keep 1 to 1000.").ValidateOnStart();
        builder.Services.AddSingleton<Testimony>();
        builder.Services.AddSingleton<Backups>();
        builder.Services.AddSingleton<BackupSchedule>();
        builder.Services.AddHostedService(s => s.GetRequiredService<BackupSchedule>());
        builder.Services.AddOptions<CompanyOptions>().BindConfiguration(CompanyOptions.Section).PostConfigure<IConfiguration>((o, c) => o.TakeRates(c)).Check().ValidateOnStart();
        builder.Services.AddDbContext<TangentDb>(o => o.UseSqlite($"Data Source={folder.Database}").AddInterceptors(new FastSecureDelete()));
        builder.Services.AddDataProtection().SetApplicationName("Tangent")
            .PersistKeysToFileSystem(Directory.CreateDirectory(folder.Keys));
        builder.Services.AddHealthChecks().AddCheck<FolderHealth>("data folder").AddCheck<DatabaseHealth>("database").AddCheck<ConfigurationHealth>("configuration")
            .AddCheck<DatabaseReady>("database is ready", tags: [ReadyEndpoints.Tag]).AddCheck<RoomReady>("room on the disk", tags: [ReadyEndpoints.Tag]);
    }

    public static void UseData(this WebApplication app)
    {
        app.MapHealth();
        app.MapReady();
    }

    /// <summary>Brings the data folder up to date; called once, before anything reads it.</summary>
    public static async Task MigrateAsync(this WebApplication app, CancellationToken ct)
    {
        await using var scope = app.Services.CreateAsyncScope();
        await Migrator.MigrateAsync(scope.ServiceProvider.GetRequiredService<TangentDb>(), ct);
        await app.Services.GetRequiredService<Settings>().LoadAsync(ct);
    }
}
