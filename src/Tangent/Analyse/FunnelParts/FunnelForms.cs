using Tangent.Collect;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <summary>What the form of a funnel offers and what is chosen in it.</summary>
internal static class FunnelForms
{
    private static readonly int[] WindowDays = [1, 3, 7, 14, 30, 60, 90, 180, 365];
    private static readonly string[] Attributes = ["channel", "source", "campaign", "touchpoint"];

    /// <param name="query">The request, for what could not be read.</param>
    /// <param name="question">The question, where it could be read.</param>
    /// <param name="proposed">Nobody chose its steps.</param>
    /// <param name="journeys">The journeys.</param>
    /// <param name="traits">Traits to break down by.</param>
    public static FunnelForm Of(IQueryCollection query, FunnelQuestion? question, bool proposed, JourneyStore journeys, IReadOnlyList<string> traits)
    {
        var steps = question?.Steps ?? Given(query, "step");
        var window = question is null ? query["window"].ToString() : WindowText.Write(question.Window);
        List<Choice> windows = [.. WindowDays.Select(d => TimeSpan.FromDays(d)).Select(w => new Choice(WindowText.Write(w), Figures.Duration(w.TotalSeconds)))];
        if (window.Length > 0 && windows.All(w => w.Value != window)) windows.Insert(0, new Choice(window, window));
        var names = journeys.TouchpointNames();
        var breakdown = query["breakdown"].ToString();
        List<string> breakdowns = [.. Attributes, .. journeys.Properties.Select(p => QueryReader.PropertyPrefix + p), .. traits.Select(t => QueryReader.TraitPrefix + t)];
        if (breakdown.Length > 0 && !breakdowns.Contains(breakdown)) breakdowns.Add(breakdown);
        return new FunnelForm(
            steps, names.Concat(steps.Except(names)).Choices(), window, windows, breakdown,
            [.. breakdowns.Select(b => new Choice(b, T("Analyse.Funnels.By", FunnelWords.Attribute(b))))], proposed)
        {
            Order = Chosen(query, "order", "ordered"),
            Reference = Chosen(query, "reference", "total"),
            Trend = Chosen(query, "trend", "week"),
            Touch = Chosen(query, "touch", "first"),
            Exclusions = Given(query, "exclude"),
            Ignored = Given(query, "ignore"),
        };
    }

    private static string Chosen(IQueryCollection query, string name, string usual) => query[name].ToString() is { Length: > 0 } chosen ? chosen : usual;

    private static List<string> Given(IQueryCollection query, string name) => [.. query[name].OfType<string>().Where(v => v.Length > 0).Take(FunnelAddress.MostSteps)];
}
