using Tangent.Collect;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>The pairs that wait, and what people decide of them. A decision is a record of the event log as one taken on a customer's page, and taken back there.</summary>
internal sealed class Reviews(
    ReviewQueries queries, DuplicateSearch search, ProfileQueries profiles, MergePolicies policies, JourneyStore journeys, CustomerSearch customers, Decisions decisions)
{
    private const int MergedAtOnce = 1000;

    public async Task<DuplicatesAnswer> ListAsync(int skip, int take, CancellationToken ct)
    {
        var pairs = await queries.ListAsync(skip, take + 1, ct);
        var items = await CurrentAsync(pairs.Take(take).ToList(), ct);
        var runs = (await queries.RunsAsync(ct)).ConvertAll(r => new DuplicateRunModel(r.StartedUtc, r.Seconds, r.Customers, r.Pairs, r.Learned));
        return new DuplicatesAnswer(
            await queries.CountAsync(ct), await queries.CountSureAsync(ct), search.IsRunning, runs.FirstOrDefault(), runs.Skip(1).FirstOrDefault(), items,
            pairs.Count > take ? $"{skip + take}" : null);
    }

    /// <returns>Null where it does not wait (any more).</returns>
    public async Task<ReviewAnswer?> FindAsync(long number, CancellationToken ct)
    {
        if (await queries.FindAsync(number, ct) is not { } pair || await CurrentAsync([pair], ct) is not [var item]) return null;
        var (one, other) = (await ValuesAsync(item.One, ct), await ValuesAsync(item.Other, ct));
        return new ReviewAnswer(item, pair.Start, pair.Weight,
            [.. pair.Columns.Select(c => new ReviewColumn(c.Column, one.GetValueOrDefault(c.Column, ""), other.GetValueOrDefault(c.Column, ""), c.Step, c.Bits))]);
    }

    /// <summary>The pair that comes next.</summary>
    public async Task<long?> NextAsync(CancellationToken ct) => (await queries.ListAsync(0, 1, ct)).FirstOrDefault()?.Number;

    /// <returns>Null where the pair does not wait (any more); otherwise why nothing was decided, if so.</returns>
    public async Task<Decided?> DecideAsync(long number, ReviewRequest request, string by, CancellationToken ct)
    {
        if (await queries.FindAsync(number, ct) is not { } pair || (await CurrentAsync([pair], ct)).Count == 0) return null;
        if (request.Decision == ReviewDecision.Later)
        {
            await queries.PutOffAsync(number, ct);
            return new Decided(null);
        }

        var merges = request.Decision == ReviewDecision.Merge;
        var reason = string.IsNullOrWhiteSpace(request.Reason) ? T(merges ? "Unify.Duplicates.ReasonMerge" : "Unify.Duplicates.ReasonApart", Figures.Percent(pair.Probability)) : request.Reason;
        var both = new MergeRequest([pair.One, pair.Other], reason);
        var decided = merges ? await decisions.MergeAsync(both, by, ct) : await decisions.KeepApartAsync(both, by, ct);
        if (decided.Answer is not null) await queries.RemoveAsync([number], ct);
        return decided;
    }

    /// <summary>Merges all pairs that are sure.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="EventLogUnavailableException">The log cannot be written.</exception>
    public async Task<int> MergeSureAsync(CancellationToken ct)
    {
        var sure = (await queries.SureAsync(ct)).FindAll(IsCurrent);
        foreach (var some in sure.Chunk(MergedAtOnce))
        {
            var appended = await decisions.JoinByRuleAsync(some.Select(p => (p.One, p.Other)), T("Unify.Duplicates.SureRule"), T("Unify.Duplicates.SureReason", Figures.Percent(DuplicateSearch.Sure, 0)), ct);
            await journeys.WaitUntilVisibleAsync(appended.EndPosition, ct);
            await queries.RemoveAsync(some.Select(p => p.Number), ct);
        }

        return sure.Count;
    }

    /// <summary>The pairs of which both customers are there, not one yet and not kept apart; the others need no decision any more and go.</summary>
    private async Task<IReadOnlyList<PairItem>> CurrentAsync(List<DuplicatePair> pairs, CancellationToken ct)
    {
        var current = pairs.FindAll(IsCurrent);
        if (current.Count < pairs.Count) await queries.RemoveAsync(pairs.Except(current).Select(p => p.Number), ct);
        var (ones, others) = (journeys.FindCustomers(current.ConvertAll(p => p.One)), journeys.FindCustomers(current.ConvertAll(p => p.Other)));
        var lines = journeys.Lines([.. ones.Concat(others).Distinct()]);
        var items = (await customers.WithNamesAsync(lines, ct)).ToDictionary(c => c.Customer);
        return [.. current.Select((p, i) => items.TryGetValue(ones[i], out var one) && items.TryGetValue(others[i], out var other)
            ? new PairItem(p.Number, p.Probability, p.IsSure, p.IsLater, one, other) : null).OfType<PairItem>()];
    }

    private bool IsCurrent(DuplicatePair pair) =>
        journeys.FindCustomers([pair.One, pair.Other]) is [>= 0 and var one, >= 0 and var other] && one != other && !journeys.AreKeptApart(pair.One, pair.Other);

    private async Task<Dictionary<string, string>> ValuesAsync(CustomerItem customer, CancellationToken ct)
    {
        var known = await profiles.FindAsync(journeys.Identity(customer.Customer).Identifiers, ct);
        return StoredPersons.Values(GoldenRecord.Of(known.Where(p => policies.IsTrusted(p.SourceId)), policies));
    }
}
