using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Unify;

/// <summary>Between which probabilities people are asked whether two customers are one person.</summary>
/// <param name="Least">From this probability on a pair waits for a decision; below, both are taken for two. 0.01 to 0.99.</param>
/// <param name="Sure">From this probability on pairs may be merged together without a look at each. Above the least, at most 0.9999.</param>
public sealed record ReviewBand(double Least = 0.5, double Sure = 0.99)
{
    public const double LeastOfAll = 0.01;
    public const double MostOfAll = 0.9999;

    internal double LeastWeight => Weight(Least);

    internal double SureWeight => Weight(Sure);

    /// <returns>The field that makes no sense; null where both do.</returns>
    internal string? Wrong() => Least is not (>= LeastOfAll and <= 0.99) ? "least" : Sure > Least && Sure <= MostOfAll ? null : "sure";

    private static double Weight(double probability) => Math.Log2(probability / (1 - probability));
}

/// <summary>The band as it is kept: one row, where somebody has changed it.</summary>
internal sealed class KeptReviewBand
{
    public int Id { get; set; } = 1;

    public double Least { get; set; }

    public double Sure { get; set; }

    /// <summary>Who changed it last.</summary>
    public string By { get; set; } = "";

    public DateTime ChangedUtc { get; set; }
}

internal sealed class KeptReviewBandConfiguration : IEntityTypeConfiguration<KeptReviewBand>
{
    public void Configure(EntityTypeBuilder<KeptReviewBand> builder)
    {
        builder.ToTable("review_band");
        builder.Property(b => b.Id).ValueGeneratedNever();
    }
}
