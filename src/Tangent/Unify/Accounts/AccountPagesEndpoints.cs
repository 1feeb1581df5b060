using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

/// <summary>The list of accounts and the page of one.</summary>
internal static class AccountPagesEndpoints
{
    public const string Path = "/unify/accounts";

    /// <summary>The page of an account.</summary>
    public static string AddressOf(string account) => $"{Path}/one?account={Uri.EscapeDataString(account)}";

    public static void MapAccountPages(this WebApplication app)
    {
        var pages = app.MapGroup(Path).ExcludeFromDescription();
        pages.MapGet("", ShowListAsync);
        pages.MapGet("/one", ShowAsync).LooksAtCustomer();
        pages.MapPost("/parent", SayParentAsync).RequireAuthorization(Rights.Edit);
        pages.MapPost("/role", SayRoleAsync).RequireAuthorization(Rights.Edit);
    }

    private static async Task<IResult> ShowListAsync(HttpContext http, AccountBook book, CancellationToken ct)
    {
        var rows = (await book.NowAsync(ct)).Rows;
        return http.Show<AccountsPage>(new AccountsPageModel(rows, rows.Sum(r => r.Silent)));
    }

    private static async Task<IResult> ShowAsync(HttpContext http, AccountParts parts, string? account, string? channel, int? skip, int? events, CancellationToken ct) =>
        await ModelAsync(http, parts, account, channel, skip ?? 0, events ?? 0, ct) is { } model ? http.Show<AccountPage>(model) : TypedResults.NotFound();

    private static async Task<IResult> SayParentAsync(HttpContext http, AccountParts parts, [FromForm] string? account, [FromForm] string? parent, [FromForm] bool? takeBack, CancellationToken ct) =>
        await AnswerAsync(http, parts, account, await parts.Accounts.SayParentAsync(account, takeBack == true ? null : parent?.Trim() ?? "", http.User.Identity?.Name ?? "", ct), "#tree", ct);

    private static async Task<IResult> SayRoleAsync(HttpContext http, AccountParts parts, [FromForm] string? account, [FromForm] int? customer, [FromForm] string? role, CancellationToken ct)
    {
        var refusal = await parts.Committees.SayRoleAsync($"number:{customer}", role is { Length: > 0 } ? role : null, http.User.Identity?.Name ?? "", ct);
        return await AnswerAsync(http, parts, account, refusal, "#members-table", ct);
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, AccountParts parts, string? account, Refusal? refusal, string at, CancellationToken ct)
    {
        if (refusal is null && account is not null) return TypedResults.LocalRedirect(AddressOf(account) + at);
        return await ModelAsync(http, parts, account, null, 0, 0, ct) is { } model
            ? http.Show<AccountPage>(model with { Error = refusal!.Detail }, StatusCodes.Status422UnprocessableEntity, Path + "/one")
            : TypedResults.NotFound();
    }

    private static async Task<AccountPageModel?> ModelAsync(HttpContext http, AccountParts parts, string? account, string? channel, int skip, int events, CancellationToken ct)
    {
        if (await parts.Accounts.FindAsync(account ?? "", ct) is not { } answer) return null;
        // A file has all of them.
        var members = await parts.Committees.ContactsAsync(new ContactPick(account), JourneyFilter.None, http.IsExport() ? new Paging(0, Paging.Most) : new Paging(skip), ct);
        var silent = await parts.Committees.SilentAsync(account, AccountBook.UsualSilenceDays, new Paging(0, 20), ct);
        var journey = await parts.Accounts.JourneyAsync(account!, channel, new Paging(events, AccountPageModel.EventsOnAPage), ct);
        var tree = (await parts.Book.NowAsync(ct)).Tree.Whole(account!, AccountPageModel.PlacesInATree);
        return new AccountPageModel(answer, members.Answer!, silent.Answer!, journey, tree, parts.Journeys.Channels(), skip, channel ?? "", events);
    }
}

/// <summary>What an account's page is put together from.</summary>
internal sealed record AccountParts(AccountDetails Accounts, Committees Committees, AccountBook Book, JourneyStore Journeys);
