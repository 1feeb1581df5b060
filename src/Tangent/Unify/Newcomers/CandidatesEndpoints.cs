using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

/// <param name="Values">What is known of the person, as traits are written: firstName, lastName, email, phone, birthday, street, postcode, city and so on.</param>
/// <param name="Take">At most so many, 10 unless said, 100 at the most.</param>
public sealed record CandidatesRequest(JsonObject? Values, int? Take);

/// <param name="Customer">A customer that may be this person.</param>
/// <param name="Probability">How probable that is.</param>
/// <param name="Weight">The same in bits: what any pair begins with, and what each column adds or takes.</param>
/// <param name="Columns">What each column says: how the two agree and what that is worth.</param>
public sealed record CandidateItem(CustomerItem Customer, double Probability, double Weight, IReadOnlyList<PairEvidence> Columns);

/// <param name="IsReady">Whether there is anything to compare by: false until a search for duplicates has been made, and for a while after a start.</param>
/// <param name="Persons">Customers compared with.</param>
/// <param name="Milliseconds">Time that the comparison took.</param>
/// <param name="Items">The customers that may be this person, the most probable first.</param>
public sealed record CandidatesAnswer(bool IsReady, int Persons, double Milliseconds, IReadOnlyList<CandidateItem> Items);

/// <summary>Whether a person is known already.</summary>
internal static class CandidatesEndpoints
{
    private const int Usual = 10;
    private const int Most = 100;

    /// <summary>Less probable is nobody of interest: one in a thousand.</summary>
    private const double LeastWeight = -10;

    public static void MapCandidates(this WebApplication app) =>
        app.MapPost("/api/v1/unify/duplicates/candidates", FindAsync).LooksAtCustomer().OnlyReads().WithTags("Unify").WithName("FindCandidates")
            .WithSummary("Says whether a person is known already: values in, the customers that may be this person out, the most probable first, each with its weight. Nothing of what is sent is kept.");

    private static async Task<Results<Ok<CandidatesAnswer>, ProblemHttpResult>> FindAsync(
        CandidatesRequest body, Newcomers newcomers, JourneyStore journeys, Restrictions restrictions, CustomerSearch customers, CancellationToken ct)
    {
        if (StoredPersons.Values(body.Values ?? []) is not { Count: > 0 } values) return Problems.Invalid("values", "Say at least one value of the person, such as lastName, email, phone, birthday, street or postcode.");
        if (newcomers.Index is not { } index) return TypedResults.Ok(new CandidatesAnswer(false, 0, 0, []));
        var began = Stopwatch.GetTimestamp();
        var found = index.Find(index.Brought(values, newcomers.Country), LeastWeight);
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        var restricted = restrictions.Customers();
        var numbers = journeys.FindCustomers([.. found.Found.Select(f => f.Identifier)]);
        var best = found.Found.Zip(numbers).Where(f => f.Second >= 0 && !restricted.Contains(f.Second)).DistinctBy(f => f.Second).Take(Math.Clamp(body.Take ?? Usual, 1, Most)).ToList();
        var items = (await customers.WithNamesAsync(journeys.Lines(best.ConvertAll(b => b.Second)), ct)).ToDictionary(c => c.Customer);
        return TypedResults.Ok(new CandidatesAnswer(true, index.Count, Math.Round(took, 2), [.. best.Where(b => items.ContainsKey(b.Second)).Select(b => new CandidateItem(
            items[b.Second], MatchWeights.Probability(b.First.Weight), Math.Round(b.First.Weight, 3), DuplicateSearch.Evidence(found.Table, found.Score, 0, b.First.Row)))]));
    }
}
