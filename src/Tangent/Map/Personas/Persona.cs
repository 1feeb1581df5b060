using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Map;

/// <summary>A persona as filters and maps name it.</summary>
public sealed record PersonaMark(int Id, string Name);

/// <summary>Somebody invented who stands for many: the customers of a segment, those of a role in the buying committee, or both.</summary>
internal sealed class Persona
{
    public const int NameLength = 120, TextLength = 2000, MostLines = 20;

    public int Id { get; set; }

    public required string Name { get; set; }

    /// <summary>Who it is, in a few words.</summary>
    public string Description { get; set; } = "";

    /// <summary>What the person wants to reach, one a line.</summary>
    public string Goals { get; set; } = "";

    /// <summary>What the person needs from the company, one a line.</summary>
    public string Needs { get; set; } = "";

    /// <summary>What annoys the person, one a line.</summary>
    public string Frustrations { get; set; } = "";

    /// <summary>A sentence that the person would say.</summary>
    public string Quote { get; set; } = "";

    /// <summary>The segment it stands for; null for none. A later stage knows segments, so a number is all that is kept here.</summary>
    public int? SegmentId { get; set; }

    /// <summary>The role in the buying committee it stands for; null where it is no such persona.</summary>
    public BuyingRole? Role { get; set; }

    /// <summary>Hash of its picture; empty where it has none.</summary>
    public string PictureHash { get; set; } = "";

    public DateTime ChangedUtc { get; set; }

    /// <summary>Name of who changed it last, as it was then.</summary>
    public string ChangedBy { get; set; } = "";

    public PersonaMark Mark => new(Id, Name);

    /// <summary>Address of its picture, which changes with the picture; null where it has none.</summary>
    public string? Picture => PictureHash.Length == 0 ? null : $"/map/personas/{Id}/picture?v={PictureHash}";

    public static IReadOnlyList<string> Lines(string? text) => (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>What is wrong with it: the field, and in words; null where it can be kept.</summary>
    public (string Field, string Detail)? Fault()
    {
        if (Name.Length is 0 or > NameLength || Name.Any(char.IsControl)) return ("name", $"A persona needs a name of 1 to {NameLength} characters in one line.");
        if (Role is { } role && !Enum.IsDefined(role)) return ("role", $"A role is one of {string.Join(", ", Enum.GetNames<BuyingRole>())}.");
        foreach (var (field, text) in Texts)
        {
            if (text.Length > TextLength) return (field, $"{field} has at most {TextLength} characters.");
            if (field is "goals" or "needs" or "frustrations" && Lines(text).Count > MostLines) return (field, $"{field} has at most {MostLines} lines.");
        }

        return null;
    }

    /// <summary>What was written of it, by field.</summary>
    public IEnumerable<(string Field, string Text)> Texts =>
        [("name", Name), ("description", Description), ("goals", Goals), ("needs", Needs), ("frustrations", Frustrations), ("quote", Quote)];
}

/// <summary>The picture of a persona, as it is sent to browsers.</summary>
internal sealed class PersonaPicture
{
    public int PersonaId { get; set; }

    public required string MediaType { get; set; }

    public required byte[] Picture { get; set; }
}

internal sealed class PersonaConfiguration : IEntityTypeConfiguration<Persona>, IEntityTypeConfiguration<PersonaPicture>
{
    public void Configure(EntityTypeBuilder<Persona> builder)
    {
        builder.ToTable("personas");
        builder.Ignore(p => p.Mark).Ignore(p => p.Picture).Ignore(p => p.Texts);
        builder.HasIndex(p => p.Name).IsUnique();
    }

    public void Configure(EntityTypeBuilder<PersonaPicture> builder)
    {
        builder.ToTable("persona_pictures");
        builder.HasKey(p => p.PersonaId);
        builder.Property(p => p.PersonaId).ValueGeneratedNever();
    }
}
