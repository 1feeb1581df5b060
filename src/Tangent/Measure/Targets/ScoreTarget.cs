using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Measure;

/// <summary>What a score of a touchpoint is to reach, and by when.</summary>
internal sealed class ScoreTarget
{
    public required int TouchpointId { get; set; }

    public required Metric Metric { get; set; }

    /// <summary>As the score itself: NPS −100 to 100, CSAT 0 to 1, the others on their scale.</summary>
    public double Value { get; set; }

    /// <summary>Day by which it is to be reached; null where none is set.</summary>
    public DateOnly? By { get; set; }

    public string SetBy { get; set; } = "";

    public DateTime ChangedUtc { get; set; }

    /// <summary>Lowest and highest value that a score of the metric can have.</summary>
    public static (double Least, double Most) Range(Metric metric) => metric switch
    {
        Metric.Nps => (-100, 100),
        Metric.Csat => (0, 1),
        _ => Metrics.Scale(metric) is var (least, most) ? (least, most) : default,
    };
}

internal sealed class ScoreTargetConfiguration : IEntityTypeConfiguration<ScoreTarget>
{
    public void Configure(EntityTypeBuilder<ScoreTarget> builder)
    {
        builder.ToTable("score_targets");
        builder.HasKey(t => new { t.TouchpointId, t.Metric });
    }
}

/// <summary>How a score stands to its target.</summary>
/// <param name="Value">The target, as the score.</param>
/// <param name="By">Day by which it is to be reached; null where none is set.</param>
/// <param name="Distance">Score minus target: below 0 it is not reached yet.</param>
/// <param name="Verdict">reached or missed where the score's 95 % interval excludes the target from above or below, notYet instead of missed until the day has come, unclear where it holds it, tooFew under 30 answers.</param>
public sealed record TargetStand(double Value, DateOnly? By, double Distance, string Verdict)
{
    internal static TargetStand Of(ScoreTarget target, ScoreFigure figure, DateOnly today) => new(
        target.Value, target.By, figure.Value - target.Value,
        figure.TooFew ? "tooFew" : figure.Low >= target.Value ? "reached" : figure.High < target.Value ? target.By >= today ? "notYet" : "missed" : "unclear");
}
