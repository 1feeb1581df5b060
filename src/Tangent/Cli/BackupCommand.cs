using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Web;

namespace Tangent.Cli;

internal static class BackupCommand
{
    public static Command Create()
    {
        var path = new Argument<string?>("path") { Description = "File to write, or a folder that gets one named by date and time; without it the server's folder for backups", DefaultValueFactory = _ => null };
        var backup = new Command("backup", "Back up everything, also while the server runs: one file, checked after writing") { path };
        backup.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, "/api/v1/operate/backups")
        {
            // The server may have another working directory.
            Content = JsonContent.Create(new { path = parsed.GetValue(path) is { } given ? Absolute(given) : null }),
        }, answer => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{answer.GetProperty("path").GetString()}: {answer.GetProperty("bytes").GetInt64() / 1e6:F1} MB, up to record {answer.GetProperty("watermark").GetInt64()}, {answer.GetProperty("answers").GetInt32()} answers to prove it by.")), ct));
        return backup;
    }

    private static string Absolute(string path) => Path.GetFullPath(path) + (path.EndsWith('/') && !Path.GetFullPath(path).EndsWith('/') ? "/" : "");
}

internal static class RestoreCommand
{
    private const string NoErasures = "none";

    // A restored copy sends no letters and makes no backups while it is looked at.
    private static readonly string[] Quiet = ["--Mail:Host=", "--Backup:EveryHours=0"];

    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "Backup to restore" };
        var journal = new Option<string?>("--erasures") { Description = "The journal of erasures; without it erasures.journal beside the backup; none where nobody was erased since" };
        var restore = new Command("restore", "Restore a backup into an empty folder (--data), compare what it answers there with what it answered when it was made, and erase again whom erasures since took out") { file, journal };
        restore.SetAction((parsed, ct) => RunAsync(parsed.GetValue(file)!, parsed.GetValue(journal), parsed.GetValue(CommandLine.Data)!, ct));
        return restore;
    }

    private static async Task<int> RunAsync(string file, string? chosen, string folder, CancellationToken ct)
    {
        try
        {
            var journal = chosen ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, ErasureJournal.FileName);
            var since = chosen != NoErasures && File.Exists(journal) ? journal : null;
            if (chosen is not null and not NoErasures && since is null)
            {
                await Console.Error.WriteLineAsync($"There is no file {chosen}.");
                return ExitCode.Refused;
            }

            var (manifest, problem) = await Restore.UnpackAsync(file, folder, ct);
            if (manifest is not null) return await ProveAsync(manifest, folder, since, chosen == NoErasures, ct);
            await Console.Error.WriteLineAsync(problem);
            return ExitCode.Refused;
        }
        catch (Exception e) when (Server.IsExpected(e))
        {
            await Console.Error.WriteLineAsync($"The backup cannot be restored: {e.Message}");
            return ExitCode.CannotStart;
        }
    }

    private static async Task<int> ProveAsync(BackupManifest manifest, string folder, string? journal, bool withoutErasures, CancellationToken ct)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Restored {Path.GetFullPath(folder)}: {manifest.Files.Count} files of {manifest.CreatedUtc:yyyy-MM-dd HH:mm:ss} UTC, all with the right checksums. Making the journeys from the log …"));
        await using var server = await Server.StartAsync(new ServerOptions(folder, [], false, [.. Quiet, .. Restore.Arguments(manifest)]), ct) ?? throw new InvalidOperationException("The restored folder is held by another server.");
        await server.WaitUntilCompleteAsync(ct);
        var records = server.App.Services.GetRequiredService<EventLog>().EndPosition;
        var proven = records == manifest.Watermark ? await CompareAsync(manifest, server, records, ct) : await DiffersAsync($"The event log has {records} records, not {manifest.Watermark}.");
        if (withoutErasures) return proven;
        return await EraseAgainAsync(manifest, server, journal, ct) ? proven : ExitCode.Refused;
    }

    /// <summary>Whoever was erased after the backup was made must not come back with it.</summary>
    /// <returns>False where nobody knows who they are.</returns>
    private static async Task<bool> EraseAgainAsync(BackupManifest manifest, Server server, string? journal, CancellationToken ct)
    {
        if (journal is null)
        {
            await Console.Error.WriteLineAsync($"There is no {ErasureJournal.FileName} beside the backup. Whoever was erased since is in the restored folder: restore with --erasures FILE where the journal lies elsewhere, or with --erasures {NoErasures} where nobody was.");
            return false;
        }

        var erasures = ErasureJournal.Read(journal, manifest.CreatedUtc);
        var erased = await server.App.Services.GetRequiredService<Erasures>().RepeatAsync(erasures, ct);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{erasures.Count} erasures since the backup were repeated: {erased} identifiers."));
        return true;
    }

    private static async Task<int> CompareAsync(BackupManifest manifest, Server server, long records, CancellationToken ct)
    {
        if (manifest.Answers is null)
        {
            Console.WriteLine("There are no answers to compare with: the journeys were being rebuilt when the backup was made.");
            return ExitCode.Done;
        }

        var testimony = server.App.Services.GetRequiredService<Testimony>();
        await using var still = await testimony.StandStillAsync(ct);
        if (await testimony.AskAsync(ct) is not { } found) return await DiffersAsync("The restored server does not answer completely.");
        var different = Restore.Differences(manifest.Answers, found);
        if (different.Count > 0) return await DiffersAsync($"Other answers than at the time of the backup: {string.Join(", ", different)}. It was made by version {manifest.Program}.");
        Console.WriteLine($"{records} records; {found.Count} of {found.Count} answers are those of the time of the backup: {string.Join(", ", found.Keys)}.");
        return ExitCode.Done;
    }

    private static async Task<int> DiffersAsync(string what)
    {
        await Console.Error.WriteLineAsync($"The files are restored, but not proven. {what}");
        return ExitCode.Refused;
    }
}
