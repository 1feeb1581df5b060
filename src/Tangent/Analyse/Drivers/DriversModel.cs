using Tangent.Collect;
using Tangent.Measure;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <param name="Question">The question as read.</param>
/// <param name="Answered">Touchpoints that were answered about.</param>
/// <param name="Report">Null where there is no answer.</param>
public sealed record DriversModel(Around Around, DriversQuestion Question, IReadOnlyList<string> Touchpoints, IReadOnlyList<string> Answered, DriversReport? Report);

/// <param name="Of">Customers with an outcome.</param>
public sealed record DriversReport(DriversAnswer Answer, DriverOutcome Outcome, Count Of, IReadOnlyList<DriverRow> Drivers, IReadOnlyList<DriverRow> Others, IReadOnlyList<AlongRow> Along, IReadOnlyList<FactorRow> Factors)
{
    public bool IsScore => Outcome == DriverOutcome.Score;

    /// <summary>Which scores were explained; null where the outcome is none.</summary>
    public string? Explained => Answer is { Metric: { } metric, About: { } about } ? $"{ScoreWords.Of(Metrics.Find(metric)!.Value)} · {OutcomeFields.Words(about)}" : null;

    /// <summary>A mean outcome or an effect: points of the score, or percentage points.</summary>
    public string Written(double value) => IsScore ? Figures.Number(value, 2) : Figures.Percent(value);

    public string WithSign(double value) => (value > 0 ? "+" : "") + Written(value);
}

/// <param name="Driver">The experience and its figures.</param>
/// <param name="Mark">It in words, in the colour of its touchpoint's channel.</param>
/// <param name="Hint">What it is compared with; null where that goes without saying.</param>
/// <param name="Customers">Who had it before an outcome.</param>
public sealed record DriverRow(Driver Driver, Mark Mark, string? Hint, Count Customers)
{
    public double Alone => Driver.MeanWith - Driver.MeanWithout;
}

/// <param name="Mark">The experience that is not tested by itself.</param>
/// <param name="With">The one it cannot be told from.</param>
public sealed record AlongRow(Mark Mark, Mark With);

/// <param name="Kind">What kind of factor it is, in words.</param>
/// <param name="Href">Who answered before an outcome.</param>
public sealed record FactorRow(Factor Factor, Mark Mark, string Kind, string Href);

internal static class DriversReports
{
    public static DriversReport Of(DriversQuestion question, DriversAnswer answer, Marks marks)
    {
        Count Behind(long customers, string? key) => new(customers, DriversAddress.Behind(question, new DriversPick(key, true)).ToString());
        Mark MarkOf(LivedExperience experience) => new(Words(experience), experience.Touchpoint is { } at ? marks.Color(at) : null);
        var rows = answer.Items.Select(d => new DriverRow(
            d, MarkOf(d.Experience), d.Experience.Usual is { } usual ? T("Analyse.Drivers.WithHint", d.Experience.Property ?? "", usual) : null, Behind(d.Customers, d.Key))).ToList();
        return new DriversReport(
            answer, question.Outcome, Behind(answer.Of, null), [.. rows.Where(r => r.Driver.IsDriver)], [.. rows.Where(r => !r.Driver.IsDriver)],
            [.. answer.Along.Select(a => new AlongRow(MarkOf(a.Experience), MarkOf(a.With)))],
            [.. answer.Factors.Select(f => new FactorRow(f, marks.Of(f.Touchpoint), T(FactorKind(f.Kind)), DriversAddress.Behind(question, new DriversPick(f.Key, true)).ToString()))]);
    }

    public static string Words(DriversQuestion question, DriversPick pick)
    {
        var outcome = T(question.Outcome switch
        {
            DriverOutcome.Repurchase => "Analyse.Drivers.OutcomeRepurchase",
            DriverOutcome.Churn => "Analyse.Drivers.OutcomeChurn",
            _ => "Analyse.Drivers.OutcomeScore",
        });
        return pick.Experience is not { } key ? T("Analyse.Drivers.WordsAll", outcome) : T(pick.Had ? "Analyse.Drivers.WordsHad" : "Analyse.Drivers.WordsHadNot", outcome, WordsOf(key));
    }

    /// <summary>A picked experience in words; how long a wait is long, only the answer knows.</summary>
    private static string WordsOf(string key) => key.Split(':', 2) switch
    {
        ["reached", var at] => at,
        ["again", var at] => T("Analyse.Drivers.Again", at),
        ["late", var at] => T("Analyse.Drivers.LateBriefly", at),
        [AnsweredExperiences.Answered, var at] => T("Analyse.Drivers.Answered", at),
        [AnsweredExperiences.Pleased, var at] => T("Analyse.Drivers.Pleased", at),
        [AnsweredExperiences.Displeased, var at] => T("Analyse.Drivers.Displeased", at),
        _ => key.LastIndexOf(':') is >= 0 and var end ? string.Join(", ", new[] { key[(end + 1)..], key[..end] }.Where(w => w.Length > 0)) : key,
    };

    private static string FactorKind(string kind) => kind switch
    {
        PenaltyReward.Basic => "Analyse.Drivers.FactorBasic",
        PenaltyReward.Performance => "Analyse.Drivers.FactorPerformance",
        PenaltyReward.Excitement => "Analyse.Drivers.FactorExcitement",
        _ => "Analyse.Drivers.FactorUnclear",
    };

    private static string Words(LivedExperience experience) => experience.Kind switch
    {
        "again" => T("Analyse.Drivers.Again", experience.Touchpoint ?? ""),
        "late" => T("Analyse.Drivers.Late", experience.Touchpoint ?? "", Figures.Duration(experience.BeyondSeconds), experience.Since ?? ""),
        AnsweredExperiences.Answered => T("Analyse.Drivers.Answered", experience.Touchpoint ?? ""),
        AnsweredExperiences.Pleased => T("Analyse.Drivers.Pleased", experience.Touchpoint ?? ""),
        AnsweredExperiences.Displeased => T("Analyse.Drivers.Displeased", experience.Touchpoint ?? ""),
        "with" when experience.Touchpoint is null => $"{experience.Property} = {experience.Value}",
        "with" => T("Analyse.Drivers.With", experience.Touchpoint, experience.Property ?? "", experience.Value ?? ""),
        _ => experience.Touchpoint ?? "",
    };
}
