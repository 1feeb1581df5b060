using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;

namespace Tangent.Measure;

/// <param name="Position">Log position of a comment.</param>
public sealed record QuoteComment(long Position);

/// <summary>What a card of a journey map stands on of what customers said: a part of the card's page, which loads it by its address.</summary>
/// <param name="Map">Number of the map.</param>
/// <param name="Card">Id of the card.</param>
/// <param name="Quoted">The comments it stands on, by the numbers of their quotes; null for those that are no longer kept.</param>
/// <param name="Others">The latest other comments at the touchpoint of its step.</param>
/// <param name="Touchpoint">That touchpoint; null where the step is bound to none.</param>
public sealed record CommentQuotesModel(int Map, string Card, IReadOnlyList<(int Quote, CommentLine? Comment)> Quoted, IReadOnlyList<CommentLine> Others, string? Touchpoint);

internal static class CommentQuotesEndpoints
{
    private const string Path = "/measure/map-quotes/{id:int}/{card}";
    private const int Latest = 20;

    public static void MapCommentQuotes(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1" + Path).WithTags("Measure");
        api.MapGet("", ListAsync).LooksAtCustomer().WithName("CommentsOfCard").WithSummary("The comments of customers that a card of a journey map stands on.");
        api.MapPost("", QuoteAsync).RequireAuthorization(Rights.Edit).WithName("QuoteComment").WithSummary("Makes a comment of a customer a quote of a card of a journey map; the card's n grows by one.");
        app.MapGet(Path, ShowAsync).LooksAtCustomer().ExcludeFromDescription();
        app.MapPost(Path, QuoteOnPageAsync).RequireAuthorization(Rights.Edit).ExcludeFromDescription();
    }

    private static async Task<Results<Ok<CommentsAnswer>, ProblemHttpResult>> ListAsync(int id, string card, CommentQuotes quotes, CancellationToken ct) =>
        await quotes.OfAsync(id, card, 0, ct) is { } found ? TypedResults.Ok(new CommentsAnswer(found.Quoted.Count, [.. found.Quoted.Select(q => q.Comment).OfType<CommentLine>()])) : NoCard(id, card);

    private static async Task<Results<NoContent, ProblemHttpResult>> QuoteAsync(int id, string card, QuoteComment body, HttpContext http, CommentQuotes quotes, CancellationToken ct)
    {
        if (await quotes.OfAsync(id, card, 0, ct) is null) return NoCard(id, card);
        if (await quotes.FindAsync(body.Position, ct) is not { } said) return Problems.Invalid("position", $"There is no comment {body.Position}.");
        return await quotes.QuoteAsync(id, card, said, Actor.Of(http.User), ct) is { } refusal ? Problems.Conflict(refusal.Detail) : TypedResults.NoContent();
    }

    private static async Task<IResult> ShowAsync(int id, string card, HttpContext http, CommentQuotes quotes, CancellationToken ct) =>
        await quotes.OfAsync(id, card, Latest, ct) is { } found ? http.Show<CommentQuotesView>(found) : TypedResults.NotFound();

    /// <summary>What cannot be quoted any more is not there on the page that follows either.</summary>
    private static async Task<IResult> QuoteOnPageAsync(int id, string card, [FromForm] long position, HttpContext http, CommentQuotes quotes, CancellationToken ct)
    {
        if (await quotes.FindAsync(position, ct) is { } said) await quotes.QuoteAsync(id, card, said, Actor.Of(http.User), ct);
        return TypedResults.LocalRedirect($"/map/journey-maps/{id}/card/{Uri.EscapeDataString(card)}/quotes");
    }

    private static ProblemHttpResult NoCard(int map, string card) => Problems.NotFound($"The journey map {map} has no card '{card}'.");
}

/// <summary>Comments of customers as quotes on journey maps.</summary>
internal sealed class CommentQuotes(Comments comments, FeedbackQueries feedback, JourneyMapQueries maps, MapQuoteQueries quotes, TouchpointCatalogue catalogue)
{
    /// <returns>Null where there is no such card.</returns>
    public async Task<CommentQuotesModel?> OfAsync(int map, string card, int others, CancellationToken ct)
    {
        if (await maps.FindAsync(map, ct) is not { } found) return null;
        var content = MapContent.Read(found.Content);
        if (content.Cards.FirstOrDefault(c => c.Id == card) is not { } here) return null;
        var quoted = (await quotes.ListAsync(map, card, ct)).Where(q => q.Quote.Position is not null).ToList();
        var lines = (await comments.AtAsync([.. quoted.Select(q => q.Quote.Position!.Value)], ct)).DistinctBy(c => c.Position).ToDictionary(c => c.Position);
        var step = content.Steps.First(s => s.Id == here.Step);
        var touchpoint = catalogue.Touchpoints.FirstOrDefault(t => t.Id == step.Touchpoint)?.Name;
        var latest = others == 0 || touchpoint is null ? [] : (await comments.ListAsync(new CommentsQuestion(JourneyFilter.None with { Touchpoints = [touchpoint] }, null, null, null, null, new Paging(0, others)), ct)).Items;
        return new CommentQuotesModel(map, card, [.. quoted.Select(q => (q.Quote.Id, lines.GetValueOrDefault(q.Quote.Position!.Value)))], [.. latest.Where(c => !lines.ContainsKey(c.Position))], touchpoint);
    }

    /// <summary>The comment at a position of the log.</summary>
    public async Task<Feedback?> FindAsync(long position, CancellationToken ct) => (await feedback.AtAsync([position], ct)).FirstOrDefault();

    public Task<MapRefusal?> QuoteAsync(int map, string card, Feedback said, Actor by, CancellationToken ct) =>
        quotes.AddAsync(new MapQuote { MapId = map, CardId = card, Position = said.Position, Key = said.Key, AtUtc = said.AtUtc }, by, ct);
}
