using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Access;
using Tangent.Data;
using Tangent.Map;
using Tangent.Tests.Access;
using Tangent.Tests.Collect;
using Tangent.Tests.Mail;

namespace Tangent.Tests.Map;

/// <summary>What is said about a step or a card, and to whom it is shown.</summary>
public sealed class MapCommentsTests
{
    [Fact]
    public async Task Whoever_is_named_in_a_comment_sees_it_until_having_looked()
    {
        await using var server = await TestServer.StartAsync(demo: false);
        using var anna = await server.ComeInAsync("anna@example.org", Role.Editor);
        using var ben = await server.ComeInAsync("ben@example.org", Role.Contributor);
        using var viewer = await server.ComeInAsync("carla@example.org", Role.Viewer);
        var map = await MapAsync(server);
        var page = $"/map/journey-maps/{map}/step/step-1/comments";

        (await ben.SubmitAsync(page, ("text", "Is that so, @anna? And @nobody?"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);

        (await viewer.GetStringAsync(page)).ShouldContain("Is that so");
        (await viewer.GetStringAsync($"/map/journey-maps/{map}")).ShouldContain("1 comment<");
        (await anna.GetStringAsync($"/map/journey-maps/{map}")).ShouldContain("1 mention of you");
        (await ben.GetStringAsync($"/map/journey-maps/{map}")).ShouldNotContain("of you");
        (await anna.JsonAsync("/api/v1/map/mentions")).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await anna.GetStringAsync("/map/mentions")).ShouldContain("Is that so");
        (await anna.GetStringAsync($"/map/journey-maps/{map}")).ShouldNotContain("of you");
        (await ben.JsonAsync("/api/v1/map/mentions")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Comments_about_nothing_and_without_words_are_refused_and_go_with_their_map()
    {
        await using var server = await TestServer.StartAsync();
        var map = await MapAsync(server);
        async Task<HttpStatusCode> SayAsync(object comment) => (await server.Http.PostAsJsonAsync($"/api/v1/map/journey-maps/{map}/comments", comment)).StatusCode;
        (await SayAsync(new { part = "step", partId = "step-9", text = "x" })).ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await SayAsync(new { part = "lane", partId = "lane-actions", text = "x" })).ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await SayAsync(new { part = "step", partId = "step-1", text = " " })).ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await SayAsync(new { part = "step", partId = "step-1", text = new string('x', 2001) })).ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await SayAsync(new { part = "step", partId = "step-1", text = "Write to greta.muster@example.org" })).ShouldBe(HttpStatusCode.Created);
        (await SayAsync(new { part = "step", partId = "step-1", text = "Another" })).ShouldBe(HttpStatusCode.Created);
        await using var scope = server.Services.CreateAsyncScope();
        var comments = scope.ServiceProvider.GetRequiredService<MapCommentQueries>();

        await comments.EraseAsync(new DataSubject(null, ["user:g"], ["greta.muster@example.org"]), CancellationToken.None);

        var left = (await comments.ListAsync(map, CancellationToken.None)).ShouldHaveSingleItem();
        left.Text.ShouldBe("Another");
        (await server.Http.DeleteAsync("/api/v1/map/comments/987654")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Http.DeleteAsync($"/api/v1/map/journey-maps/{map}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await comments.ListAsync(map, CancellationToken.None)).ShouldBeEmpty();
    }

    [SdkTheory]
    [InlineData("anna@example.org")]
    public async Task Whoever_is_named_gets_a_letter_that_says_where_but_not_what_unless_the_person_wants_none(string named)
    {
        await using var mail = new MailServer();
        await using var server = await TestServer.StartAsync(false, null, mail.Settings("None", "--Mail:PublicAddress=https://tangent.firma.example/"));
        using var anna = await server.ComeInAsync(named, Role.Viewer);
        using var ben = await server.ComeInAsync("ben@example.org", Role.Contributor);
        (await server.ComeInAsync("gone@example.org", Role.Editor)).Dispose();
        await using (var scope = server.Services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserQueries>();
            await users.SetDisabledAsync((await users.ListAsync(CancellationToken.None)).Single(p => p.Email == "gone@example.org").Id, true, CancellationToken.None);
        }

        var map = await MapAsync(server);
        var page = $"/map/journey-maps/{map}/step/step-1/comments";
        (await anna.SubmitAsync("/access/account", "/access/account/preferences", ("language", "de"), ("theme", "auto"), ("mentionLetters", "true"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);

        (await ben.SubmitAsync(page, ("text", "Frau Muster was angry, @anna, @ben and @gone"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);

        var letter = await mail.NextAsync();
        letter.GetProperty("recipients").EnumerateArray().Select(r => r.GetString()).ShouldBe([named]);
        letter.GetProperty("subject").GetString().ShouldBe("Sie wurden auf „Talk“ erwähnt");
        var text = letter.GetProperty("text").GetString()!;
        text.ShouldContain("ben@example.org");
        text.ShouldContain($"https://tangent.firma.example{page}");
        text.ShouldContain("https://tangent.firma.example/access/account");
        text.ShouldNotContain("Muster");
        (await anna.GetAsync(page)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await anna.SubmitAsync("/access/account", "/access/account/preferences", ("language", "de"), ("theme", "auto"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await anna.GetStringAsync("/access/account")).ShouldNotContain("name=\"mentionLetters\" value=\"true\" checked");
        (await ben.SubmitAsync(page, ("text", "Once more, @anna"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await mail.MoreAsync(TimeSpan.FromSeconds(3))).ShouldBe(0);
        (await anna.JsonAsync("/api/v1/map/mentions")).GetProperty("items").GetArrayLength().ShouldBe(2);
    }

    [Theory]
    [InlineData("@anna look", "anna@a.example")]
    [InlineData("look, @ANNA@a.example.", "anna@a.example")]
    [InlineData("(@ben) and @ben", "")]
    [InlineData("@ben@b.example", "ben@b.example")]
    [InlineData("write to anna@a.example", "")]
    [InlineData("@gone", "")]
    public void A_name_stands_for_a_user_where_it_is_one_alone(string text, string named)
    {
        Person Of(string email, bool disabled = false) => new(Guid.NewGuid(), email, Role.Viewer, default, disabled ? DateTime.UtcNow : null, null, false, 0);
        Person[] people = [Of("anna@a.example"), Of("ben@a.example"), Of("ben@b.example"), Of("gone@a.example", disabled: true)];

        string.Join(",", Mentions.In(text, people).Select(id => people.Single(p => p.Id.ToString() == id).Email)).ShouldBe(named);
    }

    [Fact]
    public async Task Who_names_nobody_is_told_so()
    {
        await using var server = await TestServer.StartAsync(false);
        using var ben = await server.ComeInAsync("ben@example.org", Role.Contributor);
        var map = await MapAsync(server);
        var page = $"/map/journey-maps/{map}/step/step-1/comments";

        var added = await ben.PostAsJsonAsync($"/api/v1/map/journey-maps/{map}/comments", new { part = "step", partId = "step-1", text = "Ask @ben and @nobody" });
        (await added.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("unknown").EnumerateArray().Select(n => n.GetString()).ShouldBe(["@nobody"]);
        var said = await ben.SubmitAsync(page, ("text", "And @somebody.else too"));
        (await ben.GetStringAsync(said.Headers.Location)).ShouldContain("@somebody.else: nobody was told.");
        (await ben.GetStringAsync(page)).ShouldNotContain("nobody was told.");
    }

    private static async Task<int> MapAsync(TestServer server)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var content = MapContent.Empty with { Stages = [new("stage-1", "One")], Steps = [new("step-1", "stage-1", "Looks")] };
        return (await scope.ServiceProvider.GetRequiredService<JourneyMapQueries>().AddAsync("Talk", MapState.AsIs, content, Actor.Nobody, CancellationToken.None))!.Id;
    }
}
