using System.Globalization;
using System.Runtime.InteropServices;

namespace Tangent.Bench;

/// <summary>The machine a comparison ran on.</summary>
internal sealed record Machine(int Processors, string Processor, double MemoryGib, string Runtime)
{
    public static Machine Here { get; } = new(
        Environment.ProcessorCount,
        Proc("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim().Replace("(R)", "", StringComparison.Ordinal) ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30), 1),
        RuntimeInformation.FrameworkDescription);

    /// <summary>Load average of the last minute; 0 where the system does not say.</summary>
    public static double Load() => Proc("/proc/loadavg") is [var line, ..] ? double.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture) : 0;

    /// <summary>Processor time used by everyone since the machine started, in milliseconds; 0 where the system does not say.</summary>
    public static long BusyMs()
    {
        if (Proc("/proc/stat") is not [var line, ..]) return 0;
        // user nice system idle iowait irq softirq steal, in hundredths of a second
        var ticks = line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return 10 * (ticks.Sum() - ticks[3] - ticks[4]);
    }

    private static string[] Proc(string file) => File.Exists(file) ? File.ReadAllLines(file) : [];
}
