using Tangent.Collect;
using Tangent.Data;

namespace Tangent.Unify;

/// <summary>How a column of matched files was understood and what it says.</summary>
/// <param name="Name">Its header.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Equal">Share of rows that are one person and agree in it (m); among rows with a value; not learned where rules decide, nor where the column follows from another.</param>
/// <param name="ByChance">Share of rows that are two persons and agree in it all the same (u).</param>
/// <param name="Weight">What agreeing is worth, in bits.</param>
/// <param name="FollowsFrom">The column that implies it, as the postcode does the town; then it has no worth of its own.</param>
public sealed record MatchedColumn(string Name, string Kind, double? Equal, double? ByChance, double? Weight, string? FollowsFrom = null);

/// <param name="Rows">Rows read.</param>
/// <param name="Persons">Persons found in them.</param>
/// <param name="Duplicates">Rows that are a person who stands in an earlier row.</param>
/// <param name="Largest">Rows of the person with the most: far more than a person can have say that rows were chained together.</param>
/// <param name="PairsCompared">Pairs of rows compared.</param>
/// <param name="Columns">The columns used.</param>
/// <param name="LeftOut">Columns that were too many to be compared.</param>
/// <param name="Rules">The rules of a rules file, in their order; empty where matching was automatic.</param>
/// <param name="Seconds">Time taken.</param>
public sealed record MatchReport(
    int Rows, int Persons, int Duplicates, int Largest, long PairsCompared, IReadOnlyList<MatchedColumn> Columns, IReadOnlyList<string> LeftOut, IReadOnlyList<RuleReport> Rules, double Seconds);

/// <summary>Who is who in the files: person and probability of each row.</summary>
internal sealed record MatchAnswer(PersonFiles Files, int[] Cluster, double[] Probability, MatchReport Report);

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

    /// <summary>Waits until nothing else is matched, and keeps others waiting.</summary>
    public async Task<T> InTurnAsync<T>(Func<T> match, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            return await Task.Run(match, ct);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <param name="paths">CSV files.</param>
    /// <param name="options">What is asked.</param>
    /// <param name="ct">Ends waiting, reading and comparing.</param>
    /// <exception cref="FileRefusedException">A file cannot be read, or what was asked does not fit them.</exception>
    public Task<MatchAnswer> RunAsync(IReadOnlyList<string> paths, MatchOptions options, CancellationToken ct) => InTurnAsync(() => Run(paths, options, ct), ct);

    private static MatchAnswer Run(IReadOnlyList<string> paths, MatchOptions options, CancellationToken ct)
    {
        var began = System.Diagnostics.Stopwatch.StartNew();
        var files = new PersonFiles(options.Ignore);
        for (var i = 0; i < paths.Count; i++) files.Read(new ImportFile(paths[i]), i + 1, ct);
        if (files.NotFound is { Count: > 0 } unknown) throw new FileRefusedException($"No file has a column {unknown.First()}, which is to be left out.");
        var table = files.Table(options.Country, options.Rules);
        if (table.Columns.Length == 0) throw new FileRefusedException("No column says who a person is.");
        var known = files.Known(options.Rules);
        var report = new MatchReport(table.Count, 0, 0, 0, 0, [], files.LeftOut, [], 0);
        int[] cluster;
        double[] probability;
        if (options.Rules.Rules.Length > 0)
        {
            var found = new RuleMatcher(table, options.Rules, known, ct).Match();
            (cluster, probability) = (found.Cluster, found.Likeness);
            report = report with { Columns = [.. table.Columns.Select(c => new MatchedColumn(c.Name, c.Kind.ToString(), null, null, null))], PairsCompared = found.Compared, Rules = found.Rules };
        }
        else
        {
            var found = PersonMatcher.Match(table, options.Sure, known, ct);
            (cluster, probability) = (found.Cluster, found.Probability);
            report = report with { Columns = [.. table.Columns.Select((_, i) => Learned(table, i, found.Weights))], PairsCompared = found.Blocking.Passes.Sum(p => p.Pairs) };
        }

        var persons = cluster.Where((c, row) => c == row).Count();
        return new MatchAnswer(files, cluster, probability, report with { Persons = persons, Duplicates = table.Count - persons, Largest = cluster.Length == 0 ? 0 : cluster.CountBy(c => c).Max(c => c.Value), Seconds = Math.Round(began.Elapsed.TotalSeconds, 2) });
    }

    /// <summary>What a column was found to be worth, or what it follows from: of the pairs that agree in it, those that agree in the other were not learned from.</summary>
    public static MatchedColumn Learned(PersonTable table, int at, MatchWeights weights)
    {
        var column = table.Columns[at];
        return table.ImpliedBy[at] is [var by, ..]
            ? new(column.Name, column.Kind.ToString(), null, null, null, table.Columns[by].Name)
            : new(column.Name, column.Kind.ToString(), Math.Round(weights.Same[at][Agreement.Equal], 4), Math.Round(weights.Other[at][Agreement.Equal], 6), Math.Round(weights.Of(at, Agreement.Equal), 2));
    }
}

/// <summary>What is asked of a match.</summary>
/// <param name="Ignore">Headers of columns that are left out.</param>
/// <param name="Country">ISO code of the country of telephone numbers without calling code.</param>
/// <param name="Sure">Probability from which on two rows are one person, above 0.5 and below 1.</param>
/// <param name="Rules">Rules and lists; matching is automatic where there are no rules.</param>
internal sealed record MatchOptions(IReadOnlyList<string> Ignore, string Country, double Sure, MatchRules Rules);
