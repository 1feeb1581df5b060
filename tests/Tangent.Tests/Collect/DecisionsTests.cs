using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Access;
using Tangent.Cli;
using Tangent.Collect;

namespace Tangent.Tests.Collect;

/// <summary>People merge and split customers; journeys follow at once and for ever.</summary>
public sealed class DecisionsTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        await SendAsync("anna", "Visit", "phone");
        await SendAsync("anna", "Order");
        await SendAsync("ben", "Visit", "laptop");
        await SendAsync("carl", "Call");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_merge_makes_one_customer_and_its_undoing_what_was_before_over_restarts_and_rebuilds()
    {
        var before = Fingerprint();
        var merged = await PostAsync("merges", new { customers = (string[])["anna", "user:ben"], reason = "same person" });
        var position = merged.GetProperty("position").GetInt64();
        var only = merged.GetProperty("customers").EnumerateArray().Single();
        Strings(only, "identifiers").ShouldBe(["anonymous:phone", "user:anna", "anonymous:laptop", "user:ben"], ignoreOrder: true);
        only.GetProperty("id").GetString().ShouldBe("anna");
        Store.Customers(new Paging()).Total.ShouldBe(2);
        Store.Ask(new VariantsQuestion(false, 10, JourneyFilter.None)).Answer!.Items.Select(v => string.Join('>', v.Steps)).ShouldBe(["Visit>Order>Visit", "Call"], ignoreOrder: true);
        (await _server.Http.GetAsync($"/api/v1/unify/customers/{Store.FindCustomer("ben")}")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await SendAsync("ben", "Order", "phone");
        var joins = (await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/collect/joins?customer=ben")).GetProperty("items").EnumerateArray().ToList();
        joins.Select(j => j.GetProperty("kind").GetString()).ShouldBe(["seenTogether", "merge", "seenTogether", "seenTogether"]);
        var merge = joins.Single(j => j.GetProperty("position").GetInt64() == position);
        Strings(merge, "identifiers").ShouldBe(["user:anna", "user:ben"]);
        (merge.GetProperty("reason").GetString(), merge.GetProperty("by").GetString()).ShouldBe(("same person", "Demo"));
        joins[^1].GetProperty("source").GetString().ShouldBe("Shop");

        var together = Fingerprint();
        await RebuildAsync();
        Fingerprint().ShouldBe(together);

        var split = await PostAsync("splits", new { customer = "anna", join = position, reason = "two people after all" });
        split.GetProperty("customers").EnumerateArray().Select(c => c.GetProperty("id").GetString()).ShouldBe(["anna", "ben"]);
        var apart = Fingerprint();
        Identities().ShouldBe(["anonymous:phone user:anna", "anonymous:laptop user:ben", "user:carl"]);
        await RebuildAsync();
        Fingerprint().ShouldBe(apart);
        apart.Replace(" Order ben", "", StringComparison.Ordinal).ShouldBe(before, "Only what ben did since is new.");

        await PostAsync("merges", new { customers = (string[])["ben", "anna"], reason = "one after all" });
        Store.Customers(new Paging()).Total.ShouldBe(2);
        var again = Fingerprint();
        await RebuildAsync();
        Fingerprint().ShouldBe(again);
    }

    [Fact]
    public async Task An_id_that_reads_like_a_number_or_an_identifier_stands_for_nobody_else()
    {
        var anna = Store.FindCustomer("anna")!.Value;
        await SendAsync($"number:{anna}", "Visit");
        await SendAsync("user:dora", "Visit");
        Store.Named($"number:{anna}")!.Customer.ShouldBe(anna);
        Store.Named($"{anna}")!.Customer.ShouldBe(anna);
        Store.Named("user:dora").ShouldBeNull("Nobody has the id dora yet.");
        Store.Named($"user:number:{anna}")!.Customer.ShouldBe(Store.FindCustomer($"number:{anna}")!.Value);
        Store.Named("number:99999999").ShouldBeNull();

        (await _server.Http.PostAsJsonAsync("/api/v1/collect/erasures", new { customer = $"number:{anna}", reason = "asked for" })).EnsureSuccessStatusCode();
        Store.FindCustomer("anna").ShouldBeNull();
        Store.FindCustomer($"number:{anna}").ShouldNotBeNull();
    }

    [Fact]
    public async Task A_join_that_an_event_made_can_be_taken_back_and_stays_so()
    {
        var join = (await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/collect/joins?customer=phone")).GetProperty("items")[0].GetProperty("position").GetInt64();
        (await PostAsync("splits", new { customer = "phone", join, reason = "a lent phone" })).GetProperty("customers").GetArrayLength().ShouldBe(2);
        await SendAsync("anna", "Visit", "phone");
        Store.FindCustomer("phone").ShouldNotBe(Store.FindCustomer("anna"));
    }

    [Fact]
    public async Task What_cannot_be_decided_is_refused_with_the_field()
    {
        var (anna, end) = (Store.FindCustomer("anna"), _server.Get<EventLog>().EndPosition);
        await ShouldRefuseAsync("merges", new { customers = (string[])["anna", "nobody"], reason = "r" }, "customers", "nobody");
        await ShouldRefuseAsync("merges", new { customers = (string[])["anna", "phone"], reason = "r" }, "customers", "one customer already");
        await ShouldRefuseAsync("merges", new { customers = (string[])["anna", $"number:{anna}"], reason = "r" }, "customers", "one customer already");
        await ShouldRefuseAsync("merges", new { customers = (string[])["anna"], reason = "r" }, "customers", "2 to 100");
        await ShouldRefuseAsync("merges", new { customers = (string?[])["anna", null], reason = "r" }, "customers", "no customer");
        await ShouldRefuseAsync("merges", new { customers = (string[])["anna", "ben"], reason = " " }, "reason", "why");
        await ShouldRefuseAsync("merges", new { customers = (string[])["anna", "ben"], reason = new string('r', 501) }, "reason", "500");
        await ShouldRefuseAsync("merges", new { }, "customers", "2 to 100");
        await ShouldRefuseAsync("splits", new { customer = "carl", join = 0, reason = "r" }, "join", "nothing joined");
        await ShouldRefuseAsync("splits", new { customer = "anna", join = 1, reason = "r" }, "join", "Its joins are: 0");
        await ShouldRefuseAsync("splits", new { customer = "anna", reason = "r" }, "join", "a join of 'user:anna' (0)");
        await ShouldRefuseAsync("splits", new { customer = "nobody", join = 0, reason = "r" }, "customer", "nobody");
        await ShouldRefuseAsync("splits", new { }, "customer", "no customer");
        await ShouldRefuseAsync("splits", new { customer = "anna", identifiers = (string?[])[null], reason = "r" }, "identifiers", "no identifier");
        await ShouldRefuseAsync("splits", new { customer = "anna", identifiers = (string?[])["user:anna", null], each = true, reason = "r" }, "identifiers", "no identifier");
        await ShouldRefuseAsync("splits", new { customer = "anna", identifiers = (string[])["user:anna", "anonymous:phone", "user:anna"], reason = "r" }, "identifiers", "nothing would be left");
        (await _server.Http.GetAsync("/api/v1/collect/joins?customer=number:99999999999")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        _server.Get<EventLog>().EndPosition.ShouldBe(end, "Nothing refused is in the log.");
    }

    [Fact]
    public async Task A_log_that_names_nobody_in_a_decision_starts_and_nothing_is_decided_by_it()
    {
        var before = Fingerprint();
        foreach (var (kind, json) in new[] { (LogKind.Split, """{"identifiers":[null],"position":0,"reason":"r","by":"x"}"""), (LogKind.Merge, """{"identifiers":[null,"user:anna"],"position":0,"reason":"r","by":"x"}"""), (LogKind.Split, """{"identifiers":["user:anna",null],"position":0,"reason":null,"by":null,"way":"KeptApart"}""") })
            await _server.Get<EventLog>().AppendAsync(new LogAppend(0, kind, true, 1, null, [new AcceptedEvent(0, Encoding.UTF8.GetBytes(json))]), CancellationToken.None);
        await VisibleAsync();
        await RebuildAsync();
        Fingerprint().ShouldBe(before);
        (await _server.Http.GetAsync("/api/v1/collect/decisions?customer=anna")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _server.Http.PostAsJsonAsync("/api/v1/collect/erasures", new { customer = "anna", reason = "r" })).IsSuccessStatusCode.ShouldBeTrue();
    }

    [Fact]
    public async Task Deciding_needs_the_right_to_edit()
    {
        await using var server = await TestServer.StartAsync(demo: false);
        foreach (var what in (string[])["merges", "splits"])
            (await server.Http.PostAsJsonAsync("/api/v1/collect/" + what, new { })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await server.Http.GetAsync("/api/v1/collect/joins?customer=anna")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        await using var scope = server.Services.CreateAsyncScope();
        var link = InvitationsEndpoints.Link(await scope.ServiceProvider.GetRequiredService<InvitationQueries>().CreateAsync("v@example.org", Role.Viewer, CancellationToken.None));
        var token = Regex.Match(await server.Http.GetStringAsync(link), "__RequestVerificationToken\" value=\"([^\"]+)").Groups[1].Value;
        await server.Http.PostAsync(link, new FormUrlEncodedContent(new Dictionary<string, string> { ["password"] = "long enough words", ["__RequestVerificationToken"] = token }));
        (await server.Http.GetAsync("/api/v1/collect/joins?customer=anna")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, "A viewer may look.");
        foreach (var what in (string[])["merges", "splits"])
            (await server.Http.PostAsJsonAsync("/api/v1/collect/" + what, new { })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await server.Http.GetAsync("/unify/customers/0/merge")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task That_two_are_two_persons_can_be_taken_back_by_the_decision_itself()
    {
        using var apart = await _server.Http.PostAsJsonAsync("/api/v1/collect/separations", new { customers = new[] { "user:anna", "user:ben" }, reason = "Sisters" });
        apart.StatusCode.ShouldBe(HttpStatusCode.OK, await apart.Content.ReadAsStringAsync());
        var position = (await apart.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("position").GetInt64();
        var store = _server.Get<JourneyStore>();
        store.AreKeptApart("user:anna", "user:ben").ShouldBeTrue();
        (await CommandLine.RunAsync(["customer", "restore", "anna", "--split", $"{position}", "--reason", "A mistake", "--data", _server.DataFolder])).ShouldBe(ExitCode.Done);
        store.AreKeptApart("user:anna", "user:ben").ShouldBeFalse();
        (await CommandLine.RunAsync(["customer", "restore", "anna", "--split", $"{position}", "--reason", "Again", "--data", _server.DataFolder])).ShouldBe(ExitCode.Refused);
    }

    [Fact]
    public async Task The_commands_merge_list_and_split()
    {
        (await RunAsync("merge", "anna", "ben", "carl", "--reason", "a family")).ShouldBe(ExitCode.Done);
        Identities().Count.ShouldBe(1);
        (await RunAsync("joins", "carl")).ShouldBe(ExitCode.Done);
        (await RunAsync("joins", "nobody")).ShouldBe(ExitCode.Refused);
        (await RunAsync("split", "carl", "--join", "4", "--reason", "no family")).ShouldBe(ExitCode.Done);
        Identities().Count.ShouldBe(3);
        (await RunAsync("split", "carl", "--join", "4", "--reason", "no family")).ShouldBe(ExitCode.Refused);
        (await RunAsync("merge", "anna", "--reason", "alone")).ShouldBe(ExitCode.Usage);
        (await RunAsync("merge", "anna", "ben")).ShouldBe(ExitCode.Usage);
    }

    private JourneyStore Store => _server.Get<JourneyStore>();

    private async Task SendAsync(string user, string name, string? anonymous = null)
    {
        var key = (await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/collect/sources")).GetProperty("items").EnumerateArray().FirstOrDefault();
        if (key.ValueKind == JsonValueKind.Undefined)
            key = JsonElement.Parse(await (await _server.Http.PostAsJsonAsync("/api/v1/collect/sources", new { name = "Shop", kind = "server" })).Content.ReadAsStringAsync());
        using var call = new HttpRequestMessage(HttpMethod.Post, "/v1/track") { Content = JsonContent.Create(new { userId = user, anonymousId = anonymous, @event = name }) };
        call.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(key.GetProperty("writeKey").GetString() + ":")));
        (await _server.Http.SendAsync(call)).EnsureSuccessStatusCode();
        await VisibleAsync();
    }

    private async Task<JsonElement> PostAsync(string what, object body)
    {
        using var answer = await _server.Http.PostAsJsonAsync("/api/v1/collect/" + what, body);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonElement.Parse(text);
    }

    private async Task ShouldRefuseAsync(string what, object body, string field, string detail)
    {
        using var answer = await _server.Http.PostAsJsonAsync("/api/v1/collect/" + what, body);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var problem = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        problem.GetProperty("field").GetString().ShouldBe(field);
        problem.GetProperty("detail").GetString()!.ShouldContain(detail);
    }

    /// <summary>Throws the journeys away and makes them anew from the log.</summary>
    private async Task RebuildAsync()
    {
        var folder = _server.DataFolder;
        await _server.StopAsync();
        Directory.Delete(Path.Combine(folder, "journeys"), recursive: true);
        _server = await TestServer.StartAsync(dataFolder: folder);
        await VisibleAsync();
    }

    private async Task VisibleAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await Store.WaitUntilVisibleAsync(_server.Get<EventLog>().EndPosition, patience.Token);
    }

    private List<string> Identities() => [.. Customers().Select(c => string.Join(' ', Store.Identity(c).Identifiers.Order(StringComparer.Ordinal)))];

    private string Fingerprint() => string.Join('\n', Customers().Select(c =>
        $"{c}: {string.Join(' ', Store.Identity(c).Identifiers)} | {string.Join(' ', Store.Journey(c, new Paging())!.Events.Reverse().Select(e => $"{e.Touchpoint} {e.Identity}"))}"));

    private IEnumerable<int> Customers() => Store.Customers(new Paging()).Items.Select(c => c.Customer).Order();

    private static List<string?> Strings(JsonElement owner, string name) => [.. owner.GetProperty(name).EnumerateArray().Select(i => i.GetString())];

    private Task<int> RunAsync(params string[] arguments) => CommandLine.RunAsync(["customer", .. arguments, "--data", _server.DataFolder]);
}
