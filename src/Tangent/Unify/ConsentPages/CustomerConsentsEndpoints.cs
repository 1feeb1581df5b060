using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <param name="Link">A link to the preference centre that was just made.</param>
/// <param name="Error">Why something was not recorded.</param>
public sealed record CustomerConsentsModel(CustomerConsents Consents, MadeLink? Link = null, string? Error = null);

/// <summary>The fields with which a consent is recorded by hand.</summary>
public sealed class ConsentForm
{
    public string? Point { get; set; }

    /// <summary>Purpose, or purpose/topic.</summary>
    public string? Of { get; set; }

    public string? State { get; set; }

    /// <summary>How it was said, in the words of who records it.</summary>
    public string? Wording { get; set; }
}

/// <summary>The consents on a customer's page: a fragment with an address of its own.</summary>
internal static class CustomerConsentsEndpoints
{
    public static void MapCustomerConsents(this WebApplication app)
    {
        var pages = app.MapGroup("/unify/customers/{number:int}/consents").ExcludeFromDescription();
        pages.MapGet("", ShowAsync).LooksAtCustomer();
        pages.MapPost("", RecordAsync).RequireAuthorization(Rights.Contribute);
        pages.MapPost("/links", LinkAsync).RequireAuthorization(Rights.Contribute);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, int number, ConsentViews views, CancellationToken ct) => await FragmentAsync(http, number, views, null, null, ct);

    private static async Task<IResult> FragmentAsync(HttpContext http, int number, ConsentViews views, MadeLink? link, string? error, CancellationToken ct) =>
        await views.OfCustomerAsync(number, ct) is { } found
            ? http.Show<CustomerConsentsView>(new CustomerConsentsModel(found, link, error), error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity)
            : TypedResults.NotFound();

    private static async Task<IResult> RecordAsync(HttpContext http, int number, [FromForm] ConsentForm form, ConsentViews views, Consents consents, ContactPoints points, CancellationToken ct)
    {
        if (await views.PointAsync(number, form.Point, ct) is not var (point, key)) return await FragmentAsync(http, number, views, null, T("Unify.Consents.NoPoint"), ct);
        var (purpose, topic) = form.Of?.Split('/', 2) is [var whole, var part] ? (whole, part) : (form.Of, "");
        var named = await views.NamedAsync(purpose, topic, ct);
        var error = named.Refusal?.Detail
            ?? (ConsentReading.StateOf(form.State ?? "") is null ? T("Unify.Consents.WrongState") : null)
            ?? (form.Wording?.Trim() is not { Length: > 0 and <= ConsentsEndpoints.MostCharacters } ? T("Unify.Consents.HowNeeded") : null);
        if (error is not null) return await FragmentAsync(http, number, views, null, error, ct);
        await consents.RecordAsync([new ConsentChange(
            points.IdOf(point), named.Answer!.Purpose.Key, named.Answer.Topic, ConsentReading.StateOf(form.State!)!.Value, ConsentOrigin.Person, http.User.Identity?.Name ?? "", "", form.Wording!.Trim(), key)], ct);
        return await FragmentAsync(http, number, views, null, null, ct);
    }

    private static async Task<IResult> LinkAsync(HttpContext http, int number, [FromForm] ConsentForm form, ConsentViews views, PreferenceLinks links, CancellationToken ct)
    {
        if (await views.PointAsync(number, form.Point, ct) is not var (point, key)) return await FragmentAsync(http, number, views, null, T("Unify.Consents.NoPoint"), ct);
        return await FragmentAsync(http, number, views, links.Make(links.AddressOf(http), point, key, PreferenceLinks.UsualDays, ConsentPurpose.Commercial), null, ct);
    }
}
