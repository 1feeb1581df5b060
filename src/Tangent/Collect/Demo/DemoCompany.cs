using System.Collections.Concurrent;
using Tangent.Access;
using Tangent.Data;
using Tangent.Map;

namespace Tangent.Collect;

/// <param name="Sent">Events in the log so far.</param>
/// <param name="Expected">Events there will be, as far as is known.</param>
internal readonly record struct DemoProgress(long Sent, long Expected);

/// <summary>Sets up the demo company in an empty data folder: catalogue, sources, rules, truth file, and a year of events through the same door that real clients use.</summary>
internal sealed class DemoCompany(
    Ingestion ingestion, JourneyStore journeys, EventLog log, SourceQueries sources, TouchpointQueries touchpoints, TouchpointRuleQueries rules, MapImport maps, MapTreeQueries tree, VoteQueries votes, ObservationQueries observations, ImportRun imports, DataFolder folder)
{
    // Enough that the log's one writer finds several batches at each commit.
    private const int BatchesInFlight = 4;

    private static readonly DateOnly MapsWritten = new(2026, 11, 1);

    private static readonly (string At, ObservationKind Kind, string Text, int? Mood, string By, int Days)[] Seen =
    [
        ("Shop visit", ObservationKind.PainPoint, "Three people left on Saturday because nobody was free to advise them.", -2, "Shop Vienna", 4),
        ("Shop visit", ObservationKind.PainPoint, "Saturday noon: a family waited twenty minutes and went.", -1, "Shop Graz", 11),
        ("Test ride", ObservationKind.Idea, "Let people book the test ride on the web page; half of them call first.", null, "Shop Vienna", 9),
        ("Parcel delivery", ObservationKind.Observation, "Customers send photos of the open box before they have read the instructions.", null, "Customer service", 6),
        ("Answer by e-mail", ObservationKind.PainPoint, "Whoever writes on Friday calls on Monday, because the answer is not there yet.", -1, "Customer service", 2),
    ];

    /// <returns>Events sent, all of them visible in answers.</returns>
    /// <exception cref="InvalidOperationException">An event was refused: simulator and checks disagree.</exception>
    public async Task<long> FoundAsync(DemoRun run, Action<DemoProgress> report, CancellationToken ct)
    {
        var simulation = new DemoSimulation(run);
        await File.WriteAllBytesAsync(folder.DemoTruth, simulation.Plants.TruthJson(), ct);
        await AddCatalogueAsync(ct);
        await AddMapsAsync(run, ct);
        await votes.KeepAsync(DemoVotes.Of(touchpoints.Catalogue), ct);
        await AddObservationsAsync(run, ct);
        var from = new Source[DemoCatalogue.Sources.Length];
        for (var i = 0; i < from.Length; i++)
            from[i] = await sources.GetOrCreateAsync(DemoCatalogue.Sources[i], i == (int)DemoSource.WebShop ? SourceKind.Web : SourceKind.Server, ct);
        var crm = new DemoCrm(run, simulation.Calendar);
        var sent = await SendAsync(simulation, run, crm, from, report, ct);
        foreach (var file in crm.Files()) await BringInAsync(file, ct);
        await WaitUntilVisibleAsync(ct);
        return sent;
    }

    /// <summary>The files of the CRM come in as anybody's would.</summary>
    private async Task BringInAsync(DemoFile file, CancellationToken ct)
    {
        if (file.Rows == 0) return;
        var request = new ImportRequest(file.Name, null, DemoCatalogue.Crm, null, false, [], file.Kind, "none");
        var report = await imports.RunAsync(request, ImportFormat.Csv, ImportMapping.Empty, new MemoryStream(file.Content), ct);
        if (report.State != ImportState.Done || report.Rejected > 0) throw new InvalidOperationException($"The demo's file {file.Name} was not taken whole: {report.Problem ?? report.Rejects[0].Detail}");
    }

    /// <summary>Completes when everything in the log is in the answers.</summary>
    public Task WaitUntilVisibleAsync(CancellationToken ct) => journeys.WaitUntilVisibleAsync(log.EndPosition, ct);

    private async Task<long> SendAsync(DemoSimulation simulation, DemoRun run, DemoCrm crm, Source[] from, Action<DemoProgress> report, CancellationToken ct)
    {
        var writers = new ConcurrentBag<DemoEventWriter>();
        long sent = 0;
        await Parallel.ForEachAsync(InTurn(simulation.Batches(), crm), new ParallelOptions { MaxDegreeOfParallelism = BatchesInFlight, CancellationToken = ct }, async (next, cancelled) =>
        {
            var (batch, turn) = next;
            if (!writers.TryTake(out var writer)) writer = new DemoEventWriter(run);
            try
            {
                var receipt = await ingestion.AcceptAsync(from[(int)batch.Source], null, writer.Write(batch), turn, cancelled);
                if (!receipt.Refused.IsNone) throw new InvalidOperationException($"A batch of the demo was refused: {receipt.Refused.Detail}");
                if (receipt.Rejected is [var first, ..]) throw new InvalidOperationException($"An event of the demo was rejected: {first.Detail}");
            }
            finally
            {
                turn.Taken.TrySetResult();
                writers.Add(writer);
            }

            report(new DemoProgress(Interlocked.Add(ref sent, batch.Order.Length), simulation.ExpectedEvents));
        });
        while (writers.TryTake(out var writer)) writer.Dispose();
        return sent;
    }

    /// <summary>Batches are written and checked at the same time, but enter the log one after another: customers' numbers come from its order.</summary>
    private static IEnumerable<(DemoBatch Batch, Turn Turn)> InTurn(IEnumerable<DemoBatch> batches, DemoCrm crm)
    {
        var before = Task.CompletedTask;
        foreach (var batch in batches)
        {
            crm.Learn(batch);
            var turn = new Turn(before, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            yield return (batch, turn);
            before = turn.Taken.Task;
        }
    }

    private async Task AddCatalogueAsync(CancellationToken ct)
    {
        var catalogue = DemoCatalogue.Touchpoints.Select(t => new Touchpoint
        {
            Name = t.Name,
            Channel = t.Channel,
            Stage = t.Stage,
            Control = t.Control,
            Directness = t.Directness,
            Online = t.Online,
            Owner = DemoCatalogue.OwnerOf(t.Channel),
        }).ToList();
        await touchpoints.AddAsync(catalogue, ct);
        var mapping = DemoCatalogue.Touchpoints.Zip(catalogue, (t, added) => t.Kinds.Select(kind => Rule(DemoCatalogue.Shapes[(int)kind], added.Id)));
        await rules.AddAsync([.. mapping.SelectMany(r => r)], first: false, ct);
    }

    /// <summary>The as-is and the to-be map of the company's journey, and the life cycle above it. What was heard is as old as on the day the maps were written.</summary>
    private async Task AddMapsAsync(DemoRun run, CancellationToken ct)
    {
        var by = new Actor(ActorKind.Local, "", DemoCatalogue.Company);
        var numbers = new List<int>();
        foreach (var state in (string[])["as-is", "to-be", "life-cycle"])
        {
            using var reader = new StreamReader(typeof(DemoCompany).Assembly.GetManifestResourceStream($"demo/{state}.yaml")!);
            var file = MapImport.TryRead(await reader.ReadToEndAsync(ct), out var fault) ?? throw new InvalidOperationException($"The {state} map of the demo: {fault}");
            var days = run.End.DayNumber - MapsWritten.DayNumber;
            var cards = file.Content.Cards.Select(c => c with { Evidence = c.Evidence with { Date = c.Evidence.Date?.AddDays(days) } });
            var (taken, refusal) = await maps.TakeAsync(file with { Content = file.Content with { Cards = [.. cards] } }, by, ct);
            numbers.Add(taken?.Id ?? throw new InvalidOperationException($"The {state} map of the demo: {refusal!.Detail}"));
        }

        await tree.SetParentAsync(numbers[0], numbers[2], by, ct);
    }

    /// <summary>What the people of the company have seen in the last weeks.</summary>
    private async Task AddObservationsAsync(DemoRun run, CancellationToken ct)
    {
        var catalogue = (await touchpoints.ListAsync(ct)).ToDictionary(t => t.Name, t => t.Id);
        foreach (var (at, kind, text, mood, by, days) in Seen)
        {
            var observation = new Observation { TouchpointId = catalogue[at], Kind = kind, Text = text, Mood = mood, By = by, ByKind = ActorKind.Local, AtUtc = run.End.AddDays(-days).ToDateTime(new TimeOnly(14, 20), DateTimeKind.Utc) };
            await observations.AddAsync(observation, ct);
        }
    }

    /// <summary>Tracked events are told by their name, pages by their path.</summary>
    private static TouchpointRule Rule(DemoShape shape, int touchpoint) => shape.Name.Length > 0
        ? new TouchpointRule { Event = shape.Name, TouchpointId = touchpoint }
        : new TouchpointRule
        {
            Source = DemoCatalogue.Sources[(int)shape.Source],
            Path = shape.Path is { Length: > 1 } path && path[^1] is '/' or '#' ? shape.Path.TrimEnd('#') + "*" : shape.Path!,
            TouchpointId = touchpoint,
        };
}
