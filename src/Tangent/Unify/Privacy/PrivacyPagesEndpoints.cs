using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>The pages of requests and of one person's data.</summary>
internal static class PrivacyPagesEndpoints
{
    private const string Path = "/unify/privacy";

    public static void MapPrivacyPages(this WebApplication app)
    {
        var pages = app.MapGroup(Path).RequireAuthorization(Rights.Edit).ExcludeFromDescription();
        pages.MapGet("", ShowAsync).LooksAtCustomer();
        pages.MapPost("/requests", AddAsync);
        pages.MapPost("/requests/{id:int}", ChangeAsync);
        pages.MapPost("/tombstones/{erasure:long}/removal", LiftTombstonesAsync).RequireAuthorization(Rights.Own);
        app.MapGet("/unify/customers/{number:int}/restriction", ShowMarkAsync).LooksAtCustomer().ExcludeFromDescription();
        var person = app.MapGroup("/unify/customers/{number:int}/privacy").RequireAuthorization(Rights.Edit).ExcludeFromDescription();
        person.MapGet("", ShowPersonAsync).LooksAtCustomer();
        person.MapGet("/export", PrivacyEndpoints.ExportAsync).LooksAtCustomer();
        person.MapPost("/restriction", RestrictAsync);
        person.MapPost("/restriction/removal", LiftAsync);
        person.MapPost("/correction", CorrectAsync);
        person.MapPost("/erasure", EraseAsync).RequireAuthorization(Rights.Own);
    }

    private static Task<IResult> ShowAsync(HttpContext http, PrivacyQueries queries, TombstoneQueries tombstones, JourneyStore journeys, string? customer, long? erased, CancellationToken ct) =>
        ListAsync(http, queries, tombstones, journeys, new PrivacyRequestForm { Customer = customer }, null, ct, erased is { } events ? T("Unify.Privacy.Erased", Figures.Number(events)) : null);

    private static async Task<IResult> ListAsync(
        HttpContext http, PrivacyQueries queries, TombstoneQueries tombstones, JourneyStore journeys, PrivacyRequestForm form, string? error, CancellationToken ct, string? done = null)
    {
        var requests = await queries.ListAsync(ct);
        var customers = journeys.FindCustomers([.. requests.Select(r => r.Key)]);
        var rows = requests.Select((r, i) => new PrivacyRow(
            PrivacyRequestModel.Of(r), customers[i] >= 0 ? customers[i] : null, r.State == PrivacyRequestState.Open && r.DueUtc < DateTime.UtcNow));
        var lifted = http.User.IsInRole(nameof(Role.Owner)) ? await tombstones.ListAsync(ct) : [];
        return http.Show<PrivacyPage>(new PrivacyPageModel([.. rows], lifted, form, error, done), error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity, Path);
    }

    private static async Task<IResult> AddAsync(
        HttpContext http, [FromForm] PrivacyRequestForm form, PersonDecisions decisions, PrivacyQueries queries, TombstoneQueries tombstones, JourneyStore journeys, CancellationToken ct)
    {
        var received = form.Received is { } day ? http.Page().Company.Zone().StartOf(day) : (DateTime?)null;
        var model = new PrivacyRequestModel(0, form.Kind, null, received, null, form.Customer, form.Note, null);
        var asked = await decisions.RecordAsync(model, http.User.Identity?.Name ?? "", ct);
        return asked.Refusal is { } refusal ? await ListAsync(http, queries, tombstones, journeys, form, refusal.Detail, ct) : TypedResults.LocalRedirect(Path);
    }

    private static async Task<IResult> ChangeAsync(HttpContext http, int id, [FromForm] PrivacyRequestState state, PrivacyQueries queries, PersonDecisions decisions, CancellationToken ct)
    {
        if (await queries.FindAsync(id, ct) is not { } request || PersonDecisions.WrongState(state) is not null) return TypedResults.NotFound();
        await decisions.ChangeAsync(request, state, null, http.User.Identity?.Name ?? "", ct);
        return TypedResults.LocalRedirect(Path);
    }

    // Taking the form, though it is empty but for its token, makes the framework check that.
    private static async Task<IResult> LiftTombstonesAsync(long erasure, IFormCollection form, Tombstones tombstones, CancellationToken ct) =>
        await tombstones.LiftAsync(erasure, ct) ? TypedResults.LocalRedirect(Path) : TypedResults.NotFound();

    private static async Task<IResult> ShowMarkAsync(HttpContext http, int number, JourneyStore journeys, Restrictions restrictions, PrivacyQueries queries, CancellationToken ct)
    {
        if (journeys.Journey(number, new Paging(0, 1)) is not { } journey) return TypedResults.NotFound();
        var restriction = restrictions.Of(journey.Identifiers);
        var open = (await queries.OfAsync(journey.Identifiers, ct)).Where(r => r.State == PrivacyRequestState.Open).OrderBy(r => r.DueUtc).Select(PrivacyRequestModel.Of);
        return http.Show<RestrictionMark>(new RestrictionMarkModel(restriction?.SinceUtc, restriction?.Reason, [.. open]));
    }

    private static Task<IResult> ShowPersonAsync(HttpContext http, int number, PersonData data, PrivacyQueries queries, CancellationToken ct) =>
        PersonAsync(http, number, data, queries, new PersonDataForm(), null, ct);

    private static async Task<IResult> PersonAsync(HttpContext http, int number, PersonData data, PrivacyQueries queries, PersonDataForm form, string? error, CancellationToken ct)
    {
        if (await data.CustomerAsync(number, ct) is not { } customer) return TypedResults.NotFound();
        var found = await data.KeptAsync(customer, ct);
        var requests = (await queries.OfAsync(found.Identifiers, ct)).Select(PrivacyRequestModel.Of);
        return http.Show<PersonDataPage>(
            new PersonDataModel(found, [.. requests], [.. customer.Values.Select(v => v.Name)], form, data.WhyNoExport, error),
            error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity, At(number));
    }

    private static async Task<IResult> RestrictAsync(HttpContext http, int number, [FromForm] PersonDataForm form, PersonData data, PrivacyQueries queries, PersonDecisions decisions, CancellationToken ct)
    {
        if (await data.CustomerAsync(number, ct) is not { } customer) return TypedResults.NotFound();
        var refusal = await decisions.RestrictAsync(customer, form.Reason, http.User.Identity?.Name ?? "", ct);
        return refusal is null ? TypedResults.LocalRedirect(At(number)) : await PersonAsync(http, number, data, queries, form, refusal.Detail, ct);
    }

    private static async Task<IResult> LiftAsync(int number, IFormCollection form, PersonData data, PrivacyQueries queries, CancellationToken ct)
    {
        if (await data.CustomerAsync(number, ct) is not { } customer) return TypedResults.NotFound();
        await queries.LiftAsync(customer.Identifiers, ct);
        return TypedResults.LocalRedirect(At(number));
    }

    private static async Task<IResult> CorrectAsync(HttpContext http, int number, [FromForm] PersonDataForm form, PersonData data, PrivacyQueries queries, PersonDecisions decisions, CancellationToken ct)
    {
        if (await data.CustomerAsync(number, ct) is not { } customer) return TypedResults.NotFound();
        var corrected = await decisions.CorrectAsync(customer, form.Trait, form.Value, http.User.Identity?.Name ?? "", ct);
        return (corrected.NotNow ?? corrected.Refusal?.Detail) is { } error ? await PersonAsync(http, number, data, queries, form, error, ct) : TypedResults.LocalRedirect($"/unify/customers/{number}");
    }

    private static async Task<IResult> EraseAsync(HttpContext http, int number, [FromForm] PersonDataForm form, PersonData data, PrivacyQueries queries, Erasures erasures, CancellationToken ct)
    {
        if (await data.CustomerAsync(number, ct) is not { } customer) return TypedResults.NotFound();
        if (form.Confirmation?.Trim() != customer.Customer.Id) return await PersonAsync(http, number, data, queries, form, T("Unify.Privacy.ConfirmWrong", customer.Customer.Id), ct);
        var erased = await erasures.EraseAsync(new ErasureRequest($"number:{number}", form.Reason), http.User.Identity?.Name ?? "", ct);
        return (erased.NotNow ?? erased.Refusal?.Detail) is { } error ? await PersonAsync(http, number, data, queries, form, error, ct) : TypedResults.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"{Path}?erased={erased.Answer!.Events}"));
    }

    private static string At(int number) => $"/unify/customers/{number}/privacy";
}
