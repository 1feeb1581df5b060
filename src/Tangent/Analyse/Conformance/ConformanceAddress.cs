using Tangent.Collect;
using Tangent.Unify;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <summary>A conformance question as the query of an address, both ways.</summary>
internal static class ConformanceAddress
{
    private static readonly string[] Outcomes = ["applicable", "satisfied", "violated", "first", "notApplicable"];

    public static IReadOnlyList<QuestionParameter> Parameters { get; } =
    [
        new("rule", "A rule such as 'starts: A', 'response: A -> B', 'within 2d: A -> B', 'exactly 1: A', 'xor: A, B' (docs/questions.md lists all); repeat it, 1 to 64.", Repeated: true),
        .. QuestionParameters.Filter,
    ];

    public static IReadOnlyList<QuestionParameter> Picks { get; } =
    [
        new("outcome", "applicable, satisfied, violated, first (whose first deviation it is) or notApplicable; violated unless said, applicable with a bin."),
        new("at", "Position of the rule in the question, from 1; all rules unless said."),
        new("where", "Of first deviations: only those by an event at this touchpoint."),
        new("end", "Of first deviations, true: only those at the end of the journey."),
        new("bin", "Only a fitness in this bin of the histogram, 0 to 10."),
    ];

    /// <summary>The question; without a rule where none is named, which the journeys refuse and the page answers with a proposal.</summary>
    public static Asked<ConformanceQuestion> Read(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return Read(reader).Then(reader.Give);
    }

    /// <param name="query">The query.</param>
    /// <param name="usual">The outcome where the query says nothing of it.</param>
    public static Asked<Behind<ConformanceQuestion, ConformancePick>> ReadBehind(IQueryCollection query, RuleOutcome usual = RuleOutcome.Violated)
    {
        var reader = new QueryReader(query);
        var (where, end, bin) = (reader.Text("where"), reader.Flag("end", false), OptionalNumber(reader, "bin", 0, 10));
        var isFirst = where is not null || end;
        var outcome = reader.OneOf("outcome", Outcomes) ?? (isFirst ? "first" : Outcomes[(int)(bin is null ? usual : RuleOutcome.Applicable)]);
        if (isFirst && outcome != "first") return new Refusal("outcome", T("Analyse.Refused.Where"));
        var pick = new ConformancePick(Enum.Parse<RuleOutcome>(outcome, ignoreCase: true), OptionalNumber(reader, "at", 1, ConformanceQuestion.MostRules), where, end, bin);
        return Read(reader).Then(question => reader.Give(new Behind<ConformanceQuestion, ConformancePick>(question, pick, reader.Page())));
    }

    public static Address Of(ConformanceQuestion question) =>
        question.Rules.Aggregate(new Address("/analyse/conformance"), (address, rule) => address.With("rule", rule)).With(question.Filter);

    public static Address Behind(ConformanceQuestion question, ConformancePick pick) => Of(question).Customers()
        .With("outcome", Outcomes[(int)pick.Outcome]).With("at", pick.Number).With("where", pick.Touchpoint).With("end", pick.AtEnd ? true : null).With("bin", pick.Bin);

    private static Asked<ConformanceQuestion> Read(QueryReader reader)
    {
        List<ConformanceRule> rules = [];
        foreach (var text in reader.Texts("rule", ConformanceQuestion.MostRules))
        {
            var rule = RuleText.Read(text);
            if (rule.Refusal is { } refusal) return refusal;
            rules.Add(rule.Answer!);
        }

        return new ConformanceQuestion(rules, reader.Filter());
    }

    private static int? OptionalNumber(QueryReader reader, string field, int least, int most) =>
        reader.Number(field, -1, least, most) is >= 0 and var number ? number : null;
}
