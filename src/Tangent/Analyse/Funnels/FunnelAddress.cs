using Tangent.Collect;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <summary>A funnel question as the query of an address, both ways.</summary>
internal static class FunnelAddress
{
    public const int MostSteps = 20;

    /// <summary>The question; without a step where none is named, which <see cref="WithSteps"/> refuses and the page answers with a proposal.</summary>
    public static Asked<FunnelQuestion> Read(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(Read(reader));
    }

    public static Asked<FunnelQuestion> WithSteps(FunnelQuestion question) =>
        question.Steps.Count > 0 ? question : new Refusal("step", T("Analyse.Refused.NoStep", MostSteps));

    public static Asked<Behind<FunnelQuestion, FunnelPick>> ReadBehind(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        var pick = new FunnelPick(reader.Number("at", 1, 1, MostSteps), reader.Flag("dropped", false), reader.TextOrEmpty("group"));
        return reader.Give(Read(reader)).Then(WithSteps)
            .Then(question => pick.Step <= question.Steps.Count ? question : (Asked<FunnelQuestion>)new Refusal("at", T("Analyse.Refused.At", question.Steps.Count)))
            .Then(question => reader.Give(new Behind<FunnelQuestion, FunnelPick>(question, pick, reader.Page())));
    }

    public static Address Of(FunnelQuestion question)
    {
        var steps = question.Steps.Aggregate(new Address("/analyse/funnels"), (a, step) => a.With("step", step));
        return steps.With("window", question.Window).With("breakdown", question.Breakdown).With(question.Filter);
    }

    public static Address Behind(FunnelQuestion question, FunnelPick pick) =>
        Of(question).Customers().With("at", pick.Step).With("dropped", pick.Dropped ? true : null).With("group", pick.Group);

    private static FunnelQuestion Read(QueryReader reader) => new(
        reader.Texts("step", MostSteps), reader.Window("window", FunnelQuestion.DefaultWindow), reader.OneOf("breakdown", "channel"), reader.Filter());
}
