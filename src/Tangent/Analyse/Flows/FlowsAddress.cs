using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Analyse;

/// <summary>A question for flows as the query of an address, both ways.</summary>
internal static class FlowsAddress
{
    public static Asked<FlowsQuestion> Read(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(Read(reader));
    }

    public static Asked<Behind<FlowsQuestion, FlowPick>> ReadBehind(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(new Behind<FlowsQuestion, FlowPick>(Read(reader), new FlowPick(reader.Needed("before"), reader.Needed("after")), reader.Page()));
    }

    public static Address Of(FlowsQuestion question) => new Address("/analyse/flows").With("collapse", question.Collapse).With(question.Filter);

    public static Address Behind(FlowsQuestion question, FlowPick pick) =>
        Of(question).Customers().With("before", pick.From).With("after", pick.To);

    private static FlowsQuestion Read(QueryReader reader) => new(reader.Flag("collapse", false), reader.Filter());
}
