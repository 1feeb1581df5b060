using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Access;

public sealed record InvitationModel(string Token, string? Email, bool EmailIsFixed, string? Error = null);

/// <param name="Email">Address of the person.</param>
/// <param name="Role">viewer, contributor, editor or owner.</param>
internal sealed record NewInvitation(string? Email, string? Role);

/// <param name="Link">Address, without host, that the person opens to choose a password; it works once, for seven days.</param>
internal sealed record CreatedInvitation(string Email, Role Role, string Link);

internal static class InvitationsEndpoints
{
    public static void MapInvitations(this WebApplication app)
    {
        app.MapGet("/access/invitations/{token}", ShowAsync).AllowAnonymous().ExcludeFromDescription();
        app.MapPost("/access/invitations/{token}", AcceptAsync).AllowAnonymous().ExcludeFromDescription();
        app.MapPost("/api/v1/users", InviteAsync).RequireAuthorization(Rights.Own).WithTags("Access")
            .WithSummary("Invites a person: the answer holds the one-time link.");
    }

    public static string Link(string token) => $"/access/invitations/{token}";

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
        if (!new EmailAddressAttribute().IsValid(address)) return Refuse(T("Access.Invitation.BadEmail"));
        if ((password ?? "").Length < 12) return Refuse(T("Access.Invitation.ShortPassword"));

        var user = new User { Id = Guid.CreateVersion7(), UserName = address, Email = address, EmailConfirmed = true, Role = invitation.Role };
        var created = await users.CreateAsync(user, password!);
        if (!created.Succeeded) return Refuse(string.Join(' ', created.Errors.Select(e => e.Description)));
        if (!await invitations.UseAsync(invitation, ct))
        {
            await users.DeleteAsync(user);
            return http.Show<InvitationGonePage>(new object(), StatusCodes.Status404NotFound);
        }

        await signIn.SignInAsync(user, isPersistent: true);
        return TypedResults.LocalRedirect("/");
    }

    private static async Task<IResult> InviteAsync(NewInvitation body, InvitationQueries invitations, UserManager<User> users, CancellationToken ct)
    {
        var email = body.Email?.Trim() ?? "";
        if (!new EmailAddressAttribute().IsValid(email)) return Problems.Invalid("email", $"'{email}' is not an e-mail address.");
        if (!Enum.TryParse<Role>(body.Role ?? nameof(Role.Viewer), ignoreCase: true, out var role) || !Enum.IsDefined(role))
            return Problems.Invalid("role", $"'{body.Role}' is not a role; use viewer, contributor, editor or owner.");
        if (await users.FindByEmailAsync(email) is not null) return Problems.Conflict($"{email} is a user already.");
        return TypedResults.Ok(new CreatedInvitation(email, role, Link(await invitations.CreateAsync(email, role, ct))));
    }
}
