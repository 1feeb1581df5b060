using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tangent.Collect;
using Tangent.Tests.Collect;

namespace Tangent.Tests.Unify;

/// <summary>Persons of a CRM of whom there is no event yet, and events of days to come.</summary>
public sealed class EventlessTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Who_has_no_event_belongs_to_segments_and_is_listed()
    {
        await ImportAsync("kind=persons&source=CRM", "id;email;plan\np1;p1@firma.example;gold\np2;p2@firma.example;free\np3;p3@firma.example;gold\n");
        var key = await server.Http.AddSourceAsync("web", "server");
        await server.Http.SendCallsAsync(key, ["""{"type":"track","event":"Visit","userId":"p1"}"""]);
        await RecordImportTests.KeptAsync(server);
        await server.Get<JourneyStore>().WaitUntilVisibleAsync(server.Get<EventLog>().EndPosition, CancellationToken.None);

        (await SizeAsync("trait: plan = gold")).ShouldBe((2, 3));
        (await SizeAsync("did not: Visit")).ShouldBe((2, 3));
        (await SizeAsync("customers: p2, p3")).ShouldBe((2, 3));
        (await ListAsync("segments/customers?condition=trait: plan = gold")).ShouldBe("p1 p3");

        (await server.Http.PostAsJsonAsync("/api/v1/unify/segments", new { name = "Gold", conditions = new[] { "trait: plan = gold" } })).EnsureSuccessStatusCode();
        (await ListAsync("customers?segment=Gold")).ShouldBe("p1 p3");
        (await ListAsync("customers?segment=Gold&trait.plan=free")).ShouldBe("");
        (await ListAsync("customers?segment=Gold&search=p3@firma.example")).ShouldBe("p3");
        (await ListAsync("customers?segment=Gold&search=p2")).ShouldBe("");
        var first = await server.Http.JsonAsync("/api/v1/unify/customers?segment=Gold&take=1");
        (await ListAsync($"customers?segment=Gold&take=1&cursor={first.GetProperty("next").GetString()}")).ShouldBe("p3");
        (await server.Http.JsonAsync("/api/v1/analyse/events?segment=Gold")).GetProperty("customers").GetInt64().ShouldBe(1, "a question is of events");
        var page = await server.Http.GetStringAsync("/unify/customers?segment=Gold&lang=en");
        page.ShouldContain("2 customers: Gold.");
        page.ShouldContain("<input type=\"hidden\" name=\"segment\" value=\"Gold\"");
        page.ShouldContain("p3@firma.example");
        foreach (var address in (string[])["/api/v1/unify/customers?segment=Nobody", "/unify/customers?segment=Nobody", "/api/v1/unify/customers?segment=Gold&from=yesterday", "/unify/customers?trait.=gold"])
            (await server.Http.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Who_came_with_an_import_that_is_taken_back_is_nobody()
    {
        var before = await SizeAsync("not customers: nobody");
        using var answer = await server.Http.PostAsync("/api/v1/collect/imports?fileName=file&kind=persons&source=Gone", new StringContent("id;email;plan\nq1;q1@firma.example;platinum\nq2;q2@firma.example;platinum\n"));
        var import = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("importId").GetInt32();
        await RecordImportTests.KeptAsync(server);
        (await SizeAsync("not customers: nobody")).Of.ShouldBe(before.Of + 2);

        (await server.Http.PostAsync($"/api/v1/collect/imports/{import}/undo", null)).EnsureSuccessStatusCode();
        await TestCalls.UntilAsync(async () => (await SizeAsync("not customers: nobody")).Of == before.Of);
        (await SizeAsync("customers: q1, q2")).Customers.ShouldBe(0);
        (await server.Http.PostAsync($"/api/v1/collect/imports/{import}/undo", null)).IsSuccessStatusCode.ShouldBeFalse();
    }

    [Fact]
    public async Task A_trait_that_nobody_had_is_found_once_somebody_has_it()
    {
        (await server.Http.GetAsync("/api/v1/unify/segments/size?condition=trait: shoe size = 43")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await ImportAsync("kind=persons&source=Shoes", "id;email;plan;shoe size\ns1;s1@firma.example;gold;43\ns2;s2@firma.example;gold;41\n");
        await RecordImportTests.KeptAsync(server);
        (await SizeAsync("trait: shoe size = 43")).Customers.ShouldBe(1);
    }

    [Fact]
    public async Task What_lies_ahead_ends_nobodys_time()
    {
        var (soon, far) = (DateTime.UtcNow.AddDays(3).ToString("yyyy-MM-ddTHH:mm:ssZ", null), DateTime.UtcNow.AddYears(30).ToString("yyyy-MM-ddTHH:mm:ssZ", null));
        (await ImportAsync("source=Log", $"time;customer;event\n{far};z1;Order\n2026-03-01T10:00:00Z;z1;Order\n")).ShouldBe((1, 1), "an event that has not happened");
        (await ImportAsync("source=Lines&format=jsonl", $$"""{"type":"track","event":"Order","userId":"z1","timestamp":"{{soon}}"}""" + "\n")).ShouldBe((0, 1));
        (await ImportAsync("kind=feedback&source=Answers", $"time;customer;metric;score\n{far};z1;csat;5\n")).ShouldBe((0, 1));
        // An order can be of a later day; that nothing else comes until then is not known.
        (await ImportAsync("kind=orders&source=Shop", $"order no;customer;date;total\nF1;z2;{soon};12\n")).ShouldBe((1, 0));
        (await server.Http.JsonAsync("/api/v1/analyse/stalled")).GetProperty("asOf").GetDateTime().ShouldBeLessThan(DateTime.UtcNow.AddMinutes(1));
    }

    private async Task<(long Taken, long Rejected)> ImportAsync(string query, string file)
    {
        using var answer = await server.Http.PostAsync($"/api/v1/collect/imports?fileName=file&{query}", new StringContent(file));
        var report = await answer.Content.ReadFromJsonAsync<JsonElement>();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, report.ToString());
        await server.Get<JourneyStore>().WaitUntilVisibleAsync(server.Get<EventLog>().EndPosition, CancellationToken.None);
        return (report.GetProperty("new").GetInt64(), report.GetProperty("rejected").GetInt64());
    }

    private async Task<(long Customers, long Of)> SizeAsync(string condition)
    {
        var size = await server.Http.JsonAsync("/api/v1/unify/segments/size?condition=" + Uri.EscapeDataString(condition));
        return (size.GetProperty("customers").GetInt64(), size.GetProperty("of").GetInt64());
    }

    private async Task<string> ListAsync(string question) =>
        string.Join(' ', (await server.Http.JsonAsync("/api/v1/unify/" + question)).GetProperty("items").EnumerateArray().Select(c => c.GetProperty("id").GetString()));
}
