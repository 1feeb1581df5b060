using System.Text.Json;
using Microsoft.Extensions.Options;
using Tangent.Collect;
using Tangent.Data;

namespace Tangent.Unify;

/// <summary>Searches the stored customers for persons who are there twice: when asked, and each night. It learns what agreeing is worth from the customers themselves, and keeps the pairs that are more likely one person than not.</summary>
internal sealed class DuplicateSearch(
    PersonMatch match, JourneyStore journeys, EventLog log, ProfileFeed profiles, MergePolicies policies, Restrictions restrictions, IServiceScopeFactory scopes, IOptionsMonitor<CompanyOptions> company, TimeProvider time,
    Newcomers newcomers, ILogger<DuplicateSearch> logger) : BackgroundService
{
    /// <summary>Probability from which on pairs may be merged together.</summary>
    public const double Sure = 0.99;

    /// <summary>Probability from which on a pair waits for somebody's decision.</summary>
    private const double Least = 0.5;

    /// <summary>The weight of <see cref="Least"/>.</summary>
    public const double LeastWeight = 0;

    /// <summary>More than anybody reviews before the next search; the most probable are kept.</summary>
    private const int MostPairs = 100_000;

    private const int AtOnce = 5000;
    private static readonly TimeOnly Night = new(2, 30);

    private readonly SemaphoreSlim _asked = new(0);
    private int _isRunning;

    public bool IsRunning => Volatile.Read(ref _isRunning) == 1;

    /// <summary>Begins a search, unless one is under way.</summary>
    public void Begin()
    {
        if (Interlocked.CompareExchange(ref _isRunning, 1, 0) == 0) _asked.Release();
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
            Volatile.Write(ref _isRunning, 1);
            try
            {
                await FindAsync(stoppingToken);
            }
            catch (Exception e) when (e is System.Data.Common.DbException or Microsoft.EntityFrameworkCore.DbUpdateException or IOException or InvalidOperationException)
            {
                logger.LogError(e, "Duplicates could not be searched; what was found before stays.");
            }
            finally
            {
                newcomers.End();
                Volatile.Write(ref _isRunning, 0);
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
            await using (var scope = scopes.CreateAsyncScope())
                if ((await scope.ServiceProvider.GetRequiredService<ReviewQueries>().RunsAsync(ct)).Count == 0) return;
            await journeys.WaitUntilVisibleAsync(log.EndPosition, ct);
            var persons = await ReadAsync(ct);
            await match.InTurnAsync(() => Match(persons, time.GetUtcNow().UtcDateTime, ct), ct);
        }
        catch (Exception e) when (e is System.Data.Common.DbException or IOException or InvalidOperationException)
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
        return StoredPersons.ReadAsync(after => PageAsync(after, ct), journeys, policies, restrictions.Customers());
    }

    private async Task FindAsync(CancellationToken ct)
    {
        var began = time.GetTimestamp();
        var startedUtc = time.GetUtcNow().UtcDateTime;
        await journeys.WaitUntilVisibleAsync(log.EndPosition, ct);
        await profiles.WaitUntilKeptAsync(log.EndPosition, ct);
        var persons = await ReadAsync(ct);
        var (pairs, columns) = await match.InTurnAsync(() => Match(persons, startedUtc, ct), ct);
        await using var scope = scopes.CreateAsyncScope();
        var run = new DuplicateRun
        {
            StartedUtc = startedUtc,
            Seconds = Math.Round(time.GetElapsedTime(began).TotalSeconds, 2),
            Customers = persons.Identifiers.Count,
            Pairs = pairs.Count,
            Columns = JsonSerializer.Serialize(columns, JsonSerializerOptions.Web),
        };
        await scope.ServiceProvider.GetRequiredService<ReviewQueries>().ReplaceAsync(pairs, run, ct);
    }

    private async Task<List<Profile>> PageAsync(long after, CancellationToken ct)
    {
        // A short read each: an erasure need not wait for the end of the search.
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ProfileQueries>().PersonsAfterAsync(after, AtOnce, ct);
    }

    private (List<DuplicatePair> Pairs, IReadOnlyList<MatchedColumn> Columns) Match(StoredPersons persons, DateTime foundUtc, CancellationToken ct)
    {
        var table = persons.Table(company.CurrentValue.HolidayCountry is { Length: > 0 } country ? country : "DE");
        if (table.Columns.Length == 0 || table.Count < 2) return ([], []);
        var result = PersonMatcher.Match(table, Sure, KnownPairs.None, ct);
        newcomers.Learn(persons.Identifiers, table, result);
        var score = new PairScore(table, result.Weights, result.People);
        var pairs = new List<DuplicatePair>();
        foreach (var pair in result.Pairs)
        {
            if (MatchWeights.Probability(pair.Weight) < Least || pairs.Count == MostPairs) break;
            var (a, b) = string.CompareOrdinal(persons.Identifiers[pair.A], persons.Identifiers[pair.B]) < 0 ? (pair.A, pair.B) : (pair.B, pair.A);
            if (journeys.AreKeptApart(persons.Identifiers[a], persons.Identifiers[b])) continue;
            pairs.Add(Pair(persons.Identifiers[a], persons.Identifiers[b], table, score, a, b, result.Weights.Start, foundUtc, result.Cluster[a] == result.Cluster[b]));
        }

        return (pairs, [.. table.Columns.Select((c, i) => PersonMatch.Learned(c, i, result.Weights))]);
    }

    /// <summary>Where few are there twice, what is learned is uncertain: without anybody's look nobody is merged whose name or birthday is another one, or of whom only rough values agree.</summary>
    private static bool IsBeyondDoubt(List<PairEvidence> evidence) =>
        !evidence.Exists(e => e.Step == AgreementStep.Different && StoredPersons.IsOfOnePerson(e.Column)) && evidence.Exists(e => e.Step == AgreementStep.Equal && StoredPersons.IsTelling(e.Column));

    /// <summary>What each column says of two rows.</summary>
    public static List<PairEvidence> Evidence(PersonTable table, PairScore score, int a, int b)
    {
        var steps = new byte[table.Columns.Length];
        table.Compare(a, b, steps);
        return [.. table.Columns.Select((c, i) => new PairEvidence(c.Name, (AgreementStep)steps[i], Math.Round(score.Of(i, a, steps), 3)))];
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
            IsSure = holdsTogether && MatchWeights.Probability(weight) >= Sure && IsBeyondDoubt(evidence),
            FoundUtc = foundUtc,
        };
    }
}
