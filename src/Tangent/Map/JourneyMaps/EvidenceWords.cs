using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Map;

/// <summary>How something is known, in the reader's words: on cards of the board, in pictures and in print.</summary>
internal static class EvidenceWords
{
    public static string Of(Evidence evidence, EvidenceAge age)
    {
        var known = evidence.Kind switch
        {
            EvidenceKind.Heard => T("Map.Evidence.HeardTimes", evidence.Times ?? 1),
            EvidenceKind.Measured => evidence.Times is { } n ? T("Map.Evidence.MeasuredTimes", n) : T("Map.Evidence.Measured"),
            _ => T("Map.Evidence.Assumed"),
        };
        if (evidence is { Low: { } low, High: { } high }) known += $" · {low:0.##} – {high:0.##}";
        if (evidence is { Kind: EvidenceKind.Measured, Times: < Figures.Enough }) known += $" · {T("Web.Figure.TooFew")}";
        if (evidence.Date is { } date) known += $" · {Figures.Date(date)}";
        return age == EvidenceAge.Old ? $"{known} · {T("Map.Evidence.Old")}" : known;
    }
}
