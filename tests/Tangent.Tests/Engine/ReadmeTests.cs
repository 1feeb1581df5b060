using System.Runtime.CompilerServices;
using Tangent.Engine;

namespace Tangent.Tests.Engine;

public sealed class ReadmeTests
{
    [Fact]
    public void The_program_of_the_readme_runs_and_prints_what_the_readme_says()
    {
        var folder = Path.Combine(Path.GetTempPath(), "tangent-readme-" + Guid.NewGuid().ToString("N"));
        var printed = new StringWriter();
        try
        {
            Program(folder, printed);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        var readme = Readme();
        readme.ShouldContain("```\n" + printed.ToString().ReplaceLineEndings("\n") + "```");
        readme.ShouldContain(string.Join('\n', Source().Select(line => line.Length > 8 ? line[8..] : "")));
    }

    private static void Program(string folder, TextWriter output)
    {
        // begin
        using var table = JourneyTable.Open(folder, propertyColumns: 0);
        ushort visit = 0, basket = 1, order = 2;
        (int Who, ushort What)[] seen = [(0, visit), (1, visit), (0, basket), (2, visit), (1, basket), (0, order)];
        for (var i = 0; i < seen.Length; i++) table.Append(new JourneyEvent(seen[i].Who, i * 60_000, seen[i].What, 0, 0, i), []);
        table.Assign(identity: 2, customer: 1);
        table.Compact(watermark: seen.Length);
        var question = new FunnelQuestion { TouchpointOfSignature = [0, 1, 2], Steps = [[visit], [basket], [order]] };
        foreach (var step in question.Ask(table.View()).Steps) output.WriteLine($"{step.Customers} customers, {step.Conversion * 100:F0} %");
        output.WriteLine(string.Join(", ", question.Customers(table.View(), step: 1, FunnelOutcome.Dropped).Customers));
        // end
    }

    private static IEnumerable<string> Source([CallerFilePath] string path = "") =>
        File.ReadLines(path).SkipWhile(line => line != "        // begin").Skip(1).TakeWhile(line => line != "        // end");

    private static string Readme([CallerFilePath] string path = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(path)!, "../../../src/Tangent.Engine/README.md"));
}
