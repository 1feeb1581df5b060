using System.Diagnostics;
using System.Text.Json;

namespace Tangent.Tests.Analyse;

/// <summary>Every question over HTTP on journeys that can be counted by hand (<see cref="Shop"/>).</summary>
public sealed class QuestionTests(Shop shop) : IClassFixture<Shop>
{
    private const string Funnel = "funnels?step=Visit&step=Search&step=Order";

    [Fact]
    public async Task A_funnel_counts_who_comes_how_far_and_how_long_it_takes()
    {
        var answer = await shop.AskAsync(Funnel);
        answer.GetProperty("customers").GetInt64().ShouldBe(5);
        Column(answer, "steps", "name").ShouldBe("Visit Search Order");
        Column(answer, "steps", "customers").ShouldBe("5 2 1");
        Column(answer, "steps", "conversion").ShouldBe("1 0.4 0.2");
        Column(answer, "steps", "conversionFromPrevious").ShouldBe("1 0.4 0.5");
        Column(answer, "steps", "medianSeconds").ShouldBe("0 420 3600");
    }

    [Theory]
    [InlineData("14d", "5 1")]
    [InlineData("3w", "5 2")]
    [InlineData("59m", "5 0")]
    [InlineData("1h", "5 1")]
    public async Task A_funnels_window_runs_from_the_first_step(string window, string customers) =>
        Column(await shop.AskAsync($"funnels?step=Visit&step=Order&window={window}"), "steps", "customers").ShouldBe(customers);

    [Fact]
    public async Task A_funnel_is_broken_down_by_the_channel_of_the_first_event()
    {
        var groups = (await shop.AskAsync(Funnel + "&breakdown=channel")).GetProperty("groups").EnumerateArray()
            .ToDictionary(g => g.GetProperty("name").GetString()!, g => Column(g, "steps", "customers"));
        groups.ShouldBe(new Dictionary<string, string> { ["web"] = "2 2 1", ["newsletter"] = "2 0 0", ["hotline"] = "1 0 0" }, ignoreOrder: true);
        (await shop.CustomersAsync(Funnel.Replace("?", "/customers?", StringComparison.Ordinal) + "&breakdown=channel&group=newsletter&at=1")).ShouldBe("cleo eva");
    }

    [Theory]
    [InlineData("at=1", "anna ben cleo dora eva")]
    [InlineData("at=1&dropped=true", "cleo dora eva")]
    [InlineData("at=2", "anna ben")]
    [InlineData("at=2&dropped=true", "ben")]
    [InlineData("at=3", "anna")]
    public async Task The_customers_behind_a_funnel_are_these(string pick, string customers) =>
        (await shop.CustomersAsync("funnels/customers?step=Visit&step=Search&step=Order&" + pick)).ShouldBe(customers);

    [Fact]
    public async Task Variants_come_largest_first_and_keep_repeats_unless_told()
    {
        var answer = await shop.AskAsync("variants");
        (answer.GetProperty("customers").GetInt64(), answer.GetProperty("total").GetInt64()).ShouldBe((5, 4));
        Steps(answer)[0].ShouldBe("Visit");
        Steps(answer).ShouldBe(["Visit", "Visit>Search>Order", "Visit>Search>Search", "Call>Visit>Order"], ignoreOrder: true);
        answer.GetProperty("items")[0].GetProperty("customers").GetInt64().ShouldBe(2);
        answer.GetProperty("items")[0].GetProperty("share").GetDouble().ShouldBe(0.4);
        Steps(await shop.AskAsync("variants?collapse=true")).ShouldContain("Visit>Search");
        (await shop.AskAsync("variants?top=1")).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await shop.CustomersAsync("variants/customers?step=Visit")).ShouldBe("cleo eva");
        (await shop.CustomersAsync("variants/customers?collapse=true&step=Visit&step=Search")).ShouldBe("ben");
    }

    [Fact]
    public async Task Flows_count_what_comes_right_after_what()
    {
        var answer = await shop.AskAsync("flows");
        answer.GetProperty("total").GetInt64().ShouldBe(5);
        var first = answer.GetProperty("items")[0];
        (first.GetProperty("from").GetString(), first.GetProperty("to").GetString()).ShouldBe(("Visit", "Search"));
        (first.GetProperty("count").GetInt64(), first.GetProperty("customers").GetInt64(), first.GetProperty("medianSeconds").GetDouble()).ShouldBe((2, 2, 420));
        (await shop.AskAsync("flows?collapse=true")).GetProperty("total").GetInt64().ShouldBe(4);
        (await shop.CustomersAsync("flows/customers?before=Visit&after=Search")).ShouldBe("anna ben");
        (await shop.CustomersAsync("flows/customers?before=Visit&after=Order")).ShouldBe("dora");
        (await shop.CustomersAsync("flows/customers?before=Order&after=Visit")).ShouldBe("");
    }

    [Fact]
    public async Task Rework_counts_what_is_done_again_and_how_long_journeys_take()
    {
        var answer = await shop.AskAsync("rework?start=Visit&end=Order");
        // Only ben searches twice, at once. Journeys take 60 and 6 minutes, nothing, 20 days, nothing.
        Rows(answer, "items", "name", "events", "customers", "repeating", "share", "meanTimes", "atOnce").ShouldBe(["Search 3 2 1 0.5 1.5 1", "Visit 5 5 0 0 1 0", "Order 2 2 0 0 1 0", "Call 1 1 0 0 1 0"], ignoreOrder: true);
        answer.GetProperty("loops").GetArrayLength().ShouldBe(0);
        answer.GetProperty("journeys").GetProperty("medianSeconds").GetDouble().ShouldBe(360);
        answer.GetProperty("journeys").GetProperty("upperQuartileSeconds").GetDouble().ShouldBe(3600);
        // anna in an hour, dora in 20 days less half an hour.
        (answer.GetProperty("between").GetProperty("customers").GetInt64(), answer.GetProperty("between").GetProperty("medianSeconds").GetDouble()).ShouldBe((2, (3600 + 20 * 86_400 - 1800) / 2.0));
        (await shop.CustomersAsync("rework/customers?at=Search")).ShouldBe("ben");
        (await shop.CustomersAsync("rework/customers?at=Search&atOnce=true")).ShouldBe("ben");
        (await shop.CustomersAsync("rework/customers?at=Visit&over=Search")).ShouldBe("");
        (await shop.CustomersAsync("rework/customers?start=Visit&end=Order")).ShouldBe("anna dora");
    }

    [Fact]
    public async Task Variants_have_their_cumulative_coverage_and_may_be_of_stages()
    {
        var answer = await shop.AskAsync("variants");
        answer.GetProperty("items").EnumerateArray().Select(v => v.GetProperty("cumulative").GetDouble()).ShouldBe([0.4, 0.6, 0.8, 1]);
        (await shop.AskAsync("variants?by=stage")).GetProperty("customers").GetInt64().ShouldBe(0, "none of the touchpoints is in the catalogue");
    }

    [Fact]
    public async Task Paths_show_where_customers_go_and_where_they_end()
    {
        var answer = await shop.AskAsync("paths?steps=3");
        (answer.GetProperty("customers").GetInt64(), answer.GetProperty("paths").GetInt64()).ShouldBe((5, 5));
        Rows(answer, "edges", "position", "from", "to", "customers").ShouldBe(["1 Visit Search 2", "1 Call Visit 1", "2 Search Order 1", "2 Visit Order 1"], ignoreOrder: true);
        Rows(answer, "nodes", "position", "name", "customers", "ended").ShouldContain("1 Visit 4 2");
        (await shop.CustomersAsync("paths/customers?steps=3&position=1&at=Visit")).ShouldBe("anna ben cleo eva");
        (await shop.CustomersAsync("paths/customers?steps=3&position=1&at=Visit&next=Search")).ShouldBe("anna ben");
        (await shop.CustomersAsync("paths/customers?steps=3&position=1&at=Visit&fate=ended")).ShouldBe("cleo eva");
        (await shop.AskAsync("paths?start=Search")).GetProperty("paths").GetInt64().ShouldBe(2);
        (await shop.CustomersAsync("paths/customers?start=Visit&position=2&at=Order")).ShouldBe("dora");
    }

    [Fact]
    public async Task Paths_lead_to_an_end_or_from_a_start_to_an_end()
    {
        var to = await shop.AskAsync("paths?end=Order&steps=3");
        to.GetProperty("paths").GetInt64().ShouldBe(2);
        // The end is at the last position; both journeys begin at the first one shown.
        Rows(to, "nodes", "position", "name", "customers", "ended", "left").ShouldBe(["1 Call 1 1 0", "1 Visit 1 1 0", "2 Search 1 0 0", "2 Visit 1 0 0", "3 Order 2 0 0"], ignoreOrder: true);
        Rows(to, "edges", "position", "from", "to", "customers").ShouldBe(["1 Visit Search 1", "1 Call Visit 1", "2 Search Order 1", "2 Visit Order 1"], ignoreOrder: true);
        Rows(await shop.AskAsync("paths?end=Order&steps=2"), "nodes", "position", "name", "ended", "left").ShouldBe(["1 Search 0 1", "1 Visit 0 1", "2 Order 0 0"], ignoreOrder: true);
        (await shop.CustomersAsync("paths/customers?end=Order&steps=3&position=1&at=Call&fate=ended")).ShouldBe("dora");

        var between = await shop.AskAsync("paths?start=Visit&end=Order");
        (between.GetProperty("customers").GetInt64(), between.GetProperty("paths").GetInt64()).ShouldBe((5, 2));
        Rows(between, "nodes", "position", "name", "customers").ShouldBe(["1 Visit 2", "2 Search 1", "2 Order 1", "3 Order 1"], ignoreOrder: true);
        (await shop.AskAsync("paths?start=Order&end=Visit")).GetProperty("paths").GetInt64().ShouldBe(0);
        (await shop.AskAsync("funnels?step=Visit&step=Order&window=365d")).GetProperty("steps")[1].GetProperty("customers").GetInt64().ShouldBe(2, "the same as the paths between them");
    }

    [Fact]
    public async Task Ended_still_open_and_left_the_view_are_three_things()
    {
        // The latest event of all is dora's on 22 March: a silence of 19 days ends cleo's and eva's journeys, but not within 20 days.
        const string nodes = "paths?steps=3";
        Rows(await shop.AskAsync(nodes), "nodes", "position", "name", "ended", "open", "left")
            .ShouldBe(["1 Visit 2 0 0", "1 Call 0 0 0", "2 Search 1 0 0", "2 Visit 0 0 0", "3 Order 1 1 0"], ignoreOrder: true);
        Rows(await shop.AskAsync(nodes + "&silence=19d"), "nodes", "position", "name", "ended", "open").ShouldContain("1 Visit 1 1");
        (await shop.CustomersAsync("paths/customers?steps=3&silence=19d&position=1&at=Visit&fate=open")).ShouldBe("eva");
        // Up to 2 March, dora's journey goes on outside, and behind the second position.
        Rows(await shop.AskAsync(nodes + "&to=2026-03-02"), "nodes", "position", "name", "ended", "open", "left").ShouldContain("2 Visit 0 0 1");
        (await shop.CustomersAsync("paths/customers?steps=2&position=2&at=Search&fate=left")).ShouldBe("anna");
    }

    [Fact]
    public async Task Paths_are_split_by_visits_of_which_a_customer_may_have_several()
    {
        // anna's order comes 50 minutes after her search, dora's visit exactly 30 after her call: that is one visit still.
        var answer = await shop.AskAsync("paths?visits=true&steps=3");
        (answer.GetProperty("customers").GetInt64(), answer.GetProperty("paths").GetInt64()).ShouldBe((5, 7));
        Rows(answer, "nodes", "position", "name", "customers", "paths", "ended").ShouldContain("1 Order 2 2 1");
        Rows(answer, "edges", "position", "from", "to", "customers").ShouldBe(["1 Visit Search 2", "1 Call Visit 1"], ignoreOrder: true);
        (await shop.CustomersAsync("paths/customers?visits=true&position=1&at=Visit")).ShouldBe("anna ben cleo eva");
        (await shop.CustomersAsync("paths/customers?visits=true&position=1&at=Order")).ShouldBe("anna dora");
    }

    [Fact]
    public async Task Several_touchpoints_become_one_node_and_small_edges_are_left_out()
    {
        var answer = await shop.AskAsync("paths?group.Site=Visit&group.Site=Search&steps=3");
        Rows(answer, "edges", "position", "from", "to", "customers").ShouldBe(["1 Site Order 1", "1 Call Site 1", "2 Site Order 1"], ignoreOrder: true);
        (await shop.CustomersAsync("paths/customers?group.Site=Visit&group.Site=Search&position=1&at=Site&next=Order")).ShouldBe("anna");
        (await shop.AskAsync("paths?group.Site=Visit&group.Site=Search&start=Search")).GetProperty("paths").GetInt64().ShouldBe(5, "who names a part means the whole");
        var least = await shop.AskAsync("paths?steps=3&least=2");
        Rows(least, "edges", "from", "to").ShouldBe(["Visit Search"]);
        least.GetProperty("others").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task Touchpoints_have_their_volume_in_all_and_by_the_day()
    {
        var answer = await shop.AskAsync("touchpoints?bucket=day&to=2026-03-03");
        Rows(answer, "items", "name", "events", "customers").ShouldBe(["Visit 5 5", "Search 3 2", "Order 1 1", "Call 1 1"], ignoreOrder: true);
        answer.GetProperty("buckets").EnumerateArray().Select(b => b.GetString()).ShouldBe(["2026-03-02", "2026-03-03"]);
        answer.GetProperty("items")[0].GetProperty("eventSeries").EnumerateArray().Select(n => n.GetInt64()).ShouldBe([4, 1]);
        (await shop.CustomersAsync("touchpoints/customers?at=Order")).ShouldBe("anna dora");
        (await shop.CustomersAsync("touchpoints/customers?at=Order&to=2026-03-02")).ShouldBe("anna");
    }

    [Theory]
    [InlineData("channel=newsletter", 2)]
    [InlineData("channel=pigeon", 0)]
    [InlineData("from=2026-03-03", 2)]
    [InlineData("from=2026-03-03&to=2026-03-03", 1)]
    [InlineData("from=2031-01-01", 0)]
    [InlineData("source=nobody", 0)]
    public async Task A_filter_narrows_every_question(string filter, int customers)
    {
        foreach (var question in new[] { "variants?", "paths?", "touchpoints?", "funnels?step=Visit&" })
            (await shop.AskAsync(question + filter)).GetProperty("customers").GetInt32().ShouldBe(customers, question);
        (await shop.AskAsync("flows?" + filter)).GetProperty("total").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task The_overview_compares_the_last_days_with_as_many_before()
    {
        var week = await shop.AskAsync("overview?days=7");
        (week.GetProperty("period").GetProperty("from").GetString(), week.GetProperty("period").GetProperty("to").GetString()).ShouldBe(("2026-03-16", "2026-03-22"));
        (week.GetProperty("before").GetProperty("from").GetString(), week.GetProperty("before").GetProperty("to").GetString()).ShouldBe(("2026-03-09", "2026-03-15"));
        (week.GetProperty("customers").GetProperty("now").GetInt64(), week.GetProperty("customers").GetProperty("before").GetInt64()).ShouldBe((1, 0));
        week.GetProperty("unmapped").GetProperty("events").GetInt64().ShouldBe(1);

        var chosen = await shop.AskAsync("overview?from=2026-03-03&to=2026-03-03");
        (chosen.GetProperty("events").GetProperty("now").GetInt64(), chosen.GetProperty("events").GetProperty("before").GetInt64()).ShouldBe((1, 9));
        var month = await shop.AskAsync("overview");
        month.GetProperty("customers").GetProperty("now").GetInt64().ShouldBe(5);
        month.GetProperty("customers").GetProperty("before").ValueKind.ShouldBe(JsonValueKind.Null, "the data do not reach back that far");
    }

    [Fact]
    public async Task A_list_of_customers_comes_in_pages_that_join_without_gap_or_repeat()
    {
        List<string?> ids = [];
        for (var skip = 0; skip < 6; skip += 2)
        {
            var page = await shop.AskAsync($"touchpoints/customers?at=Visit&skip={skip}&take=2");
            page.GetProperty("total").GetInt64().ShouldBe(5);
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()));
        }

        ids.ShouldBe(["anna", "ben", "cleo", "dora", "eva"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("ask funnel --step Visit --step Search --step Order --window 14d", Funnel + "&window=14d")]
    [InlineData("ask paths --start Visit --steps 3 --collapse false", "paths?start=Visit&steps=3&collapse=false")]
    [InlineData("ask paths --end Order --visits --group Site=Visit --group Site=Search --touchpoint Visit --touchpoint Order", "paths?end=Order&visits=true&group.Site=Visit&group.Site=Search&touchpoint=Visit&touchpoint=Order")]
    [InlineData("ask rework --start Visit --end Order", "rework?start=Visit&end=Order")]
    [InlineData("ask variants --collapse", "variants?collapse=true")]
    [InlineData("ask dfg --channel web", "flows?channel=web")]
    [InlineData("ask conformance --rule starts:Visit --rule response:Visit->Order", "conformance?rule=starts:Visit&rule=response:Visit->Order")]
    [InlineData("ask stalled --percentile 50 --exclude Order", "stalled?percentile=50&exclude=Order")]
    [InlineData("ask attribution --conversion Order --order 2", "attribution?conversion=Order&order=2")]
    [InlineData("ask neighbours --at Visit --steps 2", "neighbours?at=Visit&steps=2")]
    [InlineData("ask cooccurrence --top 3", "cooccurrence?top=3")]
    [InlineData("ask correlation --goal Order --start Visit", "correlation?goal=Order&start=Visit")]
    [InlineData("ask touchpoints --bucket week --property device=phone", "touchpoints?bucket=week&property.device=phone")]
    public async Task The_command_line_answers_with_the_same_text_as_the_api(string command, string question)
    {
        var (code, output, _) = await RunAsync(command + " --json");
        code.ShouldBe(0);
        output.TrimEnd('\n').ShouldBe(await shop.Http.GetStringAsync("/api/v1/analyse/" + question));
    }

    [Fact]
    public async Task The_command_line_shows_tables_and_says_what_is_wrong()
    {
        var (code, output, _) = await RunAsync("ask funnel --step Visit --step Order");
        code.ShouldBe(0);
        output.ShouldContain("20.0");
        var refused = await RunAsync("ask funnel --step Nowhere");
        refused.Code.ShouldBe(1);
        refused.Error.ShouldContain("Nowhere");
        (await RunAsync("ask funnel --step Visit --window 0d")).Code.ShouldBe(1);
        (await RunAsync("ask something")).Code.ShouldBe(2);
        (await RunAsync("ask stalled")).Output.ShouldContain("2 of 5");
    }

    [Fact]
    public async Task The_command_line_reads_rules_from_a_file()
    {
        var file = Path.Combine(shop.Server.DataFolder, "rules.txt");
        await File.WriteAllLinesAsync(file, ["# how it should be", "starts: Visit", "", "  response: Visit -> Order  "]);
        var (_, output, _) = await RunAsync($"ask conformance --rule absent:Call --rules {file} --json");
        output.TrimEnd('\n').ShouldBe(await shop.Http.GetStringAsync("/api/v1/analyse/conformance?rule=absent:Call&rule=starts:Visit&rule=response:Visit->Order"));
        (await RunAsync($"ask conformance --rules {file}")).Output.ShouldContain("(end)");
        (await RunAsync("ask conformance --rules /nowhere/rules.txt")).Code.ShouldBe(2);
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(string command)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Tangent.dll"), .. command.Split(' '), "--data", shop.Server.DataFolder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LANG"] = "en_US.UTF-8", ["LC_ALL"] = "en_US.UTF-8" },
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return (process.ExitCode, await output, await error);
    }

    private static string Column(JsonElement answer, string list, string field) =>
        string.Join(' ', answer.GetProperty(list).EnumerateArray().Select(s => s.GetProperty(field).ToString()));

    private static List<string> Rows(JsonElement answer, string list, params string[] fields) =>
        [.. answer.GetProperty(list).EnumerateArray().Select(r => string.Join(' ', fields.Select(f => r.GetProperty(f).ToString())))];

    private static List<string> Steps(JsonElement answer) =>
        [.. answer.GetProperty("items").EnumerateArray().Select(v => string.Join('>', v.GetProperty("steps").EnumerateArray().Select(s => s.GetString())))];
}
