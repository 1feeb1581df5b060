using Tangent.Collect;

namespace Tangent.Unify;

/// <summary>
/// What two persons must share to be compared at all: for each column its value and one or two rougher forms of it, which typing mistakes
/// mostly leave alone. Numbers are hashes; 0 stands for a blank.
/// </summary>
internal sealed class BlockingKeys
{
    private const string Equal = "equal";

    private BlockingKeys(int column, string name, bool isEqual, uint[] ofValue)
    {
        Column = column;
        Name = name;
        IsEqual = isEqual;
        OfValue = ofValue;
    }

    public int Column { get; }

    public string Name { get; }

    /// <summary>The whole value, not a rougher form of it.</summary>
    public bool IsEqual { get; }

    /// <summary>The key of each value of the column.</summary>
    public uint[] OfValue { get; }

    /// <summary>All keys of a table's columns.</summary>
    public static List<BlockingKeys> Of(PersonTable table)
    {
        var keys = new List<BlockingKeys>();
        for (var i = 0; i < table.Columns.Length; i++)
        {
            var (index, column) = (i, table.Columns[i]);
            void Add(string form, Func<int, string> text)
            {
                var values = new uint[column.Distinct];
                for (var v = 0; v < values.Length; v++) values[v] = Hash(text(v), index);
                keys.Add(new BlockingKeys(index, $"{column.Name} ({form})", form == Equal, values));
            }

            Add(Equal, column.Text);
            foreach (var (form, text) in Rough(column)) Add(form, text);
        }

        return keys;
    }

    /// <summary>Mixes the key of another column into a key; 0 where either is blank.</summary>
    public static uint Join(uint a, uint b)
    {
        if (a == 0 || b == 0) return 0;
        var mixed = ((ulong)a * 0x9E3779B97F4A7C15UL) ^ ((ulong)b * 0xC2B2AE3D27D4EB4FUL);
        mixed ^= mixed >> 29;
        mixed *= 0xBF58476D1CE4E5B9UL;
        return (uint)(mixed >> 32) | 1;
    }

    private static IEnumerable<(string Form, Func<int, string> Text)> Rough(PersonColumn column) => column.Kind switch
    {
        ColumnKind.GivenName or ColumnKind.Surname =>
            [("sound", v => ColognePhonetics.Code(column.Text(v))), ("first three", v => column.Text(v) is { Length: >= 3 } t ? t[..3] : "")],
        ColumnKind.Name => [("last word", v => column.Text(v)[(column.Text(v).LastIndexOf(' ') + 1)..]), ("first word", v => column.Text(v).Split(' ')[0])],
        ColumnKind.Date => [("year", v => column.Date(v) is > 0 and var d ? $"{d / 10_000}" : ""), ("day and month", v => column.Date(v) is > 0 and var d ? $"{d % 10_000}" : "")],
        ColumnKind.Email => [("local part", v => EmailValue.Local(column.Text(v)).ToString()), ("first five", v => column.Text(v) is { Length: >= 5 } t ? t[..5] : "")],
        ColumnKind.Phone => [("last seven", v => column.Text(v) is { Length: >= 7 } t ? t[^7..] : "")],
        ColumnKind.Address or ColumnKind.Text => [("first four", v => column.Text(v) is { Length: >= 4 } t ? t[..4] : ""), ("last four", v => column.Text(v) is { Length: >= 6 } t ? t[^4..] : "")],
        ColumnKind.Code => [("first three", v => column.Text(v) is { Length: >= 4 } t ? t[..3] : "")],
        _ => [],
    };

    /// <summary>FNV-1a over the characters; never 0 for a text that is there.</summary>
    private static uint Hash(string text, int column)
    {
        if (text.Length == 0) return 0;
        var hash = 2166136261u ^ (uint)column;
        foreach (var c in text) hash = (hash ^ c) * 16777619u;
        return hash | 1;
    }
}
