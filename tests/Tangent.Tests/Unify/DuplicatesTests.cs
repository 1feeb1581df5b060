using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Tests.Unify;

/// <summary>Two records of one person among many others: found, reviewed, one, taken back and not proposed again.</summary>
public sealed class DuplicatesTests : IAsyncLifetime
{
    private static readonly string[] Given = ["Anna", "Jan", "Lena", "Piotr", "Marta", "Jonas", "Eva", "Tomasz", "Clara", "Felix", "Ida", "Karol"];
    private static readonly string[] Surnames = ["Nowak", "Weber", "Fischer", "Kowalski", "Huber", "Gruber", "Wagner", "Lis", "Bauer", "Steiner", "Zając", "Koch", "Moser"];

    private TestServer _server = null!;
    private string _key = "";

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _key = await _server.Http.AddSourceAsync("CRM", "server");
        await _server.Http.SendCallsAsync(_key, Enumerable.Range(0, 150).Select(Person));
        await _server.Http.SendCallsAsync(_key, [
            """{"type":"identify","userId":"crm:9001","traits":{"firstName":"Katharina","lastName":"Obermeier","email":"k.obermeier@example.org","phone":"+43 1 5055123","street":"Lindengasse 7","postcode":"1070","city":"Wien","birthday":"1984-03-12"}}""",
            """{"type":"identify","userId":"shop:77","traits":{"name":"Katarina Obermeier","email":"kathi.obermeier@example.net","phone":"01 5055123","address":{"street":"Lindeng. 7","postalCode":"1070","city":"Wien"},"birthday":"12.03.1984"}}""",
        ]);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Two_records_of_a_person_are_found_reviewed_with_evidence_merged_taken_back_and_not_proposed_again()
    {
        var pair = await FindPairAsync();
        pair.ShouldNotBeNull();
        var shown = await _server.Http.JsonAsync($"/api/v1/unify/duplicates/{pair}");
        shown.GetProperty("pair").GetProperty("probability").GetDouble().ShouldBeGreaterThan(0.5);
        var columns = shown.GetProperty("columns").EnumerateArray().ToDictionary(c => c.GetProperty("column").GetString()!);
        columns["birthday"].GetProperty("step").GetString().ShouldBe("equal");
        columns["firstName"].GetProperty("other").GetString().ShouldBe("Katarina", "A whole name is divided.");
        (shown.GetProperty("start").GetDouble() + columns.Values.Sum(c => c.GetProperty("bits").GetDouble())).ShouldBe(shown.GetProperty("weight").GetDouble(), 0.01);
        var page = await _server.Http.GetStringAsync($"/unify/duplicates/{pair}");
        page.ShouldContain("Lindengasse 7");
        page.ShouldContain("Lindeng. 7");

        (await _server.Http.PostAsJsonAsync($"/api/v1/unify/duplicates/{pair}/decision", new { decision = "Merge" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        Customer("crm:9001").ShouldBe(Customer("shop:77"));
        (await _server.Http.GetAsync($"/api/v1/unify/duplicates/{pair}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await FindPairAsync()).ShouldBeNull("They are one.");

        var join = (await _server.Http.JsonAsync("/api/v1/collect/joins?customer=crm:9001")).GetProperty("items")[0];
        join.GetProperty("reason").GetString()!.ShouldContain("Review of duplicates");
        (await _server.Http.PostAsJsonAsync("/api/v1/collect/splits", new { customer = "crm:9001", join = join.GetProperty("position").GetInt64(), reason = "Sisters" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        Customer("crm:9001").ShouldNotBe(Customer("shop:77"));
        (await FindPairAsync()).ShouldBeNull("Somebody said that they are two.");
    }

    [Fact]
    public async Task Who_is_kept_apart_is_not_proposed_again_and_who_is_put_off_comes_last()
    {
        var pair = (await FindPairAsync()).ShouldNotBeNull();
        (await _server.Http.PostAsJsonAsync($"/api/v1/unify/duplicates/{pair}/decision", new { decision = "Later" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await FindPairAsync()).ShouldBe(pair, "The same pair has the same number.");
        (await _server.Http.JsonAsync($"/api/v1/unify/duplicates/{pair}")).GetProperty("pair").GetProperty("isLater").GetBoolean().ShouldBeTrue();

        (await _server.Http.PostAsJsonAsync($"/api/v1/unify/duplicates/{pair}/decision", new { decision = "Apart", reason = "Twins" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await FindPairAsync()).ShouldBeNull();
        Customer("crm:9001").ShouldNotBe(Customer("shop:77"));
    }

    [Fact]
    public async Task Sure_pairs_are_merged_together_and_an_erased_person_leaves_the_queue()
    {
        var pair = (await FindPairAsync()).ShouldNotBeNull();
        var isSure = (await _server.Http.JsonAsync($"/api/v1/unify/duplicates/{pair}")).GetProperty("pair").GetProperty("isSure").GetBoolean();
        isSure.ShouldBeTrue();
        (await _server.Http.PostAsJsonAsync("/api/v1/collect/erasures", new { customer = "shop:77", reason = "Request 12" })).IsSuccessStatusCode.ShouldBeTrue();
        (await _server.Http.GetAsync($"/api/v1/unify/duplicates/{pair}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        await _server.Http.SendCallsAsync(_key, ["""{"type":"identify","userId":"shop:78","traits":{"firstName":"Katharina","lastName":"Obermeier","email":"obermeier.k@example.net","phone":"+43 1 5055 123","street":"Lindengasse 7","postcode":"1070","city":"Wien","birthday":"1984-03-12"}}"""]);
        (await FindPairAsync("shop:78")).ShouldNotBeNull();
        var merged = await _server.Http.PostAsync("/api/v1/unify/duplicates/sure", null);
        (await merged.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("merged").GetInt32().ShouldBeGreaterThan(0);
        Customer("crm:9001").ShouldBe(Customer("shop:78"));
    }

    [Fact]
    public async Task What_a_browser_says_takes_no_part()
    {
        var browser = await _server.Http.AddSourceAsync("Website", "web");
        await _server.Http.SendCallsAsync(browser, ["""{"type":"identify","userId":"forged","traits":{"firstName":"Katharina","lastName":"Obermeier","email":"k.obermeier@example.com","phone":"+43 1 5055123","street":"Lindengasse 7","postcode":"1070","city":"Wien","birthday":"1984-03-12"}}"""]);
        (await FindPairAsync("forged")).ShouldBeNull();
        (await FindPairAsync()).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("/api/v1/unify/duplicates/1/decision", """{"decision":"Merge"}""", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/unify/duplicates/1/decision", """{"decision":9}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("/api/v1/unify/duplicates/1/decision", "{}", HttpStatusCode.UnprocessableEntity)]
    public async Task A_decision_that_cannot_be_taken_is_refused(string address, string body, HttpStatusCode status) =>
        (await _server.Http.PostAsync(address, new StringContent(body, Encoding.UTF8, "application/json"))).StatusCode.ShouldBe(status);

    private static string Person(int i) => string.Create(CultureInfo.InvariantCulture, $$$"""{"type":"identify","userId":"crm:{{{i}}}","traits":{"firstName":"{{{Given[i % 12]}}}","lastName":"{{{Surnames[i % 13]}}}","email":"{{{Surnames[i % 13].ToLowerInvariant()}}}{{{i}}}@example.com","phone":"+43 1 {{{200000 + (i * 7919)}}}","street":"{{{Surnames[(i * 5) % 13]}}}weg {{{i}}}","postcode":"{{{1010 + (i % 23 * 10)}}}","city":"Wien","birthday":"19{{{50 + (i % 49)}}}-{{{1 + (i % 12):D2}}}-{{{1 + (i % 28):D2}}}"}}""");

    private int? Customer(string id) => _server.Get<JourneyStore>().FindCustomer(id);

    /// <summary>Searches, and gives the number of the pair of the two records.</summary>
    private async Task<long?> FindPairAsync(string other = "shop:77")
    {
        (await _server.Http.PostAsync("/api/v1/unify/duplicates/runs", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        while (_server.Get<DuplicateSearch>().IsRunning) await Task.Delay(20);
        var items = (await _server.Http.JsonAsync("/api/v1/unify/duplicates?take=1000")).GetProperty("items").EnumerateArray();
        return items.Where(p => new[] { "one", "other" }.Select(s => p.GetProperty(s).GetProperty("id").GetString()).ToHashSet().SetEquals([other, "crm:9001"]))
            .Select(p => (long?)p.GetProperty("pair").GetInt64()).SingleOrDefault();
    }
}
