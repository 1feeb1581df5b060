using System.Reflection;
using System.Text.RegularExpressions;
using Tangent.Engine;

namespace Tangent.Tests;

/// <summary>The rules of the house (ARCHITECTURE.md), each a fact. Most read the sources: what a newcomer sees is what is checked.</summary>
public sealed partial class ArchitectureTests
{
    private const int MostLines = 400;
    private const int MostFilesInASlice = 10;

    private static readonly string[] Stages = ["Map", "Collect", "Unify", "Measure", "Analyse", "Act", "Improve"];
    private static readonly string[] Ground = ["Data", "Mail", "Web", "Access", "Operate"];
    private static readonly Assembly App = typeof(global::Program).Assembly;

    [Fact]
    public void The_engine_references_nothing_but_the_base_class_library() =>
        typeof(JourneyEvent).Assembly.GetReferencedAssemblies().Select(a => a.Name!)
            .ShouldAllBe(name => name.StartsWith("System.", StringComparison.Ordinal) || name == "netstandard");

    [Fact]
    public void Code_names_only_earlier_stages()
    {
        var wrong = new List<string>();
        foreach (var file in Repository.Sources("src/Tangent", ".cs", ".razor"))
        {
            var part = file.Split('/')[2];
            string[] forbidden = Array.IndexOf(Stages, part) is >= 0 and var stage ? Stages[(stage + 1)..] : Ground.Contains(part) ? Stages : [];
            wrong.AddRange(forbidden.Where(later => Regex.IsMatch(Code(file), $@"(\bTangent\.{later}\b|(?<![\w.]){later}\.[A-Z])")).Select(later => $"{file} names {later}"));
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Only_the_journey_store_touches_the_engine() =>
        Offenders(@"(using Tangent\.Engine|(?<![\w.])Engine\.[A-Z])", f => f.StartsWith("src/Tangent/Collect/JourneyStore/", StringComparison.Ordinal)).ShouldBeEmpty();

    [Fact]
    public void Only_queries_the_data_folder_and_the_event_log_touch_the_database() =>
        Offenders(@"\b(TangentDb|SqliteConnection|SqliteCommand|DbContext|FromSql\w*|ExecuteSql\w*)\b",
            f => f.EndsWith("Queries.cs", StringComparison.Ordinal) || f.EndsWith("Module.cs", StringComparison.Ordinal)
                || f.StartsWith("src/Tangent/Data/", StringComparison.Ordinal) || f.StartsWith("src/Tangent/Collect/EventLog/", StringComparison.Ordinal)).ShouldBeEmpty();

    [Fact]
    public void Company_settings_are_read_anew_each_time() => Offenders(@"\bIOptions<CompanyOptions>", _ => false).ShouldBeEmpty();

    [Fact]
    public void A_component_injects_nothing() => Offenders(@"(@inject\b|\[Inject\])", _ => false).ShouldBeEmpty();

    [Fact]
    public void Services_are_registered_in_modules_only() =>
        Offenders(@"\b(IServiceCollection|builder\.Services)\b", f => f.EndsWith("Module.cs", StringComparison.Ordinal) || f is "src/Tangent/Program.cs" or "src/Tangent/Web/WebHost.cs").ShouldBeEmpty();

    [Fact]
    public void An_interface_has_two_implementations()
    {
        var types = App.GetTypes();
        types.Where(t => t.IsInterface && !t.IsNested).Where(i => types.Count(t => !t.IsInterface && i.IsAssignableFrom(t)) < 2).Select(t => t.Name).ShouldBeEmpty();
    }

    [Fact]
    public void A_catch_names_what_it_expects_or_rethrows()
    {
        var wrong = new List<string>();
        foreach (var file in Repository.Sources("src", ".cs"))
            wrong.AddRange(CatchAll().Matches(Code(file)).Where(m => !m.Groups["body"].Value.Contains("throw;", StringComparison.Ordinal)).Select(m => $"{file}: {m.Value.Split('\n')[0].Trim()}"));
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Files_and_slices_stay_small()
    {
        var files = Repository.Sources("src", ".cs", ".razor", ".js", ".css").Concat(Repository.Sources("tests", ".cs")).ToList();
        files.Where(f => File.ReadLines(Path.Combine(Repository.Root, f)).Count() > MostLines).ShouldBeEmpty();
        files.Where(f => f.StartsWith("src/Tangent/", StringComparison.Ordinal) && f.Count(c => c == '/') == 4 && Stages.Contains(f.Split('/')[2]))
            .GroupBy(f => Path.GetDirectoryName(f)).Where(g => g.Count() > MostFilesInASlice).Select(g => $"{g.Key}: {g.Count()} files").ShouldBeEmpty();
    }

    [Fact]
    public void Names_are_of_the_domain()
    {
        string[] folders = ["Shared", "Common", "Core", "Helpers", "Utils", "Services", "Models"];
        Repository.Sources("src").Where(f => f.Split('/').Intersect(folders).Any()).ShouldBeEmpty();
        App.GetTypes().Concat(typeof(JourneyEvent).Assembly.GetTypes()).Where(t => !t.Name.Contains('<', StringComparison.Ordinal))
            .Where(t => BadSuffix().IsMatch(t.Name)).Select(t => t.FullName).ShouldBeEmpty();
    }

    [Fact]
    public void A_namespace_is_the_part_that_the_file_lies_in()
    {
        var wrong = Repository.Sources("src/Tangent", ".cs")
            .Where(f => f.Count(c => c == '/') > 2)
            .Where(f => Regex.Match(Repository.Read(f), @"^namespace ([\w.]+);", RegexOptions.Multiline) is { Success: true } m && m.Groups[1].Value != "Tangent." + f.Split('/')[2]);
        wrong.ShouldBeEmpty();
    }

    private static IEnumerable<string> Offenders(string pattern, Func<string, bool> allowed) =>
        Repository.Sources("src/Tangent", ".cs", ".razor").Where(f => !allowed(f) && Regex.IsMatch(Code(f), pattern));

    /// <summary>A source without its comments and texts.</summary>
    private static string Code(string file) => CommentOrText().Replace(Repository.Read(file), "\"\"");

    [GeneratedRegex(@"//[^\n]*|""(?:[^""\\\n]|\\.)*""")]
    private static partial Regex CommentOrText();

    [GeneratedRegex(@"catch\s*(\((System\.)?Exception(\s+\w+)?\)\s*)?\{(?<body>[^}]*)\}")]
    private static partial Regex CatchAll();

    [GeneratedRegex("(Manager|Helper|Dto|Impl|Service)$")]
    private static partial Regex BadSuffix();
}
