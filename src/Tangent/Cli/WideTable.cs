using System.Globalization;
using Spectre.Console;

namespace Tangent.Cli;

/// <summary>A table as wide as the screen: columns wrap between words, and where not even the longest words fit beside each other each row becomes a block, so that no name is cut.</summary>
internal static class WideTable
{
    // An edge, and two spaces and a line between columns.
    private const int Between = 3;
    private const int Indent = 2;

    /// <param name="title">Null for none.</param>
    /// <param name="columns">The headings.</param>
    /// <param name="rows">The cells of each row.</param>
    public static void Write(string? title, string[] columns, IReadOnlyList<string[]> rows) => Write(Console.Out, Width(), title, columns, rows);

    /// <param name="to">Where it goes.</param>
    /// <param name="width">Characters of a line; null where a line has no end.</param>
    public static void Write(TextWriter to, int? width, string? title, string[] columns, IReadOnlyList<string[]> rows)
    {
        int[] least = [.. columns.Select((c, i) => rows.Select(r => r[i]).Append(c).Max(LongestWord))];
        var edges = (Between * columns.Length) + 1;
        if (width is { } screen && least.Sum() + edges > screen)
        {
            WriteBlocks(to, title, columns, rows);
            return;
        }

        int[] widths = [.. columns.Select((c, i) => rows.Select(r => r[i]).Append(c).Max(t => t.Length))];
        var room = (width ?? int.MaxValue) - edges;
        while (widths.Sum() > room) widths[Widest(widths, least)]--;
        var table = new Table { Border = TableBorder.Simple };
        if (title is not null) table.Title = new TableTitle(Markup.Escape(title), Style.Plain);
        for (var i = 0; i < columns.Length; i++) table.AddColumn(new TableColumn(Markup.Escape(columns[i])) { Width = Math.Max(1, widths[i]) });
        foreach (var row in rows) table.AddRow([.. row.Select(Markup.Escape)]);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(to) });
        console.Profile.Width = Math.Max(widths.Sum() + edges, Math.Max(title?.Length ?? 0, 80));
        console.Write(table);
    }

    /// <summary>COLUMNS where it is set, else that of the screen; null where the output goes to a file or another program, which has no edge.</summary>
    private static int? Width() =>
        int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var columns) && columns > 0 ? columns
            : Console.IsOutputRedirected ? null : Math.Max(20, Console.WindowWidth);

    private static int Widest(int[] widths, int[] least)
    {
        var widest = -1;
        for (var i = 0; i < widths.Length; i++)
            if (widths[i] > least[i] && (widest < 0 || widths[i] > widths[widest])) widest = i;
        return widest;
    }

    private static int LongestWord(string text) => text.Split((char[]?)null).Max(w => w.Length);

    private static void WriteBlocks(TextWriter to, string? title, string[] columns, IReadOnlyList<string[]> rows)
    {
        to.WriteLine();
        if (title is not null) to.WriteLine(title);
        var heading = columns.Max(c => c.Length);
        foreach (var row in rows)
        {
            for (var i = 0; i < columns.Length; i++)
                if (row[i].Length > 0) to.WriteLine(i == 0 ? row[i] : $"{new string(' ', Indent)}{columns[i].PadRight(heading)}  {row[i]}");
            to.WriteLine();
        }
    }
}
