using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Tangent.Access;
using Tangent.Web;

namespace Tangent.Unify;

/// <summary>What identify and group calls of one source said of one identifier. A customer has one for each identifier and source; the golden record puts them together.</summary>
internal sealed class Profile
{
    /// <summary>The source number of what people here said themselves: their word stands above every source.</summary>
    public const int OfPeople = 0;

    public const string AccountPrefix = "account:";

    /// <summary>Least key of a person: the keys of accounts sort before it.</summary>
    public const string FirstPerson = "anonymous:";

    private const int MostSearched = 400;
    private const int LongestSearched = 60;

    /// <summary><c>user:…</c> or <c>anonymous:…</c>, as the journeys write identifiers; <c>account:…</c> of a company.</summary>
    public required string Key { get; set; }

    /// <summary>The source that said it.</summary>
    public int SourceId { get; set; }

    /// <summary>A number of its own, which the search knows it by.</summary>
    public long Number { get; set; }

    public string Name { get; set; } = "";

    public string Email { get; set; } = "";

    public string Phone { get; set; } = "";

    public string Company { get; set; } = "";

    /// <summary>All traits as a JSON object.</summary>
    public string Traits { get; set; } = "{}";

    /// <summary>Of a person: id, name, e-mail, phone, company and the other short traits, folded, for the search.</summary>
    public string Search { get; set; } = "";

    /// <summary>Time of the latest call that said something.</summary>
    public DateTime UpdatedUtc { get; set; }

    public bool IsAccount => Key.StartsWith(AccountPrefix, StringComparison.Ordinal);

    public bool IsUser => Key.StartsWith("user:", StringComparison.Ordinal);

    /// <summary>The value of a trait as filters compare it; null where there is none, or no simple one.</summary>
    public string? Trait(string name)
    {
        if (TraitReading.Simple(Traits, name) is { Length: > 0 } text) return text;
        // A group call says the company without its being a trait of the person.
        return name == "company" && Company.Length > 0 ? Company : null;
    }

    /// <summary>Whether it has one of these traits.</summary>
    public bool HasAny(IReadOnlyList<string> names) =>
        names.Any(n => Traits.Contains($"\"{n}\":", StringComparison.Ordinal)) && names.Any(JsonNode.Parse(Traits)!.AsObject().ContainsKey);

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
        Search = IsAccount ? "" : Searched(known);
    }

    /// <summary>What the search finds it by for a reader who may not see everything.</summary>
    public string Searched(Masking masking)
    {
        var seen = new JsonObject(JsonNode.Parse(Traits)!.AsObject().Where(t => !masking.HidesField(t.Key)).Select(t => KeyValuePair.Create(t.Key, masking.Node(t.Value))));
        var text = new StringBuilder(masking.Text($"{Key[(Key.IndexOf(':', StringComparison.Ordinal) + 1)..]} {TraitReading.Name(seen)} {Company}"));
        foreach (var (_, value) in seen)
            if (value?.GetValueKind() is JsonValueKind.String or JsonValueKind.Number) text.Append(' ').Append(value);
        return FoldedText.Of(text.ToString());
    }

    private string Searched(JsonObject traits)
    {
        var text = new StringBuilder($"{Key[(Key.IndexOf(':', StringComparison.Ordinal) + 1)..]} {Name} {Email} {Phone} {Company}");
        // A number is searched as people write it, and without its blanks and strokes.
        if (Phone.Length > 0) text.Append(' ').Append(TraitReading.Digits(Phone));
        foreach (var (name, value) in traits)
        {
            if (name is "name" or "email" or "phone" or "company" || value?.GetValueKind() is not (JsonValueKind.String or JsonValueKind.Number)) continue;
            var said = value.ToString();
            if (said.Length > LongestSearched || text.Length + said.Length > MostSearched || Name.Contains(said, StringComparison.Ordinal)) continue;
            text.Append(' ').Append(said);
        }

        return FoldedText.Of(text.ToString());
    }
}

internal sealed class ProfileConfiguration : IEntityTypeConfiguration<Profile>
{
    public void Configure(EntityTypeBuilder<Profile> builder)
    {
        builder.ToTable("profiles");
        builder.HasKey(p => p.Number);
        builder.Property(p => p.Number).ValueGeneratedNever();
        builder.HasIndex(p => new { p.Key, p.SourceId }).IsUnique();
        builder.Ignore(p => p.IsAccount).Ignore(p => p.IsUser);
    }
}
