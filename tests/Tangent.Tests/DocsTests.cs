using System.Text.RegularExpressions;
using Tangent.Cli;

namespace Tangent.Tests;

/// <summary>What the documents name is there.</summary>
public sealed partial class DocsTests
{
    private static IEnumerable<string> Pages() =>
        Directory.EnumerateFiles(Repository.Root, "*.md").Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories));

    [Fact]
    public void Links_between_documents_lead_somewhere()
    {
        var broken = new List<string>();
        foreach (var page in Pages())
        {
            foreach (Match link in Link().Matches(File.ReadAllText(page)))
            {
                var target = link.Groups[1].Value.Split('#')[0];
                if (target.Length == 0 || target.Contains("://", StringComparison.Ordinal)) continue;
                var path = Path.Combine(Path.GetDirectoryName(page)!, target);
                if (!File.Exists(path) && !Directory.Exists(path)) broken.Add($"{Path.GetFileName(page)}: {target}");
            }
        }

        broken.ShouldBeEmpty();
    }

    [Fact]
    public void Folders_that_the_architecture_names_exist()
    {
        var named = Folder().Matches(Repository.Read("ARCHITECTURE.md")).Select(m => m.Groups[1].Value).Distinct().ToList();
        named.Count.ShouldBeGreaterThan(8);
        named.Where(f => !Directory.Exists(Path.Combine(Repository.Root, "src/Tangent", f)) && !File.Exists(Path.Combine(Repository.Root, "src/Tangent", f + ".cs"))).ShouldBeEmpty();
    }

    [Fact]
    public void Commands_in_the_documents_are_understood()
    {
        var root = CommandLine.Create();
        var wrong = new List<string>();
        foreach (var page in Pages())
        {
            foreach (Match line in Command().Matches(File.ReadAllText(page)))
            {
                var parsed = root.Parse(Arguments(line.Groups[1].Value));
                if (parsed.Errors.Count > 0) wrong.Add($"{Path.GetFileName(page)}: {line.Value}: {parsed.Errors[0].Message}");
            }
        }

        wrong.ShouldBeEmpty();
    }

    private static string[] Arguments(string line) => [.. Argument().Matches(line.Split(" #")[0]).Select(m => m.Value.Trim('"', '\''))];

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`((?:Cli|Data|Mail|Operate|Web|Access|Map|Collect|Unify|Measure|Analyse)(?:/[A-Za-z]+)+)`")]
    private static partial Regex Folder();

    [GeneratedRegex(@"^(?:\$ )?\./tangent +([^\n]*)$", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex("\"[^\"]*\"|'[^']*'|\\S+")]
    private static partial Regex Argument();
}
