using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Tangent.Bench;

/// <param name="Name">What was matched.</param>
/// <param name="Precision">Of the pairs that were found, the share that is one person.</param>
/// <param name="Recall">Of the pairs that are one person, the share that was found.</param>
/// <param name="Seconds">Time taken, reading the file included.</param>
/// <param name="PeakMemoryMb">Largest memory of the server.</param>
internal sealed record MatchFigures(string Name, int Rows, double Precision, double Recall, double Seconds, long PeakMemoryMb)
{
    public double F1 => 2 * Precision * Recall / (Precision + Recall);

    public double MicrosAPerson => Seconds * 1e6 / Rows;
}

/// <param name="SearchSeconds">The search that learned.</param>
/// <param name="AskedMedian">Milliseconds from a person's values to the answer, over the program's socket.</param>
/// <param name="ComparedMedian">Milliseconds of that for finding, comparing and weighing alone.</param>
/// <param name="First">Share of those asked for who are first in the answer.</param>
/// <param name="QueuedSeconds">From the call that says a new person until the pair waits for a decision.</param>
internal sealed record NewcomerFigures(int Persons, double SearchSeconds, double AskedMedian, double Asked99, double ComparedMedian, double Compared99, double First, double QueuedSeconds, long PeakMemoryMb);

/// <summary>Matches files whose truth is known, and asks for newcomers among many stored persons; all through the program, as anybody would.</summary>
internal static class MatchBench
{
    private const int Warm = 50;

    /// <param name="sizes">Numbers of generated persons.</param>
    /// <param name="stored">Stored persons that newcomers are compared with; 0 leaves that out.</param>
    /// <param name="asked">How many newcomers.</param>
    /// <param name="fixtures">Folder of the public data sets; left out where absent.</param>
    /// <param name="json">Figures as JSON.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task<int> RunAsync(IReadOnlyList<int> sizes, int stored, int asked, string fixtures, bool json, CancellationToken ct)
    {
        var figures = new List<MatchFigures>();
        if (File.Exists(Path.Combine(fixtures, "febrl1", "dataset1.csv")))
        {
            figures.Add(await FileAsync("febrl1", Path.Combine(fixtures, "febrl1", "dataset1.csv"), "?ignore=soc_sec_id&ignore=rec_id", l => l.Split(',')[0].Split('-')[1], ct));
            figures.Add(await FileAsync("splink-fake-1000", Path.Combine(fixtures, "splink-fake-1000", "fake_1000_from_splink_demos.csv"), "?ignore=cluster", l => l.Split(',')[^1].Trim(), ct));
        }
        else
        {
            Console.Error.WriteLine($"The public data sets are not at {fixtures}; --fixtures says where.");
        }

        foreach (var size in sizes)
        {
            var rows = new Persons(1).Make(size);
            figures.Add(await MatchAsync(string.Create(CultureInfo.InvariantCulture, $"generated {size:N0}"), string.Join('\n', rows.Select(r => r.Csv).Prepend(MadePerson.Header)), "", Array.ConvertAll(rows, r => r.Truth.ToString(CultureInfo.InvariantCulture)), ct));
        }

        var newcomers = stored > 0 ? await NewcomersAsync(stored, asked, ct) : null;
        if (json) Console.WriteLine(JsonSerializer.Serialize(new { files = figures, newcomers }, JsonSerializerOptions.Web));
        else Print(figures, newcomers);
        return 0;
    }

    /// <summary>Precision and recall of pairs, counted by groups.</summary>
    public static (double Precision, double Recall) Score(IReadOnlyList<string> clusters, IReadOnlyList<string> truth)
    {
        static double Pairs(IEnumerable<int> sizes) => sizes.Sum(n => n * (n - 1.0) / 2);
        var both = Pairs(clusters.Zip(truth).CountBy(p => p).Select(g => g.Value));
        var (found, real) = (Pairs(clusters.CountBy(c => c).Select(g => g.Value)), Pairs(truth.CountBy(t => t).Select(g => g.Value)));
        return (found == 0 ? 1 : both / found, real == 0 ? 1 : both / real);
    }

    private static async Task<MatchFigures> FileAsync(string name, string path, string query, Func<string, string> truth, CancellationToken ct)
    {
        var text = await File.ReadAllTextAsync(path, ct);
        return await MatchAsync(name, text, query, [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(truth)], ct);
    }

    private static async Task<MatchFigures> MatchAsync(string name, string text, string query, string[] truth, CancellationToken ct)
    {
        await using var server = await ServerProcess.StartAsync();
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Encoding.UTF8.GetBytes(text)), "file", "persons.csv" } };
        using var answer = await server.Api.PostAsync("/api/v1/unify/matches" + query, form, ct);
        answer.EnsureSuccessStatusCode();
        var clusters = (await answer.Content.ReadAsStringAsync(ct)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l.Split(',')[2]).ToList();
        var report = JsonDocument.Parse(answer.Headers.GetValues("Tangent-Report").Single()).RootElement;
        var (precision, recall) = Score(clusters, truth);
        return new MatchFigures(name, truth.Length, precision, recall, report.GetProperty("seconds").GetDouble(), server.PeakMemoryMb);
    }

    private static async Task<NewcomerFigures> NewcomersAsync(int persons, int asked, CancellationToken ct)
    {
        await using var server = await ServerProcess.StartAsync();
        var maker = new Persons(1);
        var rows = maker.Make(persons);
        var file = Path.ChangeExtension(Path.GetTempFileName(), ".jsonl");
        try
        {
            await File.WriteAllLinesAsync(file, rows.Select((r, i) => Identify(r, "crm:" + i.ToString(CultureInfo.InvariantCulture))), ct);
            await using var stream = File.OpenRead(file);
            using var imported = await server.Api.PostAsync("/api/v1/collect/imports?fileName=persons.jsonl&source=CRM", new StreamContent(stream, 1 << 17), ct);
            imported.EnsureSuccessStatusCode();
        }
        finally
        {
            File.Delete(file);
        }

        (await server.Api.PostAsync("/api/v1/unify/duplicates/runs", null, ct)).EnsureSuccessStatusCode();
        JsonElement state;
        while ((state = await server.Api.GetFromJsonAsync<JsonElement>("/api/v1/unify/duplicates?take=1", ct)).GetProperty("isRunning").GetBoolean()) await Task.Delay(200, ct);
        var truth = rows.Select((r, i) => (r.Truth, Id: "crm:" + i.ToString(CultureInfo.InvariantCulture))).ToLookup(r => r.Truth, r => r.Id);
        var random = new Random(2);
        var (times, compared, first) = (new List<double>(), new List<double>(), 0);
        for (var i = 0; i < asked + Warm; i++)
        {
            var row = maker.Damaged(rows[random.Next(rows.Length)]);
            var watch = Stopwatch.StartNew();
            using var response = await server.Api.PostAsJsonAsync("/api/v1/unify/duplicates/candidates", new { values = Values(row) }, ct);
            var answer = await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(ct);
            if (i < Warm) continue;
            times.Add(watch.Elapsed.TotalMilliseconds);
            compared.Add(answer.GetProperty("milliseconds").GetDouble());
            if (answer.GetProperty("items").EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } best && truth[row.Truth].Contains(best.GetProperty("customer").GetProperty("id").GetString()!)) first++;
        }

        var queued = await QueuedAsync(server, rows[7], ct);
        return new NewcomerFigures(
            persons, state.GetProperty("run").GetProperty("seconds").GetDouble(), At(times, 0.5), At(times, 0.99), At(compared, 0.5), At(compared, 0.99), (double)first / asked, queued, server.PeakMemoryMb);
    }

    /// <summary>Says one more person, who is one of the stored, and waits for the pair.</summary>
    private static async Task<double> QueuedAsync(ServerProcess server, MadePerson row, CancellationToken ct)
    {
        var (_, key) = await server.AddSourceAsync("Shop");
        var before = (await server.Api.GetFromJsonAsync<JsonElement>("/api/v1/unify/duplicates?take=1", ct)).GetProperty("total").GetInt32();
        using var call = new HttpRequestMessage(HttpMethod.Post, "/v1/batch") { Content = new StringContent($$"""{"batch":[{{Identify(row with { Email = "another@shop.example" }, "shop:1")}}]}""", Encoding.UTF8, "application/json") };
        call.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(key + ":")));
        var watch = Stopwatch.StartNew();
        (await server.Api.SendAsync(call, ct)).EnsureSuccessStatusCode();
        while ((await server.Api.GetFromJsonAsync<JsonElement>("/api/v1/unify/duplicates?take=1", ct)).GetProperty("total").GetInt32() == before && watch.Elapsed < TimeSpan.FromMinutes(1)) await Task.Delay(20, ct);
        return Math.Round(watch.Elapsed.TotalSeconds, 2);
    }

    private static Dictionary<string, string> Values(MadePerson row) => new Dictionary<string, string>
    {
        ["firstName"] = row.Given,
        ["lastName"] = row.Surname,
        ["birthday"] = row.Born,
        ["email"] = row.Email,
        ["phone"] = row.Phone,
        ["street"] = row.Street,
        ["houseNumber"] = row.HouseNumber,
        ["postcode"] = row.Postcode,
        ["city"] = row.City,
    }.Where(v => v.Value.Length > 0).ToDictionary();

    private static string Identify(MadePerson row, string id) => JsonSerializer.Serialize(new { type = "identify", userId = id, timestamp = "2026-01-01T00:00:00Z", traits = Values(row) });

    private static double At(List<double> times, double share)
    {
        times.Sort();
        return Math.Round(times[(int)((times.Count - 1) * share)], 2);
    }

    private static void Print(List<MatchFigures> figures, NewcomerFigures? newcomers)
    {
        var per100K = figures.Find(f => f.Rows == 100_000)?.MicrosAPerson;
        Console.WriteLine("| persons | precision | recall | F1 | seconds | largest memory | time a person |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        foreach (var f in figures)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {f.Name} | {f.Precision:F4} | {f.Recall:F4} | {f.F1:F4} | {f.Seconds:F1} | {f.PeakMemoryMb:N0} MB | {f.MicrosAPerson:F0} µs{(f.Rows > 100_000 && per100K is { } one ? string.Create(CultureInfo.InvariantCulture, $" ({f.MicrosAPerson / one:F2} × that of 100,000)") : "")} |"));
        if (newcomers is not { } n) return;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""

            A newcomer among {n.Persons:N0} stored customers (search {n.SearchSeconds:F0} s): compared in {n.ComparedMedian} ms (p50), {n.Compared99} ms (p99); asked and answered in {n.AskedMedian} ms (p50), {n.Asked99} ms (p99).
            The right one is first in {n.First:P1}; a pair waits for a decision {n.QueuedSeconds} s after the call. Largest memory of the server {n.PeakMemoryMb:N0} MB.
            """));
    }
}
