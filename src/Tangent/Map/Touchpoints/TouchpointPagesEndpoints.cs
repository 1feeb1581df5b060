using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Map;

/// <summary>The catalogue page: touchpoints by stage, then name, and what the list is narrowed to.</summary>
public sealed record TouchpointsModel(
    IReadOnlyList<TouchpointModel> Touchpoints, int Total, IReadOnlyList<string> Channels, string Search, string Channel, bool Retired, IReadOnlyDictionary<int, TouchpointVotes> Votes);

/// <summary>The page of one touchpoint.</summary>
public sealed record TouchpointPageModel(TouchpointModel Touchpoint, VotesModel Votes, IReadOnlyList<TouchpointPlace> Places);

/// <summary>The form of one touchpoint; <c>Touchpoint.Id</c> 0 for a new one.</summary>
public sealed record TouchpointFormModel(TouchpointModel Touchpoint, IReadOnlyList<string> Channels, string? Error = null);

/// <summary>The fields of the form.</summary>
public sealed class TouchpointForm
{
    public string? Name { get; set; }

    public string? Channel { get; set; }

    public LifeCycleStage Stage { get; set; }

    public Control Control { get; set; }

    public Directness Directness { get; set; }

    public bool Online { get; set; }

    public string? Owner { get; set; }

    public string? Description { get; set; }

    public bool Retired { get; set; }

    internal TouchpointModel ToModel(int id) => new(id, Name, Channel, Stage, Control, Directness, Online, Owner, Description, Retired);
}

internal static class TouchpointPagesEndpoints
{
    public static void MapTouchpointPages(this WebApplication app)
    {
        var pages = app.MapGroup("/map/touchpoints").ExcludeFromDescription();
        pages.MapGet("", ListAsync);
        pages.MapGet("/new", New).RequireAuthorization(Rights.Edit);
        pages.MapPost("", CreateAsync).RequireAuthorization(Rights.Edit);
        pages.MapGet("/{id:int}", ShowAsync);
        pages.MapGet("/{id:int}/edit", EditAsync).RequireAuthorization(Rights.Edit);
        pages.MapPost("/{id:int}", UpdateAsync).RequireAuthorization(Rights.Edit);
    }

    private static async Task<RazorComponentResult<PageHost>> ListAsync(
        HttpContext http, TouchpointQueries touchpoints, VoteQueries votes, string? search, string? channel, bool? retired, CancellationToken ct)
    {
        var all = (await touchpoints.ListAsync(ct)).ConvertAll(TouchpointModel.Of);
        var words = (search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var shown = all.Where(t => (retired == true || !t.Retired)
            && (string.IsNullOrEmpty(channel) || t.Channel == channel)
            && words.All(w => $"{t.Name} {t.Owner} {t.Description}".Contains(w, StringComparison.CurrentCultureIgnoreCase)));
        return http.Show<TouchpointsPage>(new TouchpointsModel(
            [.. shown], all.Count, Channels(all), search ?? "", channel ?? "", retired == true, votes.All().ToDictionary(v => v.TouchpointId)));
    }

    private static async Task<IResult> ShowAsync(HttpContext http, int id, TouchpointQueries touchpoints, VoteQueries votes, JourneyMapQueries maps, CancellationToken ct) =>
        await touchpoints.FindAsync(id, ct) is { } t
            ? http.Show<TouchpointPage>(new TouchpointPageModel(TouchpointModel.Of(t), await VotesEndpoints.ModelAsync(http, t, votes, null, ct), (await maps.PlacesAsync(id, ct)).Items))
            : TypedResults.NotFound();

    private static RazorComponentResult<PageHost> New(HttpContext http, TouchpointCatalogue catalogue, string? name, string? channel) =>
        http.Show<TouchpointFormPage>(new TouchpointFormModel(new TouchpointModel(0, name, channel), Channels(catalogue)));

    private static async Task<IResult> EditAsync(HttpContext http, int id, TouchpointQueries touchpoints, TouchpointCatalogue catalogue, CancellationToken ct) =>
        await touchpoints.FindAsync(id, ct) is { } t
            ? http.Show<TouchpointFormPage>(new TouchpointFormModel(TouchpointModel.Of(t), Channels(catalogue)))
            : TypedResults.NotFound();

    private static async Task<IResult> CreateAsync(
        HttpContext http, [FromForm] TouchpointForm form, TouchpointQueries touchpoints, TouchpointCatalogue catalogue, CancellationToken ct)
    {
        var touchpoint = new Touchpoint { Name = "" };
        if (await RefusalAsync(form, touchpoint, touchpoints, ct) is { } error) return Again(http, form.ToModel(0), catalogue, error);
        await touchpoints.AddAsync([touchpoint], ct);
        return TypedResults.LocalRedirect($"/map/touchpoints/{touchpoint.Id}");
    }

    private static async Task<IResult> UpdateAsync(
        HttpContext http, int id, [FromForm] TouchpointForm form, TouchpointQueries touchpoints, TouchpointCatalogue catalogue, CancellationToken ct)
    {
        if (await touchpoints.FindAsync(id, ct) is not { } touchpoint) return TypedResults.NotFound();
        if (await RefusalAsync(form, touchpoint, touchpoints, ct) is { } error) return Again(http, form.ToModel(id), catalogue, error);
        await touchpoints.UpdateAsync(touchpoint, ct);
        return TypedResults.LocalRedirect($"/map/touchpoints/{id}");
    }

    private static async Task<string?> RefusalAsync(TouchpointForm form, Touchpoint touchpoint, TouchpointQueries touchpoints, CancellationToken ct)
    {
        if (form.ToModel(touchpoint.Id).ApplyTo(touchpoint) is not null) return T("Map.Touchpoint.NameNeeded", Touchpoint.NameLength);
        return await touchpoints.NameIsTakenAsync(touchpoint.Name, touchpoint.Id, ct) ? T("Map.Touchpoint.NameTaken", touchpoint.Name) : null;
    }

    private static RazorComponentResult<PageHost> Again(HttpContext http, TouchpointModel entered, TouchpointCatalogue catalogue, string error) =>
        http.Show<TouchpointFormPage>(new TouchpointFormModel(entered, Channels(catalogue), error), StatusCodes.Status422UnprocessableEntity);

    private static List<string> Channels(TouchpointCatalogue catalogue) => Channels(catalogue.Touchpoints.Select(TouchpointModel.Of));

    private static List<string> Channels(IEnumerable<TouchpointModel> touchpoints) =>
        [.. touchpoints.Select(t => t.Channel ?? "").Where(c => c.Length > 0).Distinct().Order(StringComparer.CurrentCulture)];
}
