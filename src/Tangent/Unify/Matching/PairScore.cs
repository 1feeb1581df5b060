namespace Tangent.Unify;

/// <summary>The weight of a pair of rows: what the agreement of each column is worth, rare values more than frequent ones, and nothing twice.</summary>
internal sealed class PairScore
{
    private readonly PersonTable _table;
    private readonly MatchWeights _weights;
    private readonly double[][] _shares;
    private readonly double[][] _given;
    private readonly int[] _order;

    /// <param name="table">The rows.</param>
    /// <param name="weights">m, u and prior.</param>
    /// <param name="people">How often values and combinations of them occur among different persons; null while none are known.</param>
    public PairScore(PersonTable table, MatchWeights weights, PeopleCounts? people)
    {
        (_table, _weights) = (table, weights);
        _shares = people?.Shares ?? [];
        _given = people?.Given ?? [];
        _order = [.. Enumerable.Range(0, table.Columns.Length).OrderByDescending(c => table.Columns[c].Distinct)];
    }

    /// <summary>A score of the first row with each other one, by what was learned of more persons than these.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="weights">m, u and prior.</param>
    /// <param name="shares">By column, how often the first row's value occurs among different persons.</param>
    /// <param name="given">By column and other column: of two persons who agree in the other, the share who agree in this one too.</param>
    /// <param name="order">The columns, that with the most values first.</param>
    public PairScore(PersonTable table, MatchWeights weights, double[] shares, double[][] given, int[] order)
    {
        (_table, _weights, _given, _order) = (table, weights, given, order);
        // The first row's values are the first of their columns.
        _shares = [.. shares.Select(s => new[] { s })];
    }

    /// <summary>The columns in the order in which they are counted: that with the most values first.</summary>
    public IReadOnlyList<int> Order => _order;

    /// <summary>Weight of the pair, the prior odds included.</summary>
    public double Of(int a, int b)
    {
        Span<byte> steps = stackalloc byte[_table.Columns.Length];
        _table.Compare(a, b, steps);
        return Of(a, steps);
    }

    /// <param name="a">One of the rows; where a column is equal, both have its value.</param>
    /// <param name="steps">How they agree.</param>
    public double Of(int a, ReadOnlySpan<byte> steps)
    {
        if (_weights.AreTwo(steps)) return MatchWeights.OfTwo;
        var weight = _weights.Start;
        for (var i = 0; i < _order.Length; i++) weight += Part(_order[i], a, steps, i);
        return weight;
    }

    /// <summary>What one column adds.</summary>
    public double Of(int column, int a, ReadOnlySpan<byte> steps) => Part(column, a, steps, Array.IndexOf(_order, column));

    private double Part(int column, int a, ReadOnlySpan<byte> steps, int place)
    {
        var step = steps[column];
        if (step != Agreement.Equal || _shares.Length == 0) return _weights.Of(column, step);
        var chance = _shares[column][_table.Columns[column].Rows[a]];
        // Two persons who share the postcode share the town as well: that is no second piece of evidence.
        for (var i = 0; i < place; i++)
            if (steps[_order[i]] == Agreement.Equal) chance = Math.Max(chance, _given[column][_order[i]]);
        return Math.Log2(_weights.Same[column][Agreement.Equal] / Math.Min(1, chance));
    }
}
