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
        await OwnersAsync(account ?? "", book, journeys, records, ct) is { } owners
            ? TypedResults.Ok(await RecordsEndpoints.AnswerAsync(owners, kind, open, records, sources, time, ct))
            : Problems.NotFound(Texts.T("Unify.Accounts.Unknown", account));

    private static async Task<IResult> ShowAsync(HttpContext http, string? account, AccountBook book, JourneyStore journeys, RecordQueries records, SourceKeys sources, TimeProvider time, CancellationToken ct) =>
        await OwnersAsync(account ?? "", book, journeys, records, ct) is { } owners
            ? http.Show<RecordsView>(await RecordsEndpoints.AnswerAsync(owners, null, null, records, sources, time, ct))
            : TypedResults.NotFound();

    /// <returns>Whose records those of the account are; null where there is no such account. Of some nothing but records is known.</returns>
    private static async Task<IReadOnlyList<string>?> OwnersAsync(string account, AccountBook book, JourneyStore journeys, RecordQueries records, CancellationToken ct)
    {
        var at = await book.NowAsync(ct);
        var row = at.Find(account);
        var members = row is null or { Members: > MostMembers } ? [] : at.Of(account).SelectMany(m => journeys.Identity(m.Member.Customer).Identifiers);
        IReadOnlyList<string> owners = [Profile.AccountPrefix + account, .. members];
        return row is null && !await records.AnyAsync(owners[0], ct) ? null : owners;
    }
}
