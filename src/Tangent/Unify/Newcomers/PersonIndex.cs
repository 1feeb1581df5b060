namespace Tangent.Unify;

/// <summary>A stored customer that may be the person asked for.</summary>
/// <param name="Identifier">An identifier of the customer.</param>
/// <param name="Row">Its row in the table that was compared; row 0 is the person asked for.</param>
/// <param name="Weight">Weight of the two, as a search would give it.</param>
internal readonly record struct KnownPerson(string Identifier, int Row, double Weight);

/// <summary>The persons a search for a newcomer has found, and how they were compared.</summary>
internal sealed record KnownPersons(PersonTable Table, PairScore Score, List<KnownPerson> Found);

/// <summary>
/// All persons in memory, so that one who comes can be compared with those among them who share enough: the blocks of the last search lead to
/// some dozens, and these get the weight that the search would give them. Made by a search, kept current by what comes after it.
/// </summary>
internal sealed class PersonIndex
{
    private readonly LearnedMatch _learned;
    private readonly PersonStore _persons;
    private readonly BlockIndex[] _blocks;
    private readonly Lock _gate = new();

    /// <param name="identifiers">An identifier of the customer of each row.</param>
    /// <param name="table">The rows.</param>
    /// <param name="found">What the search found and learned.</param>
    public PersonIndex(IReadOnlyList<string> identifiers, PersonTable table, MatchResult found)
    {
        _learned = new LearnedMatch(table, found);
        _persons = new PersonStore(table.Columns.Length);
        var values = new string[table.Columns.Length];
        for (var row = 0; row < identifiers.Count; row++)
        {
            for (var c = 0; c < values.Length; c++) values[c] = table.Columns[c].Rows[row] is >= 0 and var value ? table.Columns[c].Text(value) : "";
            _persons.Put(identifiers[row], values);
        }

        _blocks = [.. found.Blocking.Passes.Select(p => new BlockIndex(p))];
    }

    /// <summary>Bits with which any pair begins.</summary>
    public double Start => _learned.Start;

    public int Count { get { lock (_gate) return _persons.Count; } }

    public long Bytes { get { lock (_gate) return _persons.Bytes + _blocks.Sum(b => b.Bytes); } }

    /// <summary>A person's values in the form in which they are compared.</summary>
    public string[] Brought(IReadOnlyDictionary<string, string> values, string country) => _learned.Brought(values, country);

    /// <summary>Takes a person in, or what is known of her now.</summary>
    /// <param name="identifier">The identifier under which she stands; the customer's others lead nowhere any more.</param>
    /// <param name="others">The customer's other identifiers.</param>
    /// <param name="values">Her values in their form.</param>
    /// <returns>Whether anything of it is new.</returns>
    public bool Put(string identifier, IEnumerable<string> others, string[] values)
    {
        var keys = _learned.Keys(values);
        lock (_gate)
        {
            // Who stood here as two is one now: that is new, though what is known of her is not.
            var wereSeveral = _persons.Forget(others);
            var row = _persons.Put(identifier, values);
            if (row < 0) return wereSeveral;
            for (var i = 0; i < keys.Length; i++)
                if (keys[i] != 0) _blocks[i].Add(keys[i], row);
            return true;
        }
    }

    /// <returns>Whether one of them was there.</returns>
    public bool Forget(IEnumerable<string> identifiers)
    {
        lock (_gate) return _persons.Forget(identifiers);
    }

    /// <summary>Compares a person with others as a search would, whether it would think of them or not.</summary>
    /// <param name="values">The person's values by column.</param>
    /// <param name="others">Those of the others; they are the rows from 1 on.</param>
    /// <param name="country">Country of telephone numbers without calling code.</param>
    public (PersonTable Table, PairScore Score) Compare(IReadOnlyDictionary<string, string> values, IReadOnlyList<IReadOnlyDictionary<string, string>> others, string country)
    {
        var table = _learned.Table([Brought(values, country), .. others.Select(o => Brought(o, country))]);
        return (table, _learned.Score(table));
    }

    /// <summary>The stored persons that a search would compare with this one, the most probable first.</summary>
    /// <param name="values">The person's values in their form.</param>
    /// <param name="least">Weight below which nobody is of interest.</param>
    public KnownPersons Find(string[] values, double least)
    {
        var keys = _learned.Keys(values);
        var rows = new List<string[]> { values };
        var identifiers = new List<string> { "" };
        lock (_gate)
        {
            var candidates = new HashSet<int>();
            for (var i = 0; i < keys.Length; i++)
                if (keys[i] != 0) _blocks[i].Find(keys[i], candidates);
            foreach (var row in candidates)
            {
                if (_persons.Read(row) is not { } person) continue;
                identifiers.Add(person.Identifier);
                rows.Add(person.Values);
            }
        }

        var table = _learned.Table(rows);
        var score = _learned.Score(table);
        var found = new List<KnownPerson>();
        for (var row = 1; row < rows.Count; row++)
            if (score.Of(0, row) is var weight && weight >= least) found.Add(new KnownPerson(identifiers[row], row, weight));
        found.Sort((a, b) => b.Weight.CompareTo(a.Weight) is not 0 and var order ? order : string.CompareOrdinal(a.Identifier, b.Identifier));
        return new KnownPersons(table, score, found);
    }
}
