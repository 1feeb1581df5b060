using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Analyse;

/// <summary>A question for the volumes of touchpoints as the query of an address, both ways.</summary>
internal static class VolumesAddress
{
    public static Asked<TouchpointsQuestion> Read(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(Read(reader));
    }

    public static Asked<Behind<TouchpointsQuestion, TouchpointPick>> ReadBehind(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(new Behind<TouchpointsQuestion, TouchpointPick>(Read(reader), new TouchpointPick(reader.Needed("at")), reader.Page()));
    }

    public static Address Of(TouchpointsQuestion question) => new Address("/analyse/touchpoints").With("bucket", question.Bucket).With(question.Filter);

    public static Address Behind(TouchpointsQuestion question, TouchpointPick pick) => Of(question).Customers().With("at", pick.Name);

    private static TouchpointsQuestion Read(QueryReader reader) => new(reader.OneOf("bucket", "day", "week", "month"), reader.Filter());
}
