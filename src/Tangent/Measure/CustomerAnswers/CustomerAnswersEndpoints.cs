using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <summary>What one customer answered: a part of the customer's page, which loads it by its address.</summary>
internal static class CustomerAnswersEndpoints
{
    private const string Path = "/measure/customers/{number:int}/answers";

    public static void MapCustomerAnswers(this WebApplication app)
    {
        app.MapGet("/api/v1" + Path, ListAsync).LooksAtCustomer().WithTags("Measure").WithName("AnswersOfCustomer").WithSummary("What one customer answered: scores and words, the latest first, 100 at the most.");
        app.MapGet(Path, ShowAsync).LooksAtCustomer().ExcludeFromDescription();
    }

    private static async Task<Results<Ok<CommentsAnswer>, ProblemHttpResult>> ListAsync(int number, Comments comments, JourneyStore journeys, CancellationToken ct) =>
        journeys.Named($"number:{number}") is { } named ? TypedResults.Ok(await comments.OfCustomerAsync(named.Customer, ct)) : Problems.NotFound(T("Collect.Refusal.NoCustomer", number));

    private static async Task<IResult> ShowAsync(int number, HttpContext http, Comments comments, JourneyStore journeys, CancellationToken ct) =>
        journeys.Named($"number:{number}") is { } named ? http.Show<CustomerAnswersView>(await comments.OfCustomerAsync(named.Customer, ct)) : TypedResults.NotFound();
}
