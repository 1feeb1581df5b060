using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Tangent.Access;
using Tangent.Data;
using Tangent.Web;

namespace Tangent.Map;

/// <summary>A touchpoint as the API and the pages show and take it.</summary>
/// <param name="CostPerContact">What one contact costs the company; null where nobody has said.</param>
/// <param name="Currency">The company's reporting currency, in which the cost is; only given, never taken.</param>
/// <param name="Merged">Names of the touchpoints that were merged into it; only given, never taken.</param>
public sealed record TouchpointModel(
    int Id, string? Name, string? Channel = null, LifeCycleStage Stage = LifeCycleStage.Awareness, Control Control = Control.Owned,
    Directness Directness = Directness.Direct, bool Online = true, string? Owner = null, string? Description = null, bool Retired = false,
    string? Department = null, decimal? CostPerContact = null, string? Currency = null, IReadOnlyList<string>? Merged = null)
{
    private const decimal MostCost = 1_000_000_000;

    internal static TouchpointModel Of(Touchpoint t) =>
        new(t.Id, t.Name, t.Channel, t.Stage, t.Control, t.Directness, t.Online, t.Owner, t.Description, t.RetiredUtc is not null, t.Department, t.CostPerContact, null, [.. t.Merged.Select(m => m.Name)]);

    /// <summary>Takes over every field; a refusal names the field that is wrong.</summary>
    internal (string Field, string Detail)? ApplyTo(Touchpoint t)
    {
        var name = Name?.Trim() ?? "";
        if (name.Length is 0 or > Touchpoint.NameLength) return ("name", $"A touchpoint needs a name of 1 to {Touchpoint.NameLength} characters.");
        if (name.Any(char.IsControl)) return ("name", "A name has no control characters.");
        if (!Enum.IsDefined(Stage) || !Enum.IsDefined(Control) || !Enum.IsDefined(Directness)) return ("stage", "Stage, control or directness is none of the known values.");
        if (Department?.Trim().Length > Touchpoint.NameLength) return ("department", $"A department has at most {Touchpoint.NameLength} characters.");
        if (CostPerContact is < 0 or > MostCost) return ("costPerContact", $"The cost of a contact is a number from 0 to {MostCost}.");
        (t.Name, t.Channel, t.Stage, t.Control, t.Directness, t.Online) = (name, Channel?.Trim() ?? "", Stage, Control, Directness, Online);
        (t.Owner, t.Department, t.CostPerContact, t.Description) = (Owner?.Trim() ?? "", Department?.Trim() ?? "", CostPerContact, Description?.Trim() ?? "");
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
        api.MapGet("/{id:int}", FindAsync).WithSummary("One touchpoint; of one that was merged into another, that one.");
        api.MapPost("", CreateAsync).RequireAuthorization(Rights.Edit).WithSummary("Adds a touchpoint.");
        api.MapPut("/{id:int}", UpdateAsync).RequireAuthorization(Rights.Edit).WithSummary("Changes a touchpoint.");
        api.MapPost("/{id:int}/merge/{into:int}", MergeAsync).RequireAuthorization(Rights.Edit).WithName("MergeTouchpoints")
            .WithSummary("Merges a touchpoint into another one: steps, rules, votes, targets, observations, surveys and all else that names it go over; its name and number stand for the other one from now on, also of events.");
    }

    private static async Task<Ok<List<TouchpointModel>>> ListAsync(TouchpointQueries touchpoints, IOptionsMonitor<CompanyOptions> company, CancellationToken ct) =>
        TypedResults.Ok((await touchpoints.ListAsync(ct)).ConvertAll(t => Model(t, company)));

    private static async Task<Results<Ok<TouchpointModel>, ProblemHttpResult>> FindAsync(int id, TouchpointQueries touchpoints, IOptionsMonitor<CompanyOptions> company, CancellationToken ct) =>
        await touchpoints.FindAsync(id, ct) is { } t ? TypedResults.Ok(Model(t, company)) : Missing(id);

    private static async Task<Results<Created<TouchpointModel>, ProblemHttpResult>> CreateAsync(TouchpointModel body, TouchpointQueries touchpoints, IOptionsMonitor<CompanyOptions> company, CancellationToken ct)
    {
        var touchpoint = new Touchpoint { Name = "" };
        if (await ApplyAsync(body, touchpoint, touchpoints, ct) is { } refusal) return refusal;
        await touchpoints.AddAsync([touchpoint], ct);
        return TypedResults.Created($"/api/v1/map/touchpoints/{touchpoint.Id}", Model(touchpoint, company));
    }

    private static async Task<Results<Ok<TouchpointModel>, ProblemHttpResult>> UpdateAsync(int id, TouchpointModel body, TouchpointQueries touchpoints, IOptionsMonitor<CompanyOptions> company, CancellationToken ct)
    {
        if (await touchpoints.FindAsync(id, ct) is not { } touchpoint) return Missing(id);
        if (await ApplyAsync(body, touchpoint, touchpoints, ct) is { } refusal) return refusal;
        await touchpoints.UpdateAsync(touchpoint, ct);
        return TypedResults.Ok(Model((await touchpoints.FindAsync(id, ct))!, company));
    }

    private static async Task<Results<Ok<TouchpointModel>, ProblemHttpResult>> MergeAsync(int id, int into, HttpContext http, TouchpointQueries touchpoints, TouchpointMergeQueries merges, IOptionsMonitor<CompanyOptions> company, CancellationToken ct)
    {
        if (await touchpoints.FindAsync(id, ct) is not { } from) return Missing(id);
        if (await touchpoints.FindAsync(into, ct) is not { } stays) return Missing(into);
        if (from.Id == stays.Id) return Problems.Invalid("into", from.Id == id ? "A touchpoint cannot be merged into itself." : "The two are one already.");
        if (await merges.MergeAsync(new TouchpointMerge(from, stays, Actor.Of(http.User)), ct) is { } refusal) return Problems.Conflict(refusal);
        return TypedResults.Ok(Model((await touchpoints.FindAsync(stays.Id, ct))!, company));
    }

    private static async Task<ProblemHttpResult?> ApplyAsync(TouchpointModel body, Touchpoint touchpoint, TouchpointQueries touchpoints, CancellationToken ct)
    {
        if (body.ApplyTo(touchpoint) is { } wrong) return Problems.Invalid(wrong.Field, wrong.Detail);
        return await touchpoints.NameIsTakenAsync(touchpoint.Name, touchpoint.Id, ct)
            ? Problems.Conflict($"There is a touchpoint '{touchpoint.Name}' already, or one that was merged into another one.")
            : null;
    }

    private static TouchpointModel Model(Touchpoint touchpoint, IOptionsMonitor<CompanyOptions> company) => TouchpointModel.Of(touchpoint) with { Currency = company.CurrentValue.ReportingCurrency };

    private static ProblemHttpResult Missing(int id) => Problems.NotFound($"There is no touchpoint {id}.");
}
