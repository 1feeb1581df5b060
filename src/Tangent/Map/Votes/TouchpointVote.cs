using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Tangent.Web;

namespace Tangent.Map;

/// <summary>How important one person of the company thinks a touchpoint is.</summary>
internal sealed class TouchpointVote
{
    public const int MostImportant = 10;
    public const string OfUser = "user:", OfName = "name:";

    public required int TouchpointId { get; set; }

    /// <summary><c>user:ID</c> of an account, or <c>name:ADDRESS</c> of somebody without one.</summary>
    public required string Voter { get; set; }

    /// <summary>0 to 10; null for who only marks a moment of truth.</summary>
    public int? Importance { get; set; }

    /// <summary>The person thinks that the relation is won or lost here.</summary>
    public bool MomentOfTruth { get; set; }

    public DateTime ChangedUtc { get; set; }
}

internal sealed class TouchpointVoteConfiguration : IEntityTypeConfiguration<TouchpointVote>
{
    public void Configure(EntityTypeBuilder<TouchpointVote> builder)
    {
        builder.ToTable("touchpoint_votes");
        builder.HasKey(v => new { v.TouchpointId, v.Voter });
    }
}

/// <summary>What the people of the company think of one touchpoint, together.</summary>
/// <param name="Voters">Who voted; who left the company does not count any more.</param>
/// <param name="N">Of them, who said how important it is.</param>
/// <param name="Median">Median importance, 0 to 10; null where nobody said it.</param>
/// <param name="Histogram">How many said 0, 1, … 10.</param>
/// <param name="MomentsOfTruth">How many think that it is a moment of truth.</param>
/// <param name="Share">Their share of who voted, 0 to 1.</param>
/// <param name="Low">Lower end of its 95 % interval (Wilson).</param>
/// <param name="High">Upper end of it.</param>
public sealed record TouchpointVotes(int TouchpointId, string Touchpoint, int Voters, int N, double? Median, IReadOnlyList<int> Histogram, int MomentsOfTruth, double Share, double Low, double High)
{
    /// <summary>Fewer than 30 votes: too few to say much.</summary>
    public bool TooFew => Voters < Figures.Enough;

    internal static TouchpointVotes Of(Touchpoint touchpoint, IReadOnlyCollection<TouchpointVote> votes)
    {
        int[] said = [.. votes.Select(v => v.Importance).OfType<int>().Order()];
        var histogram = new int[TouchpointVote.MostImportant + 1];
        foreach (var importance in said) histogram[importance]++;
        var marked = votes.Count(v => v.MomentOfTruth);
        var interval = Interval.Wilson(marked, votes.Count);
        double? median = said.Length == 0 ? null : (said[(said.Length - 1) / 2] + said[said.Length / 2]) / 2.0;
        return new TouchpointVotes(touchpoint.Id, touchpoint.Name, votes.Count, said.Length, median, histogram, marked, votes.Count == 0 ? 0 : (double)marked / votes.Count, interval.Low, interval.High);
    }
}
