using Tangent.Collect;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <param name="Before">The answer for the period before; null where there is nothing to compare with.</param>
public sealed record ConformanceModel(Around Around, ConformanceForm Form, ConformanceReport? Report, ConformanceAnswer? Before)
{
    /// <summary>Customers of the period before who kept every rule that applied to them; null where there is nothing to compare with.</summary>
    public long? KeptBefore => Before is { } before ? before.Applicable - BrokenBefore : null;

    public long? BrokenBefore => Before?.FirstDeviations.Sum(d => d.Customers);
}

/// <param name="Rules">Rules as they stand in the address, readable or not.</param>
/// <param name="Draft">The rule being put together, if any.</param>
/// <param name="Proposed">The rules are a proposal, nobody wrote them.</param>
public sealed record ConformanceForm(IReadOnlyList<string> Rules, RuleDraft? Draft, IReadOnlyList<Choice> Kinds, IReadOnlyList<Choice> Touchpoints, bool Proposed);

/// <param name="Fitness">Null where no rule is applicable to anybody.</param>
/// <param name="Without">Customers without an applicable rule.</param>
public sealed record ConformanceReport(
    long Customers, long Applicable, double? Fitness, Interval? Interval, Count Satisfied, Count Violated, Count Without,
    SeriesChart Chart, IReadOnlyList<Count> Bins, IReadOnlyList<RuleRow> Rules, IReadOnlyList<DeviationRow> Deviations);

/// <param name="Words">The rule as a sentence.</param>
/// <param name="Text">The rule as it is written.</param>
public sealed record RuleRow(int Number, string Words, string Text, Count Applicable, Count Satisfied, Count Violated);

/// <param name="Touchpoint">Null for the end of the journey.</param>
public sealed record DeviationRow(string Words, Mark? Touchpoint, Count Count);

internal static class ConformanceReports
{
    public static ConformanceReport Of(ConformanceQuestion question, ConformanceAnswer answer, Marks marks)
    {
        Count Behind(long customers, ConformancePick pick) => new(customers, ConformanceAddress.Behind(question, pick).ToString());
        Count Rule(long customers, RuleOutcome outcome, int number) => Behind(customers, new ConformancePick(outcome, number));
        var violated = answer.FirstDeviations.Sum(d => d.Customers);
        Count[] bins = [.. answer.FitnessHistogram.Select((bin, index) => Behind(bin.Customers, new ConformancePick(RuleOutcome.Applicable, Bin: index)))];
        return new ConformanceReport(
            answer.Customers, answer.Applicable, answer.Fitness, answer.Low is { } low ? new Interval(low, answer.High!.Value) : null,
            Behind(answer.Applicable - violated, new ConformancePick(RuleOutcome.Satisfied)), Behind(violated, new ConformancePick(RuleOutcome.Violated)),
            Behind(answer.Customers - answer.Applicable, new ConformancePick(RuleOutcome.NotApplicable)), Chart(bins), bins,
            [.. answer.Rules.Select(r => new RuleRow(
                r.Number, RuleWords.Of(question.Rules[r.Number - 1]), r.Rule, Rule(r.Applicable, RuleOutcome.Applicable, r.Number),
                Rule(r.Applicable - r.Violated, RuleOutcome.Satisfied, r.Number), Rule(r.Violated, RuleOutcome.Violated, r.Number)))],
            [.. answer.FirstDeviations.Select(d => new DeviationRow(
                RuleWords.Of(question.Rules[d.Number - 1]), d.Touchpoint is { } name ? marks.Of(name) : null,
                Behind(d.Customers, new ConformancePick(RuleOutcome.First, d.Number, d.Touchpoint, d.Touchpoint is null))))]);
    }

    private static SeriesChart Chart(Count[] bins) => new(
        "bar", [.. bins.Select((_, index) => RuleWords.Bin(index))],
        [new Series(T("Analyse.Customers"), [.. bins.Select(bin => (double)bin.Customers)], Hrefs: [.. bins.Select(bin => bin.Href)])], T("Analyse.Unit.Customers"));
}
