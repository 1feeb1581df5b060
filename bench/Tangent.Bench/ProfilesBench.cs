using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Tangent.Bench;

/// <param name="Text">What was searched.</param>
/// <param name="Found">How many profiles fit; 10,001 where more do.</param>
/// <param name="Milliseconds">Median of the asked times, over the program's socket, list of 50 included.</param>
/// <param name="Longest">The longest of them.</param>
internal sealed record SearchFigure(string Text, long Found, double Milliseconds, double Longest);

/// <param name="KnownSeconds">From the first byte sent until the last person is found.</param>
/// <param name="ServerMicros">Processor time of the server for each person until then, in microseconds.</param>
/// <param name="DatabaseMb">Size of the operational database, its search index included.</param>
/// <param name="FirstFilterSeconds">A question of the customers with a trait, the first time: all profiles are read.</param>
/// <param name="FilterSeconds">The same again.</param>
internal sealed record ProfilesFigures(
    long Persons, double KnownSeconds, double ServerMicros, double DatabaseMb, long PeakMemoryMb, IReadOnlyList<SearchFigure> Searches, double FirstFilterSeconds, double FilterSeconds, double PageMilliseconds);

/// <summary>Imports persons into a server of its own, then searches them and asks by their traits.</summary>
internal static class ProfilesBench
{
    private const int Tries = 15;
    private static readonly string[] Given = "Anna Jan Piotr Maria Łucja Stefan Hans Jürgen Karl Heinz Monika Sabine Ursula Thomas Michael Andreas Peter Wolfgang Katarzyna Agnieszka Barbara".Split(' ');
    private static readonly string[] Families = ["Müller", "Schmidt", "Nowak", "Kowalski", "Fischer", "Weber", "Meyer", "Wagner", "Becker", "Schulz", "Hoffmann", "Zieliński", "Wójcik", "Kamiński", "Lewandowski"];
    private static readonly string[] Towns = "Wien Graz Linz Berlin München Hamburg Zürich Bern Łódź Kraków Warszawa".Split(' ');

    public static async Task<int> RunAsync(int persons, bool json, CancellationToken ct)
    {
        var file = Path.ChangeExtension(Path.GetTempFileName(), ".jsonl");
        try
        {
            Write(file, persons);
            await using var server = await ServerProcess.StartAsync();
            var figures = await MeasureAsync(server, file, persons, ct);
            Print(figures, json);
            return figures.Searches[0].Found == 1 ? 0 : 1;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<ProfilesFigures> MeasureAsync(ServerProcess server, string file, int persons, CancellationToken ct)
    {
        var (watch, processor) = (Stopwatch.StartNew(), server.Processor);
        await using (var stream = File.OpenRead(file))
        {
            using var answer = await server.Api.PostAsync("/api/v1/collect/imports?fileName=persons.jsonl&source=CRM", new StreamContent(stream, 1 << 17), ct);
            answer.EnsureSuccessStatusCode();
        }

        // A part of the id: the whole would be found as soon as the journeys have it.
        var last = string.Create(CultureInfo.InvariantCulture, $"{persons - 1:00000000}.exampl");
        while ((await SearchAsync(server, last, ct)).Found == 0) await Task.Delay(100, ct);
        var (known, micros) = (watch.Elapsed.TotalSeconds, (server.Processor - processor).TotalMicroseconds / persons);
        var searches = new List<SearchFigure>();
        foreach (var text in (string[])[last, "kowalski", "anna kow", "wandow", "0171 00", "80331", "fam0123 wien", "example7", "nobody at all"]) searches.Add(await SearchAsync(server, text, ct));
        var (first, again) = (await FilterAsync(server, ct), await FilterAsync(server, ct));
        var page = Stopwatch.StartNew();
        (await server.Api.GetAsync("/unify/customers/0", ct)).EnsureSuccessStatusCode();
        page.Restart();
        (await server.Api.GetAsync("/unify/customers/1", ct)).EnsureSuccessStatusCode();
        return new ProfilesFigures(
            persons, Math.Round(known, 1), Math.Round(micros, 1), Math.Round(new FileInfo(Path.Combine(server.Folder, "tangent.db")).Length / 1048576.0, 1), server.PeakMemoryMb, searches,
            Math.Round(first, 3), Math.Round(again, 3), Math.Round(page.Elapsed.TotalMilliseconds, 1));
    }

    private static async Task<SearchFigure> SearchAsync(ServerProcess server, string text, CancellationToken ct)
    {
        var times = new List<double>();
        long found = 0;
        for (var i = 0; i < Tries; i++)
        {
            var watch = Stopwatch.StartNew();
            found = (await server.Api.GetFromJsonAsync<JsonElement>("/api/v1/unify/customers?take=50&search=" + Uri.EscapeDataString(text), ct)).GetProperty("total").GetInt64();
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        times.Sort();
        return new SearchFigure(text, found, Math.Round(times[Tries / 2], 1), Math.Round(times[^1], 1));
    }

    private static async Task<double> FilterAsync(ServerProcess server, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        (await server.Api.GetAsync("/api/v1/unify/segments/size?condition=" + Uri.EscapeDataString("trait: plan = gold"), ct)).EnsureSuccessStatusCode();
        return watch.Elapsed.TotalSeconds;
    }

    private static void Print(ProfilesFigures f, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(f, JsonSerializerOptions.Web));
            return;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {f.Persons:N0} persons: all known after {f.KnownSeconds:F1} s, {f.ServerMicros:F1} µs of processor each; database {f.DatabaseMb:N0} MB, largest memory {f.PeakMemoryMb} MB
            who has a trait: {f.FirstFilterSeconds:F2} s the first time, {f.FilterSeconds:F2} s again; page of a customer {f.PageMilliseconds:F0} ms
            """));
        foreach (var s in f.Searches) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{s.Milliseconds,8:F1} ms (longest {s.Longest:F1})  {s.Found,6:N0} found  {s.Text}"));
    }

    private static void Write(string file, int persons)
    {
        var random = new Random(7);
        using var stream = new StreamWriter(file);
        for (var i = 0; i < persons; i++)
        {
            var (given, family) = (Given[random.Next(Given.Length)], random.Next(4) == 0 ? Families[random.Next(Families.Length)] : $"Fam{random.Next(5000):0000}");
            stream.WriteLine(string.Create(CultureInfo.InvariantCulture, $$$"""
                {"type":"identify","userId":"k-{{{i:00000000}}}.example","timestamp":"2026-01-01T00:00:00Z","traits":{"name":"{{{given}}} {{{family}}}","email":"{{{given}}}.{{{family}}}{{{random.Next(1000)}}}@example{{{random.Next(50)}}}.org","phone":"+49171{{{random.Next(10_000_000):0000000}}}","city":"{{{Towns[random.Next(Towns.Length)]}}}","postcode":"{{{random.Next(1000, 99999):00000}}}","plan":"{{{(random.Next(3) switch { 0 => "gold", 1 => "basic", _ => "free" })}}}"}}
                """));
            // A customer is somebody with an event.
            if (i % 2 == 0) stream.WriteLine(string.Create(CultureInfo.InvariantCulture, $$"""{"type":"track","event":"Order","userId":"k-{{i:00000000}}.example","timestamp":"2026-02-01T00:00:00Z"}"""));
        }
    }
}
