using System.Net;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Tangent.Access;
using Tangent.Data;
using Tangent.Unify;
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

    /// <summary>Name of who saved it, as it was then.</summary>
    public string Owner { get; set; } = "";

    public ActorKind OwnerKind { get; set; }

    /// <summary>Whose it is among the owners of this kind: names can change and be given again.</summary>
    public string OwnerId { get; set; } = "";

    /// <summary>Everybody sees it; otherwise only the owner does.</summary>
    public bool Shared { get; set; }

    public DateTime CreatedUtc { get; set; }

    public static SavedQuestion Of(Actor owner, string name, string address, bool shared) =>
        new() { Name = name.Trim(), Address = address, Owner = owner.Name, OwnerKind = owner.Kind, OwnerId = owner.Id, Shared = shared, CreatedUtc = DateTime.UtcNow };

    public bool IsOf(Actor actor) => OwnerKind == actor.Kind && OwnerId == actor.Id;

    /// <summary>It names a person as a customer who is asked for, or with what can be nobody else's: a number alone may be a step, a window or a page.</summary>
    public bool Names(DataSubject subject)
    {
        var query = Address.Split('?', 2) is [_, var behind] ? QueryHelpers.ParseQuery(behind) : [];
        return subject.AreNamedInProse(Name) || query.Any(q => q.Value.OfType<string>().Any(value => IsOfCustomers(q.Key)
            ? subject.Words.Concat(subject.Identifiers).Contains(value.Trim(), StringComparer.OrdinalIgnoreCase) || subject.AreMeantBy(value)
            : subject.AreMeantBy(value)));
    }

    /// <summary>Its address with another segment in the place of one; null where it does not ask for that.</summary>
    public string? AddressWith(string segment, string instead)
    {
        if (Address.Split('?', 2) is not [var path, var query]) return null;
        var found = false;
        var parts = query.Split('&').Select(part =>
        {
            if (part.Split('=', 2) is not [var name, var value] || !name.Equals("segment", StringComparison.OrdinalIgnoreCase) || !string.Equals(WebUtility.UrlDecode(value), segment, StringComparison.OrdinalIgnoreCase)) return part;
            found = true;
            return $"{name}={Uri.EscapeDataString(instead)}";
        }).ToList();
        return found ? $"{path}?{string.Join('&', parts)}" : null;
    }

    /// <summary>What names customers and nothing else.</summary>
    private static bool IsOfCustomers(string parameter) => parameter is "customer" or "search";

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
        builder.HasIndex(q => new { q.OwnerKind, q.OwnerId });
    }
}
