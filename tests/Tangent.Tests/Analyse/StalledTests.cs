using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Tangent.Tests.Analyse;

/// <summary>Stalled journeys over HTTP, worked out by hand on <see cref="Shop"/>.</summary>
public sealed class StalledTests(Shop shop) : IClassFixture<Shop>
{
    private const int Day = 24 * 3600;

    [Fact]
    public async Task Who_stands_still_and_what_is_usual_are_worked_out_by_hand()
    {
        // Measured to dora's order on the twentieth day. Visit: 4 and 10 minutes, 20 days less half an hour are complete, 19 and 20 days open:
        // 4/5 · 3/4 · 1/2 = 0.3 never go on; 0.9 · 0.7 = 0.63 is reached by the longest. Search: 2 and 50 minutes, ben's is open.
        var answer = await shop.AskAsync("stalled");
        (answer.GetProperty("customers").GetInt64(), answer.GetProperty("stalled").GetInt64()).ShouldBe((5, 2));
        answer.GetProperty("asOf").GetDateTime().ShouldBe(Shop.Start.AddDays(20).UtcDateTime);
        var items = answer.GetProperty("items").EnumerateArray().ToDictionary(i => i.GetProperty("name").GetString()!);
        items.Keys.ShouldBe(["Visit", "Search", "Order", "Call"]);
        Figures(items["Visit"]).ShouldBe("5 3 2 1 1726200 1728000");
        items["Visit"].GetProperty("endShare").GetDouble().ShouldBe(0.3, 1e-12);
        items["Visit"].GetProperty("share").GetDouble().ShouldBe(0.5);
        Figures(items["Search"]).ShouldBe($"3 2 1 1 3000 {20 * Day - 360}");
        items["Search"].GetProperty("endShare").GetDouble().ShouldBe(1 / 3.0, 1e-12);
        Figures(items["Order"]).ShouldBe("2 0 2 0  ");
        items["Order"].GetProperty("endShare").GetDouble().ShouldBe(1);
        Figures(items["Call"]).ShouldBe("1 1 0 0 1800 ");
        items["Call"].GetProperty("share").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("at=Visit", "cleo")]
    [InlineData("at=Visit&percentile=50", "cleo eva")]
    [InlineData("at=Visit&stalled=false", "cleo eva")]
    [InlineData("at=Order&stalled=false", "anna dora")]
    [InlineData("at=Order", "")]
    [InlineData("at=Call", "")]
    [InlineData("", "ben cleo")]
    [InlineData("exclude=Visit", "ben")]
    [InlineData("exclude=order&stalled=false", "ben cleo eva")]
    [InlineData("at=Visit&stalled=false&asOf=2026-03-02", "cleo dora")]
    [InlineData("at=Visit&stalled=false&to=2026-03-02", "cleo dora")]
    [InlineData("at=Visit&channel=newsletter&stalled=false", "cleo eva")]
    public async Task The_customers_behind_a_number_are_these(string pick, string customers) =>
        (await shop.CustomersAsync("stalled/customers?" + pick)).ShouldBe(customers);

    [Fact]
    public async Task Waits_are_measured_to_the_day_asked_for_or_the_end_of_the_period()
    {
        (await shop.AskAsync("stalled?asOf=2026-03-02")).GetProperty("customers").GetInt64().ShouldBe(4);
        (await shop.AskAsync("stalled?asOf=2027-01-01")).GetProperty("stalled").GetInt64().ShouldBe(3, "eva too has now waited longer than twenty days");
        var period = await shop.AskAsync("stalled?to=2027-01-01");
        period.GetProperty("asOf").GetDateTime().ShouldBe(Shop.Start.AddDays(20).UtcDateTime, "nothing is known after the latest event");
    }

    [Fact]
    public async Task Natural_ends_can_be_left_out_and_nobody_gives_an_empty_answer()
    {
        var without = await shop.AskAsync("stalled?exclude=visit&exclude=Order");
        without.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("name").GetString()).ShouldBe(["Search", "Call"]);
        without.GetProperty("stalled").GetInt64().ShouldBe(1);
        var nobody = await shop.AskAsync("stalled?channel=pigeon");
        (nobody.GetProperty("customers").GetInt64(), nobody.GetProperty("items").GetArrayLength()).ShouldBe((0, 0));
    }

    [Theory]
    [InlineData("stalled?percentile=100", "percentile")]
    [InlineData("stalled?percentile=49", "percentile")]
    [InlineData("stalled?asOf=soon", "asOf")]
    [InlineData("stalled?asOf=2026-03-01&from=2026-03-02", "asOf")]
    [InlineData("stalled?exclude=Nowhere", "exclude")]
    [InlineData("stalled/customers?at=Nowhere", "at")]
    [InlineData("stalled/customers?at=Visit&stalled=perhaps", "stalled")]
    public async Task What_cannot_be_answered_is_refused_by_its_name(string question, string field)
    {
        var response = await shop.Http.GetAsync("/api/v1/analyse/" + question);
        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().ShouldBe(field);
    }

    private static string Figures(JsonElement item) => string.Join(' ',
        new[] { "visits", "wentOn", "waiting", "stalled", "usualSeconds", "medianWaitSeconds" }.Select(field => item.GetProperty(field).ToString()));
}
