using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Web;

namespace Tangent.Unify;

/// <summary>Values that name one person by themselves.</summary>
/// <param name="Identifier">An identifier of which one of them is said.</param>
/// <param name="Same">Names of the traits that are the same: email, phone, customerNumber, externalId.</param>
internal sealed record ExactlyKnown(string Identifier, IReadOnlyList<string> Same);

/// <summary>Finds whose e-mail address, telephone, customer number or id elsewhere is exactly the one asked for, whatever a comparison would say: before any search has been made, and of every address a customer has.</summary>
internal sealed class ExactKeys(ProfileQueries profiles, MergePolicies policies, IOptionsMonitor<CompanyOptions> company)
{
    /// <summary>A value that more share is nobody's.</summary>
    private const int Most = 100;

    /// <summary>So many are looked at whether they have a value that is written in another way.</summary>
    private const int MostLooked = 2_000;

    private const int LeastDigits = 5;

    // The area is written this way and that.
    private const int LastDigits = 7;

    private static readonly Dictionary<string, ColumnKind> Kinds = new(StringComparer.Ordinal)
    {
        ["customerNumber"] = ColumnKind.Code,
        ["externalId"] = ColumnKind.Code,
        ["email"] = ColumnKind.Email,
        ["phone"] = ColumnKind.Phone,
    };

    /// <summary>Traits that are kept under other names, too, by their folded names.</summary>
    private static readonly Dictionary<string, string> Numbers = new[]
    {
        ("customerNumber", "customernumber customerno kundennummer kundennr numerklienta nrklienta"),
        ("externalId", "externalid"),
    }.SelectMany(t => t.Item2.Split(' ').Select(name => (Name: name, Trait: t.Item1))).ToDictionary(t => t.Name, t => t.Trait, StringComparer.Ordinal);

    /// <summary>A telephone is shared by families; who has one of the others is the person.</summary>
    public static bool NamesOnePerson(string trait) => trait != "phone";

    /// <summary>What of traits names one person.</summary>
    public static List<(string Trait, string Value)> In(JsonObject traits) =>
        [.. StoredPersons.Texts(traits).Where(t => t.Column is "email" or "phone").Concat(traits.Where(t => Numbers.ContainsKey(StoredPersons.Folded(t.Key))).Select(t => (Numbers[StoredPersons.Folded(t.Key)], TraitReading.Simple(t.Value)))).Where(t => t.Item2.Length > 0)];

    /// <param name="asked">Traits and values, as <see cref="In"/> finds them.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<IReadOnlyList<ExactlyKnown>> FindAsync(IReadOnlyList<(string Trait, string Value)> asked, CancellationToken ct)
    {
        var country = company.CurrentValue.OwnCountry();
        var normal = Kinds.ToDictionary(k => k.Key, k => PersonColumn.Normal(k.Value, country, new MatchRules(), k.Key));
        var same = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var (trait, value, written) in asked.Select(a => (a.Trait, Value: normal[a.Trait](a.Value), Written: a.Value)).Where(a => a.Value.Length > 0).DistinctBy(a => (a.Trait, a.Value)))
        {
            // The search finds who has the letters somewhere; what they are, the traits say.
            foreach (var (words, whole) in Words(trait, value, written))
            {
                var (looked, found) = (0, 0);
                await foreach (var profile in profiles.WithWordsAsync(words, whole, policies.TrustedSources).WithCancellation(ct))
                {
                    if (found >= Most || ++looked > MostLooked) break;
                    if (!In(JsonNode.Parse(profile.Traits)!.AsObject()).Exists(t => t.Trait == trait && normal[trait](t.Value) == value)) continue;
                    if (!same.TryGetValue(profile.Key, out var traits)) same.Add(profile.Key, traits = []);
                    traits.Add(trait);
                    found++;
                }
            }
        }

        return [.. same.Select(s => new ExactlyKnown(s.Key, [.. s.Value]))];
    }

    private static IEnumerable<(string Words, bool Whole)> Words(string trait, string value, string written) => trait switch
    {
        // Those who write a tag behind the name have the same address.
        "email" when value.IndexOf('@', StringComparison.Ordinal) is > 0 and var at => [(value, true), ($"{value[..at]}+ {value[at..]}", false)],
        "phone" when TraitReading.Digits(value) is { Length: >= LeastDigits } digits => [(digits.Length > LastDigits ? digits[^LastDigits..] : digits, false)],
        // As it is written: strokes and zeros belong to it there.
        "customerNumber" or "externalId" => [(written, true)],
        _ => [(value, false)],
    };
}
