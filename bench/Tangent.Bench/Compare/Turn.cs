using System.Diagnostics;

namespace Tangent.Bench;

/// <summary>
/// Times one contestant's turn: it waits until the machine is quiet, asks once untimed where that is quick (so that everyone finds the caches warm),
/// and then as often as needed to measure what other programs did meanwhile. A disturbed turn is taken again; of all attempts the quietest counts.
/// </summary>
/// <param name="ownMs">Processor time that the comparison's own programs have used.</param>
/// <param name="patienceMs">How long all turns together may wait for quiet or be taken again.</param>
internal sealed class Turn(Func<double> ownMs, double patienceMs)
{
    private const double QuickMs = 1_500;
    private const double LeastMs = 120;
    private const double Disturbed = 0.3;
    private const int Attempts = 4;
    private double patienceLeftMs = patienceMs;

    /// <summary>Processors that others used in the turns that count, and how long these were.</summary>
    public (double ProcessorMs, double Ms) Others { get; set; }

    /// <summary>Milliseconds of each timed run.</summary>
    public List<double> Take(Func<double> askMs)
    {
        var best = (Times: new List<double>(), Ms: 0.0, Processors: double.MaxValue);
        for (var attempt = 0; attempt == 0 || (attempt < Attempts && patienceLeftMs > 0 && best.Processors > Disturbed); attempt++)
        {
            WaitForQuiet();
            var watch = Stopwatch.StartNew();
            var (busy, own) = (Machine.BusyMs(), ownMs());
            var first = askMs();
            List<double> times = first > QuickMs ? [first] : [];
            while (times.Count == 0 || watch.Elapsed.TotalMilliseconds < LeastMs) times.Add(askMs());
            var ms = watch.Elapsed.TotalMilliseconds;
            var processors = Math.Max(0, Machine.BusyMs() - busy - (ownMs() - own)) / ms;
            if (processors > Disturbed) patienceLeftMs -= ms;
            if (processors < best.Processors) best = (times, ms, processors);
        }

        Others = (Others.ProcessorMs + best.Processors * best.Ms, Others.Ms + best.Ms);
        return best.Times;
    }

    private void WaitForQuiet()
    {
        while (patienceLeftMs > 0)
        {
            var watch = Stopwatch.StartNew();
            var (busy, own) = (Machine.BusyMs(), ownMs());
            Thread.Sleep(100);
            if ((Machine.BusyMs() - busy - (ownMs() - own)) / watch.Elapsed.TotalMilliseconds <= Disturbed) return;
            patienceLeftMs -= watch.Elapsed.TotalMilliseconds;
        }
    }
}
