using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Tangent.Bench;

/// <summary>
/// docs/performance.md as the comparisons wrote it. What was measured lies in bench/results, one file a size; the page is made from all of them,
/// between two markers: what stands outside them is others' and stays.
/// </summary>
internal static class PerformancePage
{
    private const string Begin = "<!-- compare: this part is written by the bench -->";
    private const string End = "<!-- /compare -->";

    private static string Results => Path.Combine(Repository.Root, "bench", "results");

    public static void Write(SizeResult result)
    {
        Directory.CreateDirectory(Results);
        File.WriteAllText(Path.Combine(Results, $"{result.Events}.json"), JsonSerializer.Serialize(result, CompareCommand.Json) + "\n");
        Write();
    }

    /// <summary>Writes the page anew from what was measured before.</summary>
    public static void Write()
    {
        SizeResult[] all = [.. Directory.EnumerateFiles(Results, "*.json").Select(file => JsonSerializer.Deserialize<SizeResult>(File.ReadAllText(file), CompareCommand.Json)!).OrderBy(size => size.Events)];
        var page = Path.Combine(Repository.Root, "docs", "performance.md");
        var old = File.Exists(page) ? File.ReadAllText(page) : "# Performance\n\n";
        var from = old.IndexOf(Begin, StringComparison.Ordinal);
        var to = old.IndexOf(End, StringComparison.Ordinal);
        var part = $"{Begin}\n{Part(all)}{End}";
        File.WriteAllText(page, from < 0 || to < from ? $"{old.TrimEnd()}\n\n{part}\n" : old[..from] + part + old[(to + End.Length)..]);
    }

    /// <summary>The table of one size.</summary>
    public static string Section(SizeResult size)
    {
        var nested = size.Questions.Any(question => question.Nested is not null);
        var text = new StringBuilder();
        text.Append(Say($"### {size.Events / 1_000_000.0:0.###} million events\n\n"));
        text.Append(Say($"{size.Customers:N0} customers, seed {size.Seed}; {size.Date}; {size.Runs} runs; load average {size.LoadBefore:F1} before and {size.LoadAfter:F1} after"));
        var others = size.Questions.Length == 0 ? 0 : size.Questions.Average(question => question.Others);
        text.Append(others < 0.1 ? ".\n\n" : Say($"; other programs took {others:F1} of the {size.Machine.Processors} processors meanwhile{(others > size.Machine.Processors / 2.0 ? ": **the times by the clock say little, processor time is what to look at**" : "")}.\n\n"));
        text.Append("| question | engine | as the page asks it | ClickHouse | DuckDB | ahead of the better | goal | in processor time | by memory | same answer |").Append(nested ? " ClickHouse, nested | ahead of it |" : "").Append('\n');
        text.Append("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |").Append(nested ? " ---: | ---: |" : "").Append('\n');
        foreach (var question in size.Questions)
        {
            string Of(string name) => Ms(Array.Find(question.Peers, peer => peer.Peer == name && !peer.Nested)?.Ms);
            text.Append(Say($"| {question.Question} {question.Text} | {Ms(question.EngineMs)} | {Ms(question.AsPageMs)} | {Of("ClickHouse")} | {Of("DuckDB")} | {Times(question.Ratio)} | {Goal(question.Question)} × | {Times(question.ProcessorRatio)} | {Times(question.MemoryRatio)} | {question.Equal switch { null => "–", true => "yes", false => "**no**" }}, {question.Hash} |"));
            if (nested) text.Append(Say($" {Ms(question.Nested?.Ms)} | {Times(question.NestedRatio)} |"));
            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Part(SizeResult[] all)
    {
        var text = new StringBuilder();
        text.Append("## Questions, compared with databases\n\n");
        text.Append(string.Join('\n',
            "The same generated events (40 touchpoints over 8 channels, 180 days, most customers with few events and few with thousands), in the same run,",
            "sorted by customer and time for everyone; ClickHouse (its table without compression: faster where all fits into memory) and DuckDB run in process with",
            "all processors. Of each peer the best of all variants we know counts, those that trust the order of storage among them (`bench/peers`). Times are medians;",
            "everyone answers in turn, and waits for a quiet machine as far as there is one. All answers are equal",
            $"(the hash is of the answer as text; floating sums may differ by {Answer.Tolerance.ToString(CultureInfo.InvariantCulture)} of their size, as their order differs).",
            "“In processor time” compares what all processors spent on each answer, which says more than the clock where other programs run beside.",
            "Everyone is asked the same, and not more. The pages of the program show more than that: quartiles of times, a trend and a histogram of funnels, customers and",
            "means of flows, values and events of touchpoints, durations and the number of all variants, every model of attribution. “As the page asks it” is what all this",
            "costs the engine; “–” where a page asks the same, or there is none.",
            "“By memory” is the engine's time divided by the time the same machine takes to read the columns the engine needs once, with all processors and",
            "vectors. The nested form of ClickHouse holds one row a customer with arrays; nobody loads events like this, an expert could.") + "\n\n");
        text.Append("```\ndotnet run -c Release --project bench/Tangent.Bench -- compare --events 10000000 --nested\n```\n\n");
        foreach (var machine in all.Select(size => size.Machine).Distinct())
            text.Append(Say($"Machine: {machine.Processors} processors ({machine.Processor}), {machine.MemoryGib:F0} GiB of memory, {machine.Runtime}.\n"));
        foreach (var versions in all.Select(size => string.Join(", ", size.Loaded.Select(peer => $"{peer.Name} {peer.Version}"))).Distinct()) text.Append(Say($"Peers: {versions}.\n"));
        text.Append('\n');
        foreach (var size in all) text.Append(Section(size)).Append('\n');
        text.Append(Storage(all)).Append(Growth(all)).Append(Variants(all[^1]));
        return text.ToString();
    }

    private static string Storage(SizeResult[] all)
    {
        var text = new StringBuilder("### Storage\n\n| events | bytes of an event in the engine's base | opening it | the engine's process with all questions asked |\n| ---: | ---: | ---: | ---: |\n");
        foreach (var size in all)
        {
            text.Append(Say($"| {size.Events:N0} | {size.EngineBytes / (double)size.Events:F1} | {Ms(size.EngineOpenMs)} | {(size.EngineHeldBytes == 0 ? "–" : Say($"{size.EngineHeldBytes >> 20:N0} MB"))} |\n"));
        }

        return text.Append('\n').ToString();
    }

    // What an event costs, and how that grows from each size to the next.
    private static string Growth(SizeResult[] all)
    {
        if (all.Length < 2) return "";
        var text = new StringBuilder("### Cost of an event\n\nNanoseconds of the engine for each event, and how they grow from the second largest size to the largest.\n\n| question |");
        foreach (var size in all) text.Append(Say($" {size.Events / 1_000_000.0:0.###} million |"));
        text.Append(" growth |\n| --- |").Append(string.Concat(Enumerable.Repeat(" ---: |", all.Length + 1))).Append('\n');
        foreach (var name in all[^1].Questions.Select(question => question.Question))
        {
            var costs = all.Select(size => Array.Find(size.Questions, question => question.Question == name)?.EngineMs * 1e6 / size.Events).ToArray();
            text.Append(Say($"| {name} |"));
            foreach (var cost in costs) text.Append(Say($" {cost:F2} |"));
            text.Append(Say($" {Times(costs[^1] / costs[^2])} |\n"));
        }

        return text.Append('\n').ToString();
    }

    private static string Variants(SizeResult size)
    {
        var text = new StringBuilder(Say($"### Best variants at {size.Events / 1_000_000.0:0.###} million events\n\n| question | ClickHouse | DuckDB |\n| --- | --- | --- |\n"));
        foreach (var question in size.Questions)
        {
            string Of(string name) => Array.Find(question.Peers, peer => peer.Peer == name && !peer.Nested)?.Variant ?? "";
            text.Append(Say($"| {question.Question} | {Of("ClickHouse")} | {Of("DuckDB")} |\n"));
        }

        return text.ToString();
    }

    // Ten times, but for those whose prototypes stayed below it.
    private static int Goal(string question) => question switch { "Q3" => 8, "Q7" => 5, "Q8" => 6, _ => 10 };

    private static string Ms(double? ms) => ms is { } value ? Say($"{value.ToString(value < 100 ? "N1" : "N0", CultureInfo.InvariantCulture)} ms") : "–";

    private static string Times(double? times) => times is { } value ? Say($"{value:F1} ×") : "–";

    private static string Say(FormattableString text) => FormattableString.Invariant(text);
}
