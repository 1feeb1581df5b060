using System.Globalization;

namespace Tangent.Unify;

/// <summary>A condition on the rows of a table.</summary>
internal sealed class RuleCondition
{
    private readonly PersonColumn _column;
    private readonly Comparator _compare;
    private readonly double _least;
    private readonly double _tolerance;
    private readonly double[] _numbers;
    private readonly string[] _sounds;

    public RuleCondition(PersonColumn column, MatchCondition condition)
    {
        _column = column;
        _compare = condition.Compare;
        _least = MatchRulesFile.Precision(condition);
        _tolerance = condition.Tolerance ?? 0;
        _numbers = _compare == Comparator.Number ? [.. Enumerable.Range(0, column.Distinct).Select(v => Number(column.Text(v)))] : [];
        _sounds = _compare == Comparator.Phonetic ? [.. Enumerable.Range(0, column.Distinct).Select(v => Sound(column, v))] : [];
    }

    /// <summary>Only rows with the same <see cref="Key"/> can agree, and all of them do.</summary>
    public bool IsKey => _compare is Comparator.Exact or Comparator.Phonetic;

    /// <summary>What rows that agree share; empty where the row agrees with none.</summary>
    public string Key(int row) => _column.Rows[row] is >= 0 and var value ? _compare == Comparator.Phonetic ? _sounds[value] : _column.Text(value) : "";

    public bool Holds(int a, int b) => Likeness(a, b) >= (_compare is Comparator.Exact or Comparator.Phonetic or Comparator.Number or Comparator.Different ? 1 : _least);

    /// <returns>0 to 1; 0 where one of the two is blank.</returns>
    public double Likeness(int a, int b)
    {
        var (left, right) = (_column.Rows[a], _column.Rows[b]);
        if (left < 0 || right < 0) return 0;
        if (_compare == Comparator.Different) return left == right ? 0 : 1;
        if (_compare == Comparator.Phonetic) return _sounds[left].Length > 0 && _sounds[left] == _sounds[right] ? 1 : 0;
        if (left == right) return 1;
        var (one, other) = (_column.Text(left), _column.Text(right));
        return _compare switch
        {
            Comparator.JaroWinkler => JaroWinkler.Likeness(one, other),
            Comparator.EditDistance => OfEdits(one, other),
            Comparator.Bigrams => Bigrams.Likeness(one, other),
            Comparator.Date => _column.Date(left) != 0 && _column.Date(right) != 0 ? OfDates(_column.Date(left), _column.Date(right)) : 0,
            Comparator.Number => Math.Abs(_numbers[left] - _numbers[right]) <= _tolerance ? 1 : 0,
            _ => 0,
        };
    }

    /// <summary>Beyond the distance that still satisfies, counting on is of no use.</summary>
    private double OfEdits(string one, string other)
    {
        var longer = Math.Max(one.Length, other.Length);
        var most = (int)Math.Floor(((1 - _least) * longer) + 1e-9);
        var distance = EditDistance.Between(one, other, most);
        return distance > most ? 0 : 1 - (distance / (double)longer);
    }

    private static double OfDates(int a, int b) => DateLikeness.Of(a, b) switch
    {
        DateAgreement.Equal => 1,
        DateAgreement.Slip => 0.9,
        DateAgreement.SameMonth => 0.7,
        DateAgreement.Near => 0.5,
        _ => 0,
    };

    private static string Sound(PersonColumn column, int value) => column.Sound(value) is { Length: > 0 } known ? known : ColognePhonetics.Code(column.Text(value));

    private static double Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : double.NaN;
}
