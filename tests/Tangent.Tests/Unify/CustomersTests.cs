using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Tests.Unify;

public sealed class CustomersTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_customer_is_found_by_id_name_and_mail_and_shows_its_timeline()
    {
        await SendAsync(
            """{"type":"track","event":"Product page","userId":"k-100","properties":{"channel":"web"}}""",
            """{"type":"track","event":"Checkout","userId":"k-100","properties":{"channel":"web","revenue":1299.5,"currency":"EUR"}}""",
            """{"type":"identify","userId":"k-100","traits":{"name":"Łucja Żak","email":"lucja@example.org","city":"Łódź"}}""",
            """{"type":"group","userId":"k-100","groupId":"g-1","traits":{"name":"Rowery Miejskie"}}""");

        foreach (var search in (string[])["k-100", "lucja zak", "LUCJA@example", "miejskie", "łucja"])
        {
            var items = (await JsonAsync("/api/v1/unify/customers?search=" + Uri.EscapeDataString(search))).GetProperty("items");
            items.GetArrayLength().ShouldBe(1, search);
            items[0].GetProperty("name").GetString().ShouldBe("Łucja Żak", search);
        }

        var number = (await JsonAsync("/api/v1/unify/customers?search=k-100")).GetProperty("items")[0].GetProperty("customer").GetInt32();
        var customer = await JsonAsync($"/api/v1/unify/customers/{number}");
        customer.GetProperty("traits").GetProperty("city").GetString().ShouldBe("Łódź");
        customer.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("touchpoint").GetString()).ShouldBe(["Checkout", "Product page"], ignoreOrder: true);
        customer.GetProperty("customer").GetProperty("company").GetString().ShouldBe("Rowery Miejskie");

        var page = await server.Http.GetStringAsync($"/unify/customers/{number}");
        page.ShouldContain("Checkout");
        page.ShouldContain("1,299.50 EUR");
        var position = customer.GetProperty("events")[0].GetProperty("position").GetInt64();
        (await server.Http.GetStringAsync($"/unify/events/{position}")).ShouldContain("&quot;event&quot;");
    }

    [Fact]
    public async Task A_search_counts_and_pages_customers_however_many_profiles_each_has()
    {
        foreach (var n in (string[])["1", "2", "3"])
            await SendAsync(
                $$$"""{"type":"identify","anonymousId":"page-device-{{{n}}}","traits":{"name":"Paula Seitenweise {{{n}}}"}}""",
                $$$"""{"type":"identify","userId":"page-{{{n}}}","anonymousId":"page-device-{{{n}}}","traits":{"name":"Paula Seitenweise {{{n}}}"}}""");
        const string search = "/api/v1/unify/customers?search=seitenweise&take=2";
        var first = await JsonAsync(search);
        (first.GetProperty("total").GetInt64(), Ids(first)).ShouldBe((3, "page-1 page-2"));
        Ids(await JsonAsync(search + "&skip=2")).ShouldBe("page-3");
        var last = await JsonAsync(search + "&cursor=" + Uri.EscapeDataString(first.GetProperty("next").GetString()!));
        Ids(last).ShouldBe("page-3");
        last.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);

        static string Ids(JsonElement answer) => string.Join(' ', answer.GetProperty("items").EnumerateArray().Select(c => c.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Customers_are_merged_and_split_on_their_page()
    {
        await SendAsync(
            """{"type":"identify","userId":"m-1","anonymousId":"m-phone","traits":{"name":"Twin Person","email":"twin@example.org"}}""",
            """{"type":"identify","userId":"m-2","traits":{"name":"Twin Person","city":"Gdynia"}}""",
            """{"type":"track","event":"Parcel","userId":"m-1"}""", """{"type":"track","event":"Letter","userId":"m-2"}""");
        var journeys = server.Get<JourneyStore>();
        var (first, second) = (journeys.FindCustomer("m-1")!.Value, journeys.FindCustomer("m-2")!.Value);
        var choice = await server.Http.GetStringAsync($"/unify/customers/{first}/merge");
        choice.ShouldContain($"value=\"{second}\"", customMessage: "Who has the same name is proposed.");
        choice.ShouldNotContain($"value=\"{first}\"");

        (await PostAsync($"/unify/customers/{first}/merge", ("Reason", "twins"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await PostAsync($"/unify/customers/{first}/merge", ("Other", $"{second}"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var merged = await PostAsync($"/unify/customers/{second}/merge", ("Other", $"{first}"), ("Reason", "one & the same"));
        merged.Headers.Location!.ToString().ShouldBe($"/unify/customers/{first}#joins");
        var page = await server.Http.GetStringAsync($"/unify/customers/{second}");
        page.ShouldContain("one &amp; the same");
        page.ShouldContain("merged by Demo");
        page.ShouldContain("Letter");
        page.ShouldContain("Gdynia");
        page.ShouldContain("twin@example.org");

        var join = journeys.Joins(first)[0].Position;
        (await PostAsync($"/unify/customers/{first}/split", ("Join", $"{join}"), ("Reason", "no"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await server.Http.GetStringAsync($"/unify/customers/{first}")).ShouldNotContain("Letter");
        var again = await PostAsync($"/unify/customers/{first}/split", ("Join", $"{join}"), ("Reason", "no"));
        again.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await again.Content.ReadAsStringAsync()).ShouldContain("has no join");
        (await PostAsync("/unify/customers/999999/split", ("Join", "1"), ("Reason", "no"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Identifiers_leave_a_customer_and_the_split_is_taken_back()
    {
        await SendAsync(
            """{"type":"track","event":"Visit","userId":"s-1","anonymousId":"s-phone"}""", """{"type":"track","event":"Visit","userId":"s-1","anonymousId":"s-tablet"}""",
            """{"type":"track","event":"Gone","anonymousId":"s-tablet"}""");
        var journeys = server.Get<JourneyStore>();
        int Number() => journeys.FindCustomer("s-1")!.Value;
        (await PostAsync($"/unify/customers/{Number()}/split", ("Reason", "lent"), ("Identifiers", "anonymous:nobody"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await PostAsync($"/unify/customers/{Number()}/split", ("Identifiers", "anonymous:s-tablet"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, "Without a reason.");
        (await PostAsync($"/unify/customers/{Number()}/split", ("Reason", "lent to a friend"), ("Identifiers", "anonymous:s-tablet"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        journeys.FindCustomer("s-tablet").ShouldNotBe(Number());
        var page = await server.Http.GetStringAsync($"/unify/customers/{Number()}");
        page.ShouldContain("lent to a friend");
        page.ShouldNotContain("Gone");

        var split = (await JsonAsync("/api/v1/collect/decisions?customer=s-1")).GetProperty("items")[0];
        split.GetProperty("canRestore").GetBoolean().ShouldBeTrue();
        (await PostAsync($"/unify/customers/{Number()}/restoration", ("Reason", "it was she"), ("Join", $"{split.GetProperty("position").GetInt64()}"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        journeys.FindCustomer("s-tablet").ShouldBe(Number());
        (await server.Http.GetStringAsync($"/unify/customers/{Number()}")).ShouldContain("Gone");
        (await PostAsync($"/unify/customers/{Number()}/restoration", ("Reason", "again"), ("Join", $"{split.GetProperty("position").GetInt64()}"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        (await PostAsync($"/unify/customers/{Number()}/split", ("Reason", "all different"), ("Each", "true"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        new[] { "s-1", "s-phone", "s-tablet" }.Select(i => journeys.FindCustomer(i)).Distinct().Count().ShouldBe(3);
    }

    [Theory]
    [InlineData("R102659", "n-1", "the number of an invoice")]
    [InlineData("r102659", "n-1", "in small letters")]
    [InlineData("T-77", "n-2", "a ticket of the company alone is its members'")]
    [InlineData("F1004", "n-1 n-2", "the id of an account")]
    [InlineData("0049 1500 1001995", "n-1", "dialled from abroad")]
    [InlineData("01500 1001995", "n-1", "dialled within the country")]
    [InlineData("Vogtmann Koeln", "n-1", "an umlaut in two letters")]
    [InlineData("vogtmann köln", "n-1", "an umlaut")]
    [InlineData("Mühlenbrück", "n-2", "an umlaut that is kept in two letters")]
    [InlineData("4f9c12ab", "4f9c12ab-77d1", "how a visitor's id begins")]
    [InlineData("R10265", "", "half a number")]
    public async Task A_customer_is_found_by_anything(string search, string expected, string why)
    {
        await SendAsync(
            """{"type":"identify","userId":"n-1","traits":{"name":"Vogtmann, Eva","city":"Köln","phone":"+49 1500 1001995"}}""",
            """{"type":"identify","userId":"n-2","traits":{"name":"Muehlenbrueck"}}""",
            """{"type":"group","userId":"n-1","groupId":"F1004","traits":{"name":"Firm four"}}""",
            """{"type":"track","event":"Visit","anonymousId":"4f9c12ab-77d1"}""");
        await using (var scope = server.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<RecordQueries>().LearnAsync([new(1, "invoice", "R102659", ["user:n-1", "account:F1004"], []), new(1, "ticket", "T-77", ["account:F77"], [])], CancellationToken.None);
        if (why.StartsWith("the id", StringComparison.Ordinal)) await SendAsync("""{"type":"group","userId":"n-2","groupId":"F1004"}""");
        if (why.StartsWith("a ticket", StringComparison.Ordinal)) await SendAsync("""{"type":"group","userId":"n-2","groupId":"F77"}""");

        var found = (await JsonAsync("/api/v1/unify/customers?search=" + Uri.EscapeDataString(search))).GetProperty("items").EnumerateArray().Select(c => c.GetProperty("id").GetString());
        string.Join(' ', found.Order(StringComparer.Ordinal)).ShouldBe(expected, why);
    }

    [Fact]
    public async Task A_company_is_called_by_its_name_where_a_source_says_only_its_id()
    {
        await SendAsync(
            """{"type":"identify","userId":"m-1","traits":{"name":"Max Firmenkunde"}}""", """{"type":"group","userId":"m-1","groupId":"salesforce:001AA"}""",
            """{"type":"identify","userId":"m-2","traits":{"name":"Mia Namenlos"}}""", """{"type":"group","userId":"m-2","groupId":"salesforce:002"}""",
            """{"type":"group","groupId":"salesforce:001AA","traits":{"name":"Muster Holding AG"}}""");
        async Task<JsonElement> OneAsync(string search) => (await JsonAsync("/api/v1/unify/customers?search=" + search)).GetProperty("items")[0];
        (await OneAsync("Firmenkunde")).GetProperty("company").GetString().ShouldBe("Muster Holding AG");
        (await OneAsync("Namenlos")).GetProperty("company").GetString().ShouldBe("salesforce:002", "nobody says a name");
        var page = await server.Http.GetStringAsync($"/unify/customers/{(await OneAsync("Firmenkunde")).GetProperty("customer").GetInt32()}");
        page.ShouldContain(">Muster Holding AG</a>");
        page.ShouldNotContain(">salesforce:001AA<");
        (await server.Http.GetStringAsync("/api/v1/search?q=Firmenkunde")).ShouldContain("Muster Holding AG");
    }

    [Fact]
    public async Task Who_is_not_there_is_not_found()
    {
        (await server.Http.GetAsync("/api/v1/unify/customers/999999")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Http.GetAsync("/unify/customers/999999")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Http.GetAsync("/unify/events/999999")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Http.GetAsync("/api/v1/unify/events/-1")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Damaged_traits_stop_nobody()
    {
        await SendAsync(
            """{"type":"identify","userId":"odd","traits":{"name":"\ud800","x":1,"x":2}}""",
            """{"type":"identify","userId":"fine","traits":{"name":"Fine Person"}}""");
        (await JsonAsync("/api/v1/unify/customers?search=Fine%20Person")).GetProperty("total").GetInt64().ShouldBe(1);
    }

    private async Task<HttpResponseMessage> PostAsync(string address, params (string Name, string Value)[] fields)
    {
        var token = System.Text.RegularExpressions.Regex.Match(await server.Http.GetStringAsync("/map/touchpoints/new"), "__RequestVerificationToken\" value=\"([^\"]+)").Groups[1].Value;
        return await server.Http.PostAsync(address, new FormUrlEncodedContent(fields.Append(("__RequestVerificationToken", token)).Select(f => KeyValuePair.Create(f.Item1, f.Item2))));
    }

    private async Task<JsonElement> JsonAsync(string address) =>
        JsonDocument.Parse(await server.Http.GetStringAsync(address)).RootElement;

    private async Task SendAsync(params string[] events)
    {
        var accepted = events.Select(e => new AcceptedEvent(default, Encoding.UTF8.GetBytes(e))).ToList();
        var appended = await server.Get<EventLog>().AppendAsync(
            new LogAppend(1, LogKind.Events, Trusted: true, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), null, accepted), CancellationToken.None);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await server.Get<JourneyStore>().WaitUntilVisibleAsync(appended.EndPosition, patience.Token);
        while (server.Get<ProfileFeed>().Position < appended.EndPosition) await Task.Delay(20, patience.Token);
    }
}
