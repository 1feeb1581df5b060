using System.Diagnostics;

namespace Tangent.Collect;

/// <summary>Follows the event log from where it had come to, and keeps in the database what it makes of it.</summary>
/// <param name="log">The log.</param>
/// <param name="pause">Between two looks, so that what streams in is written in few transactions.</param>
/// <param name="logger">Told what could not be written.</param>
internal abstract class LogFollowing(EventLog log, TimeSpan pause, ILogger logger) : BackgroundService, ILogFollower
{
    private const int RestsPerLook = 3;
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    private TaskCompletionSource _advanced = NewSignal();
    private long _position;
    private long _endAtStart = long.MaxValue;

    /// <summary>Log position (exclusive) up to which everything is written.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>All that was in the log when the program started is written.</summary>
    public bool IsCurrent => Position >= Volatile.Read(ref _endAtStart);

    public virtual bool KnowsAddresses => false;

    protected EventLog Log => log;

    public Task WaitUntilKeptAsync(long position, CancellationToken ct) => WaitAsync(() => Position >= position, ct);

    public Task WaitUntilCurrentAsync(CancellationToken ct) => WaitAsync(() => IsCurrent, ct);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var position = await LastPositionAsync(stoppingToken);
        // A shorter log is another log (moved away, restored from a backup): it is read from its beginning.
        Volatile.Write(ref _endAtStart, log.EndPosition);
        Advance(position <= log.EndPosition ? position : 0);
        while (!stoppingToken.IsCancellationRequested)
        {
            await log.WaitForAsync(Position, stoppingToken);
            try
            {
                var (end, arrived, started) = (log.EndPosition, log.ArrivedEnd, Stopwatch.GetTimestamp());
                await CatchUpAsync(stoppingToken);
                await Task.Delay(Rest(end, arrived, Stopwatch.GetElapsedTime(started)), stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Whatever it was, the log keeps everything; what is made of it is late, not lost.
                logger.LogError(e, "What the event log says could not be written to the database; it is tried again.");
                await Task.Delay(AfterFailure, stoppingToken);
            }
        }
    }

    /// <summary>The position that is kept with what was written.</summary>
    protected abstract Task<long> LastPositionAsync(CancellationToken ct);

    /// <summary>Reads and writes what has come since <see cref="Position"/>, all or a part.</summary>
    protected abstract Task CatchUpAsync(CancellationToken ct);

    protected void Advance(long position)
    {
        Volatile.Write(ref _position, position);
        Interlocked.Exchange(ref _advanced, NewSignal()).SetResult();
    }

    /// <summary>While much streams in, who sends it goes first: followers then write seldom and much. Where nobody sends anything they go on at once until they are at the log's end, also while customers are joined by what they themselves wrote.</summary>
    private TimeSpan Rest(long endBefore, long arrivedBefore, TimeSpan took)
    {
        if (log.ArrivedEnd == arrivedBefore) return Position < endBefore ? TimeSpan.Zero : pause;
        return TimeSpan.FromTicks(Math.Clamp(took.Ticks * RestsPerLook, pause.Ticks, Math.Max(pause.Ticks, LongestRest.Ticks)));
    }

    private async Task WaitAsync(Func<bool> isSo, CancellationToken ct)
    {
        while (true)
        {
            // The signal is taken before the look: an advance in between completes it.
            var advanced = Volatile.Read(ref _advanced).Task;
            if (isSo()) return;
            await advanced.WaitAsync(ct);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
