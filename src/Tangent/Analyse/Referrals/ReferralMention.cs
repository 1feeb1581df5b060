using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Analyse;

/// <summary>Where the referral codes are in events.</summary>
internal sealed class ReferralOptions
{
    public const string Section = "Referrals";

    /// <summary>Property of events that holds a referral code: who has a code in an event first made it, who has it later used it. A change counts for events from then on.</summary>
    public string CodeProperty { get; set; } = "referralCode";
}

/// <summary>An event that names a referral code.</summary>
internal sealed class ReferralMention
{
    public const int MostCharacters = 100;

    /// <summary>The key of an event whose customer is erased, or whose time is over.</summary>
    public const string Nobody = "";

    /// <summary>Log position of the event.</summary>
    public long Position { get; set; }

    public string Code { get; set; } = "";

    /// <summary>Whose event it is: <c>user:…</c>, <c>anonymous:…</c>, or <see cref="Nobody"/>.</summary>
    public string Key { get; set; } = "";

    public DateTime AtUtc { get; set; }
}

internal sealed class ReferralMentionConfiguration : IEntityTypeConfiguration<ReferralMention>
{
    public void Configure(EntityTypeBuilder<ReferralMention> builder)
    {
        builder.ToTable("referral_mentions");
        builder.HasKey(m => m.Position);
        builder.Property(m => m.Position).ValueGeneratedNever();
        builder.HasIndex(m => m.Key).HasDatabaseName("IX_referral_mentions_key");
        builder.HasIndex(m => new { m.Code, m.Key }).HasDatabaseName("IX_referral_mentions_code");
    }
}
