using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Access;

/// <param name="Link">Of an invitation made just now, without host.</param>
public sealed record UsersModel(IReadOnlyList<Person> People, IReadOnlyList<PendingInvitation> Invitations, string? Link = null, string? Error = null, string EnteredEmail = "");

/// <param name="Link">Of a password reset made just now, without host.</param>
public sealed record UserModel(Person Person, IReadOnlyList<SessionLine> Sessions, string? Link = null, string? Error = null);

internal static class UserPagesEndpoints
{
    public static void MapUserPages(this WebApplication app)
    {
        var pages = app.MapGroup("/access/users").RequireAuthorization(Rights.Own).ExcludeFromDescription();
        pages.MapGet("", ListAsync);
        pages.MapPost("", InviteAsync);
        pages.MapPost("/invitations/{id:guid}/withdrawal", WithdrawAsync);
        pages.MapGet("/{id:guid}", ShowAsync);
        pages.MapPost("/{id:guid}/role", SetRoleAsync);
        pages.MapPost("/{id:guid}/disabled", SetDisabledAsync);
        pages.MapPost("/{id:guid}/reset", ResetAsync);
        pages.MapPost("/{id:guid}/two-factor-end", EndTwoFactorAsync);
        pages.MapPost("/{id:guid}/sessions-end", EndSessionsAsync);
        pages.MapPost("/{id:guid}/deletion", DeleteAsync);
    }

    private static async Task<RazorComponentResult<PageHost>> ListAsync(HttpContext http, UserQueries users, InvitationQueries invitations, CancellationToken ct) =>
        http.Show<UsersPage>(await ModelAsync(users, invitations, ct));

    private static async Task<IResult> InviteAsync(
        HttpContext http, [FromForm] string? email, [FromForm] string? role, UserQueries users, InvitationQueries invitations, UserManager<User> identity, CancellationToken ct)
    {
        var made = await InvitationsEndpoints.InviteAsync(new NewInvitation(email, role), invitations, identity, ct);
        var model = await ModelAsync(users, invitations, ct);
        return made.Created is { } created
            ? http.Show<UsersPage>(model with { Link = created.Link })
            : http.Show<UsersPage>(model with { Error = made.IsTaken ? T("Access.Users.Taken", email) : T("Access.Invitation.BadEmail"), EnteredEmail = email ?? "" }, StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<RedirectHttpResult> WithdrawAsync(Guid id, IFormCollection form, InvitationQueries invitations, CancellationToken ct)
    {
        await invitations.WithdrawAsync(id, ct);
        return TypedResults.LocalRedirect("/access/users");
    }

    private static async Task<IResult> ShowAsync(HttpContext http, Guid id, UserQueries users, SessionQueries sessions, CancellationToken ct) =>
        await PersonAsync(id, users, sessions, ct) is { } model ? http.Show<UserPage>(model) : TypedResults.NotFound();

    private static async Task<IResult> SetRoleAsync(
        HttpContext http, Guid id, [FromForm] string? role, People people, UserQueries users, SessionQueries sessions, CancellationToken ct) =>
        User.TryReadRole(role, out var chosen)
            ? await AfterAsync(http, id, await people.SetRoleAsync(id, chosen, ct), users, sessions, ct)
            : TypedResults.BadRequest();

    private static async Task<IResult> SetDisabledAsync(
        HttpContext http, Guid id, [FromForm] bool? disabled, People people, UserQueries users, SessionQueries sessions, CancellationToken ct) =>
        await AfterAsync(http, id, await people.SetDisabledAsync(id, disabled == true, ct), users, sessions, ct);

    private static async Task<IResult> ResetAsync(
        HttpContext http, Guid id, IFormCollection form, UserManager<User> identity, UserQueries users, SessionQueries sessions, CancellationToken ct)
    {
        if (await identity.FindByIdAsync(id.ToString()) is not { } user) return TypedResults.NotFound();
        return http.Show<UserPage>((await PersonAsync(id, users, sessions, ct))! with { Link = await PasswordReset.LinkAsync(identity, user) }, at: $"/access/users/{id}");
    }

    private static async Task<IResult> EndTwoFactorAsync(Guid id, IFormCollection form, People people) =>
        await people.EndTwoFactorAsync(id) ? TypedResults.LocalRedirect($"/access/users/{id}") : TypedResults.NotFound();

    private static async Task<RedirectHttpResult> EndSessionsAsync(Guid id, IFormCollection form, People people, CancellationToken ct)
    {
        await people.EndSessionsAsync(id, null, ct);
        return TypedResults.LocalRedirect($"/access/users/{id}");
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, Guid id, IFormCollection form, People people, UserQueries users, SessionQueries sessions, CancellationToken ct)
    {
        var change = await people.DeleteAsync(id, ct);
        return change == UserChange.Done ? TypedResults.LocalRedirect("/access/users") : await AfterAsync(http, id, change, users, sessions, ct);
    }

    private static async Task<IResult> AfterAsync(HttpContext http, Guid id, UserChange change, UserQueries users, SessionQueries sessions, CancellationToken ct) => change switch
    {
        UserChange.Done => TypedResults.LocalRedirect($"/access/users/{id}"),
        UserChange.LastOwner => http.Show<UserPage>((await PersonAsync(id, users, sessions, ct))! with { Error = T("Access.Users.LastOwner") }, StatusCodes.Status409Conflict, $"/access/users/{id}"),
        _ => TypedResults.NotFound(),
    };

    private static async Task<UserModel?> PersonAsync(Guid id, UserQueries users, SessionQueries sessions, CancellationToken ct) =>
        await users.FindAsync(id, ct) is { } person ? new UserModel(person, await sessions.ListAsync(id, ct)) : null;

    private static async Task<UsersModel> ModelAsync(UserQueries users, InvitationQueries invitations, CancellationToken ct) =>
        new(await users.ListAsync(ct), await invitations.ListAsync(ct));
}
