using Microsoft.Extensions.Options;
using Tangent.Data;
using Tangent.Map;

namespace Tangent.Collect;

/// <summary>Carries out one import: takes the file in, finds out how it is written, and appends its events to the log.</summary>
internal sealed class ImportRun(
    ImportQueries imports, SourceQueries sources, RunningImports running, EventLog log, JourneyStore journeys, DataFolder folder,
    IOptions<IngestionOptions> ingestion, IOptionsMonitor<CompanyOptions> company, Tombstones tombstones, TouchpointCatalogue catalogue)
{
    // As many as the log takes at once: one write to the disk is for all of them.
    private const int BatchesAhead = 64;
    private static readonly TimeSpan LongestWaitForAnswers = TimeSpan.FromMinutes(1);

    /// <summary>Begins a line of the history.</summary>
    public async Task<ImportProgress> BeginAsync(ImportRequest request, CancellationToken ct)
    {
        var progress = new ImportProgress(await imports.BeginAsync(request, ct));
        running.Add(progress);
        return progress;
    }

    /// <summary>Takes a file in and runs to its end. What is wrong with the file stands in the report.</summary>
    /// <exception cref="EventLogUnavailableException">The log cannot be written.</exception>
    public async Task<ImportReport> RunAsync(ImportRequest request, ImportFormat? format, ImportMapping map, Stream body, CancellationToken ct)
    {
        var progress = await BeginAsync(request, ct);
        Directory.CreateDirectory(folder.Imports);
        var path = Path.Combine(folder.Imports, $"{progress.Import.Id}.part");
        try
        {
            return await RunAsync(progress, request, format, map, async () =>
            {
                progress.Bytes = await ImportUpload.SaveAsync(body, path, bytes => progress.Bytes = bytes, ct);
                if (progress.Bytes < 0) throw new FileRefusedException("The file is larger than 2 GB. Divide it, or pack it with gzip.");
                return path;
            }, ct);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Runs to the end of a file that is here already and stays.</summary>
    /// <exception cref="EventLogUnavailableException">The log cannot be written.</exception>
    public Task<ImportReport> RunAsync(ImportProgress progress, ImportRequest request, ImportFormat? format, ImportMapping map, string path, CancellationToken ct)
    {
        progress.Bytes = new FileInfo(path) is { Exists: true } file ? file.Length : 0;
        return RunAsync(progress, request, format, map, () => Task.FromResult(path), ct);
    }

    private async Task<ImportReport> RunAsync(ImportProgress progress, ImportRequest request, ImportFormat? format, ImportMapping map, Func<Task<string>> take, CancellationToken ct)
    {
        var hasTurn = false;
        try
        {
            var path = await take();
            progress.State = ImportState.Waiting;
            await running.Turn.WaitAsync(ct);
            hasTurn = true;
            progress.State = ImportState.Reading;
            var end = await Task.Run(() => ImportAsync(request, format, map, new ImportFile(path), progress, ct), ct);
            progress.State = ImportState.Done;
            await WaitForAnswersAsync(end, ct);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            (progress.State, progress.Problem) = (ImportState.Refused, "The file is not here any more: it was imported or thrown away meanwhile. Send it again.");
        }
        catch (FileRefusedException e)
        {
            (progress.State, progress.Problem) = (ImportState.Refused, e.Message);
        }
        finally
        {
            if (progress.State < ImportState.Done) progress.State = ImportState.Interrupted;
            try
            {
                // Before the turn goes on: an erasure looks through what is written of the imports before it.
                await imports.EndAsync(progress.Import, progress.Report());
            }
            finally
            {
                running.Remove(progress);
                if (hasTurn) running.Turn.Release();
            }
        }

        return progress.Report();
    }

    /// <summary>Where the rejected rows of an import are kept.</summary>
    public static string RejectsPath(DataFolder folder, int importId) => Path.Combine(folder.Imports, $"{importId}-rejects.csv");

    private async Task<long> ImportAsync(ImportRequest request, ImportFormat? format, ImportMapping map, ImportFile file, ImportProgress progress, CancellationToken ct)
    {
        var settings = ImportSettings.Of(request, map, company.CurrentValue);
        // What the file is decides which source it is of, and what is remembered of that.
        var look = ImportPlan.ToPreview(file, settings);
        (progress.Import.Source, progress.Import.Kind) = (request.SourceName(look), look.Kind);
        var source = await sources.FindAsync(progress.Import.Source, ct);
        var remembered = source is null ? ImportMapping.Empty : await imports.MappingAsync(source.Id, look.Kind, ct);
        var plan = ImportPlan.Of(file, settings with { Remembered = remembered });
        progress.Reading = FileReading.Of(plan);
        if (!request.DryRun)
        {
            source ??= await sources.GetOrCreateAsync(progress.Import.Source, SourceKind.Import, ct);
            if (plan.Mapping is not null) await imports.RememberAsync(source.Id, plan.Mapping, ct);
        }

        if (plan.Kind != ImportKind.Events) return await TakeRecordsAsync(plan, source, progress, ct);
        using var rows = plan.Open(ingestion.Value, bytes => progress.BytesRead = bytes);
        using var rejects = new RejectsFile(RejectsPath(folder, progress.Import.Id), rows.RejectColumns);
        var reading = new ImportReader(rows, rejects, progress, source?.Id ?? 0, ingestion.Value, tombstones);
        var end = request.DryRun ? Look(reading, source, progress, ct) : await AppendAsync(reading, source!, progress, ct);
        (progress.BrokenOff, progress.Skipped) = (rows.BrokenOff, rows.Skipped);
        return end;
    }

    private async Task<long> TakeRecordsAsync(ImportPlan plan, Source? source, ImportProgress progress, CancellationToken ct)
    {
        RecordRow Row() => new(plan.Kind, company.CurrentValue.OwnCountry(), ingestion.Value);
        using var rows = plan.OpenRecords(Row(), bytes => progress.BytesRead = bytes);
        using var rejects = new RejectsFile(RejectsPath(folder, progress.Import.Id), rows.RejectColumns);
        var activities = plan.Kind == ImportKind.Activities && source is not null ? KnownActivities.Read(log, source.Id) : new KnownActivities();
        using var lines = new RecordLines(source?.Id ?? 0, plan.Preset, ingestion.Value, activities, said => catalogue.Find(said)?.Name);
        var states = new RecordStates(source is null ? [] : log.KeysOfSource(source.Id));
        var reading = new RecordReader(rows, Row(), lines, states, rejects, progress, source?.Id ?? 0, tombstones);
        var end = progress.Import.DryRun ? Look(reading, ct) : await AppendAsync(reading, source!, progress, ct);
        (progress.BrokenOff, progress.Skipped) = (rows.BrokenOff, rows.Skipped);
        return end;
    }

    private static long Look(RecordReader reading, CancellationToken ct)
    {
        var batch = new ImportBatch();
        while (reading.Fill(batch)) ct.ThrowIfCancellationRequested();
        return 0;
    }

    private long Look(ImportReader reading, Source? source, ImportProgress progress, CancellationToken ct)
    {
        var known = source is null ? new KeySet() : log.KeysImportedFrom(source.Id);
        var batch = new ImportBatch();
        while (reading.Fill(batch))
        {
            ct.ThrowIfCancellationRequested();
            foreach (var one in batch.Events)
            {
                var isNew = known.Add(one.Key);
                progress.Sample(isNew, one.Json.Span);
                if (isNew) progress.New++;
                else progress.Duplicates++;
            }
        }

        return 0;
    }

    private async Task<long> AppendAsync(IImportReader reading, Source source, ImportProgress progress, CancellationToken ct)
    {
        var receivedAtMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var flying = new Queue<(ImportBatch Batch, Task<Appended> Written)>();
        long end = 0;
        try
        {
            while (true)
            {
                ct.ThrowIfCancellationRequested();
                var batch = flying.Count < BatchesAhead ? new ImportBatch() : await LandAsync();
                if (!reading.Fill(batch)) break;
                flying.Enqueue((batch, log.AppendAsync(new LogAppend(source.Id, LogKind.Import, source.Trusted, receivedAtMs, null, batch.Events, progress.Import.Id), CancellationToken.None)));
            }
        }
        finally
        {
            // Also on the way out: what is written counts, and its memory must stay until then.
            while (flying.Count > 0) await LandAsync();
        }

        return end;

        async Task<ImportBatch> LandAsync()
        {
            var (batch, written) = flying.Dequeue();
            var appended = await written;
            if (!reading.Counts)
            {
                progress.New += appended.Count;
                progress.Duplicates += appended.Duplicates;
            }

            end = appended.EndPosition;
            return batch;
        }
    }

    private async Task WaitForAnswersAsync(long end, CancellationToken ct)
    {
        try
        {
            await journeys.WaitUntilVisibleAsync(end, ct).WaitAsync(LongestWaitForAnswers, ct);
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            // The events are safe; the journeys catch up in the background, or after the restart that the doctor asks for.
        }
    }
}
