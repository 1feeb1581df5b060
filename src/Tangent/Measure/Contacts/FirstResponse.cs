using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Measure;

/// <summary>How soon customers are answered. What a customer sends while waiting belongs to the same case; any of the answers ends it. Times are those of the clock, nights and holidays included.</summary>
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

    /// <param name="followed">What followed each contact, by customer and in order.</param>
    /// <param name="within">Within what time an answer counts.</param>
    internal static FirstResponse Of(IReadOnlyList<FollowUp> followed, TimeSpan within)
    {
        var delays = new List<long>();
        var (unanswered, open, customer, waitsUntil) = (0L, 0L, -1, long.MinValue);
        foreach (var contact in followed)
        {
            if (contact.Customer == customer && contact.AtMs < waitsUntil) continue;
            (customer, waitsUntil) = (contact.Customer, contact.AtMs + (contact.DelayMs >= 0 ? contact.DelayMs : (long)within.TotalMilliseconds));
            if (contact.IsOpen) open++;
            else if (contact.DelayMs >= 0) delays.Add(contact.DelayMs);
            else unanswered++;
        }

        delays.Sort();
        var n = delays.Count;
        var share = Interval.Wilson(n, n + unanswered);
        // The ranks between which the median lies by the binomial distribution (W. J. Conover, Practical Nonparametric Statistics, 3rd ed. 1999, 3.2), by its normal approximation.
        var reach = 1.959963984540054 * Math.Sqrt(n) / 2;
        double At(double rank) => delays[Math.Clamp((int)rank, 0, n - 1)] / 1000.0;
        return new FirstResponse(
            n, n == 0 ? null : (At((n - 1) / 2) + At(n / 2)) / 2, n == 0 ? null : At(Math.Floor((n / 2.0) - reach) - 1), n == 0 ? null : At(Math.Ceiling((n / 2.0) + reach)),
            n + unanswered, n + unanswered == 0 ? 0 : (double)n / (n + unanswered), share.Low, share.High, open);
    }
}
