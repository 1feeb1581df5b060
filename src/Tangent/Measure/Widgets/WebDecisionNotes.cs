namespace Tangent.Measure;

/// <summary>
/// Decisions not to ask that are not written yet: every page view makes one, and they are written together, so that page views do not wait for the database one after the other.
/// Whoever reads decisions has them written first; a server that is killed forgets those of the last seconds. That somebody was asked is written at once and is never here.
/// </summary>
internal sealed class WebDecisionNotes : IDisposable
{
    // Beyond it somebody plays: what is noted already is counted on, new ones are left out until the next writing.
    private const int Most = 100_000;

    private readonly Lock _changing = new();
    private readonly SemaphoreSlim _writing = new(1);
    private Dictionary<WebDecisionKey, WebDecisionNote> _waiting = [];

    public void Add(int survey, string key, NotAsked decided, DateTime nowUtc)
    {
        var note = new WebDecisionKey(survey, key, decided.Outcome);
        lock (_changing)
        {
            var known = _waiting.GetValueOrDefault(note);
            if (known.Times > 0 || _waiting.Count < Most) _waiting[note] = new WebDecisionNote(nowUtc, known.Times + 1, decided.Why);
        }
    }

    /// <summary>Gives what waits to whoever writes it, one at a time; where that fails it waits on.</summary>
    public async Task HandOverAsync(Func<IReadOnlyList<WebDecision>, Task> write, CancellationToken ct)
    {
        await _writing.WaitAsync(ct);
        try
        {
            Dictionary<WebDecisionKey, WebDecisionNote> taken;
            lock (_changing) (taken, _waiting) = (_waiting, []);
            if (taken.Count > 0) await TryAsync(write, taken);
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose() => _writing.Dispose();

    private async Task TryAsync(Func<IReadOnlyList<WebDecision>, Task> write, Dictionary<WebDecisionKey, WebDecisionNote> taken)
    {
        try
        {
            await write([.. taken.Select(n => new WebDecision { SurveyId = n.Key.SurveyId, Key = n.Key.Key, Outcome = n.Key.Outcome, AtUtc = n.Value.AtUtc, Times = n.Value.Times, Why = n.Value.Why })]);
        }
        catch
        {
            PutBack(taken);
            throw;
        }
    }

    private void PutBack(Dictionary<WebDecisionKey, WebDecisionNote> taken)
    {
        lock (_changing)
        {
            foreach (var (note, known) in taken)
                _waiting[note] = _waiting.TryGetValue(note, out var newer) ? newer with { Times = newer.Times + known.Times } : known;
        }
    }

    private readonly record struct WebDecisionKey(int SurveyId, string Key, AskOutcome Outcome);

    private readonly record struct WebDecisionNote(DateTime AtUtc, int Times, string Why);
}

/// <summary>Writes the decisions that wait.</summary>
internal sealed class WebDecisionWriting(IServiceScopeFactory scopes, ILogger<WebDecisionWriting> logger) : BackgroundService
{
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Often);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await WriteAsync(stoppingToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(cancellationToken);
    }

    private async Task WriteAsync(CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<WebDecisionQueries>().WriteNotesAsync(ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            logger.LogError(e, "Why pages did not show a survey could not be written; it is tried again.");
        }
    }
}
