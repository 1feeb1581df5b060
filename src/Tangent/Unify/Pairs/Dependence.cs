using System.Runtime.InteropServices;

namespace Tangent.Unify;

/// <summary>
/// Finds columns that say the same twice: whoever shares the postcode shares the town. Both together would count as two pieces of evidence,
/// and strangers from one town would pass for one person.
/// </summary>
internal static class Dependence
{
    private const int Sampled = 100_000;

    /// <summary>Values of fewer rows may be shared by rows of one person, who shares everything.</summary>
    private const int LeastRows = 20;
    private const double LeastPairs = 100;

    /// <summary>Share of those who agree in the one column that agree in the other too, from which on the other is implied.</summary>
    private const double Implied = 0.5;

    /// <returns>For each column those that imply it; of two that imply each other, the one with more values does. That with the most values first.</returns>
    public static int[][] Of(IReadOnlyList<PersonColumn> columns, int rows)
    {
        var result = new int[columns.Count][];
        for (var c = 0; c < result.Length; c++)
        {
            var column = c;
            result[c] = [.. Enumerable.Range(0, columns.Count).Where(other => other != column && IsFiner(columns, other, column) && IsImplied(columns[column], columns[other], rows)).OrderByDescending(other => columns[other].Distinct)];
        }

        return result;
    }

    private static bool IsFiner(IReadOnlyList<PersonColumn> columns, int a, int b) =>
        columns[a].Distinct > columns[b].Distinct || (columns[a].Distinct == columns[b].Distinct && a < b);

    private static bool IsImplied(PersonColumn column, PersonColumn by, int rows)
    {
        var both = new Dictionary<long, int>();
        var one = new Dictionary<int, int>();
        var all = new Dictionary<int, int>();
        var filled = 0;
        var step = Math.Max(1, rows / Sampled);
        for (var row = 0; row < rows; row += step)
        {
            var (value, with) = (column.Rows[row], by.Rows[row]);
            if (value < 0 || with < 0) continue;
            filled++;
            CollectionsMarshal.GetValueRefOrAddDefault(both, ((long)with << 32) | (uint)value, out _)++;
            CollectionsMarshal.GetValueRefOrAddDefault(one, with, out _)++;
            CollectionsMarshal.GetValueRefOrAddDefault(all, value, out _)++;
        }

        static double Pairs(double n) => n * (n - 1) / 2;
        var shared = one.Where(o => o.Value >= LeastRows).Sum(o => Pairs(o.Value));
        if (shared < LeastPairs) return false;
        var agree = both.Where(b => one[(int)(b.Key >> 32)] >= LeastRows).Sum(b => Pairs(b.Value)) / shared;
        // A column in which most agree anyway is not implied by another.
        return agree >= Implied && agree >= 2 * all.Values.Sum(n => Pairs(n)) / Pairs(Math.Max(2, filled));
    }
}
