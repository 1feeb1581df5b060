using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Collect;
using Tangent.Tests.Operate;
using Tangent.Tests.Analyse;
using Tangent.Unify;

namespace Tangent.Tests.Unify;

/// <summary>Two companies few enough to count by hand:
/// <code>
/// acme   ada (decider)     Visit, Order   two years ago
///        bob (buyer)       Visit          yesterday
///        cyd (Champion)    Order          yesterday
///        dan (no role)     nothing but the group call
/// mills  eve (decider)     Visit          two years ago: nobody there is active
/// </code></summary>
public sealed class AccountsTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Yesterday = DateTimeOffset.UtcNow.AddDays(-1);
    private static readonly DateTimeOffset LongAgo = Yesterday.AddDays(-730);

    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        foreach (var touchpoint in (object[])[new { name = "Visit", channel = "web", stage = "consideration" }, new { name = "Order", channel = "shop", stage = "conversion" }])
            (await _server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", touchpoint)).EnsureSuccessStatusCode();
        (await _server.Http.PostAsJsonAsync("/api/v1/collect/touchpoint-rules", new { touchpointId = 1, @event = "Visit" })).EnsureSuccessStatusCode();
        (await _server.Http.PostAsJsonAsync("/api/v1/collect/touchpoint-rules", new { touchpointId = 2, @event = "Order" })).EnsureSuccessStatusCode();
        await AppendAsync(
            Person("ada", "Ada Adler", "decider"), Person("bob", "Bob Bauer", "BUDGET_HOLDER"), Person("cyd", "Cyd Cramer", "Champion"), Person("dan", "Dan Dorn", null), Person("eve", "Eve Ende", "decider"),
            Member("ada", "acme", "Acme GmbH", "holding"), Member("bob", "acme", "Acme GmbH", "holding"), Member("cyd", "acme", "Acme GmbH", "holding"), Member("dan", "acme", "Acme GmbH", "holding"), Member("eve", "mills", "Mills AG", null),
            new { type = "group", groupId = "holding", traits = new { name = "Acme Holding", industry = "logistics" }, timestamp = LongAgo },
            Event("ada", "Visit", LongAgo), Event("ada", "Order", LongAgo.AddHours(1)), Event("bob", "Visit", Yesterday), Event("cyd", "Order", Yesterday.AddHours(1)), Event("eve", "Visit", LongAgo));
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_list_has_members_events_roles_and_who_is_silent()
    {
        var items = (await AskAsync("accounts")).GetProperty("items").EnumerateArray().ToList();
        items.Select(a => (a.GetProperty("id").GetString(), a.GetProperty("members").GetInt32(), a.GetProperty("events").GetInt64(), a.GetProperty("silent").GetInt32()))
            .ShouldBe([("acme", 4, 4, 1), ("mills", 1, 1, 0), ("holding", 0, 0, 0)]);
        items[0].GetProperty("roles").EnumerateArray().Select(r => r.GetString()).ShouldBe(["initiator", "decider", "buyer"]);
        items[0].GetProperty("reachedRoles").EnumerateArray().Select(r => r.GetString()).ShouldBe(["initiator", "buyer"]);
        items[0].GetProperty("name").GetString().ShouldBe("Acme GmbH");
        foreach (var search in (string[])["mills ag", "MILLS"]) (await AskAsync($"accounts?search={search}")).GetProperty("items")[0].GetProperty("id").GetString().ShouldBe("mills");
        (await AskAsync("accounts?search=logistics")).GetProperty("total").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_list_is_read_to_its_end_by_cursor()
    {
        List<string?> read = [];
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await AskAsync($"accounts?take=1&cursor={Uri.EscapeDataString(cursor)}");
            read.Add(page.GetProperty("items")[0].GetProperty("id").GetString());
            cursor = page.GetProperty("next").GetString();
        }

        read.ShouldBe(["acme", "mills", "holding"]);
    }

    [Fact]
    public async Task Members_are_read_on_although_the_one_who_stood_last_has_another_role_now()
    {
        var page = await AskAsync("accounts/members?account=acme&take=2");
        page.GetProperty("items").EnumerateArray().Select(m => m.GetProperty("id").GetString()).ShouldBe(["cyd", "ada"]);
        await PutAsync("role", new { customer = "ada", role = "gatekeeper" });
        var rest = await AskAsync($"accounts/members?account=acme&take=9&cursor={Uri.EscapeDataString(page.GetProperty("next").GetString()!)}");
        rest.GetProperty("items").EnumerateArray().Select(m => m.GetProperty("id").GetString()).ShouldBe(["bob", "ada", "dan"]);
    }

    [Fact]
    public async Task Deals_of_a_company_and_tickets_of_its_members_stand_on_its_page()
    {
        async Task ImportAsync(string kind, string file) => (await _server.Http.PostAsync(new Uri($"/api/v1/collect/imports?source=crm&kind={kind}", UriKind.Relative), new StringContent(file))).EnsureSuccessStatusCode();
        await ImportAsync("deals", "deal id,deal name,company id,amount,stage,create date\nd-1,Fifty forks,acme,900,negotiation,2026-01-05\nd-2,Other,mills,5,won,2026-01-05\n");
        await ImportAsync("tickets", "ticket id,subject,customer id,date,status\nt-1,Broken fork,bob,2026-02-05 10:00,closed\n");
        await ImportAsync("invoices", "invoice number,company id,date,amount,status\ni-1,acme,2026-02-06,9,paid\ni-2,acme,2026-02-07,9,unpaid\n");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await _server.Get<ProfileFeed>().WaitUntilKeptAsync(_server.Get<EventLog>().EndPosition, patience.Token);
        async Task<List<string?>> RecordsAsync(string more) => [.. (await AskAsync("accounts/records?account=acme" + more)).GetProperty("items").EnumerateArray().Select(r => r.GetProperty("id").GetString())];
        (await RecordsAsync("")).ShouldBe(["i-2", "i-1", "t-1", "d-1"]);
        (await RecordsAsync("&open=true")).ShouldBe(["i-2", "d-1"]);
        (await RecordsAsync("&kind=deal")).ShouldBe(["d-1"]);
        (await _server.Http.GetStringAsync("/unify/accounts/records?account=acme")).ShouldContain("Fifty forks");
        foreach (var missing in (string[])["/unify/accounts/records?account=nobody", "/api/v1/unify/accounts/records"])
            (await _server.Http.GetAsync(missing)).StatusCode.ShouldBe(HttpStatusCode.NotFound, missing);
    }

    [Fact]
    public async Task An_accounts_journey_is_the_union_of_its_members_with_who_did_what()
    {
        var journey = await AskAsync("accounts/journey?account=acme");
        journey.GetProperty("items").EnumerateArray().Select(e => (e.GetProperty("name").GetString(), e.GetProperty("role").GetString(), e.GetProperty("event").GetProperty("touchpoint").GetString()))
            .ShouldBe([("Cyd Cramer", "initiator", "Order"), ("Bob Bauer", "buyer", "Visit"), ("Ada Adler", "decider", "Order"), ("Ada Adler", "decider", "Visit")]);
        var first = await AskAsync("accounts/journey?account=acme&channel=SHOP&take=1");
        var second = await AskAsync($"accounts/journey?account=acme&channel=SHOP&take=1&cursor={Uri.EscapeDataString(first.GetProperty("next").GetString()!)}");
        (first.GetProperty("items")[0].GetProperty("name").GetString(), second.GetProperty("items")[0].GetProperty("name").GetString()).ShouldBe(("Cyd Cramer", "Ada Adler"));
    }

    [Fact]
    public async Task Coverage_counts_members_of_each_role_by_stage_and_leads_to_them()
    {
        (await CoverageAsync("accounts/coverage?account=acme")).ShouldBe(["initiator 1: 0 0 1 0 0", "decider 1: 0 1 1 0 0", "buyer 1: 0 1 0 0 0", "none 1: 0 0 0 0 0"]);
        (await CoverageAsync($"accounts/coverage?from={Yesterday.AddDays(-30):yyyy-MM-dd}")).ShouldBe(["initiator 1: 0 0 1 0 0", "decider 2: 0 0 0 0 0", "buyer 1: 0 1 0 0 0", "none 1: 0 0 0 0 0"]);
        (await MembersAsync("stage=consideration&buyingRole=decider")).ShouldBe(["ada", "eve"], ignoreOrder: true);
        (await MembersAsync("stage=consideration&reached=false&account=acme")).ShouldBe(["cyd", "dan"], ignoreOrder: true);
        (await MembersAsync($"stage=consideration&from={Yesterday.AddDays(-30):yyyy-MM-dd}")).ShouldBe(["bob"]);
        (await MembersAsync("buyingRole=none")).ShouldBe(["dan"]);
    }

    [Fact]
    public async Task Silent_is_a_decider_without_contact_while_others_of_the_account_had_one()
    {
        var silent = await AskAsync("accounts/silent");
        var one = silent.GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        (one.GetProperty("contact").GetProperty("id").GetString(), one.GetProperty("activeOthers").GetInt32()).ShouldBe(("ada", 2));
        (await AskAsync("accounts/silent?days=800")).GetProperty("total").GetInt32().ShouldBe(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("none")]
    public async Task That_somebody_has_no_role_stands_above_the_source_too(string none)
    {
        async Task<string?> RoleAsync() => (await AskAsync("accounts/members?account=acme")).GetProperty("items").EnumerateArray().Single(m => m.GetProperty("id").GetString() == "ada").GetProperty("role").GetString();
        (await RoleAsync()).ShouldBe("decider");
        await PutAsync("role", new { customer = "ada", role = none });
        (await RoleAsync()).ShouldBeNull();
        await PutAsync("role", new { customer = "ada", role = (string?)null });
        (await RoleAsync()).ShouldBe("decider");
    }

    [Fact]
    public async Task Commands_name_the_day_of_the_company()
    {
        await using (var scope = _server.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<RecordQueries>().LearnAsync([new(1, "deal", "D-1", ["account:acme"], new JsonObject { ["title"] = "Fleet", ["at"] = "2026-10-31T23:00:00Z" })], CancellationToken.None);
        var (code, output, error) = await RunningProgram.RunAsync("account", "records", "acme", "--data", _server.DataFolder);
        code.ShouldBe(0, error);
        output.ShouldContain("2026-11-01  deal");
    }

    [Fact]
    public async Task A_role_said_here_stands_above_the_source_until_it_is_taken_back()
    {
        await PutAsync("role", new { customer = "dan", role = "decision-maker" });
        (await MembersAsync("buyingRole=decider&account=acme")).ShouldBe(["ada", "dan"], ignoreOrder: true);
        await PutAsync("role", new { customer = "ada", role = "user" });
        await AppendAsync(Person("ada", "Ada Adler", "decider"));
        (await MembersAsync("buyingRole=user")).ShouldBe(["ada"], "what a source says later does not win");
        (await AskAsync("accounts/members?buyingRole=user")).GetProperty("items")[0].GetProperty("roleByPeople").GetBoolean().ShouldBeTrue();
        await PutAsync("role", new { customer = "ada", role = (string?)null });
        (await MembersAsync("buyingRole=user")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_is_merged_or_split_belongs_to_the_right_account_at_once()
    {
        (await _server.Http.PostAsJsonAsync("/api/v1/collect/merges", new { customers = (string[])["bob", "cyd"], reason = "twins" })).EnsureSuccessStatusCode();
        (await AskAsync("accounts/one?account=acme")).GetProperty("account").GetProperty("members").GetInt32().ShouldBe(3);
        var join = _server.Get<JourneyStore>().Joins(_server.Get<JourneyStore>().FindCustomer("bob")!.Value)[0].Position;
        (await _server.Http.PostAsJsonAsync("/api/v1/collect/splits", new { customer = "bob", join, reason = "no twins" })).EnsureSuccessStatusCode();
        (await AskAsync("accounts/one?account=acme")).GetProperty("account").GetProperty("members").GetInt32().ShouldBe(4);
        // One person, two accounts over time: the latest counts.
        await AppendAsync(Member("bob", "mills", "Mills AG", null));
        (await AskAsync("accounts/one?account=acme")).GetProperty("account").GetProperty("members").GetInt32().ShouldBe(3);
        (await AskAsync("accounts/journey?account=mills")).GetProperty("total").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task The_company_above_is_said_here_and_a_circle_is_refused()
    {
        (await AboveAsync("acme")).ShouldBe(["holding"]);
        (await PutAsync("parent", new { account = "holding", parent = "acme" }, HttpStatusCode.UnprocessableEntity)).ShouldContain("circle");
        await PutAsync("parent", new { account = "acme", parent = "mills" });
        (await AboveAsync("acme")).ShouldBe(["mills"]);
        await PutAsync("parent", new { account = "acme", parent = "" });
        (await AboveAsync("acme")).ShouldBeEmpty();
        await PutAsync("parent", new { account = "acme", parent = (string?)null });
        (await AboveAsync("acme")).ShouldBe(["holding"]);
        foreach (var wrong in (object[])[new { account = "acme", parent = "nobody" }, new { account = "nobody", parent = "acme" }, new { account = (string?)null, parent = "acme" }])
            await PutAsync("parent", wrong, HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Bad_questions_are_refused_with_the_reason()
    {
        foreach (var wrong in (string[])["members?stage=never", "members?buyingRole=king", "silent?days=0", "silent?days=99999", "coverage?from=2026-02-01&to=2026-01-01", "members?cursor=x"])
            (await _server.Http.GetAsync("/api/v1/unify/accounts/" + wrong)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, wrong);
        foreach (var missing in (string[])["one", "one?account=nobody", "journey?account=nobody"])
            (await _server.Http.GetAsync("/api/v1/unify/accounts/" + missing)).StatusCode.ShouldBe(HttpStatusCode.NotFound, missing);
        (await _server.Http.GetAsync("/unify/accounts/one?account=nobody")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        foreach (var page in (string[])["coverage?days=0", "members?stage=never"])
            (await _server.Http.GetAsync("/unify/accounts/" + page)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, page);
        await PutAsync("role", new { customer = "ada", role = "king" }, HttpStatusCode.UnprocessableEntity);
        await PutAsync("role", new { customer = "nobody", role = "user" }, HttpStatusCode.UnprocessableEntity);
    }

    private static object Person(string user, string name, string? role) => new { type = "identify", userId = user, traits = new { name, buyingRole = role }, timestamp = LongAgo };

    private static object Member(string user, string account, string name, string? parent) => new { type = "group", userId = user, groupId = account, traits = new { name, parentId = parent }, timestamp = LongAgo };

    private static object Event(string user, string name, DateTimeOffset at) => new { type = "track", @event = name, userId = user, timestamp = at, properties = new { channel = name == "Order" ? "shop" : "web" } };

    private async Task AppendAsync(params object[] events)
    {
        await Shop.AppendAsync(_server, events);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await _server.Get<ProfileFeed>().WaitUntilKeptAsync(_server.Get<EventLog>().EndPosition, patience.Token);
    }

    private async Task<JsonElement> AskAsync(string question) => JsonElement.Parse(await _server.Http.GetStringAsync("/api/v1/unify/" + question));

    private async Task<List<string>> CoverageAsync(string question) => [.. (await AskAsync(question)).GetProperty("roles").EnumerateArray().Select(r =>
        $"{r.GetProperty("role").GetString() ?? "none"} {r.GetProperty("members").GetInt32()}: {string.Join(' ', r.GetProperty("stages").EnumerateArray().Select(s => s.GetProperty("reached").GetInt32()))}")];

    private async Task<List<string?>> MembersAsync(string query) => [.. (await AskAsync("accounts/members?" + query)).GetProperty("items").EnumerateArray().Select(m => m.GetProperty("id").GetString())];

    private async Task<List<string?>> AboveAsync(string account) => [.. (await AskAsync("accounts/one?account=" + account)).GetProperty("above").EnumerateArray().Select(m => m.GetProperty("id").GetString())];

    private async Task<string> PutAsync(string what, object body, HttpStatusCode? status = null)
    {
        var answer = await _server.Http.PutAsJsonAsync("/api/v1/unify/accounts/" + what, body);
        var text = await answer.Content.ReadAsStringAsync();
        if (status is null) answer.IsSuccessStatusCode.ShouldBeTrue(text);
        else answer.StatusCode.ShouldBe(status.Value, text);
        return text;
    }
}
