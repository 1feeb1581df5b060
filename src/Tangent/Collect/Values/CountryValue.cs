using System.Collections.Frozen;
using Tangent.Web;

namespace Tangent.Collect;

/// <summary>Countries by their code (ISO 3166-1), as people write them in English, German, Polish and their own language.</summary>
internal static class CountryValue
{
    private static readonly FrozenDictionary<string, string> Names = new Dictionary<string, string>
    {
        ["germany"] = "DE", ["deutschland"] = "DE", ["niemcy"] = "DE", ["deu"] = "DE", ["d"] = "DE",
        ["austria"] = "AT", ["osterreich"] = "AT", ["oesterreich"] = "AT", ["aut"] = "AT", ["a"] = "AT",
        ["switzerland"] = "CH", ["schweiz"] = "CH", ["suisse"] = "CH", ["svizzera"] = "CH", ["szwajcaria"] = "CH", ["che"] = "CH",
        ["poland"] = "PL", ["polen"] = "PL", ["polska"] = "PL", ["pol"] = "PL",
        ["liechtenstein"] = "LI", ["luxembourg"] = "LU", ["luxemburg"] = "LU", ["luksemburg"] = "LU",
        ["france"] = "FR", ["frankreich"] = "FR", ["francja"] = "FR", ["italy"] = "IT", ["italien"] = "IT", ["italia"] = "IT", ["wlochy"] = "IT",
        ["spain"] = "ES", ["spanien"] = "ES", ["espana"] = "ES", ["hiszpania"] = "ES", ["netherlands"] = "NL", ["the netherlands"] = "NL", ["niederlande"] = "NL", ["nederland"] = "NL", ["holandia"] = "NL",
        ["belgium"] = "BE", ["belgien"] = "BE", ["belgia"] = "BE", ["denmark"] = "DK", ["danemark"] = "DK", ["dania"] = "DK",
        ["czechia"] = "CZ", ["czech republic"] = "CZ", ["tschechien"] = "CZ", ["czechy"] = "CZ", ["slovakia"] = "SK", ["slowakei"] = "SK", ["slowacja"] = "SK",
        ["hungary"] = "HU", ["ungarn"] = "HU", ["wegry"] = "HU", ["united kingdom"] = "GB", ["great britain"] = "GB", ["uk"] = "GB", ["grossbritannien"] = "GB", ["wielka brytania"] = "GB",
        ["ireland"] = "IE", ["irland"] = "IE", ["irlandia"] = "IE", ["sweden"] = "SE", ["schweden"] = "SE", ["szwecja"] = "SE", ["norway"] = "NO", ["norwegen"] = "NO", ["norwegia"] = "NO",
        ["united states"] = "US", ["united states of america"] = "US", ["usa"] = "US", ["us"] = "US", ["vereinigte staaten"] = "US", ["stany zjednoczone"] = "US", ["canada"] = "CA", ["kanada"] = "CA",
        ["ukraine"] = "UA", ["ukraina"] = "UA", ["turkey"] = "TR", ["turkei"] = "TR", ["turcja"] = "TR", ["portugal"] = "PT", ["portugalia"] = "PT", ["finland"] = "FI", ["finnland"] = "FI", ["finlandia"] = "FI",
    }.ToFrozenDictionary();

    /// <returns>The code in capital letters; null where the text names no country that is known.</returns>
    public static string? Of(string text)
    {
        var name = FoldedText.Of(text);
        if (Names.TryGetValue(name, out var code)) return code;
        return name.Length == 2 && name.All(char.IsAsciiLetter) ? name.ToUpperInvariant() : null;
    }
}
