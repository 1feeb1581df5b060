using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Map;

/// <summary>The catalogue page: touchpoints by stage, then name, and what the list is narrowed to.</summary>
public sealed record TouchpointsModel(
    IReadOnlyList<TouchpointModel> Touchpoints, int Total, IReadOnlyList<string> Channels, string Search, string Channel, bool Retired, IReadOnlyDictionary<int, TouchpointVotes> Votes, IReadOnlyDictionary<int, long> Events);

/// <summary>How many events came at the touchpoints of the catalogue, by their numbers. Events are of a later stage, which says this.</summary>
internal delegate IReadOnlyDictionary<int, long> TouchpointEvents();

/// <summary>The page of one touchpoint.</summary>
/// <param name="Touchpoint">The touchpoint.</param>
/// <param name="Votes">How important people think it is.</param>
/// <param name="Places">Where it stands on maps.</param>
public sealed record TouchpointPageModel(TouchpointModel Touchpoint, VotesModel Votes, IReadOnlyList<TouchpointPlace> Places);

/// <summary>The form of one touchpoint; <c>Touchpoint.Id</c> 0 for a new one.</summary>
/// <param name="Touchpoint">What was entered.</param>
/// <param name="Channels">Channels to choose from.</param>
/// <param name="Departments">Departments to choose from.</param>
/// <param name="Others">What it can be merged into.</param>
/// <param name="Cost">The cost as it was entered.</param>
/// <param name="Error">Why it was not kept.</param>
public sealed record TouchpointFormModel(TouchpointModel Touchpoint, IReadOnlyList<string> Channels, IReadOnlyList<string> Departments, IReadOnlyList<(int Id, string Name)> Others, string Cost, string? Error = null);

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

    public string? Department { get; set; }

    /// <summary>With a decimal point or comma; empty for none.</summary>
    public string? Cost { get; set; }

    public string? Description { get; set; }

    public bool Retired { get; set; }

    internal bool HasCost => string.IsNullOrWhiteSpace(Cost) || Amount is not null;

    private decimal? Amount => decimal.TryParse(Cost?.Trim().Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var cost) ? cost : null;

    internal TouchpointModel ToModel(int id) => new(id, Name, Channel, Stage, Control, Directness, Online, Owner, Description, Retired, Department, Amount);
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
        pages.MapPost("/{id:int}/merge", MergeAsync).RequireAuthorization(Rights.Edit);
    }

    private static async Task<RazorComponentResult<PageHost>> ListAsync(
        HttpContext http, TouchpointQueries touchpoints, VoteQueries votes, TouchpointEvents events, string? search, string? channel, bool? retired, CancellationToken ct)
    {
        var all = (await touchpoints.ListAsync(ct)).ConvertAll(TouchpointModel.Of);
        var words = (search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var shown = all.Where(t => (retired == true || !t.Retired)
            && (string.IsNullOrEmpty(channel) || t.Channel == channel)
            && words.All(w => $"{t.Name} {t.Owner} {t.Department} {t.Description} {string.Join(' ', t.Merged!)}".Contains(w, StringComparison.CurrentCultureIgnoreCase)));
        return http.Show<TouchpointsPage>(new TouchpointsModel(
            [.. shown], all.Count, Channels(all), search ?? "", channel ?? "", retired == true, votes.All().ToDictionary(v => v.TouchpointId), events()));
    }

    private static async Task<IResult> ShowAsync(HttpContext http, int id, TouchpointQueries touchpoints, VoteQueries votes, JourneyMapQueries maps, CancellationToken ct)
    {
        if (await touchpoints.FindAsync(id, ct) is not { } t) return TypedResults.NotFound();
        if (t.Id != id) return TypedResults.LocalRedirect($"/map/touchpoints/{t.Id}");
        return http.Show<TouchpointPage>(new TouchpointPageModel(TouchpointModel.Of(t), await VotesEndpoints.ModelAsync(http, t, votes, null, ct), (await maps.PlacesAsync(id, ct)).Items));
    }

    private static RazorComponentResult<PageHost> New(HttpContext http, TouchpointCatalogue catalogue, string? name, string? channel) =>
        http.Show<TouchpointFormPage>(Form(new TouchpointModel(0, name, channel), catalogue));

    private static async Task<IResult> EditAsync(HttpContext http, int id, TouchpointQueries touchpoints, TouchpointCatalogue catalogue, CancellationToken ct) =>
        await touchpoints.FindAsync(id, ct) is not { } t ? TypedResults.NotFound()
            : t.Id != id ? TypedResults.LocalRedirect($"/map/touchpoints/{t.Id}/edit")
            : http.Show<TouchpointFormPage>(Form(TouchpointModel.Of(t), catalogue));

    private static async Task<IResult> CreateAsync(
        HttpContext http, [FromForm] TouchpointForm form, TouchpointQueries touchpoints, TouchpointCatalogue catalogue, CancellationToken ct)
    {
        var touchpoint = new Touchpoint { Name = "" };
        if (await RefusalAsync(form, touchpoint, touchpoints, ct) is { } error) return Again(http, form, 0, catalogue, error);
        await touchpoints.AddAsync([touchpoint], ct);
        return TypedResults.LocalRedirect($"/map/touchpoints/{touchpoint.Id}");
    }

    private static async Task<IResult> UpdateAsync(
        HttpContext http, int id, [FromForm] TouchpointForm form, TouchpointQueries touchpoints, TouchpointCatalogue catalogue, CancellationToken ct)
    {
        if (await touchpoints.FindAsync(id, ct) is not { } touchpoint) return TypedResults.NotFound();
        if (await RefusalAsync(form, touchpoint, touchpoints, ct) is { } error) return Again(http, form, id, catalogue, error);
        await touchpoints.UpdateAsync(touchpoint, ct);
        return TypedResults.LocalRedirect($"/map/touchpoints/{touchpoint.Id}");
    }

    private static async Task<IResult> MergeAsync(HttpContext http, int id, [FromForm] int into, TouchpointQueries touchpoints, TouchpointMergeQueries merges, TouchpointCatalogue catalogue, CancellationToken ct)
    {
        if (await touchpoints.FindAsync(id, ct) is not { } from || await touchpoints.FindAsync(into, ct) is not { } stays) return TypedResults.NotFound();
        // The audit log says which two, as that of the API does.
        http.Request.RouteValues["into"] = into;
        return await merges.MergeAsync(new TouchpointMerge(from, stays, Actor.Of(http.User)), ct) is { } refusal
            ? http.Show<TouchpointFormPage>(Form(TouchpointModel.Of(from), catalogue) with { Error = refusal }, StatusCodes.Status422UnprocessableEntity)
            : TypedResults.LocalRedirect($"/map/touchpoints/{stays.Id}");
    }

    private static async Task<string?> RefusalAsync(TouchpointForm form, Touchpoint touchpoint, TouchpointQueries touchpoints, CancellationToken ct)
    {
        if (!form.HasCost) return T("Map.Touchpoint.CostWrong");
        if (form.ToModel(touchpoint.Id).ApplyTo(touchpoint) is { } wrong) return wrong.Field == "costPerContact" ? T("Map.Touchpoint.CostWrong") : T("Map.Touchpoint.NameNeeded", Touchpoint.NameLength);
        return await touchpoints.NameIsTakenAsync(touchpoint.Name, touchpoint.Id, ct) ? T("Map.Touchpoint.NameTaken", touchpoint.Name) : null;
    }

    private static RazorComponentResult<PageHost> Again(HttpContext http, TouchpointForm entered, int id, TouchpointCatalogue catalogue, string error) =>
        http.Show<TouchpointFormPage>(Form(entered.ToModel(id), catalogue) with { Cost = entered.Cost ?? "", Error = error }, StatusCodes.Status422UnprocessableEntity);

    private static TouchpointFormModel Form(TouchpointModel touchpoint, TouchpointCatalogue catalogue) => new(
        touchpoint, Channels(catalogue), Said(catalogue.Touchpoints.Select(t => t.Department)),
        [.. catalogue.Touchpoints.Where(t => t.Id != touchpoint.Id).OrderBy(t => t.Name, StringComparer.CurrentCulture).Select(t => (t.Id, t.Name))], touchpoint.CostPerContact?.ToString(CultureInfo.CurrentCulture) ?? "");

    private static List<string> Channels(TouchpointCatalogue catalogue) => Channels(catalogue.Touchpoints.Select(TouchpointModel.Of));

    private static List<string> Channels(IEnumerable<TouchpointModel> touchpoints) => Said(touchpoints.Select(t => t.Channel ?? ""));

    private static List<string> Said(IEnumerable<string> words) => [.. words.Where(w => w.Length > 0).Distinct().Order(StringComparer.CurrentCulture)];
}
