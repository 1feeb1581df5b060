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

    public string Description { get; set; } = "";

    /// <summary>Since when it is no longer in use; its history stays.</summary>
    public DateTime? RetiredUtc { get; set; }
}

internal sealed class TouchpointConfiguration : IEntityTypeConfiguration<Touchpoint>
{
    public void Configure(EntityTypeBuilder<Touchpoint> builder)
    {
        builder.ToTable("touchpoints");
        builder.HasIndex(t => t.Name).IsUnique();
    }
}
