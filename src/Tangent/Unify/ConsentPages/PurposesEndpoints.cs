using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>The purposes that people can agree to: the overview, the page of each, and the same in the API.</summary>
internal static class PurposesEndpoints
{
    private const string Path = "/unify/consents";

    public static void MapPurposes(this WebApplication app)
    {
        var pages = app.MapGroup(Path).ExcludeFromDescription();
        pages.MapGet("", ShowAsync);
        pages.MapGet("/purposes/new", (HttpContext http) => http.Show<PurposePage>(new PurposeEditModel(new PurposeForm(), true, false)));
        pages.MapGet("/purposes/{key}", Edit);
        pages.MapPost("/purposes", SaveAsync).RequireAuthorization(Rights.Edit);
        pages.MapPost("/purposes/{key}/removal", RemoveByFormAsync).RequireAuthorization(Rights.Edit);
        var api = app.MapGroup("/api/v1/unify/consents/purposes").WithTags("Consents");
        api.MapGet("", (ConsentPurposes purposes) => TypedResults.Ok(new PurposesAnswer([.. purposes.All.Select(PurposeModel.Of)]))).WithName("ListPurposes").WithSummary("The purposes with enforcement, topics and texts.");
        api.MapPut("/{key}", PutAsync).RequireAuthorization(Rights.Edit).WithName("KeepPurpose").WithSummary("Adds a purpose or changes it.");
        api.MapDelete("/{key}", DeleteAsync).RequireAuthorization(Rights.Edit).WithName("RemovePurpose").WithSummary("Removes a purpose that is not built in; what was said of it stays recorded.");
    }

    private static async Task<RazorComponentResult<PageHost>> ShowAsync(HttpContext http, ConsentViews views, ConsentPurposes purposes, CancellationToken ct) =>
        http.Show<ConsentsPage>(new ConsentsPageModel(
            await views.OverviewAsync(ct), [.. purposes.All.Select(p => new PurposeRow(p.Key, p.Name, p.Enforcement, p.ConfirmSinceUtc is not null, string.Join(", ", p.TopicList.Select(t => t.Name)), p.Version))]));

    private static IResult Edit(HttpContext http, string key, ConsentPurposes purposes) =>
        purposes.Find(key) is { } purpose ? http.Show<PurposePage>(new PurposeEditModel(PurposeForm.Of(purpose), false, purpose.IsBuiltIn, purpose.Name)) : TypedResults.NotFound();

    private static async Task<IResult> SaveAsync(HttpContext http, [FromForm] PurposeForm form, [FromForm(Name = "new")] bool? isNew, ConsentPurposes purposes, ConsentPurposeQueries queries, TimeProvider time, CancellationToken ct)
    {
        var before = purposes.Find(form.Key);
        var asked = form.Model().On(before, time.GetUtcNow().UtcDateTime);
        var error = asked.Refusal?.Detail ?? (isNew == true && before is not null ? T("Unify.Consents.KeyTaken", form.Key) : null);
        if (error is not null)
            return http.Show<PurposePage>(new PurposeEditModel(form, isNew == true, before?.IsBuiltIn ?? false, before?.Name ?? "", error), StatusCodes.Status422UnprocessableEntity);
        await queries.SaveAsync(asked.Answer!, ct);
        return TypedResults.LocalRedirect(Path);
    }

    // Taking the form, though it is empty but for its token, makes the framework check that.
    private static async Task<IResult> RemoveByFormAsync(string key, IFormCollection form, ConsentPurposes purposes, ConsentPurposeQueries queries, CancellationToken ct)
    {
        if (purposes.Find(key) is not { IsBuiltIn: false }) return TypedResults.NotFound();
        await queries.RemoveAsync(key, ct);
        return TypedResults.LocalRedirect(Path);
    }

    private static async Task<Results<Ok<PurposeModel>, ProblemHttpResult>> PutAsync(string key, PurposeModel body, ConsentPurposes purposes, ConsentPurposeQueries queries, TimeProvider time, CancellationToken ct)
    {
        var asked = (body with { Key = key }).On(purposes.Find(key), time.GetUtcNow().UtcDateTime);
        if (asked.Refusal is { } refusal) return Problems.Invalid(refusal.Field, refusal.Detail);
        await queries.SaveAsync(asked.Answer!, ct);
        return TypedResults.Ok(PurposeModel.Of(asked.Answer!));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(string key, ConsentPurposes purposes, ConsentPurposeQueries queries, CancellationToken ct)
    {
        if (purposes.Find(key) is not { } purpose) return Problems.NotFound($"There is no purpose {key}.");
        if (purpose.IsBuiltIn) return Problems.Conflict(T("Unify.Consents.BuiltIn", key));
        await queries.RemoveAsync(key, ct);
        return TypedResults.NoContent();
    }
}
