using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;

namespace Tangent.Analyse;

internal static class OverviewEndpoints
{
    private static readonly IReadOnlyList<QuestionParameter> Parameters =
        [new("days", "Days looked at, up to the last day with events: 7, 30 or 90; 30 unless said."), .. QuestionParameters.Filter];

    public static void MapOverview(this WebApplication app)
    {
        app.MapGet("/", Show).ExcludeFromDescription();
        app.MapGet("/api/v1/analyse/overview", Ask).WithTags("Analyse").WithName("AskOverview").WithParameters(Parameters).RefusesUnknown(Parameters)
            .WithSummary("What changed, where customers are lost, what is not mapped yet, and how fresh the data are.");
    }

    private static RazorComponentResult<PageHost> Show(HttpContext http, JourneyStore journeys, TouchpointCatalogue catalogue, IOptionsMonitor<CompanyOptions> company)
    {
        var read = Read(http.Request.Query);
        var (filter, days) = read.Answer is { } question ? (question.Filter, question.Days) : (null, 30);
        var asked = read.Then(q => new OverviewReports(journeys, catalogue, company.CurrentValue.Zone()).Of(q.Filter, q.Days));
        var around = journeys.Around(asked, null, filter is null ? null : filter with { From = null, To = null }, new Address("/analyse/overview").With("days", days).With(filter ?? JourneyFilter.None));
        return http.Show<OverviewPage>(new OverviewModel(around, days, asked.Answer), around.Empty ? StatusCodes.Status200OK : asked.Refusal.Status());
    }

    private static Results<Ok<OverviewReport>, ProblemHttpResult> Ask(HttpRequest request, JourneyStore journeys, TouchpointCatalogue catalogue, IOptionsMonitor<CompanyOptions> company) =>
        Read(request.Query).Then(q => new OverviewReports(journeys, catalogue, company.CurrentValue.Zone()).Of(q.Filter, q.Days)).ToJson();

    private sealed record OverviewQuestion(JourneyFilter Filter, int Days);

    private static Asked<OverviewQuestion> Read(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(new OverviewQuestion(reader.Filter(), int.Parse(reader.OneOf("days", "7", "30", "90") ?? "30", CultureInfo.InvariantCulture)));
    }
}
