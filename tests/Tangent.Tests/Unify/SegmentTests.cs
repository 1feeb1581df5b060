using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Tests.Unify;

/// <summary>Segments over HTTP: what conditions say, that an event counts at once, and every question asked of one.</summary>
public sealed class SegmentTests(SegmentTests.Company company) : IClassFixture<SegmentTests.Company>
{
    private const string Segments = "/api/v1/unify/segments";

    private TestServer Server => company.Server;

    /// <summary>Five customers: c1 Visit, Order, Order; c2 Order, Visit; c3 Visit; c4 Order long ago; c5 Call. c1 to c3 have traits.</summary>
    public sealed class Company : IAsyncLifetime
    {
        public TestServer Server { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Server = await TestServer.StartAsync();
            var now = DateTime.UtcNow;
            await SendAsync(
                Event("c1", "Visit", now.AddDays(-9)), Event("c1", "Order", now.AddDays(-8)), Event("c1", "Order", now.AddDays(-2)),
                Event("c2", "Order", now.AddDays(-7)), Event("c2", "Visit", now.AddDays(-6)),
                Event("c3", "Visit", now.AddDays(-5)), Event("c4", "Order", now.AddDays(-400)), Event("c5", "Call; later", now.AddDays(-1)),
                """{"type":"identify","userId":"c1","traits":{"plan":"gold","age":41,"email":"a@example.org","walkage":18,"since":"2026-03-31T10:00:00Z"}}""",
                """{"type":"identify","userId":"c2","traits":{"plan":"Silver","age":9,"email":"","walkage":"2","since":"2025-12-01"}}""",
                """{"type":"identify","userId":"c3","traits":{"plan":"free","age":18.5,"walkage":"unknown","since":"long ago"}}""");
        }

        public Task DisposeAsync() => Server.DisposeAsync().AsTask();

        public static string Event(string user, string name, DateTime at) => $$"""{"type":"track","event":"{{name}}","userId":"{{user}}","timestamp":"{{at:O}}"}""";

        public async Task SendAsync(params string[] events)
        {
            var accepted = events.Select(e => new AcceptedEvent(default, Encoding.UTF8.GetBytes(e))).ToList();
            var appended = await Server.Get<EventLog>().AppendAsync(
                new LogAppend(1, LogKind.Events, Trusted: true, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), null, accepted), CancellationToken.None);
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            await Server.Get<JourneyStore>().WaitUntilVisibleAsync(appended.EndPosition, patience.Token);
            while (Server.Get<ProfileFeed>().Position < appended.EndPosition) await Task.Delay(20, patience.Token);
        }
    }

    [Theory]
    [InlineData("c1 c2 c4", "did: Order")]
    [InlineData("c1", "did 2..: Order")]
    [InlineData("c2 c4", "did 1: Order")]
    [InlineData("c1 c2", "did in 30d: Order")]
    [InlineData("c3 c4 c5", "did not in 30d: Order")]
    [InlineData("c3 c5", "did 0: Order")]
    [InlineData("c1 c2 c3 c4 c5", "did 0..2: Order")]
    [InlineData("c1 c2 c3 c4", "did: Order|Visit")]
    [InlineData("c5", "did: \"Call; later\"")]
    [InlineData("c1", "sequence: Visit -> Order")]
    [InlineData("", "sequence in 1h: Visit -> Order")]
    [InlineData("c2 c3 c4 c5", "no sequence: Visit -> Order")]
    [InlineData("c1 c2", "trait: plan = gold | silver")]
    [InlineData("c3", "trait: plan != gold | silver")]
    [InlineData("c1 c3", "trait: age >= 18.5")]
    [InlineData("c2", "trait: age < 18")]
    [InlineData("c2", "trait: walkage < 18")]
    [InlineData("c1", "trait: walkage >= 18")]
    [InlineData("c2", "trait: since < 2026-03-31")]
    [InlineData("c1 c2", "trait: since <= 2026-03-31")]
    [InlineData("c2 c3 c4 c5", "not trait: plan = gold")]
    [InlineData("c2 c5", "customers: c5, c2, nobody")]
    [InlineData("c1 c2 c5", "customers: user:c1, number:1, c5")]
    [InlineData("c2", "did: Order", "trait: plan = silver")]
    public async Task Conditions_say_who_belongs(string expected, params string[] conditions) =>
        string.Join(' ', await MembersAsync(false, conditions)).ShouldBe(expected);

    [Fact]
    public async Task Any_condition_suffices_where_that_is_asked_and_each_is_counted_by_itself()
    {
        (await MembersAsync(true, "did 2..: Order", "customers: c5")).ShouldBe(["c1", "c5"]);
        var size = await JsonAsync($"{Segments}/size?condition=did: Order&condition=did: Visit");
        size.GetProperty("customers").GetInt64().ShouldBe(2);
        size.GetProperty("of").GetInt64().ShouldBe(5);
        size.GetProperty("share").GetDouble().ShouldBe(0.4);
        size.GetProperty("conditions").EnumerateArray().Select(c => c.GetProperty("customers").GetInt64()).ShouldBe([3, 3]);
    }

    [Fact]
    public async Task Ids_that_are_nobodys_are_mentioned() =>
        (await JsonAsync($"{Segments}/size?condition=customers: c1, c9, user:c8")).GetProperty("conditions")[0].GetProperty("note").GetString().ShouldBe("2 ids are nobody's: c9, user:c8");

    /// <summary>With scripts the page sends what is typed and shows the size or why there is none; what is half typed is no failure.</summary>
    [Fact]
    public async Task The_size_follows_what_is_typed()
    {
        var page = await Server.Http.GetStringAsync("/unify/segments/new");
        page.ShouldContain("hx-post=\"/unify/segments/size\"");
        page.ShouldContain("<option value=\"did: &quot;Call; later&quot;\">");
        page.ShouldContain("<option value=\"trait: plan = gold\">");
        Server.Http.DefaultRequestHeaders.Add("HX-Request", "true");
        try
        {
            var half = await PostAsync("/unify/segments/size", ("conditions", "did: Visit\ntra"), ("any", "false"));
            half.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await half.Content.ReadAsStringAsync()).ShouldContain("is no condition");
        }
        finally
        {
            Server.Http.DefaultRequestHeaders.Remove("HX-Request");
        }
    }

    [Fact]
    public async Task Every_question_can_be_asked_of_a_segment_and_an_event_counts_at_once()
    {
        await SaveAsync("Regulars", "did: Order");
        await SaveAsync("Others", "not segment: regulars");
        await SaveAsync("Callers", "did: \"Call; later\"");
        (await JsonAsync("/api/v1/analyse/funnels?step=Visit&segment=Regulars")).GetProperty("steps")[0].GetProperty("customers").GetInt64().ShouldBe(2);
        (await JsonAsync("/api/v1/analyse/funnels?step=Visit&segment=Others")).GetProperty("steps")[0].GetProperty("customers").GetInt64().ShouldBe(1);
        (await JsonAsync("/api/v1/analyse/events?segment=Regulars&trait.plan=gold")).GetProperty("customers").GetInt64().ShouldBe(1);
        (await JsonAsync("/api/v1/analyse/events?segment=Callers&segment=Regulars")).GetProperty("customers").GetInt64().ShouldBe(4);
        var page = await Server.Http.GetStringAsync("/analyse/funnels?step=Visit&segment=Regulars");
        page.ShouldContain("<option value=\"Regulars\" selected>");
        page.ShouldContain("segment Regulars");
        (await Server.Http.GetStringAsync("/unify/segments/choices?chosen=Others")).ShouldContain("<option value=\"Others\" selected>");

        await company.SendAsync(Company.Event("late", "Order", DateTime.UtcNow));
        (await JsonAsync("/api/v1/analyse/events?segment=Regulars")).GetProperty("customers").GetInt64().ShouldBe(4);
        var list = await Server.Http.GetStringAsync("/unify/segments");
        list.ShouldContain("/unify/customers?segment=Regulars\">4</a>");
        using var unknown = await Server.Http.GetAsync("/api/v1/analyse/events?segment=Nobody");
        unknown.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await unknown.Content.ReadAsStringAsync()).ShouldContain("\"segment\"");
        // What the other facts count must stay as it was.
        (await Server.Http.PostAsJsonAsync("/api/v1/collect/erasures", new { customer = "late", reason = "asked for" })).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task A_segment_is_kept_renamed_and_removed_and_cannot_lead_to_itself()
    {
        var id = await SaveAsync("One", "did: Visit");
        var two = await SaveAsync("Two", "segment: One");
        (await Server.Http.PostAsJsonAsync(Segments, new { name = "one", conditions = (string[])["did: Order"] })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        using var circle = await Server.Http.PutAsJsonAsync($"{Segments}/{id}", new { name = "One", conditions = (string[])["segment: Two"] });
        circle.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        using var changed = await Server.Http.PutAsJsonAsync($"{Segments}/{id}", new { name = "First", conditions = (string[])["did: Visit", "did: Order"], any = true });
        (await changed.Content.ReadAsStringAsync()).ShouldContain("First");
        (await JsonAsync(Segments)).GetProperty("items").EnumerateArray().Select(s => s.GetProperty("name").GetString()).ShouldContain("First");
        (await Server.Http.DeleteAsync($"{Segments}/{id}")).StatusCode.ShouldBe(HttpStatusCode.Conflict, "Two names it.");
        (await Server.Http.DeleteAsync($"{Segments}/{two}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Server.Http.DeleteAsync($"{Segments}/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Server.Http.DeleteAsync($"{Segments}/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_segment_that_cannot_be_asked_any_more_says_so_and_refuses_what_filters_by_it()
    {
        await company.SendAsync("""{"type":"identify","userId":"rare-1","traits":{"rarity":"high"}}""");
        await SaveAsync("Rare", "trait: rarity = high");
        (await Server.Http.PostAsJsonAsync("/api/v1/collect/erasures", new { customer = "rare-1", reason = "asked for" })).EnsureSuccessStatusCode();
        (await Server.Http.GetStringAsync("/unify/segments")).ShouldContain("Cannot be asked", customMessage: "Nobody has the trait any more.");
        using var gone = await Server.Http.GetAsync("/api/v1/analyse/events?segment=Rare");
        gone.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task The_page_tries_before_it_keeps_and_keeps_what_was_entered_when_refused()
    {
        var tried = await PostAsync("/unify/segments/size", ("conditions", "did: Visit\ndid: Order"), ("any", "false"));
        (await tried.Content.ReadAsStringAsync()).ShouldContain("<strong>2</strong>");
        var refused = await PostAsync("/unify/segments", ("name", ""), ("conditions", "did: Visit"), ("any", "false"));
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await refused.Content.ReadAsStringAsync()).ShouldContain(">did: Visit</textarea>");
        var saved = await PostAsync("/unify/segments", ("name", "By page"), ("conditions", "did: Visit"), ("any", "false"));
        saved.StatusCode.ShouldBe(HttpStatusCode.Found);
        (await Server.Http.GetStringAsync("/unify/segments")).ShouldContain("By page");
    }

    [Fact]
    public async Task An_erased_customer_is_taken_out_of_fixed_lists()
    {
        await company.SendAsync(Company.Event("gone-1", "Fax", DateTime.UtcNow), Company.Event("stays-1", "Fax", DateTime.UtcNow));
        await SaveAsync("Chosen", "customers: gone-1, stays-1");
        (await Server.Http.PostAsJsonAsync("/api/v1/collect/erasures", new { customer = "gone-1", reason = "asked for" })).EnsureSuccessStatusCode();
        (await JsonAsync(Segments)).GetProperty("items").EnumerateArray().Single(s => s.GetProperty("name").GetString() == "Chosen")
            .GetProperty("conditions")[0].GetString().ShouldBe("customers: stays-1");
        (await Server.Http.PostAsJsonAsync("/api/v1/collect/erasures", new { customer = "stays-1", reason = "asked for" })).EnsureSuccessStatusCode();
        (await MembersAsync(false, "segment: Chosen")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_names_a_segment_follows_its_new_name_and_keeps_it_from_being_removed()
    {
        var id = await SaveAsync("Old & name", "did: Visit");
        await SaveAsync("Outer", "not segment: old & NAME", "did: Order");
        const string saved = "/api/v1/analyse/saved-questions";
        (await Server.Http.PostAsJsonAsync(saved, new { name = "Of the segment", address = "/analyse/funnels?step=Visit&segment=Old%20%26+name&step=Order", shared = true })).EnsureSuccessStatusCode();
        (await Server.Http.PostAsJsonAsync(saved, new { name = "Mine alone", address = "/analyse/paths?segment=Old+%26+name" })).EnsureSuccessStatusCode();

        (await Server.Http.PutAsJsonAsync($"{Segments}/{id}", new { name = "New + name", conditions = new[] { "did: Visit" } })).EnsureSuccessStatusCode();

        string? Conditions(JsonElement all) => all.GetProperty("items").EnumerateArray().Single(s => s.GetProperty("name").GetString() == "Outer").GetProperty("conditions")[0].GetString();
        Conditions(await JsonAsync(Segments)).ShouldBe("not segment: New + name");
        (await MembersAsync(false, "segment: Outer")).ShouldContain("c4");
        (await JsonAsync(saved)).GetProperty("items").EnumerateArray().Select(q => q.GetProperty("address").GetString()).ShouldBe(
            ["/analyse/funnels?step=Visit&segment=New%20%2B%20name&step=Order", "/analyse/paths?segment=New%20%2B%20name"], ignoreOrder: true);

        using var refused = await Server.Http.DeleteAsync($"{Segments}/{id}");
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var why = await refused.Content.ReadAsStringAsync();
        why.ShouldContain("Outer, Of the segment");
        why.ShouldNotContain("Mine alone");
        var page = await PostAsync($"/unify/segments/{id}/removal");
        page.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await page.Content.ReadAsStringAsync()).ShouldContain("Of the segment");

        foreach (var outer in (await JsonAsync(Segments)).GetProperty("items").EnumerateArray().Where(s => s.GetProperty("name").GetString() == "Outer"))
            (await Server.Http.DeleteAsync($"{Segments}/{outer.GetProperty("id").GetInt32()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        foreach (var question in (await JsonAsync(saved)).GetProperty("items").EnumerateArray().Where(q => q.GetProperty("shared").GetBoolean()))
            (await Server.Http.DeleteAsync($"{saved}/{question.GetProperty("id").GetInt32()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Server.Http.DeleteAsync($"{Segments}/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("")]
    [InlineData("bought: Order")]
    [InlineData("did:")]
    [InlineData("did: No such touchpoint")]
    [InlineData("did 20: Order")]
    [InlineData("did 0..: Order")]
    [InlineData("did 3..2: Order")]
    [InlineData("did in 5h: Order")]
    [InlineData("did in 99999d: Order")]
    [InlineData("sequence: Visit")]
    [InlineData("sequence: Visit -> ")]
    [InlineData("trait: shoe size = 44")]
    [InlineData("trait: = gold")]
    [InlineData("trait: age >= 1 | 2")]
    [InlineData("trait: age > x")]
    [InlineData("trait in 5d: age")]
    [InlineData("segment: No such segment")]
    [InlineData("customers: ,")]
    [InlineData("consent: commercial / nope")]
    [InlineData("score: nps <= 60")]
    public async Task What_is_no_condition_is_refused(string condition)
    {
        using var response = await Server.Http.GetAsync($"{Segments}/size?condition={Uri.EscapeDataString(condition)}");
        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await response.Content.ReadAsStringAsync()).ShouldContain("\"condition\"");
    }

    private async Task<int> SaveAsync(string name, params string[] conditions)
    {
        using var response = await Server.Http.PostAsJsonAsync(Segments, new { name, conditions });
        response.StatusCode.ShouldBe(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
    }

    private async Task<string[]> MembersAsync(bool any, params string[] conditions)
    {
        var query = string.Join('&', conditions.Select(c => "condition=" + Uri.EscapeDataString(c)));
        var items = (await JsonAsync($"{Segments}/customers?any={any}&{query}")).GetProperty("items");
        return [.. items.EnumerateArray().Select(c => c.GetProperty("id").GetString()!).Order(StringComparer.Ordinal)];
    }

    private async Task<HttpResponseMessage> PostAsync(string address, params (string Name, string Value)[] fields)
    {
        var token = System.Text.RegularExpressions.Regex.Match(await Server.Http.GetStringAsync("/unify/segments/new"), "__RequestVerificationToken\" value=\"([^\"]+)").Groups[1].Value;
        return await Server.Http.PostAsync(address, new FormUrlEncodedContent(fields.Append(("__RequestVerificationToken", token)).Select(f => KeyValuePair.Create(f.Item1, f.Item2))));
    }

    private async Task<JsonElement> JsonAsync(string address)
    {
        using var response = await Server.Http.GetAsync(address);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
