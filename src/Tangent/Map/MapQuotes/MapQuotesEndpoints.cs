using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Web;

namespace Tangent.Map;

/// <summary>What a card stands on.</summary>
/// <param name="Id">Its number.</param>
/// <param name="At">When it was said, UTC.</param>
/// <param name="People">How many of the card's n it stands for.</param>
/// <param name="Observation">Number of the observation; null for a customer's comment.</param>
/// <param name="Touchpoint">Number of the touchpoint at which it was observed.</param>
/// <param name="Text">The observation's words; those of a customer are shown under /measure, to those who may read them.</param>
/// <param name="By">Who wrote the observation.</param>
/// <param name="Position">Log position of the customer's comment.</param>
public sealed record MapQuoteModel(int Id, DateTime At, int People, int? Observation = null, int? Touchpoint = null, string? Text = null, string? By = null, long? Position = null)
{
    internal static MapQuoteModel Of(WrittenQuote q) => new(q.Quote.Id, DateTime.SpecifyKind(q.Quote.AtUtc, DateTimeKind.Utc), q.Quote.People, q.Quote.ObservationId, q.Observation?.TouchpointId, q.Observation?.Text, q.Observation?.By, q.Quote.Position);
}

/// <param name="Evidence">How the card is known.</param>
/// <param name="Items">What it stands on, the latest first.</param>
public sealed record MapQuotesAnswer(Evidence Evidence, IReadOnlyList<MapQuoteModel> Items);

/// <param name="Map">The map.</param>
/// <param name="Step">Name of the card's step.</param>
/// <param name="Card">The card.</param>
/// <param name="Quotes">What it stands on.</param>
/// <param name="Limits">When evidence becomes old.</param>
public sealed record MapQuotesModel(JourneyMapModel Map, string Step, MapCard Card, IReadOnlyList<MapQuoteModel> Quotes, MapOptions Limits);

/// <summary>What a card that was heard stands on.</summary>
internal static class MapQuotesEndpoints
{
    public static void MapMapQuotes(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/map/journey-maps/{id:int}").WithTags("Map");
        api.MapGet("/cards/{card}/quotes", ListAsync).WithName("QuotesOfCard").WithSummary("What a card of a journey map stands on: observations of employees and comments of customers, the latest first.");
        api.MapDelete("/quotes/{quote:int}", RemoveAsync).RequireAuthorization(Rights.Edit).WithName("RemoveQuote").WithSummary("Takes a quote from a card; the card's n becomes less.");

        var pages = app.MapGroup("/map/journey-maps/{id:int}").ExcludeFromDescription();
        pages.MapGet("/card/{card}/quotes", ShowAsync);
        pages.MapPost("/card/{card}/quotes/{quote:int}/removal", RemoveOnPageAsync).RequireAuthorization(Rights.Edit);
    }

    private static async Task<Results<Ok<MapQuotesAnswer>, ProblemHttpResult>> ListAsync(int id, string card, JourneyMapQueries maps, MapQuoteQueries quotes, CancellationToken ct) =>
        await maps.FindAsync(id, ct) is { } map && MapContent.Read(map.Content).Cards.FirstOrDefault(c => c.Id == card) is { } found
            ? TypedResults.Ok(new MapQuotesAnswer(found.Evidence, (await quotes.ListAsync(id, card, ct)).ConvertAll(MapQuoteModel.Of)))
            : Problems.NotFound($"The journey map {id} has no card '{card}'.");

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(int id, int quote, HttpContext http, MapQuoteQueries quotes, CancellationToken ct) =>
        await quotes.RemoveAsync(id, quote, Actor.Of(http.User), ct) ? TypedResults.NoContent() : Problems.NotFound($"The journey map {id} has no quote {quote}.");

    private static async Task<IResult> ShowAsync(int id, string card, HttpContext http, JourneyMapQueries maps, MapQuoteQueries quotes, Microsoft.Extensions.Options.IOptionsMonitor<MapOptions> limits, CancellationToken ct)
    {
        if (await maps.FindAsync(id, ct) is not { } map) return TypedResults.NotFound();
        var model = JourneyMapModel.Of(map);
        if (model.Content.Cards.FirstOrDefault(c => c.Id == card) is not { } found) return TypedResults.NotFound();
        var step = model.Content.Steps.First(s => s.Id == found.Step).Name;
        return http.Show<MapQuotesPage>(new MapQuotesModel(model, step, found, (await quotes.ListAsync(id, card, ct)).ConvertAll(MapQuoteModel.Of), limits.CurrentValue));
    }

    private static async Task<IResult> RemoveOnPageAsync(int id, string card, int quote, HttpContext http, MapQuoteQueries quotes, CancellationToken ct)
    {
        await quotes.RemoveAsync(id, quote, Actor.Of(http.User), ct);
        return TypedResults.LocalRedirect($"/map/journey-maps/{id}/card/{Uri.EscapeDataString(card)}/quotes");
    }
}
