using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Access;
using Tangent.Cli;
using Tangent.Collect;
using Tangent.Data;
using Process = System.Diagnostics.Process;
using ProcessStartInfo = System.Diagnostics.ProcessStartInfo;

namespace Tangent.Tests.Collect;

/// <summary>An erased customer is gone from answers and from every file, and nobody else notices.</summary>
public sealed class ErasureTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private string _key = "";

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _key = (await (await _server.Http.PostAsJsonAsync("/api/v1/collect/sources", new { name = "Shop", kind = "server" })).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("writeKey").GetString()!;
        await SendAsync("identify", new { userId = "anna-97wq31", anonymousId = "phone-97wq31", traits = new { name = "Anna Wesoly-97wq31", email = "a-97wq31@example.org" } });
        await SendAsync("track", new { userId = "anna-97wq31", @event = "Visit", properties = new { note = "secret-97wq31" } });
        await SendAsync("track", new { userId = "ben", anonymousId = "laptop", @event = "Visit" });
        // Ben on Anna's phone: the event is Ben's.
        await SendAsync("track", new { userId = "ben", anonymousId = "phone-97wq31", @event = "Order" });
        await SendAsync("track", new { userId = "carl", @event = "Call" });
        await SendAsync("track", new { anonymousId = "phone-97wq31", @event = "Search" });
        using var bad = Call("track", new { userId = "anna-97wq31" });
        (await _server.Http.SendAsync(bad)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Nothing_of_the_customer_is_left_in_any_file_and_others_stay_as_they_are()
    {
        await KeptAsync();
        FilesWith("97wq31").ShouldNotBeEmpty();
        var (ben, carl) = (Journey("ben"), Journey("carl"));

        var erased = await PostAsync(new { customer = "anna-97wq31", reason = "request 7" });

        (erased.GetProperty("identifiers").GetInt32(), erased.GetProperty("events").GetInt64()).ShouldBe((2, 2));
        FilesWith("97wq31").ShouldBeEmpty();
        (Journey("ben"), Journey("carl")).ShouldBe((ben, carl));
        Store.FindCustomer("anna-97wq31").ShouldBeNull();
        Store.FindCustomer("phone-97wq31").ShouldBeNull();
        Store.Customers(new Paging()).Total.ShouldBe(2);
        (await _server.Http.GetAsync("/api/v1/unify/customers/0")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await _server.Http.GetAsync("/api/v1/unify/customers?search=Wesoly")).StatusCode.ShouldBe(HttpStatusCode.OK);
        _server.Get<EventLog>().FindFault().ShouldBeNull();

        var whole = Fingerprint();
        await RestartAsync(rebuild: true);
        Fingerprint().ShouldBe(whole);
        FilesWith("97wq31").ShouldBeEmpty();
    }

    [Fact]
    public async Task Saved_questions_that_name_the_customer_and_kept_answers_go_too()
    {
        foreach (var (name, address) in new[] { ("by id", "/analyse/variants?customer=anna-97wq31"), ("Anna anna-97wq31", "/analyse/flows"), ("others", "/analyse/flows?customer=anna-97wq310") })
        {
            using var save = new HttpRequestMessage(HttpMethod.Post, "/api/v1/analyse/saved-questions") { Content = JsonContent.Create(new { name, address }) };
            save.Headers.Add("Idempotency-Key", "save-" + address.Length);
            (await _server.Http.SendAsync(save)).StatusCode.ShouldBe(HttpStatusCode.Created);
        }

        await PostAsync(new { customer = "anna-97wq31", reason = "request 7" });
        var saved = await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/analyse/saved-questions");
        saved.GetProperty("items").EnumerateArray().Select(q => q.GetProperty("name").GetString()).ShouldBe(["others"]);
        await using var scope = _server.Services.CreateAsyncScope();
        (await scope.ServiceProvider.GetRequiredService<Tangent.Data.TangentDb>().Set<Tangent.Web.KeptAnswer>().CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Who_comes_under_the_same_id_later_is_somebody_new()
    {
        await PostAsync(new { customer = "phone-97wq31", reason = "request 7" });
        await SendAsync("track", new { userId = "anna-97wq31", @event = "Return" });
        Store.Journey(Store.FindCustomer("anna-97wq31")!.Value, new Paging())!.Events.Select(e => e.Touchpoint).ShouldBe(["Return"]);
        var whole = Fingerprint();
        await RestartAsync(rebuild: true);
        Fingerprint().ShouldBe(whole);
        await PostAsync(new { customer = "anna-97wq31", reason = "request 8" });
        FilesWith("97wq31").ShouldBeEmpty();
    }

    [Fact]
    public async Task An_erasure_that_a_stop_interrupted_is_finished_at_the_next_start()
    {
        var record = new ErasureRecord(["anonymous:phone-97wq31", "user:anna-97wq31"], "request 7", "owner");
        await _server.Get<EventLog>().AppendAsync(new LogAppend(0, LogKind.Erase, true, 0, null, [new AcceptedEvent(0, record.ToJson())]), CancellationToken.None);
        await RestartAsync(rebuild: false);
        for (var waited = 0; waited < 200 && FilesWith("97wq31").Count > 0; waited++) await Task.Delay(50);
        FilesWith("97wq31").ShouldBeEmpty();
        Store.FindCustomer("anna-97wq31").ShouldBeNull();
    }

    [Fact]
    public async Task A_base_from_a_backup_does_not_bring_an_erased_customer_back()
    {
        await KeptAsync();
        var (journeys, backup) = (Path.Combine(_server.DataFolder, "journeys"), _server.DataFolder + "-backup");
        Copy(journeys, backup);
        await PostAsync(new { customer = "anna-97wq31", reason = "request 7" });
        var whole = Fingerprint();
        await _server.StopAsync();
        Directory.Delete(journeys, recursive: true);
        Directory.Move(backup, journeys);
        _server = await TestServer.StartAsync(dataFolder: _server.DataFolder);
        await VisibleAsync();
        Fingerprint().ShouldBe(whole);
        Store.FindCustomer("anna-97wq31").ShouldBeNull();
    }

    [Fact]
    public async Task The_same_file_imported_again_does_not_bring_an_erased_customer_back()
    {
        const string File = "customer,event,time\nanna-97wq31,Letter,2026-01-02 10:00\ndora,Letter,2026-01-02 11:00\n";
        (await ImportAsync(File)).ShouldBe(2);
        await PostAsync(new { customer = "anna-97wq31", reason = "request 7" });
        FilesWith("97wq31").ShouldBeEmpty();
        (await ImportAsync(File)).ShouldBe(0);
        Store.FindCustomer("anna-97wq31").ShouldBeNull();
        Store.FindCustomer("dora").ShouldNotBeNull();
    }

    [Fact]
    public async Task What_imports_leave_beside_the_log_forgets_the_customer_too()
    {
        const string File = "customer,event,time\nanna-97wq31,Letter,2026-01-02 10:00\ndora,Letter,2026-01-02 11:00\n";
        (await _server.Http.PostAsync("/api/v1/collect/imports?fileName=letters.csv&dryRun=true", new StringContent(File))).EnsureSuccessStatusCode();
        using var bad = await _server.Http.PostAsync("/api/v1/collect/imports?fileName=bad.csv", new StringContent("customer,event,time\nanna-97wq31,,2026-01-02\ndora,,2026-01-02\ndora,Letter,2026-01-02\n"));
        var rejects = $"/api/v1/collect/imports/{(await bad.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("importId").GetInt32()}/rejects";
        (await _server.Http.PostAsync("/api/v1/collect/uploads?fileName=waits.csv", new StringContent(File))).EnsureSuccessStatusCode();

        await PostAsync(new { customer = "anna-97wq31", reason = "request 7" });

        FilesWith("97wq31").ShouldBeEmpty();
        (await _server.Http.GetStringAsync(rejects)).Split('\n')[1].ShouldStartWith("dora,,2026-01-02,3,nameMissing");
        (await _server.Http.GetStringAsync("/api/v1/collect/imports/1")).ShouldContain("dora");
    }

    /// <summary>A row that is wrong in another way names nobody less.</summary>
    [Theory]
    [InlineData("orders", "id,customer,date,title,email\nORDBAD,anna-97wq31,notadate,Chairs,x@example.org\nORD2,dora,notadate,Chairs,dora@example.org\nORD3,dora,2026-01-02,Chairs,dora@example.org\nORD4,dora,2026-01-03,Chairs,dora@example.org\n")]
    [InlineData("orders", "id,customer,date,title,email\nORDBAD,x,notadate,Chairs,A-97wq31@example.org\nORD2,dora,notadate,Chairs,dora@example.org\nORD3,dora,2026-01-02,Chairs,dora@example.org\nORD4,dora,2026-01-03,Chairs,dora@example.org\n")]
    [InlineData("events", "customer,event,time,note\nx,Letter,notadate,of anna-97wq31 (old)\ndora,,2026-01-02,of dora\n")]
    [InlineData("events", "customer,event,time,note\nx,Letter,2026-01-02,a-97wq31@example.org,too,many\ndora,,2026-01-02,of dora\n")]
    public async Task A_rejected_row_that_names_an_erased_person_is_not_kept_either(string kind, string file)
    {
        await PostAsync(new { customer = "anna-97wq31", reason = "request 7" });
        foreach (var dryRun in (string[])["true", "false"])
        {
            using var answer = await _server.Http.PostAsync($"/api/v1/collect/imports?fileName=bad.csv&kind={kind}&dryRun={dryRun}", new StringContent(file));
            var report = await answer.Content.ReadFromJsonAsync<JsonElement>();
            report.GetProperty("rejects").EnumerateArray().Select(r => r.GetProperty("reason").GetString()).ShouldBe(["erasedPerson", kind == "orders" ? "timeUnreadable" : "nameMissing"]);
        }

        await KeptAsync();
        (FilesWith("97wq31").Count, FilesWith("97WQ31").Count, FilesWith("ORDBAD").Count).ShouldBe((0, 0, 0));
        FilesWith("dora").ShouldNotBeEmpty();
    }

    [Fact]
    public async Task What_others_events_segments_and_annotations_say_of_the_customer_goes_too()
    {
        await SendAsync("track", new { userId = "ben", @event = "Note", properties = new { note = "mail A-97wq31@example.org, or ask anna-97wq31; not a-97wq31@example.orgs", amount = 12 }, context = new { list = new[] { "a-97wq31@example.org" } } });
        await SendAsync("page", new { userId = "ben", name = "Of A-97wq31@example.org", properties = new { path = "/customers/a-97wq31@example.org" } });
        using var segment = await _server.Http.PostAsJsonAsync("/api/v1/unify/segments", new { name = "Fix2 a-97wq31@example.org", conditions = new[] { "did: Visit" } });
        segment.EnsureSuccessStatusCode();
        (await _server.Http.PostAsJsonAsync("/api/v1/unify/segments", new { name = "Outer", conditions = new[] { "segment: Fix2 a-97wq31@example.org" } })).EnsureSuccessStatusCode();
        (await _server.Http.PostAsJsonAsync("/api/v1/analyse/annotations", new { day = "2026-01-02", text = "Price up, a-97wq31@example.org wrote" })).EnsureSuccessStatusCode();
        await KeptAsync();

        await PostAsync(new { customer = "anna-97wq31", reason = "request 7" });

        var note = Store.Journey(Store.FindCustomer("ben")!.Value, new Paging())!.Events.Single(e => e.Touchpoint == "Note");
        var json = JsonElement.Parse(_server.Get<EventLog>().Find(note.Position)!.Value.Span);
        json.GetProperty("properties").GetProperty("note").GetString().ShouldBe("mail …, or ask …; not a-97wq31@example.orgs");
        json.GetProperty("properties").GetProperty("amount").GetInt32().ShouldBe(12);
        json.GetProperty("context").GetProperty("list")[0].GetString().ShouldBe("…");
        FilesWith("A-97wq31@example.org,").ShouldBeEmpty();
        FilesWith("anna-97wq31").ShouldBeEmpty();
        (FilesWith("Of A-97wq31").Count, FilesWith("/customers/a-97wq31").Count).ShouldBe((0, 0));
        Store.Places(Store.FindCustomer("ben")!.Value).Select(p => p.Touchpoint).ShouldContain(t => t.Contains('…', StringComparison.Ordinal));
        var segments = (await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/unify/segments")).GetProperty("items").EnumerateArray().ToList();
        segments.Select(s => s.GetProperty("name").GetString()).ShouldBe(["Fix2 …", "Outer"]);
        segments[1].GetProperty("conditions")[0].GetString().ShouldBe("segment: Fix2 …");
        (await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/analyse/annotations")).GetProperty("items")[0].GetProperty("text").GetString().ShouldBe("Price up, … wrote");
    }

    [Fact]
    public async Task An_erasure_that_was_killed_before_the_journal_was_empty_is_finished_at_the_next_start()
    {
        var record = new ErasureRecord(["anonymous:phone-97wq31", "user:anna-97wq31"], "request 7", "owner");
        var log = _server.Get<EventLog>();
        var position = (await log.AppendAsync(new LogAppend(0, LogKind.Erase, true, 0, null, [new AcceptedEvent(0, record.ToJson())]), CancellationToken.None)).EndPosition - 1;
        await KeptAsync();
        await using (var scope = _server.Services.CreateAsyncScope()) await scope.ServiceProvider.GetRequiredService<RejectionQueries>().EraseAsync(new DataSubject(null, record.Identifiers, []), CancellationToken.None);
        await _server.StopAsync();
        var killed = _server.DataFolder + "-killed";
        using (var file = new LogFile(Path.Combine(_server.DataFolder, "events.db")))
        {
            var erasure = new LogErasure(record, position);
            using (var tx = file.Begin())
            {
                foreach (var row in file.Read(0, int.MaxValue).ToList())
                    if ((row.Position == position ? new RewrittenRow(position, erasure.Finished(record).ToJson()) : erasure.Rewrite(row)) is { } rewritten) file.Rewrite(tx, rewritten);
                tx.Commit();
            }

            // In a process of its own, as FilesWith.
            using var copying = Process.Start("cp", ["-r", _server.DataFolder, killed]);
            await copying.WaitForExitAsync();
        }

        Directory.Delete(_server.DataFolder, recursive: true);
        _server = await TestServer.StartAsync(dataFolder: killed);
        for (var waited = 0; waited < 400 && FilesWith("97wq31").Count > 0; waited++) await Task.Delay(50);
        FilesWith("97wq31").ShouldBeEmpty();
    }

    [Fact]
    public async Task An_import_taken_in_again_does_not_bring_an_erased_customer_back()
    {
        const string File = "customer,anonymousId,event,time\nanna-97wq31,tablet-97wq31,Letter,2026-01-02 10:00\nben,tablet-97wq31,Letter,2026-01-02 11:00\nben,,Letter,2026-01-02 12:00\n";
        using var imported = await _server.Http.PostAsync("/api/v1/collect/imports?fileName=letters.csv", new StringContent(File));
        var undo = $"/api/v1/collect/imports/{(await imported.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("importId").GetInt32()}/undo";
        (await _server.Http.PostAsync(undo, null)).EnsureSuccessStatusCode();
        // An erasure that has begun and is not finished when the import is taken in again.
        var record = new ErasureRecord(["anonymous:phone-97wq31", "user:anna-97wq31", "anonymous:tablet-97wq31"], "request 7", "owner");
        await _server.Get<EventLog>().AppendAsync(new LogAppend(0, LogKind.Erase, true, 0, null, [new AcceptedEvent(0, record.ToJson())]), CancellationToken.None);
        await VisibleAsync();

        (await _server.Http.DeleteAsync(undo)).EnsureSuccessStatusCode();

        Store.FindCustomer("anna-97wq31").ShouldBeNull();
        FilesWith("97wq31").ShouldBeEmpty();
        Store.Journey(Store.FindCustomer("ben")!.Value, new Paging())!.Events.Count(e => e.Touchpoint == "Letter").ShouldBe(2);
        Fingerprint().ShouldNotContain("erased");
        var whole = Fingerprint();
        await RestartAsync(rebuild: true);
        Fingerprint().ShouldBe(whole);
    }

    [Fact]
    public async Task The_answer_waits_for_a_reader_that_holds_the_journal_of_the_database()
    {
        await using var reader = new SqliteConnection($"Data Source={Path.Combine(_server.DataFolder, "tangent.db")};Pooling=False");
        await reader.OpenAsync();
        await using var reading = await reader.BeginTransactionAsync();
        await using (var command = reader.CreateCommand())
        {
            command.Transaction = (SqliteTransaction)reading;
            command.CommandText = "SELECT count(*) FROM sources";
            await command.ExecuteScalarAsync();
        }

        var answer = _server.Http.PostAsJsonAsync("/api/v1/collect/erasures", new { customer = "anna-97wq31", reason = "request 7" });
        using (var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30)))
            while (Store.FindCustomer("anna-97wq31") is not null) await Task.Delay(20, patience.Token);
        (await Task.WhenAny(answer, Task.Delay(1500))).ShouldNotBe(answer);
        await reading.RollbackAsync();
        (await answer).StatusCode.ShouldBe(HttpStatusCode.OK);
        FilesWith("97wq31").ShouldBeEmpty();
    }

    [Fact]
    public async Task What_cannot_be_erased_is_refused_with_the_field_and_only_an_owner_may()
    {
        var end = _server.Get<EventLog>().EndPosition;
        await ShouldRefuseAsync(new { customer = "nobody", reason = "r" }, "customer");
        await ShouldRefuseAsync(new { }, "customer");
        await ShouldRefuseAsync(new { customer = "carl", reason = " " }, "reason");
        await ShouldRefuseAsync(new { customer = "carl", reason = new string('r', 501) }, "reason");
        _server.Get<EventLog>().EndPosition.ShouldBe(end);
        await PostAsync(new { customer = "carl", reason = "r" });
        await ShouldRefuseAsync(new { customer = "carl", reason = "r" }, "customer");

        await using var server = await TestServer.StartAsync(demo: false);
        (await server.Http.PostAsJsonAsync("/api/v1/collect/erasures", new { })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await using var scope = server.Services.CreateAsyncScope();
        var link = InvitationsEndpoints.Link(await scope.ServiceProvider.GetRequiredService<InvitationQueries>().CreateAsync("e@example.org", Role.Editor, CancellationToken.None));
        var token = Regex.Match(await server.Http.GetStringAsync(link), "__RequestVerificationToken\" value=\"([^\"]+)").Groups[1].Value;
        await server.Http.PostAsync(link, new FormUrlEncodedContent(new Dictionary<string, string> { ["password"] = "long enough words", ["__RequestVerificationToken"] = token }));
        (await server.Http.PostAsJsonAsync("/api/v1/collect/erasures", new { })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_command_erases()
    {
        (await CommandLine.RunAsync(["customer", "erase", "anna-97wq31", "--reason", "request 7", "--data", _server.DataFolder])).ShouldBe(ExitCode.Done);
        (await CommandLine.RunAsync(["customer", "erase", "anna-97wq31", "--reason", "request 7", "--data", _server.DataFolder])).ShouldBe(ExitCode.Refused);
        (await CommandLine.RunAsync(["customer", "erase", "carl", "--data", _server.DataFolder])).ShouldBe(ExitCode.Usage);
        FilesWith("97wq31").ShouldBeEmpty();
    }

    private JourneyStore Store => _server.Get<JourneyStore>();

    private HttpRequestMessage Call(string type, object body)
    {
        var call = new HttpRequestMessage(HttpMethod.Post, "/v1/" + type) { Content = JsonContent.Create(body) };
        call.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(_key + ":")));
        return call;
    }

    private async Task SendAsync(string type, object body)
    {
        using var call = Call(type, body);
        (await _server.Http.SendAsync(call)).EnsureSuccessStatusCode();
        await VisibleAsync();
    }

    private async Task<JsonElement> PostAsync(object body)
    {
        using var answer = await _server.Http.PostAsJsonAsync("/api/v1/collect/erasures", body);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonElement.Parse(text);
    }

    private async Task ShouldRefuseAsync(object body, string field)
    {
        using var answer = await _server.Http.PostAsJsonAsync("/api/v1/collect/erasures", body);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("field").GetString().ShouldBe(field);
    }

    private async Task<long> ImportAsync(string file)
    {
        using var answer = await _server.Http.PostAsync("/api/v1/collect/imports?fileName=letters.csv", new StringContent(file));
        var report = await answer.Content.ReadFromJsonAsync<JsonElement>();
        report.GetProperty("rows").GetInt64().ShouldBe(2);
        return report.GetProperty("new").GetInt64();
    }

    private async Task VisibleAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await Store.WaitUntilVisibleAsync(_server.Get<EventLog>().EndPosition, patience.Token);
    }

    /// <summary>Journeys and profiles are on disk.</summary>
    private async Task KeptAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        foreach (var follower in _server.Services.GetServices<ILogFollower>()) await follower.WaitUntilKeptAsync(_server.Get<EventLog>().EndPosition, patience.Token);
        await _server.Get<RejectionJournal>().FlushAsync(patience.Token);
    }

    private async Task RestartAsync(bool rebuild)
    {
        await _server.StopAsync();
        if (rebuild) Directory.Delete(Path.Combine(_server.DataFolder, "journeys"), recursive: true);
        _server = await TestServer.StartAsync(dataFolder: _server.DataFolder);
        await VisibleAsync();
    }

    private string Fingerprint() => string.Join('\n', Store.Customers(new Paging()).Items.Select(c => c.Customer).Order().Select(Journey));

    private string Journey(string id) => Journey(Store.FindCustomer(id)!.Value);

    private string Journey(int customer) =>
        $"{customer} {string.Join(' ', Store.Identity(customer).Identifiers)} | {string.Join(' ', Store.Journey(customer, new Paging())!.Events.Select(e => $"{e.At:O} {e.Touchpoint} {e.Identity}"))}";

    /// <summary>In a process of its own: opening and closing SQLite's files here would drop the locks that this process holds on them.</summary>
    private List<string> FilesWith(string text)
    {
        using var grep = Process.Start(new ProcessStartInfo("grep", ["-rlaF", "--devices=skip", text, _server.DataFolder]) { RedirectStandardOutput = true })!;
        var found = grep.StandardOutput.ReadToEnd();
        grep.WaitForExit();
        return [.. found.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static void Copy(string from, string to)
    {
        foreach (var path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }
    }
}
