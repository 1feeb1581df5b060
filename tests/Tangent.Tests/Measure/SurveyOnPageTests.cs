using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Measure;

namespace Tangent.Tests.Measure;

/// <summary>What a page of another site asks to show a survey: the server decides for each visitor, and says the page nothing of why not.</summary>
public sealed class SurveyOnPageTests : IAsyncLifetime
{
    private const string Surveys = "/api/v1/measure/surveys";
    private static readonly WidgetRule Rule = new(WidgetTrigger.Event, Seconds: 0, Event: "Order completed");
    private TestServer _server = null!;
    private string _web = "", _secret = "";

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        (_web, _secret) = (await _server.Get("site", "web"), await _server.Get("shop", "server"));
        await _server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name = "Delivery", channel = "parcel", stage = "retention" });
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Pages_fetch_what_shows_surveys_only_while_one_is_published_for_them()
    {
        (await _server.Http.GetStringAsync("/collect.js")).ShouldNotContain("survey.js");
        var id = await AddAsync(Rule with { On = false });
        (await ListAsync(_web)).ShouldBeEmpty();
        await ChangeAsync(id, Rule);
        (await _server.Http.GetStringAsync("/collect.js")).ShouldContain("survey.js");
        (await ListAsync(_web)).Single().GetProperty("trigger").GetString().ShouldBe("event");
        (await ListAsync(_secret)).ShouldBeEmpty();
        (await ListAsync("nobody")).ShouldBeEmpty();
        await _server.Http.PutAsJsonAsync($"{Surveys}/{id}/open", new { open = false });
        (await ListAsync(_web)).ShouldBeEmpty();
        using var script = await _server.Http.GetAsync("/survey.js");
        script.Content.Headers.ContentType!.ToString().ShouldBe("text/javascript; charset=utf-8");
        (await script.Content.ReadAsByteArrayAsync()).Length.ShouldBeLessThan(14 * 1024);
    }

    [Fact]
    public async Task A_visitor_is_asked_once_and_the_answer_is_an_event_of_the_visitor_at_the_touchpoint()
    {
        var id = await AddAsync(Rule);
        await VisitAsync("v1");
        var page = await AskedAsync(id, "v1");
        page.GetProperty("title").GetString().ShouldBe("Ihre Lieferung");
        var question = page.GetProperty("questions")[0];
        (question.GetProperty("kind").GetString(), question.GetProperty("lowest").GetInt32(), question.GetProperty("highest").GetInt32()).ShouldBe(("csat", 1, 5));
        var token = page.GetProperty("token").GetString()!;
        using var wrong = await AnswerAsync(token, 0, new { csat = new { values = new[] { "9" }, comment = "Stays" } });
        wrong.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await wrong.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("faults").GetProperty("csat").GetString()!.ShouldContain("5");
        using var first = await AnswerAsync(token, 0, new { csat = new { values = new[] { "2" }, comment = "<script>alert(1)</script>" } });
        var next = await first.Content.ReadFromJsonAsync<JsonElement>();
        (next.GetProperty("done").GetBoolean(), next.GetProperty("questions")[0].GetProperty("key").GetString()).ShouldBe((false, "problem"));
        using var second = await AnswerAsync(token, 1, new { problem = new { values = new[] { "late" }, comment = "" } });
        (await second.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("done").GetBoolean().ShouldBeTrue();
        var said = Answers();
        said.Select(e => e.GetProperty("anonymousId").GetString()).ShouldBe(["v1", "v1"]);
        var properties = said[0].GetProperty("properties");
        (properties.GetProperty("touchpoint").GetString(), properties.GetProperty("score").GetInt32(), properties.GetProperty("channel").GetString(), properties.GetProperty("language").GetString()).ShouldBe(("Delivery", 2, "Web", "de"));
        (await AskAsync(id, "v1")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await OutcomesAsync(id)).ShouldBe([("anonymous:v1", "asked"), ("anonymous:v1", "askedBefore")], ignoreOrder: true);
        (await _server.Http.GetStringAsync($"/measure/surveys/{id}?lang=en")).ShouldContain("a page showed the survey");
    }

    [Fact]
    public async Task Every_reason_not_to_ask_is_noted_and_told_to_no_page()
    {
        var first = await AddAsync(Rule with { Conditions = ["trait plan = gold"] });
        var second = await AddAsync(Rule with { DailyQuota = 1 }, "Second");
        foreach (var visitor in new[] { "w1", "w2", "w3" }) await VisitAsync(visitor);
        (await AskAsync(first, "w1")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await OutcomesAsync(first)).ShouldBe([("anonymous:w1", "conditionFails")]);
        await AskedAsync(second, "w1");
        (await AskAsync(second, "w2")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await OutcomesAsync(second)).ShouldBe([("anonymous:w1", "asked"), ("anonymous:w2", "quotaReached")], ignoreOrder: true);
        // Asked by one survey, asked by none for a while.
        var third = await AddAsync(Rule with { Once = false }, "Third");
        (await AskAsync(third, "w1")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await OutcomesAsync(third)).ShouldBe([("anonymous:w1", "askedLately")]);
        // The same again is the same row.
        await AskAsync(third, "w1");
        var noted = (await _server.Http.GetFromJsonAsync<JsonElement>($"{Surveys}/{third}/decisions")).GetProperty("items").EnumerateArray().Single();
        (noted.GetProperty("times").GetInt32(), noted.GetProperty("via").GetString()).ShouldBe((2, "widget"));
        // Who is joined with somebody who said no, or who is restricted.
        await SendAsync(_secret, new { type = "identify", userId = "u3", anonymousId = "w3", traits = new { email = "w3@example.org", plan = "gold" } });
        (await _server.Http.PostAsJsonAsync("/api/v1/unify/consents", new { contactPoint = "email:w3@example.org", purpose = "commercial", state = "withdrawn" })).EnsureSuccessStatusCode();
        (await AskAsync(first, "w3")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await OutcomesAsync(first)).ShouldContain(("anonymous:w3", "noConsent"));
    }

    [Fact]
    public async Task Who_is_not_known_is_not_asked_and_leaves_nothing_and_bad_calls_are_refused()
    {
        var id = await AddAsync(Rule);
        (await AskAsync(id, "stranger")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await OutcomesAsync(id)).ShouldBeEmpty();
        await VisitAsync("x1");
        (await AskAsync(id, "x1", key: _secret)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await AskAsync(id, "x1", key: "nobody")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await AskAsync(id, "")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await AskAsync(id, new string('x', 300))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        foreach (var body in new[] { "", "null", "[]", "{", "{\"anonymousId\":5}" })
            (await _server.Http.PostAsync("/v1/surveys/whatever/asks", new StringContent(body))).StatusCode.ShouldBe(HttpStatusCode.BadRequest, body);
        (await AnswerAsync("forged", 0, new { })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        // The link of a letter is no token of a page.
        var letter = _server.Get<SurveyLinks>().Token(new SurveyTicket(id, Guid.CreateVersion7(), "user:x", "", "letter"));
        (await AnswerAsync(letter, 0, new { })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var token = (await AskedAsync(id, "x1")).GetProperty("token").GetString()!;
        foreach (var answers in new object?[] { null, new { csat = (object?)null }, new { csat = new { values = (string[]?)null } }, new { csat = new { values = new[] { new string('5', 10_001) } } } })
            (await AnswerAsync(token, -7, answers)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        Answers().ShouldBeEmpty();
    }

    [Fact]
    public async Task Whoever_sits_before_a_page_is_told_no_trait_and_what_was_noted_goes_with_the_person()
    {
        var id = await AddAsync(Rule);
        await VisitAsync("y1");
        await SendAsync(_secret, new { type = "identify", userId = "u-y", anonymousId = "y1", traits = new { firstName = "Łucja" } });
        var page = await AskedAsync(id, "y1");
        page.ToString().ShouldNotContain("Łucja");
        (await _server.Http.GetStringAsync("/s/" + page.GetProperty("token").GetString())).ShouldNotContain("Łucja");
        await using var scope = _server.Services.CreateAsyncScope();
        var keeps = scope.ServiceProvider.GetRequiredService<WebDecisionQueries>();
        var subject = new DataSubject(null, ["user:u-y", "anonymous:y1"], []);
        (await ((IKeepsPersonalData)keeps).CountAsync(subject, CancellationToken.None)).ShouldBe(1);
        await keeps.EraseAsync(subject, CancellationToken.None);
        (await scope.ServiceProvider.GetRequiredService<TangentDb>().Set<WebDecision>().CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Visitors_of_whom_nothing_is_stored_are_asked_only_where_the_survey_says_so()
    {
        var id = await AddAsync(Rule);
        await VisitAsync("z1");
        (await AskAsync(id, "z1", cookieless: true)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await OutcomesAsync(id)).ShouldBeEmpty();
        await ChangeAsync(id, Rule with { Cookieless = true, DailyQuota = 1 });
        (await ListAsync(_web)).Single().GetProperty("cookieless").GetBoolean().ShouldBeTrue();
        (await AskAsync(id, "z1", cookieless: true)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await VisitAsync("z2");
        (await AskAsync(id, "z2", cookieless: true)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        // Only who was asked is noted, for the quota of the day.
        (await OutcomesAsync(id)).ShouldBe([("anonymous:z1", "asked")]);
    }

    [Fact]
    public async Task Pages_that_ask_at_once_keep_the_quota_and_ask_nobody_twice()
    {
        var id = await AddAsync(Rule with { DailyQuota = 3, Once = true });
        foreach (var i in Enumerable.Range(0, 8)) await VisitAsync("q" + i);
        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => AskAsync(id, "q" + (i % 8))));
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(3);
        var outcomes = await OutcomesAsync(id);
        outcomes.Count(o => o.Item2 == "asked").ShouldBe(3);
        outcomes.Where(o => o.Item2 == "asked").Select(o => o.Item1).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task Asking_uses_up_no_answers()
    {
        await using var own = await TestServer.StartAsync();
        var key = await own.Get("site", "web");
        HttpStatusCode last = default;
        for (var i = 0; i <= WidgetEndpoints.AsksPerMinute; i++)
            last = (await own.Http.PostAsync("/v1/surveys/none/asks", new StringContent(JsonSerializer.Serialize(new { writeKey = key, anonymousId = "a" + i })))).StatusCode;
        last.ShouldBe(HttpStatusCode.TooManyRequests);
        (await own.Http.PostAsync("/v1/surveys/answers", new StringContent("{}"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<int> AddAsync(WidgetRule rule, string name = "On pages")
    {
        var survey = SurveyTemplates.All["delivery"] with { Name = name, Touchpoint = "Delivery", DefaultLanguage = "de", Widget = rule };
        using var answer = await _server.Http.PostAsync(Surveys, new StringContent(survey.ToJson(), Encoding.UTF8, "application/json"));
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
    }

    private async Task ChangeAsync(int id, WidgetRule rule)
    {
        var survey = SurveyTemplates.All["delivery"] with { Name = "On pages", Widget = rule };
        (await _server.Http.PutAsync($"{Surveys}/{id}", new StringContent(survey.ToJson(), Encoding.UTF8, "application/json"))).EnsureSuccessStatusCode();
    }

    private async Task<List<JsonElement>> ListAsync(string key) => [.. (await _server.Http.GetFromJsonAsync<JsonElement>("/v1/surveys?key=" + key)).GetProperty("items").EnumerateArray()];

    private async Task<HttpResponseMessage> AskAsync(int id, string visitor, string? key = null, bool cookieless = false)
    {
        var link = (await _server.Http.GetFromJsonAsync<JsonElement>($"{Surveys}/{id}")).GetProperty("link").GetString()!;
        return await _server.Http.PostAsync($"/v1/surveys/{link.Split('/')[^1]}/asks?lang=de", new StringContent(JsonSerializer.Serialize(new { writeKey = key ?? _web, anonymousId = visitor, language = "de", cookieless })));
    }

    private async Task<JsonElement> AskedAsync(int id, string visitor)
    {
        using var answer = await AskAsync(id, visitor);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        answer.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private Task<HttpResponseMessage> AnswerAsync(string token, int page, object? answers) =>
        _server.Http.PostAsync("/v1/surveys/answers?lang=de", new StringContent(JsonSerializer.Serialize(new { token, page, version = 1, language = "de", answers })));

    private Task VisitAsync(string visitor) => SendAsync(_web, new { type = "page", anonymousId = visitor });

    private async Task SendAsync(string key, object call)
    {
        (await _server.Http.PostAsJsonAsync("/v1/batch", new { writeKey = key, batch = new[] { call } })).EnsureSuccessStatusCode();
        var end = _server.Get<EventLog>().EndPosition;
        await _server.Get<JourneyStore>().WaitUntilVisibleAsync(end, CancellationToken.None);
        while (_server.Get<Tangent.Unify.ProfileFeed>().Position < end) await Task.Delay(20);
    }

    private async Task<List<(string, string)>> OutcomesAsync(int id) =>
        [.. (await _server.Http.GetFromJsonAsync<JsonElement>($"{Surveys}/{id}/decisions")).GetProperty("items").EnumerateArray().Select(d => (d.GetProperty("identifier").GetString()!, d.GetProperty("outcome").GetString()!))];

    private List<JsonElement> Answers()
    {
        var found = new List<JsonElement>();
        foreach (var row in _server.Get<EventLog>().Read(0).Where(r => r.Kind == LogKind.Events))
            foreach (var line in row.Events)
                if (JsonDocument.Parse(line).RootElement is var json && json.TryGetProperty("event", out var name) && name.GetString() == "Survey answered") found.Add(json);
        return found;
    }
}
