using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Access;

/// <summary>A link that works once: whoever opens it chooses a password and becomes a user with the given role. Only a hash of its token is kept.</summary>
internal sealed class Invitation
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    public Guid Id { get; set; } = Guid.CreateVersion7();

    public required string TokenHash { get; set; }

    /// <summary>The address it was made for; the first owner's is chosen when the link is opened.</summary>
    public string? Email { get; set; }

    public required Role Role { get; set; }

    public required DateTime ExpiresUtc { get; set; }

    public static (Invitation Invitation, string Token) Create(string? email, Role role, DateTime nowUtc)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        return (new Invitation { TokenHash = Hash(token), Email = email, Role = role, ExpiresUtc = nowUtc + Lifetime }, token);
    }

    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}

internal sealed class InvitationConfiguration : IEntityTypeConfiguration<Invitation>
{
    public void Configure(EntityTypeBuilder<Invitation> builder)
    {
        builder.ToTable("invitations");
        builder.HasIndex(i => i.TokenHash).IsUnique();
    }
}
