using Tangent.Collect;

namespace Tangent.Measure;

/// <summary>What customers say of every touchpoint, by metric.</summary>
/// <param name="Metric">Only this one; null: all.</param>
/// <param name="Breakdown">channel, language, source or trait.NAME: the same by group; null: not.</param>
/// <param name="Trend">week or month: the scores over time too.</param>
/// <param name="CompareFrom">First day of the wave that is compared with; null: of as many days before.</param>
/// <param name="CompareTo">Last day of it, included.</param>
/// <param name="Filter">Answers and customers looked at; its touchpoints are those asked about.</param>
public sealed record ScoresQuestion(Metric? Metric, string? Breakdown, string? Trend, DateOnly? CompareFrom, DateOnly? CompareTo, JourneyFilter Filter)
{
    /// <summary>The customers by the trait of the breakdown.</summary>
    public CustomerGroups? Groups { get; init; }

    /// <summary>Without volume and reach of the touchpoints, which are a pass over all journeys.</summary>
    public bool WithoutVolumes { get; init; }
}

/// <param name="Answers">Answers with a score in the filter.</param>
/// <param name="Refused">Answers in the log, whenever they came, that do not count: their metric is unknown or their score is not on its scale.</param>
/// <param name="ComparedFrom">First day of the wave compared with; null where nothing is compared.</param>
/// <param name="ComparedTo">Last day of it.</param>
/// <param name="Items">The scores: of the company first, then of the touchpoints with most answers.</param>
public sealed record ScoresAnswer(long Answers, long Refused, DateOnly? ComparedFrom, DateOnly? ComparedTo, IReadOnlyList<Score> Items);

/// <param name="Touchpoint">What was asked about; null: the company.</param>
/// <param name="TouchpointId">Its number in the catalogue; null for the company, and where the catalogue has none of this name.</param>
/// <param name="Metric">nps, csat, ces, rating or review.</param>
/// <param name="Group">Value of the breakdown; null where there is none.</param>
/// <param name="Figure">The score: NPS −100 to 100, CSAT share of 4 and 5 (0 to 1), CES mean of 1 to 7, rating and review mean of 1 to 5.</param>
/// <param name="Good">Promoters (9, 10), satisfied (4, 5), those who found it easy (CES 5 to 7).</param>
/// <param name="Bad">Detractors (0 to 6), dissatisfied (1, 2), those who found it hard (CES 1 to 3).</param>
/// <param name="Counts">Answers by score, from 0 to 10.</param>
/// <param name="Before">The score in the wave compared with; null where nothing is compared.</param>
/// <param name="Change">The difference and whether it is more than chance.</param>
/// <param name="Volume">Events at the touchpoint in the same filter; null for the company and by group.</param>
/// <param name="Reach">Share of the customers who were there, 0 to 1.</param>
/// <param name="Trend">Over time, where it was asked for.</param>
public sealed record Score(
    string? Touchpoint, int? TouchpointId, string Metric, string? Group, ScoreFigure Figure, ScoreShare Good, ScoreShare Bad, IReadOnlyList<long> Counts,
    ScoreFigure? Before, ScoreChange? Change, long? Volume, double? Reach, IReadOnlyList<ScorePoint>? Trend)
{
    /// <summary>How it stands to the touchpoint's target; null where none is set, and by group.</summary>
    public TargetStand? Target { get; init; }
}

/// <param name="From">First day of the week or month.</param>
/// <param name="Figure">The score; null where nobody answered.</param>
public sealed record ScorePoint(DateOnly From, ScoreFigure? Figure);

/// <summary>The customers behind a score.</summary>
/// <param name="At">The touchpoint; null: the company.</param>
/// <param name="Band">good, middle or bad; null: all who answered.</param>
/// <param name="Group">Value of the breakdown; null where there is none.</param>
public sealed record ScorePick(string? At, Metric Metric, string? Band, string? Group);
