using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Analyse;

/// <summary>A question for the life cycle as the query of an address, both ways.</summary>
internal static class LifeCycleAddress
{
    public static IReadOnlyList<QuestionParameter> Parameters { get; } =
    [
        new("active", "What makes a customer active: a touchpoint, or a rule as in a funnel's step; any event unless said."),
        new("period", "day, week or month; month unless said."),
        .. QuestionParameters.Filter,
    ];

    public static IReadOnlyList<QuestionParameter> Picks { get; } =
    [
        new("cohort", "First day of the period, yyyy-MM-dd."),
        new("part", "new, returning, resurrecting or dormant."),
    ];

    public static Asked<LifeCycleQuestion> Read(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(Read(reader));
    }

    public static Asked<Behind<LifeCycleQuestion, LifeCyclePick>> ReadBehind(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        reader.Needed("cohort");
        return reader.Give(new Behind<LifeCycleQuestion, LifeCyclePick>(Read(reader), new LifeCyclePick(reader.Day("cohort") ?? default, reader.Needed("part")), reader.Page()));
    }

    public static Address Of(LifeCycleQuestion question) => new Address("/analyse/lifecycle").With("active", question.Active).With("period", question.Period).With(question.Filter);

    public static Address Behind(LifeCycleQuestion question, LifeCyclePick pick) => Of(question).Customers().With("cohort", pick.From).With("part", pick.Part);

    private static LifeCycleQuestion Read(QueryReader reader) => new(reader.Text("active"), reader.OneOf("period", "day", "week", "month") ?? "month", reader.Filter());
}
