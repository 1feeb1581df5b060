using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Analyse;

/// <summary>Questions for neighbours and for touchpoints that go together as the query of an address, both ways.</summary>
internal static class NeighboursAddress
{
    public static IReadOnlyList<QuestionParameter> Parameters { get; } =
    [
        new("at", "The touchpoint in the middle."),
        new("steps", "Events looked at before and after it, 1 to 20; 3 unless said."),
        .. QuestionParameters.Filter,
    ];

    public static IReadOnlyList<QuestionParameter> Picks { get; } =
    [
        new("neighbour", "What comes before or after; all who were at the touchpoint in the middle unless said."),
        new("side", "before, or after (unless said)."),
    ];

    public static IReadOnlyList<QuestionParameter> PairParameters { get; } = [new("top", "Pairs listed, those of most customers, 1 to 10000; 500 unless said."), .. QuestionParameters.Filter];

    public static IReadOnlyList<QuestionParameter> PairPicks { get; } = [new("at", "One touchpoint."), new("with", "The other.")];

    /// <param name="query">The query of the address.</param>
    /// <param name="usual">Touchpoint where none is named; null where one must be.</param>
    public static Asked<NeighboursQuestion> Read(IQueryCollection query, Func<string?>? usual = null)
    {
        var reader = new QueryReader(query);
        return reader.Give(Read(reader, usual));
    }

    public static Asked<Behind<NeighboursQuestion, NeighbourPick>> ReadBehind(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(new Behind<NeighboursQuestion, NeighbourPick>(
            Read(reader, null), new NeighbourPick(reader.Text("neighbour"), reader.OneOf("side", "before", "after") == "before"), reader.Page()));
    }

    public static Asked<CoOccurrenceQuestion> ReadPairs(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(ReadPairs(reader));
    }

    public static Asked<Behind<CoOccurrenceQuestion, CoOccurrencePick>> ReadPairBehind(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(new Behind<CoOccurrenceQuestion, CoOccurrencePick>(ReadPairs(reader), new CoOccurrencePick(reader.Needed("at"), reader.Needed("with")), reader.Page()));
    }

    public static Address Of(NeighboursQuestion question) => new Address("/analyse/neighbours").With("at", question.At).With("steps", question.Steps).With(question.Filter);

    public static Address Behind(NeighboursQuestion question, NeighbourPick pick) =>
        Of(question).Customers().With("neighbour", pick.Name).With("side", pick.Before ? "before" : null);

    public static Address Of(CoOccurrenceQuestion question) => new Address("/analyse/cooccurrence").With("top", question.Top).With(question.Filter);

    // How many pairs are listed does not matter for one of them.
    public static Address Behind(CoOccurrenceQuestion question, CoOccurrencePick pick) =>
        new Address("/analyse/cooccurrence").With(question.Filter).Customers().With("at", pick.At).With("with", pick.With);

    private static NeighboursQuestion Read(QueryReader reader, Func<string?>? usual) => new(
        reader.Text("at") ?? usual?.Invoke() ?? reader.Needed("at"), reader.Number("steps", NeighboursQuestion.UsualSteps, 1, NeighboursQuestion.MostSteps), reader.Filter());

    private static CoOccurrenceQuestion ReadPairs(QueryReader reader) => new(reader.Number("top", CoOccurrenceQuestion.UsualTop, 1, CoOccurrenceQuestion.MostTop), reader.Filter());
}
