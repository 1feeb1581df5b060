using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

internal static class LiveMapsEndpoints
{
    private static readonly IReadOnlyList<QuestionParameter> OfList = [.. LiveMapAddress.Picks, .. QuestionParameters.Filter, .. QuestionParameters.Paging];

    public static void MapLiveMaps(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1" + LiveMapAddress.Path + "/{id:int}").WithTags("Analyse");
        api.MapGet("", NumbersAsync).WithName("AskLiveMap").WithParameters(QuestionParameters.Filter).RefusesUnknown(QuestionParameters.Filter)
            .WithSummary("What the data say of the steps of a journey map: customers, share, score, wait, drop-off, arrivals by week.");
        api.MapGet("/customers", CustomersAsync).LooksAtCustomer().WithName("CustomersOfLiveMap").WithParameters(OfList).RefusesUnknown(OfList)
            .WithSummary("The customers who were at a step of a journey map, or did not go on from it.");

        var pages = app.MapGroup(LiveMapAddress.Path + "/{id:int}").ExcludeFromDescription();
        pages.MapGet("", (int id, HttpContext http, LiveMapPages live, CancellationToken ct) => live.ShowAsync(id, http, null, ct));
        pages.MapGet("/lane", LaneAsync);
        pages.MapGet("/customers", ShowCustomersAsync).LooksAtCustomer();
    }

    private static async Task<Results<Ok<LiveMapAnswer>, ProblemHttpResult>> NumbersAsync(int id, HttpRequest request, LiveMaps live, JourneyMapQueries maps, CancellationToken ct) =>
        await maps.FindAsync(id, ct) is { } map ? LiveMapAddress.ReadFilter(request.Query).Then(filter => live.Ask(map, filter)).ToJson() : NoMap(id);

    private static async Task<Results<Ok<CustomersBehind>, ProblemHttpResult>> CustomersAsync(int id, HttpContext http, LiveMaps live, JourneyMapQueries maps, CancellationToken ct)
    {
        if (!Questions.TryGoOn(http)) return Problems.Invalid(Cursors.Parameter, T("Web.Refused.Cursor"));
        if (await maps.FindAsync(id, ct) is not { } map) return NoMap(id);
        var asked = LiveMapAddress.ReadPick(http.Request.Query).Then(pick => live.List(map, pick));
        if (asked.Refusal is { } refusal) return Problems.Invalid(refusal.Field, refusal.Detail);
        var listed = asked.Answer!.Customers;
        var known = await http.NamesAsync(listed);
        return TypedResults.Ok(new CustomersBehind(listed.Total, [.. listed.Items.Select((line, i) => CustomerBehind.Of(line, known.ElementAtOrDefault(i)))], listed.Unit, CursorPage.Next(http, listed.Next)));
    }

    private static async Task<IResult> LaneAsync(int id, HttpContext http, LiveMaps live, JourneyMapQueries maps, CancellationToken ct)
    {
        if (await maps.FindAsync(id, ct) is not { } map) return TypedResults.NotFound();
        var read = LiveMapAddress.ReadFilter(http.Request.Query);
        var asked = read.Then(filter => live.Ask(map, filter));
        return http.Show<LiveLane>(new LiveLaneModel(id, MapContent.Read(map.Content), asked.Answer, read.Answer ?? JourneyFilter.None, asked.Refusal?.Detail));
    }

    private static async Task<IResult> ShowCustomersAsync(int id, HttpContext http, LiveMaps live, JourneyMapQueries maps, CancellationToken ct) =>
        await maps.FindAsync(id, ct) is { } map
            ? http.ShowCustomers(map.Name, $"{LiveMapAddress.Path}/{id}", LiveMapAddress.ReadPick(http.Request.Query).Then(pick => live.List(map, pick)))
            : TypedResults.NotFound();

    internal static ProblemHttpResult NoMap(int id) => Problems.NotFound($"There is no journey map {id}.");
}

/// <summary>Puts the page of a map's figures together: it shows what several slices say of the map.</summary>
internal sealed class LiveMapPages(LiveMaps live, MapGaps gaps, MapRules rules, JourneyMapQueries maps, JourneyStore journeys, TouchpointCatalogue catalogue)
{
    public async Task<IResult> ShowAsync(int id, HttpContext http, string? error, CancellationToken ct)
    {
        if (await maps.FindAsync(id, ct) is not { } map) return TypedResults.NotFound();
        var (read, content) = (LiveMapAddress.ReadFilter(http.Request.Query), MapContent.Read(map.Content));
        var filter = read.Answer ?? JourneyFilter.None;
        var asked = read.Then(f => live.Ask(map, f));
        var report = asked.Answer is not null && map.State == MapState.ToBe ? rules.Report(await rules.CompileAsync(map, ct), filter, new Marks(catalogue)) : null;
        var twin = await maps.NamedAsync(map.Name, map.State == MapState.AsIs ? MapState.ToBe : MapState.AsIs, ct);
        var around = journeys.Around(asked, asked.Answer?.Customers, read.Answer, LiveMapAddress.Of(id, filter));
        var status = error is null ? asked.Refusal.Status() : StatusCodes.Status422UnprocessableEntity;
        return http.Show<LiveMapPage>(new LiveMapModel(around, JourneyMapLine.Of(map), filter, asked.Answer, asked.Answer is null ? null : gaps.Ask(content, filter).Answer, report,
            twin is null ? null : JourneyMapLine.Of(twin), error), status, $"{LiveMapAddress.Path}/{id}");
    }
}
