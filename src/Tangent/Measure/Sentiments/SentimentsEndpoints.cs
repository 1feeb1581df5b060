using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <summary>A question for what roles feel, as addresses write it.</summary>
public sealed record SentimentAsked(
    [FromQuery(Name = "account")] string? Account, [FromQuery(Name = "from")] DateOnly? From, [FromQuery(Name = "to")] DateOnly? To, [FromQuery(Name = "buyingRole")] string? BuyingRole)
{
    public SentimentQuestion Question => new(Account is { Length: > 0 } ? Account : null, From, To);

    public bool NoRole => BuyingRole == CommitteesAsked.NoRole;

    internal Address List => new Address(SentimentsEndpoints.Path + "/customers").With("account", Question.Account).With("from", From).With("to", To);
}

/// <param name="Asked">Whose feelings.</param>
public sealed record SentimentModel(SentimentAsked Asked, SentimentAnswer Answer)
{
    /// <summary>The members behind a line.</summary>
    public string Behind(BuyingRole? role) => Asked.List.With("buyingRole", role is { } has ? BuyingRoles.Written(has) : CommitteesAsked.NoRole).ToString();
}

/// <summary>What the roles feel: a part of the pages of an account and of the buying committees, which load it by its address.</summary>
internal static class SentimentsEndpoints
{
    public const string Path = "/measure/accounts/sentiment";

    public static void MapSentiments(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1" + Path).WithTags("Measure");
        api.MapGet("", AskAsync).WithName("SentimentOfAccounts").WithSummary("What each role of the buying committee feels, of one account or of all, and which roles disagree; of all accounts also in which they do.");
        api.MapGet("/customers", BehindAsync).LooksAtCustomer().WithName("CustomersOfSentiment").WithSummary("The members whose answers these are, of one role or all.");
        var pages = app.MapGroup(Path).ExcludeFromDescription();
        pages.MapGet("", ShowAsync);
        pages.MapGet("/customers", ShowBehindAsync).LooksAtCustomer();
    }

    private static async Task<Results<Ok<SentimentAnswer>, ProblemHttpResult>> AskAsync([AsParameters] SentimentAsked asked, Sentiments sentiments, CancellationToken ct)
    {
        var answer = await sentiments.AskAsync(asked.Question, ct);
        return answer.Refusal is { } refusal ? Problems.Invalid(refusal.Field, refusal.Detail) : TypedResults.Ok(answer.Answer!);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, [AsParameters] SentimentAsked asked, Sentiments sentiments, CancellationToken ct)
    {
        var answer = await sentiments.AskAsync(asked.Question, ct);
        return answer.Answer is { } found ? http.Show<SentimentCard>(new SentimentModel(asked, found)) : TypedResults.NotFound();
    }

    private static async Task<Results<Ok<CustomersBehind>, ProblemHttpResult>> BehindAsync(HttpContext http, [AsParameters] SentimentAsked asked, int? take, string? cursor, Sentiments sentiments, CancellationToken ct)
    {
        if (CursorPage.Read(http, take ?? 50, out var wrongPage) is not { } page) return wrongPage!;
        var listed = await ListAsync(asked, new Paging(0, page.Take, page.After), sentiments, ct);
        if (listed.Refusal is { } refusal) return Problems.Invalid(refusal.Field, refusal.Detail);
        var found = listed.Answer!.Customers;
        var known = await http.NamesAsync(found);
        return TypedResults.Ok(new CustomersBehind(found.Total, [.. found.Items.Zip(known, CustomerBehind.Of)], found.Unit, CursorPage.Next(http, found.Next)));
    }

    private static async Task<RazorComponentResult<PageHost>> ShowBehindAsync(HttpContext http, [AsParameters] SentimentAsked asked, int? skip, Sentiments sentiments, CancellationToken ct) =>
        http.ShowCustomers(T("Unify.Committees.Title"), AccountPagesEndpoints.Path + "/coverage", await ListAsync(asked, http.IsExport() ? new Paging(0, Paging.Most) : new Paging(skip ?? 0), sentiments, ct));

    private static async Task<Asked<Listed>> ListAsync(SentimentAsked asked, Paging page, Sentiments sentiments, CancellationToken ct)
    {
        var role = BuyingRoles.Read(asked.BuyingRole);
        if (asked.BuyingRole is { Length: > 0 } && !asked.NoRole && role is null) return CommitteesEndpoints.UnknownRole(asked.BuyingRole);
        var found = await sentiments.BehindAsync(asked.Question, role, asked.NoRole, page, ct);
        var parent = new Address(AccountPagesEndpoints.Path + "/coverage").With("account", asked.Question.Account).With("from", asked.From).With("to", asked.To);
        return found.Map(f => new Listed(
            T("Measure.Sentiment.Behind", role is null && !asked.NoRole ? T("Measure.Sentiment.AllRoles") : CoverageTable.Words(role)), parent, asked.List.With("buyingRole", asked.BuyingRole),
            JourneyFilter.None with { From = asked.From, To = asked.To }, page, f.Customers, f.Answers));
    }
}
