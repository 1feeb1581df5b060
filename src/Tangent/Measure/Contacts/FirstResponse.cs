using Tangent.Collect;
using Tangent.Data;
using Tangent.Web;

namespace Tangent.Measure;

/// <summary>How soon customers are answered. What a customer sends while waiting belongs to the same case; any of the answers ends it. Times are those of the clock, or of the company's working hours where that was asked for.</summary>
/// <param name="N">Cases whose time is over and that were answered within it.</param>
/// <param name="MedianSeconds">Median of the time until then; null where none was answered.</param>
/// <param name="LowSeconds">Lower end of its 95 % interval.</param>
/// <param name="HighSeconds">Upper end of it.</param>
/// <param name="Cases">Cases whose time is over. Of the others, those answered soon would be known first.</param>
/// <param name="Answered">Share of them that was answered within the time.</param>
/// <param name="AnsweredLow">Lower end of its 95 % interval (Wilson).</param>
/// <param name="AnsweredHigh">Upper end of it.</param>
/// <param name="Open">Cases whose time is not over, answered or not.</param>
public sealed record FirstResponse(long N, double? MedianSeconds, double? LowSeconds, double? HighSeconds, long Cases, double Answered, double AnsweredLow, double AnsweredHigh, long Open)
{
    /// <summary>Fewer than 30 answered cases.</summary>
    public bool TooFew => N < Figures.Enough;

    /// <summary>The times are those of the company's working hours; else nights and holidays are included.</summary>
    public bool InWorkingTime { get; init; }

    /// <summary>The first contact of each case and what became of it.</summary>
    /// <param name="followed">What followed each contact, by customer and in order.</param>
    /// <param name="within">Within what time an answer counts.</param>
    internal static IEnumerable<(FollowUp Contact, CaseState State)> CasesOf(IReadOnlyList<FollowUp> followed, TimeSpan within)
    {
        var (customer, waitsUntil) = (-1, long.MinValue);
        for (var i = 0; i < followed.Count; i++)
        {
            var contact = followed[i];
            if (contact.Customer == customer && contact.AtMs < waitsUntil) continue;
            (customer, waitsUntil) = (contact.Customer, contact.AtMs + (contact.DelayMs >= 0 ? contact.DelayMs : (long)within.TotalMilliseconds));
            yield return (contact, contact.IsOpen ? CaseState.Open : contact.DelayMs >= 0 ? CaseState.Answered : CaseState.Unanswered);
        }
    }

    /// <param name="followed">What followed each contact, by customer and in order.</param>
    /// <param name="within">Within what time an answer counts.</param>
    /// <param name="worked">The working time that is measured; null: round the clock.</param>
    internal static FirstResponse Of(IReadOnlyList<FollowUp> followed, TimeSpan within, WorkedTime? worked = null)
    {
        var delays = new List<long>();
        var (unanswered, open) = (0L, 0L);
        foreach (var (contact, state) in CasesOf(followed, within))
        {
            if (state == CaseState.Open) open++;
            else if (state == CaseState.Unanswered) unanswered++;
            else delays.Add(worked?.Between(contact.AtMs, contact.AtMs + contact.DelayMs) ?? contact.DelayMs);
        }

        delays.Sort();
        var n = delays.Count;
        var share = Interval.Wilson(n, n + unanswered);
        // The ranks between which the median lies by the binomial distribution (W. J. Conover, Practical Nonparametric Statistics, 3rd ed. 1999, 3.2), by its normal approximation.
        var reach = 1.959963984540054 * Math.Sqrt(n) / 2;
        double At(double rank) => delays[Math.Clamp((int)rank, 0, n - 1)] / 1000.0;
        return new FirstResponse(
            n, n == 0 ? null : (At((n - 1) / 2) + At(n / 2)) / 2, n == 0 ? null : At(Math.Floor((n / 2.0) - reach) - 1), n == 0 ? null : At(Math.Ceiling((n / 2.0) + reach)),
            n + unanswered, n + unanswered == 0 ? 0 : (double)n / (n + unanswered), share.Low, share.High, open)
        { InWorkingTime = worked is not null };
    }
}

/// <summary>What became of a case.</summary>
internal enum CaseState
{
    /// <summary>Its time is not over, answered or not.</summary>
    Open,
    Unanswered,
    Answered,
}
