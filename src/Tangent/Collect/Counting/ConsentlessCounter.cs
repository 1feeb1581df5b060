using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Options;
using Tangent.Data;

namespace Tangent.Collect;

/// <summary>
/// Counts what happened without consent. Of an event only name, channel, path and campaign are read; then it is a number among others, in memory for a
/// moment and then in the database. Ids, times, addresses and browsers are not read at all, and nothing of it comes into the event log.
/// </summary>
internal sealed class ConsentlessCounter(IServiceScopeFactory scopes, IOptionsMonitor<CompanyOptions> company, TimeProvider time, ILogger<ConsentlessCounter> logger) : BackgroundService
{
    /// <summary>Stands for everything beyond <see cref="MostOfADay"/>.</summary>
    public const string Other = "(other)";

    // Anybody can send names of their own with a public key; the table must not grow without end by it.
    private const int MostOfADay = 2000;
    private const int MostCharacters = 100;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly SearchValues<char> Personal = SearchValues.Create("@=");

    private readonly ConcurrentDictionary<ConsentlessCount, long> _waiting = new();
    private readonly ConcurrentDictionary<(DateOnly Day, int Source), HashSet<ConsentlessCount>> _known = new();
    private readonly SemaphoreSlim _writing = new(1);

    /// <summary>Counts the events of a batch, in the form of calls; what is neither page, screen nor track is passed over.</summary>
    /// <returns>How many were counted.</returns>
    public int Count(Source source, IReadOnlyList<ReadOnlyMemory<byte>> events)
    {
        var counted = 0;
        var day = company.CurrentValue.Zone().DayOf(time.GetUtcNow().UtcDateTime);
        var read = new CollectedEvent();
        foreach (var json in events)
        {
            if (!read.Read(json, 0, null, out _) || read.Type is not (EventType.Page or EventType.Screen or EventType.Track) || read.Name.IsEmpty) continue;
            var count = new ConsentlessCount
            {
                Day = day,
                SourceId = source.Id,
                Event = Kept(read.Name),
                Channel = Kept(read.Channel),
                Path = Segments(read.Path),
                Campaign = Kept(read.Campaign),
            };
            _waiting.AddOrUpdate(Known(count), 1, (_, before) => before + 1);
            counted++;
        }

        return counted;
    }

    public async Task FlushAsync(CancellationToken ct)
    {
        await _writing.WaitAsync(ct);
        try
        {
            var taken = _waiting.Keys.Select(k => _waiting.TryRemove(k, out var count) ? k with { Count = count } : null).OfType<ConsentlessCount>().ToList();
            if (taken.Count == 0) return;
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<ConsentlessQueries>().AddAsync(taken, ct);
            }
            catch (Exception e) when (e is System.Data.Common.DbException or OperationCanceledException)
            {
                foreach (var count in taken) _waiting.AddOrUpdate(count with { Count = 0 }, count.Count, (_, more) => more + count.Count);
                throw;
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    public override void Dispose()
    {
        _writing.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await Task.Delay(Every, stoppingToken);
                try
                {
                    await FlushAsync(stoppingToken);
                }
                catch (System.Data.Common.DbException e)
                {
                    logger.LogError(e, "Counts could not be written; they are tried again.");
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What waits is written once more, below.
        }

        await FlushAsync(CancellationToken.None);
    }

    private ConsentlessCount Known(ConsentlessCount count)
    {
        foreach (var past in _known.Keys.Where(k => k.Day < count.Day)) _known.TryRemove(past, out _);
        var known = _known.GetOrAdd((count.Day, count.SourceId), _ => []);
        lock (known)
        {
            if (known.Contains(count)) return count;
            if (known.Count < MostOfADay)
            {
                known.Add(count);
                return count;
            }
        }

        return count with { Event = Other, Channel = "", Path = "", Campaign = "" };
    }

    /// <summary>A text that looks as if it named somebody is not kept.</summary>
    private static string Kept(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text) is var kept && (kept.Length > MostCharacters || kept.AsSpan().ContainsAny(Personal)) ? "*" : kept;

    private static string Segments(ReadOnlySpan<byte> path) =>
        string.Join('/', Encoding.UTF8.GetString(path).Split('/').Select(s => s.AsSpan().ContainsAny(Personal) || s.Contains("%40", StringComparison.Ordinal) ? "*" : s));
}
