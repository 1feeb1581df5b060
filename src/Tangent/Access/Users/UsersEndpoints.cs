using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Tangent.Web;

namespace Tangent.Access;

internal sealed record PeopleView(IReadOnlyList<Person> Items);

/// <param name="Role">viewer, contributor, editor or owner.</param>
internal sealed record NewRole(string? Role);

/// <param name="Disabled">The person may not sign in.</param>
internal sealed record NewDisabling(bool? Disabled);

/// <param name="Link">Address, without host, where the person chooses a new password; it works once, for a day.</param>
internal sealed record ResetLink(string Email, string Link);

/// <param name="Kind">person, key, local (the data folder's socket, or a demo) or nobody.</param>
internal sealed record WhoView(ActorKind Kind, string Name, Role Role);

internal sealed record SessionsView(IReadOnlyList<SessionLine> Items);

/// <summary>People, their roles and their sessions, for programs.</summary>
internal static class UsersEndpoints
{
    public static void MapUsers(this WebApplication app)
    {
        app.MapGet("/api/v1/access/me", Who).WithTags("Access").WithSummary("Who is asking, and with which role.");
        var api = app.MapGroup("/api/v1/access").RequireAuthorization(Rights.Own).WithTags("Access");
        api.MapGet("/users", ListAsync).WithSummary("The people with an account.");
        api.MapGet("/users/{id:guid}", FindAsync).WithSummary("One person.");
        api.MapPut("/users/{id:guid}/role", SetRoleAsync).WithSummary("Gives a person another role; it counts from their next request on.");
        api.MapPut("/users/{id:guid}/disabled", SetDisabledAsync).WithSummary("Keeps a person from signing in, which ends their sessions, or lets them in again.");
        api.MapDelete("/users/{id:guid}", DeleteAsync).WithSummary("Deletes a person's account with its passkeys and sessions.");
        api.MapPost("/users/{id:guid}/reset", ResetAsync).AnswersASecret().WithSummary("Makes a link by which the person chooses a new password.");
        api.MapDelete("/users/{id:guid}/two-factor", EndTwoFactorAsync).WithSummary("Lets a person who lost phone and recovery codes in by password alone.");
        api.MapGet("/sessions", SessionsAsync).WithSummary("The browsers in which people are signed in, the latest seen first.");
        api.MapDelete("/sessions/{id:guid}", EndSessionAsync).WithSummary("Signs a browser out.");
        api.MapDelete("/users/{id:guid}/sessions", EndSessionsAsync).WithSummary("Signs a person out everywhere.");
    }

    private static Ok<WhoView> Who(HttpContext http)
    {
        var actor = Actor.Of(http.User);
        return TypedResults.Ok(new WhoView(actor.Kind, actor.Name, Enum.Parse<Role>(http.User.FindFirst(System.Security.Claims.ClaimTypes.Role)!.Value)));
    }

    private static async Task<Ok<PeopleView>> ListAsync(UserQueries users, CancellationToken ct) => TypedResults.Ok(new PeopleView(await users.ListAsync(ct)));

    private static async Task<Results<Ok<Person>, ProblemHttpResult>> FindAsync(Guid id, UserQueries users, CancellationToken ct) =>
        await users.FindAsync(id, ct) is { } person ? TypedResults.Ok(person) : Missing(id);

    private static async Task<Results<Ok<Person>, ProblemHttpResult>> SetRoleAsync(Guid id, NewRole body, People people, UserQueries users, CancellationToken ct)
    {
        if (!User.TryReadRole(body.Role, out var role)) return Problems.Invalid("role", $"'{body.Role}' is not a role; use viewer, contributor, editor or owner.");
        return Problem(id, await people.SetRoleAsync(id, role, ct)) is { } problem ? problem : TypedResults.Ok((await users.FindAsync(id, CancellationToken.None))!);
    }

    private static async Task<Results<Ok<Person>, ProblemHttpResult>> SetDisabledAsync(Guid id, NewDisabling body, People people, UserQueries users, CancellationToken ct)
    {
        if (body.Disabled is not { } disabled) return Problems.Invalid("disabled", "disabled is true or false.");
        return Problem(id, await people.SetDisabledAsync(id, disabled, ct)) is { } problem ? problem : TypedResults.Ok((await users.FindAsync(id, CancellationToken.None))!);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(Guid id, People people, CancellationToken ct) =>
        Problem(id, await people.DeleteAsync(id, ct)) is { } problem ? problem : TypedResults.NoContent();

    private static async Task<Results<Ok<ResetLink>, ProblemHttpResult>> ResetAsync(Guid id, UserManager<User> users) =>
        await users.FindByIdAsync(id.ToString()) is { } user ? TypedResults.Ok(new ResetLink(user.Email!, await PasswordReset.LinkAsync(users, user))) : Missing(id);

    private static async Task<Results<NoContent, ProblemHttpResult>> EndTwoFactorAsync(Guid id, People people) =>
        await people.EndTwoFactorAsync(id) ? TypedResults.NoContent() : Missing(id);

    private static async Task<Ok<SessionsView>> SessionsAsync(SessionQueries sessions, CancellationToken ct) =>
        TypedResults.Ok(new SessionsView(await sessions.ListAsync(null, ct)));

    private static async Task<Results<NoContent, ProblemHttpResult>> EndSessionAsync(Guid id, People people, CancellationToken ct) =>
        await people.EndSessionAsync(id, null, ct) ? TypedResults.NoContent() : Problems.NotFound($"There is no session {id}.");

    private static async Task<Results<NoContent, ProblemHttpResult>> EndSessionsAsync(Guid id, People people, UserQueries users, CancellationToken ct)
    {
        if (await users.FindAsync(id, ct) is null) return Missing(id);
        await people.EndSessionsAsync(id, null, ct);
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult? Problem(Guid id, UserChange change) => change switch
    {
        UserChange.Unknown => Missing(id),
        UserChange.LastOwner => Problems.Conflict("This is the last owner. Make somebody else an owner first."),
        _ => null,
    };

    private static ProblemHttpResult Missing(Guid id) => Problems.NotFound($"There is no person {id}.");
}
