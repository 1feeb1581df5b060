using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Unify;

namespace Tangent.Tests.Unify;

/// <summary>What is kept of words about consent when others come late, are said again, are taken back, or must be erased; and whom it stops.</summary>
public sealed class ConsentHistoryTests : IAsyncLifetime
{
    private const string Consents = "/api/v1/unify/consents";

    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public void A_repeated_word_is_no_new_one_but_counts_as_said_last()
    {
        var history = Told(Said(1, ConsentState.Withdrawn, day: 3), Said(2, ConsentState.Withdrawn, day: 5), Said(3, ConsentState.Given, day: 4, ConsentOrigin.Import));
        history.Changed.Count.ShouldBe(2);
        var holds = history.Standing.ShouldHaveSingleItem();
        (holds.State, holds.AtUtc.Day, holds.LastUtc.Day).ShouldBe((ConsentState.Withdrawn, 3, 5));
    }

    [Fact]
    public void A_topic_given_again_after_the_purpose_was_withdrawn_holds()
    {
        var history = Told(Said(1, ConsentState.Given, day: 1, topic: "news"), Said(2, ConsentState.Withdrawn, day: 2), Said(3, ConsentState.Given, day: 3, topic: "news"));
        history.Changed.Count.ShouldBe(3);
        var holds = history.Standing.ToList();
        Tangent.Unify.Consents.Decide(Enforcement.Restrictive, holds.Find(h => h.Topic.Length == 0), holds.Find(h => h.Topic == "news")).May.ShouldBeTrue();
    }

    [Fact]
    public void What_is_left_when_words_are_taken_out_is_as_if_they_had_never_been_there()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var words = Enumerable.Range(0, 12).Select(i => Said(
                i, (ConsentState)random.Next(2), random.Next(1, 9), (ConsentOrigin)random.Next(2), random.Next(2) == 0 ? "" : "news", key: random.Next(3) == 0 ? "user:gone" : "user:stays")).ToList();
            List<ConsentEntry> Copies(bool all) => [.. words.Where(w => all || w.Key != "user:gone").Select(w => Said((int)w.Position, w.State, w.AtUtc.Day, w.Origin, w.Topic, key: w.Key))];
            var left = Told([.. Told([.. Copies(all: true)]).Changed.Where(w => w.Key != "user:gone").OrderBy(w => w.Position)]);
            var never = Told([.. Copies(all: false)]);
            Holds(left).ShouldBe(Holds(never));
        }

        static string[] Holds(ConsentHistory history) => [.. history.Standing.Select(s => $"{s.Topic} {s.State} {s.LastUtc:dd}").Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task Taking_an_import_back_takes_its_consents_back_until_it_counts_again()
    {
        await RecordAsync("email:import@example.org", "withdrawn", at: "2026-01-01T00:00:00Z");
        using var imported = await _server.Http.PostAsync(
            new Uri("/api/v1/collect/imports?source=list&kind=consents&fileName=c.csv", UriKind.Relative), new StringContent("email,purpose,consent,time\nimport@example.org,commercial,given,2026-03-01 10:00\n"));
        var import = (await imported.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("importId").GetInt32();
        await ReadAsync();
        (await MayAsync("email:import@example.org")).ShouldBe((true, "given"));
        (await _server.Http.PostAsync($"/api/v1/collect/imports/{import}/undo", null)).EnsureSuccessStatusCode();
        await ReadAsync();
        (await MayAsync("email:import@example.org")).ShouldBe((false, "withdrawn"));
        (await TableAsync()).Count.ShouldBe(2);
        (await _server.Http.DeleteAsync($"/api/v1/collect/imports/{import}/undo")).EnsureSuccessStatusCode();
        await ReadAsync();
        (await MayAsync("email:import@example.org")).ShouldBe((true, "given"));
        var before = await TableAsync();
        await RebuildAsync();
        (await TableAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Restricted_is_whoever_is_reached_by_phone_mobile_post_or_an_address_shared_with_somebody()
    {
        await SendAsync("crm", "server",
            """{"type":"identify","userId":"r","traits":{"email":"family@example.org","mobile":"+491701112233","street":"Lindenstraße 5","postcode":"10969","city":"Berlin"}}""",
            """{"type":"identify","userId":"s","traits":{"email":"family@example.org"}}""", """{"type":"track","event":"x","userId":"r"}""", """{"type":"track","event":"x","userId":"s"}""");
        string[] points = ["email:family@example.org", "phone:+49 170 1112233", "post:Lindenstr. 5, 10969 Berlin", "tracking:user:r"];
        foreach (var point in points) await RecordAsync(point, "given");
        foreach (var point in points) (await MayAsync(point)).ShouldBe((true, "given"), point);
        (await SegmentAsync("consent: commercial by phone")).ShouldBe(["r"]);
        var number = _server.Get<JourneyStore>().FindCustomer("r")!.Value;
        (await _server.Http.PutAsJsonAsync($"/api/v1/unify/customers/{number}/restriction", new { reason = "request" })).EnsureSuccessStatusCode();
        foreach (var point in points) (await MayAsync(point)).ShouldBe((false, "restricted"), point);
        (await SegmentAsync("consent: commercial")).ShouldBeEmpty();
        (await _server.Http.GetStringAsync($"/unify/customers/{number}/consents")).ShouldNotContain("mark-good");
        using var link = await _server.Http.PostAsJsonAsync(Consents + "/links", new { contactPoint = points[0] });
        (await _server.Http.GetStringAsync((await link.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").GetString())).ShouldContain("is restricted");
    }

    [Fact]
    public async Task All_words_of_a_person_are_exported_and_none_is_left_after_the_erasure_while_others_keep_theirs()
    {
        await SendAsync("crm", "server",
            """{"type":"identify","userId":"gone","traits":{"email":"Gone@Example.org","mobile":"+491701112233","street":"Lindenstr. 5","postcode":"10969","city":"Berlin"},"consent":[{"purpose":"commercial","state":"given","wording":"event-wording"},{"contactPoint":"phone:+4930555555","purpose":"commercial","state":"given"}]}""",
            """{"type":"identify","userId":"stays","traits":{"email":"both@example.org"},"consent":{"purpose":"commercial","state":"given","at":"2026-02-01T00:00:00Z"}}""",
            """{"type":"identify","userId":"gone","traits":{"email":"gone@example.org"},"consent":{"contactPoint":"email:both@example.org","purpose":"transactional","state":"withdrawn","at":"2026-02-02T00:00:00Z"}}""",
            """{"type":"track","event":"x","userId":"gone"}""", """{"type":"track","event":"x","userId":"stays"}""");
        await RecordAsync("phone:+491701112233", "withdrawn", "gone-wording said on the phone");
        await RecordAsync("post:Lindenstraße 5, 10969 Berlin", "given", "gone-wording in a letter");
        await RecordAsync("tracking:user:gone", "given", "gone-wording in the app");
        await RecordAsync("email:both@example.org", "given", "stays-wording");
        using var link = await _server.Http.PostAsJsonAsync(Consents + "/links", new { contactPoint = "email:gone@example.org" });
        var url = (await link.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").GetString();

        var exported = await ExportAsync("gone");
        exported.Select(e => e.GetProperty("contactPoint").GetString()).ShouldBe(
            ["email:gone@example.org", "phone", "email", "phone:+491701112233", "post:lindenstr 5 10969 berlin", "tracking:user:gone"], ignoreOrder: true);
        (await _server.Http.PostAsJsonAsync("/api/v1/collect/erasures", new { customer = "gone", reason = "request 7" })).EnsureSuccessStatusCode();
        await ReadAsync();
        // The link in an old message still works, and names nobody again.
        (await _server.Http.PostAsync(url, new FormUrlEncodedContent([new("do", "save"), new("given", "commercial")]))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await MayAsync("phone:+491701112233")).ShouldBe((false, "withdrawn"));
        (await MayAsync("email:both@example.org")).ShouldBe((true, "given"));
        (await MayAsync("email:both@example.org", "transactional")).ShouldBe((false, "withdrawn"));
        (await MayAsync("post:Lindenstraße 5, 10969 Berlin")).ShouldBe((false, "nothingGiven"));
        var table = await TableAsync();
        table.ShouldAllBe(line => !line.Contains("gone"));
        table.ShouldContain(line => line.Contains("stays-wording"));
        await RebuildAsync();
        (await TableAsync()).ShouldBe(table);
        await _server.StopAsync();
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.EnumerateFiles(_server.DataFolder, "*", SearchOption.AllDirectories))
        {
            var text = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
            foreach (var word in (string[])["gone-wording", "event-wording", "user:gone"]) text.ShouldNotContain(word, customMessage: $"{word} in {file}");
        }
    }

    [Fact]
    public async Task A_purpose_is_one_however_its_key_is_written()
    {
        (await _server.Http.PutAsJsonAsync(Consents + "/purposes/Commercial", new { enforcement = "restrictive", topics = new[] { new { key = "news", names = new { en = "News" } } } })).EnsureSuccessStatusCode();
        (await _server.Http.GetFromJsonAsync<JsonElement>(Consents + "/purposes")).GetProperty("items").GetArrayLength().ShouldBe(3);
        using var recorded = await _server.Http.PostAsJsonAsync(Consents, new { contactPoint = "email:case@example.org", purpose = "COMMERCIAL", topic = "News", state = "given" });
        recorded.EnsureSuccessStatusCode();
        using var asked = await _server.Http.PostAsJsonAsync(Consents + "/question", new { contactPoint = "email:case@example.org", purpose = "Commercial", topic = "NEWS" });
        (await asked.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("may").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_server_says_that_a_consent_waits_and_a_public_key_neither_names_a_customer_nor_stops_what_needs_no_consent()
    {
        await SendAsync("crm", "server",
            """{"type":"track","event":"x","userId":"w","consent":{"contactPoint":"email:waits@example.org","purpose":"commercial","state":"given","at":"2026-01-01T00:00:00Z"}}""",
            """{"type":"track","event":"x","userId":"w","consent":{"contactPoint":"email:waits@example.org","purpose":"commercial","state":"pending","at":"2026-02-01T00:00:00Z"}}""");
        (await MayAsync("email:waits@example.org")).ShouldBe((false, "pending"));
        await SendAsync("site", "web", """{"type":"track","event":"x","userId":"w","consent":[{"contactPoint":"email:victim@example.org","purpose":"transactional","state":"given"},{"contactPoint":"email:victim@example.org","purpose":"commercial","state":"given"},{"purpose":"tracking","state":"given"}]}""");
        (await MayAsync("email:victim@example.org", "transactional")).ShouldBe((true, "noObjection"));
        (await MayAsync("email:victim@example.org")).ShouldBe((false, "pending"));
        (await MayAsync("tracking:user:w", "tracking")).ShouldBe((false, "nothingGiven"));
        (await ExportAsync("w")).ShouldAllBe(e => e.GetProperty("contactPoint").GetString()!.EndsWith("email"));
    }

    [Fact]
    public async Task Reading_a_history_is_in_the_audit_log_and_a_log_that_cannot_be_written_is_said_to_be_so()
    {
        (await _server.Http.PostAsJsonAsync(Consents + "/history", new { contactPoint = "email:audit@example.org" })).EnsureSuccessStatusCode();
        var audit = await _server.Http.GetStringAsync("/api/v1/access/audit");
        audit.ShouldContain(Consents + "/history");
        audit.ShouldNotContain("audit@example");
        using var made = await _server.Http.PostAsJsonAsync(Consents + "/links", new { contactPoint = "email:audit@example.org" });
        var link = await made.Content.ReadFromJsonAsync<JsonElement>();
        await _server.Get<EventLog>().DisposeAsync();
        using var api = await _server.Http.PostAsJsonAsync(Consents, new { contactPoint = "email:audit@example.org", purpose = "commercial", state = "given" });
        using var form = await _server.Http.PostAsync(link.GetProperty("url").GetString(), new FormUrlEncodedContent([new("do", "save"), new("given", "commercial")]));
        using var click = await _server.Http.PostAsync(link.GetProperty("oneClickUrl").GetString(), new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]));
        foreach (var answer in new[] { api, form, click })
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter.ShouldNotBeNull();
        }
    }

    private static ConsentHistory Told(params ConsentEntry[] words)
    {
        var history = new ConsentHistory();
        foreach (var word in words) history.Add(word);
        return history;
    }

    private static ConsentEntry Said(int position, ConsentState state, int day, ConsentOrigin origin = ConsentOrigin.Event, string topic = "", string key = "user:a")
    {
        var at = new DateTime(2026, 3, day, 0, 0, 0, DateTimeKind.Utc);
        return new ConsentEntry { Position = position, Point = "email:" + new string('0', 32), Purpose = "commercial", Topic = topic, State = state, AtUtc = at, LastUtc = at, Origin = origin, Key = key };
    }

    private Task SendAsync(string source, string kind, params string[] events) => new ConsentTests(_server).SendAsync(source, kind, events);

    private async Task RecordAsync(string point, string state, string wording = "", string? at = null) =>
        (await _server.Http.PostAsJsonAsync(Consents, new { contactPoint = point, purpose = "commercial", state, wording, at })).EnsureSuccessStatusCode();

    private async Task<(bool May, string Reason)> MayAsync(string point, string purpose = "commercial")
    {
        using var answer = await _server.Http.PostAsJsonAsync(Consents + "/question", new { contactPoint = point, purpose });
        answer.EnsureSuccessStatusCode();
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (json.GetProperty("may").GetBoolean(), json.GetProperty("reason").GetString()!);
    }

    private async Task<List<string?>> SegmentAsync(string condition)
    {
        using var answer = await _server.Http.GetAsync("/api/v1/unify/segments/customers?condition=" + Uri.EscapeDataString(condition));
        answer.EnsureSuccessStatusCode();
        return [.. (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetString())];
    }

    private async Task<List<JsonElement>> ExportAsync(string customer)
    {
        var number = _server.Get<JourneyStore>().FindCustomer(customer)!.Value;
        using var zip = new ZipArchive(await _server.Http.GetStreamAsync($"/api/v1/unify/customers/{number}/export"));
        await using var file = zip.GetEntry("consents.json")!.Open();
        return [.. (await JsonDocument.ParseAsync(file)).RootElement.EnumerateArray()];
    }

    private async Task ReadAsync()
    {
        var end = _server.Get<EventLog>().EndPosition;
        await _server.Get<ConsentFeed>().WaitUntilKeptAsync(end, CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1));
        await _server.Get<ProfileFeed>().WaitUntilKeptAsync(end, CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>The tables of consents, line by line.</summary>
    private async Task<List<string>> TableAsync()
    {
        await ReadAsync();
        await using var scope = _server.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TangentDb>();
        var entries = await db.Set<ConsentEntry>().AsNoTracking().OrderBy(e => e.Position).ThenBy(e => e.Number).ToListAsync();
        var standing = await db.Set<StandingConsent>().AsNoTracking().OrderBy(s => s.Point).ThenBy(s => s.Purpose).ThenBy(s => s.Topic).ToListAsync();
        var wordings = await db.Set<ConsentWording>().AsNoTracking().OrderBy(w => w.Id).ToListAsync();
        return [.. entries.Select(e => JsonSerializer.Serialize(e)), .. standing.Select(s => JsonSerializer.Serialize(s)), .. wordings.Select(w => JsonSerializer.Serialize(w))];
    }

    /// <summary>Loses the operational database: everything is read from the log again.</summary>
    private async Task RebuildAsync()
    {
        await _server.StopAsync();
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.EnumerateFiles(_server.DataFolder, "tangent.db*")) File.Delete(file);
        _server = await TestServer.StartAsync(dataFolder: _server.DataFolder);
    }
}
