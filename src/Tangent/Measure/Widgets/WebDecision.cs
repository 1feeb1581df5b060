using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Measure;

/// <summary>What was decided when a page wanted to show a survey to a visitor. One row for each outcome: a visitor who looks at a hundred pages makes no hundred rows.</summary>
internal sealed class WebDecision
{
    public int SurveyId { get; set; }

    /// <summary>Identifier of the visitor: <c>anonymous:…</c>, whatever else a page says of him.</summary>
    public required string Key { get; set; }

    public AskOutcome Outcome { get; set; }

    /// <summary>The last time.</summary>
    public DateTime AtUtc { get; set; }

    public int Times { get; set; }

    /// <summary>What decided it the last time, as of a letter: <see cref="Decision.Why"/>.</summary>
    public string Why { get; set; } = "";
}

internal sealed class WebDecisionConfiguration : IEntityTypeConfiguration<WebDecision>
{
    public void Configure(EntityTypeBuilder<WebDecision> builder)
    {
        builder.ToTable("survey_web_decisions");
        builder.HasKey(d => new { d.SurveyId, d.Key, d.Outcome });
        builder.HasIndex(d => d.Key);
        builder.HasIndex(d => new { d.SurveyId, d.AtUtc });
    }
}
