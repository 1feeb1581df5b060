using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tangent.Access;
using Tangent.Cli;
using Tangent.Tests.Access;

namespace Tangent.Tests.Map;

/// <summary>How important people think a touchpoint is: each for himself, shown together.</summary>
public sealed class VotesTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task Votes_become_a_distribution_and_a_new_vote_takes_the_place_of_the_former()
    {
        var id = await TouchpointAsync("Delivery");
        foreach (var (person, importance) in new (string, int)[] { ("a", 9), ("b", 4), ("c", 7), ("d", 8) }) await VoteAsync(id, importance, person == "a", $"{person}@firma.example");
        await VoteAsync(id, 5, true, "B@Firma.example");
        var votes = await OfAsync("Delivery");
        votes.GetProperty("voters").GetInt32().ShouldBe(4);
        votes.GetProperty("median").GetDouble().ShouldBe(7.5);
        votes.GetProperty("histogram").EnumerateArray().Select(n => n.GetInt32()).ShouldBe([0, 0, 0, 0, 0, 1, 0, 1, 1, 1, 0]);
        votes.GetProperty("momentsOfTruth").GetInt32().ShouldBe(2);
        votes.GetProperty("tooFew").GetBoolean().ShouldBeTrue();
        (await _server.Http.GetStringAsync($"/map/touchpoints/{id}")).ShouldContain("data-chart=\"bar\"");
        (await _server.Http.DeleteAsync($"/api/v1/map/touchpoints/{id}/vote?person=a@firma.example")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await OfAsync("Delivery")).GetProperty("voters").GetInt32().ShouldBe(3);
        (await _server.Http.DeleteAsync($"/api/v1/map/touchpoints/{id}/vote?person=a@firma.example")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{"importance":11,"person":"a@firma.example"}""", "importance")]
    [InlineData("""{"importance":-1,"person":"a@firma.example"}""", "importance")]
    [InlineData("""{"person":"a@firma.example"}""", "importance")]
    [InlineData("""{"importance":5}""", "person")]
    [InlineData("""{"importance":5,"person":"nobody in particular"}""", "person")]
    public async Task A_vote_that_says_nothing_or_nobodys_is_refused_by_its_field(string body, string field)
    {
        var id = await TouchpointAsync("Delivery");
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var answer = await _server.Http.PutAsync($"/api/v1/map/touchpoints/{id}/vote", content);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().ShouldBe(field);
    }

    [Fact]
    public async Task A_contributor_votes_for_himself_alone_and_who_left_the_company_votes_no_more()
    {
        await using var closed = await TestServer.StartAsync(demo: false);
        using var owner = await closed.ComeInAsync("olga@firma.example", Role.Owner);
        using var carl = await closed.ComeInAsync("carl@firma.example", Role.Contributor);
        using var viewer = await closed.ComeInAsync("vera@firma.example", Role.Viewer);
        var id = (await (await owner.PostAsJsonAsync("/api/v1/map/touchpoints", new { name = "Hotline" })).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
        async Task<int> VotersAsync() => (await owner.GetFromJsonAsync<JsonElement>("/api/v1/map/votes")).GetProperty("items")[0].GetProperty("voters").GetInt32();

        (await carl.SubmitAsync($"/map/touchpoints/{id}", $"/map/touchpoints/{id}/vote", ("Importance", "8"), ("MomentOfTruth", "true"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await carl.GetStringAsync($"/map/touchpoints/{id}")).ShouldContain("<option value=\"8\" selected");
        (await carl.PutAsJsonAsync($"/api/v1/map/touchpoints/{id}/vote", new { importance = 1, person = "olga@firma.example" })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await viewer.PutAsJsonAsync($"/api/v1/map/touchpoints/{id}/vote", new { importance = 1 })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await VotersAsync()).ShouldBe(1);
        // Written down for the address of an account it is that account's.
        (await owner.PutAsJsonAsync($"/api/v1/map/touchpoints/{id}/vote", new { importance = 3, person = "carl@firma.example" })).EnsureSuccessStatusCode();
        (await VotersAsync()).ShouldBe(1);

        var audit = await owner.GetStringAsync("/api/v1/access/audit");
        audit.ShouldContain("/map/touchpoints/{id:int}/vote");
        var person = (await owner.GetFromJsonAsync<JsonElement>("/api/v1/access/users")).GetProperty("items").EnumerateArray().First(u => u.GetProperty("email").GetString() == "carl@firma.example").GetProperty("id").GetString();
        (await owner.PutAsJsonAsync($"/api/v1/access/users/{person}/disabled", new { disabled = true })).EnsureSuccessStatusCode();
        (await VotersAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task The_shell_writes_votes_down_and_lists_them()
    {
        await TouchpointAsync("Delivery");
        (await CommandLine.RunAsync(["vote", "set", "delivery", "--importance", "9", "--moment-of-truth", "--person", "a@firma.example", "--data", _server.DataFolder])).ShouldBe(ExitCode.Done);
        (await CommandLine.RunAsync(["vote", "list", "--data", _server.DataFolder])).ShouldBe(ExitCode.Done);
        (await OfAsync("Delivery")).GetProperty("median").GetDouble().ShouldBe(9);
        (await CommandLine.RunAsync(["vote", "withdraw", "Delivery", "--person", "a@firma.example", "--data", _server.DataFolder])).ShouldBe(ExitCode.Done);
        (await CommandLine.RunAsync(["vote", "set", "Nowhere", "--importance", "9", "--person", "a@firma.example", "--data", _server.DataFolder])).ShouldBe(ExitCode.Refused);
    }

    private async Task<int> TouchpointAsync(string name) =>
        (await (await _server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name })).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();

    private async Task VoteAsync(int id, int importance, bool momentOfTruth, string person) =>
        (await _server.Http.PutAsJsonAsync($"/api/v1/map/touchpoints/{id}/vote", new { importance, momentOfTruth, person })).EnsureSuccessStatusCode();

    private async Task<JsonElement> OfAsync(string touchpoint) =>
        (await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/map/votes")).GetProperty("items").EnumerateArray().Single(v => v.GetProperty("touchpoint").GetString() == touchpoint);
}
