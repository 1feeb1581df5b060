using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Tests.Analyse;

/// <summary>The customers behind volumes of events, on journeys that can be counted by hand (<see cref="Shop"/>).</summary>
public sealed partial class EventsTests : IAsyncLifetime
{
    private readonly Shop _shop = new();

    public Task InitializeAsync() => _shop.InitializeAsync();

    public Task DisposeAsync() => _shop.DisposeAsync();

    [Theory]
    [InlineData("", 11, "anna ben cleo dora eva")]
    [InlineData("event=Visit", 5, "anna ben cleo dora eva")]
    [InlineData("event=Visit&eventChannel=newsletter", 2, "cleo eva")]
    [InlineData("event=Search&eventChannel=web", 3, "anna ben")]
    [InlineData("event=Search&eventChannel=", 0, "")]
    [InlineData("event=search", 0, "")]
    [InlineData("path=&campaign=&event=Order", 2, "anna dora")]
    [InlineData("event=Order&to=2026-03-02", 1, "anna")]
    [InlineData("channel=hotline", 1, "dora")]
    [InlineData("rule=1", 0, "")]
    public async Task Events_are_told_by_what_is_known_of_them(string query, long events, string customers)
    {
        var answer = await _shop.AskAsync("events?" + query);
        answer.GetProperty("events").GetInt64().ShouldBe(events);
        answer.GetProperty("customers").GetInt64().ShouldBe(customers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
        (await _shop.CustomersAsync("events/customers?" + query)).ShouldBe(customers);
    }

    [Fact]
    public async Task Mapped_events_are_told_by_the_rule_that_decides_them()
    {
        await _shop.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name = "Shop page", channel = "web", stage = "consideration" });
        await _shop.Http.PostAsJsonAsync("/api/v1/collect/touchpoint-rules", new { touchpointId = 1, @event = "Visit", channel = "newsletter" });
        await _shop.Http.PostAsJsonAsync("/api/v1/collect/touchpoint-rules", new { touchpointId = 1, @event = "Visit" });
        (await _shop.CustomersAsync("events/customers?rule=1")).ShouldBe("cleo eva");
        (await _shop.CustomersAsync("events/customers?rule=2")).ShouldBe("anna ben dora");
        (await _shop.AskAsync("events?unmapped=true")).GetProperty("events").GetInt64().ShouldBe(6);
        (await _shop.CustomersAsync("events/customers?unmapped=true")).ShouldBe("anna ben dora");

        var mapping = await _shop.Http.GetStringAsync("/collect/mapping");
        mapping.ShouldContain("""<a href="/analyse/events/customers?rule=2">3</a>""");
        mapping.ShouldContain("""<a href="/analyse/events/customers?event=Search&amp;eventChannel=web&amp;unmapped=true">3</a>""");
        (await _shop.Http.GetStringAsync("/analyse/events/customers?event=Search&eventChannel=web&unmapped=true")).ShouldContain("They have 3 such events.");
        (await _shop.Http.GetStringAsync("/analyse/touchpoints/customers?at=Shop%20page")).ShouldContain("They have 5 such events.");
    }

    [Fact]
    public async Task The_list_names_the_customers()
    {
        await Shop.AppendAsync(_shop.Server,
            new { type = "identify", userId = "eva", traits = new { email = "eva@example.org" } },
            new { type = "identify", userId = "anna", anonymousId = "phone", traits = new { name = "Anna Żak", email = "anna@example.org" } },
            new { type = "identify", anonymousId = "phone", traits = new { phone = "123" } });
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (_shop.Server.Get<ProfileFeed>().Position < _shop.Server.Get<EventLog>().EndPosition) await Task.Delay(20, patience.Token);
        var page = WebUtility.HtmlDecode(await _shop.Http.GetStringAsync("/analyse/events/customers"));
        page.ShouldContain("Anna Żak");
        page.ShouldContain("anna · anna@example.org");
        page.ShouldContain(">eva@example.org</a>");
        page.ShouldContain(">ben</a>");
    }

    [Fact]
    public async Task The_overview_speaks_of_its_period_only()
    {
        var week = await _shop.AskAsync("overview?days=7");
        week.GetProperty("unmapped").GetProperty("allEvents").GetInt64().ShouldBe(1, "Dora's order is the only event of the last week.");
        week.GetProperty("unmapped").GetProperty("largest").EnumerateArray().Single().GetProperty("signature").GetProperty("event").GetString().ShouldBe("Order");
        var all = await _shop.AskAsync("overview?days=90");
        all.GetProperty("unmapped").GetProperty("events").GetInt64().ShouldBe(11);
        all.GetProperty("losses").GetProperty("funnel").GetString()!.ShouldContain("from=2025-12-23&to=2026-03-22");
    }

    [Fact]
    public async Task A_point_of_a_touchpoints_line_is_the_customers_of_that_time()
    {
        foreach (var (bucket, points) in ((string, int)[])[("day", 21), ("week", 3), ("month", 1)])
        {
            var panel = await _shop.Http.GetStringAsync($"/analyse/volumes/touchpoint?touchpoint=Order&bucket={bucket}");
            var links = Numbers().Matches(panel).Where(m => m.Value.Contains("from=", StringComparison.Ordinal)).ToList();
            links.Count.ShouldBe(points, bucket);
            foreach (var link in links)
            {
                var list = await _shop.AskAsync(WebUtility.HtmlDecode(link.Groups["list"].Value));
                list.GetProperty("total").GetInt64().ShouldBe(long.Parse(link.Groups["number"].Value, CultureInfo.InvariantCulture));
            }
        }
    }

    [Fact]
    public async Task The_panel_of_a_touchpoint_keeps_its_filter_on_the_way_to_paths_and_shows_nothing_where_that_is_refused()
    {
        const string panel = "/analyse/volumes/touchpoint?touchpoint=Order";
        (await _shop.Http.GetStringAsync(panel + "&to=2026-03-31")).ShouldContain("href=\"/analyse/paths?start=Order&amp;to=2026-03-31\"");
        using var refused = await _shop.Http.GetAsync(panel + "&from=2026-04-01&to=2026-03-31");
        refused.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Every_band_of_the_Sankey_is_exactly_its_customers_also_the_other_ways()
    {
        var page = await _shop.Http.GetStringAsync("/analyse/paths?edges=1&steps=3");
        var chart = JsonElement.Parse(Chart().Match(page).Groups[1].Value);
        var links = chart.GetProperty("links").EnumerateArray().ToList();
        links.Count(l => l.GetProperty("target").GetString()!.EndsWith("/other", StringComparison.Ordinal)).ShouldBeGreaterThan(0);
        foreach (var link in links)
            (await _shop.AskAsync(link.GetProperty("href").GetString()!["/analyse/".Length..])).GetProperty("total").GetDouble().ShouldBe(link.GetProperty("value").GetDouble(), link.ToString());
        // Dora begins with a call; of those who begin with a visit, Anna and Ben go the one way that is shown.
        (await _shop.CustomersAsync("paths/customers?edges=1&steps=3&position=1&at=Call&fate=others")).ShouldBe("dora");
        (await _shop.CustomersAsync("paths/customers?edges=1&steps=3&position=1&at=Visit&fate=others")).ShouldBe("");
    }

    [GeneratedRegex("<a href=\"/analyse/(?<list>[a-z]+/customers\\?[^\"]*)\">(?<number>[\\d,]+)</a>")]
    private static partial Regex Numbers();

    [GeneratedRegex("<script type=\"application/json\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Chart();
}
