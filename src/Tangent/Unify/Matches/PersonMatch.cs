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
/// <param name="LeftOut">Columns that were too many to be compared.</param>
/// <param name="Seconds">Time taken.</param>
public sealed record MatchReport(int Rows, int Persons, int Duplicates, long PairsCompared, IReadOnlyList<MatchedColumn> Columns, IReadOnlyList<string> LeftOut, double Seconds);

/// <summary>Matches the persons of one or several files (linking), without keeping anything of them.</summary>
internal sealed class PersonMatch(DataFolder folder) : IDisposable
{
    // Matching takes all processors and much memory: one after the other.
    private readonly SemaphoreSlim _turn = new(1);
    private int _files;

    /// <summary>Where a sent file can lie while it is matched; <see cref="Forget"/> removes it.</summary>
    public string NewPath()
    {
        Directory.CreateDirectory(folder.Imports);
        return Path.Combine(folder.Imports, $"match-{Interlocked.Increment(ref _files)}.part");
    }

    public void Dispose() => _turn.Dispose();

    public static void Forget(IEnumerable<string> paths)
    {
        foreach (var path in paths) File.Delete(path);
    }

    /// <param name="paths">CSV files.</param>
    /// <param name="options">What is asked.</param>
    /// <param name="ct">Ends waiting, reading and comparing.</param>
    /// <exception cref="FileRefusedException">A file cannot be read, or what was asked does not fit them.</exception>
    public async Task<(PersonFiles Files, MatchResult Result, MatchReport Report)> RunAsync(IReadOnlyList<string> paths, MatchOptions options, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            return await Task.Run(() => Run(paths, options, ct), ct);
        }
        finally
        {
            _turn.Release();
        }
    }

    private static (PersonFiles Files, MatchResult Result, MatchReport Report) Run(IReadOnlyList<string> paths, MatchOptions options, CancellationToken ct)
    {
        var began = System.Diagnostics.Stopwatch.StartNew();
        var files = new PersonFiles(options.Ignore);
        for (var i = 0; i < paths.Count; i++) files.Read(new ImportFile(paths[i]), i + 1, ct);
        if (files.NotFound is { Count: > 0 } unknown) throw new FileRefusedException($"No file has a column {unknown.First()}, which is to be left out.");
        var table = files.Table(options.Country);
        if (table.Columns.Length == 0) throw new FileRefusedException("No column says who a person is.");
        var result = PersonMatcher.Match(table, options.Sure, ct);
        return (files, result, Report(table, result, files.LeftOut, began.Elapsed.TotalSeconds));
    }

    private static MatchReport Report(PersonTable table, MatchResult result, IReadOnlyList<string> leftOut, double seconds)
    {
        var persons = result.Cluster.Where((c, row) => c == row).Count();
        var columns = table.Columns.Select((c, i) => new MatchedColumn(
            c.Name, c.Kind.ToString(), Math.Round(result.Weights.Same[i][Agreement.Equal], 4), Math.Round(result.Weights.Other[i][Agreement.Equal], 6), Math.Round(result.Weights.Of(i, Agreement.Equal), 2)));
        return new MatchReport(table.Count, persons, table.Count - persons, result.Blocking.Passes.Sum(p => p.Pairs), [.. columns], leftOut, Math.Round(seconds, 2));
    }
}

/// <summary>What is asked of a match.</summary>
/// <param name="Ignore">Headers of columns that are left out.</param>
/// <param name="Country">ISO code of the country of telephone numbers without calling code.</param>
/// <param name="Sure">Probability from which on two rows are one person, above 0.5 and below 1.</param>
internal sealed record MatchOptions(IReadOnlyList<string> Ignore, string Country, double Sure);
