using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <summary>The page that drafts a map.</summary>
public sealed record MapDraftModel(Around Around, MapDraftQuestion Question, MapDraftAnswer? Draft, string Name, string? Error)
{
    internal string Post => MapDraftsEndpoints.Of(Question).ToString();
}

/// <param name="Name">Name of the journey; the map is an as-is map.</param>
public sealed record NewMapDraft(string? Name);

internal static class MapDraftsEndpoints
{
    private const string Path = "/analyse/map-drafts";

    private static readonly IReadOnlyList<QuestionParameter> Parameters =
    [
        new("least", "Least share of the customers who were at a touchpoint, in percent, 0 to 100; 3 unless said."),
        new("most", "Most steps, 2 to 40; 12 unless said."),
        .. QuestionParameters.Filter,
    ];

    public static void MapMapDrafts(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1" + Path).WithTags("Analyse");
        api.MapGet("", Results<Ok<MapDraftAnswer>, ProblemHttpResult> (HttpRequest request, MapDrafts drafts) => Read(request.Query).Then(drafts.Ask).ToJson())
            .WithName("DraftJourneyMap").WithParameters(Parameters).RefusesUnknown(Parameters).WithSummary("Stages and main steps of what customers did, as a first journey map would have them; nothing is made.");
        api.MapPost("", CreateAsync).RequireAuthorization(Rights.Edit).WithName("AddDraftedJourneyMap").WithParameters(Parameters).RefusesUnknown(Parameters)
            .WithSummary("Makes an as-is map of stages and main steps of what customers did. Touchpoints that are missing in the catalogue are added.");
        app.MapGet(Path, (HttpContext http, MapDrafts drafts, JourneyStore journeys) => Show(http, "", null, drafts, journeys)).ExcludeFromDescription();
        app.MapPost(Path, CreateOnPageAsync).RequireAuthorization(Rights.Edit).ExcludeFromDescription();
    }

    internal static Address Of(MapDraftQuestion question) => new Address(Path).With("least", question.Least).With("most", question.Most).With(question.Filter);

    private static Asked<MapDraftQuestion> Read(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        return reader.Give(new MapDraftQuestion(
            reader.Number("least", MapDraftQuestion.UsualLeast, 0, 100), reader.Number("most", MapDraftQuestion.UsualMost, 2, MapDraftQuestion.MostSteps), reader.Filter()));
    }

    private static async Task<Results<Created<JourneyMapModel>, ProblemHttpResult>> CreateAsync(NewMapDraft body, HttpContext http, MapDrafts drafts, MapImport import, JourneyMapQueries maps, CancellationToken ct)
    {
        if (await JourneyMapsEndpoints.WrongNameAsync(body.Name, MapState.AsIs, 0, maps, ct) is { } wrong) return wrong;
        var made = await MakeAsync(body.Name!.Trim(), http, drafts, import, ct);
        if (made.Refusal is { } refusal) return Problems.Invalid(refusal.Field, refusal.Detail);
        return TypedResults.Created($"/api/v1/map/journey-maps/{made.Answer!.Id}", JourneyMapModel.Of((await maps.FindAsync(made.Answer.Id, ct))!));
    }

    private static async Task<IResult> CreateOnPageAsync(HttpContext http, [FromForm] string? name, MapDrafts drafts, MapImport import, JourneyMapQueries maps, JourneyStore journeys, CancellationToken ct)
    {
        if (await JourneyMapsEndpoints.WrongNameAsync(name, MapState.AsIs, 0, maps, ct) is not null) return Show(http, name ?? "", T("Map.Journey.NameWrong", MapContent.NameLength), drafts, journeys);
        var made = await MakeAsync(name!.Trim(), http, drafts, import, ct);
        return made.Refusal is { } refusal ? Show(http, name, refusal.Detail, drafts, journeys) : TypedResults.LocalRedirect($"/map/journey-maps/{made.Answer!.Id}");
    }

    private static async Task<Asked<MapImported>> MakeAsync(string name, HttpContext http, MapDrafts drafts, MapImport import, CancellationToken ct)
    {
        var read = Read(http.Request.Query);
        var asked = read.Then(drafts.Ask);
        if (asked.Refusal is { } refusal) return refusal;
        if (asked.Answer!.Stages.Count == 0) return new Refusal("least", T("Analyse.Draft.Nothing"));
        var filter = PageParts.InWords(read.Answer!.Filter);
        var description = T("Analyse.Draft.Description", asked.Answer.Customers, filter.Length > 0 ? filter : T("Analyse.LiveMap.All"));
        var (imported, refused) = await import.TakeAsync(MapDrafts.File(name, description[..Math.Min(description.Length, MapContent.TextLength)], asked.Answer), Actor.Of(http.User), ct);
        return imported is not null ? imported : new Refusal("name", refused!.Detail);
    }

    private static RazorComponentResult<PageHost> Show(HttpContext http, string name, string? error, MapDrafts drafts, JourneyStore journeys)
    {
        var read = Read(http.Request.Query);
        var question = read.Answer ?? new MapDraftQuestion(MapDraftQuestion.UsualLeast, MapDraftQuestion.UsualMost, JourneyFilter.None);
        var asked = read.Then(drafts.Ask);
        var around = journeys.Around(asked, asked.Answer?.Customers, read.Answer?.Filter, Of(question));
        return http.Show<MapDraftPage>(new MapDraftModel(around, question, asked.Answer, name, error), error is null ? asked.Refusal.Status() : StatusCodes.Status422UnprocessableEntity, Path);
    }
}
