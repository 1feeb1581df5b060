using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Tangent.Bench;

/// <summary>Imports answers and orders into a server of its own, then asks for the scores of every touchpoint by month, and which touchpoints matter.</summary>
internal static class ScoresBench
{
    private const int Tries = 15;
    private const int Touchpoints = 40;
    private static readonly string[] Questions =
        ["/api/v1/measure/scores", "/api/v1/measure/scores?trend=month", "/api/v1/measure/scores?trend=week&from=2026-04-01&to=2026-06-30", "/api/v1/measure/scores?breakdown=language", "/api/v1/measure/scores/customers?metric=csat&at=Touchpoint+7&band=bad",
         "/api/v1/analyse/priorities?goal=Order+completed", "/api/v1/measure/contacts?goal=Order+completed"];

    public static async Task<int> RunAsync(int answers, bool json, CancellationToken ct)
    {
        var file = Path.ChangeExtension(Path.GetTempFileName(), ".jsonl");
        try
        {
            Write(file, answers);
            await using var server = await ServerProcess.StartAsync();
            var watch = Stopwatch.StartNew();
            await using (var stream = File.OpenRead(file))
            {
                using var taken = await server.Api.PostAsync("/api/v1/collect/imports?fileName=answers.jsonl&source=Surveys", new StreamContent(stream, 1 << 17), ct);
                taken.EnsureSuccessStatusCode();
            }

            while ((await server.Api.GetFromJsonAsync<JsonElement>(Questions[0], ct)).GetProperty("answers").GetInt64() < answers) await Task.Delay(200, ct);
            var counted = watch.Elapsed.TotalSeconds;
            var times = new Dictionary<string, double>();
            foreach (var question in Questions) times[question] = await MedianAsync(server, question, ct);
            if (json) Console.WriteLine(JsonSerializer.Serialize(new { answers, countedSeconds = counted, peakMemoryMb = server.PeakMemoryMb, milliseconds = times }));
            else
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{answers:N0} answers counted after {counted:N1} s, {server.PeakMemoryMb} MB at the most."));
                foreach (var (question, time) in times) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time,8:N1} ms  {question}"));
            }

            return times.Values.Max() < 1000 ? 0 : 1;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<double> MedianAsync(ServerProcess server, string question, CancellationToken ct)
    {
        var times = new List<double>();
        for (var i = 0; i < Tries; i++)
        {
            var watch = Stopwatch.StartNew();
            (await server.Api.GetAsync(question, ct)).EnsureSuccessStatusCode();
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        times.Sort();
        return Math.Round(times[Tries / 2], 1);
    }

    private static void Write(string file, int answers)
    {
        var random = new Random(1);
        var first = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        using var writer = new StreamWriter(file);
        string[] languages = ["de", "pl", "en"];
        string At() => first.AddSeconds(random.Next(180 * 86400)).ToString("O", CultureInfo.InvariantCulture);
        int Customer() => random.Next(Math.Max(1, answers / 3));
        for (var i = 0; i < answers; i++)
        {
            // What the answers are beside of: an order for every third.
            if (i % 3 == 0) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $$"""{"type":"track","event":"Order completed","userId":"c{{Customer()}}","timestamp":"{{At()}}","properties":{"revenue":{{random.Next(20, 200)}},"currency":"EUR"} }"""));
            var (metric, least, most) = (i % 4) switch { 0 => ("nps", 0, 10), 1 => ("ces", 1, 7), _ => ("csat", 1, 5) };
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $$"""{"type":"track","event":"Survey answered","userId":"c{{Customer()}}","timestamp":"{{At()}}","properties":{"metric":"{{metric}}","score":{{random.Next(least, most + 1)}},"touchpoint":"Touchpoint {{random.Next(Touchpoints)}}","language":"{{languages[i % 3]}}"} }"""));
        }
    }
}
