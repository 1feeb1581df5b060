using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Tangent.Web;

namespace Tangent.Unify;

/// <summary>What identify and group calls said of one identifier. A customer with several identifiers has several; they are joined when shown.</summary>
internal sealed class Profile
{
    /// <summary><c>user:…</c> or <c>anonymous:…</c>, as the journeys write identifiers.</summary>
    public required string Key { get; set; }

    public string Name { get; set; } = "";

    public string Email { get; set; } = "";

    public string Phone { get; set; } = "";

    public string Company { get; set; } = "";

    /// <summary>All traits as a JSON object.</summary>
    public string Traits { get; set; } = "{}";

    /// <summary>Id, name, e-mail, phone and company, folded, for the search.</summary>
    public string Search { get; set; } = "";

    /// <summary>Time of the latest call that said something.</summary>
    public DateTime UpdatedUtc { get; set; }

    /// <summary>The value of a trait as filters compare it; null where there is none, or no simple one.</summary>
    public string? Trait(string name)
    {
        if (JsonNode.Parse(Traits)!.AsObject().TryGetPropertyValue(name, out var value) && TraitReading.Simple(value) is { Length: > 0 } text) return text;
        // A group call says the company without its being a trait of the person.
        return name == "company" && Company.Length > 0 ? Company : null;
    }

    /// <summary>Takes over what a call says. The latest call wins trait by trait, whatever the order in which calls arrive; a trait set to null is removed.</summary>
    public void Learn(JsonObject traits, string company, DateTime atUtc)
    {
        var newer = atUtc >= UpdatedUtc;
        var known = JsonNode.Parse(Traits)!.AsObject();
        foreach (var (name, value) in traits.ToList())
        {
            if (!newer && known.ContainsKey(name)) continue;
            if (value is null) known.Remove(name);
            else known[name] = value.DeepClone();
        }

        Traits = known.ToJsonString(TraitReading.Json);
        Name = TraitReading.Name(known);
        Email = TraitReading.Text(known, "email");
        Phone = TraitReading.Text(known, "phone");
        var named = company.Length > 0 ? company : TraitReading.Company(known);
        if (named.Length > 0 && (newer || Company.Length == 0)) Company = named;
        if (newer) UpdatedUtc = atUtc;
        Search = FoldedText.Of($"{Key[(Key.IndexOf(':', StringComparison.Ordinal) + 1)..]} {Name} {Email} {Phone} {Company}");
    }
}

internal sealed class ProfileConfiguration : IEntityTypeConfiguration<Profile>
{
    public void Configure(EntityTypeBuilder<Profile> builder)
    {
        builder.ToTable("profiles");
        builder.HasKey(p => p.Key);
    }
}
