using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tangent.Unify;

namespace Tangent.Tests.Analyse;

/// <summary>Everything a funnel can be asked beyond its plain form, on the journeys of <see cref="Shop"/>, worked out by hand.</summary>
public sealed class FunnelTests(Shop shop) : IClassFixture<Shop>
{
    [Theory]
    [InlineData("step=Visit %26 channel=web&step=Search|Order&window=30d", "3 3")]
    [InlineData("step=channel!=web&step=(Visit%26channel=web)|(Order%26channel=shop)&window=30d", "4 1")]
    [InlineData("step=\"Visit\"&step=event=Order", "5 1")]
    [InlineData("step=Search&step=Search", "2 1")]
    [InlineData("step=Visit&step=Order&window=30d&order=strict", "5 1")]
    [InlineData("step=Visit&step=Order&window=30d&order=strict&ignore=Search", "5 2")]
    [InlineData("step=Order&step=Call&window=30d&order=any", "2 1")]
    [InlineData("step=Order&step=Call&window=14d&order=any", "2 0")]
    [InlineData("step=Visit&step=Order&window=30d&exclude=Search", "5 1")]
    [InlineData("step=Visit&step=Search&step=Order&exclude=2-3:Search", "5 2 1")]
    [InlineData("step=Visit&step=Search&step=Order&exclude=1-3:channel=web", "5 2 0")]
    public async Task Steps_are_rules_in_an_order_with_exclusions(string question, string customers) =>
        Column(await shop.AskAsync("funnels?" + question), "steps", "customers").ShouldBe(customers);

    [Theory]
    [InlineData("breakdown=touchpoint&touch=last", "Order 2 2|Visit 2 0|Search 1 0")]
    [InlineData("breakdown=channel&touch=2", "shop 2 2")]
    [InlineData("breakdown=channel&touch=1", "web 3 2|newsletter 2 0")]
    [InlineData("breakdown=channel", "newsletter 2 0|web 2 1|hotline 1 1")]
    [InlineData("breakdown=campaign", " 5 2")]
    public async Task A_breakdown_is_by_the_first_the_last_or_a_steps_event(string breakdown, string groups)
    {
        var answer = await shop.AskAsync("funnels?step=Visit&step=Order&window=30d&" + breakdown);
        string.Join('|', answer.GetProperty("groups").EnumerateArray().Select(g => $"{g.GetProperty("name").GetString()} {Column(g, "steps", "customers")}")).ShouldBe(groups);
    }

    [Fact]
    public async Task The_trend_is_by_week_of_entry_and_says_which_weeks_may_still_convert()
    {
        const string funnel = "step=Visit&step=Order&trend=week&window=";
        var answer = await shop.AskAsync("funnels?" + funnel + "30d");
        Column(answer, "trend", "from").ShouldBe("2026-03-02 2026-03-09 2026-03-16");
        Column(answer, "trend", "customers").ShouldBe("5 0 0");
        Column(answer, "trend", "converted").ShouldBe("2 0 0");
        Column(answer, "trend", "open").ShouldBe("True True True");
        Column(await shop.AskAsync("funnels?" + funnel + "1h"), "trend", "open").ShouldBe("False False True");
        (await shop.CustomersAsync("funnels/customers?" + funnel + "30d&at=2&entered=2026-03-02")).ShouldBe("anna dora");
        (await shop.CustomersAsync("funnels/customers?" + funnel + "30d&at=1&entered=2026-03-09")).ShouldBe("");
    }

    [Fact]
    public async Task Times_are_counted_in_bins_and_each_bin_opens_its_customers()
    {
        const string funnel = "step=Visit&step=Search&histogram=true";
        var histogram = (await shop.AskAsync("funnels?" + funnel)).GetProperty("histogram");
        histogram.GetProperty("binSeconds").GetDouble().ShouldBe(15, "24 bins hold the 4 minutes of ben, the 10 of anna are longer than 95 %");
        var bins = histogram.GetProperty("customers").EnumerateArray().Select(n => n.GetInt64()).ToList();
        bins.Count.ShouldBe(24);
        (bins[16], bins[23], bins.Sum()).ShouldBe((1, 1, 2));
        histogram.GetProperty("lastIsOpen").GetBoolean().ShouldBeTrue();
        (await shop.CustomersAsync($"funnels/customers?{funnel}&at=2&bin=23")).ShouldBe("anna");
        (await shop.CustomersAsync($"funnels/customers?{funnel}&at=2&bin=16")).ShouldBe("ben");
    }

    [Theory]
    [InlineData("step=Visit %26", "step")]
    [InlineData("step=(Visit", "step")]
    [InlineData("step=\"Visit", "step")]
    [InlineData("step=shoe=9", "step")]
    [InlineData("step=channel<web", "step")]
    [InlineData("step=device>=tall", "step")]
    [InlineData("step=Visit|Nowhere", "step")]
    [InlineData("step=Visit&order=sideways", "order")]
    [InlineData("step=Visit&step=Order&exclude=2-1:Search", "exclude")]
    [InlineData("step=Visit&step=Order&exclude=1-3:Search", "exclude")]
    [InlineData("step=Visit&exclude=Search", "exclude")]
    [InlineData("step=Visit&step=Search&step=Order&order=any&exclude=1-2:Call", "exclude")]
    [InlineData("step=Visit&ignore=Nowhere", "ignore")]
    [InlineData("step=Visit&breakdown=channel&touch=2", "touch")]
    [InlineData("step=Visit&breakdown=property.shoe", "breakdown")]
    [InlineData("step=Visit&breakdown=trait.shoe", "breakdown")]
    [InlineData("step=Visit&trend=year", "trend")]
    [InlineData("step=Visit&window=0s", "window")]
    public async Task What_cannot_be_used_is_refused_by_its_name(string question, string field)
    {
        foreach (var address in new[] { "/api/v1/analyse/funnels?", "/api/v1/analyse/funnels/customers?at=1&" })
        {
            var response = await shop.Http.GetAsync(address + question);
            response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, question);
            var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
            problem.GetProperty("field").GetString().ShouldBe(field, question);
            problem.GetProperty("detail").GetString()!.ShouldNotContain("Collect.");
        }
    }

    [Fact]
    public async Task A_filter_that_matches_nobody_gives_an_empty_answer()
    {
        var answer = await shop.AskAsync("funnels?step=Visit&step=Order&order=any&trend=day&histogram=true&breakdown=channel&channel=pigeon");
        answer.GetProperty("customers").GetInt64().ShouldBe(0);
        Column(answer, "steps", "conversion").ShouldBe("0 0");
        answer.GetProperty("groups").GetArrayLength().ShouldBe(0);
        answer.GetProperty("trend").GetArrayLength().ShouldBe(0);
        answer.GetProperty("histogram").GetProperty("customers").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task The_page_links_every_group_bin_and_week()
    {
        var html = await shop.Http.GetStringAsync("/analyse/funnels?step=Visit&step=Order&window=30d&breakdown=channel&touch=last&order=strict&ignore=Search&reference=previous");
        foreach (var part in new[] { "id=\"funnel-groups\"", "id=\"funnel-trend\"", "id=\"funnel-times\"", "&amp;entered=2026-03-02", "&amp;bin=0", "&amp;group=shop" }) html.ShouldContain(part);
    }

    [Fact]
    public async Task A_breakdown_by_trait_takes_the_values_of_the_profiles()
    {
        var own = new Shop();
        await own.InitializeAsync();
        try
        {
            await Shop.AppendAsync(own.Server, Identify("anna", "gold"), Identify("ben", "silver"), Identify("cleo", "Gold"));
            await ProfilesAsync(own);
            const string funnel = "step=Visit&step=Search&breakdown=trait.plan";
            var answer = await own.AskAsync("funnels?" + funnel);
            string.Join('|', answer.GetProperty("groups").EnumerateArray().Select(g => $"{g.GetProperty("name").GetString()} {Column(g, "steps", "customers")}")).ShouldBe(" 2 0|gold 2 1|silver 1 1");
            (await own.CustomersAsync($"funnels/customers?{funnel}&at=1&group=gold")).ShouldBe("anna cleo");
            (await own.CustomersAsync($"funnels/customers?{funnel}&at=1&group=")).ShouldBe("dora eva");
            (await own.Http.GetStringAsync("/analyse/funnels?" + funnel)).ShouldContain("<option value=\"trait.plan\" selected>");
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    private static object Identify(string user, string plan) => new { type = "identify", userId = user, traits = new { plan }, timestamp = DateTimeOffset.UtcNow };

    private static async Task ProfilesAsync(Shop own)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (own.Server.Get<ProfileFeed>().Position < own.Server.Get<Tangent.Collect.EventLog>().EndPosition) await Task.Delay(20, patience.Token);
    }

    private static string Column(JsonElement answer, string list, string field) =>
        string.Join(' ', answer.GetProperty(list).EnumerateArray().Select(s => s.GetProperty(field).ToString()));
}
