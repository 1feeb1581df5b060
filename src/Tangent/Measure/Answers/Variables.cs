using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tangent.Unify;

namespace Tangent.Measure;

/// <summary>Fills <c>{{firstName|there}}</c> in: the trait where it is known, else what follows the bar. The result is text; whoever shows it encodes it.</summary>
internal static partial class Variables
{
    private const int MostCharacters = 100, MostShown = 30;

    public static string Fill(string text, JsonObject traits) => Form().Replace(text, match =>
        TraitReading.Simple(traits[match.Groups["name"].Value]) is { Length: > 0 and <= MostCharacters } known ? known : match.Groups["other"].Value.Trim());

    /// <summary>What in a text looks like a variable and is none, or does not say what stands there where the trait is not known.</summary>
    /// <returns>Null where all is well.</returns>
    public static string? Fault(string text)
    {
        if (Form().Matches(text).FirstOrDefault(m => !m.Groups["other"].Success) is { } open) return open.Value;
        var rest = Form().Replace(text, " ");
        var at = rest.IndexOf("{{", StringComparison.Ordinal);
        if (at < 0) at = rest.IndexOf("}}", StringComparison.Ordinal);
        return at < 0 ? null : rest.Substring(at, Math.Min(rest.Length - at, MostShown));
    }

    [GeneratedRegex(@"\{\{\s*(?<name>[^{}|\s]+)\s*(\|(?<other>[^{}]*))?\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
