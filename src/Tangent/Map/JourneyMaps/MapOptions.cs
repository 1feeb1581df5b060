using System.ComponentModel.DataAnnotations;

namespace Tangent.Map;

/// <summary>Journey maps.</summary>
public sealed class MapOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Maps";

    /// <summary>After so many months evidence should be looked at again.</summary>
    [Range(1, 120)]
    public int AgeingAfterMonths { get; set; } = 6;

    /// <summary>After so many months evidence is old.</summary>
    [Range(1, 240)]
    public int OldAfterMonths { get; set; } = 12;
}
