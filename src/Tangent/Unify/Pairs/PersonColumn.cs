using System.Runtime.InteropServices;
using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

/// <summary>One column of persons: every distinct value once, in the form in which values are compared, and for every row the number of its value.</summary>
internal sealed class PersonColumn
{
    /// <summary>Value number of blank fields, and of values that mean nothing ("unknown", 11111).</summary>
    public const int Blank = -1;

    /// <summary>What people write where they know nothing, in the forms into which values are brought.</summary>
    private static readonly HashSet<string> Meaningless = new(StringComparer.Ordinal)
    {
        "unknown", "unbekannt", "nieznany", "nieznana", "nieznane", "none", "null", "nan", "n/a", "n a", "na", "nil", "k a", "keine", "keiner", "brak", "test", "xxx", "-", "--", "?", "anonymous", "anonym",
        "19000101", "19010101", "19700101", "99991231", "none@none.com", "test@test.com", "test@test.de", "test@test.pl", "no@email.com",
    };

    /// <summary>Before the @, at whatever company.</summary>
    private static readonly HashSet<string> OfNobody = new(StringComparer.Ordinal) { "noreply", "no-reply", "no.reply", "donotreply", "do-not-reply", "unknown", "unbekannt", "nieznany", "noemail", "no-email", "keine", "brak", "nomail" };

    /// <summary>So many noughts at the end of a telephone number, or so many of another digit, were typed by somebody who has none.</summary>
    private const int MostNoughts = 6, MostRepeated = 8;

    private readonly List<string> _texts = [];
    private readonly List<int> _dates = [];
    private readonly List<LetterCounts> _letters = [];
    private readonly List<string> _sounds = [];

    private readonly RawColumn _raw;

    private PersonColumn(RawColumn raw, ColumnKind kind, DateOrder order, int rows)
    {
        _raw = raw;
        Kind = kind;
        Order = order;
        Rows = new int[rows];
    }

    public string Name => _raw.Name;

    public ColumnKind Kind { get; }

    /// <summary>How its dates are read.</summary>
    public DateOrder Order { get; }

    /// <summary>Value number of each row; <see cref="Blank"/> where there is none.</summary>
    public int[] Rows { get; }

    public int Distinct => _texts.Count;

    /// <param name="raw">The column as it was read.</param>
    /// <param name="kind">What it holds.</param>
    /// <param name="country">Country of telephone numbers without calling code.</param>
    /// <param name="rules">What is known about its values.</param>
    public static PersonColumn Of(RawColumn raw, ColumnKind kind, string country, MatchRules rules)
    {
        var order = kind == ColumnKind.Date ? DateValue.OrderOf(raw.Texts.Take(10_000)) : DateOrder.DayFirst;
        var column = new PersonColumn(raw, kind, order, raw.Rows.Count);
        var normal = new Dictionary<string, int>(StringComparer.Ordinal);
        var lists = ValueLists.Of(rules, raw, text => Normal(text, kind, order, country));
        var numbers = new int[raw.Texts.Count];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = column.Add(lists.Of(Normal(raw.Texts[i], kind, order, country)), normal);
        for (var row = 0; row < column.Rows.Length; row++) column.Rows[row] = raw.Rows[row] < 0 ? Blank : numbers[raw.Rows[row]];
        return column;
    }

    /// <summary>A column of values that are in their form already; empty ones are blank.</summary>
    public static PersonColumn OfNormal(string name, ColumnKind kind, DateOrder order, IReadOnlyList<string> values)
    {
        var column = new PersonColumn(new RawColumn(name), kind, order, values.Count);
        var normal = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var row = 0; row < values.Count; row++) column.Rows[row] = column.Add(values[row], normal);
        return column;
    }

    /// <summary>A value in the form in which this column holds its own; empty where it means nothing.</summary>
    public string Brought(string text, string country) => Normal(text.Trim(), Kind, Order, country) is var value && !MeansNothing(value, Kind) ? value : "";

    /// <summary>Whether one of the headers put together here is this one.</summary>
    /// <param name="header">Folded (<see cref="FoldedText"/>).</param>
    public bool IsNamed(string header) => _raw.Names.Contains(header);

    /// <summary>A value's text in its form for comparing.</summary>
    public string Text(int value) => _texts[value];

    /// <summary>A date's number yyyymmdd; 0 where the column holds none or the text is no date.</summary>
    public int Date(int value) => Kind == ColumnKind.Date ? _dates[value] : 0;

    /// <summary>The letters of a value, to tell quickly that two values cannot be alike.</summary>
    public LetterCounts Letters(int value) => _letters[value];

    /// <summary>How a name sounds (<see cref="ColognePhonetics"/>); empty where the column holds no names.</summary>
    public string Sound(int value) => IsOfNames ? _sounds[value] : "";

    private bool IsOfNames => Kind is ColumnKind.GivenName or ColumnKind.Surname or ColumnKind.Name;

    /// <summary>Brings single values into the form in which a column of the kind would hold them; empty where they mean nothing.</summary>
    public static Func<string, string> Normal(ColumnKind kind, string country, MatchRules rules, string header)
    {
        string Brought(string value) => Normal(value, kind, DateOrder.DayFirst, country);
        var lists = ValueLists.Of(rules, new RawColumn(header), Brought);
        return text => lists.Of(Brought(text.Trim())) is var value && MeansNothing(value, kind) ? "" : value;
    }

    private static string Normal(string text, ColumnKind kind, DateOrder order, string country) => IsFilling(text, kind) ? "" : kind switch
    {
        ColumnKind.GivenName or ColumnKind.Surname or ColumnKind.Name => NameValue.Of(text),
        ColumnKind.Address => AddressValue.Of(text),
        // What is not of the kind is still evidence where it agrees to the letter.
        ColumnKind.Email => EmailValue.Of(text) is { Length: > 0 } email ? email : FoldedText.Of(text),
        ColumnKind.Phone => PhoneValue.Of(text, country) ?? string.Concat(text.Where(char.IsAsciiDigit)),
        ColumnKind.Date => DateValue.Of(text, order) is > 0 and var date ? date.ToString("00000000", null) : FoldedText.Of(text),
        ColumnKind.Number => NumberValue.Of(text),
        ColumnKind.Code => string.Concat(FoldedText.Of(text).Where(char.IsLetterOrDigit)).TrimStart('0'),
        _ => string.Join(' ', FoldedText.Of(text).Split([' ', '-', '.', ',', '/'], StringSplitOptions.RemoveEmptyEntries)),
    };

    /// <summary>Written only because the field had to be filled in: 11111, 030 0000000, 0000-00-00, noreply@…; told before it is brought into another form.</summary>
    private static bool IsFilling(string text, ColumnKind kind)
    {
        if (kind == ColumnKind.Email) return text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && OfNobody.Contains(text[..at].Trim().ToLowerInvariant());
        if (kind is not (ColumnKind.Phone or ColumnKind.Date or ColumnKind.Code)) return false;
        var digits = string.Concat(text.Where(char.IsAsciiDigit));
        if (digits.Length < 4 || text.Any(char.IsLetter)) return false;
        var run = digits.Length - digits.TrimEnd(digits[^1]).Length;
        return run == digits.Length || (kind == ColumnKind.Phone && run > (digits[^1] == '0' ? MostNoughts : MostRepeated));
    }

    private static bool MeansNothing(string text, ColumnKind kind) =>
        text.Length == 0 || Meaningless.Contains(text) || (kind is ColumnKind.Phone or ColumnKind.Code && text.Length >= 4 && text.TrimStart('+').All(c => c == text[^1]));

    private int Add(string text, Dictionary<string, int> normal)
    {
        if (MeansNothing(text, Kind)) return Blank;
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(normal, text, out var known);
        if (known) return number;
        number = _texts.Count;
        _texts.Add(text);
        _letters.Add(LetterCounts.Of(text));
        if (IsOfNames) _sounds.Add(ColognePhonetics.Code(text));
        if (Kind == ColumnKind.Date) _dates.Add(text.Length == 8 && int.TryParse(text, out var date) ? date : 0);
        return number;
    }
}
