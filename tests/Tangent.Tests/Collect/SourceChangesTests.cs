using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tangent.Cli;
using Tangent.Collect;

namespace Tangent.Tests.Collect;

public sealed class SourceChangesTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Both_keys_are_taken_until_the_chosen_time_and_a_revoked_one_is_not()
    {
        var (id, old) = await AddAsync("rotated");
        var rotated = await ReadAsync(await server.Http.PostAsJsonAsync($"/api/v1/collect/sources/{id}/keys", new { validUntil = DateTimeOffset.UtcNow.AddSeconds(3) }));
        var fresh = rotated.GetProperty("writeKey").GetString()!;
        fresh.ShouldNotBe(old);
        (await TrackAsync(old)).ShouldBe(HttpStatusCode.OK);
        (await TrackAsync(fresh)).ShouldBe(HttpStatusCode.OK);
        var kept = rotated.GetProperty("retiringKeys")[0];
        kept.GetProperty("key").GetString().ShouldBe(old);
        while (DateTime.UtcNow <= kept.GetProperty("validUntil").GetDateTime()) await Task.Delay(100);
        (await TrackAsync(old)).ShouldBe(HttpStatusCode.Unauthorized);

        var third = await ReadAsync(await server.Http.PostAsJsonAsync($"/api/v1/collect/sources/{id}/keys", new { }));
        third.GetProperty("retiringKeys").GetArrayLength().ShouldBe(1);
        (await TrackAsync(fresh)).ShouldBe(HttpStatusCode.OK);
        var address = $"/api/v1/collect/sources/{id}/keys/{third.GetProperty("retiringKeys")[0].GetProperty("id")}";
        (await server.Http.DeleteAsync(address)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await TrackAsync(fresh)).ShouldBe(HttpStatusCode.Unauthorized);
        (await server.Http.DeleteAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await TrackAsync(third.GetProperty("writeKey").GetString()!)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_key_that_is_still_taken_is_starred_out_in_what_is_kept()
    {
        var (id, old) = await AddAsync("starred");
        await server.Http.PostAsJsonAsync($"/api/v1/collect/sources/{id}/keys", new { });
        (await server.Http.PostAsync("/v1/track", new StringContent($$"""{"writeKey":"{{old}}","event":"secret {{old}}","userId":"u"}"""))).StatusCode.ShouldBe(HttpStatusCode.OK);
        var log = server.Get<EventLog>();
        System.Text.Encoding.UTF8.GetString(log.Find(log.EndPosition - 1)!.Value.Span).ShouldNotContain(old);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(400)]
    public async Task A_key_cannot_end_in_the_past_or_in_years(int days)
    {
        var (id, _) = await AddAsync($"overlap {days}");
        var refused = await server.Http.PostAsJsonAsync($"/api/v1/collect/sources/{id}/keys", new { validUntil = DateTimeOffset.UtcNow.AddDays(days) });
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task At_most_five_replaced_keys_are_taken()
    {
        var (id, _) = await AddAsync("often");
        for (var i = 0; i < 5; i++) (await server.Http.PostAsJsonAsync($"/api/v1/collect/sources/{id}/keys", new { })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.Http.PostAsJsonAsync($"/api/v1/collect/sources/{id}/keys", new { })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_renamed_source_keeps_its_events_and_rules_follow()
    {
        var (id, key) = await AddAsync("before");
        await AddAsync("taken");
        await TrackAsync(key, "Renamed visit");
        await server.Get<JourneyStore>().WaitUntilVisibleAsync(server.Get<EventLog>().EndPosition, CancellationToken.None);
        var touchpoint = (await ReadAsync(await server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name = "A visit", channel = "web", stage = "awareness" }))).GetProperty("id").GetInt32();
        (await server.Http.PostAsJsonAsync("/api/v1/collect/touchpoint-rules", new { touchpointId = touchpoint, @event = "Renamed visit", source = "before" })).EnsureSuccessStatusCode();

        (await PatchAsync(id, new { name = "TAKEN" })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await PatchAsync(id, new { name = " " })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var renamed = await ReadAsync(await PatchAsync(id, new { name = "after" }));
        (renamed.GetProperty("name").GetString(), renamed.GetProperty("events").GetInt64()).ShouldBe(("after", 1));
        var volumes = await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/analyse/touchpoints?source=after");
        volumes.GetProperty("items").EnumerateArray().Single().GetProperty("name").GetString().ShouldBe("A visit");
        (await server.Http.GetAsync("/api/v1/analyse/touchpoints?source=before")).StatusCode.ShouldNotBe(HttpStatusCode.InternalServerError);
    }

    [Fact]
    public async Task A_paused_source_is_refused_and_counted_until_it_goes_on()
    {
        var (id, key) = await AddAsync("paused");
        (await PatchAsync(id, new { paused = true })).EnsureSuccessStatusCode();
        (await TrackAsync(key)).ShouldBe(HttpStatusCode.Forbidden);
        (await server.Http.PostAsync("/v1/track", new StringContent($$"""{"writeKey":"{{key}}","event":"e","userId":"u"}"""))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var source = await server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/collect/sources/{id}");
        (source.GetProperty("events").GetInt64(), source.GetProperty("rejectedByReason").GetProperty("sourcePaused").GetInt64()).ShouldBe((0, 2));
        (await PatchAsync(id, new { paused = false })).EnsureSuccessStatusCode();
        (await TrackAsync(key)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Only_a_source_without_events_can_be_removed_and_its_key_is_wrong_then()
    {
        var (empty, gone) = await AddAsync("empty");
        (await server.Http.DeleteAsync($"/api/v1/collect/sources/{empty}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await TrackAsync(gone)).ShouldBe(HttpStatusCode.Unauthorized);
        (await server.Http.DeleteAsync($"/api/v1/collect/sources/{empty}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        var (id, key) = await AddAsync("full");
        await TrackAsync(key);
        (await server.Http.DeleteAsync($"/api/v1/collect/sources/{id}")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await TrackAsync(key)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Everything_can_be_done_from_the_shell()
    {
        var (id, _) = await AddAsync("shell");
        foreach (var command in (string[])["pause shell", "resume SHELL", "rotate shell", "rename shell shell-2", "list"])
            (await CommandLine.RunAsync(["source", .. command.Split(' '), "--data", server.DataFolder])).ShouldBe(ExitCode.Done, command);
        var source = await server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/collect/sources/{id}");
        var key = source.GetProperty("retiringKeys")[0].GetProperty("id").GetInt32();
        (await CommandLine.RunAsync(["source", "revoke", "shell-2", $"{key}", "--data", server.DataFolder])).ShouldBe(ExitCode.Done);
        (await CommandLine.RunAsync(["source", "remove", "shell-2", "--data", server.DataFolder])).ShouldBe(ExitCode.Done);
        (await CommandLine.RunAsync(["source", "remove", "shell-2", "--data", server.DataFolder])).ShouldBe(ExitCode.Refused);
    }

    private async Task<(int Id, string Key)> AddAsync(string name)
    {
        var made = await ReadAsync(await server.Http.PostAsJsonAsync("/api/v1/collect/sources", new { name }));
        return (made.GetProperty("id").GetInt32(), made.GetProperty("writeKey").GetString()!);
    }

    private async Task<HttpStatusCode> TrackAsync(string key, string name = "e")
    {
        using var call = new HttpRequestMessage(HttpMethod.Post, "/v1/track") { Content = JsonContent.Create(new { @event = name, userId = "u" }) };
        call.Headers.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(key + ":")));
        return (await server.Http.SendAsync(call)).StatusCode;
    }

    private Task<HttpResponseMessage> PatchAsync(int id, object change) => server.Http.PatchAsJsonAsync($"/api/v1/collect/sources/{id}", change);

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response) => (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).Clone();
}
