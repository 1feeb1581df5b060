using System.Net;
using System.Text.Json;

namespace Tangent.Tests.Analyse;

/// <summary>Correlation with conversion over HTTP: a hundred customers who visit, 20 chat and order, 10 chat only, 10 order only, 60 neither; five send a fax.</summary>
public sealed class CorrelationTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        var events = new List<object>();
        for (var i = 0; i < 100; i++)
        {
            var user = $"u{i:00}";
            events.Add(Shop.Track(user, "Visit", "web", 0));
            if (i < 30) events.Add(Shop.Track(user, "Chat", "web", 10));
            if (i is < 20 or >= 30 and < 40) events.Add(Shop.Track(user, "Order", "web", 20));
            if (i >= 95) events.Add(Shop.Track(user, "Fax", "fax", 30));
            // Too late for a day's window.
            if (i == 94) events.Add(Shop.Track(user, "Chat", "web", 3 * 24 * 60));
        }

        await Shop.AppendAsync(_server, [.. events]);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Odds_ratios_are_worked_out_by_hand()
    {
        var answer = await AskAsync("correlation?goal=Order&start=Visit&window=1d");
        (answer.GetProperty("entrants").GetInt64(), answer.GetProperty("converted").GetInt64()).ShouldBe((100, 30));
        answer.GetProperty("skewed").GetBoolean().ShouldBeFalse();
        answer.GetProperty("tooFew").GetInt32().ShouldBe(1, "five customers sent a fax");
        var chat = answer.GetProperty("items").EnumerateArray().Single();
        string.Join(' ', new[] { "didAndConverted", "didNotConvert", "convertedWithout", "neither" }.Select(f => chat.GetProperty(f).GetInt64())).ShouldBe("20 10 10 60");
        var ratio = 21.0 * 61 / (11 * 11);
        var deviation = Math.Sqrt((1 / 21.0) + (1 / 11.0) + (1 / 11.0) + (1 / 61.0));
        chat.GetProperty("oddsRatio").GetDouble().ShouldBe(ratio, 1e-9);
        chat.GetProperty("low").GetDouble().ShouldBe(ratio * Math.Exp(-1.959963984540054 * deviation), 1e-9);
        chat.GetProperty("high").GetDouble().ShouldBe(ratio * Math.Exp(1.959963984540054 * deviation), 1e-9);
        (await AskAsync("correlation?goal=Fax&start=Visit")).GetProperty("skewed").GetBoolean().ShouldBeTrue("95 to 5");
        // Without an entry the first event was done too: everybody visited.
        (await AskAsync("correlation?goal=Order")).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("name").GetString()).ShouldBe(["Chat", "Visit"]);
    }

    [Theory]
    [InlineData("&at=Chat&converted=true", 20)]
    [InlineData("&at=Chat&converted=false", 10)]
    [InlineData("&at=Chat&did=false&converted=true", 10)]
    [InlineData("&at=Chat&did=false&converted=false", 60)]
    [InlineData("&at=Chat", 30)]
    [InlineData("", 100)]
    [InlineData("&converted=true", 30)]
    public async Task The_customers_behind_a_cell_are_as_many(string pick, int customers) =>
        (await AskAsync("correlation/customers?goal=Order&start=Visit&window=1d" + pick)).GetProperty("total").GetInt32().ShouldBe(customers);

    [Theory]
    [InlineData("correlation", "goal")]
    [InlineData("correlation?goal=Nowhere", "goal")]
    [InlineData("correlation?goal=Order&start=Nowhere", "start")]
    [InlineData("correlation?goal=Order&window=0d", "window")]
    [InlineData("correlation/customers?goal=Order&at=Nowhere", "at")]
    public async Task What_cannot_be_answered_names_the_field(string question, string field)
    {
        using var response = await _server.Http.GetAsync("/api/v1/analyse/" + question);
        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("field").GetString().ShouldBe(field);
    }

    [Fact]
    public async Task The_page_says_that_correlation_is_not_cause() =>
        (await _server.Http.GetStringAsync("/analyse/correlation?goal=Order&start=Visit")).ShouldContain("Correlation is not cause");

    private async Task<JsonElement> AskAsync(string question) => JsonDocument.Parse(await _server.Http.GetStringAsync("/api/v1/analyse/" + question)).RootElement;
}
