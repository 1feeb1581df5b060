using System.Net;
using System.Text.Json;

namespace Tangent.Tests.Analyse;

/// <summary>Neighbours, co-occurrence and reach over HTTP, worked out by hand on <see cref="Shop"/>.</summary>
public sealed class NeighboursTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task What_comes_around_a_touchpoint_is_worked_out_by_hand()
    {
        // Visit: anna, ben, cleo, dora, eva once each. After it within two steps Search (anna, ben), Order (anna, dora). Of all 11 events
        // Search follows within two after Visit (2) and ben's first Search: 3; Order after anna's Visit and Search, dora's Call and Visit: 4.
        var answer = await shop.AskAsync("neighbours?at=Visit&steps=2");
        string Totals(params string[] names) => string.Join(' ', names.Select(n => answer.GetProperty(n).GetInt64()));
        Totals("customers", "events", "with", "cases").ShouldBe("5 11 5 5");
        Rows(answer, "after").ShouldBe(["Order 2 2", "Search 2 2"]);
        Rows(answer, "before").ShouldBe(["Call 1 1"]);
        var search = answer.GetProperty("after")[1];
        search.GetProperty("share").GetDouble().ShouldBe(0.4, 1e-12);
        search.GetProperty("baseRate").GetDouble().ShouldBe(3 / 11.0, 1e-12);
        search.GetProperty("lift").GetDouble().ShouldBe(0.4 * 11 / 3, 1e-12);
        // Wilson's interval of 2 of 5 is 0.1176 to 0.7693.
        search.GetProperty("low").GetDouble().ShouldBe(0.1176 * 11 / 3, 1e-3);
        search.GetProperty("high").GetDouble().ShouldBe(0.7693 * 11 / 3, 1e-3);
        Rows(await shop.AskAsync("neighbours?at=Search&steps=1"), "after").ShouldBe(["Order 1 1", "Search 1 1"]);
    }

    [Theory]
    [InlineData("neighbours/customers?at=Visit&steps=2&neighbour=Order", "anna dora")]
    [InlineData("neighbours/customers?at=Visit&steps=1&neighbour=Order", "dora")]
    [InlineData("neighbours/customers?at=Visit&neighbour=Call&side=before", "dora")]
    [InlineData("neighbours/customers?at=Search", "anna ben")]
    [InlineData("cooccurrence/customers?at=Visit&with=Search", "anna ben")]
    [InlineData("cooccurrence/customers?at=Order&with=Call", "dora")]
    [InlineData("cooccurrence/customers?at=Order&with=Call&channel=web", "")]
    public async Task The_customers_behind_a_number_are_these(string list, string customers) => (await shop.CustomersAsync(list)).ShouldBe(customers);

    [Fact]
    public async Task Pairs_have_their_lift_and_touchpoints_their_reach()
    {
        var answer = await shop.AskAsync("cooccurrence");
        answer.GetProperty("total").GetInt64().ShouldBe(5);
        answer.GetProperty("items").EnumerateArray().Select(p => $"{p.GetProperty("at").GetString()}+{p.GetProperty("with").GetString()} {p.GetProperty("customers").GetInt64()} {Math.Round(p.GetProperty("lift").GetDouble(), 6)}")
            .ShouldBe(["Visit+Search 2 1", "Visit+Order 2 1", "Visit+Call 1 1", "Search+Order 1 1.25", "Order+Call 1 2.5"], ignoreOrder: true);
        answer.GetProperty("touchpoints").EnumerateArray().Select(t => $"{t.GetProperty("name").GetString()} {t.GetProperty("reach").GetDouble()}").ShouldBe(["Visit 1", "Order 0.4", "Search 0.4", "Call 0.2"]);
        (await shop.AskAsync("cooccurrence?top=1")).GetProperty("items").GetArrayLength().ShouldBe(1);
        var order = (await shop.AskAsync("touchpoints")).GetProperty("items").EnumerateArray().Single(t => t.GetProperty("name").GetString() == "Order");
        order.GetProperty("reach").GetDouble().ShouldBe(0.4);
        order.GetProperty("reachLow").GetDouble().ShouldBe(0.1176, 1e-4);
        order.GetProperty("reachHigh").GetDouble().ShouldBe(0.7693, 1e-4);
    }

    [Theory]
    [InlineData("neighbours", "at")]
    [InlineData("neighbours?at=Nowhere", "at")]
    [InlineData("neighbours?at=Visit&steps=0", "steps")]
    [InlineData("neighbours/customers?at=Visit&neighbour=Nowhere", "neighbour")]
    [InlineData("neighbours/customers?at=Visit&side=behind", "side")]
    [InlineData("cooccurrence?top=0", "top")]
    [InlineData("cooccurrence/customers?at=Visit", "with")]
    public async Task What_cannot_be_answered_names_the_field(string question, string field)
    {
        using var response = await shop.Http.GetAsync("/api/v1/analyse/" + question);
        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("field").GetString().ShouldBe(field);
    }

    [Fact]
    public async Task Nobody_in_the_filter_is_an_empty_answer()
    {
        (await shop.AskAsync("neighbours?at=Visit&channel=pigeon")).GetProperty("after").GetArrayLength().ShouldBe(0);
        (await shop.AskAsync("cooccurrence?from=2031-01-01")).GetProperty("customers").GetInt64().ShouldBe(0);
        (await shop.AskAsync("correlation?goal=Order&from=2031-01-01")).GetProperty("entrants").GetInt64().ShouldBe(0);
    }

    private static List<string> Rows(JsonElement answer, string side) =>
        [.. answer.GetProperty(side).EnumerateArray().Select(n => $"{n.GetProperty("name").GetString()} {n.GetProperty("cases").GetInt64()} {n.GetProperty("customers").GetInt64()}")];
}
