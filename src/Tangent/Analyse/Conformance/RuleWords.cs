using Tangent.Collect;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <summary>Rules as sentences in the reader's language.</summary>
internal static class RuleWords
{
    public static string Of(ConformanceRule rule)
    {
        string[] sets = [.. rule.Touchpoints.Select(set => string.Join(" / ", set))];
        var key = $"Analyse.Conformance.Rule.{rule.Kind}";
        return rule.Kind switch
        {
            RuleKind.And or RuleKind.Xor => T(key, string.Join(", ", sets)),
            RuleKind.Exactly => T(key, sets[0], rule.Least),
            RuleKind.Between => T(key, sets[0], rule.Least, rule.Most is { } most ? Figures.Number(most) : "∞"),
            RuleKind.Within => T(key, sets[0], sets[1], Figures.Duration(rule.Time.TotalSeconds)),
            _ when sets.Length == 2 => T(key, sets[0], sets[1]),
            _ => T(key, sets[0]),
        };
    }

    /// <summary>A kind of rule, with letters for what is to be chosen.</summary>
    public static string Of(RuleKind kind)
    {
        var key = $"Analyse.Conformance.Rule.{kind}";
        return kind is RuleKind.And or RuleKind.Xor ? T(key, "A, B") : kind switch
        {
            RuleKind.Exactly => T(key, "A", "n"),
            RuleKind.Between => T(key, "A", "n", "m"),
            RuleKind.Within => T(key, "A", "B", "t"),
            _ when ConformanceRule.Sets(kind).Most > 1 => T(key, "A", "B"),
            _ => T(key, "A"),
        };
    }

    /// <summary>Whose list it is.</summary>
    public static string Of(ConformanceQuestion question, ConformancePick pick)
    {
        var key = $"Analyse.Conformance.Behind.{pick.Outcome}";
        var words = pick.Number is { } number ? T(key, Of(question.Rules[number - 1])) : T($"Analyse.Conformance.BehindAll.{pick.Outcome}", question.Rules.Count);
        if (pick.Touchpoint is { } touchpoint) words += " " + T("Analyse.Conformance.BehindAt", touchpoint);
        if (pick.AtEnd) words += " " + T("Analyse.Conformance.BehindEnd");
        return pick.Bin is { } bin ? words + " " + T("Analyse.Conformance.BehindBin", Bin(bin)) : words;
    }

    /// <summary>A bin of the histogram of fitness.</summary>
    public static string Bin(int bin) => bin == 10 ? Figures.Percent(1, 0) : $"{Figures.Number(10 * bin)} – < {Figures.Percent((bin + 1) / 10.0, 0)}";
}
