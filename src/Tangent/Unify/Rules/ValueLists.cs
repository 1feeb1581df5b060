using Tangent.Web;

namespace Tangent.Unify;

/// <summary>What is known about the values of a column: which mean the same, and which say nothing.</summary>
internal sealed class ValueLists
{
    private readonly Dictionary<string, string> _same = new(StringComparer.Ordinal);
    private readonly HashSet<string> _nothing = new(StringComparer.Ordinal);

    /// <param name="rules">Where they stand.</param>
    /// <param name="column">The column.</param>
    /// <param name="normal">Brings a value into the form in which the column's values are compared.</param>
    public static ValueLists Of(MatchRules rules, RawColumn column, Func<string, string> normal)
    {
        var lists = new ValueLists();
        foreach (var group in rules.Alias.Where(a => a.Key == "*" || column.Names.Contains(FoldedText.Of(a.Key))).SelectMany(a => a.Value))
            foreach (var value in group.Skip(1)) lists._same[normal(value)] = normal(group[0]);
        foreach (var value in rules.Bypass.Where(b => b.Key == "*" || column.Names.Contains(FoldedText.Of(b.Key))).SelectMany(b => b.Value)) lists._nothing.Add(normal(value));
        return lists;
    }

    /// <summary>The value that stands for this one; empty where it says nothing.</summary>
    public string Of(string value) => _nothing.Contains(value) ? "" : _same.GetValueOrDefault(value, value);
}
