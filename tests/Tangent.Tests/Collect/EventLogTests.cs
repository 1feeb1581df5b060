using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Tangent.Collect;
using Tangent.Data;

namespace Tangent.Tests.Collect;

public sealed class EventLogTests : IAsyncDisposable
{
    private readonly DataFolder _folder = new(Directory.CreateTempSubdirectory("tangent-log").FullName);
    private readonly Clock _clock = new();
    private EventLog? _log;

    private EventLog Log => _log ??= new EventLog(_folder, Options.Create(new IngestionOptions()), _clock);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder.Root, recursive: true);
    }

    [Fact]
    public async Task Events_are_read_back_as_they_were_received_one_a_line()
    {
        var appended = await AppendAsync(1, LogKind.Events, ("a", """{"type":"track"}"""), ("b", "{\n\"type\":\r\n\"page\"}"));
        appended.ShouldBe(new Appended(2, 2, 0));
        var row = Log.Read(0).Single();
        (row.Position, row.Count, row.SourceId, row.Kind, row.Trusted, row.ReceivedAtMs, row.SentAtMs).ShouldBe((0, 2, 1, LogKind.Events, true, 1000, 900L));
        Lines(row).ShouldBe(["""{"type":"track"}""", "{ \"type\":  \"page\"}"]);
        Encoding.UTF8.GetString(Log.Find(1)!.Value.Span).ShouldBe("{ \"type\":  \"page\"}");
        Log.Find(2).ShouldBeNull();
    }

    [Fact]
    public async Task Reading_begins_at_any_position_and_goes_on_over_rows()
    {
        for (var i = 0; i < 300; i++) await AppendAsync(1, LogKind.Events, ($"{i}a", $$"""{"n":{{2 * i}}}"""), ($"{i}b", $$"""{"n":{{(2 * i) + 1}}}"""));
        Log.Read(601).ShouldBeEmpty();
        Log.Read(599).Single().Position.ShouldBe(599);
        var position = 77L;
        foreach (var row in Log.Read(77))
        {
            row.Position.ShouldBe(position);
            foreach (var line in Lines(row)) line.ShouldBe($$"""{"n":{{position++}}}""");
        }

        position.ShouldBe(600);
    }

    [Fact]
    public async Task A_known_message_is_left_out_also_after_a_restart()
    {
        await AppendAsync(1, LogKind.Events, ("a", "{}"), ("b", "{}"));
        (await AppendAsync(1, LogKind.Events, ("b", "{}"), ("c", "{}"), ("c", "{}"))).ShouldBe(new Appended(3, 1, 2));
        await CloseAsync();
        (await AppendAsync(1, LogKind.Events, ("a", "{}"), ("c", "{}"))).ShouldBe(new Appended(3, 0, 2));
        (await AppendAsync(2, LogKind.Events, ("a", "{}"))).ShouldBe(new Appended(4, 1, 0), "another source's message ids are its own");
        Log.Totals.ShouldContain(new LogTotal(1, 3, 4, 1000));
    }

    [Fact]
    public async Task A_message_is_forgotten_after_twice_the_window_at_the_latest()
    {
        await AppendAsync(1, LogKind.Events, ("a", "{}"));
        _clock.Advance(TimeSpan.FromHours(24));
        (await AppendAsync(1, LogKind.Events, ("a", "{}"))).Duplicates.ShouldBe(1);
        _clock.Advance(TimeSpan.FromHours(48));
        (await AppendAsync(1, LogKind.Events, ("a", "{}"))).Duplicates.ShouldBe(0);
    }

    [Fact]
    public async Task Imported_events_are_known_for_ever()
    {
        await AppendAsync(1, LogKind.Import, ("a", "{}"), ("b", "{}"));
        await AppendAsync(2, LogKind.Import, ("a", "{}"));
        await CloseAsync();
        _clock.Advance(TimeSpan.FromDays(10_000));
        (await AppendAsync(1, LogKind.Import, ("a", "{}"), ("b", "{}"), ("c", "{}"))).ShouldBe(new Appended(4, 1, 2));
        (await AppendAsync(2, LogKind.Import, ("a", "{}"), ("b", "{}"))).ShouldBe(new Appended(5, 1, 1));
    }

    [Fact]
    public async Task Events_without_key_are_never_duplicates()
    {
        var append = new LogAppend(1, LogKind.Merge, true, 1000, null, [new(0, "{}"u8.ToArray()), new(0, "{}"u8.ToArray())]);
        (await Log.AppendAsync(append, CancellationToken.None)).ShouldBe(new Appended(2, 2, 0));
    }

    [Fact]
    public async Task Many_at_once_get_dense_positions_and_each_is_found_there()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 2000).Select(i => AppendAsync(i % 5, LogKind.Events, ($"{i}", $$"""{"n":{{i}}}"""))));
        answers.Select(a => a.EndPosition).Order().ShouldBe(Enumerable.Range(1, 2000).Select(i => (long)i));
        Encoding.UTF8.GetString(Log.Find(answers[1234].EndPosition - 1)!.Value.Span).ShouldBe("""{"n":1234}""");
        Log.EndPosition.ShouldBe(2000);
    }

    [Fact]
    public async Task A_follower_is_woken_by_the_commit()
    {
        var waiting = Log.WaitForAsync(1, CancellationToken.None);
        await AppendAsync(1, LogKind.Events, ("a", "{}"));
        waiting.IsCompleted.ShouldBeFalse();
        await AppendAsync(1, LogKind.Events, ("b", "{}"));
        await waiting.WaitAsync(TimeSpan.FromSeconds(5));
        using var cancelled = new CancellationTokenSource(50);
        await Should.ThrowAsync<OperationCanceledException>(() => Log.WaitForAsync(2, cancelled.Token));
    }

    [Fact]
    public void The_set_of_keys_keeps_its_bound_and_forgets_the_oldest_first()
    {
        var keys = new RecentKeys(TimeSpan.FromHours(24), capacity: 10_000, nowMs: 0);
        for (var i = 1; i <= 20_000; i++) keys.Add(Key(i), 0).ShouldBeTrue();
        for (var i = 15_001; i <= 20_000; i++) keys.Add(Key(i), 0).ShouldBeFalse();
        keys.Add(Key(1), 0).ShouldBeTrue();

        static UInt128 Key(int i) => EventKey.Of(7, 1, BitConverter.GetBytes(i));
    }

    [Fact]
    public async Task What_could_not_be_written_is_refused_and_lands_when_it_is_sent_again()
    {
        await AppendAsync(1, LogKind.Events, ("a", "{}"));
        Run("CREATE TRIGGER full BEFORE INSERT ON log BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
        (await Should.ThrowAsync<EventLogUnavailableException>(() => AppendAsync(1, LogKind.Events, ("b", "{}")))).Message.ShouldContain("the disk is full");
        await Should.ThrowAsync<EventLogUnavailableException>(() => AppendAsync(1, LogKind.Import, ("c", "{}")));
        Run("DROP TRIGGER full");
        (await AppendAsync(1, LogKind.Events, ("a", "{}"), ("b", "{}"))).ShouldBe(new Appended(2, 1, 1));
        (await AppendAsync(1, LogKind.Import, ("c", "{}"))).ShouldBe(new Appended(3, 1, 0));
        Log.Totals.Single().Events.ShouldBe(3);
    }

    [Fact]
    public async Task What_was_written_last_is_read_from_memory_as_it_is_read_from_the_file()
    {
        for (var i = 0; i < 150; i++)
            await AppendAsync(1 + (i % 2), i % 3 == 0 ? LogKind.Import : LogKind.Events, [.. Enumerable.Range(0, 1 + (i % 4)).Select(e => ($"{i}-{e}", $$"""{"n":"{{i}}-{{e}}"}"""))]);
        var inMemory = AllFrom();
        await CloseAsync();
        AllFrom().ShouldBe(inMemory);
        inMemory.Count.ShouldBe((int)Log.EndPosition);

        List<string> AllFrom() => [.. Enumerable.Range(0, (int)Log.EndPosition).Select(from => string.Join('|', Log.Read(from).Select(r => $"{r.Position} {r.SourceId} {r.Kind} {r.ReceivedAtMs} {r.SentAtMs} {r.Trusted} {string.Join(',', Lines(r))}")))];
    }

    [Fact]
    public void Rows_in_memory_keep_their_bound_and_say_when_they_do_not_reach_back()
    {
        var latest = new LatestRows(maxBytes: 1000);
        for (var i = 0; i < 10; i++) latest.Add([new LogRow(i * 5, 5, 1, LogKind.Events, true, 0, null, new byte[300])]);
        latest.From(34, 10).ShouldBeNull();
        latest.From(37, 10)!.Select(r => r.Position).ShouldBe([35, 40, 45]);
        latest.From(40, 1)!.Single().Position.ShouldBe(40);
        latest.From(50, 10).ShouldBe([]);
    }

    [Fact]
    public async Task What_a_reader_kept_in_the_journal_is_put_into_the_file_when_nothing_comes()
    {
        var journal = new FileInfo(_folder.EventLog + "-wal");
        var large = $$"""{"n":"{{new string('x', 1_000_000)}}"}""";
        await AppendAsync(1, LogKind.Events, ("first", "{}"));
        using (var connection = new SqliteConnection($"Data Source={_folder.EventLog};Mode=ReadOnly;Pooling=False"))
        {
            connection.Open();
            using var look = connection.BeginTransaction(deferred: true);
            using var command = connection.CreateCommand();
            command.Transaction = look;
            command.CommandText = "SELECT count(*) FROM log";
            command.ExecuteScalar().ShouldBe(1L);
            for (var i = 0; i < 80; i++) await AppendAsync(1, LogKind.Events, ($"{i}", large));
        }

        journal.Refresh();
        journal.Length.ShouldBeGreaterThan(80_000_000);
        for (var waited = 0; waited < 200 && journal.Length > 0; waited++)
        {
            await Task.Delay(50);
            journal.Refresh();
        }

        journal.Length.ShouldBe(0);
        Log.FindFault().ShouldBeNull();
        Log.Read(0).Sum(r => r.Count).ShouldBe(81);
    }

    [Fact]
    public void A_file_that_is_no_log_is_refused_with_what_to_do()
    {
        File.WriteAllText(_folder.EventLog, new string('x', 5000));
        Should.Throw<InvalidOperationException>(() => Log).Message.ShouldContain("backup");
    }

    private static List<string> Lines(LogRow row)
    {
        var lines = new List<string>();
        foreach (var line in row.Events) lines.Add(Encoding.UTF8.GetString(line.Span));
        lines.Count.ShouldBe(row.Count);
        return lines;
    }

    private Task<Appended> AppendAsync(int source, LogKind kind, params (string Id, string Json)[] events) =>
        Log.AppendAsync(new LogAppend(source, kind, true, 1000, 900,
            [.. events.Select(e => new AcceptedEvent(EventKey.Of(7, source, Encoding.UTF8.GetBytes(e.Id)), Encoding.UTF8.GetBytes(e.Json)))]), CancellationToken.None);

    private void Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.EventLog};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private async Task CloseAsync()
    {
        if (_log is not null) await _log.DisposeAsync();
        _log = null;
    }

    private sealed class Clock : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.FromUnixTimeMilliseconds(1000);

        public void Advance(TimeSpan by) => _now += by;

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
