using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Access;

/// <summary>One browser in which a person is signed in. The cookie names it; without it, or once the person's security stamp is another, the cookie is worth nothing.</summary>
internal sealed class Session
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);

    public Guid Id { get; set; } = Guid.CreateVersion7();

    public required Guid UserId { get; set; }

    /// <summary>The person's security stamp at signing in.</summary>
    public required string Stamp { get; set; }

    public DateTime CreatedUtc { get; set; } = DateTime.UtcNow;

    public DateTime LastSeenUtc { get; set; } = DateTime.UtcNow;

    /// <summary>What the browser says it is, cut to 200 characters.</summary>
    public required string Browser { get; set; }

    /// <summary>Network address it signed in from.</summary>
    public required string Address { get; set; }
}

internal sealed class SessionConfiguration : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.ToTable("sessions");
        builder.HasOne<User>().WithMany().HasForeignKey(s => s.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
