namespace Tangent.Unify;

/// <summary>Persons to match: the columns that say who they are. Immutable.</summary>
internal sealed class PersonTable
{
    private readonly int _given;
    private readonly int _surname;
    private readonly int _name;
    private readonly int _email;

    public PersonTable(IReadOnlyList<PersonColumn> columns, int rows)
        : this(columns, rows, Dependence.Of(columns, rows))
    {
    }

    /// <param name="columns">The columns.</param>
    /// <param name="rows">How many rows they have.</param>
    /// <param name="impliedBy">For each column those that imply it, where that is known of more persons than these.</param>
    public PersonTable(IReadOnlyList<PersonColumn> columns, int rows, int[][] impliedBy)
    {
        Columns = [.. columns];
        Count = rows;
        ImpliedBy = impliedBy;
        _given = Array.FindIndex(Columns, c => c.Kind == ColumnKind.GivenName);
        _surname = Array.FindIndex(Columns, c => c.Kind == ColumnKind.Surname);
        _name = Array.FindIndex(Columns, c => c.Kind == ColumnKind.Name);
        _email = Array.FindIndex(Columns, c => c.Kind == ColumnKind.Email);
    }

    public PersonColumn[] Columns { get; }

    public int Count { get; }

    /// <summary>For each column those that imply it, that with the most values first.</summary>
    public int[][] ImpliedBy { get; }

    /// <summary>Compares two persons column by column; a column that another one in which they agree implies is no evidence.</summary>
    /// <param name="a">Row of the one.</param>
    /// <param name="b">Row of the other.</param>
    /// <param name="steps">Takes an <see cref="Agreement"/> step a column.</param>
    public void Compare(int a, int b, Span<byte> steps)
    {
        for (var i = 0; i < Columns.Length; i++) steps[i] = (byte)Agreement.Of(Columns[i], Columns[i].Rows[a], Columns[i].Rows[b]);
        if (_given >= 0 && _surname >= 0 && steps[_given] < Agreement.Near && steps[_surname] < Agreement.Near && AreExchanged(a, b))
            (steps[_given], steps[_surname]) = (Agreement.Exchanged, Agreement.Missing);
        // Addresses are made of names: that they are only alike is no evidence beside a name that agrees.
        if (_email >= 0 && steps[_email] is Agreement.Similar or Agreement.Near && ((_surname >= 0 && steps[_surname] >= Agreement.Near) || (_name >= 0 && steps[_name] >= Agreement.Near))) steps[_email] = Agreement.Missing;
        for (var i = 0; i < Columns.Length; i++)
            foreach (var by in ImpliedBy[i])
                if (steps[by] == Agreement.Equal) steps[i] = Agreement.Missing;
    }

    /// <summary>The column from which follows what this one says of two persons: one that implies it and in which they agree; -1 where there is none, or one of the two is blank.</summary>
    public int FollowsFrom(int column, int a, int b) =>
        Columns[column].Rows[a] < 0 || Columns[column].Rows[b] < 0 ? -1 : ImpliedBy[column].Where(by => Columns[by].Rows[a] >= 0 && Columns[by].Rows[a] == Columns[by].Rows[b]).FirstOrDefault(-1);

    private bool AreExchanged(int a, int b)
    {
        var (given, surname) = (Columns[_given], Columns[_surname]);
        var (givenA, surnameA, givenB, surnameB) = (given.Rows[a], surname.Rows[a], given.Rows[b], surname.Rows[b]);
        // One of the two crossings may be blank, not both.
        var first = givenA >= 0 && surnameB >= 0;
        var second = surnameA >= 0 && givenB >= 0;
        return (first || second)
            && (!first || Agreement.AreNear(given.Text(givenA), surname.Text(surnameB)))
            && (!second || Agreement.AreNear(surname.Text(surnameA), given.Text(givenB)));
    }
}
