using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Tangent.Access;
using Tangent.Tests.Browser;

namespace Tangent.Tests.Access;

public sealed class AuditTests
{
    private const string Audit = "/api/v1/access/audit";

    [Fact]
    public async Task Every_change_is_in_the_log_with_who_made_it_and_nothing_of_what_was_written()
    {
        await using var server = await TestServer.StartAsync(demo: false);
        using var owner = await server.ComeInAsync("owner@example.org", Role.Owner);
        using var editor = await server.ComeInAsync("editor@example.org", Role.Editor);
        (await editor.PostAsJsonAsync("/api/v1/map/touchpoints", new { name = "Very private name" })).EnsureSuccessStatusCode();
        (await editor.PutAsJsonAsync("/api/v1/map/touchpoints/1", new { name = "Very private name", channel = "web" })).EnsureSuccessStatusCode();
        (await editor.PostAsJsonAsync("/api/v1/map/touchpoints", new { name = "" })).IsSuccessStatusCode.ShouldBeFalse();
        (await editor.PostAsJsonAsync("/api/v1/access/keys", new { name = "not allowed" })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        var changes = await EntriesAsync(owner, "?kind=change&actor=editor@");
        changes.Select(e => $"{Text(e, "method")} {Text(e, "route")} {Text(e, "target")}").ShouldBe(
            ["PUT /api/v1/map/touchpoints/{id:int} id=1", "POST /api/v1/map/touchpoints ", "POST /access/invitations/{token} token=…"]);
        changes.ShouldAllBe(e => Text(e, "actor") == "editor@example.org" && Text(e, "actorKind") == "person");
        var all = await owner.GetStringAsync(Audit);
        all.ShouldNotContain("private", Case.Insensitive);
        // The address of an invitation holds its secret.
        var accepted = await EntriesAsync(owner, "?route=invitations");
        accepted.Select(e => $"{Text(e, "actor")} {Text(e, "target")}").ShouldBe(["editor@example.org token=…", "owner@example.org token=…"]);
    }

    [Fact]
    public async Task A_new_password_by_a_link_is_in_the_log_as_the_persons_change()
    {
        await using var server = await TestServer.StartAsync(demo: false);
        using var owner = await server.ComeInAsync("owner@example.org", Role.Owner);
        var id = (await (await owner.GetAsync("/api/v1/access/users")).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items")[0].GetProperty("id").GetString();
        var link = (await (await owner.PostAsync($"/api/v1/access/users/{id}/reset", null)).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("link").GetString()!;
        var query = System.Web.HttpUtility.ParseQueryString(link[(link.IndexOf('?', StringComparison.Ordinal) + 1)..]);
        using var anyone = server.Browser();
        (await anyone.SubmitAsync(link, "/access/reset", ("user", query["user"]!), ("token", query["token"]!), ("password", "another long password"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        await anyone.SubmitAsync("/access/sign-in", ("email", "owner@example.org"), ("password", "another long password"));

        var entry = (await EntriesAsync(anyone, "?route=/access/reset")).ShouldHaveSingleItem();
        (Text(entry, "method"), Text(entry, "kind"), Text(entry, "actor"), Text(entry, "actorId")).ShouldBe(("POST", "change", "owner@example.org", id));
        (await anyone.GetStringAsync(Audit)).ShouldNotContain(query["token"]!);
    }

    [Fact]
    public async Task Every_look_at_a_customer_is_in_the_log()
    {
        await using var server = await TestServer.StartAsync();
        await SmallCompany.FoundAsync(server);
        foreach (var address in (string[])["/unify/customers/7", "/api/v1/unify/customers/7", "/unify/customers?search=anna", "/unify/events/0", "/collect/sources/1", "/api/v1/collect/sources/1/rejections", "/api/v1/analyse/conformance/journeys?rule=starts:Order"])
            (await server.Http.GetAsync(address)).EnsureSuccessStatusCode();
        (await server.Http.GetAsync("/unify/customers/999999")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Http.GetAsync("/map/touchpoints")).EnsureSuccessStatusCode();

        var looks = await EntriesAsync(server.Http, "?kind=look");
        looks.Select(e => $"{Text(e, "route")} {Text(e, "target")}").ShouldBe(
            ["/api/v1/analyse/conformance/journeys ", "/api/v1/collect/sources/{id:int}/rejections id=1", "/collect/sources/{id:int} id=1", "/unify/events/{position:long} position=0", "/unify/customers ", "/api/v1/unify/customers/{number:int} number=7", "/unify/customers/{number:int} number=7"]);
        (await server.Http.GetStringAsync(Audit)).ShouldNotContain("anna");
    }

    [Fact]
    public async Task The_log_is_added_to_and_never_changed()
    {
        await using var server = await TestServer.StartAsync(demo: false);
        using var owner = await server.ComeInAsync("owner@example.org", Role.Owner);
        await using var database = new SqliteConnection($"Data Source={Path.Combine(server.DataFolder, "tangent.db")}");
        await database.OpenAsync();
        foreach (var sql in (string[])["UPDATE audit SET Actor = 'somebody else'", "DELETE FROM audit"])
        {
            await using var command = database.CreateCommand();
            command.CommandText = sql;
            (await Should.ThrowAsync<SqliteException>(() => command.ExecuteNonQueryAsync())).Message.ShouldContain("only added to");
        }

        (await EntriesAsync(owner, "?kind=signIn")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_log_is_filtered_paged_and_handed_out_as_csv()
    {
        await using var server = await TestServer.StartAsync(demo: false);
        using var owner = await server.ComeInAsync("=owner@example.org", Role.Owner);
        using var stranger = server.Browser();
        await stranger.SubmitAsync("/access/sign-in", ("email", "=owner@example.org"), ("password", "wrong wrong wrong"));
        (await EntriesAsync(owner, "?kind=refusal")).ShouldHaveSingleItem();
        (await EntriesAsync(owner, "?actor=nobody%25")).ShouldBeEmpty();
        (await EntriesAsync(owner, "?from=2001-01-01&to=2001-01-02")).ShouldBeEmpty();
        (await EntriesAsync(owner, "?take=1&skip=1")).Count.ShouldBe(1);
        foreach (var bad in (string[])["?kind=nothing", "?from=yesterday", "?take=0", "?take=100000", "?skip=-1"])
            (await owner.GetAsync(Audit + bad)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, bad);

        var csv = await owner.GetAsync(Audit + ".csv?kind=signIn");
        csv.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        // What a spreadsheet would compute is text there.
        (await csv.Content.ReadAsStringAsync()).ShouldContain(",'=owner@example.org,");
        (await (await owner.GetAsync("/access/audit?kind=Refusal")).Content.ReadAsStringAsync()).ShouldContain("Sign-in refused");
    }

    private static async Task<List<JsonElement>> EntriesAsync(HttpClient http, string query) =>
        [.. (await (await http.GetAsync(Audit + query)).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items").EnumerateArray()];

    private static string Text(JsonElement entry, string name) => entry.GetProperty(name).GetString()!;
}
