using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

internal static class AttributionEndpoints
{
    public static readonly Question<AttributionAnswer> Question = new("analyse", "attribution", "Attribution")
    {
        Summary = "Which touchpoints, channels or campaigns conversions are due to, by eight models.",
        BehindSummary = "The customers with a conversion, or those of them with a touchpoint on its path.",
        Parameters = AttributionAddress.Parameters,
        Picks = AttributionAddress.Picks,
        OnPage = ["measure"],
        Title = "Analyse.Attribution.Title",
        Ask = (query, journeys) => AttributionAddress.Read(query).Then(journeys.Ask),
        List = (query, journeys) => AttributionAddress.ReadBehind(query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page).Map(customers => new Listed(
            b.Pick.Name is { } name ? T("Analyse.Attribution.Words", name, string.Join(" / ", b.Question.Conversions)) : T("Analyse.Attribution.AllWords", string.Join(" / ", b.Question.Conversions)),
            AttributionAddress.Of(b.Question), AttributionAddress.Behind(b.Question, b.Pick), b.Question.Filter, b.Page, customers))),
    };

    public static void MapAttribution(this WebApplication app)
    {
        app.MapQuestion(Question, Show);
        app.MapPost("/api/v1/analyse/attribution/paths", AskFileAsync).WithTags("Analyse").OnlyReads().WithName("AskAttributionOfFile").WithParameters(AttributionAddress.OfFile)
            .WithSummary("The same for the paths of the CSV file that is the body: a header, then one row for each path.");
    }

    private static async Task<Results<Ok<AttributionAnswer>, ProblemHttpResult>> AskFileAsync(HttpContext http, DataFolder folder, CancellationToken ct)
    {
        var read = AttributionAddress.ReadFile(http.Request.Query);
        if (read.Answer is not { } question) return read.Map(_ => (AttributionAnswer)null!).ToJson();
        ImportUpload.AllowLargeBody(http);
        Directory.CreateDirectory(folder.Imports);
        var file = Path.Combine(folder.Imports, $"paths-{Guid.NewGuid():N}.part");
        try
        {
            if (await ImportUpload.SaveAsync(http.Request.Body, file, _ => { }, ct) < 0) return Problems.Invalid("file", T("Analyse.Attribution.FileTooLarge"));
            return (await Task.Run(() => JourneyStore.Ask(question, file, ct), ct)).ToJson();
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static RazorComponentResult<PageHost> Show(HttpContext http, JourneyStore journeys, TouchpointCatalogue catalogue)
    {
        var read = AttributionAddress.Read(http.Request.Query).Map(question => question.Conversions.Count > 0 ? question
            : question with { Conversions = [.. Usual(journeys, catalogue)] });
        var question = read.Answer ?? new AttributionQuestion([], AttributionUnit.Touchpoint, AttributionQuestion.UsualLookback, AttributionQuestion.UsualHalfLife, 1, JourneyFilter.None);
        var asked = question.Conversions.Count == 0 && read.Answer is not null && journeys.Visible == 0 ? new Asked<AttributionAnswer>(null, null) : read.Then(journeys.Ask);
        var around = journeys.Around(asked, asked.Answer?.Customers, read.Answer?.Filter, AttributionAddress.Of(question));
        var byValue = http.Request.Query["measure"] == "value";
        var report = asked.Answer is { } answer ? AttributionReports.Of(question, answer, new Marks(catalogue), byValue) : null;
        return http.Show<AttributionPage>(new AttributionPageModel(around, question, journeys.TouchpointNames().Choices(), report, report is null ? null : journeys.Before(question.Filter, f => journeys.Ask(question with { Filter = f }))), asked.Refusal.Status());
    }

    /// <summary>The last step of the funnel that is proposed: the purchase, where the catalogue knows one.</summary>
    private static IEnumerable<string> Usual(JourneyStore journeys, TouchpointCatalogue catalogue) =>
        DefaultFunnel.Propose(journeys, catalogue, JourneyFilter.None)?.Steps.TakeLast(1) ?? [];

}
