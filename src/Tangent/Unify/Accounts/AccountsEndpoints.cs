using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

internal static class AccountsEndpoints
{
    public static void MapAccounts(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/unify/accounts").WithTags("Unify");
        api.MapGet("", ListAsync).WithName("ListAccounts").WithSummary("Accounts (companies), the most recently active first, or those in whose id, name or traits all words of a search occur.");
        api.MapGet("/one", FindAsync).WithName("FindAccount").WithSummary("One account: what is known of it with the sources, the companies above and below, roles reached by stage.");
        api.MapGet("/journey", JourneyAsync).LooksAtCustomer().WithName("JourneyOfAccount").WithSummary("An account's journey, the union of its members' journeys: the latest event first, each with who did it.");
        api.MapPut("/parent", SayParentAsync).RequireAuthorization(Rights.Edit).WithName("SetParentOfAccount").WithSummary("Says which company is above an account; it stands above what sources say. A circle is refused.");
    }

    private static async Task<Results<Ok<AccountsAnswer>, ProblemHttpResult>> ListAsync(HttpContext http, AccountDetails accounts, string? search, int? skip, int? take, string? cursor, CancellationToken ct)
    {
        if (CursorPage.Read(http, take ?? 50, out var refused) is not { } page) return refused!;
        var answer = await accounts.ListAsync(search, new Paging(skip ?? 0, page.Take, page.After), ct);
        return TypedResults.Ok(answer with { Next = CursorPage.Next(http, answer.Next) });
    }

    private static async Task<Results<Ok<AccountAnswer>, ProblemHttpResult>> FindAsync(AccountDetails accounts, string? account, CancellationToken ct) =>
        await accounts.FindAsync(account ?? "", ct) is { } answer ? TypedResults.Ok(answer) : NotThere(account);

    private static async Task<Results<Ok<AccountJourneyAnswer>, ProblemHttpResult>> JourneyAsync(
        HttpContext http, AccountDetails accounts, string? account, string? channel, int? take, string? cursor, CancellationToken ct)
    {
        if (CursorPage.Read(http, take ?? 50, out var refused) is not { } page) return refused!;
        if (await accounts.FindAsync(account ?? "", ct) is null) return NotThere(account);
        var answer = await accounts.JourneyAsync(account!, channel, new Paging(0, page.Take, page.After), ct);
        return TypedResults.Ok(answer with { Next = CursorPage.Next(http, answer.Next) });
    }

    private static async Task<Results<Ok<AccountAnswer>, ProblemHttpResult>> SayParentAsync(HttpContext http, ParentRequest body, AccountDetails accounts, CancellationToken ct)
    {
        if (await accounts.SayParentAsync(body.Account, body.Parent?.Trim(), http.User.Identity?.Name ?? "", ct) is { } refusal) return Problems.Invalid(refusal.Field, refusal.Detail);
        return TypedResults.Ok((await accounts.FindAsync(body.Account!, ct))!);
    }

    private static ProblemHttpResult NotThere(string? account) => Problems.NotFound(Texts.T("Unify.Accounts.Unknown", account));
}
