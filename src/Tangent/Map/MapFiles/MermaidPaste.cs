namespace Tangent.Map;

/// <summary>A Mermaid diagram as people paste it, without what stands around it: the fence of Markdown, front matter, and a description for screen readers.</summary>
/// <param name="Lines">All lines, those of no use here empty: every line keeps its number.</param>
/// <param name="Title">What front matter calls it; empty for nothing.</param>
internal sealed record MermaidPaste(IReadOnlyList<string> Lines, string Title)
{
    private const string Fence = "```", FrontMatter = "---", Description = "accDescr";

    /// <summary>The first line that says something, with its number from 1.</summary>
    public (string Line, int Number) First => Next(Lines, 0) is >= 0 and var at ? (Lines[at].Trim(), at + 1) : ("", 1);

    public static MermaidPaste Of(string text)
    {
        string[] lines = [.. text.Split('\n').Select(l => l.TrimEnd('\r'))];
        if (Next(lines, 0) is >= 0 and var at && lines[at].Trim() is var opened && opened.StartsWith(Fence, StringComparison.Ordinal) && opened[Fence.Length..].Trim() == "mermaid")
        {
            lines[at] = "";
            var end = Array.FindIndex(lines, l => l.Trim() == Fence);
            if (end >= 0) lines[end] = "";
        }

        var title = TakeFrontMatter(lines);
        TakeDescription(lines);
        return new MermaidPaste(lines, title);
    }

    /// <summary>Three hyphens begin YAML, too: they are front matter where a diagram follows it.</summary>
    private static string TakeFrontMatter(string[] lines)
    {
        var start = Next(lines, 0);
        if (start < 0 || lines[start].Trim() != FrontMatter) return "";
        var end = Array.FindIndex(lines, start + 1, l => l.Trim() == FrontMatter);
        var first = end < 0 ? -1 : Next(lines, end + 1);
        if (first < 0 || !(MapMermaid.IsJourney(lines[first].Trim()) || MapMermaid.OtherDiagram(lines[first].Trim()) is not null)) return "";
        var title = lines[start..end].FirstOrDefault(l => l.StartsWith("title:", StringComparison.Ordinal))?["title:".Length..].Trim() ?? "";
        Array.Fill(lines, "", start, end - start + 1);
        return title.Length > 1 && title[0] is '"' or '\'' && title[0] == title[^1] ? title[1..^1] : title;
    }

    /// <summary>A description in braces may have several lines.</summary>
    private static void TakeDescription(string[] lines)
    {
        for (var at = 0; at < lines.Length; at++)
        {
            var line = lines[at].Trim();
            if (!line.StartsWith(Description, StringComparison.Ordinal) || !line[Description.Length..].TrimStart().StartsWith('{')) continue;
            var end = Array.FindIndex(lines, at, l => l.Contains('}'));
            if (end >= 0) Array.Fill(lines, "", at, end - at + 1);
        }
    }

    private static int Next(IReadOnlyList<string> lines, int from)
    {
        for (var at = from; at < lines.Count; at++)
            if (lines[at].Trim() is { Length: > 0 } line && !line.StartsWith("%%", StringComparison.Ordinal)) return at;
        return -1;
    }
}
