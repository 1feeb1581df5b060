using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace Tangent.Data;

/// <param name="Name">File name.</param>
/// <param name="Path">Where it lies on the server.</param>
/// <param name="Watermark">Position in the event log (exclusive) that it reaches to; null where the file was not read.</param>
/// <param name="Answers">How many answers prove it when it is restored.</param>
public sealed record BackupView(string Name, string Path, long Bytes, DateTime Created, long? Watermark = null, int? Answers = null);

/// <summary>A backup, or why there is none.</summary>
internal sealed record BackupMade(BackupView? Backup, string? Refusal);

/// <summary>Backups of the running program. Everything in one is of the same moment: both databases are fixed together while nothing moves, then copied while the program goes on. Journeys are not in it; they are made from the log.</summary>
internal sealed class Backups(DataFolder folder, Testimony testimony, IOptionsMonitor<BackupOptions> options, TimeProvider time, ILogger<Backups> logger) : IDisposable
{
    private const string Ending = ".tangent-backup.tar.gz";
    private const string Part = ".part";
    private static readonly TimeSpan MostStanding = TimeSpan.FromSeconds(30);

    // Made anew at every start or from the log.
    private static readonly string[] Left = ["tangent.db", "events.db", "tangent.db-wal", "tangent.db-shm", "events.db-wal", "events.db-shm", "lock", "server.pid", "tangent.sock"];
    private static readonly string[] LeftFolders = ["journeys", "backups"];

    private readonly SemaphoreSlim _one = new(1);

    /// <summary>When the last backup of this run ended well, UTC.</summary>
    public DateTime? LastMade { get; private set; }

    public string DefaultFolder => options.CurrentValue.Folder is { Length: > 0 } chosen ? Path.GetFullPath(chosen) : Path.Combine(folder.Root, "backups");

    /// <summary>Makes a backup.</summary>
    /// <param name="path">A file that is not there yet or a folder; null for the folder of the settings.</param>
    public async Task<BackupMade> MakeAsync(string? path, CancellationToken ct)
    {
        if (!await _one.WaitAsync(0, ct)) return new BackupMade(null, "Another backup is being made. Wait until it has ended.");
        try
        {
            var file = FileOf(path ?? DefaultFolder, isFolder: path is null);
            if (File.Exists(file)) return new BackupMade(null, $"{file} is there already. Name another file, or a folder.");
            return RoomProblem(file) is { } problem ? new BackupMade(null, problem) : new BackupMade(await WriteAsync(file, ct), null);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new BackupMade(null, $"The server is too busy: what is written now did not come to a stand within {MostStanding.TotalSeconds.ToString(CultureInfo.InvariantCulture)} seconds. Try again when there is less to do.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DbException)
        {
            return new BackupMade(null, $"The backup could not be written: {e.Message} Nothing was left behind. Check the folder's rights and the room on its disk.");
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Backups in the folder of the settings, the latest first.</summary>
    public IReadOnlyList<BackupView> List() => !Directory.Exists(DefaultFolder) ? [] :
        [.. new DirectoryInfo(DefaultFolder).EnumerateFiles("*" + Ending).OrderByDescending(f => f.Name, StringComparer.Ordinal).Select(f => new BackupView(f.Name, f.FullName, f.Length, f.LastWriteTimeUtc))];

    public BackupView? Find(string name) => List().FirstOrDefault(b => b.Name == name);

    /// <summary>Deletes all but the latest.</summary>
    public void KeepLatest(int count)
    {
        foreach (var old in List().Skip(count)) File.Delete(old.Path);
    }

    public void Dispose() => _one.Dispose();

    private string FileOf(string path, bool isFolder)
    {
        if (!isFolder && !Directory.Exists(path) && !path.EndsWith(Path.DirectorySeparatorChar)) return Path.GetFullPath(path);
        var name = time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        return Path.Combine(Directory.CreateDirectory(Path.GetFullPath(path)).FullName, name + Ending);
    }

    /// <summary>Copies and archive lie side by side for a while, so twice the data must fit.</summary>
    private string? RoomProblem(string file)
    {
        var need = 2 * (new FileInfo(folder.Database).Length + new FileInfo(folder.EventLog).Length) + (16 << 20);
        var parent = Path.GetDirectoryName(file)!;
        if (!Directory.Exists(parent)) return $"There is no folder {parent}.";
        var free = new DriveInfo(parent).AvailableFreeSpace;
        return free >= need ? null : string.Create(CultureInfo.InvariantCulture, $"The backup needs up to {need / 1e6:F0} MB in {parent}, but only {free / 1e6:F0} MB are free. Make room or name another folder.");
    }

    private async Task<BackupView> WriteAsync(string file, CancellationToken ct)
    {
        var copies = file + Part + ".d";
        var part = file + Part;
        try
        {
            // A killed backup may have left its own.
            if (Directory.Exists(copies)) Directory.Delete(copies, recursive: true);
            Directory.CreateDirectory(copies);
            var manifest = await CopyAsync(copies, ct);
            var files = Files(copies).ToList();
            manifest = await BackupArchive.WriteAsync(part, files, sums => manifest with { Files = sums }, ct);
            if ((await BackupArchive.ReadAsync(part, null, ct)).Problem is { } problem) throw new IOException($"What was written cannot be read again. {problem}");
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(part, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.Move(part, file);
            LastMade = time.GetUtcNow().UtcDateTime;
            logger.LogInformation("A backup up to record {Watermark} was made.", manifest.Watermark);
            return new BackupView(Path.GetFileName(file), file, new FileInfo(file).Length, manifest.CreatedUtc, manifest.Watermark, manifest.Answers?.Count ?? 0);
        }
        finally
        {
            if (Directory.Exists(copies)) Directory.Delete(copies, recursive: true);
            if (File.Exists(part)) File.Delete(part);
        }
    }

    private async Task<BackupManifest> CopyAsync(string copies, CancellationToken ct)
    {
        DatabaseSnapshot database, log;
        SortedDictionary<string, string>? answers;
        using (var standing = CancellationTokenSource.CreateLinkedTokenSource(ct))
        {
            standing.CancelAfter(MostStanding);
            await using var still = await testimony.StandStillAsync(standing.Token);
            (database, log) = DatabaseSnapshot.Take(folder.Database, folder.EventLog);
            answers = await testimony.AskAsync(standing.Token);
        }

        using (database)
        using (log)
        {
            await Task.Run(() => database.CopyTo(Path.Combine(copies, "tangent.db")), ct);
            await Task.Run(() => log.CopyTo(Path.Combine(copies, "events.db")), ct);
            var tables = database.Texts("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name");
            return new BackupManifest(
                BackupManifest.CurrentFormat, typeof(Backups).Assembly.GetName().Version!.ToString(3), time.GetUtcNow().UtcDateTime,
                log.Number("SELECT position + count FROM log ORDER BY position DESC LIMIT 1"), database.Texts("SELECT name FROM schema_version ORDER BY name"),
                tables.ToDictionary(t => t, t => database.Number($"SELECT count(*) FROM \"{t}\"")), answers, []);
        }
    }

    /// <summary>The copied databases, and everything else that lies in the data folder: keys, files of imports, what parts of the program keep there.</summary>
    private IEnumerable<(string Name, string Path)> Files(string copies)
    {
        foreach (var copy in Directory.EnumerateFiles(copies)) yield return (Path.GetFileName(copy), copy);
        foreach (var path in Directory.EnumerateFiles(folder.Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
        {
            var name = Path.GetRelativePath(folder.Root, path).Replace('\\', '/');
            if (Left.Contains(name) || LeftFolders.Contains(name.Split('/')[0]) || name.EndsWith(Part, StringComparison.Ordinal) || name.EndsWith(".tmp", StringComparison.Ordinal)) continue;
            if (path.StartsWith(DefaultFolder + Path.DirectorySeparatorChar, StringComparison.Ordinal) || name.Contains(Part + ".d/", StringComparison.Ordinal) || name.EndsWith(Ending, StringComparison.Ordinal)) continue;
            yield return (name, path);
        }
    }
}
