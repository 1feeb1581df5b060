using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Tangent.Access;
using Tangent.Cli;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Unify;
using Process = System.Diagnostics.Process;
using ProcessStartInfo = System.Diagnostics.ProcessStartInfo;

namespace Tangent.Tests.Unify;

/// <summary>What is older than its retention period goes from every file; what is younger, and who is one with whom, stays.</summary>
public sealed class RetentionTests : IAsyncLifetime
{
    private const string Old = "Aged4711", Young = "Fresh4711";
    private TestServer _server = null!;
    private string _key = "";

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _key = (await (await _server.Http.PostAsJsonAsync("/api/v1/collect/sources", new { name = "Shop", kind = "server" })).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("writeKey").GetString()!;
        await SendAsync("track", 500, new { userId = "anna", @event = "Visit " + Old, properties = new { note = Old } });
        await SendAsync("page", 400, new { anonymousId = "phone", name = "Page " + Old, properties = new { path = "/of/" + Old } });
        await SendAsync("identify", 300, new { userId = "anna", anonymousId = "phone", traits = new { name = "Anna" } });
        await SendAsync("track", 2, new { userId = "anna", @event = "Order " + Young });
        await SendAsync("track", 200, new { anonymousId = "visitor", @event = "Look " + Old });
        await SendAsync("track", 1, new { anonymousId = "visitor", @event = "Look " + Young });
        await SendAsync("track", 450, new { userId = "ben", @event = "Call " + Old, consent = new { contactPoint = "email:ben@example.org", purpose = "commercial", state = "given" } });
        await KeptAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Without_a_period_nothing_goes_and_a_preview_is_exact()
    {
        var retention = await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/unify/retention");
        foreach (var item in retention.GetProperty("items").EnumerateArray()) (item.GetProperty("days").GetInt32(), item.GetProperty("pieces").GetInt64()).ShouldBe((0, 0));
        (await Nightly(new Clock()).RunWhereDueAsync(CancellationToken.None)).ShouldBeNull();

        var preview = await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/unify/retention?periods=events=365,visitors=90");
        (Item(preview, "events").GetProperty("pieces").GetInt64(), Item(preview, "events").GetProperty("customers").GetInt64()).ShouldBe((3, 2));
        (Item(preview, "visitors").GetProperty("pieces").GetInt64(), Item(preview, "visitors").GetProperty("customers").GetInt64()).ShouldBe((1, 1));
        Item(preview, "events").GetProperty("oldest").GetDateTime().ShouldBe(DateTime.UtcNow.AddDays(-500), TimeSpan.FromMinutes(5));
        Item(preview, "audit").GetProperty("oldest").ValueKind.ShouldBe(JsonValueKind.String);
        Journey("anna").ShouldBe(3);
    }

    [Fact]
    public async Task What_is_too_old_is_found_nowhere_and_the_rest_stays_also_after_a_rebuild()
    {
        FilesWith(Old).ShouldNotBeEmpty();
        await SetAsync("events", 365);
        await SetAsync("visitors", 90);

        var run = await RunAsync();

        run.GetProperty("gone").EnumerateArray().ToDictionary(g => g.GetProperty("kind").GetString()!, g => g.GetProperty("pieces").GetInt64()).ShouldBe(new Dictionary<string, long> { ["events"] = 3, ["visitors"] = 1 }, ignoreOrder: true);
        FilesWith(Old).ShouldBeEmpty();
        FilesWith(Young).ShouldNotBeEmpty();
        (Journey("anna"), Journey("visitor"), Journey("ben")).ShouldBe((1, 1, 0));
        _server.Get<EventLog>().FindFault().ShouldBeNull();
        // Consent is proof, however old.
        (await _server.Http.GetStringAsync($"/api/v1/unify/customers/{Number("ben")}/export")).ShouldNotBeEmpty();
        var whole = Fingerprint();

        await RestartAsync(rebuild: true);

        Fingerprint().ShouldBe(whole);
        Store.FindCustomer("phone").ShouldBe(Store.FindCustomer("anna"));
        FilesWith(Old).ShouldBeEmpty();
        (await RunAsync()).GetProperty("gone").EnumerateArray().Sum(g => g.GetProperty("pieces").GetInt64()).ShouldBe(0);
    }

    [Fact]
    public async Task Events_of_a_restricted_customer_stay_until_the_restriction_ends()
    {
        (await _server.Http.PutAsJsonAsync($"/api/v1/unify/customers/{Number("anna")}/restriction", new { reason = "Request 7" })).EnsureSuccessStatusCode();
        var preview = await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/unify/retention?periods=events=365,visitors=90");
        (Item(preview, "events").GetProperty("pieces").GetInt64(), Item(preview, "events").GetProperty("customers").GetInt64()).ShouldBe((1, 1));
        await SetAsync("events", 365);
        await SetAsync("visitors", 90);
        await RunAsync();
        (Journey("anna"), Journey("visitor"), Journey("ben")).ShouldBe((3, 1, 0));

        (await _server.Http.DeleteAsync($"/api/v1/unify/customers/{Number("anna")}/restriction")).EnsureSuccessStatusCode();
        await RunAsync();
        Journey("anna").ShouldBe(1);
        FilesWith(Old).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_an_event_said_of_consent_stays()
    {
        async Task<string> StateAsync(string name) => (await (await _server.Http.PostAsJsonAsync("/api/v1/unify/consents/question", new { contactPoint = $"email:{name}@example.org", purpose = "commercial" })).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("may").ToString();
        async Task<string> StatesAsync() => $"{await StateAsync("ben")} {await StateAsync("carl")} {await StateAsync("dora")} {await StateAsync("eva")}";
        // Whose it is stands beside the consent alone.
        await SendAsync("track", 450, new { userId = "carl", @event = "Call " + Old, consent = new[] { new { purpose = "commercial", state = "given" } }, context = new { traits = new { email = "carl@example.org" } } });
        await SendAsync("track", 450, new { userId = "dora", @event = "Call " + Old, traits = new { email = "dora@example.org", consent = new { purpose = "commercial", state = "given" } } });
        await SendAsync("page", 450, new { userId = "eva", name = "Page " + Old, properties = new { consent = new { contactPoint = "", purpose = "commercial", state = "given" } }, traits = new { email = "eva@example.org" } });
        await KeptAsync();
        (await StatesAsync()).ShouldBe("True True True True");
        await SetAsync("events", 365);
        await RunAsync();
        // All that follows the log is made anew of what is left of it.
        await _server.StopAsync();
        using (var db = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(_server.DataFolder, "tangent.db")};Pooling=False"))
        {
            db.Open();
            using var command = db.CreateCommand();
            command.CommandText = "DELETE FROM consents; DELETE FROM standing_consents; DELETE FROM profiles; DELETE FROM watermarks WHERE Follower IN ('consents', 'profiles')";
            command.ExecuteNonQuery();
        }

        _server = await TestServer.StartAsync(dataFolder: _server.DataFolder);
        await KeptAsync();
        (await StatesAsync()).ShouldBe("True True True True");
        using var scope = _server.Services.CreateScope();
        (await scope.ServiceProvider.GetRequiredService<ProfileQueries>().FindAsync(["user:carl", "user:dora", "user:eva"], CancellationToken.None)).ShouldBeEmpty("A consent is no trait.");
    }

    [Fact]
    public async Task What_was_said_in_an_event_ages_with_it_and_the_scores_are_those_of_a_rebuild()
    {
        foreach (var (days, score, words) in ((int, int, string)[])[(500, 2, Old), (2, 5, Young)])
            await SendAsync("track", days, new { userId = "anna", @event = "Survey answered", properties = new { metric = "csat", score, comment = "Said " + words } });
        await KeptAsync();
        await SetAsync("events", 365);
        await SetAsync("visitors", 90);
        await RunAsync();
        FilesWith(Old).ShouldBeEmpty();
        var comments = await _server.Http.GetStringAsync("/api/v1/measure/comments");
        comments.ShouldContain("Said " + Young);
        comments.ShouldNotContain(Old);
        var scores = await _server.Http.GetStringAsync("/api/v1/measure/scores");
        JsonElement.Parse(scores).GetProperty("answers").GetInt64().ShouldBe(1);

        await _server.StopAsync();
        using (var db = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(_server.DataFolder, "tangent.db")};Pooling=False"))
        {
            db.Open();
            using var command = db.CreateCommand();
            command.CommandText = "DELETE FROM feedback; DELETE FROM watermarks WHERE Follower = 'feedback'";
            command.ExecuteNonQuery();
        }

        _server = await TestServer.StartAsync(dataFolder: _server.DataFolder);
        await KeptAsync();
        (await _server.Http.GetStringAsync("/api/v1/measure/scores")).ShouldBe(scores);
    }

    [Fact]
    public async Task A_stop_in_the_middle_is_finished_at_the_next_start()
    {
        // The record is there, its lines are not rewritten: the very first and third event.
        await _server.Get<EventLog>().AppendAsync(new LogAppend(0, LogKind.Aged, true, 0, null, [new AcceptedEvent(0, AgedRecord.At([(0, 2), (4, 5), (6, 7)]).ToJson())]), CancellationToken.None);
        await RestartAsync(rebuild: false);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (FilesWith(Old).Count > 0) await Task.Delay(100, patience.Token);
        (Journey("anna"), Journey("visitor"), Journey("ben")).ShouldBe((1, 1, 0));
    }

    [Fact]
    public async Task The_night_comes_once_a_day_in_the_companys_zone_and_is_in_the_audit_log()
    {
        await SetAsync("events", 365);
        var clock = new Clock { Now = Noon.AddDays(1) };
        var nightly = Nightly(clock);
        (await nightly.RunWhereDueAsync(CancellationToken.None))!.Gone.ShouldBe([new RetentionGone("events", 3)]);
        (await nightly.RunWhereDueAsync(CancellationToken.None)).ShouldBeNull();
        // Another process would know of it by the audit log.
        (await Nightly(clock).RunWhereDueAsync(CancellationToken.None)).ShouldBeNull();
        var line = (await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/access/audit?route=retention/runs")).GetProperty("items")[0];
        (line.GetProperty("actor").GetString(), line.GetProperty("target").GetString()).ShouldBe(("Tangent", "events=3"));
        // 01:30 in Berlin is still the night before, 02:30 is the next one.
        clock.Now = new DateTimeOffset(Noon.AddDays(2).Date, TimeSpan.Zero).AddMinutes(-30 + 60 - 60);
        (await nightly.RunWhereDueAsync(CancellationToken.None)).ShouldBeNull();
        clock.Now = new DateTimeOffset(Noon.AddDays(2).Date, TimeSpan.Zero).AddHours(3);
        (await nightly.RunWhereDueAsync(CancellationToken.None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Periods_set_by_day_take_nothing_before_the_next_hour()
    {
        await SetAsync("events", 365);
        var zone = _server.Get<IOptionsMonitor<CompanyOptions>>().CurrentValue.Zone();
        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow, zone).DateTime;
        var two = local.Date.AddHours(local.Hour >= 2 ? 26 : 2);
        DateTimeOffset At(DateTime moment) => new(TimeZoneInfo.ConvertTimeToUtc(moment, zone));
        (await Nightly(new Clock()).RunWhereDueAsync(CancellationToken.None)).ShouldBeNull();
        (await Nightly(new Clock { Now = At(two.AddMinutes(-1)) }).RunWhereDueAsync(CancellationToken.None)).ShouldBeNull();
        Journey("anna").ShouldBe(3);
        // The hour after: on one day of the year there is no two o'clock.
        (await Nightly(new Clock { Now = At(two.AddMinutes(61)) }).RunWhereDueAsync(CancellationToken.None))!.Gone.ShouldBe([new RetentionGone("events", 3)]);
    }

    [Fact]
    public async Task Events_of_undone_imports_are_counted_where_they_go()
    {
        var report = await (await _server.Http.PostAsync("/api/v1/collect/imports?source=undone", new StringContent($"customer,event,time\nanna,{Old},2020-01-02\nben,{Old},2020-01-03\n"))).Content.ReadFromJsonAsync<JsonElement>();
        (await _server.Http.PostAsync($"/api/v1/collect/imports/{report.GetProperty("importId").GetInt32()}/undo", null)).EnsureSuccessStatusCode();
        await KeptAsync();
        await SetAsync("events", 365);
        Item2((await RunAsync()).GetProperty("gone"), "events").ShouldBe(5);
    }

    [Theory]
    [InlineData(false, "letters=…, rejections=7")]
    [InlineData(true, "letters=…, rejections=…")]
    public async Task What_fails_or_is_stopped_keeps_nothing_else_back_and_stands_in_the_audit_log(bool isStopped, string target)
    {
        await SetAsync("letters", 30);
        await SetAsync("rejections", 30);
        using var stop = new CancellationTokenSource();
        await using var services = new ServiceCollection()
            .AddSingleton<IKeepsPersonalData>(new Keeper("letters", () => { if (isStopped) stop.Cancel(); throw isStopped ? new OperationCanceledException() : new NotSupportedException(); }))
            .AddSingleton<IKeepsPersonalData>(new Keeper("rejections", () => 7))
            .AddScoped(_ => _server.Services.CreateScope().ServiceProvider.GetRequiredService<AuditQueries>())
            .BuildServiceProvider();
        using var retention = new Retention(_server.Get<EventRetention>(), _server.Get<Restrictions>(), services.GetRequiredService<IServiceScopeFactory>(), _server.Get<IOptionsMonitor<RetentionOptions>>(), TimeProvider.System, NullLogger<Retention>.Instance);

        var run = retention.RunAsync(Actor.Nobody, stop.Token);

        if (isStopped) await Should.ThrowAsync<OperationCanceledException>(run);
        else await run;
        string.Join(", ", (await retention.LastAsync(CancellationToken.None))!.Gone).ShouldBe(target);
    }

    private sealed class Keeper(string kind, Func<long> ageOut) : IKeepsPersonalData
    {
        public string Kind => kind;

        public IReadOnlyList<Type> Entities => [];

        public bool Ages => true;

        public IAsyncEnumerable<System.Text.Json.Nodes.JsonNode> ExportAsync(DataSubject subject, CancellationToken ct) => AsyncEnumerable.Empty<System.Text.Json.Nodes.JsonNode>();

        public Task EraseAsync(DataSubject subject, CancellationToken ct) => Task.CompletedTask;

        public Task<long> AgeOutAsync(DateTime beforeUtc, bool onlyCount, CancellationToken ct) => Task.FromResult(ageOut());
    }

    [Fact]
    public async Task Rejected_rows_reports_letters_answered_requests_and_the_audit_log_age_too()
    {
        using (var bad = Call("track", 0, new { userId = "ben", note = Old })) (await _server.Http.SendAsync(bad)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await _server.Http.PostAsync("/api/v1/collect/imports?fileName=bad.csv", new StringContent($"customer,event,time,note\nanna,,2026-01-02,{Old}\n"))).EnsureSuccessStatusCode();
        await _server.Http.PostAsJsonAsync("/api/v1/unify/privacy/requests", new { kind = "access", state = "done", note = Old });
        await _server.Http.PostAsJsonAsync("/api/v1/unify/privacy/requests", new { kind = "access", note = "open " + Young });
        await KeptAsync();
        foreach (var kind in (string[])["events", "visitors", "rejections", "imports", "requests", "audit"]) await SetAsync(kind, 1);
        var retention = new Retention(_server.Get<EventRetention>(), _server.Get<Restrictions>(), _server.Get<IServiceScopeFactory>(), _server.Get<IOptionsMonitor<RetentionOptions>>(), new Clock { Now = DateTimeOffset.UtcNow.AddDays(3) }, NullLogger<Retention>.Instance);

        var preview = (await retention.PreviewAsync(retention.Periods, CancellationToken.None)).ToDictionary(i => i.Kind, i => i.Pieces);
        var run = (await retention.RunAsync(Actor.Nobody, CancellationToken.None))!;

        run.Gone.ToDictionary(g => g.Kind, g => g.Pieces!.Value).ShouldBe(preview.Where(p => p.Key != "letters" && p.Value > 0), ignoreOrder: true);
        foreach (var gone in run.Gone) gone.Pieces!.Value.ShouldBeGreaterThan(0, gone.Kind);
        FilesWith(Old).ShouldBeEmpty();
        (await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/unify/privacy/requests")).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Calls_are_taken_while_much_ages()
    {
        var events = Enumerable.Range(0, 60_000).Select(i => new AcceptedEvent(0, Encoding.UTF8.GetBytes(
            $$$"""{"type":"track","userId":"many{{{i % 3000}}}","event":"E{{{i % 40}}}","timestamp":"{{{DateTime.UtcNow.AddDays(i % 2 == 0 ? -800 : -3):O}}}","properties":{"n":{{{i}}}}}"""))).ToList();
        foreach (var chunk in events.Chunk(500)) await _server.Get<EventLog>().AppendAsync(new LogAppend(1, LogKind.Import, true, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), null, chunk), CancellationToken.None);
        await KeptAsync();
        await SetAsync("events", 365);

        var run = RunAsync();
        var slowest = TimeSpan.Zero;
        while (!run.IsCompleted)
        {
            var started = System.Diagnostics.Stopwatch.GetTimestamp();
            await SendAsync("track", 0, new { userId = "anna", @event = "Meanwhile" });
            slowest = System.Diagnostics.Stopwatch.GetElapsedTime(started) is var took && took > slowest ? took : slowest;
        }

        Item2((await run).GetProperty("gone"), "events").ShouldBe(30_003);
        slowest.ShouldBeLessThan(TimeSpan.FromSeconds(5));
        await KeptAsync();
        Journey("many0").ShouldBe(0);
        Journey("many1").ShouldBe(20);
    }

    [Fact]
    public async Task The_commands_show_set_and_delete()
    {
        (await CommandLine.RunAsync(["privacy", "retention", "--periods", "events=365", "--data", _server.DataFolder])).ShouldBe(ExitCode.Done);
        (await CommandLine.RunAsync(["privacy", "keep", "events", "365", "--data", _server.DataFolder])).ShouldBe(ExitCode.Done);
        (await CommandLine.RunAsync(["privacy", "age-out", "--data", _server.DataFolder])).ShouldBe(ExitCode.Done);
        (Journey("anna"), Journey("visitor")).ShouldBe((1, 2));
    }

    private static DateTimeOffset Noon => new(DateTime.UtcNow.Date.AddHours(12), TimeSpan.Zero);

    private JourneyStore Store => _server.Get<JourneyStore>();

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UtcNow;

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private NightlyRetention Nightly(Clock clock) => new(
        new Retention(_server.Get<EventRetention>(), _server.Get<Restrictions>(), _server.Get<IServiceScopeFactory>(), _server.Get<IOptionsMonitor<RetentionOptions>>(), clock, NullLogger<Retention>.Instance),
        _server.Get<EventRetention>(), _server.Get<IOptionsMonitor<RetentionOptions>>(), _server.Get<IOptionsMonitor<CompanyOptions>>(), _server.Get<Settings>(), clock, NullLogger<NightlyRetention>.Instance);

    private async Task SetAsync(string kind, int days) =>
        (await _server.Http.PutAsJsonAsync("/api/v1/unify/retention", new { periods = new Dictionary<string, int> { [kind] = days } })).EnsureSuccessStatusCode();

    private async Task<JsonElement> RunAsync()
    {
        using var answer = await _server.Http.PostAsync("/api/v1/unify/retention/runs", null);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonElement.Parse(text);
    }

    private static JsonElement Item(JsonElement answer, string kind) => answer.GetProperty("items").EnumerateArray().Single(i => i.GetProperty("kind").GetString() == kind);

    private static long Item2(JsonElement gone, string kind) => gone.EnumerateArray().Single(i => i.GetProperty("kind").GetString() == kind).GetProperty("pieces").GetInt64();

    private int Number(string id) => Store.FindCustomer(id)!.Value;

    private int Journey(string id) => Store.Journey(Number(id), new Paging())!.Events.Count;

    private string Fingerprint() => string.Join('\n', Store.Customers(new Paging()).Items.Select(c => c.Customer).Order().Select(c =>
        $"{c} {string.Join(' ', Store.Identity(c).Identifiers)} | {string.Join(' ', Store.Journey(c, new Paging())!.Events.Select(e => $"{e.At:O} {e.Touchpoint} {e.Identity}"))}"));

    private HttpRequestMessage Call(string type, int daysAgo, object body)
    {
        var json = JsonSerializer.SerializeToNode(body, JsonSerializerOptions.Web)!.AsObject();
        var at = DateTimeOffset.UtcNow.AddDays(-daysAgo);
        json["timestamp"] = at.ToString("O");
        var call = new HttpRequestMessage(HttpMethod.Post, $"/v1/{type}") { Content = JsonContent.Create(json) };
        call.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(_key + ":")));
        return call;
    }

    private async Task SendAsync(string type, int daysAgo, object body)
    {
        using var call = Call(type, daysAgo, body);
        using var answer = await _server.Http.SendAsync(call);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }

    private async Task KeptAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await Store.WaitUntilVisibleAsync(_server.Get<EventLog>().EndPosition, patience.Token);
        foreach (var follower in _server.Services.GetServices<ILogFollower>()) await follower.WaitUntilKeptAsync(_server.Get<EventLog>().EndPosition, patience.Token);
        await _server.Get<RejectionJournal>().FlushAsync(patience.Token);
    }

    private async Task RestartAsync(bool rebuild)
    {
        await _server.StopAsync();
        if (rebuild) Directory.Delete(Path.Combine(_server.DataFolder, "journeys"), recursive: true);
        _server = await TestServer.StartAsync(dataFolder: _server.DataFolder);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await Store.WaitUntilVisibleAsync(_server.Get<EventLog>().EndPosition, patience.Token);
    }

    /// <summary>In a process of its own: opening and closing SQLite's files here would drop the locks that this process holds on them.</summary>
    private List<string> FilesWith(string text)
    {
        using var grep = Process.Start(new ProcessStartInfo("grep", ["-rlaF", "--devices=skip", text, _server.DataFolder]) { RedirectStandardOutput = true })!;
        var found = grep.StandardOutput.ReadToEnd();
        grep.WaitForExit();
        return [.. found.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
