using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Tangent.Access;

namespace Tangent.Map;

public enum ObservationKind
{
    Observation = 0,
    PainPoint = 1,
    Idea = 2,
}

public enum ObservationState
{
    /// <summary>Nobody has done anything with it yet.</summary>
    Open = 0,

    /// <summary>It stands on a card of a journey map.</summary>
    Taken = 1,

    /// <summary>Another one says the same.</summary>
    Merged = 2,
}

/// <summary>What an employee has seen at a touchpoint, in a few words.</summary>
internal sealed class Observation
{
    public const int TextLength = 500;

    public int Id { get; set; }

    public int TouchpointId { get; set; }

    public ObservationKind Kind { get; set; }

    public required string Text { get; set; }

    /// <summary>How the customer felt, −2 to 2; null where nobody has said.</summary>
    public int? Mood { get; set; }

    public DateTime AtUtc { get; set; }

    public ActorKind ByKind { get; set; }

    public string ById { get; set; } = "";

    /// <summary>Name of who made it, as it was then.</summary>
    public string By { get; set; } = "";

    public ObservationState State { get; set; }

    /// <summary>The map it was taken over to.</summary>
    public int? MapId { get; set; }

    /// <summary>The observation that says the same.</summary>
    public int? MergedInto { get; set; }
}

/// <summary>Somebody has seen the same, or wants it too. Everybody has one vote.</summary>
internal sealed class ObservationVote
{
    public int ObservationId { get; set; }

    public ActorKind ByKind { get; set; }

    public string ById { get; set; } = "";
}

internal sealed class ObservationConfiguration : IEntityTypeConfiguration<Observation>, IEntityTypeConfiguration<ObservationVote>
{
    public void Configure(EntityTypeBuilder<Observation> builder)
    {
        builder.ToTable("observations");
        builder.HasIndex(o => new { o.TouchpointId, o.State });
    }

    public void Configure(EntityTypeBuilder<ObservationVote> builder)
    {
        builder.ToTable("observation_votes");
        builder.HasKey(v => new { v.ObservationId, v.ByKind, v.ById });
    }
}
