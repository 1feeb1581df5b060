using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Unify;

public enum ConsentState
{
    Given = 0,
    Withdrawn = 1,

    /// <summary>Asked for, not confirmed by whom the contact point belongs to.</summary>
    Pending = 2,
}

/// <summary>How a word about consent came in.</summary>
public enum ConsentOrigin
{
    Event = 0,
    Import = 1,
    Api = 2,

    /// <summary>Somebody here recorded it.</summary>
    Person = 3,

    /// <summary>The person herself, by a signed link.</summary>
    PreferenceCentre = 4,

    /// <summary>A withdrawal that outlived the erasure of the person.</summary>
    Erasure = 5,

    /// <summary>An event of a source whose key is public says so of a contact point that may be somebody else's.</summary>
    PublicKey = 6,

    /// <summary>The person herself, by the link in a letter that asked for it.</summary>
    Confirmation = 7,

    /// <summary>The person herself, by an answer to a survey.</summary>
    Survey = 8,
}

/// <summary>One word about one consent: the history, of which nothing is ever changed but how long the same was said again.</summary>
internal sealed class ConsentEntry
{
    /// <summary>Log position of the record that says it.</summary>
    public long Position { get; set; }

    /// <summary>Its number among what that record says.</summary>
    public int Number { get; set; }

    /// <summary>Kind and keyed hash of the contact point.</summary>
    public required string Point { get; set; }

    public required string Purpose { get; set; }

    /// <summary>Empty for the purpose as a whole.</summary>
    public string Topic { get; set; } = "";

    public ConsentState State { get; set; }

    public DateTime AtUtc { get; set; }

    /// <summary>When the same was last said again; it is as good as said then.</summary>
    public DateTime LastUtc { get; set; }

    public int SourceId { get; set; }

    public ConsentOrigin Origin { get; set; }

    public string By { get; set; } = "";

    /// <summary>Number of the wording that was shown; 0 where none is known.</summary>
    public long Wording { get; set; }

    /// <summary>Identifier of which it was said; empty where it is not known, or erased.</summary>
    public string Key { get; set; } = "";

    /// <summary>A consent was said that is still to be confirmed; not kept.</summary>
    public bool Asks { get; init; }
}

/// <summary>What holds now of one consent: the latest word.</summary>
internal sealed class StandingConsent
{
    public required string Point { get; set; }

    public required string Purpose { get; set; }

    public string Topic { get; set; } = "";

    public ContactKind Kind { get; set; }

    public ConsentState State { get; set; }

    public DateTime AtUtc { get; set; }

    /// <summary>When the same was last said again: what is compared with other words.</summary>
    public DateTime LastUtc { get; set; }

    public ConsentOrigin Origin { get; set; }

    public long Wording { get; set; }

    public string Key { get; set; } = "";
}

/// <summary>A text that was shown to whoever agreed or not.</summary>
internal sealed class ConsentWording
{
    /// <summary>Made from version and text.</summary>
    public long Id { get; set; }

    public string Version { get; set; } = "";

    public string Text { get; set; } = "";
}

internal sealed class ConsentEntryConfiguration : IEntityTypeConfiguration<ConsentEntry>, IEntityTypeConfiguration<StandingConsent>, IEntityTypeConfiguration<ConsentWording>
{
    public void Configure(EntityTypeBuilder<ConsentEntry> builder)
    {
        builder.ToTable("consents");
        builder.HasKey(c => new { c.Position, c.Number });
        builder.Ignore(c => c.Asks);
        builder.HasIndex(c => c.Point);
        builder.HasIndex(c => c.Key);
    }

    public void Configure(EntityTypeBuilder<StandingConsent> builder)
    {
        builder.ToTable("standing_consents");
        builder.HasKey(c => new { c.Point, c.Purpose, c.Topic });
        builder.HasIndex(c => new { c.Kind, c.Purpose, c.Topic, c.State });
        builder.HasIndex(c => c.Key);
    }

    public void Configure(EntityTypeBuilder<ConsentWording> builder)
    {
        builder.ToTable("consent_wordings");
        builder.Property(w => w.Id).ValueGeneratedNever();
    }
}
