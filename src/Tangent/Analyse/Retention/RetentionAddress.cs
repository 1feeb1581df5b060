using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Analyse;

/// <summary>A question for retention as the query of an address, both ways.</summary>
internal static class RetentionAddress
{
    public const string UsualPeriod = "week";

    public static IReadOnlyList<QuestionParameter> Parameters { get; } =
    [
        new("start", "What starts: a touchpoint, or a rule as in a funnel's step; any event unless said."),
        new("return", "What counts as coming back; any event unless said."),
        new("period", "day, week or month; week unless said."),
        new("recurring", "true: a customer starts anew in every period with a start; false: once; false unless said."),
        new("orAfter", "true: a return in the period or any later one counts; false: in the period only; false unless said."),
        .. QuestionParameters.Filter,
    ];

    public static IReadOnlyList<QuestionParameter> Picks { get; } =
    [
        new("cohort", "First day of the period of start, yyyy-MM-dd."),
        new("offset", "Who returned so many periods later; the whole cohort unless said."),
        new("absent", "true: those who did not, instead."),
    ];

    public static Asked<RetentionQuestion> Read(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(Read(reader));
    }

    public static Asked<Behind<RetentionQuestion, RetentionPick>> ReadBehind(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        reader.Needed("cohort");
        var offset = reader.Text("offset") is null ? (int?)null : reader.Number("offset", 0, 0, 400);
        return reader.Give(new Behind<RetentionQuestion, RetentionPick>(
            Read(reader), new RetentionPick(reader.Day("cohort") ?? default, offset, reader.Flag("absent", false)), reader.Page()));
    }

    public static Address Of(RetentionQuestion question) => new Address("/analyse/retention")
        .With("start", question.Start).With("return", question.Return).With("period", question.Period)
        .With("recurring", question.Recurring ? true : null).With("orAfter", question.OrAfter ? true : null).With(question.Filter);

    public static Address Behind(RetentionQuestion question, RetentionPick pick) => Of(question).Customers()
        .With("cohort", pick.Cohort).With("offset", pick.Offset).With("absent", pick.Absent ? true : null);

    private static RetentionQuestion Read(QueryReader reader) => new(
        reader.Text("start"), reader.Text("return"), reader.OneOf("period", "day", "week", "month") ?? UsualPeriod,
        reader.Flag("recurring", false), reader.Flag("orAfter", false), reader.Filter());
}
