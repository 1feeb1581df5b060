namespace Tangent.Web;

/// <summary>How far the answers have followed what came in; every page says so while they are far behind, as after a rebuild.</summary>
public sealed class CatchingUp
{
    // What a moment of full load brings in may be under way without anybody being told.
    private const long Far = 200_000;

    /// <summary>Records that are in the answers, and all there are; set by who knows it.</summary>
    public Func<(long Done, long All)> Measure { get; set; } = () => (0, 0);

    /// <summary>Share of the records that is in the answers; null while they are complete or nearly.</summary>
    public double? Share => Measure() is var (done, all) && all - done > Far ? (double)done / all : null;
}
