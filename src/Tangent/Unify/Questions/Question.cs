using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>A question as the outside sees it: its address, its command and the OpenAPI document are made from this.</summary>
/// <param name="Stage">The stage it belongs to, as its addresses have it: <c>analyse</c>.</param>
/// <param name="Resource">The last part of its address, <c>/api/v1/STAGE/RESOURCE</c>.</param>
/// <param name="Name">Its name in the OpenAPI document.</param>
internal abstract record Question(string Stage, string Resource, string Name)
{
    /// <summary>Address of its page, and behind <c>/api/v1</c> of its answer.</summary>
    public string Path => $"/{Stage}/{Resource}";

    /// <summary>What it answers, in a sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>Who the customers behind its numbers are, in a sentence.</summary>
    public required string BehindSummary { get; init; }

    public required IReadOnlyList<QuestionParameter> Parameters { get; init; }

    /// <summary>What picks a number of the answer.</summary>
    public required IReadOnlyList<QuestionParameter> Picks { get; init; }

    /// <summary>What its page, and nothing else, has in its address besides.</summary>
    public IReadOnlyList<string> OnPage { get; init; } = [];

    /// <summary>Key of the name of the page the numbers stand on.</summary>
    public required string Title { get; init; }

    /// <summary>Address of that page, where it is not the question's own.</summary>
    public string? Page { get; init; }
}

/// <summary>A question and what answers it.</summary>
/// <typeparam name="TStore">What is asked.</typeparam>
/// <typeparam name="TAnswer">The answer.</typeparam>
internal record Question<TStore, TAnswer>(string Stage, string Resource, string Name) : Question(Stage, Resource, Name)
    where TStore : class
    where TAnswer : class
{
    public required Func<IQueryCollection, TStore, Asked<TAnswer>> Ask { get; init; }

    /// <summary>The customers behind the number that a query picks.</summary>
    public required Func<IQueryCollection, TStore, Asked<Listed>> List { get; init; }
}

/// <summary>A question of the journeys.</summary>
internal sealed record Question<TAnswer>(string Stage, string Resource, string Name) : Question<JourneyStore, TAnswer>(Stage, Resource, Name)
    where TAnswer : class;

internal static class Questions
{
    /// <summary>Maps the answer and the customers behind it as JSON, and the customers as a page; an answer's own page is as different as the questions are.</summary>
    /// <param name="app">The application.</param>
    /// <param name="question">The question.</param>
    /// <param name="show">Handler of its page; null where its numbers stand on another page.</param>
    public static void MapQuestion<TStore, TAnswer>(this WebApplication app, Question<TStore, TAnswer> question, Delegate? show = null)
        where TStore : class
        where TAnswer : class
    {
        IReadOnlyList<QuestionParameter> ofList = [.. question.Parameters, .. question.Picks, .. QuestionParameters.Paging];
        var api = app.MapGroup("/api/v1" + question.Path).WithTags(char.ToUpperInvariant(question.Stage[0]) + question.Stage[1..]).WithMetadata(question);
        api.MapGet("", Results<Ok<TAnswer>, ProblemHttpResult> (HttpRequest request) => question.Ask(request.Query, StoreOf(question, request.HttpContext)).ToJson())
            .WithName("Ask" + question.Name).WithParameters(question.Parameters).WithSummary(question.Summary).RefusesUnknown(question.Parameters);
        api.MapGet("/customers", (Delegate)((HttpContext http) => BehindAsync(question, http))).LooksAtCustomer()
            .WithName("CustomersOf" + question.Name).WithParameters(ofList).WithSummary(question.BehindSummary).RefusesUnknown(ofList);

        var pages = app.MapGroup(question.Path).ExcludeFromDescription();
        if (show is not null) pages.MapGet("", show).RefusesUnknown(question.Parameters, [.. question.OnPage, .. UnknownParameters.OfPages]);
        pages.MapGet("/customers", (HttpContext http) => http.ShowCustomers(T(question.Title), question.Page ?? question.Path, question.List(http.Request.Query, StoreOf(question, http)))).LooksAtCustomer().RefusesUnknown(ofList, UnknownParameters.OfPages);
    }

    /// <summary>Reads the request's cursor, so that a question can be read from its query.</summary>
    /// <returns>False where it is not one of this list.</returns>
    public static bool TryGoOn(HttpContext http)
    {
        var request = http.Request;
        if (!http.RequestServices.GetRequiredService<Cursors>().TryRead(request, out var after)) return false;
        if (after is not null) request.Query = (request.Query as ResolvedQuery ?? new ResolvedQuery(request.Query, null, null)) with { After = after };
        return true;
    }

    private static TStore StoreOf<TStore, TAnswer>(Question<TStore, TAnswer> _, HttpContext http)
        where TStore : class
        where TAnswer : class => http.RequestServices.GetRequiredService<TStore>();

    private static async Task<Results<Ok<CustomersBehind>, ProblemHttpResult>> BehindAsync<TStore, TAnswer>(Question<TStore, TAnswer> question, HttpContext http)
        where TStore : class
        where TAnswer : class
    {
        if (!TryGoOn(http)) return Problems.Invalid(Cursors.Parameter, T("Web.Refused.Cursor"));
        var asked = question.List(http.Request.Query, StoreOf(question, http));
        if (asked.Refusal is { } refusal) return Problems.Invalid(refusal.Field, refusal.Detail);
        var listed = asked.Answer!.Customers;
        var known = await http.NamesAsync(listed);
        return TypedResults.Ok(new CustomersBehind(
            listed.Total, [.. listed.Items.Select((line, i) => CustomerBehind.Of(line, known.ElementAtOrDefault(i)))], listed.Unit, CursorPage.Next(http, listed.Next)));
    }
}
