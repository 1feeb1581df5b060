using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Access;
using Tangent.Cli;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Tests.Access;
using Tangent.Unify;

namespace Tangent.Tests.Unify;

/// <summary>The list of duplicates: who sees what of it, what leaves it, between which probabilities it asks, and what it learns from decisions.</summary>
public sealed class ReviewsTests : IAsyncLifetime
{
    private static readonly string[] Given = ["Anna", "Jan", "Lena", "Piotr", "Marta", "Jonas", "Eva", "Tomasz", "Clara", "Felix", "Ida", "Karol"];
    private static readonly string[] Surnames = ["Nowak", "Weber", "Fischer", "Kowalski", "Huber", "Gruber", "Wagner", "Lis", "Bauer", "Steiner", "Zając", "Koch", "Moser"];

    private TestServer _server = null!;
    private HttpClient _owner = null!;
    private string _key = "";

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(demo: false);
        _owner = await _server.ComeInAsync("owner@staff.example", Role.Owner);
        _key = await _owner.AddSourceAsync("CRM", "server");
        await _owner.SendCallsAsync(_key, Enumerable.Range(0, 150).Select(i => Person(i, $"crm:{i}", "")).Concat(Enumerable.Range(0, 8).Select(i => Person(i * 7, $"shop:{i}", "x"))));
        await SearchAsync();
    }

    public async Task DisposeAsync()
    {
        _owner.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Who_may_not_see_addresses_and_numbers_sees_them_masked_in_the_evidence_too()
    {
        using var viewer = await _server.ComeInAsync("viewer@staff.example", Role.Viewer);
        var (number, of) = (await PairsAsync())[0];
        var i = int.Parse(of.Other[5..], CultureInfo.InvariantCulture) * 7;
        string[] secrets = [$"weg {i}", Email(i), Phone(i), Birthday(i)];
        foreach (var address in (string[])[$"/unify/duplicates/{number}", $"/api/v1/unify/duplicates/{number}"])
        {
            var open = WebUtility.HtmlDecode(await _owner.GetStringAsync(address));
            foreach (var secret in secrets) open.ShouldContain(secret);
            var masked = WebUtility.HtmlDecode(await viewer.GetStringAsync(address));
            foreach (var secret in secrets) masked.ShouldNotContain(secret);
            masked.ShouldContain(Given[i % 12]);
        }
    }

    [Fact]
    public async Task After_a_decision_comes_the_next_pair_that_still_needs_one()
    {
        var pairs = await PairsAsync();
        // Of the pair that would come next one customer is gone, and of the one after it somebody is restricted.
        (await _owner.PostAsJsonAsync("/api/v1/collect/merges", new { customers = new[] { pairs[1].Of.One, pairs[1].Of.Other }, reason = "by hand" })).EnsureSuccessStatusCode();
        (await _owner.PutAsJsonAsync($"/api/v1/unify/customers/{Customer(pairs[2].Of.Other)}/restriction", new { reason = "request 12" })).EnsureSuccessStatusCode();
        var decided = await (await _owner.PostAsJsonAsync($"/api/v1/unify/duplicates/{pairs[0].Number}/decision", new { decision = "Merge" })).Content.ReadFromJsonAsync<JsonElement>();
        decided.GetProperty("next").GetInt64().ShouldBe(pairs[3].Number);
        (await PairsAsync()).Select(p => p.Number).ShouldNotContain(pairs[2].Number);
        (await _owner.GetAsync($"/api/v1/unify/duplicates/{pairs[2].Number}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Merging_all_that_are_sure_leaves_the_restricted_out_and_says_who_asked_for_it()
    {
        var pairs = await PairsAsync();
        (await _owner.PutAsJsonAsync($"/api/v1/unify/customers/{Customer(pairs[0].Of.One)}/restriction", new { reason = "request 12" })).EnsureSuccessStatusCode();
        var merged = (await (await _owner.PostAsync("/api/v1/unify/duplicates/sure", null)).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("merged").GetInt32();
        merged.ShouldBeGreaterThan(3);
        Customer(pairs[0].Of.One).ShouldNotBe(Customer(pairs[0].Of.Other));
        Customer(pairs[1].Of.One).ShouldBe(Customer(pairs[1].Of.Other));
        var decision = (await _owner.JsonAsync($"/api/v1/collect/decisions?customer={pairs[1].Of.One}")).GetProperty("items")[0];
        (decision.GetProperty("by").GetString(), decision.GetProperty("rule").GetString()).ShouldBe(("owner@staff.example", "Sure duplicates"));
        (await _owner.GetStringAsync($"/unify/customers/{Customer(pairs[1].Of.One)}")).ShouldContain("for owner@staff.example");
    }

    [Fact]
    public async Task Who_was_erased_while_a_search_was_under_way_is_not_in_its_list()
    {
        var pairs = await PairsAsync();
        List<DuplicatePair> found;
        await using (var scope = _server.Get<IServiceScopeFactory>().CreateAsyncScope())
        {
            found = await scope.ServiceProvider.GetRequiredService<ReviewQueries>().ListAsync(new ReviewBand(), new Paging(), CancellationToken.None);
        }

        (await _owner.PostAsJsonAsync("/api/v1/collect/erasures", new { customer = pairs[0].Of.Other, reason = "request 13" })).EnsureSuccessStatusCode();
        _server.Get<DuplicateSearch>().Current(found).Select(p => p.Number).ShouldBe(found.Select(p => p.Number).Where(n => n != pairs[0].Number));
    }

    [Fact]
    public async Task The_list_is_read_page_by_page_without_gaps_though_pairs_are_decided_meanwhile()
    {
        var all = (await PairsAsync()).ConvertAll(p => p.Number);
        var first = await _owner.JsonAsync("/api/v1/unify/duplicates?take=3");
        await _owner.PostAsJsonAsync($"/api/v1/unify/duplicates/{all[0]}/decision", new { decision = "Merge" });
        var next = await _owner.JsonAsync($"/api/v1/unify/duplicates?take=1000&cursor={Uri.EscapeDataString(first.GetProperty("next").GetString()!)}");
        Numbers(first).Concat(Numbers(next)).ShouldBe(all);
    }

    [Fact]
    public async Task Between_which_probabilities_people_are_asked_can_be_set()
    {
        foreach (var (body, field) in new (object, string)[] { (new { least = 0 }, "least"), (new { least = 0.995 }, "least"), (new { least = 0.9, sure = 0.9 }, "sure"), (new { sure = 1 }, "sure") })
        {
            using var refused = await _owner.PutAsJsonAsync("/api/v1/unify/duplicates/band", body);
            refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().ShouldBe(field);
        }

        var before = await _owner.JsonAsync("/api/v1/unify/duplicates?take=1000");
        before.GetProperty("sure").GetInt32().ShouldBeGreaterThan(0);
        var least = before.GetProperty("items").EnumerateArray().Min(p => p.GetProperty("probability").GetDouble());
        (await _owner.PutAsJsonAsync("/api/v1/unify/duplicates/band", new { least = 0.02, sure = 0.9999 })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await IdleAsync();
        var after = await _owner.JsonAsync("/api/v1/unify/duplicates?take=1000");
        after.GetProperty("band").GetProperty("least").GetDouble().ShouldBe(0.02);
        after.GetProperty("total").GetInt32().ShouldBeGreaterThanOrEqualTo(before.GetProperty("total").GetInt32());
        after.GetProperty("items").EnumerateArray().Where(p => p.GetProperty("isSure").GetBoolean()).ShouldAllBe(p => p.GetProperty("probability").GetDouble() >= 0.9999);

        (await _owner.SubmitAsync("/unify/duplicates", "/unify/duplicates/band", ("least", "99"), ("sure", "99.5"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        await IdleAsync();
        (await _owner.JsonAsync("/api/v1/unify/duplicates?take=1000")).GetProperty("items").EnumerateArray().ShouldAllBe(p => p.GetProperty("probability").GetDouble() >= 0.99);
        (await _owner.SubmitAsync("/unify/duplicates", "/unify/duplicates/band", ("least", "99"), ("sure", "many"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await CommandLine.RunAsync(["duplicates", "band", "--least", "0.5", "--sure", "0.98", "--data", _server.DataFolder])).ShouldBe(ExitCode.Done);
        (await CommandLine.RunAsync(["duplicates", "band", "--least", "0.5", "--sure", "0.4", "--data", _server.DataFolder])).ShouldBe(ExitCode.Refused);
        (await _owner.JsonAsync("/api/v1/unify/duplicates/band")).GetProperty("sure").GetDouble().ShouldBe(0.98);
        least.ShouldBeGreaterThanOrEqualTo(0.5);
    }

    [Fact]
    public async Task A_band_that_is_changed_while_a_search_goes_on_is_searched_too()
    {
        (await _owner.PostAsync("/api/v1/unify/duplicates/runs", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var before = DateTime.UtcNow;
        (await _owner.PutAsJsonAsync("/api/v1/unify/duplicates/band", new { least = 0.02 })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await IdleAsync();
        (await _owner.JsonAsync("/api/v1/unify/duplicates")).GetProperty("run").GetProperty("started").GetDateTime().ShouldBeGreaterThanOrEqualTo(before);
    }

    [Fact]
    public async Task Decisions_weigh_into_what_the_next_search_learns_as_long_as_they_hold_and_go_with_an_erased_person()
    {
        var pairs = await PairsAsync();
        foreach (var (number, _) in pairs.Take(3)) await DecideAsync(number, "Merge");
        await DecideAsync(pairs[3].Number, "Apart");
        await SearchAsync();
        var run = (await _owner.JsonAsync("/api/v1/unify/duplicates")).GetProperty("run");
        (run.GetProperty("merged").GetInt32(), run.GetProperty("apart").GetInt32()).ShouldBe((3, 1));
        double Of(string what, string column) => run.GetProperty(what).EnumerateArray().Single(c => c.GetProperty("name").GetString() == column).GetProperty("equal").GetDouble();
        // All four have another e-mail address: the three of one person make that more usual among one person than it is without them.
        Of("columns", "email").ShouldBeLessThan(Of("undecided", "email"));
        (await _owner.GetStringAsync("/unify/duplicates")).ShouldContain("3 pairs merged, 1 pair kept apart");

        var join = (await _owner.JsonAsync($"/api/v1/collect/joins?customer={pairs[0].Of.One}")).GetProperty("items")[0].GetProperty("position").GetInt64();
        (await _owner.PostAsJsonAsync("/api/v1/collect/splits", new { customer = pairs[0].Of.One, join, reason = "twins" })).EnsureSuccessStatusCode();
        (await _owner.PostAsJsonAsync("/api/v1/collect/erasures", new { customer = pairs[1].Of.One, reason = "request 14" })).EnsureSuccessStatusCode();
        await SearchAsync();
        run = (await _owner.JsonAsync("/api/v1/unify/duplicates")).GetProperty("run");
        (run.GetProperty("merged").GetInt32(), run.GetProperty("apart").GetInt32()).ShouldBe((1, 1));
        await using var scope = _server.Get<IServiceScopeFactory>().CreateAsyncScope();
        var queries = scope.ServiceProvider.GetRequiredService<ReviewQueries>();
        (await queries.ReviewedAsync(100, CancellationToken.None)).Select(r => r.Number).ShouldBe([pairs[0].Number, pairs[2].Number, pairs[3].Number], ignoreOrder: true);
        (await queries.ExportAsync(new DataSubject(null, [$"user:{pairs[2].Of.One}"], []), CancellationToken.None).ToListAsync()).Single()["isOnePerson"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task What_follows_from_the_postcode_says_so_in_every_language()
    {
        string[] towns = ["Olsztyn,PL", "Berlin,DE", "Praha,CZ", "Graz,AT", "Gdynia,PL"];
        string Placed(int i, string id, string mark) => System.Text.RegularExpressions.Regex.Replace(Person(i, id, mark), "\"postcode\":\"[0-9]+\",\"city\":\"Wien\"", towns[i % 5].Split(',') is [var town, var country] ? $"\"postcode\":\"{70000 + (i % 5)}\",\"city\":\"{town}\",\"country\":\"{country}\"" : "");
        await _owner.SendCallsAsync(_key, Enumerable.Range(200, 200).Select(i => Placed(i, $"crm:{i}", "")).Append(Placed(300, "shop:300", "x")));
        await SearchAsync();
        var number = (await PairsAsync()).Single(p => p.Of.One == "shop:300" || p.Of.Other == "shop:300").Number;
        var columns = (await _owner.JsonAsync($"/api/v1/unify/duplicates/{number}")).GetProperty("columns").EnumerateArray().ToDictionary(c => c.GetProperty("column").GetString()!);
        foreach (var column in (string[])["city", "country"])
        {
            var said = columns[column];
            (said.GetProperty("step").GetString(), said.GetProperty("followsFrom").GetString(), said.GetProperty("bits").GetDouble()).ShouldBe(("implied", "postcode", 0.0), column);
        }

        (columns["postcode"].GetProperty("step").GetString(), columns["postcode"].GetProperty("followsFrom").GetString()).ShouldBe(("equal", null));
        foreach (var (language, words) in new[] { ("en", "Follows from: Postcode"), ("de", "Folgt aus: Postleitzahl"), ("pl", "Wynika z: Kod pocztowy") })
        {
            WebUtility.HtmlDecode(await _owner.GetStringAsync($"/unify/duplicates/{number}?lang={language}")).ShouldContain(words);
            WebUtility.HtmlDecode(await _owner.GetStringAsync($"/unify/duplicates?lang={language}")).ShouldContain(words);
        }

        (await Printed.ByAsync("duplicates", "show", number.ToString(CultureInfo.InvariantCulture), "--data", _server.DataFolder)).ShouldContain("follows from postcode");
        // What is decided of such a pair teaches the next search as before.
        await DecideAsync(number, "Apart");
        await SearchAsync();
        (await _owner.JsonAsync("/api/v1/unify/duplicates")).GetProperty("run").GetProperty("apart").GetInt32().ShouldBe(1);
    }

    private static string Email(int i) => string.Create(CultureInfo.InvariantCulture, $"{Surnames[i % 13].ToLowerInvariant()}{i}@example.com");

    private static string Phone(int i) => string.Create(CultureInfo.InvariantCulture, $"+43 1 {200000 + (i * 7919)}");

    private static string Birthday(int i) => string.Create(CultureInfo.InvariantCulture, $"19{50 + (i % 49)}-{1 + (i % 12):D2}-{1 + (i % 28):D2}");

    private static string Person(int i, string id, string mark) => $$$"""{"type":"identify","userId":"{{{id}}}","traits":{"firstName":"{{{Given[i % 12]}}}","lastName":"{{{Surnames[i % 13]}}}","email":"{{{mark}}}{{{Email(i)}}}","phone":"{{{Phone(i)}}}","street":"{{{Surnames[i * 5 % 13]}}}weg {{{i}}}","postcode":"{{{1010 + (i % 23 * 10)}}}","city":"Wien","birthday":"{{{Birthday(i)}}}"}}""";

    private int? Customer(string id) => _server.Get<JourneyStore>().FindCustomer(id);

    private static IEnumerable<long> Numbers(JsonElement answer) => answer.GetProperty("items").EnumerateArray().Select(p => p.GetProperty("pair").GetInt64());

    private async Task DecideAsync(long pair, string decision) => (await _owner.PostAsJsonAsync($"/api/v1/unify/duplicates/{pair}/decision", new { decision })).StatusCode.ShouldBe(HttpStatusCode.OK);

    /// <summary>The pairs that wait, of each the id of the CRM and that of the shop.</summary>
    private async Task<List<(long Number, (string One, string Other) Of)>> PairsAsync() =>
        [.. (await _owner.JsonAsync("/api/v1/unify/duplicates?take=1000")).GetProperty("items").EnumerateArray().Select(p => (p.GetProperty("pair").GetInt64(), (p.GetProperty("one").GetProperty("id").GetString()!, p.GetProperty("other").GetProperty("id").GetString()!)))];

    private async Task SearchAsync()
    {
        (await _owner.PostAsync("/api/v1/unify/duplicates/runs", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await IdleAsync();
    }

    private async Task IdleAsync()
    {
        while (_server.Get<DuplicateSearch>().IsRunning) await Task.Delay(20);
    }
}
