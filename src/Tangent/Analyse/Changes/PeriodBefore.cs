using Tangent.Collect;

namespace Tangent.Analyse;

/// <summary>Asks a question once more for as many days right before its own, so that a figure can stand beside that of the period before.</summary>
internal static class PeriodBefore
{
    /// <returns>Null where the filter has no first and last day, or the data begin later than that.</returns>
    public static TAnswer? Before<TAnswer>(this JourneyStore journeys, JourneyFilter filter, Func<JourneyFilter, Asked<TAnswer>> ask)
        where TAnswer : class
    {
        if (filter is not { From: { } from, To: { } to } || journeys.FirstDay() is not { } first) return null;
        var before = new Period(from, to).Preceding();
        return before.From < first ? null : ask(filter with { From = before.From, To = before.To }).Answer;
    }
}
