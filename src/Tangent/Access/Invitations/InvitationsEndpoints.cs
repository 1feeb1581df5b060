using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Access;

public sealed record InvitationModel(string Token, string? Email, bool EmailIsFixed, string? Error = null);

/// <param name="Email">Address of the person.</param>
/// <param name="Role">viewer, contributor, editor or owner; viewer by default.</param>
internal sealed record NewInvitation(string? Email, string? Role);

/// <param name="Link">Address, without host, that the person opens to choose a password; it works once, for seven days.</param>
internal sealed record CreatedInvitation(string Email, Role Role, string Link);

/// <summary>What became of an invitation: it was made, or why not.</summary>
internal sealed record Invited(CreatedInvitation? Created, ProblemHttpResult? Problem = null, bool IsTaken = false);

internal sealed record InvitationsView(IReadOnlyList<PendingInvitation> Items);

internal static class InvitationsEndpoints
{
    public static void MapInvitations(this WebApplication app)
    {
        var pages = app.MapGroup("/access/invitations/{token}").AllowAnonymous().ExcludeFromDescription();
        pages.MapGet("", ShowAsync);
        pages.MapPost("", AcceptAsync);
        var api = app.MapGroup("/api/v1/access").RequireAuthorization(Rights.Own).WithTags("Access");
        api.MapPost("/users", CreateAsync).AnswersASecret().WithSummary("Invites a person: the answer holds the one-time link.");
        api.MapGet("/invitations", ListAsync).WithSummary("Invitations that nobody has used yet.");
        api.MapDelete("/invitations/{id:guid}", WithdrawAsync).WithSummary("Withdraws an invitation; its link works no more.");
    }

    public static string Link(string token) => $"/access/invitations/{token}";

    public static async Task<Invited> InviteAsync(NewInvitation asked, InvitationQueries invitations, UserManager<User> users, CancellationToken ct)
    {
        var email = asked.Email?.Trim() ?? "";
        if (!IsAddress(email)) return new(null, Problems.Invalid("email", $"'{email}' is not an e-mail address."));
        if (!User.TryReadRole(asked.Role ?? nameof(Role.Viewer), out var role)) return new(null, Problems.Invalid("role", $"'{asked.Role}' is not a role; use viewer, contributor, editor or owner."));
        if (await users.FindByEmailAsync(email) is not null) return new(null, Problems.Conflict($"{email} is a user already."), IsTaken: true);
        return new(new CreatedInvitation(email, role, Link(await invitations.CreateAsync(email, role, ct))));
    }

    private static bool IsAddress(string email) => email.Length <= 254 && new EmailAddressAttribute().IsValid(email) && !email.Any(char.IsControl);

    private static async Task<IResult> ShowAsync(HttpContext http, InvitationQueries invitations, string token, CancellationToken ct)
    {
        var invitation = await invitations.FindAsync(token, ct);
        return invitation is null
            ? http.Show<InvitationGonePage>(new object(), StatusCodes.Status404NotFound)
            : http.Show<InvitationPage>(new InvitationModel(token, invitation.Email, invitation.Email is not null));
    }

    private static async Task<IResult> AcceptAsync(HttpContext http, InvitationQueries invitations, UserManager<User> users, SignInManager<User> signIn,
        string token, [FromForm] string? email, [FromForm] string? password, CancellationToken ct)
    {
        var invitation = await invitations.FindAsync(token, ct);
        if (invitation is null) return http.Show<InvitationGonePage>(new object(), StatusCodes.Status404NotFound);
        var address = invitation.Email ?? email?.Trim() ?? "";
        IResult Refuse(string error) => http.Show<InvitationPage>(
            new InvitationModel(token, address, invitation.Email is not null, error), StatusCodes.Status422UnprocessableEntity);
        if (!IsAddress(address)) return Refuse(T("Access.Invitation.BadEmail"));
        if ((password ?? "").Length < Passwords.Shortest) return Refuse(T("Access.Invitation.ShortPassword"));

        var user = User.Create(address, invitation.Role);
        var created = await users.CreateAsync(user, password!);
        if (!created.Succeeded) return Refuse(string.Join(' ', created.Errors.Select(e => e.Description)));
        if (!await invitations.UseAsync(invitation, CancellationToken.None))
        {
            await users.DeleteAsync(user);
            return http.Show<InvitationGonePage>(new object(), StatusCodes.Status404NotFound);
        }

        await AuditTrail.RecordAsync(http, Actor.Of(user));
        await signIn.SignInAsync(user, isPersistent: true, "invitation");
        return TypedResults.LocalRedirect("/");
    }

    private static async Task<Results<Ok<CreatedInvitation>, ProblemHttpResult>> CreateAsync(NewInvitation body, InvitationQueries invitations, UserManager<User> users, CancellationToken ct)
    {
        var invited = await InviteAsync(body, invitations, users, ct);
        return invited.Created is { } created ? TypedResults.Ok(created) : invited.Problem!;
    }

    private static async Task<Ok<InvitationsView>> ListAsync(InvitationQueries invitations, CancellationToken ct) => TypedResults.Ok(new InvitationsView(await invitations.ListAsync(ct)));

    private static async Task<Results<NoContent, ProblemHttpResult>> WithdrawAsync(Guid id, InvitationQueries invitations, CancellationToken ct) =>
        await invitations.WithdrawAsync(id, ct) ? TypedResults.NoContent() : Problems.NotFound($"There is no open invitation {id}.");
}
