using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Analyse;

/// <summary>A question for stalled journeys as the query of an address, both ways.</summary>
internal static class StalledAddress
{
    private const int MostExcluded = 100;

    public static IReadOnlyList<QuestionParameter> Parameters { get; } =
    [
        new("percentile", "Up to this percentile of the time to the next event a wait is usual, 50 to 99; 90 unless said."),
        new("asOf", "Waits are measured to the end of this day, yyyy-MM-dd; unless said to the end of the period, or the latest event of all where that is earlier."),
        new("exclude", "A touchpoint left out of the list because journeys end there naturally; repeat it for several.", Repeated: true),
        .. QuestionParameters.Filter,
    ];

    public static IReadOnlyList<QuestionParameter> Picks { get; } =
    [
        new("at", "Touchpoint of the last event; any that is not left out unless said."),
        new("stalled", "false: all whose last event is there; true (unless said): only those who have waited longer than usual."),
    ];

    public static Asked<StalledQuestion> Read(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(Read(reader));
    }

    public static Asked<Behind<StalledQuestion, StalledPick>> ReadBehind(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(new Behind<StalledQuestion, StalledPick>(Read(reader), new StalledPick(reader.Text("at"), reader.Flag("stalled", true)), reader.Page()));
    }

    public static Address Of(StalledQuestion question) => question.Exclude
        .Aggregate(new Address("/analyse/stalled").With("percentile", question.Percentile).With("asOf", question.AsOf), (address, name) => address.With("exclude", name))
        .With(question.Filter);

    public static Address Behind(StalledQuestion question, StalledPick pick) =>
        Of(question).Customers().With("at", pick.Touchpoint).With("stalled", pick.Stalled);

    private static StalledQuestion Read(QueryReader reader) => new(
        reader.Number("percentile", StalledQuestion.UsualPercentile, StalledQuestion.LeastPercentile, StalledQuestion.MostPercentile),
        reader.Day("asOf"), [.. reader.Texts("exclude", MostExcluded).Distinct(StringComparer.Ordinal)], reader.Filter());
}
