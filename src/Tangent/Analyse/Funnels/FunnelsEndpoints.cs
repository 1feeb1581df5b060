using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;
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
        new("entered", "Only those who entered in the day, week or month of the trend that begins on this day, yyyy-MM-dd."),
        new("bin", "Only those whose time to the step lies in this bin of the histogram, from 0."),
    ];

    public static readonly Question<FunnelAnswer> Question = new("analyse", "funnels", "Funnel")
    {
        Summary = "How many customers go from touchpoint to touchpoint in this order, and where they are lost.",
        BehindSummary = "The customers behind a number of a funnel.",
        Parameters = JourneyParameters.Funnel,
        Picks = Picks,
        OnPage = ["edit", "reference"],
        Title = "Analyse.Funnels.Title",
        Ask = (query, journeys) => FunnelAddress.Read(query).Then(FunnelAddress.WithSteps).Then(journeys.Ask),
        List = (query, journeys) => FunnelAddress.ReadBehind(query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page).Map(customers => new Listed(
            FunnelWords.Of(b.Question, b.Pick), FunnelAddress.Of(b.Question), FunnelAddress.Behind(b.Question, b.Pick), b.Question.Filter, b.Page, customers))),
    };

    public static void MapFunnels(this WebApplication app) => app.MapQuestion(Question, ShowAsync);

    private static async Task<IResult> ShowAsync(HttpContext http, JourneyStore journeys, TouchpointCatalogue catalogue, ProfileQueries profiles, CancellationToken ct)
    {
        var query = http.Request.Query;
        // The page always shows the trend and the times, JSON only where they are asked for.
        var read = FunnelAddress.Read(query).Map(q => q with { Trend = q.Trend ?? "week", Histogram = true });
        if (read.Answer is { } chosen && StepEdit.Read(query["edit"]) is { } edit)
            return TypedResults.LocalRedirect(FunnelAddress.Of(FunnelAddress.Read(query).Answer! with { Steps = edit.ApplyTo(chosen.Steps) }).ToString());

        var proposed = read.Answer is { Steps.Count: 0 } open ? Propose(open, journeys, catalogue, query.ContainsKey("window")) : null;
        var question = proposed ?? read.Answer;
        // Nobody chose steps and there are no events to propose some from.
        var nothing = proposed is null && question is { Steps.Count: 0 };
        var asked = question is null ? read.Refusal! : FunnelAddress.WithSteps(question).Then(journeys.Ask);
        var around = journeys.Around(asked, nothing ? 0 : asked.Answer?.Customers, question?.Filter, question is null ? null : FunnelAddress.Of(question));
        var report = asked.Answer is null ? null : FunnelReports.Of(question!, asked.Answer, query["reference"] == "previous", new Marks(catalogue));
        var traits = journeys.Visible == 0 ? [] : await profiles.GroupingTraitsAsync(ct);
        var form = FunnelForms.Of(query, question, proposed is not null, journeys, traits);
        var before = report is null ? null : journeys.Before(question!.Filter, f => journeys.Ask(question with { Filter = f, Trend = null, Histogram = false, Breakdown = null }));
        return http.Show<FunnelsPage>(new FunnelsModel(around, form, report, before), nothing ? StatusCodes.Status200OK : asked.Refusal.Status());
    }

    private static FunnelQuestion? Propose(FunnelQuestion open, JourneyStore journeys, TouchpointCatalogue catalogue, bool windowIsChosen) =>
        DefaultFunnel.Propose(journeys, catalogue, open.Filter) is { } proposal
            ? open with { Steps = proposal.Steps, Window = windowIsChosen ? open.Window : proposal.Window }
            : null;

}
