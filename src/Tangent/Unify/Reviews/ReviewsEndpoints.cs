using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

internal static class ReviewsEndpoints
{
    private const string Path = "/unify/duplicates";
    private const string NotNow = "Nothing was changed; try it again later.";

    public static void MapReviews(this WebApplication app)
    {
        var pages = app.MapGroup(Path).ExcludeFromDescription();
        pages.MapGet("", ShowAsync).LooksAtCustomer();
        pages.MapGet("/{pair:long}", ShowPairAsync).LooksAtCustomer();
        pages.MapPost("/runs", BeginFromPage).RequireAuthorization(Rights.Edit);
        pages.MapPost("/sure", MergeSureFromPageAsync).RequireAuthorization(Rights.Edit);
        pages.MapPost("/{pair:long}/decision", DecideFromPageAsync).RequireAuthorization(Rights.Edit);
        var api = app.MapGroup("/api/v1/unify/duplicates").WithTags("Unify");
        api.MapGet("", ListAsync).LooksAtCustomer().WithName("ListDuplicates").WithSummary("Pairs of customers that may be one person and wait for a decision, the most probable first, with the last search for them.");
        api.MapGet("/{pair:long}", FindAsync).LooksAtCustomer().WithName("GetDuplicate").WithSummary("One pair with its evidence: both customers' values by column, how they agree and what that is worth.");
        api.MapPost("/runs", Begin).RequireAuthorization(Rights.Edit).WithName("FindDuplicates").WithSummary("Begins a search for duplicates among all customers, unless one is under way; the list says when it is done.");
        api.MapPost("/sure", MergeSureAsync).RequireAuthorization(Rights.Edit).WithName("MergeSureDuplicates").ProducesProblem(503).WithSummary("Merges all pairs that are sure (at least as probable as the band says, no chains, nothing telling against them); each join can be taken back.");
        api.MapPost("/{pair:long}/decision", DecideAsync).RequireAuthorization(Rights.Edit).WithName("DecideDuplicate").ProducesProblem(503).WithSummary("Decides of a pair: merge it, keep both apart for good, or put it off.");
    }

    private static async Task<RazorComponentResult<PageHost>> ShowAsync(HttpContext http, Reviews reviews, int? skip, CancellationToken ct)
    {
        var first = Math.Max(0, skip ?? 0);
        return http.Show<DuplicatesPage>(new DuplicatesPageModel(await reviews.ListAsync(new Paging(first, http.IsExport() ? Paging.Most : 50), ct), first));
    }

    private static async Task<IResult> ShowPairAsync(long pair, HttpContext http, Reviews reviews, CancellationToken ct) =>
        await reviews.FindAsync(pair, ct) is { } answer ? http.Show<ReviewPage>(new ReviewPageModel(answer)) : TypedResults.NotFound();

    // Taking the form, though it is empty but for its token, makes the framework check that.
    private static RedirectHttpResult BeginFromPage(IFormCollection form, DuplicateSearch search)
    {
        search.Begin();
        return TypedResults.LocalRedirect(Path);
    }

    private static async Task<IResult> MergeSureFromPageAsync(IFormCollection form, HttpContext http, Reviews reviews, CancellationToken ct)
    {
        try
        {
            await reviews.MergeSureAsync(http.User.Identity?.Name ?? "", ct);
            return TypedResults.LocalRedirect(Path);
        }
        catch (EventLogUnavailableException e)
        {
            return http.Show<DuplicatesPage>(new DuplicatesPageModel(await reviews.ListAsync(new Paging(0, 50), ct), 0, e.Message), StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async Task<IResult> DecideFromPageAsync(long pair, HttpContext http, [FromForm] ReviewForm form, Reviews reviews, CancellationToken ct)
    {
        var decided = Enum.TryParse<ReviewDecision>(form.Decision, out var decision) && Enum.IsDefined(decision)
            ? await reviews.DecideAsync(pair, new ReviewRequest(decision, form.Reason), http.User.Identity?.Name ?? "", ct)
            : new Decided(null, new Refusal("decision", T("Unify.Duplicates.NoDecision")));
        if (decided is { Refusal: null, NotNow: null })
            return TypedResults.LocalRedirect(await reviews.NextAsync(ct) is { } next && next != pair ? string.Create(CultureInfo.InvariantCulture, $"{Path}/{next}") : Path);
        if (decided is null || await reviews.FindAsync(pair, ct) is not { } answer) return TypedResults.LocalRedirect(Path);
        return http.Show<ReviewPage>(new ReviewPageModel(answer, decided.NotNow ?? decided.Refusal!.Detail),
            decided.NotNow is null ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<Results<Ok<DuplicatesAnswer>, ProblemHttpResult>> ListAsync(HttpContext http, Reviews reviews, int? skip, int? take, string? cursor, CancellationToken ct)
    {
        if (CursorPage.Read(http, take ?? 50, out var refused) is not { } page) return refused!;
        var answer = await reviews.ListAsync(new Paging(Math.Max(0, skip ?? 0), page.Take, page.After), ct);
        return TypedResults.Ok(answer with { Next = CursorPage.Next(http, answer.Next) });
    }

    private static async Task<Results<Ok<ReviewAnswer>, ProblemHttpResult>> FindAsync(long pair, Reviews reviews, CancellationToken ct) =>
        await reviews.FindAsync(pair, ct) is { } answer ? TypedResults.Ok(answer) : NoPair(pair);

    private static NoContent Begin(DuplicateSearch search)
    {
        search.Begin();
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<MergedSureAnswer>, ProblemHttpResult>> MergeSureAsync(HttpContext http, Reviews reviews, CancellationToken ct)
    {
        try
        {
            return TypedResults.Ok(new MergedSureAnswer(await reviews.MergeSureAsync(http.User.Identity?.Name ?? "", ct)));
        }
        catch (EventLogUnavailableException e)
        {
            return TypedResults.Problem(e.Message, title: NotNow, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async Task<Results<Ok<ReviewedAnswer>, ProblemHttpResult>> DecideAsync(long pair, ReviewRequest body, HttpContext http, Reviews reviews, CancellationToken ct)
    {
        if (body.Decision is not { } decision || !Enum.IsDefined(decision)) return Problems.Invalid("decision", T("Unify.Duplicates.NoDecision"));
        return await reviews.DecideAsync(pair, body, http.User.Identity?.Name ?? "", ct) switch
        {
            null => NoPair(pair),
            { NotNow: { } detail } => TypedResults.Problem(detail, title: NotNow, statusCode: StatusCodes.Status503ServiceUnavailable),
            { Refusal: { } refusal } => Problems.Invalid(refusal.Field, refusal.Detail),
            _ => TypedResults.Ok(new ReviewedAnswer(await reviews.NextAsync(ct))),
        };
    }

    private static ProblemHttpResult NoPair(long pair) => Problems.NotFound(string.Create(CultureInfo.InvariantCulture, $"No pair {pair} waits for a decision."));
}

/// <summary>The fields with which a pair is decided.</summary>
public sealed class ReviewForm
{
    public string? Decision { get; set; }

    public string? Reason { get; set; }
}
