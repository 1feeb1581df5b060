using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <summary>A question as the outside sees it: its address, its command and the OpenAPI document are made from this.</summary>
/// <param name="Resource">The last part of its address, <c>/api/v1/analyse/RESOURCE</c>.</param>
/// <param name="Name">Its name in the OpenAPI document.</param>
internal abstract record Question(string Resource, string Name)
{
    /// <summary>What it answers, in a sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>Who the customers behind its numbers are, in a sentence.</summary>
    public required string BehindSummary { get; init; }

    public required IReadOnlyList<QuestionParameter> Parameters { get; init; }

    /// <summary>What picks a number of the answer.</summary>
    public required IReadOnlyList<QuestionParameter> Picks { get; init; }

    /// <summary>The customers behind the number that a query picks.</summary>
    public required Func<IQueryCollection, JourneyStore, Asked<Listed>> List { get; init; }

    /// <summary>Key of the name of the page the numbers stand on.</summary>
    public required string Title { get; init; }

    /// <summary>Address of that page, where it is not the question's own.</summary>
    public string? Page { get; init; }
}

/// <summary>A question and what answers it.</summary>
internal sealed record Question<TAnswer>(string Resource, string Name) : Question(Resource, Name)
    where TAnswer : class
{
    public required Func<IQueryCollection, JourneyStore, Asked<TAnswer>> Ask { get; init; }
}

internal static class Questions
{
    /// <summary>Maps the answer and the customers behind it as JSON, and the customers as a page; an answer's own page is as different as the questions are.</summary>
    /// <param name="app">The application.</param>
    /// <param name="question">The question.</param>
    /// <param name="show">Handler of its page; null where its numbers stand on another page.</param>
    public static void MapQuestion<TAnswer>(this WebApplication app, Question<TAnswer> question, Delegate? show = null)
        where TAnswer : class
    {
        var api = app.MapGroup("/api/v1/analyse/" + question.Resource).WithTags("Analyse").WithMetadata(question);
        api.MapGet("", Results<Ok<TAnswer>, ProblemHttpResult> (HttpRequest request, JourneyStore journeys) => question.Ask(request.Query, journeys).ToJson())
            .WithName("Ask" + question.Name).WithParameters(question.Parameters).WithSummary(question.Summary);
        api.MapGet("/customers", (HttpContext http, JourneyStore journeys) => BehindAsync(question, http, journeys)).LooksAtCustomer()
            .WithName("CustomersOf" + question.Name).WithParameters([.. question.Parameters, .. question.Picks, .. QuestionParameters.Paging]).WithSummary(question.BehindSummary);

        var page = "/analyse/" + question.Resource;
        var pages = app.MapGroup(page).ExcludeFromDescription();
        if (show is not null) pages.MapGet("", show);
        pages.MapGet("/customers", (HttpContext http, JourneyStore journeys) => http.ShowCustomers(T(question.Title), question.Page ?? page, question.List(http.Request.Query, journeys))).LooksAtCustomer();
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

    private static async Task<Results<Ok<CustomersBehind>, ProblemHttpResult>> BehindAsync(Question question, HttpContext http, JourneyStore journeys)
    {
        if (!TryGoOn(http)) return Problems.Invalid(Cursors.Parameter, T("Web.Refused.Cursor"));
        var asked = question.List(http.Request.Query, journeys);
        if (asked.Refusal is { } refusal) return Problems.Invalid(refusal.Field, refusal.Detail);
        var listed = asked.Answer!.Customers;
        var known = await http.NamesAsync(listed);
        return TypedResults.Ok(new CustomersBehind(
            listed.Total, [.. listed.Items.Select((line, i) => CustomerBehind.Of(line, known.ElementAtOrDefault(i)))], listed.Unit, CursorPage.Next(http, listed.Next)));
    }
}
