using System.Text.Json;
using static Tangent.Web.Texts;

namespace Tangent.Collect;

/// <summary>What became of a decision about an import.</summary>
/// <param name="ImportId">Number of the import.</param>
/// <param name="Undone">What it brought does not count any more.</param>
/// <param name="Events">How many records of the event log that are: events, and what was said of persons and companies.</param>
/// <param name="Position">Log position of the decision.</param>
internal sealed record ImportUndone(int ImportId, bool Undone, long Events, long Position);

/// <param name="NotFound">There is no such import.</param>
/// <param name="Problem">Why it was not decided.</param>
internal sealed record UndoDecided(ImportUndone? Done, string? Problem = null, bool NotFound = false);

/// <summary>Takes a whole import back, and that back again. Nothing is rewritten: the decision is a record in the log, and the journeys leave the import's events out from there on.</summary>
internal sealed class ImportUndo(ImportQueries imports, RunningImports running, EventLog log, JourneyStore journeys, SourceKeys sources, Erasures erasures, TimeProvider time)
{
    // An import that runs now may take many minutes; whoever waits for a page does not.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestWaitForAnswers = TimeSpan.FromMinutes(1);

    public Task<UndoDecided> UndoAsync(int id, string by, CancellationToken ct) => DecideAsync(id, by, LogKind.ImportUndone, ct);

    public Task<UndoDecided> RestoreAsync(int id, string by, CancellationToken ct) => DecideAsync(id, by, LogKind.ImportRestored, ct);

    private async Task<UndoDecided> DecideAsync(int id, string by, LogKind kind, CancellationToken ct)
    {
        if (await imports.FindAsync(id, ct) is not { } import) return new UndoDecided(null, T("Collect.Imports.NoImport", id), NotFound: true);
        if (!await running.Turn.WaitAsync(Patience, ct)) return new UndoDecided(null, T("Collect.Imports.UndoBusy"));
        try
        {
            // What an erasure has not yet taken out of the rows would come back with them.
            if (kind == LogKind.ImportRestored) await erasures.FinishPendingAsync(ct);
            var rows = log.ReadImport(id, bodies: false).ToList();
            if (Problem(import, rows, kind) is { } problem) return new UndoDecided(null, problem);
            var json = JsonSerializer.SerializeToUtf8Bytes(new ImportUndoRecord(id, by), ImportUndoJson.Default.ImportUndoRecord);
            var appended = await log.AppendAsync(
                new LogAppend(rows[0].SourceId, kind, true, time.GetUtcNow().ToUnixTimeMilliseconds(), null, [new AcceptedEvent(0, json)], id), CancellationToken.None);
            await WaitForAnswersAsync(appended.EndPosition, ct);
            return new UndoDecided(new ImportUndone(id, kind == LogKind.ImportUndone, rows.Sum(r => (long)r.Count), appended.EndPosition - 1));
        }
        catch (IOException e)
        {
            return new UndoDecided(null, e.Message);
        }
        catch (InvalidOperationException)
        {
            return new UndoDecided(null, T("Collect.Refusal.Behind"));
        }
        finally
        {
            running.Turn.Release();
        }
    }

    private string? Problem(Import import, List<LogRow> rows, LogKind kind)
    {
        var undone = log.UndoneImports.Contains(import.Id);
        if (rows.Count == 0) return T("Collect.Imports.UndoNothing");
        if (kind == LogKind.ImportUndone) return undone ? T("Collect.Imports.UndoneAlready") : null;
        if (!undone) return T("Collect.Imports.NotUndone");
        if (!sources.TryFind(rows[0].SourceId, out _)) return T("Collect.Imports.SourceGone");
        // The same rows may have been imported again since; they would count twice.
        var counting = log.KeysImportedFrom(rows[0].SourceId);
        return log.KeysOfImport(import.Id).Any(counting.Contains) ? T("Collect.Imports.ImportedAgain") : null;
    }

    private async Task WaitForAnswersAsync(long end, CancellationToken ct)
    {
        try
        {
            await journeys.WaitUntilVisibleAsync(end, ct).WaitAsync(LongestWaitForAnswers, ct);
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            // The decision is safe; the journeys catch up in the background.
        }
    }
}
