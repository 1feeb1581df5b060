using Tangent.Collect;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <summary>A funnel and its numbers in words.</summary>
internal static class FunnelWords
{
    /// <summary>What the groups are: "Channel of the first event".</summary>
    public static string Group(FunnelQuestion question) => question.Breakdown is not { } breakdown ? ""
        : breakdown.StartsWith(QueryReader.TraitPrefix, StringComparison.Ordinal) ? Attribute(breakdown)
        : question.Touch switch
        {
            null or "first" => T("Analyse.Funnels.OfFirstEvent", Attribute(breakdown)),
            "last" => T("Analyse.Funnels.OfLastEvent", Attribute(breakdown)),
            var step => T("Analyse.Funnels.OfStepEvent", Attribute(breakdown), step),
        };

    /// <summary>Who is behind a number.</summary>
    public static string Of(FunnelQuestion question, FunnelPick pick)
    {
        var (steps, window) = (string.Join(question.Order == FunnelOrder.Any ? " + " : " → ", question.Steps), Figures.Duration(question.Window.TotalSeconds));
        List<string> words =
        [
            question.Order == FunnelOrder.Any ? T(pick.Dropped ? "Analyse.Funnels.AnyLostWords" : "Analyse.Funnels.AnyWords", pick.Step, steps, window)
            : pick.Dropped && pick.Step < question.Steps.Count ? T("Analyse.Funnels.LostWords", question.Steps[pick.Step - 1], question.Steps[pick.Step], steps, window)
            : T("Analyse.Funnels.ReachedWords", pick.Step, question.Steps[pick.Step - 1], steps, window),
        ];
        if (question.Order == FunnelOrder.Strict) words.Add(T("Analyse.Funnels.StrictWords"));
        if (question.Exclusions.Count > 0) words.Add(T("Analyse.Funnels.ExcludeWords", string.Join(", ", question.Exclusions.Select(FunnelAddress.Write))));
        if (question.Ignored.Count > 0) words.Add(T("Analyse.Funnels.IgnoreWords", string.Join(", ", question.Ignored)));
        if (pick.Group is { } group) words.Add(T("Analyse.Funnels.GroupWords", Group(question), group.Length > 0 ? group : T("Analyse.Funnels.NoValue")));
        if (pick.Entered is { } day) words.Add(T("Analyse.Funnels.EnteredWords", T(Period(question.Trend)), Figures.Date(day)));
        if (pick.Bin is { } bin) words.Add(T("Analyse.Funnels.BinWords", bin + 1));
        return string.Join(' ', words);
    }

    /// <summary>The key of the name of a period.</summary>
    public static string Period(string? period) => period switch { "day" => "Analyse.Period.Day", "month" => "Analyse.Period.Month", _ => "Analyse.Period.Week" };

    /// <summary>What a breakdown is by.</summary>
    public static string Attribute(string breakdown) => breakdown switch
    {
        "channel" => T("Analyse.Group.Channel"),
        "source" => T("Analyse.Group.Source"),
        "campaign" => T("Analyse.Group.Campaign"),
        "touchpoint" => T("Analyse.Touchpoint"),
        _ => breakdown[(breakdown.IndexOf('.', StringComparison.Ordinal) + 1)..],
    };
}
