using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Unify;
using Tangent.Web;

namespace Tangent.Analyse;

/// <summary>A saved question as the API shows and takes it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Address">Page and query on this server, for example <c>/analyse/funnels?step=Order</c>.</param>
/// <param name="Owner">Who saved it.</param>
/// <param name="Shared">Everybody sees it.</param>
public sealed record SavedQuestionModel(int Id, string? Name, string? Address, string Owner = "", bool Shared = false)
{
    internal static SavedQuestionModel Of(SavedQuestion q) => new(q.Id, q.Name, q.Address, q.Owner, q.Shared);
}

public sealed record SavedQuestionsAnswer(IReadOnlyList<SavedQuestionModel> Items);

internal static class SavedQuestionsEndpoints
{
    public static void MapSavedQuestions(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/analyse/saved-questions").WithTags("Analyse");
        api.MapGet("", ListAsync).WithName("ListSavedQuestions").WithSummary("Saved questions: your own and those that are shared.");
        api.MapPost("", SaveAsync).WithName("SaveQuestion").WithSummary("Saves a page with all that is chosen on it under a name.");
        api.MapPut("/{id:int}", ChangeAsync).WithName("ChangeSavedQuestion").WithSummary("Renames a saved question, shares it, or gives it another address.");
        api.MapDelete("/{id:int}", RemoveAsync).WithName("RemoveSavedQuestion").WithSummary("Removes a saved question.");
    }

    private static async Task<Ok<SavedQuestionsAnswer>> ListAsync(HttpContext http, SavedQuestionQueries questions, CancellationToken ct) =>
        TypedResults.Ok(new SavedQuestionsAnswer([.. (await questions.ListAsync(SavedQuestionReader.Of(http), ct)).Select(SavedQuestionModel.Of)]));

    private static async Task<Results<Created<SavedQuestionModel>, ProblemHttpResult>> SaveAsync(HttpContext http, SavedQuestionModel body, SavedQuestionQueries questions, CancellationToken ct)
    {
        if (SavedQuestion.Wrong(body.Name, body.Address) is { } wrong) return Problems.Invalid(wrong.Field, wrong.Detail);
        var question = SavedQuestion.Of(Actor.Of(http.User), body.Name!, body.Address!, body.Shared);
        await questions.SaveAsync(question, ct);
        return TypedResults.Created($"/api/v1/analyse/saved-questions/{question.Id}", SavedQuestionModel.Of(question));
    }

    private static async Task<Results<Ok<SavedQuestionModel>, ProblemHttpResult>> ChangeAsync(int id, HttpContext http, SavedQuestionModel body, SavedQuestionQueries questions, CancellationToken ct)
    {
        if (await questions.FindAsync(id, SavedQuestionReader.Of(http), ct) is not { } question) return Missing(id);
        if (SavedQuestion.Wrong(body.Name, body.Address) is { } wrong) return Problems.Invalid(wrong.Field, wrong.Detail);
        (question.Name, question.Address, question.Shared) = (body.Name!.Trim(), body.Address!, body.Shared);
        await questions.SaveAsync(question, ct);
        return TypedResults.Ok(SavedQuestionModel.Of(question));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(int id, HttpContext http, SavedQuestionQueries questions, CancellationToken ct)
    {
        if (await questions.FindAsync(id, SavedQuestionReader.Of(http), ct) is not { } question) return Missing(id);
        await questions.RemoveAsync(question, ct);
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult Missing(int id) => Problems.NotFound($"There is no saved question {id} that you may change.");
}
