using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Tangent.Engine;

namespace Tangent.Bench;

/// <summary>
/// Asks the engine and the peers the ten questions over the same generated events. Everyone answers in turn, so that what else the machine does
/// hits all alike; medians are compared, and answers must be equal.
/// </summary>
internal sealed class CompareBench : IDisposable
{
    // What each peer may take; beyond it, it goes to disk.
    private static readonly long PeerMemoryBytes = (long)(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * 0.3);
    // Variants slower than the best by more are not timed further.
    private const double WorthTiming = 1.2;

    private readonly ComparePlan options;
    private readonly TextWriter progress;
    private static readonly (string Name, string Script)[] AllPeers = [("ClickHouse", "clickhouse.mjs"), ("DuckDB", "duckdb.mjs")];
    private readonly Peer[] peers;
    private readonly JourneyTable table;
    private readonly JourneyView view;
    private readonly MemoryReading memory;
    private readonly Turn turn;
    private readonly double engineLoadMs;
    private readonly double engineOpenMs;
    private readonly long engineBytes;
    private readonly long engineHeld;

    /// <summary>Names of those who can be compared with.</summary>
    public static IEnumerable<string> PeerNames => AllPeers.Select(peer => peer.Name);

    public CompareBench(ComparePlan options, TextWriter progress)
    {
        this.options = options;
        this.progress = progress;
        progress.WriteLine($"generate {options.Events:N0} events");
        var rows = new GeneratedRows(options.Events, options.Seed);
        rows.Make();
        var facts = new JsonObject
        {
            ["threads"] = Environment.ProcessorCount,
            ["memoryBytes"] = PeerMemoryBytes,
            ["startMs"] = Generator.StartMs,
            ["dayMs"] = Generator.DayMs,
            ["weekMs"] = TenQuestions.WeekMs,
            ["customers"] = rows.Customers,
            ["days"] = Generator.Days,
            ["purchase"] = Generator.Purchase,
            ["steps"] = new JsonArray([.. TenQuestions.Steps.Select(step => JsonValue.Create((int)step))]),
        };
        peers = [.. AllPeers.Where(peer => options.Peers.Contains(peer.Name, StringComparer.OrdinalIgnoreCase)).Select(peer => Peer.Start(peer.Name, peer.Script, facts))];
        foreach (var peer in peers)
        {
            progress.WriteLine($"load {peer.Name}");
            peer.Load(rows, options.Nested && peer.Name == "ClickHouse");
            progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {peer.LoadMs / 1000:F1} s, {peer.Bytes >> 20} MB"));
        }

        progress.WriteLine("load the engine");
        table = EngineTable.Open(rows, out engineLoadMs, out engineOpenMs, out engineBytes);
        view = table.View();
        progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  written in {engineLoadMs / 1000:F1} s (0: was there), {engineBytes >> 20} MB, opened in {engineOpenMs:F1} ms"));
        // What was just written left memory behind that a process which only opens the base does not have.
        engineHeld = engineLoadMs > 0 ? 0 : Held();
        progress.WriteLine($"  held after all questions: {(engineHeld > 0 ? $"{engineHeld >> 20} MB" : "to be seen in the next run")}");
        turn = new Turn(OwnMs, options.Patience.TotalMilliseconds);
        memory = new MemoryReading(TenQuestions.All.Max(question => question.BytesPerEvent) * options.Events);
    }

    public SizeResult Run()
    {
        var before = Machine.Load();
        var results = TenQuestions.All.Where(question => options.Only.Length == 0 || options.Only.Contains(question.Name, StringComparer.OrdinalIgnoreCase)).Select(Compare).OfType<QuestionResult>().ToArray();
        return new SizeResult(options.Events, view.Customers, options.Seed, options.Runs, DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Machine.Here,
            typeof(JourneyTable).Assembly.GetName().Version!.ToString(3), engineLoadMs, engineOpenMs, engineBytes, engineHeld,
            [.. peers.Select(peer => new LoadedPeer(peer.Name, peer.Version, peer.LoadMs, peer.Bytes))],
            before, Machine.Load(), results);
    }

    public void Dispose()
    {
        memory.Dispose();
        table.Dispose();
        foreach (var peer in peers) peer.Dispose();
    }

    private QuestionResult? Compare(TenQuestion question)
    {
        Contestant[] contestants =
        [
            .. peers.SelectMany(peer => Contestants(peer, "flat", question)),
            .. options.Nested ? peers.Where(peer => peer.Name == "ClickHouse").SelectMany(peer => Contestants(peer, "nested", question)) : [],
        ];
        if (question.Ask is null || (contestants.Length == 0 && peers.Length > 0))
        {
            progress.WriteLine($"{question.Name}: {(question.Ask is null ? "the engine is not asked yet" : "no peer is asked yet")}");
            return null;
        }

        var answer = new Answer(question.TextOf(WarmUp(question.Ask)));
        foreach (var contestant in contestants) Probe(contestant, answer);
        var chosen = contestants.Where(contestant => contestant.Error is null).GroupBy(contestant => (contestant.Peer, contestant.Form)).SelectMany(WorthMore).ToArray();

        turn.Others = default;
        var engine = new Timed(() => Ms(() => question.Ask(view)));
        var asPage = question.AskAsPage is { } page ? new Timed(() => Ms(() => page(view))) : null;
        if (asPage is not null) WarmUp(question.AskAsPage!);
        var reading = new Timed(() => memory.Ms(question.BytesPerEvent * options.Events));
        for (var run = 0; run < options.Runs; run++)
        {
            foreach (var contestant in chosen) turn.Take(contestant.Timed);
            turn.Take(engine);
            if (asPage is not null) turn.Take(asPage);
            turn.Take(reading);
        }

        return Report(Summed(question, answer, contestants, engine, asPage, reading.Ms));
    }

    private QuestionResult Summed(TenQuestion question, Answer answer, Contestant[] contestants, Timed engine, Timed? asPage, double readingMs)
    {
        PeerResult[] asked = [.. contestants.GroupBy(contestant => (contestant.Peer.Name, contestant.Form)).Select(forms =>
        {
            var best = forms.Where(contestant => contestant.Timed.Times.Count > 0).MinBy(contestant => contestant.Timed.Ms);
            return new PeerResult(forms.Key.Name, forms.Key.Form == "nested", best?.Variant ?? "", best?.Timed.Ms, best?.Timed.ProcessorMs, best is null ? forms.First().Error : null);
        })];
        var first = asked.Where(peer => peer is { Nested: false, Ms: not null }).MinBy(peer => peer.Ms);
        return new QuestionResult(question.Name, question.Text, engine.Ms, engine.ProcessorMs, first?.Peer ?? "", first?.Ms, first?.Ms / engine.Ms, engine.Ms / readingMs,
            contestants.Length == 0 ? null : contestants.All(contestant => contestant.Equal || contestant.Error is not null) && asked.Any(peer => peer.Ms is not null), answer.Hash, answer.Rows, asked, turn.Others.ProcessorMs / turn.Others.Ms, asPage?.Ms);
    }

    private QuestionResult Report(QuestionResult result)
    {
        progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Question,-4} engine {result.EngineMs,8:F1} ms, processors {result.EngineProcessorMs,8:F1} ms  as its page {result.AsPageMs,8:F1} ms  ratio {result.Ratio,5:F1} ({result.ProcessorRatio:F1} in processor time)  by memory {result.MemoryRatio,4:F1}  {result.Equal switch { null => "–", true => "equal", false => "DIFFERENT" }} {result.Hash} ({result.Rows} rows)  others {result.Others:F1} processors"));
        foreach (var peer in result.Peers)
            progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"     {peer.Peer + (peer.Nested ? ", nested" : ""),-20} {peer.Ms,8:F1} ms  {peer.Variant}{peer.Error}"));
        return result;
    }

    private void Probe(Contestant contestant, Answer answer)
    {
        try
        {
            var given = new Answer(contestant.Peer.Ask(contestant.Form, contestant.Question, contestant.Variant).Text);
            contestant.Equal = given.EqualTo(answer);
            turn.Take(contestant.Timed);
            (contestant.ProbeMs, contestant.ProbeProcessorMs) = (contestant.Timed.Ms, contestant.Timed.ProcessorMs);
            contestant.Timed.Forget();
            progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {contestant.Question,-4} {contestant.Peer.Name} {contestant.Form}, {contestant.Variant}: {contestant.ProbeMs:F0} ms, processors {contestant.ProbeProcessorMs:F0} ms{(contestant.Equal ? "" : ", DIFFERENT: " + answer.Difference(given))}"));
        }
        catch (PeerException refused)
        {
            contestant.Error = refused.Message;
            progress.WriteLine($"  {contestant.Question,-4} {contestant.Variant}: {refused.Message}");
        }
    }

    // On a busy machine the clock alone would drop good variants.
    private static IEnumerable<Contestant> WorthMore(IEnumerable<Contestant> forms)
    {
        var best = (Ms: forms.Min(other => other.ProbeMs), ProcessorMs: forms.Min(other => other.ProbeProcessorMs));
        return forms.Where(contestant => contestant.ProbeMs <= best.Ms * WorthTiming || (contestant.ProbeProcessorMs <= best.ProcessorMs * WorthTiming && contestant.ProbeMs <= best.Ms * 2));
    }

    /// <summary>Memory of this process with all questions asked: what is mapped, what questions remember and the runtime itself.</summary>
    private long Held()
    {
        foreach (var question in TenQuestions.All) question.Ask?.Invoke(view);
        GC.Collect();
        return Environment.WorkingSet;
    }

    // Until the runtime has compiled the hot loops for good.
    private object WarmUp(Func<JourneyView, object> ask)
    {
        var watch = Stopwatch.StartNew();
        var answer = ask(view);
        for (var run = 0; run < 3 || (run < 40 && watch.ElapsedMilliseconds < 1_500); run++) answer = ask(view);
        return answer;
    }

    private static double Ms(Action run)
    {
        var watch = Stopwatch.StartNew();
        run();
        return watch.Elapsed.TotalMilliseconds;
    }

    private double OwnMs() => Environment.CpuUsage.TotalTime.TotalMilliseconds + peers.Sum(peer => peer.ProcessorMs);

    private static IEnumerable<Contestant> Contestants(Peer peer, string form, TenQuestion question) =>
        peer.Variants(form, question.Name).Select(variant => new Contestant(peer, form, question.Name, variant));

    private sealed class Contestant(Peer peer, string form, string question, string variant)
    {
        public Peer Peer { get; } = peer;
        public string Form { get; } = form;
        public string Question { get; } = question;
        public string Variant { get; } = variant;
        public double ProbeMs { get; set; }
        public double ProbeProcessorMs { get; set; }
        public bool Equal { get; set; }
        public string? Error { get; set; }
        public Timed Timed { get; } = new(() => peer.Ask(form, question, variant).Ms);
    }
}
