using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Tangent.Tests;

/// <summary>docs/configuration.md is made from the options' comments. After a change: <c>TANGENT_UPDATE_DOCS=1 ./test --filter DocsTests</c>.</summary>
public sealed partial class ConfigurationDocsTests
{
    private const string Page = "docs/configuration.md";

    [Fact]
    public void The_configuration_page_says_what_the_options_say() => Docs.ShouldBeCurrent(Page, Render());

    private static string Render()
    {
        var comments = XDocument.Load(Path.ChangeExtension(typeof(global::Program).Assembly.Location, ".xml")).Descendants("member")
            .ToDictionary(m => (string)m.Attribute("name")!, m => m.Element("summary"));
        var text = new StringBuilder("""
            # Configuration

            Tangent runs without any configuration. Settings come, the later overruling the earlier, from `appsettings.json` beside the program,
            from environment variables (`TANGENT_Company__TimeZone=Europe/Vienna`) and from arguments of `tangent serve`
            (`tangent serve Company:TimeZone=Europe/Vienna`).


            """);
        foreach (var options in typeof(global::Program).Assembly.GetTypes().Where(t => t.GetField("Section", BindingFlags.Public | BindingFlags.Static) is not null).OrderBy(Section, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"## {Section(options)}\n\n{Summary(comments, "T:" + options.FullName)}\n\n| setting | default | meaning |\n| --- | --- | --- |\n");
            var defaults = Activator.CreateInstance(options)!;
            foreach (var p in options.GetProperties().Where(p => p.DeclaringType == options && (p.CanWrite || (p.PropertyType != typeof(string) && p.PropertyType.IsAssignableTo(typeof(IEnumerable))))).OrderBy(p => p.MetadataToken))
                text.Append(CultureInfo.InvariantCulture, $"| `{Section(options)}:{p.Name}` | {Value(p.GetValue(defaults))} | {Summary(comments, $"P:{options.FullName}.{p.Name}")} |\n");
            text.Append('\n');
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static string Section(Type options) => (string)options.GetField("Section")!.GetRawConstantValue()!;

    private static string Summary(Dictionary<string, XElement?> comments, string member)
    {
        comments.GetValueOrDefault(member).ShouldNotBeNull($"{member} has no comment");
        var inner = string.Concat(comments[member]!.Nodes().Select(n => n is XElement { Name.LocalName: "c" } code ? $"`{code.Value}`"
            : n is XElement see ? $"`{see.Attribute("cref")?.Value.Split('.')[^1]}`" : n.ToString()));
        return Blank().Replace(inner, " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
    }

    private static string Value(object? value) => value switch
    {
        null or "" => "(none)",
        string s => $"`{s}`",
        IReadOnlyDictionary<string, double> d => string.Join(", ", d.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => string.Create(CultureInfo.InvariantCulture, $"`{e.Key}={e.Value}`"))),
        IEnumerable list => string.Join(", ", list.Cast<object>().Select(i => $"`{i}`")),
        _ => $"`{Convert.ToString(value, CultureInfo.InvariantCulture)}`",
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();
}

internal static class Docs
{
    public static void ShouldBeCurrent(string page, string made)
    {
        var path = Path.Combine(Repository.Root, page);
        if (Environment.GetEnvironmentVariable("TANGENT_UPDATE_DOCS") == "1") File.WriteAllText(path, made);
        (File.Exists(path) ? File.ReadAllText(path) : "").ShouldBe(made, $"{page} is made by the tests: TANGENT_UPDATE_DOCS=1 ./test --filter DocsTests");
    }
}
