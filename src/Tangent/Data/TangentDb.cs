using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Tangent.Access;

namespace Tangent.Data;

/// <summary>The operational database. It names no stage: every slice brings its own mapping, found in this assembly.</summary>
internal sealed class TangentDb(DbContextOptions<TangentDb> options) : IdentityUserContext<User, Guid>(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcTime>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(TangentDb).Assembly);
    }
}

/// <summary>Every time in the database is UTC; SQLite does not say so of what it reads.</summary>
internal sealed class UtcTime() : ValueConverter<DateTime, DateTime>(t => t, t => DateTime.SpecifyKind(t, DateTimeKind.Utc));
