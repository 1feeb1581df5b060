using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Data;

/// <summary>A setting that an owner chose; what is not here has its default.</summary>
internal sealed class StoredSetting
{
    /// <summary>Name in the configuration, for example <c>Company:TimeZone</c>.</summary>
    public required string Key { get; set; }

    /// <summary>Encrypted where the setting is a secret.</summary>
    public required string Value { get; set; }

    public required DateTime ChangedUtc { get; set; }
}

internal sealed class StoredSettingConfiguration : IEntityTypeConfiguration<StoredSetting>
{
    public void Configure(EntityTypeBuilder<StoredSetting> builder)
    {
        builder.ToTable("settings");
        builder.HasKey(s => s.Key);
    }
}
