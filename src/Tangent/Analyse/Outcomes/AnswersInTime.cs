using Tangent.Collect;
using Tangent.Measure;

namespace Tangent.Analyse;

/// <summary>An answer with a score.</summary>
/// <param name="Touchpoint">Index of what it is of; that of the company has no name.</param>
internal readonly record struct TimedAnswer(long AtMs, int Touchpoint, Metric Metric, sbyte Score) : IComparable<TimedAnswer>
{
    /// <summary>1: good, −1: bad, 0: neither.</summary>
    public int Verdict => Score >= Metrics.Good(Metric) ? 1 : Score <= Metrics.Bad(Metric) ? -1 : 0;

    public int CompareTo(TimedAnswer other) => AtMs.CompareTo(other.AtMs);
}

/// <summary>The answers of those who have an outcome, by who gave them and time.</summary>
internal sealed class AnswersInTime
{
    private readonly int[] _starts;
    private readonly TimedAnswer[] _answers;

    /// <summary>Put into place by counting, as sorting a million of them takes longer than everything else.</summary>
    /// <param name="rows">Who has an outcome.</param>
    /// <param name="columns">All answers.</param>
    /// <param name="touchpointOf">What each place of the columns is of.</param>
    /// <param name="who">Whose each answer is; −1 where nobody is named.</param>
    /// <param name="counts">Whether an answer, by its row, is looked at.</param>
    public AnswersInTime(LivedRows rows, FeedbackColumns columns, int[] touchpointOf, int[] who, Func<int, bool> counts)
    {
        var most = rows.CustomerOf.Length == 0 ? -1 : rows.CustomerOf.Max();
        var wanted = new bool[most + 1];
        foreach (var customer in rows.CustomerOf) wanted[customer] = true;
        var taken = new List<int>();
        _starts = new int[most + 2];
        for (var row = 0; row < columns.Count; row++)
        {
            if (columns.Metric[row] == (byte)Metric.None || who[row] < 0 || who[row] > most || !wanted[who[row]] || !counts(row)) continue;
            taken.Add(row);
            _starts[who[row] + 1]++;
        }

        for (var customer = 0; customer <= most; customer++) _starts[customer + 1] += _starts[customer];
        (_answers, var next) = (new TimedAnswer[taken.Count], _starts.AsSpan(0, most + 1).ToArray());
        foreach (var row in taken) _answers[next[who[row]]++] = new TimedAnswer(columns.AtMs[row], touchpointOf[columns.Place[row]], (Metric)columns.Metric[row], columns.Score[row]);
        for (var customer = 0; customer <= most; customer++)
            if (_starts[customer + 1] - _starts[customer] > 1) _answers.AsSpan(_starts[customer], _starts[customer + 1] - _starts[customer]).Sort();
    }

    public int Count => _answers.Length;

    /// <summary>The earliest first.</summary>
    public ReadOnlySpan<TimedAnswer> Of(int customer) => _answers.AsSpan(_starts[customer], _starts[customer + 1] - _starts[customer]);
}
