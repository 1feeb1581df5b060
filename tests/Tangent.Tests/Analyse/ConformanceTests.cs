using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Tangent.Tests.Analyse;

/// <summary>Conformance over HTTP: figures worked out by hand on <see cref="Shop"/>, and by plain counting on a public log.</summary>
public sealed class ConformanceTests(Shop shop) : IClassFixture<Shop>
{
    private static readonly string[] Rules =
        ["starts: Visit", "response: Visit -> Order", "precedence: Search -> Order", "exactly 1: Search", "within 1h: Visit -> Order", "xor: Search, Call"];

    private static string Query => "rule=" + string.Join("&rule=", Rules.Select(Uri.EscapeDataString));

    [Fact]
    public async Task Fitness_violations_first_deviations_and_the_histogram_are_those_counted_by_hand()
    {
        // anna keeps all 6; ben breaks 2, 4, 5 of 5 (no order: nothing needs a search before it); cleo and eva 2, 4, 5, 6 of 5; dora 1, 3, 4, 5 of 6.
        var answer = await shop.AskAsync("conformance?" + Query);
        (answer.GetProperty("customers").GetInt64(), answer.GetProperty("applicable").GetInt64()).ShouldBe((5, 5));
        answer.GetProperty("fitness").GetDouble().ShouldBe((1 + 0.4 + 0.2 + 1 / 3.0 + 0.2) / 5, 1e-12);
        answer.GetProperty("low").GetDouble().ShouldBeInRange(0.01, 0.42);
        answer.GetProperty("high").GetDouble().ShouldBeInRange(0.43, 0.99);
        Rows(answer, "rules", "number", "applicable", "violated").ShouldBe(["4 5 4", "5 5 4", "2 5 3", "6 5 2", "1 5 1", "3 2 1"]);
        answer.GetProperty("rules")[0].GetProperty("rule").GetString().ShouldBe("exactly 1: Search");
        answer.GetProperty("rules")[0].GetProperty("share").GetDouble().ShouldBe(0.8);
        Rows(answer, "firstDeviations", "number", "touchpoint", "customers").ShouldBe(["2  2", "1 Call 1", "4 Search 1"]);
        Rows(answer, "fitnessHistogram", "customers").ShouldBe(["0", "0", "2", "1", "1", "0", "0", "0", "0", "0", "1"]);
    }

    [Theory]
    [InlineData("at=4", "ben cleo dora eva")]
    [InlineData("at=4&outcome=satisfied", "anna")]
    [InlineData("at=3&outcome=applicable", "anna dora")]
    [InlineData("at=3&outcome=satisfied", "anna")]
    [InlineData("at=2&outcome=first", "cleo eva")]
    [InlineData("at=2&end=true", "cleo eva")]
    [InlineData("where=Search", "ben")]
    [InlineData("at=1&where=Search", "")]
    [InlineData("at=3&outcome=notApplicable", "ben cleo eva")]
    [InlineData("outcome=notApplicable", "")]
    [InlineData("bin=2", "cleo eva")]
    [InlineData("bin=10", "anna")]
    [InlineData("", "ben cleo dora eva")]
    [InlineData("outcome=satisfied", "anna")]
    [InlineData("outcome=first&bin=3", "dora")]
    public async Task The_customers_behind_a_number_are_these(string pick, string customers) =>
        (await shop.CustomersAsync($"conformance/customers?{Query}&{pick}")).ShouldBe(customers);

    [Fact]
    public async Task Each_journey_has_its_fitness_and_first_deviation()
    {
        var all = await shop.AskAsync("conformance/journeys?" + Query);
        all.GetProperty("total").GetInt64().ShouldBe(5);
        var journeys = all.GetProperty("items").EnumerateArray().ToDictionary(j => j.GetProperty("id").GetString()!);
        journeys["anna"].GetProperty("fitness").GetDouble().ShouldBe(1);
        journeys["anna"].GetProperty("firstDeviation").ValueKind.ShouldBe(JsonValueKind.Null);
        journeys["dora"].GetProperty("fitness").GetDouble().ShouldBe(1 / 3.0, 1e-12);
        journeys["dora"].GetProperty("violated").ToString().ShouldBe("[1,3,4,5]");
        journeys["ben"].GetProperty("applicable").ToString().ShouldBe("[1,2,4,5,6]");
        Deviation("dora").ShouldBe("1 Call 2026-03-02T08:00:00Z");
        Deviation("ben").ShouldBe("4 Search 2026-03-02T08:06:00Z");
        Deviation("eva").ShouldBe("2  2026-03-03T08:00:00Z");
        (await shop.AskAsync($"conformance/journeys?{Query}&outcome=first&at=2&take=1")).GetProperty("items").GetArrayLength().ShouldBe(1);

        string Deviation(string id) => string.Join(' ', new[] { "number", "touchpoint", "at" }.Select(field => journeys[id].GetProperty("firstDeviation").GetProperty(field).ToString()));
    }

    [Theory]
    [InlineData("ends: Order", 5, "ben cleo eva")]
    [InlineData("absent: Call", 5, "dora")]
    [InlineData("contains: Search | Call", 5, "cleo eva")]
    [InlineData("contains exactly 2: Search", 5, "anna cleo dora eva")]
    [InlineData("between 1..2: Visit", 5, "")]
    [InlineData("between 2..: Search", 5, "anna cleo dora eva")]
    [InlineData("succession: Search -> Order", 3, "ben dora")]
    [InlineData("responded existence: Order -> Search", 2, "dora")]
    [InlineData("and: Visit, Order", 5, "ben cleo eva")]
    [InlineData("and: Call, Order, Visit", 5, "anna ben cleo eva")]
    [InlineData("within 5m: Visit -> Search", 5, "anna cleo dora eva")]
    [InlineData("within 3600s: Visit -> Order", 5, "ben cleo dora eva")]
    [InlineData("within 3599s: Visit -> Order", 5, "anna ben cleo dora eva")]
    [InlineData("xor: order, SEARCH", 5, "anna cleo eva")]
    [InlineData("response: Call → Search", 1, "dora")]
    public async Task Each_kind_of_rule_is_applicable_and_violated_as_defined(string rule, int applicable, string violating)
    {
        var query = "rule=" + Uri.EscapeDataString(rule);
        (await shop.AskAsync("conformance?" + query)).GetProperty("rules")[0].GetProperty("applicable").GetInt32().ShouldBe(applicable);
        (await shop.CustomersAsync("conformance/customers?" + query)).ShouldBe(violating);
    }

    [Fact]
    public async Task Where_no_rule_is_applicable_there_is_no_fitness()
    {
        foreach (var query in new[] { "rule=response:Order->Visit&channel=newsletter", "rule=starts:Visit&from=2031-01-01" })
        {
            var answer = await shop.AskAsync("conformance?" + query);
            answer.GetProperty("applicable").GetInt64().ShouldBe(0, query);
            foreach (var figure in new[] { "fitness", "low", "high" }) answer.GetProperty(figure).ValueKind.ShouldBe(JsonValueKind.Null, query);
            answer.GetProperty("rules")[0].GetProperty("share").ValueKind.ShouldBe(JsonValueKind.Null, query);
            answer.GetProperty("firstDeviations").GetArrayLength().ShouldBe(0, query);
        }
    }

    [Theory]
    [InlineData("", "rule")]
    [InlineData("rule=", "rule")]
    [InlineData("rule=Order", "rule")]
    [InlineData("rule=soon:Order", "rule")]
    [InlineData("rule=starts:", "rule")]
    [InlineData("rule=starts:Nowhere", "rule")]
    [InlineData("rule=starts with:Visit", "rule")]
    [InlineData("rule=response:Visit", "rule")]
    [InlineData("rule=response:Visit,Order", "rule")]
    [InlineData("rule=response:Visit->Order->Call", "rule")]
    [InlineData("rule=response:Visit->visit", "rule")]
    [InlineData("rule=within:Visit->Order", "rule")]
    [InlineData("rule=within 0d:Visit->Order", "rule")]
    [InlineData("rule=exactly:Visit", "rule")]
    [InlineData("rule=exactly -1:Visit", "rule")]
    [InlineData("rule=between 3..2:Visit", "rule")]
    [InlineData("rule=xor:Visit", "rule")]
    [InlineData("rule=starts:\"Visit", "rule")]
    [InlineData("rule=starts:Visit&channel=web&from=soon", "from")]
    [InlineData("customers?rule=starts:Visit&at=2", "at")]
    [InlineData("customers?rule=starts:Visit&bin=11", "bin")]
    [InlineData("customers?rule=starts:Visit&outcome=perhaps", "outcome")]
    [InlineData("customers?rule=starts:Visit&outcome=violated&end=true", "outcome")]
    [InlineData("customers?rule=starts:Visit&where=Nowhere", "where")]
    public async Task What_cannot_be_answered_is_refused_by_its_name(string query, string field)
    {
        var response = await shop.Http.GetAsync("/api/v1/analyse/conformance" + (query.StartsWith("customers", StringComparison.Ordinal) ? "/" : "?") + query);
        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("field").GetString().ShouldBe(field);
        problem.GetProperty("detail").GetString()!.ShouldNotStartWith("Collect.");
    }

    [Fact]
    public async Task Sixty_four_rules_fit_into_an_address_and_one_more_is_refused()
    {
        var rule = "&rule=" + Uri.EscapeDataString("within 3w: Visit | Search | Call | \"Visit\" | \"Search\" -> Order");
        (await shop.AskAsync("conformance?" + string.Concat(Enumerable.Repeat(rule, 64)))).GetProperty("rules").GetArrayLength().ShouldBe(64);
        (await shop.Http.GetAsync("/api/v1/analyse/conformance?" + string.Concat(Enumerable.Repeat(rule, 65)))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [FixtureFact]
    public async Task Rules_on_the_receipt_log_agree_with_plain_counting()
    {
        const string t02 = "T02 Check confirmation of receipt", t04 = "T04 Determine confirmation of receipt", t05 = "T05 Print and send confirmation of receipt",
            t06 = "T06 Determine necessity of stop advice", t10 = "T10 Determine necessity to stop indication", t03 = "T03 Adjust confirmation of receipt";
        var file = Path.Combine(Repository.Fixtures, "receipt", "receipt.csv");
        await using var server = await TestServer.StartAsync();
        (await server.Http.PostAsync("/api/v1/collect/imports?source=receipt", new ByteArrayContent(await File.ReadAllBytesAsync(file)))).EnsureSuccessStatusCode();

        var cases = File.ReadLines(file).Skip(1).Select(line => line.Split(',')).Select(cells => (Case: cells[1], What: cells[10], Ms: DateTimeOffset.Parse(cells[14], System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds()))
            .GroupBy(row => row.Case).Select(rows => rows.OrderBy(row => row.Ms).ToList()).ToList();
        int Count(Func<List<(string Case, string What, long Ms)>, bool> which) => cases.Count(which);
        const long day = 86_400_000;
        (string Rule, int Applicable, int Violated)[] expected =
        [
            ("starts: Confirmation of receipt", cases.Count, Count(c => c[0].What != "Confirmation of receipt")),
            ($"ends: {t10} | {t05}", cases.Count, Count(c => c[^1].What != t10 && c[^1].What != t05)),
            ($"absent: {t03}", cases.Count, Count(c => c.Exists(e => e.What == t03))),
            ($"exactly 1: {t02}", cases.Count, Count(c => c.FindAll(e => e.What == t02).Count != 1)),
            ($"response: {t02} -> {t04}", Count(c => c.Exists(e => e.What == t02)), Count(c => c.FindLastIndex(e => e.What == t02) > c.FindLastIndex(e => e.What == t04))),
            ($"precedence: {t04} -> {t05}", Count(c => c.Exists(e => e.What == t05)),
                Count(c => c.FindIndex(e => e.What == t05) is >= 0 and var b && (c.FindIndex(e => e.What == t04) is var a && (a < 0 || a > b)))),
            ($"xor: {t03}, {t10}", cases.Count, Count(c => c.Exists(e => e.What == t03) == c.Exists(e => e.What == t10))),
            ($"within 1d: {t02} -> {t04}", Count(c => c.Exists(e => e.What == t02)),
                Count(c => c.Select((e, i) => (e, i)).Any(x => x.e.What == t02 && !c.Skip(x.i + 1).Any(later => later.What == t04 && later.Ms - x.e.Ms <= day)))),
            ($"and: {t06}, {t10}", Count(c => c.Exists(e => e.What == t06) || c.Exists(e => e.What == t10)), Count(c => c.Exists(e => e.What == t06) != c.Exists(e => e.What == t10))),
        ];

        var answer = JsonDocument.Parse(await server.Http.GetStringAsync("/api/v1/analyse/conformance?rule=" + string.Join("&rule=", expected.Select(e => Uri.EscapeDataString(e.Rule))))).RootElement;
        answer.GetProperty("customers").GetInt64().ShouldBe(1_434);
        foreach (var rule in answer.GetProperty("rules").EnumerateArray())
        {
            var (text, applicable, violated) = expected[rule.GetProperty("number").GetInt32() - 1];
            rule.GetProperty("rule").GetString().ShouldBe(text);
            (rule.GetProperty("applicable").GetInt32(), rule.GetProperty("violated").GetInt32()).ShouldBe((applicable, violated), text);
        }

        expected.Count(e => e.Violated > 0).ShouldBeGreaterThan(5, "rules that nobody breaks prove little");
        answer.GetProperty("firstDeviations").EnumerateArray().Sum(d => d.GetProperty("customers").GetInt64())
            .ShouldBe(1_434 - answer.GetProperty("fitnessHistogram")[10].GetProperty("customers").GetInt64());
    }

    private static List<string> Rows(JsonElement answer, string list, params string[] fields) =>
        [.. answer.GetProperty(list).EnumerateArray().Select(r => string.Join(' ', fields.Select(f => r.GetProperty(f).ToString())))];
}
