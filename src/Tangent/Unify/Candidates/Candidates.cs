using System.Diagnostics;
using System.Text.Json.Nodes;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

/// <summary>Finds the customers that a person, of whom something is known, may be. Nothing of the question is kept.</summary>
internal sealed class Candidates(
    Newcomers newcomers, ExactKeys keys, JourneyStore journeys, Restrictions restrictions, CustomerSearch customers, ProfileQueries profiles, MergePolicies policies, Sensitivity sensitivity)
{
    public const int Most = 100;

    /// <summary>Less probable is nobody of interest: one in a thousand.</summary>
    private const double LeastWeight = -10;

    /// <summary>Of so many who are asked for, one at least is known: a search that found nobody twice says nothing of them.</summary>
    private const double LeastKnown = 0.01;

    /// <param name="Customer">Number of the customer.</param>
    /// <param name="Weight">Weight of the two.</param>
    /// <param name="Table">The table that was compared; its row 0 is the person asked for.</param>
    /// <param name="Score">How.</param>
    /// <param name="Row">The customer's row.</param>
    private sealed record Compared(int Customer, double Weight, PersonTable Table, PairScore Score, int Row);

    /// <param name="traits">What is known of the person.</param>
    /// <param name="take">At most so many.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>Null where nothing is said that could be looked for.</returns>
    public async Task<CandidatesAnswer?> FindAsync(JsonObject traits, int take, CancellationToken ct)
    {
        var masking = sensitivity.Now;
        // Who may not see a value cannot guess it by trying either.
        var seen = new JsonObject(traits.Where(t => !masking.HidesField(t.Key)).Select(t => KeyValuePair.Create(t.Key, t.Value?.DeepClone())));
        var values = StoredPersons.Values(seen).Where(v => !masking.HidesField(v.Key)).ToDictionary();
        var asked = ExactKeys.In(seen).FindAll(k => !masking.HidesField(k.Trait));
        if (ExactKeys.In(traits).Count == 0 && StoredPersons.Values(traits).Count == 0) return null;
        var restricted = restrictions.Customers();
        var same = await SameAsync(asked, restricted, ct);
        var index = newcomers.Index;
        if (index is null && same.Count == 0) return new CandidatesAnswer(false, 0, 0, 0, []);

        var began = Stopwatch.GetTimestamp();
        var (persons, start) = (index?.Count ?? 0, Start(index));
        var compared = index is null ? [] : Found(index, values, start, restricted);
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        var unfound = same.Keys.Except(compared.Select(c => c.Customer)).ToList();
        compared.AddRange(Beside(index, values, start, await KnownAsync(unfound, ct)));
        var best = compared.OrderByDescending(c => same.GetValueOrDefault(c.Customer, []).Any(ExactKeys.NamesOnePerson)).ThenByDescending(c => c.Weight).ThenBy(c => c.Customer).Take(Math.Clamp(take, 1, Most)).ToList();
        var items = (await customers.WithNamesAsync(journeys.Lines(best.ConvertAll(b => b.Customer)), ct)).ToDictionary(c => c.Customer);
        var known = await KnownAsync(best.ConvertAll(b => b.Customer), ct);
        return new CandidatesAnswer(index is not null, persons, Math.Round(took, 2), Math.Round(start, 3), [.. best.Where(b => items.ContainsKey(b.Customer)).Select(b => new CandidateItem(
            items[b.Customer], same.GetValueOrDefault(b.Customer, []), MatchWeights.Probability(b.Weight), Math.Round(b.Weight, 3),
            [.. DuplicateSearch.Evidence(b.Table, b.Score, 0, b.Row).Where(e => !masking.HidesField(e.Column)).Select(e => ReviewColumn.Of(e, values, known[b.Customer], masking))]))]);
    }

    /// <summary>The customers of whom an exact value is known, and which.</summary>
    private async Task<Dictionary<int, List<string>>> SameAsync(List<(string Trait, string Value)> asked, IReadOnlySet<int> restricted, CancellationToken ct)
    {
        var found = await keys.FindAsync(asked, ct);
        return found.Zip(journeys.FindCustomers([.. found.Select(f => f.Identifier)])).Where(f => f.Second >= 0 && !restricted.Contains(f.Second))
            .GroupBy(f => f.Second).ToDictionary(g => g.Key, g => g.SelectMany(f => f.First.Same).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList());
    }

    /// <summary>Those whom the index leads to and who may be the person.</summary>
    private List<Compared> Found(PersonIndex index, Dictionary<string, string> values, double start, IReadOnlySet<int> restricted)
    {
        var more = start - index.Start;
        var found = index.Find(index.Brought(values, newcomers.Country), LeastWeight - more);
        var numbers = journeys.FindCustomers([.. found.Found.Select(f => f.Identifier)]);
        return [.. found.Found.Zip(numbers).Where(f => f.Second >= 0 && !restricted.Contains(f.Second)).DistinctBy(f => f.Second)
            .Select(f => new Compared(f.Second, f.First.Weight + more, found.Table, found.Score, f.First.Row))];
    }

    /// <summary>Those of whom an exact value is known, though by all the rest they would not have been thought of.</summary>
    private IEnumerable<Compared> Beside(PersonIndex? index, Dictionary<string, string> values, double start, Dictionary<int, Dictionary<string, string>> known)
    {
        if (known.Count == 0) return [];
        var found = index is null ? Unlearned(values, [.. known.Values]) : index.Compare(values, [.. known.Values], newcomers.Country);
        return known.Keys.Select((customer, i) => new Compared(customer, start + DuplicateSearch.Evidence(found.Table, found.Score, 0, i + 1).Sum(e => e.Bits), found.Table, found.Score, i + 1));
    }

    /// <summary>Before anything was learned, agreeing is worth what is usual.</summary>
    private (PersonTable Table, PairScore Score) Unlearned(Dictionary<string, string> values, IReadOnlyList<Dictionary<string, string>> known)
    {
        List<Dictionary<string, string>> rows = [values, .. known];
        var columns = StoredPersons.Columns.Where(c => rows.Exists(r => r.ContainsKey(c.Key)))
            .Select(c => PersonColumn.OfNormal(c.Key, c.Value, DateOrder.DayFirst, rows.ConvertAll(r => r.TryGetValue(c.Key, out var text) ? PersonColumn.Normal(c.Value, newcomers.Country, new MatchRules(), c.Key)(text) : ""))).ToList();
        var table = new PersonTable(columns, rows.Count, [.. columns.Select(_ => Array.Empty<int>())]);
        return (table, new PairScore(table, new MatchWeights([.. columns.Select(c => c.Kind)]), null));
    }

    private double Start(PersonIndex? index)
    {
        var odds = LeastKnown / Math.Max(1, index?.Count ?? journeys.Customers(new Paging(0, 1)).Total);
        return Math.Max(index?.Start ?? double.NegativeInfinity, Math.Log2(odds / (1 - odds)));
    }

    /// <summary>What is known of the customers, by column: what trusted sources say takes part, nothing else.</summary>
    private async Task<Dictionary<int, Dictionary<string, string>>> KnownAsync(List<int> numbers, CancellationToken ct)
    {
        var identifiers = numbers.ConvertAll(n => journeys.Identity(n).Identifiers);
        var said = (await profiles.FindAsync(identifiers.SelectMany(i => i), ct)).Where(p => policies.IsTrusted(p.SourceId)).ToLookup(p => p.Key, StringComparer.Ordinal);
        return numbers.Zip(identifiers).ToDictionary(n => n.First, n => StoredPersons.Values(GoldenRecord.Of(n.Second.SelectMany(i => said[i]), policies)));
    }
}
