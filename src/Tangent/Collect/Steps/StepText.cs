using System.Buffers;
using System.Text;
using static Tangent.Web.Texts;

namespace Tangent.Collect;

/// <summary>
/// A step as text: <c>Hotline|E-mail &amp; channel=phone</c> is "Hotline or E-mail, by phone": <c>|</c> (or) binds closer than <c>&amp;</c> (and), parentheses change that.
/// A part is the name of a touchpoint, or <c>field=value</c>. Names and values that hold one of <c>&amp; | ( ) " = ! &lt; &gt;</c> are put in quotation marks,
/// a quotation mark in them is doubled. The caller takes a text that is exactly a touchpoint's name for that touchpoint, without quotation marks.
/// </summary>
internal sealed class StepText
{
    private const int MostDepth = 20;
    private static readonly SearchValues<char> Special = SearchValues.Create("&|()\"=!<>");
    private static readonly string[] Operators = ["!=", "<=", ">=", "=", "<", ">"];

    private readonly string _text;
    private int _at;
    private string? _wrong;

    private StepText(string text) => _text = text;

    /// <returns>The condition, or what is wrong with the text.</returns>
    public static (StepCondition? Condition, string? Wrong) Read(string text)
    {
        var reader = new StepText(text);
        var condition = reader.Conjunction(0);
        reader.SkipBlanks();
        if (reader._wrong is null && reader._at < text.Length) reader.Expected(T("Collect.Step.Joint"));
        return reader._wrong is null ? (condition, null) : (null, reader._wrong);
    }

    /// <summary>A name or value as it must be written in a step.</summary>
    public static string Quote(string name) =>
        name.Length > 0 && name.Trim() == name && !name.AsSpan().ContainsAny(Special) ? name : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private StepCondition Conjunction(int depth)
    {
        List<StepCondition> parts = [Disjunction(depth)];
        while (_wrong is null && Take('&')) parts.Add(Disjunction(depth));
        return parts.Count == 1 ? parts[0] : new StepCondition.All(parts);
    }

    private StepCondition Disjunction(int depth)
    {
        List<StepCondition> parts = [Part(depth)];
        while (_wrong is null && Take('|')) parts.Add(Part(depth));
        return parts.Count == 1 ? parts[0] : new StepCondition.Either(parts);
    }

    private StepCondition Part(int depth)
    {
        if (!Take('(')) return Test();
        if (depth == MostDepth) Expected(T("Collect.Step.Shallower"));
        var inner = _wrong is null ? Conjunction(depth + 1) : Test();
        if (_wrong is null && !Take(')')) Expected(")");
        return inner;
    }

    private StepCondition.Test Test()
    {
        var name = Name();
        SkipBlanks();
        var found = Array.Find(Operators, o => string.CompareOrdinal(_text, _at, o, 0, o.Length) == 0);
        if (found is null || _wrong is not null)
        {
            if (name.Length == 0) Expected(T("Collect.Step.Name"));
            return new StepCondition.Test("touchpoint", "=", name);
        }

        _at += found.Length;
        SkipBlanks();
        // Only "" is an empty value on purpose.
        var quoted = _at < _text.Length && _text[_at] == '"';
        var value = Name();
        if (name.Length == 0) Expected(T("Collect.Step.Field"));
        else if (value.Length == 0 && !quoted) Expected(T("Collect.Step.Value"));
        return new StepCondition.Test(name, found, value);
    }

    private string Name()
    {
        SkipBlanks();
        if (_at < _text.Length && _text[_at] == '"') return Quoted();
        var start = _at;
        while (_at < _text.Length && !IsSpecial()) _at++;
        return _text[start.._at].Trim();
    }

    // A lone "!" is part of a name: "Buy now!".
    private bool IsSpecial() => _text[_at] == '!' ? _at + 1 < _text.Length && _text[_at + 1] == '=' : Special.Contains(_text[_at]);

    private string Quoted()
    {
        var name = new StringBuilder();
        for (_at++; _at < _text.Length; _at++)
        {
            if (_text[_at] != '"') name.Append(_text[_at]);
            else if (_at + 1 < _text.Length && _text[_at + 1] == '"') name.Append(_text[_at++]);
            else
            {
                _at++;
                return name.ToString();
            }
        }

        Expected("\"");
        return "";
    }

    private bool Take(char wanted)
    {
        SkipBlanks();
        if (_at >= _text.Length || _text[_at] != wanted) return false;
        _at++;
        return true;
    }

    private void SkipBlanks()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
    }

    private void Expected(string what) => _wrong ??= T("Collect.Step.Expected", _text, Math.Min(_at, _text.Length) + 1, what);
}
