namespace Tangent.Collect;

/// <summary>What customers lived through before an outcome.</summary>
/// <param name="Outcome">Which outcome is to be explained.</param>
/// <param name="At">Events the outcome is taken at, as a funnel's step is written: the answers, or the contacts that a purchase follows or not. Null: the goals themselves.</param>
/// <param name="Score">The declared property that holds the score.</param>
/// <param name="Goals">What is bought, or else is hoped for, written likewise; any of them.</param>
/// <param name="Within">Within what time the goal must follow.</param>
/// <param name="Window">How far back experiences count.</param>
/// <param name="Filter">Events and customers looked at.</param>
public sealed record DriversQuestion(DriverOutcome Outcome, string? At, string Score, IReadOnlyList<string> Goals, TimeSpan Within, TimeSpan Window, JourneyFilter Filter)
{
    public const string DefaultScore = "score", Metric = "metric";
    /// <summary>What the answers measure whose score is explained; null: NPS, or of named events whatever they measure, if that is one.</summary>
    public Collect.Metric? AnswerMetric { get; init; }

    /// <summary>What these answers are of: company, any, or a touchpoint; null: of NPS the company, else any.</summary>
    public string? About { get; init; }

    /// <summary>The events whose score is explained, where none are named.</summary>
    public string Answers => $"{Metric}={Metrics.Name(AnswerMetric ?? Collect.Metric.Nps)}";

    public static readonly TimeSpan DefaultWithin = TimeSpan.FromDays(120), DefaultWindow = TimeSpan.FromDays(90);
}

/// <summary>What drivers explain.</summary>
public enum DriverOutcome
{
    /// <summary>The number that a customer answered.</summary>
    Score,

    /// <summary>Whether the customer buys again within the time.</summary>
    Repurchase,

    /// <summary>Whether the customer does not.</summary>
    Churn,
}

/// <summary>Outcomes, and what was lived through before each, as the rows of a sparse table.</summary>
/// <param name="Customers">Customers with any event in the filter.</param>
/// <param name="OneOf">One of so many customers was looked at; 1: all.</param>
/// <param name="Open">Outcomes that cannot be judged yet.</param>
/// <param name="Experiences">What there is to live through.</param>
/// <param name="CustomerOf">Whose each row is, rising.</param>
/// <param name="AtMs">When the outcome of each row was, in milliseconds since 1970 UTC.</param>
/// <param name="Outcomes">The outcome of each row: the score, or 1 where it came so and 0 where not.</param>
/// <param name="Starts">Where each row begins in <paramref name="Lived"/>, and where the last ends.</param>
/// <param name="Lived">What was lived through, by place in <paramref name="Experiences"/>.</param>
internal sealed record LivedRows(
    long Customers, int OneOf, long Open, IReadOnlyList<LivedExperience> Experiences, int[] CustomerOf, long[] AtMs, double[] Outcomes, int[] Starts, ushort[] Lived)
{
    /// <summary>The outcome is a loss, such as churn: less of it is better.</summary>
    public bool IsLoss { get; init; }

    /// <summary>What was lived through before an outcome.</summary>
    public ReadOnlySpan<ushort> LivedBefore(int row) => Lived.AsSpan(Starts[row], Starts[row + 1] - Starts[row]);

    /// <param name="kept">Rows that stay, rising.</param>
    public LivedRows Only(List<int> kept)
    {
        if (kept.Count == Outcomes.Length) return this;
        var (starts, lived) = (new int[kept.Count + 1], new List<ushort>());
        for (var i = 0; i < kept.Count; i++)
        {
            lived.AddRange(LivedBefore(kept[i]));
            starts[i + 1] = lived.Count;
        }

        return this with
        {
            CustomerOf = [.. kept.Select(row => CustomerOf[row])],
            AtMs = [.. kept.Select(row => AtMs[row])],
            Outcomes = [.. kept.Select(row => Outcomes[row])],
            Starts = starts,
            Lived = [.. lived],
        };
    }
}

/// <param name="Kind"><c>reached</c>: was there; <c>again</c>: more than once; <c>late</c>: after a long wait; <c>with</c>: with a value of a property;
/// <c>answered</c>: was asked there and answered; <c>pleased</c>, <c>displeased</c>: with a good or a bad score.</param>
/// <param name="Touchpoint">Where; null for a property that nearly every event has.</param>
/// <param name="Property">Name of the property; null without.</param>
/// <param name="Value">Its value.</param>
/// <param name="Usual">The most frequent value, which the others are compared with.</param>
/// <param name="Since">The touchpoint a wait is counted from; null without.</param>
/// <param name="BeyondSeconds">Longer waits than this are long.</param>
public sealed record LivedExperience(string Kind, string? Touchpoint, string? Property, string? Value, string? Usual, string? Since, double? BeyondSeconds)
{
    /// <summary>How it is named where a number is picked.</summary>
    public string Key => Kind == "with" ? $"{Property}={Value}:{Touchpoint}" : $"{Kind}:{Touchpoint}";
}

/// <summary>The customers behind a driver.</summary>
/// <param name="Experience">The key of an experience; null: all with an outcome.</param>
/// <param name="Had">With it, or without it.</param>
public sealed record DriversPick(string? Experience, bool Had);
