using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Measure;

/// <summary>A question for scores as the query of an address, both ways.</summary>
internal static class ScoresAddress
{
    private static readonly string[] MetricNames = [.. Metrics.Scored.Select(Metrics.Name)];

    public static IReadOnlyList<QuestionParameter> Parameters { get; } =
    [
        new("metric", "nps, csat, ces, rating or review; all unless said."),
        new("breakdown", "The same per group: channel (of the touchpoint asked about), language, source or trait.NAME."),
        new("trend", "week or month: the scores over time too."),
        new("compareFrom", "First day of the wave that is compared with, yyyy-MM-dd; unless said, as many days before the period as it has."),
        new("compareTo", "Last day of it, included."),
        .. QuestionParameters.Filter,
    ];

    public static IReadOnlyList<QuestionParameter> Picks { get; } =
    [
        new("at", "The touchpoint asked about; the company unless said."),
        new("band", "good, middle or bad: promoters, passives or detractors and their like; all who answered unless said."),
        new("value", "The group of the breakdown."),
    ];

    public static Asked<ScoresQuestion> Read(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(Read(reader));
    }

    public static Asked<Behind<ScoresQuestion, ScorePick>> ReadBehind(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        reader.Needed("metric");
        var question = Read(reader);
        return reader.Give(new Behind<ScoresQuestion, ScorePick>(
            question, new ScorePick(reader.Text("at"), question.Metric ?? Metric.Nps, reader.OneOf("band", "good", "middle", "bad"), reader.TextOrEmpty("value")), reader.Page()));
    }

    public static Address Of(ScoresQuestion question) => new Address("/measure/scores")
        .With("metric", question.Metric is { } metric ? Metrics.Name(metric) : null).With("breakdown", question.Breakdown).With("trend", question.Trend)
        .With("compareFrom", question.CompareFrom).With("compareTo", question.CompareTo).With(question.Filter);

    public static Address Behind(ScoresQuestion question, ScorePick pick) =>
        Of(question with { Metric = pick.Metric, Trend = null, CompareFrom = null, CompareTo = null }).Customers().With("at", pick.At).With("band", pick.Band).With("value", pick.Group);

    private static ScoresQuestion Read(QueryReader reader) => new(
        Metrics.Find(reader.OneOf("metric", MetricNames)), reader.Text("breakdown"), reader.OneOf("trend", "week", "month"), reader.Day("compareFrom"), reader.Day("compareTo"), reader.Filter())
    { Groups = reader.Groups };
}
