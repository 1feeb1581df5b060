using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

/// <summary>Deals, contracts, tickets and invoices of an account: its own and its members'.</summary>
internal static class AccountRecordsEndpoints
{
    // Whose members are more shows its own records alone.
    private const int MostMembers = 500;

    public static void MapAccountRecords(this WebApplication app)
    {
        app.MapGet("/api/v1/unify/accounts/records", FindAsync).LooksAtCustomer().WithTags("Unify").WithName("RecordsOfAccount").Produces<RecordsAnswer>()
            .WithSummary("Orders, invoices, tickets, deals and subscriptions of a company and of its members, the latest first; kind and open choose among them.");
        app.MapGet(AccountPagesEndpoints.Path + "/records", ShowAsync).LooksAtCustomer().ExcludeFromDescription();
    }

    private static async Task<IResult> FindAsync(string? account, string? kind, bool? open, AccountBook book, JourneyStore journeys, RecordQueries records, SourceKeys sources, TimeProvider time, CancellationToken ct) =>
        await OfAsync(account ?? "", kind, book, journeys, records, ct) is { } found
            ? TypedResults.Ok(RecordsEndpoints.Answer(found, sources, time, open))
            : Problems.NotFound(Texts.T("Unify.Accounts.Unknown", account));

    private static async Task<IResult> ShowAsync(HttpContext http, string? account, AccountBook book, JourneyStore journeys, RecordQueries records, SourceKeys sources, TimeProvider time, CancellationToken ct) =>
        await OfAsync(account ?? "", null, book, journeys, records, ct) is { } found
            ? http.Show<RecordsView>(RecordsEndpoints.Answer(found, sources, time, null))
            : TypedResults.NotFound();

    /// <returns>Null where there is no such account; of some nothing but records is known.</returns>
    private static async Task<List<Record>?> OfAsync(string account, string? kind, AccountBook book, JourneyStore journeys, RecordQueries records, CancellationToken ct)
    {
        var at = await book.NowAsync(ct);
        var row = at.Find(account);
        var members = row is null or { Members: > MostMembers } ? [] : at.Of(account).SelectMany(m => journeys.Identity(m.Member.Customer).Identifiers);
        var found = await records.OfAsync([Profile.AccountPrefix + account, .. members], kind, ct);
        return row is null && found.Count == 0 ? null : found;
    }
}
