using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Measure;
using Tangent.Unify;

namespace Tangent.Tests.Measure;

/// <summary>Who answers: whose consent it is, what a second click does, and how many may try.</summary>
public sealed class AnsweringTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Surveys = "/api/v1/measure/surveys";

    [Fact]
    public async Task A_consent_is_of_the_address_the_letter_went_to_or_one_that_a_trusted_source_says()
    {
        var id = await AddAsync("relationship", "whose");
        await SayAsync("crm", "server", "mia", "mia@example.org");
        await SayAsync("site", "web", "mia", "stranger@example.org");
        await SayAsync("site", "web", "leo", "other@example.org");

        using var unknown = await server.Http.PostAsJsonAsync($"{Surveys}/{id}/responses", Agrees("leo"));
        unknown.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, "only a browser says the address");
        (await server.Http.PostAsJsonAsync($"{Surveys}/{id}/responses", Agrees("mia"))).EnsureSuccessStatusCode();
        (await OriginsAsync("stranger@example.org")).ShouldBeEmpty();
        (await OriginsAsync("mia@example.org")).ShouldBe(["api"]);

        var letter = new SurveyTicket(id, Guid.CreateVersion7(), "user:mia", "", "letter", "mia.before@example.org");
        foreach (var (page, question, answer) in new[] { ("0", "q.nps", "10"), ("2", "q.contact", "yes") })
            (await server.Http.PostAsync("/s/" + server.Get<SurveyLinks>().Token(letter), Form(("page", page), (question, answer)))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await OriginsAsync("mia.before@example.org")).ShouldBe(["survey"]);
    }

    [Fact]
    public async Task Clicking_send_several_times_at_once_answers_once()
    {
        var id = await AddAsync("invoice", "clicks");
        var action = "/s/" + server.Get<SurveyLinks>().Token(SurveyTicket.OfSomebody(id, "", "link"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.Http.PostAsync(action, Form(("page", "0"), ("q.ces", "5")))));
        answers.Select(a => a.StatusCode).Distinct().ShouldBe([HttpStatusCode.Redirect]);
        var list = await server.Http.GetFromJsonAsync<JsonElement>($"{Surveys}/{id}/responses");
        list.GetProperty("items").GetArrayLength().ShouldBe(1);
        var events = server.Get<EventLog>().Read(0).Sum(r => Regex.Count(Encoding.UTF8.GetString(r.Body.Span), "\"survey\":\"clicks\""));
        events.ShouldBe(1);
    }

    [Fact]
    public async Task What_a_program_answers_again_for_the_same_person_replaces_unless_it_says_that_it_is_another_response()
    {
        var id = await AddAsync("relationship", "again");
        Task<HttpResponseMessage> SayAgainAsync(string nps, Guid? response = null, bool complete = false) =>
            server.Http.PostAsJsonAsync($"{Surveys}/{id}/responses", new { userId = "rita", response, complete, answers = new[] { new { question = "nps", value = nps } } });
        foreach (var nps in new[] { "3", "4", "6" }) (await SayAgainAsync(nps)).EnsureSuccessStatusCode();
        async Task<List<JsonElement>> ListAsync() => [.. (await server.Http.GetFromJsonAsync<JsonElement>($"{Surveys}/{id}/responses")).GetProperty("items").EnumerateArray()];
        (await ListAsync()).Single().GetProperty("answers")[0].GetProperty("values")[0].GetString().ShouldBe("6");
        var at = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => SayAgainAsync((n + 1).ToString(System.Globalization.CultureInfo.InvariantCulture))));
        at.ShouldAllBe(a => a.IsSuccessStatusCode);
        (await ListAsync()).Count.ShouldBe(1, "also where they come at once");
        (await SayAgainAsync("2", Guid.CreateVersion7(), complete: true)).EnsureSuccessStatusCode();
        var both = await ListAsync();
        both.Count(r => r.GetProperty("complete").GetBoolean()).ShouldBe(1, "one said that nothing more comes");

        using var hidden = await server.Http.PostAsJsonAsync($"{Surveys}/{id}/responses", new { userId = "rolf", answers = new[] { new { question = "nps", value = "10" }, new { question = "better", value = "nothing" } } });
        hidden.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await hidden.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().ShouldBe("answers[1].question");
    }

    [Fact]
    public async Task Parts_of_a_response_that_come_at_once_by_its_id_and_for_its_person_are_all_kept()
    {
        var id = await AddAsync("relationship", "parts");
        async Task<JsonElement> SayPartAsync(string user, Guid? response, string question, string value)
        {
            using var said = await server.Http.PostAsJsonAsync($"{Surveys}/{id}/responses", new { userId = user, response, answers = new[] { new { question, value } } });
            return await said.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        }

        await Task.WhenAll(Enumerable.Range(0, 12).Select(async n =>
        {
            var user = $"part-{n}";
            var response = (await SayPartAsync(user, null, "nps", "3")).GetProperty("id").GetGuid();
            await Task.WhenAll(SayPartAsync(user, response, "nps", "4"), SayPartAsync(user, null, "better", "all"));
        }));
        var kept = (await server.Http.GetFromJsonAsync<JsonElement>($"{Surveys}/{id}/responses")).GetProperty("items").EnumerateArray().ToList();
        kept.Count.ShouldBe(12);
        kept.ShouldAllBe(r => r.GetProperty("answers").GetArrayLength() == 2 && r.GetProperty("answers")[0].GetProperty("values")[0].GetString() == "4");
    }

    [Fact]
    public async Task Guessing_links_is_refused_with_a_page_and_who_has_one_goes_on()
    {
        await using var own = await TestServer.StartAsync();
        using var made = await own.Http.PostAsync(Surveys, new StringContent(SurveyTemplates.All["invoice"].ToJson(), Encoding.UTF8, "application/json"));
        var id = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
        own.Http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        for (var i = 0; i < PublicLimit.PerMinute; i++) (await own.Http.GetAsync("/s/guess" + i)).Dispose();
        using var refused = await own.Http.GetAsync("/s/guess?lang=en");
        (refused.StatusCode, refused.Content.Headers.ContentType!.MediaType).ShouldBe((HttpStatusCode.TooManyRequests, "text/html"));
        (await refused.Content.ReadAsStringAsync()).ShouldContain("Wait a minute");
        using var valid = await own.Http.GetAsync("/s/" + own.Get<SurveyLinks>().Token(SurveyTicket.OfSomebody(id, "", "link")));
        valid.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_answer_that_is_not_asked_for_any_more_decides_and_counts_nothing_until_it_is_again()
    {
        var id = await KeepAsync(Branching("hidden"));
        async Task<(HttpStatusCode Status, string Answered)> SayAgainAsync(params (string Question, string Value)[] answers)
        {
            using var said = await server.Http.PostAsJsonAsync($"{Surveys}/{id}/responses", new { userId = "olga", answers = answers.Select(a => new { question = a.Question, value = a.Value }) });
            var answer = await said.Content.ReadFromJsonAsync<JsonElement>();
            return (said.StatusCode, said.IsSuccessStatusCode ? string.Join(' ', answer.GetProperty("answers").EnumerateArray().Select(a => a.GetProperty("question").GetString())) : answer.GetProperty("field").GetString()!);
        }

        async Task<int> LateAsync() => (await server.Http.GetFromJsonAsync<JsonElement>($"{Surveys}/{id}/choices")).GetProperty("items")[0].GetProperty("options")[0].GetProperty("count").GetInt32();
        (await SayAgainAsync(("csat", "2"), ("reason", "late"))).ShouldBe((HttpStatusCode.OK, "csat reason"));
        (await LateAsync()).ShouldBe(1);
        (await SayAgainAsync(("csat", "5"), ("lateness", "an hour"))).ShouldBe((HttpStatusCode.UnprocessableEntity, "answers[1].question"));
        (await SayAgainAsync(("csat", "5"))).ShouldBe((HttpStatusCode.OK, "csat"));
        (await LateAsync()).ShouldBe(0);
        (await SayAgainAsync(("csat", "1"), ("lateness", "an hour"))).ShouldBe((HttpStatusCode.OK, "csat reason lateness"), "what was said stands again");
        (await SayAgainAsync(("csat", "1"), ("csat", "5"))).ShouldBe((HttpStatusCode.UnprocessableEntity, "answers[1].question"), "one of the two would be lost");

        var action = "/s/" + server.Get<SurveyLinks>().Token(SurveyTicket.OfSomebody(id, "", "link"));
        foreach (var (page, question, answer, next) in new[] { ("0", "q.csat", "2", "&page=1"), ("1", "q.reason", "late", "&page=2"), ("0", "q.csat", "5", "?lang=en") })
        {
            using var sent = await server.Http.PostAsync(action + "?lang=en", Form(("page", page), (question, answer)));
            sent.Headers.Location!.ToString().ShouldEndWith(next);
        }
    }

    [Fact]
    public async Task The_number_of_a_page_leads_past_no_answer_that_must_be_given()
    {
        var id = await KeepAsync("""{"name":"past","defaultLanguage":"en","title":{"en":"x"},"pages":[{"questions":[{"key":"csat","kind":"csat","required":true,"text":{"en":"x"}}]},{"questions":[{"key":"why","kind":"text","text":{"en":"x"}}]},{"questions":[{"key":"stars","kind":"rating","text":{"en":"x"}}]}]}""");
        var action = "/s/" + server.Get<SurveyLinks>().Token(SurveyTicket.OfSomebody(id, "", "link")) + "?lang=en";
        foreach (var address in new[] { action + "&page=2", action + "&page=9", action + "&q=csat&a=4" }) (await server.Http.GetStringAsync(address)).ShouldContain("name=\"q.csat\"", customMessage: address);
        (await server.Http.GetStringAsync(action + "&q=csat&a=4")).ShouldMatch("value=\"4\" checked");
        async Task<(string, bool)> SendAsync(params (string Name, string Value)[] fields)
        {
            using var sent = await server.Http.PostAsync(action, Form(fields));
            var list = await server.Http.GetFromJsonAsync<JsonElement>($"{Surveys}/{id}/responses");
            return (sent.Headers.Location!.ToString()[^7..], list.GetProperty("items")[0].GetProperty("complete").GetBoolean());
        }

        (await SendAsync(("page", "2"), ("q.stars", "5"))).ShouldBe(("&page=0", false));
        (await SendAsync(("page", "9"))).ShouldBe(("&page=0", false));
        (await SendAsync(("page", "0"), ("q.csat", "4"))).ShouldBe(("&page=1", false));
        (await SendAsync(("page", "1"))).ShouldBe(("&page=2", false));
        (await server.Http.GetStringAsync(action + "&page=2")).ShouldMatch("value=\"5\" checked", "what was sent is kept");
        (await SendAsync(("page", "2"), ("q.stars", "5"))).ShouldBe(("lang=en", true));
    }

    private static string Branching(string name) => $$$"""
        {"name":"{{{name}}}","defaultLanguage":"en","title":{"en":"x"},"pages":[{"questions":[{"key":"csat","kind":"csat","required":true,"text":{"en":"x"}}]},
        {"questions":[{"key":"reason","kind":"choice","text":{"en":"x"},"showIf":["csat <= 3"],"options":[{"key":"late","text":{"en":"late"}},{"key":"price","text":{"en":"price"}}]}]},
        {"questions":[{"key":"lateness","kind":"text","text":{"en":"x"},"showIf":["reason = late"]}]}]}
        """;

    private static object Agrees(string user) => new { userId = user, answers = new[] { new { question = "nps", value = "10" }, new { question = "contact", value = "yes" } } };

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) => new(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));

    private Task<int> AddAsync(string template, string name) => KeepAsync((SurveyTemplates.All[template] with { Name = name }).ToJson());

    private async Task<int> KeepAsync(string survey)
    {
        using var answer = await server.Http.PostAsync(Surveys, new StringContent(survey, Encoding.UTF8, "application/json"));
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
    }

    private async Task SayAsync(string source, string kind, string user, string email)
    {
        var key = await server.Get(source, kind);
        using var sent = await server.Http.PostAsJsonAsync("/v1/batch", new { writeKey = key, batch = new[] { new { type = "identify", userId = user, traits = new { email } } } });
        sent.StatusCode.ShouldBe(HttpStatusCode.OK);
        var end = server.Get<EventLog>().EndPosition;
        await server.Get<JourneyStore>().WaitUntilVisibleAsync(end, CancellationToken.None);
        await server.Get<ProfileFeed>().WaitUntilKeptAsync(end, CancellationToken.None);
    }

    private async Task<List<string>> OriginsAsync(string email)
    {
        using var asked = await server.Http.PostAsJsonAsync("/api/v1/unify/consents/history", new { contactPoint = "email:" + email });
        return [.. (await asked.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("history").EnumerateArray().Select(w => w.GetProperty("origin").GetString()!)];
    }
}
