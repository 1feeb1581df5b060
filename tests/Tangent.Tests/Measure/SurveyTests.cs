using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Measure;
using Tangent.Tests.Access;
using People = Tangent.Tests.Access.People;

namespace Tangent.Tests.Measure;

/// <summary>Surveys over HTTP: how they are written, how people answer on pages without a script, and what becomes of bad input.</summary>
public sealed partial class SurveyTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Surveys = "/api/v1/measure/surveys";

    [Fact]
    public async Task Every_template_is_kept_as_it_is_and_says_everything_in_three_languages()
    {
        SurveyTemplates.All.Count.ShouldBeGreaterThan(6);
        foreach (var (key, template) in SurveyTemplates.All)
        {
            await AddAsync(template with { Name = "t-" + key });
            foreach (var text in new[] { template.Title, template.Intro, template.Thanks }.Concat(template.Questions.SelectMany(q => new[] { q.Text, q.Low ?? q.Text, q.High ?? q.Text, q.Comment ?? q.Text }.Concat((q.Options ?? []).Select(o => o.Text)))))
                text!.Keys.ShouldBe(SurveyDefinition.Languages, ignoreOrder: true, key);
        }
    }

    [Theory]
    [InlineData("""{"name":"w","defaultLanguage":"fr","title":{"en":"x"},"pages":[]}""", "defaultLanguage")]
    [InlineData("""{"name":"w","defaultLanguage":"de","title":{"en":"x"},"pages":[{"questions":[{"key":"a","kind":"nps","text":{"de":"x"}}]}]}""", "title")]
    [InlineData("""{"name":"w","defaultLanguage":"de","title":{"de":"x"}}""", "pages")]
    [InlineData("""{"name":"w","defaultLanguage":"de","title":{"de":"x"},"touchpoint":"Nowhere","pages":[{"questions":[{"key":"a","kind":"nps","text":{"de":"x"}}]}]}""", "touchpoint")]
    [InlineData("""{"name":"w","defaultLanguage":"de","title":{"de":"x"},"pages":[{"questions":[{"key":"a","kind":"choice","text":{"de":"x"}}]}]}""", "pages[0].questions[0].options")]
    [InlineData("""{"name":"w","defaultLanguage":"de","title":{"de":"x"},"pages":[{"questions":[{"key":"a","kind":"nps","text":{"de":"x"}},{"key":"b","kind":"text","text":{"de":"x"},"showIf":["a <= 6"]}]}]}""", "pages[0].questions[1].showIf")]
    [InlineData("""{"name":"w","defaultLanguage":"de","title":{"de":"x"},"pages":[{"questions":[{"key":"a","text":{"de":"x"}}]}]}""", "pages[0].questions[0].kind")]
    [InlineData("""{"name":"w","defaultLanguage":"de","title":{"de":"x"},"pages":[null,{"questions":[null]}]}""", "pages")]
    [InlineData("""{"name":"w","defaultLanguage":"de","title":{"de":"x"},"pages":[{"questions":[{"key":"a","kind":"nps","text":{"de":"x"}}]}],"ask":{"after":"","sample":2}}""", "ask.after")]
    public async Task A_survey_that_could_not_be_answered_is_refused_with_the_place(string json, string field)
    {
        using var answer = await server.Http.PostAsync(Surveys, Json(json));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().ShouldBe(field);
    }

    [Fact]
    public async Task Answers_by_the_public_link_become_events_at_the_touchpoint_page_by_page()
    {
        await server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name = "Parcel handed over", channel = "parcel", stage = "retention" });
        var (id, link) = await AddAsync(SurveyTemplates.All["delivery"] with { Name = "public", Touchpoint = "Parcel handed over" });
        var (action, html) = await OpenAsync(link + "?lang=de");
        html.ShouldContain("Wie zufrieden sind Sie mit der Lieferung?");
        html.ShouldContain("Guten Tag und willkommen");
        using var first = await SendAsync(action, ("q.csat", "2"), ("c.csat", "Zu spät & <b>nass</b>"));
        first.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var next = first.Headers.Location!.ToString();
        next.ShouldContain("page=1");
        // What was answered is an event though the survey is not finished.
        var events = await EventsAsync(id);
        events.Count.ShouldBe(1);
        var properties = events[0].GetProperty("properties");
        (properties.GetProperty("metric").GetString(), properties.GetProperty("score").GetInt32(), properties.GetProperty("touchpoint").GetString(), properties.GetProperty("language").GetString(), properties.GetProperty("comment").GetString(), properties.GetProperty("via").GetString())
            .ShouldBe(("csat", 2, "Parcel handed over", "de", "Zu spät & <b>nass</b>", "answer"));
        using var second = await SendAsync(action, ("page", "1"), ("q.problem", "late"), ("q.problem", "driver"));
        second.Headers.Location!.ToString().ShouldNotContain("page=");
        (await server.Http.GetStringAsync(second.Headers.Location)).ShouldContain("Ihre Antwort hilft uns");
        events = await EventsAsync(id);
        events[1].GetProperty("properties").GetProperty("answer").GetString().ShouldBe("late, driver");
        var response = (await ResponsesAsync(id)).Single();
        (response.GetProperty("complete").GetBoolean(), response.GetProperty("via").GetString()).ShouldBe((true, "link"));
    }

    [Fact]
    public async Task Who_is_satisfied_is_not_asked_what_went_wrong()
    {
        var (id, link) = await AddAsync(SurveyTemplates.All["delivery"] with { Name = "branch" });
        var (action, _) = await OpenAsync(link);
        using var sent = await SendAsync(action, ("q.csat", "5"));
        sent.Headers.Location!.ToString().ShouldNotContain("page=");
        (await ResponsesAsync(id)).Single().GetProperty("complete").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData("6")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("4.5")]
    [InlineData("five")]
    [InlineData("")]
    public async Task An_answer_outside_the_scale_is_refused_and_the_words_beside_it_stay(string value)
    {
        var (id, link) = await AddAsync(SurveyTemplates.All["shop-visit"] with { Name = "scale" + value });
        var (action, _) = await OpenAsync(link);
        using var refused = await SendAsync(action, ("q.rating", value), ("c.rating", "Keep me"));
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("role=\"alert\"");
        (await EventsAsync(id)).ShouldBeEmpty();
        using var api = await server.Http.PostAsJsonAsync($"{Surveys}/{id}/responses", new { userId = "a", answers = new[] { new { question = "rating", value } } });
        api.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_look_answers_nothing_and_a_click_in_a_letter_is_shown_chosen()
    {
        var (id, link) = await AddAsync(SurveyTemplates.All["relationship"] with { Name = "look" });
        var (_, html) = await OpenAsync(link + "?q=nps&a=9");
        html.ShouldMatch("value=\"9\" checked");
        (await server.Http.GetStringAsync(new Uri(link).AbsolutePath + "?q=nps&a=99")).ShouldNotContain("value=\"99\"");
        (await EventsAsync(id)).ShouldBeEmpty();
        (await ResponsesAsync(id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_second_answer_replaces_the_first_and_the_same_again_is_no_event()
    {
        var (id, link) = await AddAsync(SurveyTemplates.All["shop-visit"] with { Name = "second" });
        var (action, _) = await OpenAsync(link);
        foreach (var stars in new[] { "2", "2", "5", "2" }) (await SendAsync(action, ("page", "0"), ("q.rating", stars))).Dispose();
        var events = await EventsAsync(id);
        events.Select(e => e.GetProperty("properties").GetProperty("score").GetInt32()).ShouldBe([2, 5, 2]);
        events.Select(e => e.GetProperty("properties").GetProperty("response").GetString()).Distinct().Count().ShouldBe(1);
        events.Select(e => e.GetProperty("messageId").GetString()).Distinct().Count().ShouldBe(3);
        (await ResponsesAsync(id)).Single().GetProperty("answers")[0].GetProperty("values")[0].GetString().ShouldBe("2");
    }

    [Fact]
    public async Task A_forged_link_and_a_closed_survey_say_so()
    {
        var (id, link) = await AddAsync(SurveyTemplates.All["invoice"] with { Name = "forged" });
        var (action, _) = await OpenAsync(link);
        var forged = action.Replace("/s/CfDJ8", "/s/CfDJ9", StringComparison.Ordinal)[..^12] + "?lang=en";
        using var gone = await server.Http.GetAsync(forged);
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var sent = await SendAsync(forged, ("q.ces", "5"));
        sent.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Http.PutAsJsonAsync($"{Surveys}/{id}/open", new { open = false })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var closed = await SendAsync(action, ("q.ces", "5"));
        closed.StatusCode.ShouldBe(HttpStatusCode.Gone);
        (await EventsAsync(id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_survey_edited_while_it_is_answered_keeps_the_answer_with_the_version_that_was_shown()
    {
        var survey = SurveyTemplates.All["shop-visit"] with { Name = "edited" };
        var (id, link) = await AddAsync(survey);
        var (action, html) = await OpenAsync(link);
        var version = VersionField().Match(html).Groups[1].Value;
        var other = SurveyTemplates.All["invoice"] with { Name = "edited" };
        (await server.Http.PutAsync($"{Surveys}/{id}", Json(other.ToJson()))).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var sent = await SendAsync(action, ("version", version), ("page", "0"), ("q.rating", "4"));
        sent.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await ResponsesAsync(id)).Single().GetProperty("version").GetInt32().ShouldBe(1);
        (await EventsAsync(id)).Single().GetProperty("properties").GetProperty("metric").GetString().ShouldBe("rating");
        (await server.Http.GetFromJsonAsync<JsonElement>($"{Surveys}/{id}")).GetProperty("version").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Ten_thousand_characters_and_scripts_are_kept_and_shown_as_text()
    {
        var (id, link) = await AddAsync(SurveyTemplates.All["shop-visit"] with { Name = "long" });
        var (action, _) = await OpenAsync(link);
        var script = "<script>alert('ż')</script>" + new string('x', 10_000);
        using var refused = await SendAsync(action, ("q.rating", "1"), ("c.rating", script));
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var shown = await refused.Content.ReadAsStringAsync();
        shown.ShouldContain("&lt;script&gt;");
        shown.ShouldContain(new string('x', 10_000));
        shown.ShouldNotContain("<script>alert");
        using var taken = await SendAsync(action, ("q.rating", "1"), ("c.rating", script[..10_000]));
        taken.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await EventsAsync(id)).Single().GetProperty("properties").GetProperty("comment").GetString().ShouldBe(script[..10_000]);
        (await server.Http.GetStringAsync($"/measure/surveys/{id}")).ShouldNotContain("<script>alert");
    }

    [Fact]
    public async Task Answers_come_by_the_api_in_parts_and_belong_to_one_person()
    {
        var (id, _) = await AddAsync(SurveyTemplates.All["relationship"] with { Name = "api" });
        var first = await PostAsync(id, new { userId = "api-1", language = "pl", answers = new[] { new { question = "nps", value = "3", comment = "za wolno" } } });
        first.GetProperty("complete").GetBoolean().ShouldBeFalse("what is to become better is asked and not answered yet");
        var response = first.GetProperty("id").GetGuid();
        var second = await PostAsync(id, new { userId = "api-1", response, answers = new[] { new { question = "better", value = "wszystko" } } });
        second.GetProperty("answers").GetArrayLength().ShouldBe(2);
        second.GetProperty("complete").GetBoolean().ShouldBeTrue();
        second.GetProperty("answers")[1].GetProperty("comment").GetString().ShouldBe("wszystko");
        using var other = await server.Http.PostAsJsonAsync($"{Surveys}/{id}/responses", new { userId = "api-2", response, answers = new[] { new { question = "nps", value = "9" } } });
        other.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        foreach (var bad in new object[] { new { userId = "x" }, new { answers = new[] { new { question = "nps", value = "9" } } }, new { userId = "x", answers = new[] { new { question = "none", value = "9" } } }, new { userId = "x", answers = new object?[] { null } }, new { userId = "x", answers = new[] { new { question = "contact", value = "yes" } } } })
            (await server.Http.PostAsJsonAsync($"{Surveys}/{id}/responses", bad)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.Http.PostAsJsonAsync($"{Surveys}/999/responses", new { userId = "x" })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await PostAsync(id, new { userId = "api-1", response, language = "en", answers = new[] { new { question = "nps", value = "4", comment = "slow" } } });
        var events = await EventsAsync(id);
        events.Select(e => e.GetProperty("userId").GetString()).ShouldBe(["api-1", "api-1", "api-1"]);
        events[0].GetProperty("properties").GetProperty("language").GetString().ShouldBe("pl");
        events[1].GetProperty("properties").TryGetProperty("language", out _).ShouldBeFalse("nobody said it this time; the words do");
        events[2].GetProperty("properties").GetProperty("language").GetString().ShouldBe("en", "as it was said with these words");
    }

    [Fact]
    public async Task The_page_makes_a_survey_from_a_template_and_previews_it_without_keeping_anything()
    {
        var made = await People.SubmitAsync(server.Http, "/measure/surveys", "/measure/surveys", ("template", "support-call"), ("name", "From the page"), ("touchpoint", ""));
        made.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var page = made.Headers.Location!.ToString();
        (await server.Http.GetStringAsync(page)).ShouldContain("data:image/svg");
        WebUtility.HtmlDecode(await server.Http.GetStringAsync(page + "/preview?lang=pl")).ShouldContain("Firma ułatwiła mi");
        (await server.Http.GetStringAsync(page + "/preview?page=0&q.ces=2&lang=en")).ShouldContain("Is your issue solved?");
        var id = int.Parse(page.Split('/')[^1], CultureInfo.InvariantCulture);
        (await EventsAsync(id)).ShouldBeEmpty();
        var wrong = await People.SubmitAsync(server.Http, page, page, ("name", "From the page"), ("questions", "{not json"), ("delayHours", "1"), ("waitDays", "1"), ("samplePercent", "5"));
        wrong.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await wrong.Content.ReadAsStringAsync()).ShouldContain("{not json");
    }

    [Fact]
    public async Task An_expired_link_says_so_and_one_of_a_person_who_is_not_known_answers_for_nobody()
    {
        var (id, _) = await AddAsync(SurveyTemplates.All["invoice"] with { Name = "expired" });
        var ticket = new SurveyTicket(id, Guid.CreateVersion7(), "user:erased-long-ago", "", "letter");
        var expired = server.Get<IDataProtectionProvider>().CreateProtector("Measure.SurveyLinks").ToTimeLimitedDataProtector().Protect(JsonSerializer.Serialize(ticket), DateTimeOffset.UtcNow.AddSeconds(-1));
        using var gone = await SendAsync("/s/" + expired, ("q.ces", "5"));
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await EventsAsync(id)).ShouldBeEmpty();
        using var taken = await SendAsync("/s/" + server.Get<SurveyLinks>().Token(ticket), ("q.ces", "5"));
        taken.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var said = (await EventsAsync(id)).Single();
        said.TryGetProperty("userId", out _).ShouldBeFalse();
        said.GetProperty("anonymousId").GetString()!.ShouldStartWith("survey-");
    }

    [Fact]
    public async Task A_consent_is_asked_of_whoever_has_an_address_and_recorded_with_its_wording()
    {
        var (id, _) = await AddAsync(SurveyTemplates.All["relationship"] with { Name = "consent", DefaultLanguage = "en" });
        using var made = await server.Http.PostAsJsonAsync("/api/v1/collect/sources", new { name = "consent-crm", kind = "server" });
        var key = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("writeKey").GetString();
        (await server.Http.PostAsJsonAsync("/v1/batch", new { writeKey = key, batch = new[] { new { type = "identify", userId = "fan", traits = new { email = "fan@example.org", firstName = "Fan" } } } })).EnsureSuccessStatusCode();
        while (server.Get<Tangent.Unify.ProfileFeed>().Position < server.Get<EventLog>().EndPosition) await Task.Delay(20);
        await server.Get<JourneyStore>().WaitUntilVisibleAsync(server.Get<EventLog>().EndPosition, CancellationToken.None);
        var action = "/s/" + server.Get<SurveyLinks>().Token(new SurveyTicket(id, Guid.CreateVersion7(), "user:fan", "", "letter"));
        (await server.Http.GetStringAsync(action + "?lang=en")).ShouldContain("Hello Fan");
        using var first = await SendAsync(action + "?lang=en", ("q.nps", "10"));
        first.Headers.Location!.ToString().ShouldContain("page=2");
        using var second = await SendAsync(action + "?lang=en", ("page", "2"), ("q.contact", "yes"));
        second.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        using var asked = await server.Http.PostAsJsonAsync("/api/v1/unify/consents/history", new { contactPoint = "email:fan@example.org" });
        var word = (await asked.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("history")[0];
        (word.GetProperty("state").GetString(), word.GetProperty("purpose").GetString(), word.GetProperty("wordingVersion").GetString()).ShouldBe(("given", "commercial", $"survey-{id}-1-en"));
        word.GetProperty("wording").GetString()!.ShouldStartWith("You may write to me");
    }

    [Fact]
    public async Task Who_may_not_see_comments_sees_the_numbers_alone()
    {
        await using var own = await TestServer.StartAsync(false, null, "--Sensitivity:Comments=Editor");
        using var editor = await own.ComeInAsync("editor@example.org", Role.Editor);
        using var viewer = await own.ComeInAsync("viewer@example.org", Role.Viewer);
        (await editor.PostAsync(Surveys, Json(SurveyTemplates.All["relationship"].ToJson()))).EnsureSuccessStatusCode();
        (await editor.PostAsJsonAsync($"{Surveys}/1/responses", new { userId = "m", answers = new[] { new { question = "nps", value = "2", comment = "SecretOne" }, new { question = "better", value = "SecretTwo", comment = "" } } })).EnsureSuccessStatusCode();
        foreach (var address in new[] { $"{Surveys}/1/responses", "/measure/surveys/1" })
        {
            (await editor.GetStringAsync(address)).ShouldContain("SecretTwo");
            (await viewer.GetStringAsync(address)).ShouldNotContain("Secret");
        }

        (await viewer.PostAsJsonAsync($"{Surveys}/1/responses", new { userId = "m" })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task An_export_has_a_persons_answers_and_an_erasure_takes_them()
    {
        var (id, _) = await AddAsync(SurveyTemplates.All["invoice"] with { Name = "erased" });
        await PostAsync(id, new { userId = "erase-me", answers = new[] { new { question = "ces", value = "1" } } });
        await PostAsync(id, new { userId = "keep-me", answers = new[] { new { question = "ces", value = "7" } } });
        await using var scope = server.Services.CreateAsyncScope();
        var keeper = scope.ServiceProvider.GetServices<IKeepsPersonalData>().Single(k => k.Kind == "surveyAnswers");
        var subject = new DataSubject(null, ["user:erase-me"], []);
        (await keeper.CountAsync(subject, CancellationToken.None)).ShouldBe(1);
        await keeper.EraseAsync(subject, CancellationToken.None);
        (await keeper.CountAsync(subject, CancellationToken.None)).ShouldBe(0);
        (await ResponsesAsync(id)).Single().GetProperty("identifier").GetString().ShouldBe("user:keep-me");
    }

    [Theory]
    [InlineData("nps <= 6", true)]
    [InlineData("nps > 6", false)]
    [InlineData("reason = late | lost", true)]
    [InlineData("reason != late", false)]
    [InlineData("never != late", true)]
    [InlineData("never = late", false)]
    [InlineData("trait plan = GOLD | silver", true)]
    [InlineData("trait age >= 18", true)]
    [InlineData("trait nothing = x", false)]
    [InlineData("touchpoint = Delivery", true)]
    [InlineData("property total >= 100", true)]
    [InlineData("property carrier = post", false)]
    [InlineData("property != 5", true)]
    public void A_condition_holds_of_answers_traits_touchpoint_and_event(string text, bool holds)
    {
        var answers = new Dictionary<string, GivenAnswer> { ["nps"] = new(["5"]), ["reason"] = new(["broken", "late"]) };
        var facts = new ConditionFacts(answers, new() { ["plan"] = "gold", ["age"] = 42 }, "Delivery", new() { ["total"] = 120.5, ["carrier"] = "van" });
        SurveyCondition.Read(text)!.Holds(facts).ShouldBe(holds);
    }

    [Fact]
    public void Variables_are_filled_or_fall_back()
    {
        var traits = new System.Text.Json.Nodes.JsonObject { ["firstName"] = "<b>Łucja</b>" };
        Variables.Fill("Hi {{firstName|there}}, {{ lastName | friend }}{{nothing}}!", traits).ShouldBe("Hi <b>Łucja</b>, friend!");
        Variables.Fill("Hi {{firstName|there}}", []).ShouldBe("Hi there");
        Variables.Fault("Hi {{firstName|there}}, {{ x | }}").ShouldBeNull();
        Variables.Fault("Hi {{firstName}}!").ShouldBe("{{firstName}}");
        Variables.Fault("Hi {{firstName|there").ShouldBe("{{firstName|there");
    }

    private async Task<(int Id, string Link)> AddAsync(SurveyDefinition survey)
    {
        using var answer = await server.Http.PostAsync(Surveys, Json(survey.ToJson()));
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        var view = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (view.GetProperty("id").GetInt32(), view.GetProperty("link").GetString()!);
    }

    private async Task<JsonElement> PostAsync(int id, object body)
    {
        using var answer = await server.Http.PostAsJsonAsync($"{Surveys}/{id}/responses", body);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<(string Action, string Html)> OpenAsync(string link)
    {
        var html = await server.Http.GetStringAsync(new Uri(link).PathAndQuery);
        return (WebUtility.HtmlDecode(FormAction().Match(html).Groups[1].Value), html);
    }

    private Task<HttpResponseMessage> SendAsync(string action, params (string Name, string Value)[] fields) =>
        server.Http.PostAsync(action, new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))));

    private async Task<List<JsonElement>> ResponsesAsync(int id) => [.. (await server.Http.GetFromJsonAsync<JsonElement>($"{Surveys}/{id}/responses")).GetProperty("items").EnumerateArray()];

    private async Task<List<JsonElement>> EventsAsync(int id)
    {
        var name = (await server.Http.GetFromJsonAsync<JsonElement>($"{Surveys}/{id}")).GetProperty("name").GetString();
        var found = new List<JsonElement>();
        foreach (var row in server.Get<EventLog>().Read(0).Where(r => r.Kind == LogKind.Events))
            foreach (var line in row.Events)
                if (JsonDocument.Parse(line).RootElement is var json && json.TryGetProperty("properties", out var p) && p.TryGetProperty("survey", out var survey) && survey.GetString() == name) found.Add(json);
        return found;
    }

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    [GeneratedRegex("<form method=\"post\" action=\"(/s/[^\"]+)\"")]
    private static partial Regex FormAction();

    [GeneratedRegex("name=\"version\" value=\"(\\d+)\"")]
    private static partial Regex VersionField();
}
