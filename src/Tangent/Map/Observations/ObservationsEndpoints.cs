using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Web;

namespace Tangent.Map;

/// <summary>What an employee has seen at a touchpoint.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Touchpoint">Number of the touchpoint.</param>
/// <param name="Kind">An observation, a pain point or an idea.</param>
/// <param name="Text">In a few words.</param>
/// <param name="Mood">How the customer felt, −2 to 2.</param>
/// <param name="At">When it was written.</param>
/// <param name="By">Who wrote it.</param>
/// <param name="Votes">How many others have seen the same.</param>
/// <param name="IsMine">Whether your vote is among them.</param>
/// <param name="State">Open, taken over to a map, or merged with another one.</param>
/// <param name="Map">The map it was taken over to.</param>
/// <param name="MergedInto">The one it was merged with.</param>
public sealed record ObservationModel(
    int Id, int Touchpoint, ObservationKind Kind, string Text, int? Mood, DateTime At, string By, int Votes, bool IsMine, ObservationState State, int? Map = null, int? MergedInto = null)
{
    internal static ObservationModel Of(VotedObservation v)
    {
        var o = v.Observation;
        return new(o.Id, o.TouchpointId, o.Kind, o.Text, o.Mood, o.AtUtc, o.By, v.Votes, v.IsMine, o.State, o.MapId, o.MergedInto);
    }
}

public sealed record ObservationsAnswer(IReadOnlyList<ObservationModel> Items);

/// <param name="Text">What was seen, in a few words.</param>
/// <param name="Kind">An observation, a pain point or an idea.</param>
/// <param name="Mood">How the customer felt, −2 to 2.</param>
public sealed record NewObservation(string? Text, ObservationKind Kind = ObservationKind.Observation, int? Mood = null)
{
    /// <returns>What is wrong with it; null where it can be kept.</returns>
    internal (string Field, string Detail)? Fault()
    {
        if (string.IsNullOrWhiteSpace(Text) || MapContent.Plain(Text).Length > Observation.TextLength) return ("text", $"An observation has 1 to {Observation.TextLength} characters.");
        if (!Enum.IsDefined(Kind)) return ("kind", "It is an observation, a pain point or an idea.");
        return Mood is < -2 or > 2 ? ("mood", "The mood is between -2 and 2.") : null;
    }

    internal Observation By(Actor actor, int touchpoint) => new()
    {
        TouchpointId = touchpoint,
        Kind = Kind,
        Text = MapContent.Plain(Text),
        Mood = Mood,
        AtUtc = DateTime.UtcNow,
        ByKind = actor.Kind,
        ById = actor.Id,
        By = actor.Name,
    };
}

/// <param name="Into">Number of the observation that says the same.</param>
public sealed record ObservationMerge(int Into);

internal static class ObservationsEndpoints
{
    public static void MapObservations(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/map").WithTags("Map");
        api.MapGet("/touchpoints/{id:int}/observations", ListAsync).WithName("ListObservations").WithSummary("What employees have seen at a touchpoint, open ones first, then by votes.");
        api.MapPost("/touchpoints/{id:int}/observations", AddAsync).RequireAuthorization(Rights.Contribute).WithName("AddObservation").WithSummary("Adds an observation, a pain point or an idea at a touchpoint.");
        api.MapPut("/observations/{id:int}/vote", (int id, HttpContext http, ObservationQueries observations, CancellationToken ct) => VoteAsync(id, true, http, observations, ct))
            .RequireAuthorization(Rights.Contribute).WithName("VoteForObservation").WithSummary("Says that you have seen the same; everybody has one vote.");
        api.MapDelete("/observations/{id:int}/vote", (int id, HttpContext http, ObservationQueries observations, CancellationToken ct) => VoteAsync(id, false, http, observations, ct))
            .RequireAuthorization(Rights.Contribute).WithName("TakeBackVote").WithSummary("Takes your vote for an observation back.");
        api.MapPost("/observations/{id:int}/card", TakeAsync).RequireAuthorization(Rights.Edit).WithName("TakeObservation").WithSummary("Takes an observation over to a journey map: to a new card at a step, or to a card that says the same, whose evidence grows.");
        api.MapDelete("/observations/{id:int}/card", PutBackAsync).RequireAuthorization(Rights.Edit).WithName("PutObservationBack").WithSummary("An observation that was taken over waits again; its card stands no longer on it, and says so less often.");
        api.MapPost("/observations/{id:int}/merge", MergeAsync).RequireAuthorization(Rights.Edit).WithName("MergeObservation").WithSummary("Merges an observation with another one of the same touchpoint that says the same; votes go over.");
    }

    private static async Task<Results<Ok<ObservationsAnswer>, ProblemHttpResult>> ListAsync(int id, HttpContext http, TouchpointQueries touchpoints, ObservationQueries observations, CancellationToken ct) =>
        await touchpoints.FindAsync(id, ct) is not { } touchpoint ? NoTouchpoint(id)
            : TypedResults.Ok(new ObservationsAnswer((await observations.ListAsync(touchpoint.Id, Actor.Of(http.User), ct)).ConvertAll(ObservationModel.Of)));

    private static async Task<Results<Created<ObservationModel>, ProblemHttpResult>> AddAsync(int id, NewObservation body, HttpContext http, TouchpointQueries touchpoints, ObservationQueries observations, CancellationToken ct)
    {
        if (await touchpoints.FindAsync(id, ct) is not { } touchpoint) return NoTouchpoint(id);
        if (body.Fault() is { } fault) return Problems.Invalid(fault.Field, fault.Detail);
        var observation = body.By(Actor.Of(http.User), touchpoint.Id);
        await observations.AddAsync(observation, ct);
        return TypedResults.Created($"/api/v1/map/touchpoints/{touchpoint.Id}/observations", ObservationModel.Of(new VotedObservation(observation, 0, false)));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> VoteAsync(int id, bool wanted, HttpContext http, ObservationQueries observations, CancellationToken ct)
    {
        if (await observations.FindAsync(id, ct) is not { } observation) return Missing(id);
        if (wanted && observation.State != ObservationState.Open) return Problems.Conflict(ObservationQueries.Gone);
        await observations.VoteAsync(observation, Actor.Of(http.User), wanted, ct);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> TakeAsync(int id, ObservationTarget body, HttpContext http, ObservationQueries observations, JourneyMapQueries maps, CancellationToken ct)
    {
        if (await observations.FindAsync(id, ct) is not { } observation) return Missing(id);
        return await TakeOverAsync(observation, body, Actor.Of(http.User), observations, maps, ct) is { } problem ? problem : TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> PutBackAsync(int id, HttpContext http, ObservationQueries observations, CancellationToken ct)
    {
        if (await observations.FindAsync(id, ct) is not { } observation) return Missing(id);
        return await observations.PutBackAsync(observation, Actor.Of(http.User), ct) ? TypedResults.NoContent() : Problems.Conflict("It is not taken over.");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> MergeAsync(int id, ObservationMerge body, ObservationQueries observations, CancellationToken ct)
    {
        if (await observations.FindAsync(id, ct) is not { } same) return Missing(id);
        return await JoinAsync(same, body.Into, observations, ct) is { } problem ? problem : TypedResults.NoContent();
    }

    internal static async Task<ProblemHttpResult?> TakeOverAsync(Observation observation, ObservationTarget target, Actor by, ObservationQueries observations, JourneyMapQueries maps, CancellationToken ct)
    {
        if (observation.State != ObservationState.Open) return Problems.Conflict(ObservationQueries.Gone);
        if (await maps.FindAsync(target.Map, ct) is null) return Problems.Invalid("map", $"There is no journey map {target.Map}.");
        return await observations.TakeOverAsync(observation, target, by, ct) switch
        {
            null => null,
            { IsConflict: true } refusal => Problems.Conflict(refusal.Detail),
            var refusal => Problems.Invalid("step", refusal.Detail),
        };
    }

    internal static async Task<ProblemHttpResult?> JoinAsync(Observation same, int into, ObservationQueries observations, CancellationToken ct)
    {
        if (same.State != ObservationState.Open) return Problems.Conflict(ObservationQueries.Gone);
        if (await observations.FindAsync(into, ct) is not { State: ObservationState.Open } other || other.TouchpointId != same.TouchpointId || other.Id == same.Id)
            return Problems.Invalid("into", "It is merged with another open observation of the same touchpoint.");
        return await observations.MergeAsync(same, other, ct) ? null : Problems.Conflict(ObservationQueries.Gone);
    }

    private static ProblemHttpResult NoTouchpoint(int id) => Problems.NotFound($"There is no touchpoint {id}.");

    private static ProblemHttpResult Missing(int id) => Problems.NotFound($"There is no observation {id}.");
}
