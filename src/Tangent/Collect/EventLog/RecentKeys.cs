using System.Runtime.CompilerServices;

namespace Tangent.Collect;

/// <summary>The keys of the last hours in two generations: a key is known for at least the window and at most twice as long. Memory is bounded: where more keys than <paramref name="capacity"/> come in, the oldest half is forgotten early.</summary>
internal sealed class RecentKeys(TimeSpan window, int capacity, long nowMs)
{
    private readonly long _windowMs = (long)window.TotalMilliseconds;
    private KeySet _current = new();
    private KeySet _previous = new();
    private long _startedMs = nowMs;

    public bool GenerationIsFull => _current.Count >= capacity / 2;

    /// <returns>False where the key is known.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Add(UInt128 key, long nowMs)
    {
        if (nowMs - _startedMs >= _windowMs || GenerationIsFull) Turn(nowMs);
        return !_previous.Contains(key) && _current.Add(key);
    }

    /// <summary>As <see cref="KeySet.Touch"/>.</summary>
    public void Touch(ReadOnlySpan<AcceptedEvent> events)
    {
        _current.Touch(events);
        _previous.Touch(events);
    }

    private void Turn(long nowMs)
    {
        // After a silence of two windows even the current generation is too old.
        _previous = nowMs - _startedMs >= 2 * _windowMs ? new KeySet() : _current;
        _current = new KeySet();
        _startedMs = nowMs;
    }
}
