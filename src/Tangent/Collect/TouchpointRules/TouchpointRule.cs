using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Collect;

/// <summary>Says which touchpoint a signature's events count for. Rules are tried in their order, the first that fits decides; changing one re-labels all history, since events keep their signature only.</summary>
/// <remarks>A condition left empty fits everything; <c>*</c> in a condition stands for any text; upper and lower case are the same.</remarks>
internal sealed class TouchpointRule
{
    public int Id { get; set; }

    /// <summary>Rules are tried from the lowest to the highest.</summary>
    public int Order { get; set; }

    public string Event { get; set; } = "";

    public string Channel { get; set; } = "";

    public string Source { get; set; } = "";

    public string Path { get; set; } = "";

    public string Campaign { get; set; } = "";

    /// <summary>The touchpoint of the catalogue.</summary>
    public int TouchpointId { get; set; }

    public bool Fits(Signature s) =>
        Fits(Event, s.Event) && Fits(Channel, s.Channel) && Fits(Source, s.Source) && Fits(Path, s.Path) && Fits(Campaign, s.Campaign);

    /// <summary>Greedy wildcard match; linear but for backtracking to the last star.</summary>
    internal static bool Fits(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        if (pattern.IsEmpty) return true;
        int p = 0, t = 0, star = -1, resume = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = t;
            }
            else if (p < pattern.Length && char.ToUpperInvariant(pattern[p]) == char.ToUpperInvariant(text[t]))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].IndexOfAnyExcept('*') < 0;
    }
}

internal sealed class TouchpointRuleConfiguration : IEntityTypeConfiguration<TouchpointRule>
{
    public void Configure(EntityTypeBuilder<TouchpointRule> builder) => builder.ToTable("touchpoint_rules");
}
