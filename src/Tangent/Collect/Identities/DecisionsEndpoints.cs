using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Web;

namespace Tangent.Collect;

internal static class DecisionsEndpoints
{
    public static void MapDecisions(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/collect").WithTags("Collect");
        api.MapGet("/joins", Joins).WithName("ListJoins").LooksAtCustomer().WithSummary("The identifiers of a customer and the joins that hold them together, the latest first: what made each, when, and who or which source.");
        api.MapPost("/merges", MergeAsync).RequireAuthorization(Rights.Edit).WithName("MergeCustomers").ProducesProblem(503)
            .WithSummary("Makes customers one. Events are not changed; the merge is a join that a split takes back.");
        api.MapPost("/splits", SplitAsync).RequireAuthorization(Rights.Edit).WithName("SplitCustomer").ProducesProblem(503)
            .WithSummary("Takes a join back, or identifiers out of a customer, together or each for itself: what it alone held together are customers of their own again.");
        api.MapPost("/restorations", RestoreAsync).RequireAuthorization(Rights.Edit).WithName("RestoreSplit").ProducesProblem(503)
            .WithSummary("Takes a split back: what it took apart is one customer again, exactly as it was.");
        api.MapPost("/separations", KeepApartAsync).RequireAuthorization(Rights.Edit).WithName("KeepCustomersApart").ProducesProblem(503)
            .WithSummary("Says of two customers that they are and stay different: no rule joins them.");
        api.MapGet("/decisions", History).WithName("ListDecisions").LooksAtCustomer()
            .WithSummary("The decisions about a customer's identifiers, the latest first: merges and splits, by whom or which rule, when and why.");
    }

    private static Results<Ok<JoinsAnswer>, ProblemHttpResult> Joins(HttpContext http, Decisions decisions, JourneyStore journeys, string? customer, int? skip, int? take, string? cursor)
    {
        if (CursorPage.Read(http, take ?? 50, out var refused) is not { } page) return refused!;
        Name(http, journeys, customer);
        var asked = decisions.Joins(customer ?? "", new Paging(skip ?? 0, page.Take, page.After));
        if (asked.Refusal is { } refusal) return Problems.Invalid(refusal.Field, refusal.Detail);
        return TypedResults.Ok(asked.Answer! with { Next = CursorPage.Next(http, asked.Answer.Next) });
    }

    private static async Task<Results<Ok<DecisionAnswer>, ProblemHttpResult>> MergeAsync(MergeRequest body, HttpContext http, Decisions decisions, CancellationToken ct) =>
        Answer(http, await decisions.MergeAsync(body, http.User.Identity?.Name ?? "", ct));

    private static async Task<Results<Ok<DecisionAnswer>, ProblemHttpResult>> SplitAsync(SplitRequest body, HttpContext http, Decisions decisions, CancellationToken ct) =>
        Answer(http, await decisions.SplitAsync(body, http.User.Identity?.Name ?? "", ct));

    private static async Task<Results<Ok<DecisionAnswer>, ProblemHttpResult>> RestoreAsync(RestoreRequest body, HttpContext http, Decisions decisions, CancellationToken ct) =>
        Answer(http, await decisions.RestoreAsync(body, http.User.Identity?.Name ?? "", ct));

    private static async Task<Results<Ok<DecisionAnswer>, ProblemHttpResult>> KeepApartAsync(MergeRequest body, HttpContext http, Decisions decisions, CancellationToken ct) =>
        Answer(http, await decisions.KeepApartAsync(body, http.User.Identity?.Name ?? "", ct));

    private static Results<Ok<CustomerDecisionsAnswer>, ProblemHttpResult> History(HttpContext http, Decisions decisions, JourneyStore journeys, string? customer, int? skip, int? take, string? cursor)
    {
        if (CursorPage.Read(http, take ?? 50, out var refused) is not { } page) return refused!;
        Name(http, journeys, customer);
        var asked = decisions.History(customer ?? "", new Paging(skip ?? 0, page.Take, page.After));
        if (asked.Refusal is { } refusal) return Problems.Invalid(refusal.Field, refusal.Detail);
        return TypedResults.Ok(asked.Answer! with { Next = CursorPage.Next(http, asked.Answer.Next) });
    }

    private static Results<Ok<DecisionAnswer>, ProblemHttpResult> Answer(HttpContext http, Decided decided)
    {
        if (decided.NotNow is { } detail) return TypedResults.Problem(detail, title: "Nothing was changed; try it again later.", statusCode: StatusCodes.Status503ServiceUnavailable);
        if (decided.Refusal is { } refusal) return Problems.Invalid(refusal.Field, refusal.Detail);
        http.Concerns(decided.Answer!.Customers.Select(c => c.Customer));
        return TypedResults.Ok(decided.Answer);
    }

    private static void Name(HttpContext http, JourneyStore journeys, string? customer)
    {
        if (journeys.Named(customer ?? "") is { } named) http.Concerns(named.Customer);
    }
}
