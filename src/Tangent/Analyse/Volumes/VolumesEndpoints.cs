using Tangent.Collect;
using Tangent.Unify;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

internal static class VolumesEndpoints
{
    private static readonly IReadOnlyList<QuestionParameter> Picks = [new("at", "The touchpoint they were at.")];

    public static readonly Question<TouchpointsAnswer> Question = new("analyse", "touchpoints", "Touchpoints")
    {
        Summary = "Volume of every touchpoint, in all and over time.",
        BehindSummary = "The customers who were at a touchpoint.",
        Parameters = JourneyParameters.Touchpoints,
        Picks = Picks,
        Title = "Analyse.Overview.Title",
        Page = "/",
        Ask = (query, journeys) => VolumesAddress.Read(query).Then(journeys.Ask),
        List = (query, journeys) => VolumesAddress.ReadBehind(query).Then(b => Customers(journeys, b).Map(customers => new Listed(
            T("Analyse.Volumes.Words", b.Pick.Name), new Address("/").With(b.Question.Filter), VolumesAddress.Behind(b.Question, b.Pick), b.Question.Filter, b.Page, customers, Events(journeys, b)))),
    };

    public static void MapVolumes(this WebApplication app) => app.MapQuestion(Question);

    /// <summary>The catalogue's numbers are events: the list says how many, beside how many customers.</summary>
    private static long? Events(JourneyStore journeys, Behind<TouchpointsQuestion, TouchpointPick> behind) =>
        journeys.Ask(behind.Question with { Bucket = null }).Answer?.Items.FirstOrDefault(i => string.Equals(i.Name, behind.Pick.Name, StringComparison.OrdinalIgnoreCase))?.Events;

    private static Asked<CustomersAnswer> Customers(JourneyStore journeys, Behind<TouchpointsQuestion, TouchpointPick> behind) =>
        journeys.Behind(behind.Question, behind.Pick, behind.Page).Naming(("name", "at"));
}
