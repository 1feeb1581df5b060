using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Analyse;

/// <summary>A question for rework and throughput as the query of an address, both ways.</summary>
internal static class ReworkAddress
{
    public static IReadOnlyList<QuestionParameter> Parameters { get; } =
    [
        new("start", "Time is also taken from the first event at this touchpoint …"),
        new("end", "… to the first event after it at this one."),
        .. QuestionParameters.Filter,
    ];

    public static Asked<ReworkQuestion> Read(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(Read(reader));
    }

    public static Asked<Behind<ReworkQuestion, ReworkPick>> ReadBehind(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        var pick = new ReworkPick(reader.Text("at"), reader.Flag("atOnce", false), reader.Text("over"));
        return reader.Give(new Behind<ReworkQuestion, ReworkPick>(Read(reader), pick, reader.Page()));
    }

    public static Address Of(ReworkQuestion question) => new Address("/analyse/rework").With("start", question.Start).With("end", question.End).With(question.Filter);

    public static Address Behind(ReworkQuestion question, ReworkPick pick) =>
        Of(question).Customers().With("at", pick.At).With("atOnce", pick.AtOnce ? true : null).With("over", pick.Over);

    private static ReworkQuestion Read(QueryReader reader) => new(reader.Text("start"), reader.Text("end"), reader.Filter());
}
