using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Access;

/// <summary>What a person may do: every role includes the ones before it.</summary>
public enum Role
{
    Viewer = 0,
    Contributor = 1,
    Editor = 2,
    Owner = 3,
}

internal sealed class User : IdentityUser<Guid>
{
    public Role Role { get; set; }

    public DateTime CreatedUtc { get; set; } = DateTime.UtcNow;

    /// <summary>Since when the person may not sign in; null while they may.</summary>
    public DateTime? DisabledUtc { get; set; }

    /// <summary>To about a minute; null where the person has not come in yet.</summary>
    public DateTime? LastSeenUtc { get; set; }

    /// <summary>Number of the 30 seconds whose one-time code was used last: no code counts twice.</summary>
    public long TotpStep { get; set; }

    /// <summary>en, de or pl; null where the browser decides.</summary>
    public string? Language { get; set; }

    /// <summary>light or dark; null where the device decides.</summary>
    public string? Theme { get; set; }

    /// <summary>The person wants no letter where a comment names them.</summary>
    public bool NoMentionLetters { get; set; }

    public static User Create(string email, Role role) =>
        new() { Id = Guid.CreateVersion7(), UserName = email, Email = email, EmailConfirmed = true, Role = role };

    public static bool TryReadRole(string? text, out Role role) => Enum.TryParse(text, ignoreCase: true, out role) && Enum.IsDefined(role) && !int.TryParse(text, out _);
}

internal sealed class UserConfiguration :
    IEntityTypeConfiguration<User>,
    IEntityTypeConfiguration<IdentityUserClaim<Guid>>,
    IEntityTypeConfiguration<IdentityUserLogin<Guid>>,
    IEntityTypeConfiguration<IdentityUserToken<Guid>>,
    IEntityTypeConfiguration<IdentityUserPasskey<Guid>>
{
    public void Configure(EntityTypeBuilder<User> builder) => builder.ToTable("users");

    public void Configure(EntityTypeBuilder<IdentityUserClaim<Guid>> builder) => builder.ToTable("user_claims");

    public void Configure(EntityTypeBuilder<IdentityUserLogin<Guid>> builder) => builder.ToTable("user_logins");

    public void Configure(EntityTypeBuilder<IdentityUserToken<Guid>> builder) => builder.ToTable("user_tokens");

    public void Configure(EntityTypeBuilder<IdentityUserPasskey<Guid>> builder) => builder.ToTable("user_passkeys");
}

/// <summary>Who is disabled may not sign in, whatever the way.</summary>
internal sealed class EnabledUsers : IUserConfirmation<User>
{
    public Task<bool> IsConfirmedAsync(UserManager<User> manager, User user) => Task.FromResult(user.DisabledUtc is null);
}
