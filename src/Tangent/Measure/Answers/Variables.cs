using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tangent.Unify;

namespace Tangent.Measure;

/// <summary>Fills <c>{{firstName|there}}</c> in: the trait where it is known, else what follows the bar. The result is text; whoever shows it encodes it.</summary>
internal static partial class Variables
{
    private const int MostCharacters = 100;

    public static string Fill(string text, JsonObject traits) => Form().Replace(text, match =>
        TraitReading.Simple(traits[match.Groups["name"].Value]) is { Length: > 0 and <= MostCharacters } known ? known : match.Groups["other"].Value.Trim());

    [GeneratedRegex(@"\{\{\s*(?<name>[^{}|\s]+)\s*(\|(?<other>[^{}]*))?\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
