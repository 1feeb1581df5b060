using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>
/// The hours of a segment's rows: days, weeks and months begin with an hour, so questions about these read two bytes an event instead of eight.
/// Made when a block is first read and kept, except for small layers.
/// </summary>
internal sealed unsafe class Hours
{
    /// <summary>The hour of times more than some years from most others, and where counting ends.</summary>
    public const ushort Elsewhere = ushort.MaxValue;

    public const long HourMs = 3_600_000;

    // So that segments of about the same time count from the same hour.
    private const long OriginStepMs = 8192 * HourMs;
    private const int Sampled = 1024;

    private readonly Segment segment;
    private readonly NativeBlock? memory;
    private readonly bool[] made;

    private Hours(Segment segment, bool kept)
    {
        this.segment = segment;
        OriginMs = OriginOf(segment);
        memory = kept ? new NativeBlock((segment.Events + Labels.Spare) * (long)sizeof(ushort)) : null;
        made = kept ? new bool[segment.Blocks.Length - 1] : [];
    }

    /// <summary>Where hour 0 begins.</summary>
    public long OriginMs { get; }

    public static Hours Of(Layer layer)
    {
        var segment = layer.Segment;
        lock (segment.Labels) return segment.Hours ??= new Hours(segment, Labels.IsWorthKeeping(layer));
    }

    /// <summary>The hour of a time, or with <paramref name="up"/> the first that begins at or after it; 0 to <see cref="Elsewhere"/>.</summary>
    public static int At(long ms, long originMs, bool up)
    {
        var (hour, rest) = Math.DivRem(Math.Clamp(ms, JourneyEvent.EarliestMs, JourneyEvent.LatestMs) - originMs, HourMs);
        if (rest < 0) (hour, rest) = (hour - 1, rest + HourMs);
        return (int)Math.Clamp(hour + (up && rest > 0 ? 1 : 0), 0, Elsewhere);
    }

    /// <summary>The hours of a block's rows.</summary>
    /// <param name="block">The block.</param>
    /// <param name="room">Where they are put if they are not kept.</param>
    public ushort* Block(int block, ushort* room)
    {
        int firstRow = segment.Starts[segment.Blocks[block]], count = segment.Starts[segment.Blocks[block + 1]] - firstRow;
        if (memory is null)
        {
            Of(segment.Times + firstRow, room, count, OriginMs);
            return room;
        }

        var hours = (ushort*)memory.Pointer + firstRow;
        if (Volatile.Read(ref made[block])) return hours;
        // Two questions at once may both do it; they write the same.
        Of(segment.Times + firstRow, hours, count, OriginMs);
        Volatile.Write(ref made[block], true);
        return hours;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Of(long* times, ushort* hours, int count, long originMs)
    {
        for (var at = 0; at < count; at++)
        {
            // 128 · 28,125 ms are an hour; so few bits are left that a multiplication divides.
            var since = Math.Min((ulong)(times[at] - originMs), Elsewhere * (ulong)HourMs);
            hours[at] = (ushort)((uint)(since >> 7) / 28_125);
        }
    }

    // The middle of the events' times is the middle of the hours.
    private static long OriginOf(Segment segment)
    {
        if (segment.Events == 0) return 0;
        var times = new long[Math.Min(Sampled, segment.Events)];
        for (var at = 0; at < times.Length; at++) times[at] = segment.Times[(long)at * segment.Events / times.Length];
        Array.Sort(times);
        return (times[times.Length / 2] - Elsewhere / 2 * HourMs) / OriginStepMs * OriginStepMs;
    }
}
