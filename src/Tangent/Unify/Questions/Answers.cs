using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

/// <summary>Which customers are wanted: those behind one number of the answer to a question.</summary>
internal sealed record Behind<TQuestion, TPick>(TQuestion Question, TPick Pick, Paging Page);

internal static class Answers
{
    /// <summary>Asks on where nothing was refused so far.</summary>
    public static Asked<TNext> Then<T, TNext>(this Asked<T> asked, Func<T, Asked<TNext>> next)
        where T : class
        where TNext : class => asked.Refusal is { } refusal ? refusal : next(asked.Answer!);

    /// <summary>Makes something else of what was not refused.</summary>
    public static Asked<TNext> Map<T, TNext>(this Asked<T> asked, Func<T, TNext> make)
        where T : class
        where TNext : class => asked.Refusal is { } refusal ? refusal : make(asked.Answer!);

    /// <summary>Names a refused field as the address names it.</summary>
    public static Asked<T> Naming<T>(this Asked<T> asked, params (string Field, string InAddress)[] names)
        where T : class => asked.Refusal is { } refusal && Array.Find(names, n => n.Field == refusal.Field) is { InAddress: { } name } ? refusal with { Field = name } : asked;

    /// <summary>The answer as JSON; a refusal as 422 with the field that is wrong.</summary>
    public static Results<Ok<TAnswer>, ProblemHttpResult> ToJson<TAnswer>(this Asked<TAnswer> asked)
        where TAnswer : class => asked.Refusal is { } refusal ? Problems.Invalid(refusal.Field, refusal.Detail) : TypedResults.Ok(asked.Answer!);

    /// <summary>What a page answers with: a refusal is shown in the page, with the same status as the API's.</summary>
    public static int Status(this Refusal? refusal) => refusal is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity;
}
