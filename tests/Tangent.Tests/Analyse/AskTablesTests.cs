using Tangent.Cli;

namespace Tangent.Tests.Analyse;

/// <summary>Answers as tables, on screens of any width.</summary>
public sealed class AskTablesTests
{
    private static readonly string[] Columns = ["Touchpoint", "Quadrant", "Performance", "Reach"];
    private static readonly string[][] Rows = [["Pick-up call of the workshop", "fixNow", "71.25", "12.0 %"], ["Konfigurationsassistent", "watch (unsure)", "", "3.0 %"]];

    [Theory]
    [InlineData(null)]
    [InlineData(200)]
    [InlineData(66)]
    [InlineData(40)]
    [InlineData(20)]
    public void No_heading_and_no_name_is_cut_however_narrow_the_screen(int? width)
    {
        var to = new StringWriter();
        WideTable.Write(to, width, "Importance", Columns, Rows);
        var text = to.ToString();
        text.ShouldNotContain("…");
        // Where each row is a block, its name stands without a heading.
        foreach (var word in Columns.Skip(width is < 60 ? 1 : 0).Concat(Rows.SelectMany(r => r)).SelectMany(t => t.Split(' ', StringSplitOptions.RemoveEmptyEntries))) text.ShouldContain(word);
        if (width is > 60) text.Split('\n').Max(l => l.TrimEnd().Length).ShouldBeLessThanOrEqualTo(width.Value);
        if (width is null) text.ShouldContain("Pick-up call of the workshop");
    }

    [Fact]
    public async Task A_misspelt_option_of_serve_is_refused_and_not_taken_for_a_setting()
    {
        (await CommandLine.RunAsync(["serve", "--url", "http://127.0.0.1:1"])).ShouldBe(ExitCode.Usage);
        (await CommandLine.RunAsync(["serve", "--url=http://127.0.0.1:1"])).ShouldBe(ExitCode.Usage);
        (await CommandLine.RunAsync(["serve", "Company:TimeZone"])).ShouldBe(ExitCode.Usage);
        CommandLine.Create().Parse(["serve", "--urls", "http://127.0.0.1:1", "--Company:TimeZone=Europe/Vienna", "Mail:Host=localhost"]).Errors.ShouldBeEmpty();
    }
}
