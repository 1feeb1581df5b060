using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Tangent.Web;

/// <summary>Makes pages of Markdown. HTML in it stays text, so that a document can bring nothing into a page that the page does not allow.</summary>
internal static class ManualText
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseAutoIdentifiers(AutoIdentifierOptions.GitHub).DisableHtml().Build();

    /// <param name="name">Its address below <c>/docs/</c>.</param>
    /// <param name="language">The language it is written in.</param>
    /// <param name="markdown">The text.</param>
    /// <param name="files">All files of the documentation, <c>collect.md</c> or <c>images/paths.webp</c>, that links can lead to.</param>
    public static ManualPage Read(string name, string language, string markdown, IReadOnlySet<string> files)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        foreach (var link in document.Descendants<LinkInline>().ToList()) Aim(link, name, files);
        var title = document.OfType<HeadingBlock>().FirstOrDefault(h => h.Level == 1);
        var headings = document.OfType<HeadingBlock>().Where(h => h != title).ToList();
        var sections = new List<ManualSection> { new("", title is null ? name : Words(title), 1, Between(markdown, title?.Span.End + 1 ?? 0, headings.FirstOrDefault()?.Span.Start)) };
        for (var i = 0; i < headings.Count; i++)
            sections.Add(new ManualSection(headings[i].GetAttributes().Id ?? "", Words(headings[i]), headings[i].Level, Between(markdown, headings[i].Span.End + 1, headings.ElementAtOrDefault(i + 1)?.Span.Start)));
        if (title is not null) document.Remove(title);
        return new ManualPage(name, language, sections[0].Heading, Framed(document.ToHtml(Pipeline)), sections);
    }

    /// <summary>Leads a link between documents to the page of the document; one that leads nowhere here becomes plain text.</summary>
    private static void Aim(LinkInline link, string from, IReadOnlySet<string> files)
    {
        var url = link.Url ?? "";
        if (url.StartsWith('#') || url.StartsWith("https://", StringComparison.Ordinal) || url.StartsWith("http://", StringComparison.Ordinal)) return;
        var (path, anchor) = url.Split('#', 2) is [var before, var behind] ? (before, "#" + behind) : (url, "");
        var target = new Uri(new Uri("docs:///" + from), path).AbsolutePath.TrimStart('/');
        if (files.Contains(target)) link.Url = $"{Manual.Root}/{(target.EndsWith(".md", StringComparison.Ordinal) ? Manual.NameOf(target[..^3]).Name : target)}{anchor}";
        else if (files.Any(f => f.StartsWith(target.TrimEnd('/') + "/", StringComparison.Ordinal))) link.Url = Manual.Root;
        else link.ReplaceBy(new LiteralInline(string.Concat(link.Descendants<LiteralInline>().Select(l => l.Content.ToString()))));
    }

    private static string Words(HeadingBlock heading) =>
        string.Concat(heading.Inline!.Descendants().Select(i => i switch { LiteralInline l => l.Content.ToString(), CodeInline c => c.Content, _ => "" }));

    private static string Between(string markdown, int start, int? end)
    {
        var part = markdown[Math.Min(start, markdown.Length)..Math.Max(Math.Min(start, markdown.Length), end ?? markdown.Length)];
        return Markdown.ToPlainText(part, Pipeline).ReplaceLineEndings(" ").Trim();
    }

    /// <summary>What is wider than a phone scrolls by itself, also by keyboard.</summary>
    private static string Framed(string html) => html
        .Replace("<table>", "<div class=\"manual-wide\" tabindex=\"0\"><table class=\"table\">", StringComparison.Ordinal).Replace("</table>", "</table></div>", StringComparison.Ordinal)
        .Replace("<pre>", "<pre tabindex=\"0\">", StringComparison.Ordinal)
        // A long page has many pictures, and most readers come for one part of it.
        .Replace("<img ", "<img loading=\"lazy\" ", StringComparison.Ordinal);
}
