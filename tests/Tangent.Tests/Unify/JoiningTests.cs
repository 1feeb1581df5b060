using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Unify;

namespace Tangent.Tests.Unify;

/// <summary>Customers are made one by rules over what trusted sources say of them.</summary>
public sealed class JoiningTests(TestServer server) : IClassFixture<TestServer>
{
    private static int _unique;
    private readonly string _tag = $"j{Interlocked.Increment(ref _unique)}";

    [Fact]
    public async Task The_same_address_of_two_systems_makes_one_customer_and_what_somebody_takes_apart_stays_so()
    {
        var (crm, shop) = (await SourceAsync("CRM", "server"), await SourceAsync("Shop", "server"));
        await SayAsync(crm, Person("crm-1", "Anna Huber", $"Anna.Huber+news@{_tag}.example"));
        await SayAsync(shop, Person("shop-9", "A. Huber", $" anna.huber@{_tag}.EXAMPLE "));
        await UntilAsync(() => Customer("crm-1") == Customer("shop-9"));
        var join = (await JsonAsync($"/api/v1/collect/joins?customer={_tag}-crm-1")).GetProperty("items")[0];
        (join.GetProperty("kind").GetString(), join.GetProperty("by").GetString()).ShouldBe(("rule", "Same e-mail"));
        (await server.Http.GetStringAsync($"/unify/customers/{Customer("crm-1")}")).ShouldContain("joined by the rule");

        var split = await server.Http.PostAsJsonAsync("/api/v1/collect/splits", new { customer = _tag + "-crm-1", join = join.GetProperty("position").GetInt64(), reason = "two sisters" });
        split.StatusCode.ShouldBe(HttpStatusCode.OK);
        await SayAsync(shop, Person("shop-9", "A. Huber", $"anna.huber@{_tag}.example"));
        await SayAsync(crm, Person("crm-2", "Anna Huber", $"anna.huber@{_tag}.example"));
        await UntilAsync(() => Customer("crm-2") == Customer("crm-1") || Customer("crm-2") == Customer("shop-9"));
        await IdleAsync();
        Customer("crm-1").ShouldNotBe(Customer("shop-9"), "Not even by way of a third.");
    }

    [Fact]
    public async Task What_a_browser_says_joins_nobody()
    {
        var (crm, web) = (await SourceAsync("CRM", "server"), await SourceAsync("Website", "web"));
        await SayAsync(crm, Person("victim", "Berta Braun", $"berta@{_tag}.example"));
        await SayAsync(web, trusted: false, Person("stranger", "Berta Braun", $"berta@{_tag}.example"), $$"""{"type":"alias","userId":"{{_tag}}-stranger","previousId":"{{_tag}}-victim"}""",
            $$$"""{"type":"identify","userId":"{{{_tag}}}-victim","anonymousId":"{{{_tag}}}-device","traits":{"email":"mine@{{{_tag}}}.example","name":"Mallory"}}""");
        // Somebody trusted comes after, so that the rules have seen all of it.
        await SayAsync(crm, Person("later", "Carl", $"carl@{_tag}.example"));
        await IdleAsync();
        Customer("victim").ShouldNotBe(Customer("stranger"));
        var victim = await JsonAsync($"/api/v1/unify/customers/{Customer("victim")}");
        victim.GetProperty("customer").GetProperty("name").GetString().ShouldBe("Berta Braun");
        victim.GetProperty("customer").GetProperty("email").GetString().ShouldBe($"berta@{_tag}.example");
    }

    [Fact]
    public async Task A_value_of_a_house_joins_nobody_and_what_it_joined_is_taken_apart()
    {
        var crm = await SourceAsync("CRM", "server");
        await SayAsync(crm, Person("p0", "Person 0", $"info@{_tag}.example"), Person("p1", "Person 1", $"info@{_tag}.example"));
        await UntilAsync(() => Customer("p0") == Customer("p1"));
        await SayAsync(crm, [.. Enumerable.Range(2, 6).Select(i => Person($"p{i}", $"Person {i}", $"info@{_tag}.example"))]);
        await UntilAsync(() => Enumerable.Range(0, 8).Select(i => Customer($"p{i}")).Distinct().Count() == 8);
        await IdleAsync();
        Enumerable.Range(0, 8).Select(i => Customer($"p{i}")).Distinct().Count().ShouldBe(8);
        (await JsonAsync("/api/v1/unify/joining")).GetProperty("shared").EnumerateArray().ShouldContain(s => s.GetProperty("customers").EnumerateArray().Any(c => c.GetInt32() == Customer("p0")));
        (await server.Http.GetStringAsync("/unify/joining")).ShouldContain("Values that too many share");
    }

    [Fact]
    public async Task Rules_with_sounds_dates_and_exceptions_join_after_they_were_tried()
    {
        var crm = await SourceAsync("CRM", "server");
        string Born(string id, string last, string date, string email) => $$$"""{"type":"identify","userId":"{{{_tag}}}-{{{id}}}","traits":{"lastName":"{{{last}}}","birthDate":"{{{date}}}","email":"{{{email}}}","house":"{{{_tag}}}"}}""";
        await SayAsync(crm, Born("a", "Maier", "1980-04-03", $"a@{_tag}.example"), Born("b", "Meyer", "03.04.1980", $"b@{_tag}.example"), Born("c", "Meier", "1981-04-03", $"c@{_tag}.example"),
            Born("d", "Mayr", "1980-04-03", $"d@{_tag}.example"), Born("e", "Mayr", "1980-04-03", $"twin-{_tag}"));
        var rules = $$"""
            { "rules": [ { "name": "Sound and birthday {{_tag}}", "all": [ { "column": "lastName", "compare": "phonetic" }, { "column": "birthDate", "compare": "date", "precision": "exact" }, { "column": "house" } ] } ],
              "never": { "column": "email", "groups": [["a@{{_tag}}.example", "twin-{{_tag}}"]] } }
            """;
        var trial = await PostAsync("/api/v1/unify/joining/trial", new { rules });
        trial.GetProperty("items").EnumerateArray().Single(r => r.GetProperty("rule").GetString() == "Sound and birthday " + _tag).GetProperty("pairs").GetInt64().ShouldBe(2);
        Customer("a").ShouldNotBe(Customer("b"), "Trying decides nothing.");

        (await server.Http.PutAsJsonAsync("/api/v1/unify/joining", new { rules })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await UntilAsync(() => Customer("a") == Customer("b") && Customer("a") == Customer("d"));
        await IdleAsync();
        Customer("c").ShouldNotBe(Customer("a"), "Another year.");
        Customer("e").ShouldNotBe(Customer("a"), "On the never list.");
        (await server.Http.PutAsJsonAsync("/api/v1/unify/joining", new { })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await IdleAsync();
    }

    [Fact]
    public async Task A_source_that_is_left_out_joins_nobody_until_it_takes_part()
    {
        var (crm, old) = (await SourceAsync("CRM", "server"), await SourceAsync("Old", "server"));
        (await server.Http.PutAsJsonAsync("/api/v1/unify/joining", new { leftOut = (string[])[_tag + " Old"] })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await SayAsync(crm, Person("1", "Dora", $"dora@{_tag}.example"));
        await SayAsync(old, Person("2", "Dora", $"dora@{_tag}.example"));
        await IdleAsync();
        Customer("1").ShouldNotBe(Customer("2"));
        (await server.Http.PutAsJsonAsync("/api/v1/unify/joining", new { })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await UntilAsync(() => Customer("1") == Customer("2"));
    }

    [Fact]
    public void A_value_that_hundreds_share_is_looked_at_no_more()
    {
        var index = new JoinIndex();
        var key = TextHash.Of(2, "info@example.org");
        index.Add(key, 0).ShouldBeEmpty();
        index.Add(key, 1).ShouldBe([0, 1]);
        index.Add(key, 1).ShouldBe([0, 1]);
        for (var i = 2; i < JoinIndex.MostHeld; i++) index.Add(key, i).Count.ShouldBe(i + 1);
        index.Add(key, JoinIndex.MostHeld).ShouldBeEmpty();
        index.Add(key, 7).Count.ShouldBe(JoinIndex.MostHeld, "Who is held already is compared.");
        index.Add(TextHash.Of(1, "info@example.org"), 5).ShouldBeEmpty("Another rule.");
    }

    [Fact]
    public async Task Who_is_never_one_is_not_joined_by_two_rules_by_way_of_a_third()
    {
        var crm = await SourceAsync("CRM", "server");
        string Said(string id, string? email, string? number) => $$$"""{"type":"identify","userId":"{{{_tag}}}-{{{id}}}","traits":{"name":"N","card":"{{{_tag}}}{{{id}}}","email":"{{{email}}}@{{{_tag}}}.example","customerNumber":"{{{_tag}}}{{{number}}}"}}""";
        (await server.Http.PutAsJsonAsync("/api/v1/unify/joining", new { rules = $$"""{ "never": { "column": "card", "groups": [["{{_tag}}x", "{{_tag}}z"]] } }""" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await SayAsync(crm, Said("x", "one", "1"), Said("y", "one", "2"), Said("z", "two", "2"), Said("w", "two", "3"));
        await UntilAsync(() => Customer("y") == Customer("z") && Customer("z") == Customer("w"));
        await SayAsync(crm, Said("x", "one", "1"));
        await IdleAsync();
        Customer("x").ShouldNotBe(Customer("z"));
        (await server.Http.PutAsJsonAsync("/api/v1/unify/joining", new { })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await UntilAsync(() => Customer("x") == Customer("z"));
    }

    [Fact]
    public async Task One_person_with_many_ids_and_ways_of_writing_her_name_is_no_house()
    {
        var crm = await SourceAsync("CRM", "server");
        string[] names = ["Änne Huber", "ANNE HUBER", "Huber, Anne", "Dr. Anne Huber", "Frau Anne Huber", "Prof. Dr. Änne Huber", "anne  huber"];
        await SayAsync(crm, [.. names.Select((n, i) => Person($"n{i}", n.Replace("Änne", "Anne", StringComparison.Ordinal), $"huber@{_tag}.example"))]);
        await UntilAsync(() => names.Select((_, i) => Customer($"n{i}")).Distinct().Count() == 1);
    }

    [Fact]
    public async Task Whose_processing_is_restricted_is_joined_with_nobody()
    {
        var crm = await SourceAsync("CRM", "server");
        await SayAsync(crm, Person("r1", "Rita", $"rita@{_tag}.example"));
        (await server.Http.PutAsJsonAsync($"/api/v1/unify/customers/{Customer("r1")}/restriction", new { reason = "request 12" })).IsSuccessStatusCode.ShouldBeTrue();
        await SayAsync(crm, Person("r2", "Rita", $"rita@{_tag}.example"), Person("r3", "Rita", $"rita@{_tag}.example"));
        await UntilAsync(() => Customer("r2") == Customer("r3"));
        await IdleAsync();
        Customer("r1").ShouldNotBe(Customer("r2"));
    }

    [Fact]
    public async Task Lists_of_rules_let_go_of_who_is_erased()
    {
        var rules = $$"""
            { "never": { "column": "email", "groups": [["gone@{{_tag}}.example", "stays@{{_tag}}.example"], ["x-1", "x-12"]] }, /* families */ "bypass": { "email": ["info@{{_tag}}.example"] } }
            """;
        (await server.Http.PutAsJsonAsync("/api/v1/unify/joining", new { rules })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await using (var scope = server.Get<IServiceScopeFactory>().CreateAsyncScope())
        {
            var queries = scope.ServiceProvider.GetRequiredService<JoinSettingsQueries>();
            var subject = new DataSubject(null, ["user:X-1"], [$"gone@{_tag}.example"]);
            (await queries.ExportAsync(subject, CancellationToken.None).ToListAsync()).Select(n => n.GetValue<string>()).ShouldBe([$"gone@{_tag}.example", "x-1"], "Not what another id begins with.");
            await queries.EraseAsync(subject, CancellationToken.None);
            (await queries.ExportAsync(subject, CancellationToken.None).ToListAsync()).ShouldBeEmpty();
        }

        var left = (await JsonAsync("/api/v1/unify/joining")).GetProperty("settings").GetProperty("rules").GetString()!;
        left.ShouldContain("stays@");
        left.ShouldContain("x-12");
        left.ShouldContain("info@");
        left.ShouldNotContain("gone@");
        (await server.Http.PutAsJsonAsync("/api/v1/unify/joining", new { })).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""{"mostShared":0}""")]
    [InlineData("""{"leftOut":["nobody"]}""")]
    [InlineData("""{"rules":"{"}""")]
    [InlineData("""{"rules":"{\"rules\":[{\"all\":[{\"column\":\"name\",\"compare\":\"jaroWinkler\"}]}]}"}""")]
    [InlineData("""{"rules":null}""")]
    [InlineData("""{"leftOut":[null]}""")]
    [InlineData("""{"rules":"{\"rules\":[{\"name\":\"A\",\"all\":[{\"column\":\"name\"}]},{\"name\":\"A\",\"all\":[{\"column\":\"city\"}]}]}"}""")]
    [InlineData("""{"rules":"{\"rules\":[{\"name\":\"Same e-mail\",\"all\":[{\"column\":\"name\"}]}]}"}""")]
    public async Task Settings_that_make_no_sense_are_refused(string settings)
    {
        var answer = await server.Http.PutAsync("/api/v1/unify/joining", new StringContent(settings, Encoding.UTF8, "application/json"));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    private string Person(string id, string name, string email) => $$$"""{"type":"identify","userId":"{{{_tag}}}-{{{id}}}","traits":{"name":"{{{name}}}","email":"{{{email}}}"}}""";

    private int? Customer(string id) => server.Get<JourneyStore>().FindCustomer($"{_tag}-{id}");

    private async Task<int> SourceAsync(string name, string kind)
    {
        var answer = await server.Http.PostAsJsonAsync("/api/v1/collect/sources", new { name = $"{_tag} {name}", kind });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
    }

    private Task SayAsync(int source, params string[] lines) => SayAsync(source, true, lines);

    private async Task SayAsync(int source, bool trusted, params string[] lines)
    {
        var appended = await server.Get<EventLog>().AppendAsync(
            new LogAppend(source, LogKind.Events, trusted, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), null, [.. lines.Select(l => new AcceptedEvent(default, Encoding.UTF8.GetBytes(l)))]), CancellationToken.None);
        await UntilAsync(() => server.Get<ProfileFeed>().Position >= appended.EndPosition);
    }

    private Task IdleAsync() => UntilAsync(() => server.Get<Joiner>().IsIdle);

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var tries = 0; !holds(); tries++)
        {
            tries.ShouldBeLessThan(600, "It did not come about within half a minute.");
            await Task.Delay(50);
        }
    }

    private async Task<JsonElement> JsonAsync(string address) => JsonDocument.Parse(await server.Http.GetStringAsync(address)).RootElement;

    private async Task<JsonElement> PostAsync(string address, object body)
    {
        var answer = await server.Http.PostAsJsonAsync(address, body);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
