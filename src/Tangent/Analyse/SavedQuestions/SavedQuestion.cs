using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <summary>A page with all that was chosen on it, kept under a name.</summary>
internal sealed class SavedQuestion
{
    public const int NameLength = 120;
    private const int AddressLength = 8000;

    public int Id { get; set; }

    public string Name { get; set; } = "";

    /// <summary>Address on this server, with its query.</summary>
    public string Address { get; set; } = "";

    /// <summary>Name of the user who saved it.</summary>
    public string Owner { get; set; } = "";

    /// <summary>Everybody sees it; otherwise only the owner does.</summary>
    public bool Shared { get; set; }

    public DateTime CreatedUtc { get; set; }

    public bool IsSeenBy(string user) => Shared || Owner == user;

    /// <summary>Whom it belongs to may change it, and whoever owns the company.</summary>
    public bool IsChangedBy(PageContext page) => Owner == page.UserName || page.Role == "Owner" && Shared;

    /// <summary>Checks what was entered; null where it can be kept.</summary>
    public static (string Field, string Detail)? Wrong(string? name, string? address)
    {
        if (name?.Trim() is not { Length: > 0 and <= NameLength } given || given.Any(char.IsControl)) return ("name", T("Analyse.Saved.NameNeeded", NameLength));
        // Only pages of this server that answer questions: a name must not hide a way elsewhere.
        var path = address?.Split('?')[0] ?? "";
        var isPage = path == "/" || path.StartsWith("/analyse/", StringComparison.Ordinal) || path == "/unify/customers";
        var isSafe = path == "/" || LocalAddress.Of(address) != "/";
        return isPage && isSafe && address!.Length <= AddressLength ? null : ("address", T("Analyse.Saved.AddressNeeded"));
    }
}

internal sealed class SavedQuestionConfiguration : IEntityTypeConfiguration<SavedQuestion>
{
    public void Configure(EntityTypeBuilder<SavedQuestion> builder)
    {
        builder.ToTable("saved_questions");
        builder.HasIndex(q => q.Owner);
    }
}
