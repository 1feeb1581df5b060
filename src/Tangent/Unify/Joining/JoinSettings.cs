using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Unify;

/// <summary>What makes two known customers one without anybody's doing. Only sources with a secret key take part, and of them those that are not left out.</summary>
/// <param name="Email">The same e-mail address.</param>
/// <param name="Phone">The same telephone number. Families share one.</param>
/// <param name="CustomerNumber">The same customer number (trait customerNumber).</param>
/// <param name="ExternalId">The same id in another system (trait externalId).</param>
/// <param name="MostShared">A value that persons of more different names than this share joins nobody: it belongs to a house, not to a person. 1 to 50.</param>
/// <param name="LeftOut">Names of sources whose records join nobody.</param>
/// <param name="Rules">Further rules and lists, as a rules file has them; columns are names of traits. Empty: none.</param>
public sealed record JoinSettings(
    bool Email = true, bool Phone = false, bool CustomerNumber = true, bool ExternalId = true, int MostShared = 5, IReadOnlyList<string>? LeftOut = null, string Rules = "");

/// <summary>The settings as they are kept: one row, where somebody has changed them.</summary>
internal sealed class KeptJoinSettings
{
    public const int Only = 1;

    public int Id { get; set; } = Only;

    public string Settings { get; set; } = "{}";

    /// <summary>Who changed them last.</summary>
    public string By { get; set; } = "";

    public DateTime ChangedUtc { get; set; }

    public JoinSettings Read() => JsonSerializer.Deserialize<JoinSettings>(Settings, JsonSerializerOptions.Web)!;
}

internal sealed class KeptJoinSettingsConfiguration : IEntityTypeConfiguration<KeptJoinSettings>
{
    public void Configure(EntityTypeBuilder<KeptJoinSettings> builder)
    {
        builder.ToTable("join_settings");
        builder.Property(s => s.Id).ValueGeneratedNever();
    }
}
