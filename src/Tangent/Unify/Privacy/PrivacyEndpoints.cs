using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>The rights of the persons whose data this is (GDPR Art. 15 to 21).</summary>
internal static class PrivacyEndpoints
{
    public const int LongestValue = 1000;

    public static void MapPrivacy(this WebApplication app)
    {
        var person = app.MapGroup("/api/v1/unify/customers/{number:int}").RequireAuthorization(Rights.Edit).WithTags("Privacy");
        person.MapGet("/data", DataAsync).LooksAtCustomer().WithName("DataOfCustomer").WithSummary("What is kept of a customer: how many pieces of each kind of data. It is what an erasure takes out.");
        person.MapGet("/export", ExportAsync).LooksAtCustomer().WithName("ExportCustomer").Produces<byte[]>(contentType: "application/zip").WithSummary("Everything that is kept of a customer as a zip: JSON for machines and a page for people, in the language of lang (en, de, pl).");
        person.MapPut("/restriction", RestrictAsync).WithName("RestrictCustomer").WithSummary("Restricts processing: the data is kept, and left out of matching and of whoever may be contacted.");
        person.MapDelete("/restriction", LiftAsync).WithName("LiftRestriction").WithSummary("Ends the restriction.");
        person.MapPut("/traits/{name}", CorrectAsync).WithName("CorrectTrait").WithSummary("Says a trait of a customer; it stands above every source. Null lets the sources count again.");
        var requests = app.MapGroup("/api/v1/unify/privacy/requests").RequireAuthorization(Rights.Edit).WithTags("Privacy");
        requests.MapGet("", ListAsync).LooksAtCustomer().WithName("ListPrivacyRequests").WithSummary("Requests of persons about their data, the open ones first, by when they are due.");
        requests.MapPost("", AddAsync).WithName("AddPrivacyRequest").WithSummary("Records a request; it is due one month after it was received.");
        requests.MapPatch("/{id:int}", ChangeAsync).WithName("ChangePrivacyRequest").WithSummary("Changes a request's state or note.");
    }

    private static async Task<Results<Ok<PersonDataAnswer>, ProblemHttpResult>> DataAsync(int number, PersonData data, CancellationToken ct) =>
        await data.CustomerAsync(number, ct) is { } customer ? TypedResults.Ok(await data.KeptAsync(customer, ct)) : Missing(number);

    public static async Task<IResult> ExportAsync(HttpContext http, int number, PersonData data, IOptionsMonitor<CompanyOptions> company, CancellationToken ct)
    {
        if (await data.CustomerAsync(number, ct) is not { } customer) return Missing(number);
        if (data.WhyNoExport is { } refused) return Problems.Invalid("number", refused);
        if (http.Request.Query["lang"].ToString() is { Length: > 0 } language && !PreferencesEndpoints.Languages.Contains(language, StringComparer.Ordinal)) return Problems.Invalid("lang", T("Unify.Privacy.Export.Languages"));
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.File(await data.FileAsync(customer, company.CurrentValue.Name, ct), "application/zip", $"customer-{customer.Customer.Customer}.zip");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RestrictAsync(int number, RestrictionBody body, HttpContext http, PersonData data, PersonDecisions decisions, CancellationToken ct)
    {
        if (await data.CustomerAsync(number, ct) is not { } customer) return Missing(number);
        return await decisions.RestrictAsync(customer, body.Reason, http.User.Identity?.Name ?? "", ct) is { } refusal ? Problems.Invalid(refusal.Field, refusal.Detail) : TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> LiftAsync(int number, PersonData data, PrivacyQueries queries, CancellationToken ct)
    {
        if (await data.CustomerAsync(number, ct) is not { } customer) return Missing(number);
        await queries.LiftAsync(customer.Identifiers, ct);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> CorrectAsync(int number, string name, CorrectionBody body, HttpContext http, PersonData data, PersonDecisions decisions, CancellationToken ct)
    {
        if (await data.CustomerAsync(number, ct) is not { } customer) return Missing(number);
        return await decisions.CorrectAsync(customer, name, body.Value, http.User.Identity?.Name ?? "", ct) switch
        {
            { NotNow: { } detail } => TypedResults.Problem(detail, statusCode: StatusCodes.Status503ServiceUnavailable),
            { Refusal: { } refusal } => Problems.Invalid(refusal.Field, refusal.Detail),
            _ => TypedResults.NoContent(),
        };
    }

    private static async Task<Ok<PrivacyRequestsAnswer>> ListAsync(PrivacyQueries queries, CancellationToken ct) =>
        TypedResults.Ok(new PrivacyRequestsAnswer([.. (await queries.ListAsync(ct)).Select(PrivacyRequestModel.Of)]));

    private static async Task<Results<Created<PrivacyRequestModel>, ProblemHttpResult>> AddAsync(PrivacyRequestModel body, HttpContext http, PersonDecisions decisions, CancellationToken ct)
    {
        var asked = await decisions.RecordAsync(body, http.User.Identity?.Name ?? "", ct);
        if (asked.Refusal is { } refusal) return Problems.Invalid(refusal.Field, refusal.Detail);
        return TypedResults.Created($"/api/v1/unify/privacy/requests/{asked.Answer!.Id}", PrivacyRequestModel.Of(asked.Answer));
    }

    private static async Task<Results<Ok<PrivacyRequestModel>, ProblemHttpResult>> ChangeAsync(int id, PrivacyRequestModel body, HttpContext http, PrivacyQueries queries, PersonDecisions decisions, CancellationToken ct)
    {
        if (await queries.FindAsync(id, ct) is not { } request) return Problems.NotFound($"There is no request {id}.");
        if ((PersonDecisions.WrongState(body.State) ?? PersonDecisions.WrongNote(body.Note)) is { } refusal) return Problems.Invalid(refusal.Field, refusal.Detail);
        await decisions.ChangeAsync(request, body.State, body.Note, http.User.Identity?.Name ?? "", ct);
        return TypedResults.Ok(PrivacyRequestModel.Of(request));
    }

    private static ProblemHttpResult Missing(int number) => Problems.NotFound(T("Unify.Privacy.NoCustomer", number));
}
