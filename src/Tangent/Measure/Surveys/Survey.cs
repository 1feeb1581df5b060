using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Measure;

/// <summary>A survey: what it asks stands in its versions.</summary>
internal sealed class Survey
{
    public int Id { get; set; }

    public string Name { get; set; } = "";

    /// <summary>What its address ends in; whoever has it may answer.</summary>
    public string Code { get; set; } = RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 10);

    /// <summary>Answers are taken.</summary>
    public bool Open { get; set; } = true;

    public int Version { get; set; }

    /// <summary>Who changed it last.</summary>
    public string By { get; set; } = "";

    public DateTime ChangedUtc { get; set; }
}

/// <summary>A survey as it was from one change to the next: an answer belongs to the version it was given to.</summary>
internal sealed class SurveyVersion
{
    public int SurveyId { get; set; }

    public int Version { get; set; }

    public required string Definition { get; set; }
}

internal sealed class SurveyConfiguration : IEntityTypeConfiguration<Survey>, IEntityTypeConfiguration<SurveyVersion>
{
    public void Configure(EntityTypeBuilder<Survey> builder)
    {
        builder.ToTable("surveys");
        builder.HasIndex(s => s.Name).IsUnique();
        builder.HasIndex(s => s.Code).IsUnique();
    }

    public void Configure(EntityTypeBuilder<SurveyVersion> builder)
    {
        builder.ToTable("survey_versions");
        builder.HasKey(v => new { v.SurveyId, v.Version });
    }
}
