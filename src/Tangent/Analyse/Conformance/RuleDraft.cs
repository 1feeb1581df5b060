using System.Globalization;
using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Analyse;

/// <summary>A rule that is being put together by choosing: its kind first, then what that kind needs.</summary>
/// <param name="First">Touchpoint A.</param>
/// <param name="Second">Touchpoint B.</param>
/// <param name="Least">Number of exactly, fewest of between.</param>
/// <param name="Most">Most of between.</param>
/// <param name="Time">Time of within.</param>
public sealed record RuleDraft(RuleKind Kind, string First, string Second, int Least, int Most, string Time)
{
    private const string UsualTime = "2d";

    /// <returns>Null where no kind is chosen.</returns>
    public static RuleDraft? Read(IQueryCollection query) =>
        Enum.TryParse<RuleKind>(query["kind"].ToString(), ignoreCase: true, out var kind) && Enum.IsDefined(kind)
            ? new RuleDraft(kind, query["first"].ToString(), query["second"].ToString(), Number(query["least"].ToString(), 1), Number(query["most"].ToString(), 3), query["time"].ToString() is { Length: > 0 } time ? time : UsualTime)
            : null;

    public bool NeedsSecond => ConformanceRule.Sets(Kind).Most > 1;

    /// <summary>The rule; null where something is not chosen yet or does not fit.</summary>
    public ConformanceRule? ToRule()
    {
        if (First.Length == 0 || (NeedsSecond && (Second.Length == 0 || Second == First))) return null;
        var rule = new ConformanceRule(Kind, NeedsSecond ? [[First], [Second]] : [[First]]);
        return Kind switch
        {
            RuleKind.Exactly => rule with { Least = Least, Most = Least },
            RuleKind.Between => Most < Least ? null : rule with { Least = Least, Most = Most },
            RuleKind.Within => WindowText.Read(Time) is { } time && time > TimeSpan.Zero ? rule with { Time = time } : null,
            _ => rule,
        };
    }

    private static int Number(string text, int usual) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= ConformanceRule.MostTimes ? number : usual;
}
