using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

/// <param name="ContactPoint">The contact point, such as <c>email:anna@example.org</c>.</param>
/// <param name="Days">How long the link holds, 1 to 730; 60 where nothing is said.</param>
/// <param name="Purpose">What one click withdraws; commercial where nothing is said.</param>
/// <param name="Topic">The topic of it; none: the purpose as a whole.</param>
public sealed record LinkAsked(string? ContactPoint, int? Days = null, string? Purpose = null, string? Topic = null);

internal static class PreferenceCentreEndpoints
{
    public static void MapPreferenceCentre(this WebApplication app)
    {
        // The link is the right to look and to change; a cookie is neither needed nor asked.
        var pages = app.MapGroup("/preferences/{token}").AllowAnonymous().ExcludeFromDescription().DisableAntiforgery()
            .AddEndpointFilter((context, next) => PublicLimit.LimitAsync(context, next, context.HttpContext.RequestServices.GetRequiredService<PreferenceLinks>().Read(Token(context.HttpContext))?.Point));
        pages.MapGet("", ShowAsync);
        pages.MapPost("", ChangeAsync);
        pages.MapGet("/one-click", ShowAsync);
        pages.MapPost("/one-click", OneClickAsync);
        app.MapPost("/api/v1/unify/consents/links", MakeAsync).RequireAuthorization(Rights.Contribute).AnswersASecret().WithTags("Consents").WithName("MakePreferenceLink")
            .WithSummary("Makes a link by which whoever gets it sees and changes the consents of one contact point, and the address for one-click unsubscribing (RFC 8058).");
    }

    private static async Task<Results<Ok<MadeLink>, ProblemHttpResult>> MakeAsync(HttpContext http, LinkAsked body, PreferenceLinks links, Consents consents, ContactPoints points, ConsentViews views, CancellationToken ct)
    {
        if (points.Read(body.ContactPoint) is not { } point) return ConsentsEndpoints.NoPoint();
        if (body.Days is < 1 or > PreferenceLinks.MostDays) return Problems.Invalid("days", Texts.T("Unify.Consents.WrongDays", PreferenceLinks.MostDays));
        var purpose = body.Purpose ?? (point.Kind == ContactKind.Tracking ? ConsentPurpose.Tracking : ConsentPurpose.Commercial);
        var named = await views.NamedAsync(purpose, body.Topic, ct);
        if (named.Refusal is { } wrong) return Problems.Invalid(wrong.Field, wrong.Detail);
        var address = links.AddressOf(http);
        return TypedResults.Ok(links.Make(address, point, await consents.KeyOfAsync(point, ct), body.Days ?? PreferenceLinks.UsualDays, named.Answer!.Purpose.Key, named.Answer.Topic));
    }

    private static async Task<IResult> ShowAsync(HttpContext http, string token, string? saved, PreferenceLinks links, PreferenceCentre centre, CancellationToken ct)
    {
        Seal(http);
        return links.Read(token) is { } ticket
            ? http.Show<PreferencePage>(await centre.ShowAsync(token, ticket, saved is not null, ct), at: PreferenceLinks.Path + token)
            : http.Show<PreferenceGonePage>(new object(), StatusCodes.Status404NotFound, "/");
    }

    private static async Task<IResult> ChangeAsync(HttpContext http, string token, PreferenceLinks links, PreferenceCentre centre, CancellationToken ct)
    {
        Seal(http);
        if (links.Read(token) is not { } ticket) return http.Show<PreferenceGonePage>(new object(), StatusCodes.Status404NotFound, "/");
        var form = await FormAsync(http, ct);
        if (form["do"] == "withdraw") return http.Show<PreferencePage>(await centre.ShowAsync(token, ticket, false, ct) with { AsksToWithdraw = true }, at: PreferenceLinks.Path + token);
        var done = form["do"].ToString() switch
        {
            "confirm" => centre.ConfirmAsync(ticket, ct),
            "withdraw-all" => centre.WithdrawAllAsync(ticket, ct),
            "save" => centre.SaveAsync(ticket, Set(form["given"]), Set(form["shown"]), ct),
            _ => null,
        };
        // What says nothing to do is not answered as if it was done.
        if (done is null) return TypedResults.LocalRedirect(PreferenceLinks.Path + token);
        await done;
        return TypedResults.LocalRedirect($"{PreferenceLinks.Path}{token}?saved=1");
    }

    private static HashSet<string> Set(IEnumerable<string?> values) => values.OfType<string>().ToHashSet(StringComparer.Ordinal);

    /// <summary>RFC 8058: the mail program of the recipient asks, without cookies and without another click.</summary>
    private static async Task<IResult> OneClickAsync(HttpContext http, string token, PreferenceLinks links, PreferenceCentre centre, CancellationToken ct)
    {
        Seal(http);
        if (links.Read(token) is not { } ticket) return Problems.NotFound("The link is not valid, or its time is over.");
        var form = await FormAsync(http, ct);
        if (form["List-Unsubscribe"] != "One-Click") return Problems.Of(StatusCodes.Status400BadRequest, "The body must be List-Unsubscribe=One-Click, as RFC 8058 has it.");
        await centre.WithdrawOneAsync(ticket, ct);
        return TypedResults.Text("Unsubscribed.");
    }

    /// <exception cref="BadHttpRequestException">The form cannot be read.</exception>
    public static async Task<IFormCollection> FormAsync(HttpContext http, CancellationToken ct)
    {
        try
        {
            return http.Request.HasFormContentType ? await http.Request.ReadFormAsync(ct) : FormCollection.Empty;
        }
        catch (InvalidDataException e)
        {
            throw new BadHttpRequestException(e.Message, StatusCodes.Status400BadRequest, e);
        }
    }

    public static string Token(HttpContext http) => http.GetRouteValue("token")?.ToString() ?? "";

    /// <summary>The address is a secret: no cache, search engine or other site gets it.</summary>
    public static void Seal(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Robots-Tag"] = "noindex, nofollow";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
    }
}
