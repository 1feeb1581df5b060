namespace Tangent.Web;

/// <summary>Where the company's logo can be fetched; set by who keeps it.</summary>
public sealed class CompanyLogo
{
    /// <summary>Null where the company has none. The address changes with the picture, so that browsers may keep it.</summary>
    public string? Address { get; set; }
}
