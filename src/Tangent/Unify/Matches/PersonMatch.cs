using Tangent.Collect;
using Tangent.Data;

namespace Tangent.Unify;

/// <summary>How a column of matched files was understood and what it says.</summary>
/// <param name="Name">Its header.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Equal">Share of rows that are one person and agree in it (m); among rows with a value.</param>
/// <param name="ByChance">Share of rows that are two persons and agree in it all the same (u).</param>
/// <param name="Weight">What agreeing is worth, in bits.</param>
public sealed record MatchedColumn(string Name, string Kind, double Equal, double ByChance, double Weight);

/// <param name="Rows">Rows read.</param>
/// <param name="Persons">Persons found in them.</param>
/// <param name="Duplicates">Rows that are a person who stands in an earlier row.</param>
/// <param name="PairsCompared">Pairs of rows compared.</param>
/// <param name="Columns">The columns used.</param>
/// <param name="Seconds">Time taken.</param>
public sealed record MatchReport(int Rows, int Persons, int Duplicates, long PairsCompared, IReadOnlyList<MatchedColumn> Columns, double Seconds);

/// <summary>Matches the persons of one or several files (linking), without keeping anything of them.</summary>
internal sealed class PersonMatch(DataFolder folder)
{
    /// <summary>Rows that fit into memory with all that matching needs of them.</summary>
    private const int MostRows = 5_000_000;

    private static int _runs;

    /// <summary>Takes a sent file where it can be read several times; <see cref="Forget"/> removes it.</summary>
    /// <returns>Its path; null where it is larger than an import may be.</returns>
    public async Task<string?> SaveAsync(Stream body, CancellationToken ct)
    {
        Directory.CreateDirectory(folder.Imports);
        var path = Path.Combine(folder.Imports, $"match-{Interlocked.Increment(ref _runs)}.part");
        if (await ImportUpload.SaveAsync(body, path, _ => { }, ct) >= 0) return path;
        File.Delete(path);
        return null;
    }

    public static void Forget(IEnumerable<string> paths)
    {
        foreach (var path in paths) File.Delete(path);
    }

    /// <param name="paths">CSV files.</param>
    /// <param name="options">What is asked.</param>
    /// <exception cref="FileRefusedException">A file cannot be read, or what was asked does not fit them.</exception>
    public static (PersonFiles Files, MatchResult Result, MatchReport Report) Run(IReadOnlyList<string> paths, MatchOptions options)
    {
        var began = System.Diagnostics.Stopwatch.StartNew();
        var files = new PersonFiles(options.Ignore);
        for (var i = 0; i < paths.Count; i++)
        {
            files.Read(new ImportFile(paths[i]), i + 1);
            if (files.Rows.Count > MostRows) throw new FileRefusedException($"The files have more than {MostRows} rows.");
        }

        if (files.NotFound is { Count: > 0 } unknown) throw new FileRefusedException($"No file has a column {unknown.First()}, which is to be left out.");
        var table = files.Table(options.Country);
        if (table.Columns.Length == 0) throw new FileRefusedException("No column says who a person is.");
        var result = PersonMatcher.Match(table, options.Sure);
        return (files, result, Report(table, result, began.Elapsed.TotalSeconds));
    }

    private static MatchReport Report(PersonTable table, MatchResult result, double seconds)
    {
        var persons = result.Cluster.Where((c, row) => c == row).Count();
        var columns = table.Columns.Select((c, i) => new MatchedColumn(
            c.Name, c.Kind.ToString(), Math.Round(result.Weights.Same[i][Agreement.Equal], 4), Math.Round(result.Weights.Other[i][Agreement.Equal], 6), Math.Round(result.Weights.Of(i, Agreement.Equal), 2)));
        return new MatchReport(table.Count, persons, table.Count - persons, result.Blocking.Passes.Sum(p => p.Pairs), [.. columns], Math.Round(seconds, 2));
    }
}

/// <summary>What is asked of a match.</summary>
/// <param name="Ignore">Headers of columns that are left out.</param>
/// <param name="Country">ISO code of the country of telephone numbers without calling code.</param>
/// <param name="Sure">Probability from which on two rows are one person, above 0.5 and below 1.</param>
internal sealed record MatchOptions(IReadOnlyList<string> Ignore, string Country, double Sure);
