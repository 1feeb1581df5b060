using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Data;

namespace Tangent.Tests.Data;

public sealed class MigrationTests : IDisposable
{
    private const string Catalogue = """
        SELECT m.name || '.' || c.name || ' ' || c.type || ' notnull=' || c."notnull" || ' pk=' || c.pk AS Value
        FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name <> 'schema_version' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'profile_search%'
        UNION ALL SELECT 'index ' || name || ' on ' || tbl_name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite_%'
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("tangent-schema").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_scripts_build_exactly_what_the_model_says()
    {
        await using var migrated = Open("migrated.db");
        (await Migrator.MigrateAsync(migrated, CancellationToken.None)).ShouldNotBeEmpty();
        await using var model = Open("model.db");
        var script = model.Database.GenerateCreateScript();
        await model.Database.ExecuteSqlRawAsync(script);

        var have = await CatalogueAsync(migrated);
        var want = await CatalogueAsync(model);
        have.ShouldBe(want, $"The model as a script, to write the next migration from:\n{script}");
        have.Count.ShouldBeGreaterThan(30);
    }

    [Fact]
    public async Task A_second_start_applies_nothing()
    {
        await using var db = Open("twice.db");
        (await Migrator.MigrateAsync(db, CancellationToken.None)).ShouldNotBeEmpty();
        (await Migrator.MigrateAsync(db, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_script_changed_after_it_was_applied_is_refused()
    {
        await using var db = Open("changed.db");
        await Migrator.MigrateAsync(db, CancellationToken.None);
        await db.Database.ExecuteSqlRawAsync("UPDATE schema_version SET hash = 'x'");
        var refused = await Should.ThrowAsync<InvalidOperationException>(() => Migrator.MigrateAsync(db, CancellationToken.None));
        refused.Message.ShouldContain("was changed");
    }

    [Fact]
    public async Task A_folder_of_a_newer_version_is_refused_and_left_as_it_is()
    {
        await using var db = Open("newer.db");
        await Migrator.MigrateAsync(db, CancellationToken.None);
        var first = Migrator.Names()[0];
        await db.Database.ExecuteSqlAsync($"UPDATE schema_version SET name = '9999_later.sql' WHERE name = {first}");
        var refused = await Should.ThrowAsync<InvalidOperationException>(() => Migrator.MigrateAsync(db, CancellationToken.None));
        refused.Message.ShouldContain("newer version");
        refused.Message.ShouldContain("9999_later.sql");
        (await db.Database.SqlQuery<string>($"SELECT name AS Value FROM schema_version").ToListAsync()).ShouldNotContain(first);
    }

    private TangentDb Open(string file)
    {
        var services = new ServiceCollection();
        services.Configure<IdentityOptions>(o => o.Stores.SchemaVersion = IdentitySchemaVersions.Version3);
        var options = new DbContextOptionsBuilder<TangentDb>()
            .UseApplicationServiceProvider(services.BuildServiceProvider())
            .UseSqlite($"Data Source={Path.Combine(_folder, file)}");
        return new TangentDb(options.Options);
    }

    private static async Task<List<string>> CatalogueAsync(TangentDb db) =>
        await db.Database.SqlQueryRaw<string>(Catalogue).OrderBy(x => x).ToListAsync();
}
