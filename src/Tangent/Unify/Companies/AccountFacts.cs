using Tangent.Access;
using Tangent.Web;

namespace Tangent.Unify;

/// <summary>What is known of a company, as far as lists, trees and conditions need it.</summary>
/// <param name="Id">Its id, as group calls and imports name it.</param>
/// <param name="Name">Its name; the id where nobody said one.</param>
/// <param name="Parent">Id of the company it belongs to; empty where it is none's.</param>
/// <param name="Traits">Its simple traits (texts, numbers, true or false), each chosen by the merge policies.</param>
public sealed record AccountFacts(string Id, string Name, string Parent, IReadOnlyList<KeyValuePair<string, string>> Traits)
{
    /// <summary>The trait that says the parent.</summary>
    public const string ParentTrait = "parentId";

    private string? _searched;

    private const int MostTraits = 40;
    private const int LongestValue = 200;

    /// <summary>A company of which nothing is known but that customers belong to it.</summary>
    public static AccountFacts Of(string id) => new(id, id, "", []);

    internal static AccountFacts Of(string id, GoldenRecord record)
    {
        var traits = record.Values.Select(v => KeyValuePair.Create(string.Intern(v.Name), TraitReading.Simple(v.Value))).Where(v => v.Value.Length is > 0 and <= LongestValue).Take(MostTraits);
        return new AccountFacts(id, record.Name is { Length: > 0 } name ? name : id, TraitReading.Text(record.Traits, ParentTrait), [.. traits]);
    }

    /// <summary>Whether all of these words occur in id, name or traits that a reader sees.</summary>
    /// <param name="words">Folded.</param>
    /// <param name="masking">What the reader does not see does not find either.</param>
    internal bool Has(string[] words, Masking masking)
    {
        _searched ??= Searched(Traits);
        return words.All(_searched.Contains) && (masking.IsNone || Searched(Traits.Where(t => !masking.HidesField(t.Key)).Select(t => KeyValuePair.Create(t.Key, masking.Text(t.Value)))) is var seen && words.All(seen.Contains));
    }

    private string Searched(IEnumerable<KeyValuePair<string, string>> traits) => FoldedText.Of(string.Join(' ', traits.Select(t => t.Value).Append(Name).Append(Id)));

    /// <returns>The value of a trait; null where there is none.</returns>
    public string? Trait(string name)
    {
        foreach (var (trait, value) in Traits)
            if (trait == name) return value;
        return null;
    }
}
