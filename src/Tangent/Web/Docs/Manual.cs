using System.Globalization;
using System.Reflection;

namespace Tangent.Web;

/// <summary>The documentation: the files of <c>docs/</c>, which lie in the program, as pages that can be searched.</summary>
internal sealed class Manual
{
    public const string Root = "/docs";
    private const string Prefix = "docs/";
    private const int MostHits = 20;
    private const int ExcerptLength = 180;

    private static readonly Assembly Here = typeof(Manual).Assembly;
    private static readonly string[] Start = ["start/cx-manager", "start/analyst", "start/service-agent", "start/employee", "start/engineer"];
    private static readonly string[] Reference = ["api", "cli", "configuration", "rights", "performance", "demo"];

    private readonly Lazy<Dictionary<string, ManualPage>> _pages = new(ReadAll);

    /// <summary>Every page in every language, by name and language (<c>start/analyst.de</c>); without a language in English.</summary>
    public IReadOnlyDictionary<string, ManualPage> Pages => _pages.Value;

    /// <summary>The page in the reader's language where there is one, else in English.</summary>
    public ManualPage? Find(string name) =>
        Pages.GetValueOrDefault($"{name}.{CultureInfo.CurrentUICulture.TwoLetterISOLanguageName}") ?? (name.Contains('.', StringComparison.Ordinal) ? null : Pages.GetValueOrDefault(name));

    public IReadOnlyList<ManualGroup> Groups()
    {
        var rest = Pages.Values.Where(p => p.Language == "en" && !Start.Contains(p.Name) && !Reference.Contains(p.Name)).ToLookup(p => p.Name.StartsWith("adr/", StringComparison.Ordinal));
        return
        [
            new("Web.Docs.Start", [.. Start.Select(Find).OfType<ManualPage>()]),
            new("Web.Docs.Subjects", [.. rest[false].OrderBy(p => p.Title, StringComparer.Ordinal)]),
            new("Web.Docs.Reference", [.. Reference.Select(Find).OfType<ManualPage>()]),
            new("Web.Docs.Decisions", [.. rest[true].OrderBy(p => p.Name, StringComparer.Ordinal)]),
        ];
    }

    /// <summary>Sections in which every word occurs; those with it in a heading first.</summary>
    public IReadOnlyList<ManualHit> Search(string text)
    {
        var words = FoldedText.Of(text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0) return [];
        return [.. Groups().SelectMany(g => g.Pages).SelectMany(p => p.Sections.Select(s => (Page: p, Section: s, Score: Score(p, s, words))))
            .Where(h => h.Score > 0).OrderByDescending(h => h.Score).Take(MostHits)
            .Select(h => new ManualHit(h.Page, h.Section, Excerpt(h.Section, words)))];
    }

    /// <returns>Null where there is no such file.</returns>
    public static Stream? Picture(string file) => Here.GetManifestResourceStream($"{Prefix}images/{file}");

    /// <summary>The page's address, which is the same in every language, and its language.</summary>
    public static (string Name, string Language) NameOf(string full) =>
        full.EndsWith(".de", StringComparison.Ordinal) || full.EndsWith(".pl", StringComparison.Ordinal) ? (full[..^3], full[^2..]) : (full, "en");

    private static int Score(ManualPage page, ManualSection section, string[] words)
    {
        var (title, heading, text) = (page.Sections[0].FoldedHeading, section.FoldedHeading, section.FoldedWords);
        var score = 0;
        foreach (var word in words)
        {
            var found = (heading.Contains(word, StringComparison.Ordinal) ? 10 : 0) + (text.Contains(word, StringComparison.Ordinal) ? 2 : 0);
            if (found == 0) return 0;
            score += found + (title.Contains(word, StringComparison.Ordinal) ? 3 : 0);
        }

        return score;
    }

    private static string Excerpt(ManualSection section, string[] words)
    {
        var (text, folded) = (section.Text, section.FoldedWords);
        var found = words.Select(w => folded.IndexOf(w, StringComparison.Ordinal)).Where(i => i >= 0).DefaultIfEmpty(0).Min();
        // Folding lengthens the text by a letter here and there.
        var at = folded.Length == 0 ? 0 : (int)((long)found * text.Length / folded.Length);
        var begin = Math.Max(0, at - ExcerptLength / 3);
        var end = Math.Min(text.Length, begin + ExcerptLength);
        return $"{(begin > 0 ? "… " : "")}{text[begin..end]}{(end < text.Length ? " …" : "")}";
    }

    private static Dictionary<string, ManualPage> ReadAll()
    {
        var files = Here.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Select(n => n[Prefix.Length..]).ToHashSet(StringComparer.Ordinal);
        var pages = new Dictionary<string, ManualPage>(StringComparer.Ordinal);
        foreach (var file in files.Where(f => f.EndsWith(".md", StringComparison.Ordinal)))
        {
            var full = file[..^3];
            var (name, language) = NameOf(full);
            using var reader = new StreamReader(Here.GetManifestResourceStream(Prefix + file)!);
            pages[full] = ManualText.Read(name, language, reader.ReadToEnd(), files);
        }

        return pages;
    }
}
