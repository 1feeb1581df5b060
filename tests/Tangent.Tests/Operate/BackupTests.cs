using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Tests.Browser;

namespace Tangent.Tests.Operate;

public sealed class BackupTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tangent-backups").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_backup_made_under_load_is_restored_with_the_same_answers()
    {
        await using var server = await TestServer.StartAsync();
        await SmallCompany.FoundAsync(server);
        await server.Http.PatchAsJsonAsync("/api/v1/operate/settings", new Dictionary<string, string> { ["Company:TimeZone"] = "Europe/Warsaw" });
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 3).Select(client => LoadAsync(server, client, stop.Token)).ToArray();
        await Task.Delay(500);
        var file = Path.Combine(_folder, "under-load.tar.gz");
        var (made, refusal) = await server.Get<Backups>().MakeAsync(file, CancellationToken.None);
        refusal.ShouldBeNull();
        await stop.CancelAsync();
        var sent = (await Task.WhenAll(load)).Sum();
        sent.ShouldBeGreaterThan(0, "the load had to go on during the backup");
        made!.Answers.ShouldNotBeNull().ShouldBeGreaterThan(5);
        Directory.EnumerateFileSystemEntries(_folder).ShouldBe([file], "nothing but the backup is left");

        var target = Path.Combine(_folder, "restored");
        var (code, output, error) = await RunningProgram.RunAsync("restore", file, "--erasures", "none", "--data", target);
        code.ShouldBe(0, error + output);
        output.ShouldContain($"{made.Watermark} records; {made.Answers} of {made.Answers} answers are those of the time of the backup");
        await using var restored = await TestServer.StartAsync(true, target);
        (await restored.Http.GetFromJsonAsync<JsonElement>("/api/v1/operate/settings")).GetProperty("items").EnumerateArray()
            .Single(s => s.GetProperty("key").GetString() == "Company:TimeZone").GetProperty("value").GetString().ShouldBe("Europe/Warsaw");
    }

    [Fact]
    public async Task An_unchanged_server_and_its_restored_copy_answer_with_the_same_bytes()
    {
        await using var server = await TestServer.StartAsync();
        await SmallCompany.FoundAsync(server);
        var file = Path.Combine(_folder, "quiet.tar.gz");
        (await server.Get<Backups>().MakeAsync(file, CancellationToken.None)).Refusal.ShouldBeNull();
        var target = Path.Combine(_folder, "copy");
        (await Restore.UnpackAsync(file, target, CancellationToken.None)).Problem.ShouldBeNull();
        await using var copy = await TestServer.StartAsync(true, target);
        await copy.Get<JourneyStore>().WaitUntilVisibleAsync(copy.Get<EventLog>().EndPosition, CancellationToken.None);
        foreach (var address in (string[])["touchpoints?bucket=week", "variants?top=1000", "flows", "retention", "stalled"])
            (await copy.Http.GetStringAsync("/api/v1/analyse/" + address)).ShouldBe(await server.Http.GetStringAsync("/api/v1/analyse/" + address), address);
    }

    [Fact]
    public async Task A_damaged_cut_off_or_foreign_archive_and_a_folder_in_use_are_refused_and_nothing_is_left()
    {
        await using var server = await TestServer.StartAsync();
        await SmallCompany.FoundAsync(server);
        var file = Path.Combine(_folder, "good.tar.gz");
        (await server.Get<Backups>().MakeAsync(file, CancellationToken.None)).Refusal.ShouldBeNull();
        var good = await File.ReadAllBytesAsync(file);
        var random = new Random(7);
        var bad = new List<byte[]> { good[..(good.Length / 2)], good[..^4], "not a backup"u8.ToArray(), Foreign("../../etc/passwd"), Foreign("tangent.db") };
        for (var i = 0; i < 12; i++)
        {
            // The trailer's checksum, and anywhere: a flip that unpacks to the very same bytes (another distance in a run of zeros) is no damage.
            var flipped = good.ToArray();
            flipped[i == 0 ? ^6 : random.Next(12, flipped.Length)] ^= (byte)(1 << random.Next(8));
            if (!Unpacked(flipped).AsSpan().SequenceEqual(Unpacked(good))) bad.Add(flipped);
        }

        bad.Count.ShouldBeGreaterThan(10);
        var target = Path.Combine(_folder, "target");
        foreach (var bytes in bad)
        {
            await File.WriteAllBytesAsync(Path.Combine(_folder, "bad.tar.gz"), bytes);
            (await Restore.UnpackAsync(Path.Combine(_folder, "bad.tar.gz"), target, CancellationToken.None)).Problem.ShouldNotBeNull();
            Directory.Exists(target).ShouldBeFalse();
            Directory.Exists(target + ".restoring").ShouldBeFalse();
        }

        Directory.CreateDirectory(target);
        await File.WriteAllTextAsync(Path.Combine(target, "mine.txt"), "mine");
        (await Restore.UnpackAsync(file, target, CancellationToken.None)).Problem.ShouldNotBeNull().ShouldContain("not empty");
        (await Restore.UnpackAsync(Path.Combine(_folder, "none"), Path.Combine(_folder, "x"), CancellationToken.None)).Problem.ShouldNotBeNull().ShouldContain("no file");
    }

    [Fact]
    public async Task A_backup_that_cannot_be_written_is_refused_and_leaves_nothing()
    {
        await using var server = await TestServer.StartAsync();
        var backups = server.Get<Backups>();
        (await backups.MakeAsync(Path.Combine(_folder, "missing", "x.tar.gz"), CancellationToken.None)).Refusal.ShouldNotBeNull().ShouldContain("no folder");
        var there = Path.Combine(_folder, "there.tar.gz");
        await File.WriteAllTextAsync(there, "mine");
        (await backups.MakeAsync(there, CancellationToken.None)).Refusal.ShouldNotBeNull().ShouldContain("there already");
        (await File.ReadAllTextAsync(there)).ShouldBe("mine");
        // What stands in its way makes the writing itself fail, after everything was fixed and copied.
        var blocked = Path.Combine(_folder, "blocked.tar.gz");
        Directory.CreateDirectory(Path.Combine(blocked + ".part", "in the way"));
        var refused = await backups.MakeAsync(blocked, CancellationToken.None);
        refused.Refusal.ShouldNotBeNull().ShouldContain("could not be written");
        File.Exists(blocked).ShouldBeFalse();
        Directory.Exists(blocked + ".part.d").ShouldBeFalse();
        using var foreign = await server.Http.PostAsJsonAsync("/api/v1/operate/backups", new { path = "/tmp/x" });
        foreign.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.Http.GetAsync("/api/v1/operate/backups/..%2F..%2Fetc%2Fpasswd")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Killed_in_a_backup_nothing_half_bears_its_name_and_the_next_one_succeeds()
    {
        var data = Path.Combine(_folder, "data");
        await using (var seed = await TestServer.StartAsync(dataFolder: data))
        {
            await SmallCompany.FoundAsync(seed);
            await seed.StopAsync();
            Directory.CreateDirectory(Path.Combine(_folder, "kept"));
            CopyAll(data, Path.Combine(_folder, "kept"));
        }

        data = Path.Combine(_folder, "kept");
        var target = Path.Combine(_folder, "killed.tar.gz");
        var program = await RunningProgram.ServeAsync(data);
        var backup = RunningProgram.RunAsync("backup", target, "--data", data);
        for (var i = 0; i < 2000 && !Directory.Exists(target + ".part.d") && !File.Exists(target); i++) await Task.Delay(1);
        program.Kill();
        await backup;
        await program.DisposeAsync();
        if (File.Exists(target)) (await BackupArchive.ReadAsync(target, null, CancellationToken.None)).Problem.ShouldBeNull("a backup that bears its name is whole");
        File.Delete(target);
        var (code, output, error) = await RunningProgram.RunAsync("backup", target, "--data", data);
        code.ShouldBe(0, output + error);
        (await BackupArchive.ReadAsync(target, null, CancellationToken.None)).Problem.ShouldBeNull();
        Directory.EnumerateFileSystemEntries(_folder, "killed*").ShouldBe([target]);
    }

    [Fact]
    public async Task Backups_by_themselves_are_made_when_due_and_the_latest_are_kept()
    {
        await using var server = await TestServer.StartAsync(true, null, "--Backup:EveryHours=1", "--Backup:Keep=2");
        var schedule = server.Get<BackupSchedule>();
        var backups = server.Get<Backups>();
        // What somebody made is neither counted nor deleted, whatever its name.
        var mine = Path.Combine(Directory.CreateDirectory(backups.DefaultFolder).FullName, "before-upgrade.tangent-backup.tar.gz");
        await File.WriteAllTextAsync(mine, "mine");
        (await backups.MakeAsync(null, CancellationToken.None)).Refusal.ShouldBeNull();
        (await schedule.MakeWhereDueAsync(CancellationToken.None)).ShouldBeTrue();
        (await schedule.MakeWhereDueAsync(CancellationToken.None)).ShouldBeFalse("the last one is young");
        for (var age = 1; age <= 3; age++)
        {
            File.Move(backups.List().Single(b => b.Name.Contains("-scheduled", StringComparison.Ordinal) && b.Created.Year > 2020).Path, Path.Combine(backups.DefaultFolder, $"2020010{age}-000000-scheduled.tangent-backup.tar.gz"));
            (await schedule.MakeWhereDueAsync(CancellationToken.None)).ShouldBeTrue();
        }

        backups.List().Count.ShouldBe(4);
        File.Exists(mine).ShouldBeTrue();
        backups.List().ShouldContain(b => b.Name == "20200103-000000-scheduled.tangent-backup.tar.gz", "the latest are kept");
        var listed = await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/operate/backups");
        var name = listed.GetProperty("items").EnumerateArray().Last().GetProperty("name").GetString();
        (await server.Http.GetByteArrayAsync($"/api/v1/operate/backups/{name}")).Length.ShouldBeGreaterThan(1000);
        (await server.Http.DeleteAsync($"/api/v1/operate/backups/{name}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await server.Http.GetStringAsync("/operate/backups")).ShouldNotContain($"{name}\"");
    }

    [Fact]
    public async Task A_backup_of_a_server_with_a_configuration_of_its_own_is_proven_under_another()
    {
        // Afternoon of the last of March in Berlin, the first of April in Auckland.
        await using var server = await TestServer.StartAsync(true, null, "--Company:TimeZone=Pacific/Auckland", "--Company:ReportingCurrency=PLN", "--Company:Rates:CHF=4.5");
        await using (var scope = server.Services.CreateAsyncScope())
        {
            var source = (await scope.ServiceProvider.GetRequiredService<SourceQueries>().AddAsync("shop", SourceKind.Server, CancellationToken.None))!;
            await server.Get<Ingestion>().AcceptAsync(source, null, """{"batch":[{"type":"track","event":"Order","userId":"u","messageId":"m","timestamp":"2026-03-31T15:00:00Z"}]}"""u8.ToArray(), CancellationToken.None);
        }

        var file = Path.Combine(_folder, "own.tar.gz");
        (await server.Get<Backups>().MakeAsync(file, CancellationToken.None)).Refusal.ShouldBeNull();
        var (code, output, error) = await RunningProgram.RunAsync("restore", file, "--erasures", "none", "--data", Path.Combine(_folder, "own"));
        code.ShouldBe(0, error + output);
    }

    [Theory]
    [InlineData("")]
    [InlineData("data")]
    [InlineData("data/keys")]
    public async Task Keys_and_imports_are_in_a_backup_wherever_its_folder_lies(string folder)
    {
        var data = Path.Combine(_folder, "data");
        await using var server = await TestServer.StartAsync(true, data, $"--Backup:Folder={Path.Combine(_folder, folder)}/");
        await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(data, "imports")).FullName, "rejected.csv"), "a;b");
        var (made, refusal) = await server.Get<Backups>().MakeAsync(null, CancellationToken.None);
        refusal.ShouldBeNull();
        var (manifest, problem) = await BackupArchive.ReadAsync(made!.Path, null, CancellationToken.None);
        problem.ShouldBeNull();
        var names = manifest!.Files.Select(f => f.Name).ToList();
        names.ShouldContain(n => n.StartsWith("keys/", StringComparison.Ordinal));
        names.ShouldContain("imports/rejected.csv");
        names.ShouldNotContain(n => n.Contains("backup", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_the_servers_user_may_read_a_backup_also_while_it_is_made()
    {
        await using var server = await TestServer.StartAsync();
        var file = Path.Combine(_folder, "private.tar.gz");
        UnixFileMode? copies = null;
        using var backups = With(server, new Witness(() => copies = ModeOf(file + ".part.d")), TimeProvider.System);
        (await backups.MakeAsync(file, CancellationToken.None)).Refusal.ShouldBeNull();
        copies.ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        ModeOf(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var part = Path.Combine(_folder, "x.part");
        UnixFileMode? writing = null;
        await BackupArchive.WriteAsync(part, [("a", file)], sums =>
        {
            writing = ModeOf(part);
            return new BackupManifest(1, "", DateTime.UtcNow, 0, [], new Dictionary<string, long>(), null, null, sums);
        }, CancellationToken.None);
        writing.ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task A_backup_that_does_not_come_to_a_stand_holds_nothing_open()
    {
        await using var server = await TestServer.StartAsync();
        using var backups = With(server, new Witness(() => throw new OperationCanceledException()), TimeProvider.System);
        (await backups.MakeAsync(Path.Combine(_folder, "never.tar.gz"), CancellationToken.None)).Refusal.ShouldNotBeNull().ShouldContain("too busy");
        // Whoever still reads an older state keeps the journal from being emptied.
        await server.Http.PatchAsJsonAsync("/api/v1/operate/settings", new Dictionary<string, string> { ["Company:Name"] = "Firma" });
        await using var connection = new SqliteConnection($"Data Source={server.DataFolder}/tangent.db;Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        object? busy = null;
        for (var i = 0; i < 200 && busy is not 0L; i++)
        {
            busy = await command.ExecuteScalarAsync();
            if (busy is not 0L) await Task.Delay(50);
        }

        busy.ShouldBe(0L);
    }

    [Fact]
    public async Task A_round_that_fails_is_not_the_last_and_the_next_is_not_at_once()
    {
        await using var server = await TestServer.StartAsync(true, null, "--Backup:EveryHours=1");
        var clock = new Clock();
        var asked = 0;
        using var backups = With(server, new Witness(() =>
        {
            if (++asked == 1) throw new InvalidOperationException("The log cannot be written.");
        }), clock);
        using var schedule = new BackupSchedule(backups, server.Get<IOptionsMonitor<BackupOptions>>(), clock, NullLogger<BackupSchedule>.Instance);
        (await schedule.MakeWhereDueAsync(CancellationToken.None)).ShouldBeFalse();
        clock.Now += TimeSpan.FromMinutes(5);
        (await schedule.MakeWhereDueAsync(CancellationToken.None)).ShouldBeFalse();
        asked.ShouldBe(1, "it rests after a failure");
        clock.Now += TimeSpan.FromMinutes(20);
        (await schedule.MakeWhereDueAsync(CancellationToken.None)).ShouldBeTrue();
    }

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);

    private static Backups With(TestServer server, IBackupWitness witness, TimeProvider time) => new(
        server.Get<DataFolder>(), server.Get<Settings>(), new Testimony([witness]), server.Get<IOptionsMonitor<BackupOptions>>(), time, NullLogger<Backups>.Instance);

    private static async Task<long> LoadAsync(TestServer server, int client, CancellationToken ct)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var source = (await scope.ServiceProvider.GetRequiredService<SourceQueries>().AddAsync($"load-{client}", SourceKind.Server, CancellationToken.None))!;
        var ingestion = server.Get<Ingestion>();
        long sent = 0;
        for (var n = 0; !ct.IsCancellationRequested; n++)
        {
            var events = Enumerable.Range(0, 20).Select(i => $$"""{"type":"{{(i == 0 ? "identify" : "track")}}","event":"Load {{i % 5}}","userId":"c{{client}}-{{n % 50}}","messageId":"{{client}}-{{n}}-{{i}}","traits":{"name":"P {{n}}"} }""");
            sent += (await ingestion.AcceptAsync(source, null, Encoding.UTF8.GetBytes($$"""{"batch":[{{string.Join(',', events)}}]}"""), CancellationToken.None)).Accepted;
        }

        return sent;
    }

    private static byte[] Foreign(string name)
    {
        var bytes = new MemoryStream();
        using (var packed = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(packed))
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream("x"u8.ToArray()) });
        return bytes.ToArray();
    }

    private static void CopyAll(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>What is packed, or nothing where it cannot be unpacked.</summary>
    private static byte[] Unpacked(byte[] archive)
    {
        try
        {
            using var packed = new GZipStream(new MemoryStream(archive), CompressionMode.Decompress);
            using var bytes = new MemoryStream();
            packed.CopyTo(bytes);
            return bytes.ToArray();
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    /// <summary>A part of the program that does something while it is asked.</summary>
    private sealed class Witness(Action asked) : IBackupWitness
    {
        public Task<IAsyncDisposable> StandStillAsync(CancellationToken ct) => Task.FromResult<IAsyncDisposable>(new MemoryStream());

        public Task<IReadOnlyDictionary<string, object>?> TestifyAsync(CancellationToken ct)
        {
            asked();
            return Task.FromResult<IReadOnlyDictionary<string, object>?>(new Dictionary<string, object>());
        }
    }
}
