using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Tangent.Tests;

/// <summary>Every text a page names is there in every language, with the same placeholders.</summary>
public sealed partial class TextsTests
{
    private static readonly string[] Languages = ["", ".de", ".pl"];

    [Fact]
    public void Every_text_that_the_sources_name_exists()
    {
        var there = Stages().SelectMany(s => Read(s, "").Keys).ToHashSet(StringComparer.Ordinal);
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var file in Repository.Sources("src/Tangent", ".cs", ".razor"))
            missing.UnionWith(Key().Matches(Repository.Read(file)).Select(m => m.Groups[1].Value).Where(k => !k.EndsWith('.') && !there.Contains(k)));
        missing.ShouldBeEmpty();
        there.Count.ShouldBeGreaterThan(200);
    }

    [Fact]
    public void Every_language_has_every_text_with_the_same_placeholders()
    {
        var wrong = new List<string>();
        foreach (var stage in Stages())
        {
            var english = Read(stage, "");
            foreach (var language in Languages[1..])
            {
                var other = Read(stage, language);
                wrong.AddRange(english.Keys.Except(other.Keys).Select(k => $"{k} is missing in {language}"));
                wrong.AddRange(other.Keys.Except(english.Keys).Select(k => $"{k} is only in {language}"));
                wrong.AddRange(english.Keys.Intersect(other.Keys).Where(k => !Placeholders(english[k]).SetEquals(Placeholders(other[k]))).Select(k => $"{k} has other placeholders in {language}"));
                wrong.AddRange(other.Where(t => string.IsNullOrWhiteSpace(t.Value)).Select(t => $"{t.Key} is empty in {language}"));
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Words_that_follow_a_number_have_all_forms_of_their_language()
    {
        var wrong = new List<string>();
        foreach (var (stage, language) in from s in Stages() from l in Languages select (s, l))
        {
            foreach (var (key, text) in Read(stage, language))
                wrong.AddRange(Plural().Matches(text).Where(m => m.Groups[1].Value.Count(c => c == '|') + 1 is var forms && (language == ".pl" ? forms is not (3 or 4) : forms != 2)).Select(m => $"{key}{language}: {m.Value}"));
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void No_text_is_left_over()
    {
        var sources = string.Concat(Repository.Sources("src/Tangent", ".cs", ".razor").Select(Repository.Read));
        var made = Made().Matches(sources).Select(m => m.Groups[1].Value + m.Groups[2].Value).ToHashSet(StringComparer.Ordinal);
        Stages().SelectMany(s => Read(s, "").Keys)
            .Where(k => !sources.Contains($"\"{k}\"", StringComparison.Ordinal) && !made.Any(p => k.StartsWith(p, StringComparison.Ordinal))).ShouldBeEmpty();
    }

    private static IEnumerable<string> Stages() => Repository.Sources("src/Tangent", "/Texts.resx").Select(f => f.Split('/')[2]);

    private static Dictionary<string, string> Read(string stage, string language) =>
        XDocument.Load(Path.Combine(Repository.Root, "src/Tangent", stage, $"Texts{language}.resx")).Descendants("data")
            .ToDictionary(d => (string)d.Attribute("name")!, d => (string)d.Element("value")!, StringComparer.Ordinal);

    private static HashSet<string> Placeholders(string text) => [.. Placeholder().Matches(text).Select(m => m.Value)];

    [GeneratedRegex(@"\bT\(""((?:Access|Mail|Operate|Web|Map|Collect|Unify|Measure|Analyse)\.[\w.]+)""")]
    private static partial Regex Key();

    // Keys put together at run time: $"Map.Stage.{stage}", "Web.Nav." + name.
    [GeneratedRegex("\"((?:Access|Mail|Operate|Web|Map|Collect|Unify|Measure|Analyse)\\.(?:\\w+\\.)*\\w*)\\{|\"((?:Access|Mail|Operate|Web|Map|Collect|Unify|Measure|Analyse)\\.(?:\\w+\\.)+)\"")]
    private static partial Regex Made();

    [GeneratedRegex(@"\{\d+:([^}]*\|[^}]*)\}")]
    private static partial Regex Plural();

    [GeneratedRegex(@"\{\d+")]
    private static partial Regex Placeholder();
}
