using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

internal static class CustomersEndpoints
{
    public static void MapCustomers(this WebApplication app)
    {
        var pages = app.MapGroup("/unify").LooksAtCustomer().ExcludeFromDescription();
        pages.MapGet("/customers", ShowListAsync);
        pages.MapGet("/customers/{number:int}", ShowAsync);
        var api = app.MapGroup("/api/v1/unify").LooksAtCustomer().WithTags("Unify");
        api.MapGet("/customers", ListAsync).WithSummary("Customers: the most recently active first, or those that fit a search (exact id; else number of an order, invoice or ticket, id of an account, words of id, name, e-mail, phone, company; else the beginning of an id), or the members of an account. Traits, segments and personas filter the list and the search.").WithParameters(QuestionParameters.Filter.Where(p => p.Name is "trait" or "segment" or "persona"));
        api.MapGet("/customers/{number:int}", FindAsync).WithSummary("One customer: identifiers, traits with their sources, and events, the latest first; channel, touchpoint and text filter them. A number that was merged away leads to the customer it is part of now.");
    }

    private static async Task<RazorComponentResult<PageHost>> ShowListAsync(
        HttpContext http, CustomerSearch customers, TraitIndex traits, JourneyStore journeys, string? search, string? account, int? skip, CancellationToken ct)
    {
        // A file has all of them.
        var page = http.IsExport() ? new Paging(0, Paging.Most) : new Paging(skip ?? 0);
        var within = CustomerFilter.Within(http);
        var answer = within.Refusal is not null ? new CustomersListAnswer(0, []) : account is null ? await customers.ListAsync(search, within.Answer, page, ct) : await customers.MembersAsync(account, page, ct);
        var isAll = account is null && within is { Refusal: null, Answer: null };
        var eventless = isAll && string.IsNullOrWhiteSpace(search) && !http.IsExport() ? Math.Max(0, SegmentMembers.Count(await traits.EverybodyAsync(ct)) - answer.Total) : 0;
        var filter = account is null && within.Answer is not null ? CustomerFilter.Words(http) : null;
        return http.Show<CustomersPage>(new CustomersPageModel(answer, search ?? "", account, skip ?? 0, answer.Total > 0 || journeys.Visible > 0 || eventless > 0, eventless) { Filter = filter, Said = CustomerFilter.Said(http), Refused = within.Refusal?.Detail }, within.Refusal.Status());
    }

    private static async Task<IResult> ShowAsync(HttpContext http, CustomerPages pages, int number, CancellationToken ct) =>
        await pages.FindAsync(number, http, ct) is { } model ? http.Show<CustomerPage>(model) : TypedResults.NotFound();

    private static async Task<Results<Ok<CustomersListAnswer>, ProblemHttpResult>> ListAsync(
        HttpContext http, CustomerSearch customers, string? search, string? account, int? skip, int? take, string? cursor, CancellationToken ct)
    {
        if (CursorPage.Read(http, take ?? 50, out var refused) is not { } asked) return refused!;
        var within = CustomerFilter.Within(http);
        if (within.Refusal is { } refusal) return Problems.Invalid(refusal.Field, refusal.Detail);
        var page = new Paging(skip ?? 0, asked.Take, asked.After);
        var answer = account is null ? await customers.ListAsync(search, within.Answer, page, ct) : await customers.MembersAsync(account, page, ct);
        return TypedResults.Ok(answer with { Next = CursorPage.Next(http, answer.Next) });
    }

    private static async Task<Results<Ok<CustomerAnswer>, ProblemHttpResult>> FindAsync(
        HttpContext http, CustomerSearch customers, int number, int? skip, int? take, string? cursor, string? channel, string? touchpoint, string? text, CancellationToken ct)
    {
        if (CursorPage.Read(http, take ?? 50, out var refused) is not { } page) return refused!;
        return await customers.FindAsync(number, new TimelineFilter(channel ?? "", touchpoint ?? "", text ?? ""), new Paging(skip ?? 0, page.Take, page.After), ct) is { } answer
            ? TypedResults.Ok(answer with { Next = CursorPage.Next(http, answer.Next) })
            : Problems.NotFound($"There is no customer {number}.");
    }
}
