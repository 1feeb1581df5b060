using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <param name="Customer">The customer whose household it is.</param>
/// <param name="Household">Null where there is none.</param>
public sealed record HouseholdOfCustomerAnswer(int Customer, HouseholdItem? Household);

/// <param name="Skip">Households before the page.</param>
public sealed record HouseholdsPageModel(HouseholdsAnswer Answer, int Skip);

internal static class HouseholdsEndpoints
{
    private const int Usual = 50;
    private const int Most = 200;

    public static void MapHouseholds(this WebApplication app)
    {
        app.MapGet("/unify/households", ShowAsync).LooksAtCustomer().ExcludeFromDescription();
        app.MapGet("/unify/customers/{number:int}/household", ShowOfCustomerAsync).LooksAtCustomer().ExcludeFromDescription();
        var api = app.MapGroup("/api/v1/unify").LooksAtCustomer().WithTags("Unify");
        api.MapGet("/households", ListAsync).WithName("ListHouseholds").WithSummary("Households: persons of one address who share surname or telephone number, the largest first.");
        api.MapGet("/customers/{number:int}/household", OfCustomerAsync).WithName("HouseholdOfCustomer").WithSummary("The household a customer lives in, with its members; none where nobody who is known lives there, or too many do.");
    }

    private static async Task<RazorComponentResult<PageHost>> ShowAsync(HttpContext http, Households households, int? skip, CancellationToken ct)
    {
        var first = Math.Max(0, skip ?? 0);
        return http.Show<HouseholdsPage>(new HouseholdsPageModel(await households.ListAsync(first, http.IsExport() ? Paging.Most : Usual, ct), first));
    }

    private static async Task<IResult> ShowOfCustomerAsync(int number, HttpContext http, JourneyStore journeys, Households households, CancellationToken ct) =>
        journeys.Named($"number:{number}") is not { } named ? TypedResults.NotFound()
            : http.Show<HouseholdView>(new HouseholdOfCustomerAnswer(named.Customer, await households.OfAsync(named.Customer, ct)));

    private static async Task<Results<Ok<HouseholdsAnswer>, ProblemHttpResult>> ListAsync(HttpContext http, Households households, int? skip, int? take, string? cursor, CancellationToken ct)
    {
        if (CursorPage.Read(http, take ?? Usual, out var refused) is not { } page) return refused!;
        var first = page.After is { } after ? int.Parse(after, CultureInfo.InvariantCulture) : Math.Max(0, skip ?? 0);
        var answer = await households.ListAsync(first, Math.Min(page.Take, Most), ct);
        return TypedResults.Ok(answer with { Next = CursorPage.Next(http, answer.Next) });
    }

    private static async Task<Results<Ok<HouseholdOfCustomerAnswer>, ProblemHttpResult>> OfCustomerAsync(int number, JourneyStore journeys, Households households, CancellationToken ct) =>
        journeys.Named($"number:{number}") is not { } named ? Problems.NotFound(T("Collect.Refusal.NoCustomer", number))
            : TypedResults.Ok(new HouseholdOfCustomerAnswer(named.Customer, await households.OfAsync(named.Customer, ct)));
}
