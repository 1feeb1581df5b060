using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

internal static class FunnelsEndpoints
{
    private static readonly IReadOnlyList<QuestionParameter> Picks =
    [
        new("at", "Step, from 1: the customers who reached it."),
        new("dropped", "true: only those of them who did not reach the next step."),
        new("group", "Only those of this group of the breakdown."),
    ];

    private static readonly int[] WindowDays = [1, 3, 7, 14, 30, 60, 90, 180, 365];

    public static void MapFunnels(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/analyse/funnels").WithTags("Analyse");
        api.MapGet("", Ask).WithName("AskFunnel").WithParameters(QuestionParameters.Funnel)
            .WithSummary("How many customers go from touchpoint to touchpoint in this order, and where they are lost.");
        api.MapGet("/customers", Behind).WithName("CustomersOfFunnel").WithParameters([.. QuestionParameters.Funnel, .. Picks, .. QuestionParameters.Paging])
            .WithSummary("The customers behind a number of a funnel.");
        var pages = app.MapGroup("/analyse/funnels").ExcludeFromDescription();
        pages.MapGet("", Show);
        pages.MapGet("/customers", ShowBehind);
    }

    private static Results<Ok<FunnelAnswer>, ProblemHttpResult> Ask(HttpRequest request, JourneyStore journeys) =>
        FunnelAddress.Read(request.Query).Then(FunnelAddress.WithSteps).Then(journeys.Ask).ToJson();

    private static Results<Ok<CustomersAnswer>, ProblemHttpResult> Behind(HttpRequest request, JourneyStore journeys) =>
        FunnelAddress.ReadBehind(request.Query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page)).ToJson();

    private static IResult Show(HttpContext http, JourneyStore journeys, TouchpointCatalogue catalogue)
    {
        var query = http.Request.Query;
        var read = FunnelAddress.Read(query);
        if (read.Answer is { } chosen && StepEdit.Read(query["edit"]) is { } edit)
            return TypedResults.LocalRedirect(FunnelAddress.Of(chosen with { Steps = edit.ApplyTo(chosen.Steps) }).ToString());

        var proposed = read.Answer is { Steps.Count: 0 } open ? Propose(open, journeys, catalogue, query.ContainsKey("window")) : null;
        var question = proposed ?? read.Answer;
        // Nobody chose steps and there are no events to propose some from.
        var nothing = proposed is null && question is { Steps.Count: 0 };
        var asked = question is null ? read.Refusal! : FunnelAddress.WithSteps(question).Then(journeys.Ask);
        var around = journeys.Around(asked, nothing ? 0 : asked.Answer?.Customers, question?.Filter, question is null ? null : FunnelAddress.Of(question));
        var report = asked.Answer is null ? null : FunnelReports.Of(question!, asked.Answer, new Marks(catalogue));
        return http.Show<FunnelsPage>(new FunnelsModel(around, Form(query, question, proposed is not null, journeys), report), nothing ? StatusCodes.Status200OK : asked.Refusal.Status());
    }

    private static FunnelQuestion? Propose(FunnelQuestion open, JourneyStore journeys, TouchpointCatalogue catalogue, bool windowIsChosen) =>
        DefaultFunnel.Propose(journeys, catalogue, open.Filter) is { } proposal
            ? proposal with { Breakdown = open.Breakdown, Window = windowIsChosen ? open.Window : proposal.Window }
            : null;

    private static FunnelForm Form(IQueryCollection query, FunnelQuestion? question, bool proposed, JourneyStore journeys)
    {
        var steps = question?.Steps ?? [.. query["step"].OfType<string>().Where(s => s.Length > 0).Take(FunnelAddress.MostSteps)];
        var window = question is null ? query["window"].ToString() : WindowText.Write(question.Window);
        List<Choice> windows = [.. WindowDays.Select(d => TimeSpan.FromDays(d)).Select(w => new Choice(WindowText.Write(w), Figures.Duration(w.TotalSeconds)))];
        if (window.Length > 0 && windows.All(w => w.Value != window)) windows.Insert(0, new Choice(window, window));
        var names = journeys.TouchpointNames();
        return new FunnelForm(steps, names.Concat(steps.Except(names)).Choices(), window, windows, question?.Breakdown, proposed);
    }

    private static RazorComponentResult<PageHost> ShowBehind(HttpContext http, JourneyStore journeys) => http.ShowCustomers(
        T("Analyse.Funnels.Title"), "/analyse/funnels",
        FunnelAddress.ReadBehind(http.Request.Query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page).Map(customers => new Listed(
            Words(b.Question, b.Pick), FunnelAddress.Of(b.Question), FunnelAddress.Behind(b.Question, b.Pick), b.Question.Filter, b.Page, customers))));

    private static string Words(FunnelQuestion question, FunnelPick pick)
    {
        var (steps, window) = (string.Join(" → ", question.Steps), Figures.Duration(question.Window.TotalSeconds));
        var words = pick.Dropped && pick.Step < question.Steps.Count
            ? T("Analyse.Funnels.LostWords", question.Steps[pick.Step - 1], question.Steps[pick.Step], steps, window)
            : T("Analyse.Funnels.ReachedWords", pick.Step, question.Steps[pick.Step - 1], steps, window);
        return pick.Group is null ? words : $"{words} {T("Analyse.Funnels.GroupWords", pick.Group)}";
    }
}
