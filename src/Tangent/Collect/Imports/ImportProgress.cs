using System.Collections.Concurrent;

namespace Tangent.Collect;

/// <summary>How far a running import is; written by the import, read by whoever asks.</summary>
internal sealed class ImportProgress(Import import)
{
    private const int MostSamples = 8;

    private readonly Lock _lock = new();
    private readonly List<RejectedRow> _rejects = [];
    private readonly List<SampledEvent> _samples = [];

    public Import Import => import;

    public ImportState State { get; set; }

    public long Bytes { get; set; }

    public long BytesRead { get; set; }

    public long Rows { get; set; }

    public long New { get; set; }

    /// <summary>Records that were known and say something else now.</summary>
    public long Changed { get; set; }

    public long Duplicates { get; set; }

    public long Rejected { get; private set; }

    public long Skipped { get; set; }

    public FileReading? Reading { get; set; }

    public string? BrokenOff { get; set; }

    public string? Problem { get; set; }

    public void Reject(RejectedRow row)
    {
        lock (_lock)
        {
            Rejected++;
            if (_rejects.Count < 100) _rejects.Add(row);
        }
    }

    /// <summary>Keeps the first events of a dry run, new ones and known ones, for people to look at.</summary>
    public void Sample(bool isNew, ReadOnlySpan<byte> json) => Sample(isNew ? RowState.New : RowState.Known, json);

    /// <summary>Keeps the first lines of a dry run, of each state some, for people to look at.</summary>
    public void Sample(RowState state, ReadOnlySpan<byte> json)
    {
        // Looked at for every row: the counts are the cheap way to know that there are enough.
        if (!import.DryRun || (state switch { RowState.New => New, RowState.Changed => Changed, _ => Duplicates }) >= MostSamples) return;
        lock (_lock) _samples.Add(new SampledEvent(state == RowState.New, System.Text.Encoding.UTF8.GetString(json), state == RowState.Changed));
    }

    public ImportReport Report()
    {
        lock (_lock)
        {
            return new ImportReport(
                import.Id, State, import.Source, import.FileName, import.DryRun, import.StartedUtc, Math.Round((DateTime.UtcNow - import.StartedUtc).TotalSeconds, 3),
                Bytes, BytesRead, Rows, New, Duplicates, Rejected, Skipped, Reading, [.. _rejects], BrokenOff, Problem,
                Samples: import.DryRun ? [.. _samples] : null, Changed: Changed, Kind: ImportKinds.NameOf(import.Kind));
        }
    }
}

/// <summary>The imports of this process that have not ended. One reads at a time: the log remembers the keys of one source, and the disk is one.</summary>
internal sealed class RunningImports : IDisposable
{
    private readonly ConcurrentDictionary<int, ImportProgress> _running = new();

    public SemaphoreSlim Turn { get; } = new(1);

    public void Add(ImportProgress progress) => _running[progress.Import.Id] = progress;

    public void Remove(ImportProgress progress) => _running.TryRemove(progress.Import.Id, out _);

    public ImportProgress? Find(int id) => _running.GetValueOrDefault(id);

    public void Dispose() => Turn.Dispose();
}
