using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Map;

/// <summary>Who owns the place of contact: the company, a partner (dealer, marketplace) or a third party (review portal, press, word of mouth).</summary>
public enum Control
{
    Owned = 0,
    Partner = 1,
    ThirdParty = 2,
}

/// <summary>Whether the company takes part in the contact.</summary>
public enum Directness
{
    Direct = 0,
    Indirect = 1,
}

/// <summary>Stages of the customer life cycle.</summary>
public enum LifeCycleStage
{
    Awareness = 0,
    Consideration = 1,
    Conversion = 2,
    Retention = 3,
    Advocacy = 4,
}

/// <summary>A place where a customer meets the company: the one key under map, event, score and initiative.</summary>
internal sealed class Touchpoint
{
    public const int NameLength = 120;

    public int Id { get; set; }

    public required string Name { get; set; }

    public string Channel { get; set; } = "";

    public LifeCycleStage Stage { get; set; }

    public Control Control { get; set; }

    public Directness Directness { get; set; }

    public bool Online { get; set; }

    public string Owner { get; set; } = "";

    /// <summary>Department of the company that answers for it.</summary>
    public string Department { get; set; } = "";

    /// <summary>What one contact costs the company, in its reporting currency; null where nobody has said.</summary>
    public decimal? CostPerContact { get; set; }

    public string Description { get; set; } = "";

    /// <summary>Since when it is no longer in use; its history stays.</summary>
    public DateTime? RetiredUtc { get; set; }

    /// <summary>Number of the touchpoint that it was merged into: it is in no list any more, and its name and number stand for that one.</summary>
    public int? MergedInto { get; set; }

    /// <summary>Those that were merged into it.</summary>
    public IReadOnlyList<MergedTouchpoint> Merged { get; set; } = [];
}

/// <summary>What a touchpoint was before it was merged into another one.</summary>
internal sealed record MergedTouchpoint(int Id, string Name);

internal sealed class TouchpointConfiguration : IEntityTypeConfiguration<Touchpoint>
{
    public void Configure(EntityTypeBuilder<Touchpoint> builder)
    {
        builder.ToTable("touchpoints");
        builder.HasIndex(t => t.Name).IsUnique();
        builder.Ignore(t => t.Merged);
    }
}
