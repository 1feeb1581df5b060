using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tangent.Measure;
using People = Tangent.Tests.Access.People;

namespace Tangent.Tests.Measure;

/// <summary>What of a survey is kept, refused and removed, and what its page says of it.</summary>
public sealed class SurveyKeepingTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Surveys = "/api/v1/measure/surveys";

    [Fact]
    public async Task Quiet_hours_can_be_switched_off_by_the_api_and_on_the_page()
    {
        await server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name = "Handover", channel = "parcel", stage = "retention" });
        var survey = JsonNode.Parse((SurveyTemplates.All["delivery"] with { Name = "quiet", Touchpoint = "Handover", Ask = new AskRule("Handover") }).ToJson())!;
        (survey["ask"]!["quietFrom"], survey["ask"]!["quietTo"]) = (null, null);
        var id = (await SaveAsync(survey.ToJsonString())).GetProperty("id").GetInt32();
        async Task<(string?, string?)> HoursAsync() =>
            (await server.Http.GetFromJsonAsync<JsonElement>($"{Surveys}/{id}")).GetProperty("survey").GetProperty("ask") is var ask ? (ask.GetProperty("quietFrom").GetString(), ask.GetProperty("quietTo").GetString()) : default;
        (await HoursAsync()).ShouldBe((null, null));
        var page = $"/measure/surveys/{id}";
        async Task SubmitAsync(string from, string to) => (await People.SubmitAsync(server.Http, page, page, ("name", "quiet"), ("touchpoint", "Handover"), ("after", "Handover"), ("ask", "true"),
            ("delayHours", "0"), ("waitDays", "30"), ("samplePercent", "100"), ("purpose", "commercial"), ("quietFrom", from), ("quietTo", to))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        await SubmitAsync("21:00", "07:00");
        (await HoursAsync()).ShouldBe(("21:00", "07:00"));
        await SubmitAsync("", "");
        (await HoursAsync()).ShouldBe((null, null));
        (survey["ask"]!["quietFrom"], survey["ask"]!["quietTo"]) = ("", "");
        (await server.Http.PutAsync($"{Surveys}/{id}", Json(survey.ToJsonString()))).StatusCode.ShouldBe(HttpStatusCode.OK);
        survey["ask"]!["quietFrom"] = "20:00";
        (await server.Http.PutAsync($"{Surveys}/{id}", Json(survey.ToJsonString()))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData("\"showIf\":[\"nps <= 60\"]", "pages[1].questions[0].showIf")]
    [InlineData("\"showIf\":[\"nps = many\"]", "pages[1].questions[0].showIf")]
    [InlineData("\"showIf\":[\"why = later\"]", "pages[1].questions[0].showIf")]
    [InlineData("\"showIf\":[\"words = late\"]", "pages[1].questions[0].showIf")]
    [InlineData("\"showIf\":[\"trait age > old\"]", "pages[1].questions[0].showIf")]
    [InlineData("\"showIf\":[\"touchpoint = Nowhere at all\"]", "pages[1].questions[0].showIf")]
    [InlineData("\"showIf\":[\"property total > 5\"]", "pages[1].questions[0].showIf")]
    [InlineData("\"low\":{\"de\":\"Hallo {{firstName\"}", "pages[1].questions[0].low")]
    [InlineData("\"low\":{\"de\":\"Hallo {{firstName}}\"}", "pages[1].questions[0].low")]
    [InlineData("\"showIf\":[\"nps <= 6\",\"why = late\"],\"low\":{\"de\":\"Hallo {{firstName|}}\"}", null)]
    public async Task Conditions_that_no_answer_decides_and_texts_with_half_a_variable_are_refused(string last, string? field)
    {
        var json = """
            {"name":"checked","defaultLanguage":"de","title":{"de":"x"},"pages":[{"questions":[{"key":"nps","kind":"nps","text":{"de":"x"}},{"key":"words","kind":"text","text":{"de":"x"}},
            {"key":"why","kind":"choice","text":{"de":"x"},"options":[{"key":"late","text":{"de":"x"}},{"key":"wet","text":{"de":"y"}}]}]},{"questions":[{"key":"b","kind":"csat","text":{"de":"x"},LAST}]}]}
            """.Replace("LAST", last, StringComparison.Ordinal);
        using var answer = await server.Http.PostAsync(Surveys, Json(json));
        answer.StatusCode.ShouldBe(field is null ? HttpStatusCode.Created : HttpStatusCode.UnprocessableEntity, await answer.Content.ReadAsStringAsync());
        if (field is not null) (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().ShouldBe(field);
    }

    [Fact]
    public async Task A_survey_made_by_mistake_is_removed_and_one_that_was_answered_is_not()
    {
        async Task<int> MakeAsync(string name) => (await SaveAsync((SurveyTemplates.All["delivery"] with { Name = name }).ToJson())).GetProperty("id").GetInt32();
        var (mistake, other, answered) = (await MakeAsync("mistake"), await MakeAsync("on the page"), await MakeAsync("answered"));
        (await server.Http.DeleteAsync($"{Surveys}/{mistake}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await server.Http.GetAsync($"{Surveys}/{mistake}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await People.SubmitAsync(server.Http, $"/measure/surveys/{other}", $"/measure/surveys/{other}/removal")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await server.Http.GetAsync($"/measure/surveys/{other}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        foreach (var (who, what) in new[] { ("a", (string[])["late"]), ("b", ["late", "driver"]) })
            (await server.Http.PostAsJsonAsync($"{Surveys}/{answered}/responses", new { userId = who, answers = new object[] { new { question = "csat", value = "2" }, new { question = "problem", values = what } } })).EnsureSuccessStatusCode();
        (await server.Http.DeleteAsync($"{Surveys}/{answered}")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var question = (await server.Http.GetFromJsonAsync<JsonElement>($"{Surveys}/{answered}/choices")).GetProperty("items").EnumerateArray().Single(q => q.GetProperty("question").GetString() == "problem");
        question.GetProperty("answered").GetInt32().ShouldBe(2);
        var counts = question.GetProperty("options").EnumerateArray().ToDictionary(o => o.GetProperty("option").GetString()!, o => o.GetProperty("count").GetInt32());
        (counts["late"], counts["driver"]).ShouldBe((2, 1));
        var page = await server.Http.GetStringAsync($"/measure/surveys/{answered}?lang=en");
        (page.Contains("id=\"choices-problem\"", StringComparison.Ordinal), page.Contains($"/measure/surveys/{answered}/removal", StringComparison.Ordinal)).ShouldBe((true, false));
    }

    [Fact]
    public async Task Whoever_answers_reads_the_name_of_the_company_and_not_of_the_program()
    {
        await using var own = await TestServer.StartAsync(true, null, "--Company:Name=Velora");
        using var made = await own.Http.PostAsync(Surveys, Json(SurveyTemplates.All["invoice"].ToJson()));
        var link = new Uri((await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("link").GetString()!).PathAndQuery;
        var html = await own.Http.GetStringAsync(link + "?lang=en");
        html.ShouldContain(" · Velora</title>");
        html.ShouldContain("<div class=\"brand\"><span>Velora</span></div>");
        html.Contains("Tangent", StringComparison.Ordinal).ShouldBeFalse();
    }

    private async Task<JsonElement> SaveAsync(string json)
    {
        using var answer = await server.Http.PostAsync(Surveys, Json(json));
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");
}
