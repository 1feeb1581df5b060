using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Unify;
using Tangent.Web;

namespace Tangent.Analyse;

/// <param name="Error">Why nothing was saved.</param>
/// <param name="Refused">What was entered then.</param>
public sealed record SavedQuestionsModel(IReadOnlyList<SavedQuestionRow> Rows, string? Error = null, SavedQuestionForm? Refused = null);

/// <param name="Changeable">The reader may rename, share and remove it.</param>
public sealed record SavedQuestionRow(SavedQuestionModel Question, DateTime CreatedUtc, bool Changeable);

/// <summary>The fields of the form with which a page is saved.</summary>
public sealed class SavedQuestionForm
{
    public string? Name { get; set; }

    public string? Address { get; set; }

    public bool Shared { get; set; }
}

internal static class SavedQuestionPagesEndpoints
{
    public static void MapSavedQuestionPages(this WebApplication app)
    {
        var pages = app.MapGroup("/analyse/saved").ExcludeFromDescription();
        pages.MapGet("", ShowAsync);
        pages.MapPost("", SaveAsync);
        pages.MapPost("/{id:int}/sharing", ShareAsync);
        pages.MapPost("/{id:int}/removal", RemoveAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, SavedQuestionQueries questions, CancellationToken ct) =>
        http.Show<SavedQuestionsPage>(await ModelAsync(http, questions, ct));

    private static async Task<IResult> SaveAsync(HttpContext http, [FromForm] SavedQuestionForm form, SavedQuestionQueries questions, CancellationToken ct)
    {
        if (SavedQuestion.Wrong(form.Name, form.Address) is { } wrong)
            return http.Show<SavedQuestionsPage>(await ModelAsync(http, questions, ct) with { Error = wrong.Detail, Refused = form }, StatusCodes.Status422UnprocessableEntity);
        await questions.SaveAsync(SavedQuestion.Of(Actor.Of(http.User), form.Name!, form.Address!, form.Shared), ct);
        return TypedResults.LocalRedirect("/analyse/saved");
    }

    private static async Task<IResult> ShareAsync(int id, HttpContext http, [FromForm] bool shared, SavedQuestionQueries questions, CancellationToken ct)
    {
        if (await questions.FindAsync(id, SavedQuestionReader.Of(http), ct) is not { } question) return TypedResults.NotFound();
        question.Shared = shared;
        await questions.SaveAsync(question, ct);
        return TypedResults.LocalRedirect("/analyse/saved");
    }

    // Taking the form, though it is empty but for its token, makes the framework check that.
    private static async Task<IResult> RemoveAsync(int id, HttpContext http, IFormCollection form, SavedQuestionQueries questions, CancellationToken ct)
    {
        if (await questions.FindAsync(id, SavedQuestionReader.Of(http), ct) is not { } question) return TypedResults.NotFound();
        await questions.RemoveAsync(question, ct);
        return TypedResults.LocalRedirect("/analyse/saved");
    }

    private static async Task<SavedQuestionsModel> ModelAsync(HttpContext http, SavedQuestionQueries questions, CancellationToken ct)
    {
        var reader = SavedQuestionReader.Of(http);
        return new([.. (await questions.ListAsync(reader, ct)).Select(q => new SavedQuestionRow(SavedQuestionModel.Of(q), q.CreatedUtc, reader.MayChange(q)))]);
    }
}
