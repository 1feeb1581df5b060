using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Analyse;

/// <summary>A question for drivers as the query of an address, both ways.</summary>
internal static class DriversAddress
{
    public const string Score = "score", Repurchase = "repurchase", Churn = "churn";

    private const int Most = 20;

    public static IReadOnlyList<QuestionParameter> Parameters { get; } =
    [
        new("outcome", "What is explained: score: the number of an answer; repurchase: whether a goal follows; churn: whether none does; score unless said."),
        new("metric", "What the answers measure whose score is explained: nps, csat, ces, rating or review; nps unless said, and of named events what they measure, if that is one."),
        new("about", "What these answers are of: company, any, or the name of a touchpoint; of NPS the company unless said, else any."),
        new("at", "Which events the outcome is taken at, written as a funnel's step: of a score the answers, all of the metric unless said; else the contacts after which a goal follows or not, the goals themselves unless said."),
        new("score", "The declared property that holds the score; score unless said."),
        new("goal", "What is bought, for repurchase and churn, written as a funnel's step; repeat it for several, any of which counts.", Repeated: true),
        new("within", "Within what time a goal must follow: a number and s, m, h, d or w; 120d unless said."),
        new("window", "How far back experiences count: a number and s, m, h, d or w; 90d unless said."),
        .. QuestionParameters.Filter,
    ];

    public static IReadOnlyList<QuestionParameter> Picks { get; } =
    [
        new("experience", "The key of an item; all customers with an outcome unless said."),
        new("had", "true (unless said): who lived through it before an outcome; false: who had an outcome without it."),
    ];

    /// <param name="query">The query of the address.</param>
    /// <param name="usual">Outcome and goal where none is named; null where they must be.</param>
    public static Asked<DriversQuestion> Read(IQueryCollection query, Func<(DriverOutcome Outcome, string? Goal)>? usual = null)
    {
        var reader = new QueryReader(query);
        return reader.Give(Read(reader, usual));
    }

    public static Asked<Behind<DriversQuestion, DriversPick>> ReadBehind(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(new Behind<DriversQuestion, DriversPick>(Read(reader, null), new DriversPick(reader.Text("experience"), reader.Flag("had", true)), reader.Page()));
    }

    public static Address Of(DriversQuestion question) => new Address("/analyse/drivers")
        .With("outcome", Name(question.Outcome)).With("metric", question.AnswerMetric is { } metric ? Metrics.Name(metric) : null).With("about", question.About).With("at", question.At).With("score", question.Score == DriversQuestion.DefaultScore ? null : question.Score)
        .With("goal", question.Goals).With("within", question.Outcome == DriverOutcome.Score ? null : question.Within).With("window", question.Window).With(question.Filter);

    public static Address Behind(DriversQuestion question, DriversPick pick) => Of(question).Customers().With("experience", pick.Experience).With("had", pick.Had ? null : false);

    public static string Name(DriverOutcome outcome) => outcome switch { DriverOutcome.Repurchase => Repurchase, DriverOutcome.Churn => Churn, _ => Score };

    private static DriversQuestion Read(QueryReader reader, Func<(DriverOutcome Outcome, string? Goal)>? usual)
    {
        var (named, goals) = (reader.OneOf("outcome", Score, Repurchase, Churn), reader.Texts("goal", Most));
        var outcome = named switch { Repurchase => DriverOutcome.Repurchase, Churn => DriverOutcome.Churn, _ => DriverOutcome.Score };
        if (usual is not null && (named is null || (outcome != DriverOutcome.Score && goals.Count == 0)))
        {
            var proposed = usual();
            if (named is null) outcome = proposed.Outcome;
            if (outcome != DriverOutcome.Score && goals.Count == 0 && proposed.Goal is { } goal) goals = [goal];
        }

        return new DriversQuestion(
            outcome, reader.Text("at"), reader.Text("score") ?? DriversQuestion.DefaultScore, goals, reader.Window("within", DriversQuestion.DefaultWithin),
            reader.Window("window", DriversQuestion.DefaultWindow), reader.Filter())
        {
            AnswerMetric = Metrics.Find(reader.OneOf("metric", [.. Metrics.Scored.Select(Metrics.Name)])),
            About = reader.Text("about"),
        };
    }
}
