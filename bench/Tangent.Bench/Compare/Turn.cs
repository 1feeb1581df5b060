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

    /// <summary>Asks; the function says how many milliseconds it took.</summary>
    public void Take(Timed timed)
    {
        var best = (Times: new List<double>(), ProcessorMs: 0.0, Ms: 0.0, Others: double.MaxValue);
        for (var attempt = 0; attempt == 0 || (attempt < Attempts && patienceLeftMs > 0 && best.Others > Disturbed); attempt++)
        {
            WaitForQuiet();
            var watch = Stopwatch.StartNew();
            var (busy, own) = (Machine.BusyMs(), ownMs());
            List<double> times = [timed.Ask()];
            while ((times.Count == 1 && times[0] < QuickMs) || watch.Elapsed.TotalMilliseconds < LeastMs) times.Add(timed.Ask());
            var ms = watch.Elapsed.TotalMilliseconds;
            own = ownMs() - own;
            var others = Math.Max(0, Machine.BusyMs() - busy - own) / ms;
            if (others > Disturbed) patienceLeftMs -= ms;
            if (others < best.Others) best = (times[0] < QuickMs ? times[1..] : times, own / times.Count, ms, others);
        }

        Others = (Others.ProcessorMs + best.Others * best.Ms, Others.Ms + best.Ms);
        timed.Times.AddRange(best.Times);
        timed.ProcessorTimes.Add(best.ProcessorMs);
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

/// <summary>Something that is timed in turns.</summary>
/// <param name="ask">Does it and says how many milliseconds it took.</param>
internal sealed class Timed(Func<double> ask)
{
    /// <summary>Of each run.</summary>
    public List<double> Times { get; } = [];

    /// <summary>Mean of each turn's runs, all processors together.</summary>
    public List<double> ProcessorTimes { get; } = [];

    public double Ms => Median(Times);

    public double ProcessorMs => Median(ProcessorTimes);

    public double Ask() => ask();

    public void Forget()
    {
        Times.Clear();
        ProcessorTimes.Clear();
    }

    private static double Median(List<double> times)
    {
        var sorted = times.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
