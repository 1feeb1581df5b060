using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Tests.Operate;
using Tangent.Unify;
using Process = System.Diagnostics.Process;
using ProcessStartInfo = System.Diagnostics.ProcessStartInfo;

namespace Tangent.Tests.Unify;

/// <summary>What a person may ask for of the own data, over HTTP: seen, handed over, corrected, restricted, erased, and not brought back.</summary>
public sealed class PrivacyTests : IAsyncLifetime
{
    private const string Marker = "Wesoly9731";
    private TestServer _server = null!;
    private string _key = "";

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _key = (await (await _server.Http.PostAsJsonAsync("/api/v1/collect/sources", new { name = "Shop", kind = "server" })).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("writeKey").GetString()!;
        await SendAsync("identify", new { userId = "anna", anonymousId = "phone", traits = new { name = "Anna " + Marker, email = $"{Marker}@example.org", phone = "+49 170 5559731", city = "Wien" } });
        await SendAsync("track", new { userId = "anna", @event = "Visit <b>", properties = new { note = "in " + Marker } });
        await SendAsync("identify", new { userId = "ben", traits = new { email = "ben@example.org" } });
        await KeptAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("en", "Your data: Anna", "Profiles by source")]
    [InlineData("de", "Ihre Daten: Anna", "Profile je Quelle")]
    [InlineData("pl", "Państwa dane: Anna", "Profile według źródeł")]
    public async Task An_export_has_everything_as_json_and_as_a_page_without_scripts(string language, string title, string heading)
    {
        (await _server.Http.GetAsync($"/api/v1/unify/customers/{Number("anna")}")).EnsureSuccessStatusCode();
        using var zip = new ZipArchive(await _server.Http.GetStreamAsync($"/api/v1/unify/customers/{Number("anna")}/export?lang={language}"));

        var page = await ReadAsync(zip, "index.html");
        page.ShouldContain(title);
        page.ShouldContain(heading);
        page.ShouldContain("Visit &lt;b&gt;");
        page.ShouldNotContain("<script");
        page.ShouldNotContain("<p>,", customMessage: "No company has a name here.");
        page.IndexOf(T("Unify.Privacy.Kind.events", language), StringComparison.Ordinal).ShouldBeLessThan(page.IndexOf(T("Unify.Privacy.Kind.audit", language), StringComparison.Ordinal));
        page.ShouldContain(T("Unify.Privacy.Field.received", language));
        page.ShouldNotContain("/api/v1/");
        (await ReadAsync(zip, "audit.json")).ShouldNotContain("\"by\"");
        (await _server.Http.GetAsync($"/api/v1/unify/customers/{Number("anna")}/export?lang=xx")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var events = JsonDocument.Parse(await ReadAsync(zip, "events.json")).RootElement;
        events.GetArrayLength().ShouldBe(2);
        events[1].GetProperty("record").GetProperty("properties").GetProperty("note").GetString().ShouldBe("in " + Marker);
        JsonDocument.Parse(await ReadAsync(zip, "profiles.json")).RootElement[0].GetProperty("traits").GetProperty("city").GetString().ShouldBe("Wien");
        zip.Entries.Select(e => e.Name).ShouldBe([.. Kinds().Select(k => k + ".json"), "golden-record.json", "index.html"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_correction_wins_over_sources_until_it_is_taken_back()
    {
        await PutAsync("anna", "traits/city", new { value = "Graz" });
        (await ValueAsync("city")).ShouldBe(("Graz", true));
        (await new EventLogHealth(_server.Get<EventLog>(), _server.Get<SourceKeys>()).CheckHealthAsync(new())).Description!.ShouldStartWith("The event log is whole: ");
        await PutAsync("anna", "traits/city", new { value = (string?)null });
        (await ValueAsync("city")).ShouldBe(("Wien", false));
        (await _server.Http.PutAsJsonAsync($"/api/v1/unify/customers/{Number("anna")}/traits/city", new { value = new string('x', 1001) })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData("email", "not a mail")]
    [InlineData("phone", "call me")]
    [InlineData("birthDate", "31.12.19xx")]
    [InlineData("birthDate", "2999-01-01")]
    public async Task A_correction_that_is_not_what_it_is_said_to_be_is_refused(string trait, string value)
    {
        using var refused = await _server.Http.PutAsJsonAsync($"/api/v1/unify/customers/{Number("anna")}/traits/{trait}", new { value });
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().ShouldBe("value");
        await PutAsync("anna", "traits/birthDate", new { value = "1970-12-31" });
    }

    [Fact]
    public async Task Who_is_restricted_is_not_contacted_also_after_a_restart()
    {
        (await MayContactAsync()).ShouldBe((true, "noObjection"));
        (await _server.Http.PutAsJsonAsync($"/api/v1/unify/customers/{Number("anna")}/restriction", new { reason = " " })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await PutAsync("anna", "restriction", new { reason = "request 7" });
        (await MayContactAsync()).ShouldBe((false, "restricted"));
        (await _server.Http.GetStringAsync($"/unify/customers/{Number("anna")}/restriction")).ShouldContain("request 7");

        await _server.StopAsync();
        _server = await TestServer.StartAsync(dataFolder: _server.DataFolder);
        await KeptAsync();
        (await MayContactAsync()).ShouldBe((false, "restricted"));
        (await _server.Http.DeleteAsync($"/api/v1/unify/customers/{Number("anna")}/restriction")).EnsureSuccessStatusCode();
        (await MayContactAsync()).ShouldBe((true, "noObjection"));
    }

    [Fact]
    public async Task A_request_is_due_one_month_after_it_came_and_loses_its_person_with_the_erasure()
    {
        var made = await (await _server.Http.PostAsJsonAsync("/api/v1/unify/privacy/requests", new { kind = "erasure", customer = "anna", note = "wrote as " + Marker, received = "2026-01-31T10:00:00Z" })).Content.ReadFromJsonAsync<JsonElement>();
        made.GetProperty("due").GetDateTime().ShouldBe(new DateTime(2026, 2, 28, 10, 0, 0));
        made.GetProperty("customer").GetString().ShouldBe("user:anna");
        (await _server.Http.GetStringAsync($"/unify/customers/{Number("anna")}/restriction")).ShouldContain("Open request: Erasure");
        (await _server.Http.PostAsJsonAsync("/api/v1/unify/privacy/requests", new { kind = "access", customer = "nobody" })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        await EraseAsync("anna");
        var left = (await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/unify/privacy/requests")).GetProperty("items")[0];
        (left.GetProperty("customer").GetString(), left.GetProperty("note").GetString(), left.GetProperty("kind").GetString()).ShouldBe(("", "", "erasure"));
        left.GetProperty("state").GetString().ShouldBe("done", "What is erased waits for nothing.");
        (await _server.Http.GetStringAsync("/unify/privacy?erased=2")).ShouldContain("The customer is erased");
    }

    [Theory]
    [InlineData("anna,,")]
    [InlineData("other,WESOLY9731@Example.org,")]
    [InlineData("other,,0170/5559731")]
    public async Task An_import_does_not_bring_an_erased_person_back_until_the_tombstones_are_lifted(string person)
    {
        await EraseAsync("anna");
        var file = $"customer,mail,telephone,event,time\n{person},Letter,2026-01-02\nben,ben@example.org,,Letter,2026-01-03\n";

        (await ImportAsync(file, dryRun: true)).ShouldBe((1, 0, 1));
        (await ImportAsync(file, dryRun: false)).ShouldBe((1, 0, 1));
        // Nothing of the row is kept, not even as a rejected one.
        FilesWith(person).ShouldBeEmpty();

        var erasure = (await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/collect/tombstones")).GetProperty("items")[0].GetProperty("erasure").GetInt64();
        (await _server.Http.DeleteAsync($"/api/v1/collect/tombstones/{erasure}")).EnsureSuccessStatusCode();
        (await _server.Http.DeleteAsync($"/api/v1/collect/tombstones/{erasure}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await ImportAsync(file, dryRun: false)).ShouldBe((1, 1, 0));
    }

    [Fact]
    public async Task What_an_earlier_import_brought_comes_again_when_the_tombstones_are_lifted_and_not_before()
    {
        const string file = "customer,mail,event,time\nanna,x@example.org,Letter,2026-01-02\nben,ben@example.org,Letter,2026-01-03\n";
        (await ImportAsync(file, dryRun: false)).ShouldBe((2, 0, 0));
        await EraseAsync("anna");
        (await ImportAsync(file, dryRun: false)).ShouldBe((0, 1, 1));
        var erasure = (await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/collect/tombstones")).GetProperty("items")[0].GetProperty("erasure").GetInt64();
        (await _server.Http.DeleteAsync($"/api/v1/collect/tombstones/{erasure}")).EnsureSuccessStatusCode();
        (await ImportAsync(file, dryRun: false)).ShouldBe((1, 1, 0));
        (await ImportAsync(file, dryRun: false)).ShouldBe((0, 2, 0));
    }

    [Fact]
    public async Task A_month_is_the_companys_and_a_state_that_is_none_is_refused()
    {
        // 00:30 on the last day of January in Berlin, still the 30th in UTC; the clocks change before the month of March is over.
        (await DueAsync("2026-01-30T23:30:00Z")).ShouldBe(new DateTime(2026, 2, 27, 23, 30, 0));
        (await DueAsync("2026-03-15T10:00:00Z")).ShouldBe(new DateTime(2026, 4, 15, 9, 0, 0));
        (await _server.Http.PatchAsJsonAsync("/api/v1/unify/privacy/requests/1", new { state = 7 })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await _server.Http.PostAsJsonAsync("/api/v1/unify/privacy/requests", new { kind = "access", state = 7 })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        async Task<DateTime> DueAsync(string received) =>
            (await (await _server.Http.PostAsJsonAsync("/api/v1/unify/privacy/requests", new { kind = "access", received })).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("due").GetDateTime();
    }

    [Fact]
    public async Task Without_a_journal_of_erasures_a_restore_says_so_and_does_not_end_well_unless_nobody_was_erased()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("tangent-alone").FullName, "alone.tar.gz");
        (await _server.Get<Backups>().MakeAsync(file, CancellationToken.None)).Refusal.ShouldBeNull();
        var (code, _, error) = await RunningProgram.RunAsync("restore", file, "--data", _server.DataFolder + "-one");
        (code, error.Contains("--erasures none", StringComparison.Ordinal)).ShouldBe((1, true), error);
        (await RunningProgram.RunAsync("restore", file, "--erasures", "none", "--data", _server.DataFolder + "-two")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_marker_in_every_kind_of_data_is_found_and_after_the_erasure_nowhere()
    {
        await SendAsync("page", new { userId = "anna", name = "Page " + Marker, properties = new { path = "/of/" + Marker } });
        using (var bad = Call("track", new { userId = "ben", note = $"{Marker}@example.org" })) (await _server.Http.SendAsync(bad)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await _server.Http.PostAsync("/api/v1/collect/imports?fileName=bad.csv", new StringContent($"customer,event,time,note\nanna,,2026-01-02,{Marker}\n"))).EnsureSuccessStatusCode();
        (await _server.Http.PostAsync("/api/v1/collect/uploads?fileName=waits.csv", new StringContent($"customer,note\nanna,{Marker}\n"))).EnsureSuccessStatusCode();
        (await _server.Http.PostAsJsonAsync("/api/v1/analyse/saved-questions", new { name = $"{Marker}@example.org", address = "/analyse/paths", shared = true })).EnsureSuccessStatusCode();
        (await _server.Http.PostAsJsonAsync("/api/v1/unify/privacy/requests", new { kind = "access", customer = "anna", note = Marker })).EnsureSuccessStatusCode();
        (await _server.Http.PostAsJsonAsync("/api/v1/unify/segments", new { name = "list", conditions = new[] { "customers: anna, ben" } })).EnsureSuccessStatusCode();
        (await _server.Http.PostAsJsonAsync("/api/v1/unify/segments", new { name = "traits", conditions = new[] { $"trait: email = {Marker}@example.org | ben@example.org", "not trait: phone = \"+49 170 5559731\"" } })).EnsureSuccessStatusCode();
        await PutAsync("anna", "traits/nick", new { value = Marker });
        await PutAsync("anna", "restriction", new { reason = Marker });
        await KeptAsync();
        var before = FilesWith(Marker).Select(f => Path.GetFileName(f)).ToList();
        before.ShouldContain(f => f.StartsWith("events.db", StringComparison.Ordinal));
        before.ShouldContain(f => f.StartsWith("tangent.db", StringComparison.Ordinal));
        before.ShouldContain(f => f.EndsWith("-rejects.csv", StringComparison.Ordinal));
        before.ShouldContain("file");
        var counts = (await _server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/unify/customers/{Number("anna")}/data")).GetProperty("items").EnumerateArray().ToDictionary(i => i.GetProperty("kind").GetString()!, i => i.GetProperty("count").GetInt64());
        foreach (var kind in (string[])["events", "profiles", "rejections", "imports", "segments", "questions", "audit", "requests"]) counts[kind].ShouldBeGreaterThan(0, kind);
        counts["segments"].ShouldBe(2);

        await EraseAsync("anna");

        FilesWith(Marker).ShouldBeEmpty();
        FilesWith(Marker.ToLowerInvariant()).ShouldBeEmpty();
        FilesWith("5559731").ShouldBeEmpty();
        (await ConditionsAsync("traits")).ShouldBe(["trait: email = ben@example.org", "not trait: phone = \"\""]);
    }

    [Fact]
    public async Task Erasing_a_short_id_takes_nothing_that_tells_of_others()
    {
        await SendAsync("identify", new { userId = "12", traits = new { plan = "12", customerNumber = "12" } });
        await SendAsync("identify", new { userId = "13", traits = new { plan = "12", customerNumber = "13" } });
        await KeptAsync();
        (await _server.Http.PostAsJsonAsync("/api/v1/analyse/saved-questions", new { name = "Top 12", address = "/analyse/paths?max=12&trait.plan=12", shared = true })).EnsureSuccessStatusCode();
        (await _server.Http.PostAsJsonAsync("/api/v1/analyse/saved-questions", new { name = "Hers", address = "/unify/customers?search=12", shared = true })).EnsureSuccessStatusCode();
        (await _server.Http.PostAsJsonAsync("/api/v1/unify/privacy/requests", new { kind = "access", customer = "ben", note = "Paid 12 EUR" })).EnsureSuccessStatusCode();
        (await _server.Http.PostAsJsonAsync("/api/v1/unify/segments", new { name = "dozen", conditions = new[] { "trait: plan = 12", "trait: customerNumber = 12 | 13", "customers: 12, 13" } })).EnsureSuccessStatusCode();

        await EraseAsync("12");

        (await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/analyse/saved-questions")).GetProperty("items").EnumerateArray().Select(q => q.GetProperty("name").GetString()).ShouldBe(["Top 12"]);
        (await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/unify/privacy/requests")).GetProperty("items")[0].GetProperty("note").GetString().ShouldBe("Paid 12 EUR");
        (await ConditionsAsync("dozen")).ShouldBe(["trait: plan = 12", "trait: customerNumber = 13", "customers: 13"]);
    }

    [Fact]
    public async Task Only_what_nobody_else_has_names_a_person()
    {
        await SendAsync("identify", new { userId = "carl", traits = new { email = "carl@example.org", phone = "+49 170 5559731" } });
        await _server.Get<EventLog>().AppendAsync(new LogAppend(1, LogKind.Import, true, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), null,
            [new AcceptedEvent(default, """{"type":"group","groupId":"firm","traits":{"name":"Firm","email":"ben@example.org"}}"""u8.ToArray())]), CancellationToken.None);
        await KeptAsync();
        (await TextsAsync("user:anna", "anonymous:phone")).ShouldBe([$"{Marker}@example.org"], "Carl has the telephone, too.");
        (await TextsAsync("user:ben")).ShouldBeEmpty("It is the firm's address.");
        (await TextsAsync("user:carl", "user:anna")).ShouldBe(["+49 170 5559731", $"{Marker}@example.org", "carl@example.org"], ignoreOrder: true);
    }

    [Fact]
    public async Task An_export_tells_who_looked_also_by_a_query_and_under_a_number_merged_away()
    {
        var (anna, ben) = (Number("anna"), Number("ben"));
        (await _server.Http.GetAsync($"/api/v1/unify/customers/{ben}")).EnsureSuccessStatusCode();
        (await _server.Http.GetAsync("/api/v1/collect/joins?customer=ben")).EnsureSuccessStatusCode();
        (await _server.Http.GetAsync($"/api/v1/collect/decisions?customer=number:{ben}")).EnsureSuccessStatusCode();
        (await _server.Http.GetAsync("/api/v1/collect/joins?customer=phone")).EnsureSuccessStatusCode();
        (await _server.Http.PostAsJsonAsync("/api/v1/unify/consents/history", new { contactPoint = "email:ben@example.org" })).EnsureSuccessStatusCode();
        (await AddressesAsync(ben)).ShouldBe(["/api/v1/unify/customers/{number:int}", "/api/v1/collect/joins", "/api/v1/collect/decisions", "/api/v1/unify/consents/history"]);

        (await _server.Http.PostAsJsonAsync("/api/v1/collect/merges", new { customers = new[] { "anna", "ben" }, reason = "one" })).EnsureSuccessStatusCode();
        await KeptAsync();
        Number("ben").ShouldBe(anna);
        var together = await AddressesAsync(anna);
        together.Count(a => a == "/api/v1/collect/joins").ShouldBe(2);
        together.ShouldContain("/api/v1/collect/merges");
        together.ShouldContain("/api/v1/unify/consents/history");

        async Task<List<string?>> AddressesAsync(int number)
        {
            using var zip = new ZipArchive(await _server.Http.GetStreamAsync($"/api/v1/unify/customers/{number}/export"));
            return [.. JsonDocument.Parse(await ReadAsync(zip, "audit.json")).RootElement.EnumerateArray().Select(e => e.GetProperty("address").GetString()).Where(a => !a!.EndsWith("/export", StringComparison.Ordinal))];
        }
    }

    [Fact]
    public async Task Every_record_is_counted_and_handed_over_however_many_there_are()
    {
        await using (var scope = _server.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<RecordQueries>().LearnAsync([.. Enumerable.Range(0, 5_100).Select(i => new RecordSaid(
                1, "order", $"o-{i}", i % 2 == 0 ? ["user:anna", "anonymous:phone"] : ["user:anna"], new JsonObject { ["status"] = i % 3 == 0 ? "closed" : "sent", ["at"] = $"2026-01-{(i % 28) + 1:00}T10:00:00Z" }))], CancellationToken.None);
        var address = $"/api/v1/unify/customers/{Number("anna")}/records";
        var all = await _server.Http.GetFromJsonAsync<JsonElement>(address);
        (all.GetProperty("total").GetInt32(), all.GetProperty("items").GetArrayLength()).ShouldBe((5_100, 200));
        all.GetProperty("items")[0].GetProperty("at").GetDateTime().Day.ShouldBe(28, "The latest first.");
        (await _server.Http.GetFromJsonAsync<JsonElement>(address + "?open=true&kind=order")).GetProperty("total").GetInt32().ShouldBe(3_400);
        (await _server.Http.GetFromJsonAsync<JsonElement>(address + "?kind=invoice")).GetProperty("total").GetInt32().ShouldBe(0);
        (await _server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/unify/customers/{Number("anna")}/data")).GetProperty("items").EnumerateArray().Single(i => i.GetProperty("kind").GetString() == "records").GetProperty("count").GetInt64().ShouldBe(5_100);
        using var zip = new ZipArchive(await _server.Http.GetStreamAsync($"/api/v1/unify/customers/{Number("anna")}/export"));
        JsonDocument.Parse(await ReadAsync(zip, "records.json")).RootElement.GetArrayLength().ShouldBe(5_100);
    }

    [Fact]
    public async Task Restoring_an_older_backup_erases_again_whom_erasures_since_took_out()
    {
        var (backup, refusal) = await _server.Get<Backups>().MakeAsync(null, CancellationToken.None);
        refusal.ShouldBeNull();
        await EraseAsync("anna");
        var target = _server.DataFolder + "-restored";

        var (code, output, error) = await RunningProgram.RunAsync("restore", backup!.Path, "--data", target);

        code.ShouldBe(0, error + output);
        output.ShouldContain("1 erasures since the backup were repeated: 2 identifiers.");
        FilesWith(Marker, target).ShouldBeEmpty();
        await using var restored = await TestServer.StartAsync(dataFolder: target);
        restored.Get<JourneyStore>().FindCustomer("anna").ShouldBeNull();
        restored.Get<JourneyStore>().FindCustomer("ben").ShouldNotBeNull();
        restored.Get<Tombstones>().Names("""{"userId":"anna"}"""u8).ShouldBeTrue();
    }

    [Fact]
    public async Task An_erasure_that_a_kill_interrupted_is_finished_at_the_next_start_with_its_tombstones()
    {
        var log = _server.Get<EventLog>();
        var tombstones = _server.Get<Tombstones>();
        var record = new ErasureRecord(["user:anna", "anonymous:phone"], "request 7", "owner", Texts: [$"{Marker}@example.org"], Hashes: tombstones.HashesOf(["user:anna", "anonymous:phone"], [$"{Marker}@example.org"]));
        using (var bad = Call("track", new { userId = "ben", note = $"{Marker}@example.org" })) (await _server.Http.SendAsync(bad)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await log.AppendAsync(new LogAppend(0, LogKind.Erase, true, 0, null, [new AcceptedEvent(0, record.ToJson())]), CancellationToken.None);
        await _server.StopAsync();

        _server = await TestServer.StartAsync(dataFolder: _server.DataFolder);
        await KeptAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (FilesWith(Marker).Count > 0 && !patience.IsCancellationRequested) await Task.Delay(200);

        FilesWith(Marker).ShouldBeEmpty();
        _server.Get<Tombstones>().Names("""{"userId":"x","traits":{"email":"wesoly9731@example.org"}}"""u8).ShouldBeTrue();
    }

    private async Task<(string, bool)> ValueAsync(string name)
    {
        var answer = await _server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/unify/customers/{Number("anna")}");
        var value = answer.GetProperty("values").EnumerateArray().Single(v => v.GetProperty("name").GetString() == name);
        return (value.GetProperty("value").GetString()!, value.GetProperty("byPeople").GetBoolean());
    }

    private async Task<(bool, string)> MayContactAsync()
    {
        using var asked = await _server.Http.PostAsJsonAsync("/api/v1/unify/consents/question", new { contactPoint = $"email:{Marker}@example.org", purpose = "transactional" });
        var answer = await asked.Content.ReadFromJsonAsync<JsonElement>();
        var reason = answer.GetProperty("reason").GetString()!;
        return (answer.GetProperty("may").GetBoolean(), char.ToLowerInvariant(reason[0]) + reason[1..]);
    }

    private async Task<(long New, long Duplicates, long Rejected)> ImportAsync(string file, bool dryRun)
    {
        using var answer = await _server.Http.PostAsync($"/api/v1/collect/imports?fileName=letters.csv&dryRun={(dryRun ? "true" : "false")}", new StringContent(file));
        var report = await answer.Content.ReadFromJsonAsync<JsonElement>();
        foreach (var reject in report.GetProperty("rejects").EnumerateArray()) reject.GetProperty("reason").GetString().ShouldBe("erasedPerson");
        return (report.GetProperty("new").GetInt64(), report.GetProperty("duplicates").GetInt64(), report.GetProperty("rejected").GetInt64());
    }

    private static string T(string key, string language) => new System.Resources.ResourceManager("Tangent.Unify.Texts", typeof(JourneyStore).Assembly).GetString(key, System.Globalization.CultureInfo.GetCultureInfo(language))!;

    private IEnumerable<string> Kinds()
    {
        using var scope = _server.Services.CreateScope();
        return [.. scope.ServiceProvider.GetServices<IKeepsPersonalData>().Select(k => k.Kind)];
    }

    private static async Task<string> ReadAsync(ZipArchive zip, string name)
    {
        using var reader = new StreamReader(zip.GetEntry(name)!.Open());
        return await reader.ReadToEndAsync();
    }

    private async Task<string?[]> ConditionsAsync(string segment) => [.. (await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/unify/segments")).GetProperty("items").EnumerateArray()
        .Single(s => s.GetProperty("name").GetString() == segment).GetProperty("conditions").EnumerateArray().Select(c => c.GetString())];

    private async Task<IReadOnlyList<string>> TextsAsync(params string[] identifiers)
    {
        await using var scope = _server.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ProfileQueries>().TextsAsync(identifiers, CancellationToken.None);
    }

    private int Number(string id) => _server.Get<JourneyStore>().FindCustomer(id)!.Value;

    private async Task EraseAsync(string id) => (await _server.Http.PostAsJsonAsync("/api/v1/collect/erasures", new { customer = id, reason = "request 7" })).EnsureSuccessStatusCode();

    private async Task PutAsync(string id, string path, object body) => (await _server.Http.PutAsJsonAsync($"/api/v1/unify/customers/{Number(id)}/{path}", body)).EnsureSuccessStatusCode();

    private async Task SendAsync(string type, object body)
    {
        using var call = Call(type, body);
        (await _server.Http.SendAsync(call)).EnsureSuccessStatusCode();
    }

    private HttpRequestMessage Call(string type, object body)
    {
        var call = new HttpRequestMessage(HttpMethod.Post, $"/v1/{type}") { Content = JsonContent.Create(body) };
        call.Headers.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(_key + ":")));
        return call;
    }

    private async Task KeptAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _server.Get<JourneyStore>().WaitUntilVisibleAsync(_server.Get<EventLog>().EndPosition, patience.Token);
        foreach (var follower in _server.Services.GetServices<ILogFollower>()) await follower.WaitUntilKeptAsync(_server.Get<EventLog>().EndPosition, patience.Token);
        await _server.Get<RejectionJournal>().FlushAsync(patience.Token);
    }

    /// <summary>In a process of its own: opening and closing SQLite's files here would drop the locks that this process holds on them.</summary>
    private List<string> FilesWith(string text, string? folder = null)
    {
        using var grep = Process.Start(new ProcessStartInfo("grep", ["-rlaF", "--devices=skip", text, folder ?? _server.DataFolder]) { RedirectStandardOutput = true })!;
        var found = grep.StandardOutput.ReadToEnd();
        grep.WaitForExit();
        return [.. found.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
