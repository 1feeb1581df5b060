using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>The pairs that wait, and what people decide of them. A decision is a record of the event log as one taken on a customer's page, and taken back there.</summary>
internal sealed class Reviews(
    ReviewQueries queries, ReviewBandQueries bands, DuplicateSearch search, ProfileQueries profiles, MergePolicies policies, JourneyStore journeys, CustomerSearch customers, Decisions decisions, Sensitivity sensitivity, TimeProvider time)
{
    private const int MergedAtOnce = 1000;
    private const int LookedAtOnce = 50;

    public async Task<DuplicatesAnswer> ListAsync(Paging page, CancellationToken ct)
    {
        var band = await bands.ReadAsync(ct);
        var pairs = await queries.ListAsync(band, page with { Take = page.Take + 1 }, ct);
        var items = await CurrentAsync(pairs.Take(page.Take).ToList(), band, ct);
        var run = await queries.LastRunAsync(ct) is { } r ? new DuplicateRunModel(r.StartedUtc, r.Seconds, r.Customers, r.Pairs, r.Learned, r.Merged, r.Apart, r.LearnedUndecided) : null;
        return new DuplicatesAnswer(
            await queries.CountAsync(band, ct), await queries.CountSureAsync(band, ct), search.IsRunning, run, band, items,
            pairs.Count > page.Take ? ReviewQueries.PlaceOf(pairs[page.Take - 1]) : null);
    }

    /// <returns>Null where it does not wait (any more).</returns>
    public async Task<ReviewAnswer?> FindAsync(long number, CancellationToken ct)
    {
        var band = await bands.ReadAsync(ct);
        if (await queries.FindAsync(number, ct) is not { } pair || await CurrentAsync([pair], band, ct) is not [var item]) return null;
        var masking = sensitivity.Now;
        var (one, other) = (await ValuesAsync(item.One, ct), await ValuesAsync(item.Other, ct));
        return new ReviewAnswer(item, pair.Start, pair.Weight, [.. pair.Columns.Select(c => ReviewColumn.Of(c, one, other, masking))], band);
    }

    /// <summary>The pair that comes next. Those that need no decision any more go on the way.</summary>
    public async Task<long?> NextAsync(CancellationToken ct)
    {
        var band = await bands.ReadAsync(ct);
        while (await queries.ListAsync(band, new Paging(0, LookedAtOnce), ct) is { Count: > 0 } some)
        {
            if (search.Current(some) is [var next, ..]) return next.Number;
            await queries.RemoveAsync(some.Select(p => p.Number), ct);
        }

        return null;
    }

    /// <returns>Null where the pair does not wait (any more); otherwise why nothing was decided, if so.</returns>
    public async Task<Decided?> DecideAsync(long number, ReviewRequest request, string by, CancellationToken ct)
    {
        if (await queries.FindAsync(number, ct) is not { } pair || search.Current([pair]).Count == 0) return null;
        if (request.Decision == ReviewDecision.Later)
        {
            await queries.PutOffAsync(number, ct);
            return new Decided(null);
        }

        var merges = request.Decision == ReviewDecision.Merge;
        var reason = string.IsNullOrWhiteSpace(request.Reason) ? T(merges ? "Unify.Duplicates.ReasonMerge" : "Unify.Duplicates.ReasonApart", Figures.Percent(pair.Probability)) : request.Reason;
        var both = new MergeRequest([pair.One, pair.Other], reason);
        var decided = merges ? await decisions.MergeAsync(both, by, ct) : await decisions.KeepApartAsync(both, by, ct);
        if (decided.Answer is not null) await queries.DecidedAsync(pair, merges, time.GetUtcNow().UtcDateTime, ct);
        return decided;
    }

    /// <summary>Merges all pairs that are sure.</summary>
    /// <param name="by">Name of the user who asked for it.</param>
    /// <param name="ct">Ends it between two parts.</param>
    /// <returns>How many.</returns>
    /// <exception cref="EventLogUnavailableException">The log cannot be written.</exception>
    public async Task<int> MergeSureAsync(string by, CancellationToken ct)
    {
        var band = await bands.ReadAsync(ct);
        var merged = 0;
        foreach (var some in (await queries.SureAsync(band, ct)).Chunk(MergedAtOnce))
        {
            // Of these some were perhaps joined by those before, or erased meanwhile.
            var current = search.Current(some);
            if (current.Count > 0)
            {
                var appended = await decisions.JoinByRuleAsync(
                    current.Select(p => (p.One, p.Other)), T("Unify.Duplicates.SureRule"), T("Unify.Duplicates.SureReason", Figures.Percent(band.Sure)), by, ct);
                await journeys.WaitUntilVisibleAsync(appended.EndPosition, ct);
            }

            await queries.RemoveAsync(some.Select(p => p.Number), ct);
            merged += current.Count;
        }

        return merged;
    }

    /// <summary>The pairs that still need a decision; the others go.</summary>
    private async Task<IReadOnlyList<PairItem>> CurrentAsync(List<DuplicatePair> pairs, ReviewBand band, CancellationToken ct)
    {
        var current = search.Current(pairs);
        if (current.Count < pairs.Count) await queries.RemoveAsync(pairs.Except(current).Select(p => p.Number), ct);
        var (ones, others) = (journeys.FindCustomers(current.ConvertAll(p => p.One)), journeys.FindCustomers(current.ConvertAll(p => p.Other)));
        var lines = journeys.Lines([.. ones.Concat(others).Distinct()]);
        var items = (await customers.WithNamesAsync(lines, ct)).ToDictionary(c => c.Customer);
        return [.. current.Select((p, i) => items.TryGetValue(ones[i], out var one) && items.TryGetValue(others[i], out var other)
            ? new PairItem(p.Number, p.Probability, p.IsSure && p.Weight >= band.SureWeight, p.IsLater, one, other) : null).OfType<PairItem>()];
    }

    private async Task<Dictionary<string, string>> ValuesAsync(CustomerItem customer, CancellationToken ct)
    {
        var known = await profiles.FindAsync(journeys.Identity(customer.Customer).Identifiers, ct);
        return StoredPersons.Values(GoldenRecord.Of(known.Where(p => policies.IsTrusted(p.SourceId)), policies));
    }
}
