using System.Text.Json;
using Microsoft.Extensions.Options;
using Tangent.Collect;
using Tangent.Data;

namespace Tangent.Unify;

/// <summary>Searches the stored customers for persons who are there twice: when asked, and each night. It learns what agreeing is worth from the customers themselves, and keeps the pairs that are more likely one person than not.</summary>
internal sealed class DuplicateSearch(
    PersonMatch match, JourneyStore journeys, EventLog log, ProfileFeed profiles, MergePolicies policies, Restrictions restrictions, IServiceScopeFactory scopes, IOptionsMonitor<CompanyOptions> company, TimeProvider time,
    Joiner joiner, Newcomers newcomers, ILogger<DuplicateSearch> logger) : BackgroundService
{
    /// <summary>More than anybody reviews before the next search; the most probable are kept.</summary>
    private const int MostPairs = 100_000;

    /// <summary>More teach nothing new.</summary>
    private const int MostReviewed = 100_000;

    private const int AtOnce = 5000;
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);
    private static readonly TimeOnly Night = new(2, 30);

    private readonly SemaphoreSlim _asked = new(0);
    private readonly Lock _gate = new();
    private bool _isRunning;
    private bool _again;

    private sealed record Learned(StoredPersons Persons, PersonTable Table, MatchResult Result, double LeastWeight);

    private sealed record Found(List<DuplicatePair> Pairs, IReadOnlyList<MatchedColumn> Columns, IReadOnlyList<MatchedColumn> Undecided, Learned? Learned);

    public bool IsRunning { get { lock (_gate) return _isRunning; } }

    /// <summary>Begins a search, unless one is under way.</summary>
    /// <param name="again">Once more after the one that is under way: it may not know yet what has changed.</param>
    public void Begin(bool again = false)
    {
        lock (_gate)
        {
            if (_isRunning) _again |= again;
            else _asked.Release();
            _isRunning = true;
        }
    }

    /// <summary>Of these pairs those that need a decision: both customers are there, not one yet, not kept apart, and nobody's processing is restricted.</summary>
    public List<DuplicatePair> Current(IReadOnlyList<DuplicatePair> pairs)
    {
        var (ones, others) = (journeys.FindCustomers([.. pairs.Select(p => p.One)]), journeys.FindCustomers([.. pairs.Select(p => p.Other)]));
        var restricted = restrictions.Customers();
        return [.. pairs.Where((p, i) => ones[i] >= 0 && others[i] >= 0 && ones[i] != others[i] && !restricted.Contains(ones[i]) && !restricted.Contains(others[i]) && !journeys.AreKeptApart(p.One, p.Other))];
    }

    public override void Dispose()
    {
        _asked.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await LearnAgainAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            await _asked.WaitAsync(UntilNight(), stoppingToken);
            lock (_gate) (_isRunning, _again) = (true, false);
            try
            {
                await FindAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Whatever it was, the next night comes.
                logger.LogError(e, "Duplicates could not be searched; what was found before stays.");
                await Task.Delay(AfterFailure, stoppingToken);
            }
            finally
            {
                newcomers.End();
                lock (_gate)
                {
                    (_isRunning, _again) = (_again, false);
                    if (_isRunning) _asked.Release();
                }
            }
        }
    }

    private TimeSpan UntilNight()
    {
        var now = TimeZoneInfo.ConvertTime(time.GetUtcNow(), company.CurrentValue.Zone()).DateTime;
        var wait = Night.ToTimeSpan() - now.TimeOfDay;
        return wait > TimeSpan.Zero ? wait : wait + TimeSpan.FromDays(1);
    }

    /// <summary>After a start, newcomers are compared by what a search learns; where none has ever been made, there is nothing to learn.</summary>
    private async Task LearnAgainAsync(CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var queries = scope.ServiceProvider.GetRequiredService<ReviewQueries>();
            if (await queries.LastRunAsync(ct) is null) return;
            await journeys.WaitUntilVisibleAsync(log.EndPosition, ct);
            var band = await scope.ServiceProvider.GetRequiredService<ReviewBandQueries>().ReadAsync(ct);
            var reviewed = StillTrue(await queries.ReviewedAsync(MostReviewed, ct));
            var persons = await ReadAsync(ct);
            Learn((await match.InTurnAsync(() => Match(persons, band, reviewed, time.GetUtcNow().UtcDateTime, ct), ct)).Learned);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.LogError(e, "What the last search for duplicates learned could not be learned anew; the next search does it.");
        }
        finally
        {
            newcomers.End();
        }
    }

    private Task<StoredPersons> ReadAsync(CancellationToken ct)
    {
        newcomers.Begin();
        return StoredPersons.ReadAsync((after, onlyWho) => PageAsync(after, onlyWho, ct), journeys, policies, restrictions.Customers());
    }

    private async Task FindAsync(CancellationToken ct)
    {
        var began = time.GetTimestamp();
        var startedUtc = time.GetUtcNow().UtcDateTime;
        await journeys.WaitUntilVisibleAsync(log.EndPosition, ct);
        await profiles.WaitUntilKeptAsync(log.EndPosition, ct);
        // Those whom the rules are about to join are no pairs to learn from.
        await joiner.WaitUntilJoinedAsync(ct);
        await using var scope = scopes.CreateAsyncScope();
        var queries = scope.ServiceProvider.GetRequiredService<ReviewQueries>();
        var band = await scope.ServiceProvider.GetRequiredService<ReviewBandQueries>().ReadAsync(ct);
        var reviewed = StillTrue(await queries.ReviewedAsync(MostReviewed, ct));
        var persons = await ReadAsync(ct);
        var found = await match.InTurnAsync(() => Match(persons, band, reviewed, startedUtc, ct), ct);
        // Meanwhile somebody may have been erased, merged or restricted.
        var pairs = Current(found.Pairs);
        var run = new DuplicateRun
        {
            StartedUtc = startedUtc,
            Seconds = Math.Round(time.GetElapsedTime(began).TotalSeconds, 2),
            Customers = persons.Identifiers.Count,
            Pairs = pairs.Count,
            Columns = JsonSerializer.Serialize(found.Columns, JsonSerializerOptions.Web),
            Undecided = JsonSerializer.Serialize(found.Undecided, JsonSerializerOptions.Web),
            Merged = reviewed.Count(r => r.IsOnePerson),
            Apart = reviewed.Count(r => !r.IsOnePerson),
        };
        await queries.ReplaceAsync(pairs, run, ct);
        // Not before: of whoever came meanwhile, the pairs would be replaced with the rest.
        Learn(found.Learned);
        // An erasure deletes what it finds: of whom it erased while these were written, it found nothing.
        if (pairs.Except(Current(pairs)).Select(p => p.Number).ToList() is { Count: > 0 } gone) await queries.EraseAsync(gone, ct);
    }

    private void Learn(Learned? learned)
    {
        if (learned is { } what) newcomers.Learn(what.Persons.Identifiers, what.Table, what.Result, what.LeastWeight);
    }

    /// <summary>The decisions that still hold: what was merged is one customer, what was kept apart is so, and nobody's processing is restricted.</summary>
    private List<ReviewedPair> StillTrue(List<ReviewedPair> reviewed)
    {
        var (ones, others) = (journeys.FindCustomers(reviewed.ConvertAll(r => r.One)), journeys.FindCustomers(reviewed.ConvertAll(r => r.Other)));
        var restricted = restrictions.Customers();
        return [.. reviewed.Where((r, i) => ones[i] >= 0 && others[i] >= 0 && !restricted.Contains(ones[i]) && !restricted.Contains(others[i])
            && (r.IsOnePerson ? ones[i] == others[i] : ones[i] != others[i] && journeys.AreKeptApart(r.One, r.Other)))];
    }

    private async Task<List<Profile>> PageAsync(long after, bool onlyWho, CancellationToken ct)
    {
        // A short read each: an erasure need not wait for the end of the search.
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ProfileQueries>().PersonsAfterAsync(after, AtOnce, onlyWho, ct);
    }

    private Found Match(StoredPersons persons, ReviewBand band, List<ReviewedPair> reviewed, DateTime foundUtc, CancellationToken ct)
    {
        var table = persons.Table(company.CurrentValue.OwnCountry());
        if (table.Columns.Length == 0 || table.Count < 2) return new Found([], [], [], null);
        var decided = new DecidedPatterns();
        foreach (var pair in reviewed) (pair.IsOnePerson ? decided.Same : decided.Other).Add(pair.StepsIn(table.Columns));
        var result = PersonMatcher.Match(table, band.Sure, KnownPairs.None, ct, decided);
        var score = new PairScore(table, result.Weights, result.People);
        var pairs = new List<DuplicatePair>();
        foreach (var pair in result.Pairs)
        {
            if (pair.Weight < band.LeastWeight || pairs.Count == MostPairs) break;
            var (a, b) = string.CompareOrdinal(persons.Identifiers[pair.A], persons.Identifiers[pair.B]) < 0 ? (pair.A, pair.B) : (pair.B, pair.A);
            if (journeys.AreKeptApart(persons.Identifiers[a], persons.Identifiers[b])) continue;
            pairs.Add(Pair(persons.Identifiers[a], persons.Identifiers[b], table, score, a, b, result.Weights.Start, foundUtc, result.Cluster[a] == result.Cluster[b]));
        }

        MatchedColumn[] Worth(MatchWeights weights) => [.. table.Columns.Select((_, i) => PersonMatch.Learned(table, i, weights))];
        return new Found(pairs, Worth(result.Weights), reviewed.Count == 0 ? [] : Worth(result.Undecided), new Learned(persons, table, result, band.LeastWeight));
    }

    /// <summary>Where few are there twice, what is learned is uncertain: without anybody's look nobody is merged whose name or birthday is another one, or of whom only rough values agree.</summary>
    private static bool IsBeyondDoubt(List<PairEvidence> evidence) =>
        !evidence.Exists(e => e.Step == AgreementStep.Different && StoredPersons.IsOfOnePerson(e.Column)) && evidence.Exists(e => e.Step == AgreementStep.Equal && StoredPersons.IsTelling(e.Column));

    /// <summary>What each column says of two rows.</summary>
    public static List<PairEvidence> Evidence(PersonTable table, PairScore score, int a, int b)
    {
        var steps = new byte[table.Columns.Length];
        table.Compare(a, b, steps);
        return [.. table.Columns.Select((c, i) => steps[i] == Agreement.Missing && table.FollowsFrom(i, a, b) is >= 0 and var by
            ? new PairEvidence(c.Name, AgreementStep.Implied, 0, table.Columns[by].Name)
            : new PairEvidence(c.Name, (AgreementStep)steps[i], Math.Round(score.Of(i, a, steps), 3)))];
    }

    /// <param name="holdsTogether">Both are one person also where all that resemble them are compared: no chain of weak pairs.</param>
    public static DuplicatePair Pair(string one, string other, PersonTable table, PairScore score, int a, int b, double start, DateTime foundUtc, bool holdsTogether)
    {
        var evidence = Evidence(table, score, a, b);
        var weight = start + evidence.Sum(e => e.Bits);
        return new DuplicatePair
        {
            Number = DuplicatePair.NumberOf(one, other),
            One = one,
            Other = other,
            Start = start,
            Weight = weight,
            Evidence = JsonSerializer.Serialize(evidence, JsonSerializerOptions.Web),
            IsSure = holdsTogether && IsBeyondDoubt(evidence),
            FoundUtc = foundUtc,
        };
    }
}
