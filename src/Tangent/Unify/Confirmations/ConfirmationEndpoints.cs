using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Web;

namespace Tangent.Unify;

/// <param name="Token">The link's own, for the form.</param>
/// <param name="Done">confirmed or declined; null where it is still asked.</param>
/// <param name="PreferencesUrl">Where everything can be changed later.</param>
public sealed record ConfirmationModel(string Token, string Masked, IReadOnlyList<ConfirmationItem> Items, string? Done, string PreferencesUrl);

/// <param name="Name">Purpose, and topic where it is for one.</param>
public sealed record ConfirmationItem(string Name, string Wording);

/// <summary>The page of the link in a letter of the double opt-in. Opening it confirms nothing: scanners of mail open links too.</summary>
internal static class ConfirmationEndpoints
{
    public static void MapConfirmations(this WebApplication app)
    {
        // The link is the right to answer; a cookie is neither needed nor asked.
        var pages = app.MapGroup(ConfirmationLinks.Path + "{token}").AllowAnonymous().ExcludeFromDescription().DisableAntiforgery()
            .AddEndpointFilter((context, next) => PublicLimit.LimitAsync(context, next, context.HttpContext.RequestServices.GetRequiredService<ConfirmationLinks>().Read(PreferenceCentreEndpoints.Token(context.HttpContext))?.Point));
        pages.MapGet("", Show);
        pages.MapPost("", AnswerAsync);
    }

    private static RazorComponentResult<PageHost> Show(HttpContext http, string token, string? done, ConfirmationLinks links, PreferenceLinks preferences, ConsentPurposes purposes)
    {
        PreferenceCentreEndpoints.Seal(http);
        if (links.Read(token) is not { } ticket) return http.Show<PreferenceGonePage>(new object(), StatusCodes.Status404NotFound, "/");
        var items = Confirmations.Items(ticket, purposes).Select(i => new ConfirmationItem(i.Purpose.Name + (i.Topic.Length > 0 ? " – " + i.Purpose.TopicName(i.Topic) : ""), i.Purpose.Wording)).ToList();
        var more = preferences.Make(preferences.AddressOf(http), new PreferenceTicket(ticket.Point, ticket.Masked, ticket.Key, ConsentPurpose.Commercial, ""), PreferenceLinks.UsualDays).Url;
        return http.Show<ConfirmationPage>(new ConfirmationModel(token, ticket.Masked, items, done, more), at: ConfirmationLinks.Path + token);
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, string token, ConfirmationLinks links, Confirmations confirmations, CancellationToken ct)
    {
        PreferenceCentreEndpoints.Seal(http);
        if (links.Read(token) is not { } ticket) return http.Show<PreferenceGonePage>(new object(), StatusCodes.Status404NotFound, "/");
        var form = await PreferenceCentreEndpoints.FormAsync(http, ct);
        ConsentState? answer = form["do"].ToString() switch { "confirm" => ConsentState.Given, "decline" => ConsentState.Withdrawn, _ => null };
        if (answer is not { } state) return TypedResults.LocalRedirect(ConfirmationLinks.Path + token);
        await confirmations.AnswerAsync(ticket, state, ct);
        return TypedResults.LocalRedirect($"{ConfirmationLinks.Path}{token}?done={(state == ConsentState.Given ? "confirmed" : "declined")}");
    }
}
