using System.Runtime.InteropServices;

namespace Tangent.Unify;

/// <summary>What the last search learned, without the persons it learned from: enough to give a pair of which one comes later the weight that the search would give it.</summary>
internal sealed class LearnedMatch
{
    /// <summary>The columns, without rows: what they hold and how their values are read.</summary>
    private readonly PersonColumn[] _columns;
    private readonly MatchWeights _weights;
    private readonly int[][] _impliedBy;
    private readonly double[][] _given;
    private readonly double[] _alone;
    private readonly int[] _order;

    /// <summary>By column, the values that two or more persons have: hash and share.</summary>
    private readonly (ulong[] Hashes, double[] Shares)[] _shares;

    public LearnedMatch(PersonTable table, MatchResult found)
    {
        _columns = [.. table.Columns.Select(c => PersonColumn.OfNormal(c.Name, c.Kind, c.Order, []))];
        (_weights, _impliedBy, _given, _alone) = (found.Weights.ForNewcomers([.. table.Columns.Select(c => c.Kind)]), table.ImpliedBy, found.People.Given, found.People.Alone);
        _order = [.. new PairScore(table, _weights, found.People).Order];
        _shares = [.. table.Columns.Select((column, c) => Shared(column, found.People.Shares[c], _alone[c]))];
        Ways = [.. found.Blocking.Passes.Select(p => p.Way)];
    }

    public IReadOnlyList<BlockingWay> Ways { get; }

    /// <summary>Bits with which any pair begins.</summary>
    public double Start => _weights.Start;

    /// <summary>A person's values in the form in which they are compared, by column; empty where there is none.</summary>
    public string[] Brought(IReadOnlyDictionary<string, string> values, string country) =>
        [.. _columns.Select(c => values.TryGetValue(c.Name, out var text) ? c.Brought(text, country) : "")];

    public PersonTable Table(IReadOnlyList<string[]> rows) =>
        new([.. _columns.Select((column, c) => PersonColumn.OfNormal(column.Name, column.Kind, column.Order, [.. rows.Select(r => r[c])]))], rows.Count, _impliedBy);

    /// <summary>Weighs the first row of a table against the others.</summary>
    public PairScore Score(PersonTable table)
    {
        var shares = new double[_columns.Length];
        for (var c = 0; c < shares.Length; c++)
        {
            shares[c] = _alone[c];
            if (table.Columns[c].Rows[0] < 0) continue;
            var at = Array.BinarySearch(_shares[c].Hashes, TextHash.Of(table.Columns[c].Text(0)));
            if (at >= 0) shares[c] = _shares[c].Shares[at];
        }

        return new PairScore(table, _weights, shares, _given, _order);
    }

    /// <summary>The keys under which a person stands, by way; 0 where it takes no part.</summary>
    public uint[] Keys(string[] values)
    {
        var own = BlockingKeys.Of(Table([values])).ConvertAll(k => k.OfValue.Length == 0 ? 0 : k.OfValue[0]);
        return [.. Ways.Select(way => way.Of(CollectionsMarshal.AsSpan(own)))];
    }

    private static (ulong[] Hashes, double[] Shares) Shared(PersonColumn column, double[] shares, double alone)
    {
        int[] values = [.. Enumerable.Range(0, column.Distinct).Where(v => shares[v] > 1.5 * alone)];
        var hashes = Array.ConvertAll(values, v => TextHash.Of(column.Text(v)));
        var own = Array.ConvertAll(values, v => shares[v]);
        Array.Sort(hashes, own);
        return (hashes, own);
    }
}
