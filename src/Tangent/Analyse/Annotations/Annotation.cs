using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <summary>A day on which something changed that figures may follow, shown on every chart over time.</summary>
internal sealed class Annotation
{
    public const int TextLength = 200;

    public int Id { get; set; }

    /// <summary>Day of the company's time zone.</summary>
    public DateOnly Day { get; set; }

    public string Text { get; set; } = "";

    /// <summary>Name of the touchpoint it concerns; empty for all.</summary>
    public string Touchpoint { get; set; } = "";

    /// <summary>Who wrote it.</summary>
    public string By { get; set; } = "";

    public DateTime CreatedUtc { get; set; }

    public string Words => Touchpoint.Length == 0 ? Text : $"{Touchpoint}: {Text}";

    /// <summary>Checks what was entered; null where it can be kept.</summary>
    public static (string Field, string Detail)? Wrong(DateOnly? day, string? text, string? touchpoint) =>
        day is not { Year: >= 1900 and < 2200 } ? ("day", T("Analyse.Annotations.DayNeeded"))
        : text?.Trim() is not { Length: > 0 and <= TextLength } given || given.Any(char.IsControl) ? ("text", T("Analyse.Annotations.TextNeeded", TextLength))
        : touchpoint?.Length > TextLength ? ("touchpoint", T("Analyse.Annotations.TouchpointLong", TextLength)) : null;
}

internal sealed class AnnotationConfiguration : IEntityTypeConfiguration<Annotation>
{
    public void Configure(EntityTypeBuilder<Annotation> builder) => builder.ToTable("annotations");
}
