using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Analyse;

/// <summary>A question for referrals as the query of an address, both ways.</summary>
internal static class ReferralsAddress
{
    private const int Most = 20;

    public static IReadOnlyList<QuestionParameter> Parameters { get; } =
    [
        new("recommends", "What counts as a recommendation: a touchpoint, or a rule as in a funnel's step, such as Survey & metric=nps & score>=9; repeat it for several; the indirect touchpoints of the stage advocacy unless said.", Repeated: true),
        new("window", "How far back is looked before a recommendation: a number and s, m, h, d or w; 90d unless said."),
        .. QuestionParameters.Filter,
    ];

    public static IReadOnlyList<QuestionParameter> Picks { get; } =
    [
        new("who", "recommended, compared (with whom they are compared), brought (whose code was used) or came (who used one)."),
        new("before", "Of those who recommended or are compared with, only who was at this touchpoint before."),
        new("by", "Of those who came, only by this customer: a number."),
    ];

    public static Asked<PrecedingQuestion> Read(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(Read(reader));
    }

    public static Asked<Behind<PrecedingQuestion, ReferralsPick>> ReadBehind(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        reader.Needed("who");
        var who = reader.OneOf("who", Referrals.Recommended, Referrals.Compared, Referrals.Brought, Referrals.Came);
        int? by = reader.Text("by") is null ? null : reader.Number("by", 0, 0, int.MaxValue);
        return reader.Give(new Behind<PrecedingQuestion, ReferralsPick>(Read(reader), new ReferralsPick(who ?? "", reader.Text("before"), by), reader.Page()));
    }

    public static Address Of(PrecedingQuestion question) => new Address("/analyse/referrals").With("recommends", question.Cases).With("window", question.Window).With(question.Filter);

    public static Address Behind(PrecedingQuestion question, ReferralsPick pick) => Of(question).Customers().With("who", pick.Who).With("before", pick.Before).With("by", pick.By);

    private static PrecedingQuestion Read(QueryReader reader) => new(reader.Texts("recommends", Most), reader.Window("window", PrecedingQuestion.DefaultWindow), reader.Filter());
}
