using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Analyse;

/// <summary>A question for what goes along with a conversion as the query of an address, both ways.</summary>
internal static class CorrelationAddress
{
    public static IReadOnlyList<QuestionParameter> Parameters { get; } =
    [
        new("goal", "Touchpoint that converts."),
        new("start", "Touchpoint that enters; the beginning of the journey unless said."),
        new("window", "Longest time from entry to conversion: a number and s, m, h, d or w; 14d unless said."),
        .. QuestionParameters.Filter,
    ];

    public static IReadOnlyList<QuestionParameter> Picks { get; } =
    [
        new("at", "A touchpoint; all entrants unless said."),
        new("did", "true (unless said): who were there between entry and conversion or within the window; false: who were not."),
        new("converted", "true: who converted; false: who did not; both unless said."),
    ];

    /// <param name="query">The query of the address.</param>
    /// <param name="usualGoal">Goal where none is named; null where one must be.</param>
    public static Asked<CorrelationQuestion> Read(IQueryCollection query, Func<string?>? usualGoal = null)
    {
        var reader = new QueryReader(query);
        return reader.Give(Read(reader, usualGoal));
    }

    public static Asked<Behind<CorrelationQuestion, CorrelationPick>> ReadBehind(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        bool? converted = reader.Text("converted") is null ? null : reader.Flag("converted", true);
        return reader.Give(new Behind<CorrelationQuestion, CorrelationPick>(Read(reader, null), new CorrelationPick(reader.Text("at"), reader.Flag("did", true), converted), reader.Page()));
    }

    public static Address Of(CorrelationQuestion question) => new Address("/analyse/correlation")
        .With("goal", question.Goal).With("start", question.Start).With("window", question.Window).With(question.Filter);

    public static Address Behind(CorrelationQuestion question, CorrelationPick pick) => Of(question).Customers()
        .With("at", pick.Name).With("did", pick.Did ? null : false).With("converted", pick.Converted);

    private static CorrelationQuestion Read(QueryReader reader, Func<string?>? usualGoal) => new(
        reader.Text("start"), reader.Text("goal") ?? usualGoal?.Invoke() ?? reader.Needed("goal"), reader.Window("window", CorrelationQuestion.UsualWindow), reader.Filter());
}
