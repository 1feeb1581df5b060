using System.Text.Json.Nodes;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <param name="Kind">order, invoice, ticket, deal or subscription.</param>
/// <param name="Id">Its number in the source.</param>
/// <param name="Source">The source that said it.</param>
/// <param name="Title">Subject or name.</param>
/// <param name="Status">Status, as the source writes it.</param>
/// <param name="IsOpen">Neither its date nor its status says that it has ended.</param>
/// <param name="Value">Amount.</param>
/// <param name="Currency">Currency of the amount.</param>
/// <param name="At">When it began, UTC.</param>
/// <param name="Closed">When it ended or is to end, UTC.</param>
/// <param name="Fields">What else the source says of it.</param>
public sealed record RecordItem(string Kind, string Id, string Source, string Title, string Status, bool IsOpen, double? Value, string Currency, DateTime? At, DateTime? Closed, JsonNode? Fields);

/// <param name="Total">Records in all.</param>
/// <param name="Items">The first of them, the latest first.</param>
public sealed record RecordsAnswer(int Total, IReadOnlyList<RecordItem> Items);

/// <summary>Orders, invoices, tickets, deals and subscriptions of a customer.</summary>
internal static class RecordsEndpoints
{
    private const int Most = 200;

    public static void MapRecords(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/unify").WithTags("Unify");
        api.MapGet("/customers/{number:int}/records", OfCustomerAsync).LooksAtCustomer().WithName("RecordsOfCustomer").Produces<RecordsAnswer>()
            .WithSummary("Orders, invoices, tickets, deals and subscriptions of a customer, the latest first; kind and open choose among them.");
        app.MapGet("/unify/customers/{number:int}/records", ShowAsync).LooksAtCustomer().ExcludeFromDescription();
    }

    private static async Task<IResult> OfCustomerAsync(int number, JourneyStore journeys, RecordQueries records, SourceKeys sources, TimeProvider time, string? kind, bool? open, CancellationToken ct) =>
        journeys.Named($"number:{number}") is not { } named ? Problems.NotFound(T("Collect.Refusal.NoCustomer", number))
            : TypedResults.Ok(await AnswerAsync(journeys.Identity(named.Customer).Identifiers, kind, open, records, sources, time, ct));

    private static async Task<IResult> ShowAsync(HttpContext http, int number, JourneyStore journeys, RecordQueries records, SourceKeys sources, TimeProvider time, CancellationToken ct) =>
        journeys.Named($"number:{number}") is not { } named ? TypedResults.NotFound()
            : http.Show<RecordsView>(await AnswerAsync(journeys.Identity(named.Customer).Identifiers, null, null, records, sources, time, ct));

    /// <summary>Records of these owners; of a kind, and of those that are open or not, where that is asked.</summary>
    public static async Task<RecordsAnswer> AnswerAsync(IReadOnlyList<string> owners, string? kind, bool? open, RecordQueries records, SourceKeys sources, TimeProvider time, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var (total, latest) = await records.OfAsync(owners, kind, r => open is null || r.IsOpen(now) == open, Most, ct);
        return new RecordsAnswer(total, [.. latest.Select(r => new RecordItem(
            r.Kind, r.RecordId, sources.TryFind(r.SourceId, out var source) ? source.Name : "", r.Title, r.Status, r.IsOpen(now), r.Value, r.Currency, r.AtUtc, r.ClosedUtc, JsonNode.Parse(r.Fields)))]);
    }
}
