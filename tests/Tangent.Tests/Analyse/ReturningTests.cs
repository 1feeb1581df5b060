using System.Text.Json;

namespace Tangent.Tests.Analyse;

/// <summary>Retention, life cycle and recovery over HTTP on the journeys of <see cref="Shop"/>, worked out by hand. Its weeks begin on 2, 9 and 16 March; the last event is on the 22nd.</summary>
public sealed class ReturningTests(Shop shop) : IClassFixture<Shop>
{
    [Theory]
    [InlineData("", "5: 5 0 1|0: 0 0|0: 0")]
    [InlineData("orAfter=true", "5: 5 1 1|0: 0 0|0: 0")]
    [InlineData("recurring=true", "5: 5 0 1|0: 0 0|1: 1")]
    [InlineData("start=Visit&return=Order", "5: 1 0 1|0: 0 0|0: 0")]
    [InlineData("start=Visit&return=Order&orAfter=true", "5: 2 1 1|0: 0 0|0: 0")]
    [InlineData("start=Search&return=Visit", "2: 0 0 0|0: 0 0|0: 0")]
    [InlineData("period=month", "5: 5")]
    [InlineData("channel=pigeon", "")]
    public async Task Cohorts_are_by_start_and_cells_by_periods_since(string question, string cohorts)
    {
        var answer = await shop.AskAsync("retention?" + question);
        string.Join('|', answer.GetProperty("cohorts").EnumerateArray().Select(c => $"{c.GetProperty("customers")}: {Column(c, "returned", "customers")}")).ShouldBe(cohorts);
    }

    [Fact]
    public async Task A_period_that_is_not_over_is_marked_and_not_in_the_total()
    {
        var answer = await shop.AskAsync("retention");
        Column(answer.GetProperty("cohorts")[0], "returned", "open").ShouldBe("False False True");
        Column(answer.GetProperty("cohorts")[0], "returned", "share").ShouldBe("1 0 0.2");
        Column(answer, "total", "customers").ShouldBe("5 5");
        Column(answer, "total", "returned").ShouldBe("5 0");
    }

    [Theory]
    [InlineData("retention/customers?cohort=2026-03-02", "anna ben cleo dora eva")]
    [InlineData("retention/customers?cohort=2026-03-02&offset=2", "dora")]
    [InlineData("retention/customers?cohort=2026-03-02&offset=0&absent=true&start=Visit&return=Order", "ben cleo dora eva")]
    [InlineData("retention/customers?cohort=2026-03-09&offset=1", "")]
    [InlineData("lifecycle/customers?period=week&cohort=2026-03-09&part=dormant", "anna ben cleo dora eva")]
    [InlineData("lifecycle/customers?period=week&cohort=2026-03-16&part=resurrecting", "dora")]
    [InlineData("lifecycle/customers?period=week&cohort=2026-03-16&part=new&active=Order", "dora")]
    [InlineData("recovery/customers?bad=Visit&window=7d&who=left", "cleo dora eva")]
    [InlineData("recovery/customers?bad=Visit&window=7d&who=affected", "anna ben cleo dora eva")]
    [InlineData("recovery/customers?bad=Visit&window=7d&who=madeUp&next=Search", "anna ben")]
    [InlineData("recovery/customers?bad=Visit&window=30d&who=open", "cleo eva")]
    [InlineData("recovery/customers?bad=Visit&window=30d&who=stayedOpen&next=Order", "dora")]
    public async Task Every_number_opens_its_customers(string list, string customers) => (await shop.CustomersAsync(list)).ShouldBe(customers);

    [Theory]
    [InlineData("period=week", "5 0 0|0 0 5|0 1 0")]
    [InlineData("period=week&active=Order", "1 0 0|0 0 1|1 0 0")]
    [InlineData("", "5 0 0")]
    public async Task A_customer_is_new_then_dormant_then_resurrecting(string question, string periods)
    {
        var answer = await shop.AskAsync("lifecycle?" + question);
        string.Join('|', answer.GetProperty("items").EnumerateArray().Select(p => $"{p.GetProperty("new")} {p.GetProperty("resurrecting")} {p.GetProperty("dormant")}")).ShouldBe(periods);
    }

    [Theory]
    [InlineData("bad=Visit&window=7d", "5 3 2 0", "Search 2 2 0")]
    [InlineData("bad=Visit&window=30d", "5 0 3 2", "Search 0 0 2|Order 0 0 1")]
    [InlineData("bad=Search&window=1h", "2 0 2 0", "Order 1 0 0|Search 1 0 0")]
    [InlineData("bad=Search&goal=Order&window=1h", "2 0 2 0", "Order 1 1 0|Search 1 0 0")]
    [InlineData("bad=Visit%26channel=newsletter&bad=Call&window=1h", "3 2 1 0", "Visit 1 0 0")]
    [InlineData("bad=Order&channel=pigeon", "0 0 0 0", "")]
    public async Task After_a_bad_contact_some_leave_and_some_next_contacts_make_up(string question, string outcome, string next)
    {
        var answer = await shop.AskAsync("recovery?" + question);
        string.Join(' ', new[] { "affected", "left", "stayed", "open" }.Select(f => answer.GetProperty(f).ToString())).ShouldBe(outcome);
        string.Join('|', answer.GetProperty("next").EnumerateArray().Select(n => $"{n.GetProperty("name").GetString()} {n.GetProperty("customers")} {n.GetProperty("madeUp")} {n.GetProperty("open")}")).ShouldBe(next);
        answer.GetProperty("next").EnumerateArray().ShouldAllBe(n => n.GetProperty("verdict").GetString() == "tooFew");
    }

    [Fact]
    public async Task A_next_contact_is_better_or_worse_where_its_interval_excludes_the_average()
    {
        await using var server = await TestServer.StartAsync();
        var events = new List<object> { Shop.Track("late", "Visit", "web", 60 * 24 * 90) };
        for (var i = 0; i < 40; i++)
        {
            events.AddRange([Shop.Track("c" + i, "Complaint", "mail", i), Shop.Track("c" + i, "Call back", "phone", i + 60), Shop.Track("c" + i, "Order", "web", i + 600)]);
            events.AddRange([Shop.Track("f" + i, "Complaint", "mail", i), Shop.Track("f" + i, "Form letter", "mail", i + 60)]);
        }

        await Shop.AppendAsync(server, [.. events]);
        var answer = JsonDocument.Parse(await server.Http.GetStringAsync("/api/v1/analyse/recovery?bad=Complaint&goal=Order")).RootElement;
        answer.GetProperty("baseShare").GetDouble().ShouldBe(0.5);
        answer.GetProperty("next").EnumerateArray().Select(n => $"{n.GetProperty("name").GetString()} {n.GetProperty("lift")} {n.GetProperty("verdict").GetString()}").ShouldBe(["Call back 2 better", "Form letter 0 worse"]);
        // Wilson for 40 of 40: 1/(1 + 1.96²/40).
        answer.GetProperty("next")[0].GetProperty("share").GetProperty("low").GetDouble().ShouldBe(0.9124, 0.0001);
        var page = await server.Http.GetStringAsync("/analyse/recovery?bad=Complaint&goal=Order");
        page.ShouldContain("more often than average");
        (await server.Http.GetStringAsync("/analyse/recovery")).ShouldContain("What is a bad contact?");
    }

    private static string Column(JsonElement answer, string list, string field) =>
        string.Join(' ', answer.GetProperty(list).EnumerateArray().Select(s => s.GetProperty(field).ToString()));
}
