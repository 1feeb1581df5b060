using System.Diagnostics;
using Tangent.Access;
using Tangent.Collect;

namespace Tangent.Unify;

/// <summary>Finds the customers that a person, of whom something is known, may be. Nothing of the question is kept.</summary>
internal sealed class Candidates(Newcomers newcomers, JourneyStore journeys, Restrictions restrictions, CustomerSearch customers, ProfileQueries profiles, MergePolicies policies, Sensitivity sensitivity)
{
    public const int Most = 100;

    /// <summary>Less probable is nobody of interest: one in a thousand.</summary>
    private const double LeastWeight = -10;

    /// <param name="values">What is known of the person, by the columns of <see cref="StoredPersons"/>.</param>
    /// <param name="take">At most so many.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<CandidatesAnswer> FindAsync(Dictionary<string, string> values, int take, CancellationToken ct)
    {
        if (newcomers.Index is not { } index) return new CandidatesAnswer(false, 0, 0, 0, []);
        var masking = sensitivity.Now;
        // Who may not see a value cannot guess it by trying either.
        values = values.Where(v => !masking.HidesField(v.Key)).ToDictionary();
        var began = Stopwatch.GetTimestamp();
        var found = index.Find(index.Brought(values, newcomers.Country), LeastWeight);
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        var restricted = restrictions.Customers();
        var numbers = journeys.FindCustomers([.. found.Found.Select(f => f.Identifier)]);
        var best = found.Found.Zip(numbers).Where(f => f.Second >= 0 && !restricted.Contains(f.Second)).DistinctBy(f => f.Second).Take(Math.Clamp(take, 1, Most)).ToList();
        var items = (await customers.WithNamesAsync(journeys.Lines(best.ConvertAll(b => b.Second)), ct)).ToDictionary(c => c.Customer);
        var known = await KnownAsync(best.ConvertAll(b => b.Second), ct);
        return new CandidatesAnswer(true, index.Count, Math.Round(took, 2), Math.Round(index.Start, 3), [.. best.Where(b => items.ContainsKey(b.Second)).Select(b => new CandidateItem(
            items[b.Second], MatchWeights.Probability(b.First.Weight), Math.Round(b.First.Weight, 3),
            [.. DuplicateSearch.Evidence(found.Table, found.Score, 0, b.First.Row).Where(e => !masking.HidesField(e.Column)).Select(e => ReviewColumn.Of(e, values, known[b.Second], masking))]))]);
    }

    /// <summary>What is known of the customers, by column: what trusted sources say takes part, nothing else.</summary>
    private async Task<Dictionary<int, Dictionary<string, string>>> KnownAsync(List<int> numbers, CancellationToken ct)
    {
        var identifiers = numbers.ConvertAll(n => journeys.Identity(n).Identifiers);
        var said = (await profiles.FindAsync(identifiers.SelectMany(i => i), ct)).Where(p => policies.IsTrusted(p.SourceId)).ToLookup(p => p.Key, StringComparer.Ordinal);
        return numbers.Zip(identifiers).ToDictionary(n => n.First, n => StoredPersons.Values(GoldenRecord.Of(n.Second.SelectMany(i => said[i]), policies)));
    }
}
