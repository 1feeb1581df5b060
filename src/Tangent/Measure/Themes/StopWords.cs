using System.Collections.Frozen;

namespace Tangent.Measure;

/// <summary>Words that stand in every text of a language: they say nothing of what it is about, but which language it is in.</summary>
internal static class StopWords
{
    private static readonly FrozenDictionary<string, FrozenSet<string>> Known = new Dictionary<string, FrozenSet<string>>
    {
        ["en"] = Set("a about after again all also am an and any are as at be because been before being but by can could did do does doing don down for from had has have having he her here his how i if in into is it its just me more most my no nor not now of off on once only or other our out over own s same she should so some such t than that the their them then there these they this those through to too under until up very was we were what when where which while who why will with would you your"),
        ["de"] = Set("aber alle allem allen alles als also am an ander auch auf aus bei beim bin bis bist da dabei damit dann das dass dem den der des dich die dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen einer eines er es etwas euch für gegen habe haben hat hatte hätte hier hin hinter ich ihm ihn ihnen ihr ihre im in ins ist ja jede jedem jeden jeder jedes kann kein keine man mein meine meinem meinen meiner mich mir mit muss nach nicht nichts noch nun nur ob oder ohne sehr sein seine selbst sich sie sind so soll sonst über um und uns unser unter viel vom von vor war waren was weil weiter wenn werden wie wieder will wir wird wo würde zu zum zur zwar zwischen wurde"),
        ["pl"] = Set("a aby ale ani bardzo bez bo być był była było były będzie by choć co coś czy czyli dla do gdy gdzie go i ich ile im inny ja jak jako jakie je jednak jego jej jest jestem jeszcze jeśli już każdy kiedy która które którego której który którzy ku lub ma mają mam mi mnie może mój moja można my na nad nam nas nawet nic nie nich nim niż no o od on ona one oni ono oraz po pod poza przed przez przy są się skąd tak taki tam te tego tej ten też to trochę tu tutaj ty tych tylko tym u w wam was we więc wszystko z za ze że żeby"),
    }.ToFrozenDictionary();

    public static bool Has(string language, string word) => Known.TryGetValue(language, out var words) && words.Contains(word);

    /// <summary>The language that was said, else that of most of these words; empty where there are none, or as many of another.</summary>
    public static string LanguageOf(string said, string comment)
    {
        if (said.Length > 0) return said;
        var words = ThemeFinder.Words(comment).ToList();
        var (language, found) = Known.Select(k => (k.Key, Found: words.Count(k.Value.Contains))).MaxBy(k => k.Found);
        return found == 0 || Known.Any(k => k.Key != language && words.Count(k.Value.Contains) == found) ? "" : language;
    }

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
