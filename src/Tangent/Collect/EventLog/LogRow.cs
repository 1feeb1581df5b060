using System.Runtime.CompilerServices;

namespace Tangent.Collect;

/// <summary>One row of the event log: the events of one request, in their order.</summary>
/// <param name="Position">Log position of the first event; the others follow one by one.</param>
/// <param name="Body">The events' original JSON, one a line (a raw line break, in JSON only white space, became a blank).</param>
internal sealed record LogRow(
    long Position, int Count, int SourceId, LogKind Kind, bool Trusted, long ReceivedAtMs, long? SentAtMs, ReadOnlyMemory<byte> Body)
{
    public Lines Events => new(Body);

    /// <summary>This row without its events before <paramref name="position"/>.</summary>
    public LogRow From(long position)
    {
        if (position <= Position) return this;
        var skip = (int)(position - Position);
        var body = Body;
        for (var i = 0; i < skip; i++) body = body[(body.Span.IndexOf((byte)'\n') + 1)..];
        return this with { Position = position, Count = Count - skip, Body = body };
    }

    /// <summary>The lines of a body, without allocating.</summary>
    internal struct Lines(ReadOnlyMemory<byte> rest)
    {
        private ReadOnlyMemory<byte> _rest = rest;
        private bool _ended = rest.IsEmpty;

        public ReadOnlyMemory<byte> Current { get; private set; } = default;

        public readonly Lines GetEnumerator() => this;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public bool MoveNext()
        {
            if (_ended) return false;
            var end = _rest.Span.IndexOf((byte)'\n');
            Current = end < 0 ? _rest : _rest[..end];
            if (end < 0) _ended = true;
            else _rest = _rest[(end + 1)..];
            return true;
        }
    }
}
