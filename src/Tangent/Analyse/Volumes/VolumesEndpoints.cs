using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

internal static class VolumesEndpoints
{
    private static readonly IReadOnlyList<QuestionParameter> Picks = [new("at", "The touchpoint they were at.")];

    public static void MapVolumes(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/analyse/touchpoints").WithTags("Analyse");
        api.MapGet("", Ask).WithName("AskTouchpoints").WithParameters(QuestionParameters.Touchpoints)
            .WithSummary("Volume of every touchpoint, in all and over time.");
        api.MapGet("/customers", Behind).WithName("CustomersOfTouchpoint").WithParameters([.. QuestionParameters.Touchpoints, .. Picks, .. QuestionParameters.Paging])
            .WithSummary("The customers who were at a touchpoint.");
        app.MapGet("/analyse/touchpoints/customers", ShowBehind).ExcludeFromDescription();
    }

    private static Results<Ok<TouchpointsAnswer>, ProblemHttpResult> Ask(HttpRequest request, JourneyStore journeys) =>
        VolumesAddress.Read(request.Query).Then(journeys.Ask).ToJson();

    private static Results<Ok<CustomersAnswer>, ProblemHttpResult> Behind(HttpRequest request, JourneyStore journeys) =>
        VolumesAddress.ReadBehind(request.Query).Then(b => Customers(journeys, b)).ToJson();

    /// <summary>The catalogue's numbers are events: the list says how many, beside how many customers.</summary>
    private static long? Events(JourneyStore journeys, Behind<TouchpointsQuestion, TouchpointPick> behind) =>
        journeys.Ask(behind.Question with { Bucket = null }).Answer?.Items.FirstOrDefault(i => string.Equals(i.Name, behind.Pick.Name, StringComparison.OrdinalIgnoreCase))?.Events;

    private static RazorComponentResult<PageHost> ShowBehind(HttpContext http, JourneyStore journeys) => http.ShowCustomers(
        T("Analyse.Overview.Title"), "/",
        VolumesAddress.ReadBehind(http.Request.Query).Then(b => Customers(journeys, b).Map(customers => new Listed(
            T("Analyse.Volumes.Words", b.Pick.Name), new Address("/").With(b.Question.Filter), VolumesAddress.Behind(b.Question, b.Pick), b.Question.Filter, b.Page, customers, Events(journeys, b)))));

    private static Asked<CustomersAnswer> Customers(JourneyStore journeys, Behind<TouchpointsQuestion, TouchpointPick> behind) =>
        journeys.Behind(behind.Question, behind.Pick, behind.Page).Naming(("name", "at"));
}
