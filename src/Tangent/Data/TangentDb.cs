using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Tangent.Access;

namespace Tangent.Data;

/// <summary>The operational database. It names no stage: every slice brings its own mapping, found in this assembly.</summary>
internal sealed class TangentDb(DbContextOptions<TangentDb> options) : IdentityUserContext<User, Guid>(options)
{
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(TangentDb).Assembly);
    }
}
