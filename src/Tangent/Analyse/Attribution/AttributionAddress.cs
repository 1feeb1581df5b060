using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Analyse;

/// <summary>A question for attribution as the query of an address, both ways.</summary>
internal static class AttributionAddress
{
    public static IReadOnlyList<QuestionParameter> Parameters { get; } =
    [
        new("conversion", "A touchpoint whose events are conversions; repeat it for several.", Repeated: true),
        new("by", "What gets the credit: touchpoint (unless said), channel or campaign."),
        new("lookback", "How far back from a conversion its path reaches: a number and s, m, h, d or w; 90d unless said."),
        new("halfLife", "Time in which a touchpoint's weight halves in the time-decay model; 7d unless said."),
        new("order", "How many last touchpoints are a state of the Markov chain, 1 to 3; 1 unless said."),
        .. QuestionParameters.Filter,
    ];

    public static IReadOnlyList<QuestionParameter> Picks { get; } =
        [new("at", "Only customers with this touchpoint, channel or campaign on the path of a conversion; all with a conversion unless said.")];

    public static IReadOnlyList<QuestionParameter> OfFile { get; } =
    [
        new("separator", "What stands between the touchpoints of a path; > unless said."),
        new("path", "Column of the paths; the one called path unless said, else the first that is no other."),
        new("conversions", "Column of the number of conversions; conversions unless said."),
        new("value", "Column of the value of the conversions together; none unless said."),
        new("null", "Column of the number of paths that led to no conversion; none unless said."),
        new("order", "How many last touchpoints are a state of the Markov chain, 1 to 3; 1 unless said."),
    ];

    public static Asked<AttributionQuestion> Read(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(Read(reader));
    }

    public static Asked<Behind<AttributionQuestion, AttributionPick>> ReadBehind(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(new Behind<AttributionQuestion, AttributionPick>(Read(reader), new AttributionPick(reader.Text("at")), reader.Page()));
    }

    public static Asked<PathsFileQuestion> ReadFile(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(new PathsFileQuestion(
            reader.Text("separator") ?? ">", reader.Text("path"), reader.Text("conversions") ?? "conversions", reader.Text("value"), reader.Text("null"), reader.Number("order", 1, 1, 3)));
    }

    public static Address Of(AttributionQuestion question)
    {
        var address = question.Conversions.Aggregate(new Address("/analyse/attribution"), (a, name) => a.With("conversion", name));
        return address.With("by", question.By == AttributionUnit.Touchpoint ? null : Name(question.By))
            .With("lookback", question.Lookback).With("halfLife", question.HalfLife).With("order", question.Order).With(question.Filter);
    }

    public static Address Behind(AttributionQuestion question, AttributionPick pick) => Of(question).Customers().With("at", pick.Name);

    public static string Name(AttributionUnit unit) => unit switch { AttributionUnit.Channel => "channel", AttributionUnit.Campaign => "campaign", _ => "touchpoint" };

    private static AttributionQuestion Read(QueryReader reader) => new(
        [.. reader.Texts("conversion", AttributionQuestion.MostConversions).Distinct(StringComparer.Ordinal)],
        reader.OneOf("by", "touchpoint", "channel", "campaign") switch { "channel" => AttributionUnit.Channel, "campaign" => AttributionUnit.Campaign, _ => AttributionUnit.Touchpoint },
        reader.Window("lookback", AttributionQuestion.UsualLookback), reader.Window("halfLife", AttributionQuestion.UsualHalfLife), reader.Number("order", 1, 1, 3), reader.Filter());
}
