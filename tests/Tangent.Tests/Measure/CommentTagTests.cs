using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Measure;
using Tangent.Tests.Access;

namespace Tangent.Tests.Measure;

/// <summary>Tags that people put on comments: on the page, by the API and in files; they go with the person.</summary>
public sealed class CommentTagTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Comments = "/api/v1/measure/comments";

    [Fact]
    public async Task Tags_are_put_on_found_counted_taken_off_and_in_the_file()
    {
        var (first, second) = (await SayAsync("t1", "The parcel was wet"), await SayAsync("t2", "All fine"));
        using var tagged = await server.Http.PutAsJsonAsync($"{Comments}/{first}/tags", new { tags = new[] { " wet  parcel ", "Courier", "courier" } });
        (await tagged.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("tags").EnumerateArray().Select(t => t.GetString()).ShouldBe(["wet parcel", "Courier"]);
        (await server.Http.SubmitAsync("/measure/comments", $"/measure/comments/{second}/tags", ("Tags", "Courier, praise"), ("ReturnUrl", "/measure/comments?tag=praise"))).Headers.Location!.ToString().ShouldBe("/measure/comments?tag=praise");
        var found = await server.Http.GetFromJsonAsync<JsonElement>($"{Comments}?tag=Courier");
        found.GetProperty("items").EnumerateArray().Select(c => c.GetProperty("position").GetInt64()).ShouldBe([second, first]);
        (await server.Http.GetFromJsonAsync<JsonElement>($"{Comments}?tag=praise")).GetProperty("total").GetInt64().ShouldBe(1);
        var counts = (await server.Http.GetFromJsonAsync<JsonElement>(Comments + "/tags")).GetProperty("items");
        (counts[0].GetProperty("tag").GetString(), counts[0].GetProperty("comments").GetInt64()).ShouldBe(("Courier", 2));
        (await server.Http.GetStringAsync("/measure/comments?tag=praise&export=comments.csv")).ShouldContain("Courier, praise");
        (await server.Http.PutAsJsonAsync($"{Comments}/{second}/tags", new { tags = Array.Empty<string>() })).EnsureSuccessStatusCode();
        (await server.Http.GetFromJsonAsync<JsonElement>($"{Comments}?tag=praise")).GetProperty("total").GetInt64().ShouldBe(0);

        await using var scope = server.Services.CreateAsyncScope();
        var tags = scope.ServiceProvider.GetRequiredService<CommentTagQueries>();
        var subject = new DataSubject(null, ["user:t1"], []);
        (await ((IKeepsPersonalData)tags).CountAsync(subject, CancellationToken.None)).ShouldBe(2);
        (await tags.AgeOutAsync(DateTime.UtcNow.AddDays(-1), onlyCount: true, CancellationToken.None)).ShouldBe(0);
        await tags.EraseAsync(subject, CancellationToken.None);
        (await ((IKeepsPersonalData)tags).CountAsync(subject, CancellationToken.None)).ShouldBe(0);
    }

    [Fact]
    public async Task What_is_no_tag_or_no_comment_is_refused()
    {
        var said = await SayAsync("t9", "Words");
        foreach (var tags in new[] { new[] { new string('x', 41) }, ["a,b"], ["a\u0007"], [.. Enumerable.Range(0, 11).Select(n => "t" + n)] })
            (await server.Http.PutAsJsonAsync($"{Comments}/{said}/tags", new { tags })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.Http.PutAsJsonAsync($"{Comments}/999999/tags", new { tags = new[] { "a" } })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Http.PutAsJsonAsync($"{Comments}/{said}/tags", new { tags = new[] { "<script>alert(1)</script>" } })).EnsureSuccessStatusCode();
        (await server.Http.GetStringAsync("/measure/comments")).ShouldNotContain("<script>alert");
    }

    private async Task<long> SayAsync(string who, string words)
    {
        (await server.Http.PostAsJsonAsync("/api/v1/measure/feedback", new { items = new[] { new { userId = who, metric = "csat", score = 2, comment = words } } })).EnsureSuccessStatusCode();
        await server.Get<FeedbackFeed>().WaitUntilCurrentAsync(CancellationToken.None);
        var end = server.Get<EventLog>().EndPosition;
        await server.Get<JourneyStore>().WaitUntilVisibleAsync(end, CancellationToken.None);
        return (await server.Http.GetFromJsonAsync<JsonElement>($"{Comments}?search={Uri.EscapeDataString(words)}")).GetProperty("items")[0].GetProperty("position").GetInt64();
    }
}
