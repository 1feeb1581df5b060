using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tangent.Analyse;
using Tangent.Unify;
using Tangent.Web;

namespace Tangent.Tests.Analyse;

/// <summary>The one filter of every question and the unit of analysis, on the journeys of <see cref="Shop"/> and what is known of its customers:
/// anna and ben belong to Acme, dora to Bolt; anna and cleo have a gold plan, ben a silver one.</summary>
public sealed class FilterTests : IAsyncLifetime
{
    private static readonly string[] Questions = ["variants?", "paths?", "touchpoints?", "funnels?step=Visit&"];
    private readonly Shop _shop = new();

    public async Task InitializeAsync()
    {
        await _shop.InitializeAsync();
        await Shop.AppendAsync(_shop.Server,
            Group("anna", "Acme"), Group("ben", "Acme"), Group("dora", "Bolt"),
            Identify("anna", new { plan = "gold", seats = 5, vip = true }), Identify("ben", new { plan = "silver", seats = 5 }), Identify("cleo", new { plan = "Gold" }));
        await ProfilesAsync();
    }

    public Task DisposeAsync() => _shop.DisposeAsync();

    [Theory]
    [InlineData("channel=newsletter&channel=hotline", "cleo dora eva")]
    [InlineData("touchpoint=Call", "dora")]
    [InlineData("touchpoint=Search&touchpoint=Order", "anna ben dora")]
    [InlineData("touchpoint=Search&channel=shop", "")]
    [InlineData("trait.plan=gold", "anna cleo")]
    [InlineData("trait.plan=gold&trait.plan=silver", "anna ben cleo")]
    [InlineData("trait.plan=gold&trait.seats=5", "anna")]
    [InlineData("trait.vip=true", "anna")]
    [InlineData("trait=plan=silver", "ben")]
    [InlineData("trait.plan=platinum", "")]
    [InlineData("trait.company=Acme", "anna ben")]
    [InlineData("customer=anna&customer=dora", "anna dora")]
    [InlineData("customer=anna&trait.plan=silver", "")]
    [InlineData("from=2026-03-03&touchpoint=Visit", "eva")]
    public async Task Every_question_takes_the_same_filter(string filter, string customers)
    {
        var list = await _shop.AskAsync($"variants?top=100&{filter}");
        var found = new List<string>();
        foreach (var variant in list.GetProperty("items").EnumerateArray())
        {
            var steps = string.Join('&', variant.GetProperty("steps").EnumerateArray().Select(s => "step=" + s.GetString()));
            found.AddRange((await _shop.CustomersAsync($"variants/customers?{steps}&{filter}")).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        string.Join(' ', found.Order(StringComparer.Ordinal)).ShouldBe(customers);
        foreach (var question in new[] { "paths?", "touchpoints?", "funnels?step=Visit&" })
            (await _shop.AskAsync(question + filter)).GetProperty("customers").GetInt32().ShouldBe(found.Count, question);
    }

    [Fact]
    public async Task An_accounts_journey_is_the_union_of_its_members_journeys_by_time()
    {
        // Acme: anna and ben visit at the same time (anna first in the log), ben searches at 4 and 6 minutes, anna at 10; dora alone is Bolt.
        var variants = await _shop.AskAsync("variants?unit=account");
        variants.GetProperty("customers").GetInt32().ShouldBe(2);
        variants.GetProperty("items").EnumerateArray().Select(v => string.Join('>', v.GetProperty("steps").EnumerateArray().Select(s => s.GetString())))
            .ShouldBe(["Visit>Visit>Search>Search>Search>Order", "Call>Visit>Order"], ignoreOrder: true);
        var funnel = await _shop.AskAsync("funnels?step=Visit&step=Search&step=Order&unit=account");
        funnel.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("customers").GetInt32()).ShouldBe([2, 1, 1]);

        var behind = await _shop.AskAsync("funnels/customers?step=Visit&step=Search&at=2&unit=account");
        (behind.GetProperty("unit").GetString(), behind.GetProperty("total").GetInt32()).ShouldBe(("account", 1));
        var acme = behind.GetProperty("items")[0];
        (acme.GetProperty("id").GetString(), acme.GetProperty("events").GetInt32(), acme.GetProperty("members").GetInt32()).ShouldBe(("Acme", 6, 2));
        var members = await _shop.Http.GetFromJsonAsync<JsonElement>("/api/v1/unify/customers?account=Acme");
        members.GetProperty("items").EnumerateArray().Select(c => c.GetProperty("id").GetString()).ShouldBe(["anna", "ben"]);
        (await _shop.Http.GetStringAsync("/analyse/funnels/customers?step=Visit&at=1&unit=account")).ShouldContain("/unify/customers?account=Acme");
    }

    [Fact]
    public async Task Persons_are_filtered_before_their_events_become_an_accounts()
    {
        var silver = await _shop.AskAsync("variants?unit=account&trait.plan=silver");
        silver.GetProperty("items").EnumerateArray().Select(v => string.Join('>', v.GetProperty("steps").EnumerateArray().Select(s => s.GetString()))).ShouldBe(["Visit>Search>Search"]);
        foreach (var question in Questions) (await _shop.AskAsync(question + "unit=account&customer=cleo")).GetProperty("customers").GetInt32().ShouldBe(0, question);
    }

    [Fact]
    public async Task A_member_who_comes_in_later_and_events_that_come_in_later_are_the_accounts_too()
    {
        (await _shop.AskAsync("touchpoints?unit=account")).GetProperty("events").GetInt32().ShouldBe(9);
        await Shop.AppendAsync(_shop.Server, Group("eva", "Acme"), Shop.Track("ben", "Order", "shop", 70));
        (await _shop.AskAsync("touchpoints?unit=account")).GetProperty("events").GetInt32().ShouldBe(11);
        (await _shop.AskAsync("touchpoints/customers?at=Order&unit=account")).GetProperty("items")[0].GetProperty("members").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task What_is_said_of_a_customer_later_changes_who_passes()
    {
        (await _shop.CustomersAsync("touchpoints/customers?at=Visit&trait.plan=gold")).ShouldBe("anna cleo");
        await Shop.AppendAsync(_shop.Server, Identify("anna", new { plan = (string?)null }), Identify("eva", new { plan = "gold" }));
        await ProfilesAsync();
        (await _shop.CustomersAsync("touchpoints/customers?at=Visit&trait.plan=gold")).ShouldBe("cleo eva");
    }

    [Theory]
    [InlineData("touchpoint=nowhere", "touchpoint")]
    [InlineData("trait.shoe=9", "trait.shoe")]
    [InlineData("trait=plan", "trait")]
    [InlineData("trait.=x", "trait.")]
    [InlineData("property=device", "property")]
    [InlineData("customer=nobody", "customer")]
    [InlineData("unit=household", "unit")]
    public async Task What_a_filter_cannot_mean_is_refused_by_its_name(string filter, string field)
    {
        foreach (var question in Questions.Append("flows?").Append("overview?"))
        {
            var response = await _shop.Http.GetAsync("/api/v1/analyse/" + question + filter);
            response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, question);
            (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().ShouldBe(field, question);
        }
    }

    [Fact]
    public async Task A_filter_stays_while_one_moves_between_pages()
    {
        const string filter = "channel=web&channel=shop&touchpoint=Visit&trait.plan=gold&unit=account";
        var page = WebUtility.HtmlDecode(await _shop.Http.GetStringAsync("/analyse/paths?steps=3&" + filter));
        foreach (var href in new[] { "/analyse/funnels", "/analyse/variants", "/analyse/flows" }) page.ShouldContain($"\"{href}?{filter}\"");
        page.ShouldContain("\"/analyse/paths?steps=3&channel=web&touchpoint=Visit&trait.plan=gold&unit=account\"", customMessage: "the link that takes one channel away");
        page.ShouldContain("name=\"trait.plan\" value=\"gold\"", customMessage: "carried in the form");
        (await _shop.Http.GetStringAsync("/unify/traits/choices")).ShouldContain("plan=gold");
    }

    [Fact]
    public void No_question_has_a_parameter_that_the_filter_has()
    {
        foreach (var parameters in new[] { JourneyParameters.Funnel, JourneyParameters.Paths, JourneyParameters.Variants, JourneyParameters.Flows, JourneyParameters.Touchpoints })
            parameters.Select(p => p.Name).ShouldBeUnique();
        QuestionParameters.Filter.Where(p => !PageContext.IsFilter(p.Name)).ShouldBeEmpty();
    }

    private static object Group(string user, string account) => new { type = "group", userId = user, groupId = account, timestamp = Shop.Start };

    private static object Identify(string user, object traits) => new { type = "identify", userId = user, traits, timestamp = DateTimeOffset.UtcNow };

    /// <summary>Profiles follow the log a little later than journeys.</summary>
    private async Task ProfilesAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (_shop.Server.Get<ProfileFeed>().Position < _shop.Server.Get<Tangent.Collect.EventLog>().EndPosition) await Task.Delay(20, patience.Token);
    }
}
