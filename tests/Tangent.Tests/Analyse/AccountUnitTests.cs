using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Tangent.Analyse;
using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Tests.Analyse;

/// <summary>
/// Accounts as the unit of every question. For each account there is one person, a mirror, who did all that its members did at the same times: asked of
/// accounts, every question must answer what it answers of the mirrors.
/// </summary>
public sealed class AccountUnitTests : IAsyncLifetime
{
    /// <summary>What a question needs beside the filter, by its resource.</summary>
    private static readonly Dictionary<string, string> Needs = new(StringComparer.Ordinal)
    {
        ["funnels"] = "step=Visit&step=Search&step=Order&window=90d",
        ["conformance"] = "rule=response: Visit -> Order&rule=precedence: Visit -> Call",
        ["conformance/journeys"] = "rule=response: Visit -> Order",
        ["recovery"] = "bad=Call&goal=Order",
        ["attribution"] = "conversion=Order",
        ["neighbours"] = "at=Search",
        ["correlation"] = "goal=Order",
        ["drivers"] = "outcome=repurchase&at=Visit&goal=Order&within=5d",
    };

    // Numbers and names of who it is, and addresses of them, which differ.
    private static readonly string[] Who = ["id", "customer"];

    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        var random = new Random(11);
        var events = new List<object>();
        foreach (var account in Enumerable.Range(0, 12))
        {
            foreach (var member in Enumerable.Range(0, 3)) events.Add(new { type = "group", userId = $"p{account}-{member}", groupId = $"firm{account}", traits = new { name = $"Firm {account}", industry = account % 2 == 0 ? "logistics" : "health", employees = account * 100 }, timestamp = Shop.Start });
            events.Add(new { type = "identify", userId = $"mirror{account}", traits = new { mirror = "yes", industry = account % 2 == 0 ? "logistics" : "health" }, timestamp = Shop.Start });
            var minute = random.Next(5000);
            for (var i = 0; i < 15; i++)
            {
                minute += random.Next(4000);
                var (what, channel) = (new[] { "Visit", "Search", "Order", "Call" }[random.Next(4)], random.Next(2) == 0 ? "web" : "shop");
                decimal? revenue = what == "Order" ? random.Next(1, 90) : null;
                events.Add(Shop.Track($"p{account}-{random.Next(3)}", what, channel, minute, revenue));
                events.Add(Shop.Track($"mirror{account}", what, channel, minute, revenue));
            }
        }

        // Customers of no account are left out, but up to when events are known they say too.
        events.AddRange([Shop.Track("stranger", "Visit", "web", 0), Shop.Track("stranger", "Visit", "web", 100 * 24 * 60)]);
        await Shop.AppendAsync(_server, [.. events]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await _server.Get<ProfileFeed>().WaitUntilKeptAsync(_server.Get<EventLog>().EndPosition, patience.Token);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Every_question_answers_of_accounts_what_it_answers_of_persons_who_did_the_same()
    {
        // Priorities stand on scores, which are of persons alone: it refuses accounts as they do.
        var questions = _server.Get<EndpointDataSource>().Endpoints.Select(e => e.Metadata.GetMetadata<Question>()).OfType<Question>().Where(q => q.Stage == "analyse" && q.Resource != "priorities").Distinct().ToList();
        questions.Count.ShouldBeGreaterThan(12);
        foreach (var question in questions)
        {
            var asked = $"/api/v1/analyse/{question.Resource}?{Needs.GetValueOrDefault(question.Resource)}";
            var (accounts, mirrors) = (await AskAsync(asked + "&unit=account"), await AskAsync(asked + "&trait.mirror=yes"));
            accounts.ToJsonString().ShouldBe(mirrors.ToJsonString(), question.Resource);
            accounts.ToJsonString().Length.ShouldBeGreaterThan(20, question.Resource);
        }
    }

    [Fact]
    public async Task A_breakdown_by_a_trait_is_by_the_companys_and_leads_to_its_accounts()
    {
        const string funnel = "/api/v1/analyse/funnels?step=Visit&step=Order&window=90d&breakdown=trait.industry";
        (await AskAsync(funnel + "&unit=account")).ToJsonString().ShouldBe((await AskAsync(funnel + "&trait.mirror=yes")).ToJsonString());
        var behind = (await AskAsync(funnel.Replace("funnels?", "funnels/customers?", StringComparison.Ordinal) + "&unit=account&group=health&at=1", plain: true))["items"]!.AsArray();
        behind.Count.ShouldBeGreaterThan(0);
        behind.Count(a => (string)a!["id"]! == "firm" + ((string)a["name"]!).Split(' ')[1] && "13579".Contains(((string)a["id"]!)[^1])).ShouldBe(behind.Count);
        (await _server.Http.GetAsync(funnel.Replace("industry", "shoe", StringComparison.Ordinal) + "&unit=account")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_segment_of_companies_is_found_by_their_traits()
    {
        (await SizeAsync("account: industry = Logistics")).ShouldBe(await MembersWithEventsAsync(a => a % 2 == 0));
        (await SizeAsync("account: employees >= 1000")).ShouldBe(await MembersWithEventsAsync(a => a >= 10));
        (await SizeAsync("account: id = firm3")).ShouldBe(await MembersWithEventsAsync(a => a == 3));
        (await SizeAsync("not account: industry")).ShouldBe(13, "the mirrors and the stranger");
        var wrong = await _server.Http.GetAsync("/api/v1/unify/segments/size?condition=account:%20shoe%20%3D%209");
        wrong.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await AskAsync("/api/v1/analyse/events?unit=account", plain: true))["customers"]!.GetValue<int>().ShouldBe(12);
    }

    [Fact]
    public async Task The_list_behind_a_number_names_the_companies_and_leads_to_them()
    {
        var page = await _server.Http.GetStringAsync("/analyse/events/customers?unit=account");
        page.ShouldContain("Firm 7");
        page.ShouldContain("/unify/accounts/one?account=firm7");
    }

    private async Task<long> MembersWithEventsAsync(Func<int, bool> fits)
    {
        var all = 0L;
        foreach (var account in Enumerable.Range(0, 12).Where(fits))
            all += (await AskAsync($"/api/v1/unify/customers?account=firm{account}", plain: true))["items"]!.AsArray().Count(c => (long)c!["events"]! > 0);
        return all;
    }

    private async Task<long> SizeAsync(string condition) => (long)(await AskAsync("/api/v1/unify/segments/size?condition=" + Uri.EscapeDataString(condition), plain: true))["customers"]!;

    private async Task<JsonObject> AskAsync(string address, bool plain = false)
    {
        var answer = await _server.Http.GetAsync(address);
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue($"{address}: {text}");
        var json = JsonNode.Parse(text)!.AsObject();
        if (!plain) Forget(json);
        return json;
    }

    private static void Forget(JsonNode? node)
    {
        if (node is JsonObject o)
        {
            foreach (var who in Who.Concat(o.Select(p => p.Key).Where(k => k.EndsWith("Href", StringComparison.Ordinal)).ToList())) o.Remove(who);
            foreach (var (_, value) in o) Forget(value);
        }
        else if (node is JsonArray a)
        {
            foreach (var item in a) Forget(item);
        }
    }
}
