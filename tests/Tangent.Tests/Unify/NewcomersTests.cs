using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Tangent.Access;
using Tangent.Tests.Access;
using Tangent.Unify;
using static Tangent.Tests.TestCalls;

namespace Tangent.Tests.Unify;

/// <summary>Somebody new is compared with everybody stored at once, by what the last search learned.</summary>
public sealed class NewcomersTests : IAsyncLifetime
{
    private const string Katharina = """{"type":"identify","userId":"crm:9001","traits":{"firstName":"Katharina","lastName":"Obermeier","email":"k.obermeier@example.org","phone":"+43 1 5055123","street":"Lindengasse 7","postcode":"1070","city":"Wien","birthday":"1984-03-12"}}""";
    private const string Again = """{"type":"identify","userId":"shop:77","traits":{"name":"Katarina Obermeier","email":"kathi.obermeier@example.net","phone":"01 5055123","address":{"street":"Lindeng. 7","postalCode":"1070","city":"Wien"},"birthday":"12.03.1984"}}""";
    private static readonly object Asked = new { values = new { firstName = "Katarina", lastName = "Obermeier", birthday = "1984-03-12", street = "Lindengasse 7", phone = "+43 1 5055 123" } };
    private static readonly string[] Given = ["Anna", "Jan", "Lena", "Piotr", "Marta", "Jonas", "Eva", "Tomasz", "Clara", "Felix", "Ida", "Karol"];
    private static readonly string[] Surnames = ["Nowak", "Weber", "Fischer", "Kowalski", "Huber", "Gruber", "Wagner", "Lis", "Bauer", "Steiner", "Zając", "Koch", "Moser"];

    private TestServer _server = null!;
    private string _key = "";

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _key = await _server.Http.AddSourceAsync("CRM", "server");
        await _server.Http.SendCallsAsync(_key, Enumerable.Range(0, 150).Select(Person).Append(Katharina));
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_new_record_of_a_known_person_waits_for_a_decision_without_another_search_as_a_search_would_have_put_it()
    {
        await SearchAsync();
        (await PairAsync("shop:77")).ShouldBeNull();
        await _server.Http.SendCallsAsync(_key, [Again]);
        var pair = await UntilAsync(() => PairAsync("shop:77"));
        var shown = await _server.Http.JsonAsync($"/api/v1/unify/duplicates/{pair}");
        shown.GetProperty("columns").EnumerateArray().Single(c => c.GetProperty("column").GetString() == "birthday").GetProperty("step").GetString().ShouldBe("equal");
        await SearchAsync();
        (await PairAsync("shop:77")).ShouldBe(pair, "A search finds the same pair.");

        // She is somebody else after all.
        await _server.Http.SendCallsAsync(_key, ["""{"type":"identify","userId":"shop:77","traits":{"name":"Zenon Quast","email":"zq@example.net","phone":"0211 8877665","address":{"street":"Rheinallee 90","postalCode":"40213","city":"Düsseldorf"},"birthday":"01.11.1951"}}"""]);
        await UntilAsync(async () => await PairAsync("shop:77") is null);
    }

    [Fact]
    public async Task Whether_a_person_is_known_is_answered_with_weights_by_column()
    {
        (await AskAsync()).GetProperty("isReady").GetBoolean().ShouldBeFalse("Nothing has been learned.");
        await SearchAsync();
        var answer = await AskAsync();
        answer.GetProperty("persons").GetInt32().ShouldBe(151);
        var best = answer.GetProperty("items")[0];
        best.GetProperty("customer").GetProperty("id").GetString().ShouldBe("crm:9001");
        best.GetProperty("probability").GetDouble().ShouldBeGreaterThan(0.5);
        best.GetProperty("columns").EnumerateArray().Count(c => c.GetProperty("bits").GetDouble() > 0).ShouldBeGreaterThanOrEqualTo(3);
        (await _server.Http.PostAsJsonAsync("/api/v1/collect/erasures", new { customer = "crm:9001", reason = "Request 12" })).IsSuccessStatusCode.ShouldBeTrue();
        await UntilAsync(async () => (await AskAsync()).GetProperty("persons").GetInt32() == 150);
        (await AskAsync()).GetProperty("items").EnumerateArray().ShouldNotContain(i => i.GetProperty("customer").GetProperty("id").GetString() == "crm:9001");
    }

    [Fact]
    public async Task The_page_asks_the_same_and_shows_what_was_entered_beside_what_is_known()
    {
        (await EnterAsync(new() { ["lastName"] = "Obermeier" })).Text.ShouldContain("nothing to compare by yet");
        await SearchAsync();
        var (status, text) = await EnterAsync(new() { ["firstName"] = "Katarina", ["lastName"] = "Obermeier", ["birthday"] = "1984-03-12", ["phone"] = "+43 1 5055 123" });
        status.ShouldBe(HttpStatusCode.OK);
        text.ShouldContain("Katharina Obermeier");
        text.ShouldContain("k.obermeier@example.org", Case.Sensitive, "The list says who it is.");
        text.ShouldContain("data-chart", Case.Sensitive, "The waterfall.");
        (await EnterAsync(new() { ["lastName"] = "Quast" })).Text.ShouldContain("Nobody like that is known");
        (await EnterAsync(new() { ["lastName"] = " " })).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task An_equal_address_speaks_for_a_person_though_no_two_of_the_stored_share_one()
    {
        await SearchAsync();
        var values = new { firstName = "Katharina", lastName = "Obermeier", birthday = "1984-03-12", email = "k.obermeier@example.org", phone = "+43 1 5055 123" };
        var answer = await (await _server.Http.PostAsJsonAsync("/api/v1/unify/duplicates/candidates", new { values })).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        var best = answer.GetProperty("items")[0];
        best.GetProperty("customer").GetProperty("id").GetString().ShouldBe("crm:9001");
        foreach (var column in new[] { "email", "phone" })
            best.GetProperty("columns").EnumerateArray().Single(c => c.GetProperty("column").GetString() == column).GetProperty("bits").GetDouble().ShouldBeGreaterThan(5, column);
    }

    [Theory]
    [InlineData("email", "email", "K.Obermeier+news@Example.org")]
    [InlineData("phone", "phone", "0043 1 5055 123")]
    [InlineData("phone", "mobile", "+43 1 5055-123")]
    [InlineData("customerNumber", "customerNumber", "K-0042")]
    [InlineData("customerNumber", "Kundennummer", "K-0042")]
    public async Task Who_is_known_by_an_address_or_a_number_is_always_found_by_it(string same, string trait, string value)
    {
        var values = new Dictionary<string, string> { [trait] = value };
        await _server.Http.SendCallsAsync(_key, ["{\"type\":\"identify\",\"userId\":\"crm:9001\",\"traits\":{\"customerNumber\":\"K-0042\"}}"]);
        var browser = await _server.Http.AddSourceAsync("Website", "web");
        await _server.Http.SendCallsAsync(browser, [Katharina.Replace("crm:9001", "forged", StringComparison.Ordinal).Replace("\"traits\":{", "\"traits\":{\"customerNumber\":\"K-0042\",", StringComparison.Ordinal)]);
        await UntilAsync(async () => (await FoundAsync(values)).Count == 1);
        var before = (await FoundAsync(values)).ShouldHaveSingleItem("Nobody has searched for duplicates, and what a browser says counts for nothing.");
        before.GetProperty("customer").GetProperty("id").GetString().ShouldBe("crm:9001");

        await SearchAsync();

        var after = await FoundAsync(values);
        after.Select(f => f.GetProperty("customer").GetProperty("id").GetString()).ShouldNotContain("forged");
        after[0].GetProperty("customer").GetProperty("id").GetString().ShouldBe("crm:9001");
        after[0].GetProperty("same").EnumerateArray().Select(s => s.GetString()).ShouldBe([same]);
    }

    [Fact]
    public async Task Whose_number_is_the_same_comes_first_whoever_resembles_the_person_more()
    {
        await _server.Http.SendCallsAsync(_key, ["{\"type\":\"identify\",\"userId\":\"crm:7\",\"traits\":{\"customerNumber\":\"K-7\"}}"]);
        await SearchAsync();
        var found = await FoundAsync(new() { ["firstName"] = "Katharina", ["lastName"] = "Obermeier", ["birthday"] = "1984-03-12", ["street"] = "Lindengasse 7", ["customerNumber"] = "K-7" });
        found.Select(f => f.GetProperty("customer").GetProperty("id").GetString()).Take(2).ShouldBe(["crm:7", "crm:9001"]);
        found[0].GetProperty("probability").GetDouble().ShouldBeLessThan(found[1].GetProperty("probability").GetDouble());
    }

    [Fact]
    public async Task Who_may_not_see_a_value_cannot_guess_it_either()
    {
        await using var server = await TestServer.StartAsync(demo: false);
        using var owner = await server.ComeInAsync("owner@staff.example", Role.Owner);
        using var viewer = await server.ComeInAsync("viewer@staff.example", Role.Viewer);
        await server.Http.SendCallsAsync(await owner.AddSourceAsync("CRM", "server"), Enumerable.Range(0, 150).Select(Person).Append(Katharina));
        (await owner.PostAsync("/api/v1/unify/duplicates/runs", null)).EnsureSuccessStatusCode();
        while (server.Get<DuplicateSearch>().IsRunning) await Task.Delay(20);

        async Task<string> ItemsAsync(HttpClient who, string birthday) =>
            (await (await who.PostAsJsonAsync("/api/v1/unify/duplicates/candidates", new { values = new { firstName = "Katharina", lastName = "Obermeier", street = "Lindengasse 7", phone = "+43 1 5055123", birthday } })).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items").GetRawText();
        (await ItemsAsync(owner, "1984-03-12")).ShouldContain("birthday");
        (await ItemsAsync(owner, "1984-03-12")).ShouldNotBe(await ItemsAsync(owner, "1951-11-01"));
        (await ItemsAsync(viewer, "1984-03-12")).ShouldBe(await ItemsAsync(viewer, "1951-11-01"));
        (await ItemsAsync(viewer, "1984-03-12")).ShouldNotContain("birthday");
    }

    [Fact]
    public async Task What_a_browser_says_is_compared_with_nobody()
    {
        await SearchAsync();
        var browser = await _server.Http.AddSourceAsync("Website", "web");
        await _server.Http.SendCallsAsync(browser, [Again.Replace("shop:77", "forged", StringComparison.Ordinal)]);
        await _server.Http.SendCallsAsync(_key, [Again]);
        await UntilAsync(() => PairAsync("shop:77"));
        (await PairAsync("forged")).ShouldBeNull();
        (await AskAsync()).GetProperty("persons").GetInt32().ShouldBe(152);
    }

    [Fact]
    public async Task Who_comes_while_a_search_goes_on_is_in_the_list_after_it()
    {
        await SearchAsync();
        var came = 0;
        for (var round = 0; round < 4; round++)
        {
            (await _server.Http.PostAsync("/api/v1/unify/duplicates/runs", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
            // No more than there are others to resemble, and one also where the search was faster.
            var most = came + 30;
            do await _server.Http.SendCallsAsync(_key, [Twin(came)]);
            while (++came < most && _server.Get<DuplicateSearch>().IsRunning);
            while (_server.Get<DuplicateSearch>().IsRunning) await Task.Delay(20);
            await UntilAsync(async () => await PairAsync($"twin:{came - 1}") is not null);
        }

        for (var i = 0; i < came; i++) (await PairAsync($"twin:{i}")).ShouldNotBeNull($"{i} of {came}");

        static string Twin(int i) => Person(i).Replace("\"crm:", "\"twin:", StringComparison.Ordinal).Replace("\"email\":\"", "\"email\":\"x", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_customer_who_was_merged_is_compared_once_and_what_was_taken_back_with_nobody()
    {
        await _server.Http.SendCallsAsync(_key, [Katharina.Replace("crm:9001", "crm:9002", StringComparison.Ordinal).Replace("k.ober", "ko.ober", StringComparison.Ordinal)]);
        await SearchAsync();
        (await _server.Http.PostAsJsonAsync("/api/v1/collect/merges", new { customers = new[] { "crm:9001", "crm:9002" }, reason = "by hand" })).EnsureSuccessStatusCode();
        using var file = new StringContent("userId,firstName,lastName,email,phone,street,postcode,city,birthday\nshop:77,Katarina,Obermeier,kathi.obermeier@example.net,+43 1 5055123,Lindengasse 7,1070,Wien,1984-03-12\n");
        using var imported = await _server.Http.PostAsync(new Uri("/api/v1/collect/imports?source=list&kind=persons&fileName=c.csv", UriKind.Relative), file);
        await UntilAsync(() => PairAsync("shop:77"));
        var pair = (await _server.Http.JsonAsync("/api/v1/unify/duplicates?take=1000")).GetProperty("items").EnumerateArray()
            .Single(p => new[] { "one", "other" }.Any(s => p.GetProperty(s).GetProperty("id").GetString() == "shop:77"));
        pair.GetProperty("isSure").GetBoolean().ShouldBeTrue();

        var import = (await imported.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("importId").GetInt32();
        (await _server.Http.PostAsync($"/api/v1/collect/imports/{import}/undo", null)).EnsureSuccessStatusCode();
        await UntilAsync(async () => await PairAsync("shop:77") is null);
        (await AskAsync()).GetProperty("items").EnumerateArray().ShouldNotContain(i => i.GetProperty("customer").GetProperty("id").GetString() == "shop:77");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"values":{}}""")]
    [InlineData("""{"values":{"colour":"red"}}""")]
    public async Task Who_says_nothing_of_a_person_is_told_so(string body) =>
        (await _server.Http.PostAsync("/api/v1/unify/duplicates/candidates", new StringContent(body, Encoding.UTF8, "application/json"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

    private static string Person(int i) => string.Create(CultureInfo.InvariantCulture, $$$"""{"type":"identify","userId":"crm:{{{i}}}","traits":{"firstName":"{{{Given[i % 12]}}}","lastName":"{{{Surnames[i % 13]}}}","email":"{{{Surnames[i % 13].ToLowerInvariant()}}}{{{i}}}@example.com","phone":"+43 1 {{{200000 + (i * 7919)}}}","street":"{{{Surnames[(i * 5) % 13]}}}weg {{{i}}}","postcode":"{{{1010 + (i % 23 * 10)}}}","city":"Wien","birthday":"19{{{50 + (i % 49)}}}-{{{1 + (i % 12):D2}}}-{{{1 + (i % 28):D2}}}"}}""");

    private async Task SearchAsync()
    {
        (await _server.Http.PostAsync("/api/v1/unify/duplicates/runs", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        while (_server.Get<DuplicateSearch>().IsRunning) await Task.Delay(20);
    }

    private async Task<(HttpStatusCode Status, string Text)> EnterAsync(Dictionary<string, string> values)
    {
        const string Page = "/unify/duplicates/candidates";
        var form = await _server.Http.GetStringAsync(Page);
        values["__RequestVerificationToken"] = System.Text.RegularExpressions.Regex.Match(form, "name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"").Groups[1].Value;
        using var content = new FormUrlEncodedContent(values);
        using var answer = await _server.Http.PostAsync(Page, content);
        return (answer.StatusCode, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()));
    }

    private async Task<JsonElement> AskAsync() =>
        await (await _server.Http.PostAsJsonAsync("/api/v1/unify/duplicates/candidates", Asked)).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();

    private async Task<List<JsonElement>> FoundAsync(Dictionary<string, string> values) =>
        [.. (await (await _server.Http.PostAsJsonAsync("/api/v1/unify/duplicates/candidates", new { values })).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items").EnumerateArray()];

    private async Task<long?> PairAsync(string id) =>
        (await _server.Http.JsonAsync("/api/v1/unify/duplicates?take=1000")).GetProperty("items").EnumerateArray().Where(p => new[] { "one", "other" }.Any(s => p.GetProperty(s).GetProperty("id").GetString() == id))
            .Select(p => (long?)p.GetProperty("pair").GetInt64()).FirstOrDefault();
}
