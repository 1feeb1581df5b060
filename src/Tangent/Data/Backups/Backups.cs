using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.Options;
using static Tangent.Web.Texts;

namespace Tangent.Data;

/// <param name="Name">File name.</param>
/// <param name="Path">Where it lies on the server.</param>
/// <param name="Watermark">Position in the event log (exclusive) that it reaches to; null where the file was not read.</param>
/// <param name="Answers">How many answers prove it when it is restored.</param>
public sealed record BackupView(string Name, string Path, long Bytes, DateTime Created, long? Watermark = null, int? Answers = null);

/// <summary>A backup, or why there is none.</summary>
internal sealed record BackupMade(BackupView? Backup, string? Refusal);

/// <summary>Backups of the running program. Everything in one is of the same moment: both databases are fixed together while nothing moves, then copied while the program goes on. Journeys are not in it; they are made from the log.</summary>
internal sealed class Backups(DataFolder folder, Settings settings, Testimony testimony, IOptionsMonitor<BackupOptions> options, TimeProvider time, ILogger<Backups> logger) : IDisposable
{
    private const string Part = ".part";
    private static readonly TimeSpan MostStanding = TimeSpan.FromSeconds(30);

    // Made anew at every start or from the log.
    private static readonly string[] Left = ["tangent.db", "events.db", "tangent.db-wal", "tangent.db-shm", "events.db-wal", "events.db-shm", "lock", "server.pid", "tangent.sock"];
    private static readonly string[] LeftFolders = ["journeys", "backups"];

    // Whatever folder was chosen for backups, these are in them.
    private static readonly string[] KeptFolders = ["keys", "imports"];

    private readonly SemaphoreSlim _one = new(1);

    public string DefaultFolder => options.CurrentValue.Folder is { Length: > 0 } chosen ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(chosen)) : Path.Combine(folder.Root, "backups");

    /// <summary>Makes a backup.</summary>
    /// <param name="path">A file that is not there yet or a folder; null for the folder of the settings.</param>
    public Task<BackupMade> MakeAsync(string? path, CancellationToken ct) => MakeAsync(() => FileOf(path), ct);

    /// <summary>Makes a backup whose name says that nobody asked for it.</summary>
    public Task<BackupMade> MakeScheduledAsync(CancellationToken ct) => MakeAsync(() => NewIn(DefaultFolder, isScheduled: true), ct);

    /// <summary>Backups in the folder of the settings, the latest first.</summary>
    public IReadOnlyList<BackupView> List() => !Directory.Exists(DefaultFolder) ? [] :
        [.. new DirectoryInfo(DefaultFolder).EnumerateFiles("*" + BackupName.Ending).Where(f => f.Exists)
            .Select(f => new BackupView(f.Name, f.FullName, f.Length, BackupName.MomentOf(f.Name) ?? f.LastWriteTimeUtc)).OrderByDescending(b => b.Created)];

    public BackupView? Find(string name) => List().FirstOrDefault(b => b.Name == name);

    /// <summary>When the program last made one by itself.</summary>
    public DateTime? LastScheduled() => List().FirstOrDefault(b => BackupName.IsScheduled(b.Name))?.Created;

    /// <summary>Of the backups that the program made by itself deletes all but the latest; never one that somebody made.</summary>
    public void KeepLatest(int count)
    {
        foreach (var old in List().Where(b => BackupName.IsScheduled(b.Name)).Skip(count)) File.Delete(old.Path);
    }

    public void Dispose() => _one.Dispose();

    private async Task<BackupMade> MakeAsync(Func<string> fileOf, CancellationToken ct)
    {
        if (!await _one.WaitAsync(0, ct)) return new BackupMade(null, T("Operate.Problem.BackupBusy"));
        try
        {
            var file = fileOf();
            if (File.Exists(file)) return new BackupMade(null, T("Operate.Problem.BackupThere", file));
            return RoomProblem(file) is { } problem ? new BackupMade(null, problem) : new BackupMade(await WriteAsync(file, ct), null);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new BackupMade(null, T("Operate.Problem.BackupStand", MostStanding.TotalSeconds));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DbException)
        {
            return new BackupMade(null, T("Operate.Problem.BackupWrite", e.Message));
        }
        finally
        {
            _one.Release();
        }
    }

    private string FileOf(string? path) =>
        path is not null && !Directory.Exists(path) && !path.EndsWith(Path.DirectorySeparatorChar) ? Path.GetFullPath(path) : NewIn(path ?? DefaultFolder, isScheduled: false);

    private string NewIn(string parent, bool isScheduled) =>
        Path.Combine(Directory.CreateDirectory(Path.GetFullPath(parent)).FullName, BackupName.Of(time.GetUtcNow(), isScheduled));

    /// <summary>Copies and archive lie side by side for a while, so twice the data must fit.</summary>
    private string? RoomProblem(string file)
    {
        var need = 2 * (new FileInfo(folder.Database).Length + new FileInfo(folder.EventLog).Length) + (16 << 20);
        var parent = Path.GetDirectoryName(file)!;
        if (!Directory.Exists(parent)) return T("Operate.Problem.BackupFolder", parent);
        var free = new DriveInfo(parent).AvailableFreeSpace;
        return free >= need ? null : T("Operate.Problem.BackupRoom", Megabytes(need), parent, Megabytes(free));
    }

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("N0", CultureInfo.CurrentCulture);

    private async Task<BackupView> WriteAsync(string file, CancellationToken ct)
    {
        var copies = file + Part + ".d";
        var part = file + Part;
        try
        {
            // A killed backup may have left its own.
            if (Directory.Exists(copies)) Directory.Delete(copies, recursive: true);
            if (File.Exists(part)) File.Delete(part);
            // Wherever the backup goes, and also while it is made: only this server's user may look in.
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(copies);
            else Directory.CreateDirectory(copies, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var manifest = await CopyAsync(copies, ct);
            var files = Files(copies).ToList();
            manifest = await BackupArchive.WriteAsync(part, files, sums => manifest with { Files = sums }, ct);
            if ((await BackupArchive.ReadAsync(part, null, ct)).Problem is { } problem) throw new IOException($"What was written cannot be read again. {problem}");
            File.Move(part, file);
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
        // Before the databases are fixed: an erasure decided in between is repeated at a restore, whether or not it is in them.
        var begunUtc = time.GetUtcNow().UtcDateTime;
        var (database, log, answers, held) = await FixAsync(ct);
        using (database)
        using (log)
        {
            await Task.Run(() => database.CopyTo(Path.Combine(copies, "tangent.db")), ct);
            await Task.Run(() => log.CopyTo(Path.Combine(copies, "events.db")), ct);
            var tables = database.Texts("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name");
            return new BackupManifest(
                BackupManifest.CurrentFormat, typeof(Backups).Assembly.GetName().Version!.ToString(3), begunUtc,
                log.Number("SELECT position + count FROM log ORDER BY position DESC LIMIT 1"), database.Texts("SELECT name FROM schema_version ORDER BY name"),
                tables.ToDictionary(t => t, t => database.Number($"SELECT count(*) FROM \"{t}\"")), held, answers, []);
        }
    }

    /// <summary>While everything stands still: both databases as they are, what is answered, and under which settings.</summary>
    private async Task<(DatabaseSnapshot Database, DatabaseSnapshot Log, SortedDictionary<string, string>? Answers, Dictionary<string, string> Held)> FixAsync(CancellationToken ct)
    {
        using var standing = CancellationTokenSource.CreateLinkedTokenSource(ct);
        standing.CancelAfter(MostStanding);
        await using var still = await testimony.StandStillAsync(standing.Token);
        var (database, log) = DatabaseSnapshot.Take(folder.Database, folder.EventLog);
        try
        {
            return (database, log, await testimony.AskAsync(standing.Token), settings.All().Where(s => s.Key.StartsWith(CompanyOptions.Section, StringComparison.Ordinal)).ToDictionary(s => s.Key, s => s.Value));
        }
        catch
        {
            // What they hold open keeps the databases' journals from ever being emptied.
            database.Dispose();
            log.Dispose();
            throw;
        }
    }

    /// <summary>The copied databases, and everything else that lies in the data folder: keys, files of imports, what parts of the program keep there.</summary>
    private IEnumerable<(string Name, string Path)> Files(string copies)
    {
        foreach (var copy in Directory.EnumerateFiles(copies)) yield return (Path.GetFileName(copy), copy);
        var own = OwnFolder();
        foreach (var path in Directory.EnumerateFiles(folder.Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
        {
            var name = Path.GetRelativePath(folder.Root, path).Replace('\\', '/');
            if (Left.Contains(name) || LeftFolders.Contains(name.Split('/')[0]) || name.EndsWith(Part, StringComparison.Ordinal) || name.EndsWith(".tmp", StringComparison.Ordinal)) continue;
            if ((own is not null && name.StartsWith(own, StringComparison.Ordinal)) || name.Contains(Part + ".d/", StringComparison.Ordinal) || name.EndsWith(BackupName.Ending, StringComparison.Ordinal)) continue;
            yield return (name, path);
        }
    }

    /// <summary>The folder of the settings as names in the data folder begin with it; null where it is not one of its own within it.</summary>
    private string? OwnFolder()
    {
        var name = Path.GetRelativePath(folder.Root, DefaultFolder).Replace('\\', '/');
        return name == "." || Path.IsPathRooted(name) || name.Split('/')[0] is var first && (first == ".." || KeptFolders.Contains(first)) ? null : name + "/";
    }
}
