namespace Tangent.Engine;

/// <summary>The hours that lie in a period as a whole, and the up to two that it cuts; <see cref="Hours.Elsewhere"/> for none.</summary>
internal readonly record struct HourRange(ushort First, ushort Count, ushort CutFirst, ushort CutLast)
{
    public static HourRange Of(long fromMs, long toMs, long originMs)
    {
        int first = Hours.At(fromMs, originMs, up: true), last = Hours.At(toMs, originMs, up: false);
        return new HourRange((ushort)first, (ushort)Math.Max(0, last - first), Cut(fromMs, originMs), Cut(toMs, originMs));
    }

    private static ushort Cut(long ms, long originMs) =>
        Hours.At(ms, originMs, up: false) is var hour && hour < Hours.At(ms, originMs, up: true) ? (ushort)hour : Hours.Elsewhere;
}
