using System.Text.Json;

namespace Tangent.Bench;

/// <summary>The comparison as a command: a table or JSON on standard output, progress on standard error, and the page of the documentation.</summary>
internal static class CompareCommand
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static int Run(ComparePlan options, bool json, bool writeDocs)
    {
        if (writeDocs && options.Only.Length > 0)
        {
            Console.Error.WriteLine("The page shows all questions: leave out --only to write it.");
            return 2;
        }

        string[] unknown = [.. options.Peers.Except(CompareBench.PeerNames, StringComparer.OrdinalIgnoreCase)];
        if (unknown.Length > 0)
        {
            Console.Error.WriteLine($"There is no peer {string.Join(", ", unknown)}; peers are {string.Join(", ", CompareBench.PeerNames)}.");
            return 2;
        }

        if (writeDocs && CompareBench.PeerNames.Except(options.Peers, StringComparer.OrdinalIgnoreCase).Any())
        {
            Console.Error.WriteLine("The page compares with all peers: leave out --peers to write it.");
            return 2;
        }

        SizeResult result;
        try
        {
            using var bench = new CompareBench(options, Console.Error);
            result = bench.Run();
        }
        catch (PeerException refused)
        {
            Console.Error.WriteLine(refused.Message);
            return 1;
        }

        if (json) Console.WriteLine(JsonSerializer.Serialize(result.Questions, Json));
        else Console.WriteLine(PerformancePage.Section(result));
        if (writeDocs) PerformancePage.Write(result);
        return result.Questions.All(question => question.Equal ?? true) ? 0 : 1;
    }
}
