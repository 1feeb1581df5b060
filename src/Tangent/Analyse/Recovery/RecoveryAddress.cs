using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Analyse;

/// <summary>A question for recovery as the query of an address, both ways.</summary>
internal static class RecoveryAddress
{
    private const int Most = 20;

    public static IReadOnlyList<QuestionParameter> Parameters { get; } =
    [
        new("bad", "A bad contact: a touchpoint, or a rule as in a funnel's step, such as Survey & metric=nps & score<=6; repeat it for several, any of which counts.", Repeated: true),
        new("goal", "What shows that all is well again, written likewise; any further event unless said; repeat it for several.", Repeated: true),
        new("window", "Who has no event for so long has left; within so long a next contact makes up: a number and s, m, h, d or w; 30d unless said."),
        .. QuestionParameters.Filter,
    ];

    public static IReadOnlyList<QuestionParameter> Picks { get; } =
    [
        new("who", "affected, left, stayed, open, judged, madeUp, notMadeUp or stayedOpen."),
        new("next", "Only with this touchpoint as the next contact."),
    ];

    public static Asked<RecoveryQuestion> Read(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(Read(reader));
    }

    public static Asked<Behind<RecoveryQuestion, RecoveryPick>> ReadBehind(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(new Behind<RecoveryQuestion, RecoveryPick>(Read(reader), new RecoveryPick(reader.Needed("who"), reader.Text("next")), reader.Page()));
    }

    public static Address Of(RecoveryQuestion question) => new Address("/analyse/recovery")
        .With("bad", question.Bad).With("goal", question.Goals).With("window", question.Window).With(question.Filter);

    public static Address Behind(RecoveryQuestion question, RecoveryPick pick) => Of(question).Customers().With("who", pick.Who).With("next", pick.Next);

    private static RecoveryQuestion Read(QueryReader reader) => new(
        reader.Texts("bad", Most), reader.Texts("goal", Most), reader.Window("window", RecoveryQuestion.DefaultWindow), reader.Filter());
}
