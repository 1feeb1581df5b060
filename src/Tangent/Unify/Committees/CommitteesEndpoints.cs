using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>What is asked of the buying committees, as addresses write it.</summary>
public sealed record CommitteesAsked(
    [FromQuery(Name = "account")] string? Account, [FromQuery(Name = "from")] DateOnly? From, [FromQuery(Name = "to")] DateOnly? To, [FromQuery(Name = "buyingRole")] string? BuyingRole,
    [FromQuery(Name = "stage")] string? Stage, [FromQuery(Name = "reached")] bool? Reached)
{
    /// <summary>The word for those without a role, and what people say of somebody who has none.</summary>
    public const string NoRole = "none";

    public JourneyFilter Period => From is null && To is null ? JourneyFilter.None : new JourneyFilter(From, To);

    internal ContactPick? Pick(out Refusal? refusal)
    {
        refusal = null;
        var stage = Enum.TryParse<LifeCycleStage>(Stage, ignoreCase: true, out var read) && Enum.IsDefined(read) ? read : (LifeCycleStage?)null;
        if (Stage is { Length: > 0 } && stage is null) refusal = new Refusal("stage", T("Unify.Committees.NoStage", Stage, string.Join(", ", Enum.GetNames<LifeCycleStage>().Select(n => n.ToLowerInvariant()))));
        var (none, role) = (BuyingRole == NoRole, BuyingRoles.Read(BuyingRole));
        if (BuyingRole is { Length: > 0 } && !none && role is null) refusal = CommitteesEndpoints.UnknownRole(BuyingRole);
        return refusal is null ? new ContactPick(Account is { Length: > 0 } ? Account : null, role, none, stage, Reached ?? true) : null;
    }
}

internal static class CommitteesEndpoints
{
    public static void MapCommittees(this WebApplication app)
    {
        var pages = app.MapGroup(AccountPagesEndpoints.Path).ExcludeFromDescription();
        pages.MapGet("/coverage", ShowAsync).LooksAtCustomer();
        pages.MapGet("/members", ShowMembersAsync).LooksAtCustomer();
        var api = app.MapGroup("/api/v1/unify/accounts").WithTags("Unify");
        api.MapGet("/coverage", CoverageAsync).WithName("CoverageOfRoles").WithSummary("How many members of which role in the buying committee were reached at which stage of the life cycle, of all accounts or of one.");
        api.MapGet("/members", MembersAsync).LooksAtCustomer().WithName("MembersOfAccounts").WithSummary("The members of accounts behind a number of the coverage: by role, stage and period, reached or not.");
        api.MapGet("/silent", SilentAsync).LooksAtCustomer().WithName("SilentDeciders").WithSummary("Deciders and buyers without a contact in so many days (90 unless said) while other members of their account had one.");
        api.MapPut("/role", SayRoleAsync).RequireAuthorization(Rights.Edit).WithName("SetBuyingRole").WithSummary("Says the role of a member in the buying committee; it stands above what sources say.");
    }

    public static Refusal UnknownRole(string? role) => new("role", T("Unify.Committees.NoRole", role, string.Join(", ", BuyingRoles.All.Select(BuyingRoles.Written))));

    private static async Task<IResult> ShowAsync(HttpContext http, [AsParameters] CommitteesAsked asked, int? days, int? skip, Committees committees, AccountBook book, CancellationToken ct)
    {
        var account = asked.Account is { Length: > 0 } ? asked.Account : null;
        var coverage = await committees.CoverageAsync(account, asked.Period, ct);
        var silent = await committees.SilentAsync(account, days ?? AccountBook.UsualSilenceDays, http.IsExport() ? new Paging(0, Paging.Most) : new Paging(skip ?? 0), ct);
        var name = account is null ? "" : (await book.NowAsync(ct)).Tree.Of(account).Name;
        var refusal = coverage.Refusal ?? silent.Refusal;
        return http.Show<CoveragePage>(
            new CoverageModel(asked, name, days ?? AccountBook.UsualSilenceDays, coverage.Answer, silent.Answer, skip ?? 0, refusal?.Detail), refusal is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<IResult> ShowMembersAsync(HttpContext http, [AsParameters] CommitteesAsked asked, int? skip, Committees committees, AccountBook book, CancellationToken ct)
    {
        var pick = asked.Pick(out var refusal);
        var members = pick is null ? refusal! : await committees.ContactsAsync(pick, asked.Period, http.IsExport() ? new Paging(0, Paging.Most) : new Paging(skip ?? 0), ct);
        var name = pick?.Account is { } account ? (await book.NowAsync(ct)).Tree.Of(account).Name : "";
        return http.Show<MembersPage>(
            new MembersModel(asked, pick, name, members.Answer ?? new ContactsAnswer(0, []), skip ?? 0, members.Refusal?.Detail), members.Refusal is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<Results<Ok<CoverageAnswer>, ProblemHttpResult>> CoverageAsync(string? account, DateOnly? from, DateOnly? to, Committees committees, CancellationToken ct)
    {
        var asked = await committees.CoverageAsync(account is { Length: > 0 } ? account : null, new CommitteesAsked(account, from, to, null, null, null).Period, ct);
        return asked.Refusal is { } refusal ? Problems.Invalid(refusal.Field, refusal.Detail) : TypedResults.Ok(asked.Answer!);
    }

    private static async Task<Results<Ok<ContactsAnswer>, ProblemHttpResult>> MembersAsync(HttpContext http, [AsParameters] CommitteesAsked asked, int? take, string? cursor, Committees committees, CancellationToken ct)
    {
        if (CursorPage.Read(http, take ?? 50, out var wrongPage) is not { } page) return wrongPage!;
        if (asked.Pick(out var wrong) is not { } pick) return Problems.Invalid(wrong!.Field, wrong.Detail);
        var members = await committees.ContactsAsync(pick, asked.Period, new Paging(0, page.Take, page.After), ct);
        return members.Refusal is { } refusal ? Problems.Invalid(refusal.Field, refusal.Detail) : TypedResults.Ok(members.Answer! with { Next = CursorPage.Next(http, members.Answer.Next) });
    }

    private static async Task<Results<Ok<SilentAnswer>, ProblemHttpResult>> SilentAsync(HttpContext http, string? account, int? days, int? take, string? cursor, Committees committees, CancellationToken ct)
    {
        if (CursorPage.Read(http, take ?? 50, out var wrongPage) is not { } page) return wrongPage!;
        var silent = await committees.SilentAsync(account is { Length: > 0 } ? account : null, days ?? AccountBook.UsualSilenceDays, new Paging(0, page.Take, page.After), ct);
        return silent.Refusal is { } refusal ? Problems.Invalid(refusal.Field, refusal.Detail) : TypedResults.Ok(silent.Answer! with { Next = CursorPage.Next(http, silent.Answer.Next) });
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> SayRoleAsync(HttpContext http, RoleRequest body, Committees committees, CancellationToken ct) =>
        await committees.SayRoleAsync(body.Customer ?? "", body.Role, http.User.Identity?.Name ?? "", ct) is { } refusal ? Problems.Invalid(refusal.Field, refusal.Detail) : TypedResults.NoContent();
}
