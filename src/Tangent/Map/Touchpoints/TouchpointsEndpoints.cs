using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Web;

namespace Tangent.Map;

/// <summary>A touchpoint as the API and the pages show and take it.</summary>
public sealed record TouchpointModel(
    int Id, string? Name, string? Channel = null, LifeCycleStage Stage = LifeCycleStage.Awareness, Control Control = Control.Owned,
    Directness Directness = Directness.Direct, bool Online = true, string? Owner = null, string? Description = null, bool Retired = false)
{
    internal static TouchpointModel Of(Touchpoint t) =>
        new(t.Id, t.Name, t.Channel, t.Stage, t.Control, t.Directness, t.Online, t.Owner, t.Description, t.RetiredUtc is not null);

    /// <summary>Takes over every field; a refusal names the field that is wrong.</summary>
    internal (string Field, string Detail)? ApplyTo(Touchpoint t)
    {
        var name = Name?.Trim() ?? "";
        if (name.Length is 0 or > Touchpoint.NameLength) return ("name", $"A touchpoint needs a name of 1 to {Touchpoint.NameLength} characters.");
        if (name.Any(char.IsControl)) return ("name", "A name has no control characters.");
        if (!Enum.IsDefined(Stage) || !Enum.IsDefined(Control) || !Enum.IsDefined(Directness)) return ("stage", "Stage, control or directness is none of the known values.");
        (t.Name, t.Channel, t.Stage, t.Control, t.Directness, t.Online) = (name, Channel?.Trim() ?? "", Stage, Control, Directness, Online);
        (t.Owner, t.Description) = (Owner?.Trim() ?? "", Description?.Trim() ?? "");
        t.RetiredUtc = Retired ? t.RetiredUtc ?? DateTime.UtcNow : null;
        return null;
    }
}

internal static class TouchpointsEndpoints
{
    public static void MapTouchpoints(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/map/touchpoints").WithTags("Map");
        api.MapGet("", ListAsync).WithSummary("The catalogue of touchpoints.");
        api.MapGet("/{id:int}", FindAsync).WithSummary("One touchpoint.");
        api.MapPost("", CreateAsync).RequireAuthorization(Rights.Edit).WithSummary("Adds a touchpoint.");
        api.MapPut("/{id:int}", UpdateAsync).RequireAuthorization(Rights.Edit).WithSummary("Changes a touchpoint.");
    }

    private static async Task<Ok<List<TouchpointModel>>> ListAsync(TouchpointQueries touchpoints, CancellationToken ct) =>
        TypedResults.Ok((await touchpoints.ListAsync(ct)).ConvertAll(TouchpointModel.Of));

    private static async Task<Results<Ok<TouchpointModel>, ProblemHttpResult>> FindAsync(int id, TouchpointQueries touchpoints, CancellationToken ct) =>
        await touchpoints.FindAsync(id, ct) is { } t ? TypedResults.Ok(TouchpointModel.Of(t)) : Problems.NotFound($"There is no touchpoint {id}.");

    private static async Task<Results<Created<TouchpointModel>, ProblemHttpResult>> CreateAsync(TouchpointModel body, TouchpointQueries touchpoints, CancellationToken ct)
    {
        var touchpoint = new Touchpoint { Name = "" };
        if (await ApplyAsync(body, touchpoint, touchpoints, ct) is { } refusal) return refusal;
        await touchpoints.AddAsync([touchpoint], ct);
        return TypedResults.Created($"/api/v1/map/touchpoints/{touchpoint.Id}", TouchpointModel.Of(touchpoint));
    }

    private static async Task<Results<Ok<TouchpointModel>, ProblemHttpResult>> UpdateAsync(int id, TouchpointModel body, TouchpointQueries touchpoints, CancellationToken ct)
    {
        if (await touchpoints.FindAsync(id, ct) is not { } touchpoint) return Problems.NotFound($"There is no touchpoint {id}.");
        if (await ApplyAsync(body, touchpoint, touchpoints, ct) is { } refusal) return refusal;
        await touchpoints.UpdateAsync(touchpoint, ct);
        return TypedResults.Ok(TouchpointModel.Of(touchpoint));
    }

    private static async Task<ProblemHttpResult?> ApplyAsync(TouchpointModel body, Touchpoint touchpoint, TouchpointQueries touchpoints, CancellationToken ct)
    {
        if (body.ApplyTo(touchpoint) is { } wrong) return Problems.Invalid(wrong.Field, wrong.Detail);
        return await touchpoints.NameIsTakenAsync(touchpoint.Name, touchpoint.Id, ct)
            ? Problems.Conflict($"There is a touchpoint '{touchpoint.Name}' already.")
            : null;
    }
}
