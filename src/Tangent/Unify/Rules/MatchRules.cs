using System.Text.Json;

namespace Tangent.Unify;

/// <summary>A rules file: when two rows are one person, and what is known about columns, values and persons beforehand.</summary>
internal sealed class MatchRules
{
    /// <summary>What columns hold, by header, where the guess would be wrong.</summary>
    public Dictionary<string, ColumnKind> Columns { get; init; } = [];

    /// <summary>By header (or * for all): groups of values that mean the same.</summary>
    public Dictionary<string, string[][]> Alias { get; init; } = [];

    /// <summary>By header (or * for all): values that say nothing.</summary>
    public Dictionary<string, string[]> Bypass { get; init; } = [];

    /// <summary>Tried in this order; without any, matching is automatic.</summary>
    public MatchRule[] Rules { get; init; } = [];

    /// <summary>Rows that are one person whatever else is said.</summary>
    public MatchList? Always { get; init; }

    /// <summary>Rows that are different persons whatever else is said.</summary>
    public MatchList? Never { get; init; }
}

/// <summary>Two rows are one person where all conditions hold and no exception does.</summary>
internal sealed class MatchRule
{
    public string? Name { get; init; }

    public MatchCondition[] All { get; init; } = [];

    public MatchCondition[] Except { get; init; } = [];
}

/// <summary>How two rows have to agree in a column. A blank never agrees and never differs.</summary>
internal sealed class MatchCondition
{
    public string Column { get; init; } = "";

    public Comparator Compare { get; init; }

    /// <summary>low, medium, high, exact, or a likeness from 0 to 1.</summary>
    public JsonElement? Precision { get; init; }

    /// <summary>Greatest difference of two numbers.</summary>
    public double? Tolerance { get; init; }
}

/// <summary>Groups of values of one column, each value standing for the rows that have it.</summary>
internal sealed class MatchList
{
    public string Column { get; init; } = "";

    public string[][] Groups { get; init; } = [];
}

/// <summary>How the values of a column are compared.</summary>
internal enum Comparator
{
    /// <summary>The same after normalisation.</summary>
    Exact,

    /// <summary>Names with typing mistakes (Winkler 1990).</summary>
    JaroWinkler,

    /// <summary>1 − Damerau-Levenshtein distance ÷ length of the longer text.</summary>
    EditDistance,

    /// <summary>Longer texts: Dice's coefficient of their letter pairs.</summary>
    Bigrams,

    /// <summary>The same sound by the Cologne phonetics.</summary>
    Phonetic,

    /// <summary>Dates: 1 equal, .9 one slip or day and month exchanged, .7 within a month, .5 within a year or two of three parts equal.</summary>
    Date,

    /// <summary>Numbers at most the tolerance apart.</summary>
    Number,

    /// <summary>Both have a value, and not the same one.</summary>
    Different,
}
