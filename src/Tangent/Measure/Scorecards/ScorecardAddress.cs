using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Measure;

/// <summary>The parameters of a scorecard.</summary>
internal static class ScorecardAddress
{
    public static IReadOnlyList<QuestionParameter> Parameters { get; } =
    [
        new("goal", "What a customer who was there goes on to, written as a funnel's step; repeat it for several; the touchpoints of the stage conversion that bring revenue unless said.", Repeated: true),
        new("answer", "What answers a customer there: how soon does it? Repeat it for several.", Repeated: true),
        .. ContactsQuestion.Parameters.Where(p => p.Name is "within" or "hours"),
        .. QuestionParameters.FilterOfAnswers,
    ];

    /// <summary>What is chosen on the page beside the filter.</summary>
    public const string Chosen = "goal,answer,within,hours";

    public static Asked<JourneyFilter> Filter(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(reader.Filter());
    }
}
