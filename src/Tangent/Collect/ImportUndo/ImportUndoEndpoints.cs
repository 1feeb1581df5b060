using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Web;

namespace Tangent.Collect;

internal static class ImportUndoEndpoints
{
    public static void MapImportUndo(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/collect/imports/{id:int}/undo").RequireAuthorization(Rights.Edit).WithTags("Collect");
        api.MapPost("", (HttpContext http, int id, ImportUndo undo, CancellationToken ct) => AnswerAsync(undo.UndoAsync(id, By(http), ct)))
            .WithSummary("Takes a whole import back: what it brought counts no more, and the file can be imported anew.");
        api.MapDelete("", (HttpContext http, int id, ImportUndo undo, CancellationToken ct) => AnswerAsync(undo.RestoreAsync(id, By(http), ct)))
            .WithSummary("Takes the undoing of an import back: what it brought counts again.");
        var page = app.MapGroup("/collect/imports/{id:int}").RequireAuthorization(Rights.Edit).ExcludeFromDescription();
        page.MapPost("/undo", (HttpContext http, int id, ImportUndo undo, ImportPages pages, CancellationToken ct) => ShowAsync(http, id, pages, undo.UndoAsync(id, By(http), ct), ct));
        page.MapPost("/restoration", (HttpContext http, int id, ImportUndo undo, ImportPages pages, CancellationToken ct) => ShowAsync(http, id, pages, undo.RestoreAsync(id, By(http), ct), ct));
    }

    private static async Task<Results<Ok<ImportUndone>, ProblemHttpResult>> AnswerAsync(Task<UndoDecided> deciding) => await deciding switch
    {
        { Done: { } done } => TypedResults.Ok(done),
        { NotFound: true, Problem: { } problem } => Problems.NotFound(problem),
        var refused => Problems.Conflict(refused.Problem!),
    };

    private static async Task<IResult> ShowAsync(HttpContext http, int id, ImportPages pages, Task<UndoDecided> deciding, CancellationToken ct) => await deciding switch
    {
        { Done: not null } => TypedResults.LocalRedirect($"/collect/imports?import={id}"),
        { NotFound: true } => TypedResults.NotFound(),
        var refused => await pages.ShowAsync(http, id, refused.Problem, ct),
    };

    private static string By(HttpContext http) => http.User.Identity?.Name ?? "";
}
