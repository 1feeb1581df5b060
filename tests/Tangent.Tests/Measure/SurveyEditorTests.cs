using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Tangent.Measure;
using Tangent.Tests.Access;

namespace Tangent.Tests.Measure;

/// <summary>The form in which a survey is edited, as a browser without a script sends it.</summary>
public sealed class SurveyEditorTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Surveys = "/api/v1/measure/surveys";

    [Fact]
    public async Task What_the_form_shows_and_sends_back_unchanged_makes_no_new_version()
    {
        foreach (var (key, template) in SurveyTemplates.All)
        {
            var id = await AddAsync(template with { Name = "same-" + key });
            var before = await SurveyAsync(id);
            using var saved = await PostAsync(id, Fields(before), "save");
            saved.StatusCode.ShouldBe(HttpStatusCode.Redirect, await saved.Content.ReadAsStringAsync());
            (await VersionAsync(id)).ShouldBe(1, key);
        }
    }

    [Fact]
    public async Task Nothing_is_kept_before_it_is_saved_and_a_saved_one_asks_what_the_form_says()
    {
        var id = await AddAsync(SurveyTemplates.All["delivery"] with { Name = "grows" });
        var fields = Fields(await SurveyAsync(id));
        using var added = await PostAsync(id, fields, "question-add:1");
        var html = await added.Content.ReadAsStringAsync();
        html.ShouldContain("id=\"pages[1].questions[1].text.en\"");
        html.ShouldContain("A question was added.");
        (await VersionAsync(id)).ShouldBe(1);
        fields["pages[1].questions"] = "2";
        fields["pages[1].questions[1].key"] = "again";
        fields["pages[1].questions[1].kind"] = "Text";
        fields["pages[1].questions[1].text.en"] = "What else?";
        fields["pages[1].questions[1].showIf"] = "1";
        fields["pages[1].questions[1].showIf[0].what"] = "csat";
        fields["pages[1].questions[1].showIf[0].operator"] = "<=";
        fields["pages[1].questions[1].showIf[0].value"] = "2";
        using var saved = await PostAsync(id, fields, "save");
        saved.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var kept = await SurveyAsync(id);
        (kept.Pages![1].Questions![1].Text!["en"], kept.Pages[1].Questions![1].ShowIf!.Single(), await VersionAsync(id)).ShouldBe(("What else?", "csat <= 2", 2));
    }

    [Fact]
    public async Task What_is_wrong_is_said_at_its_field_all_at_once_and_what_was_entered_stays()
    {
        var id = await AddAsync(SurveyTemplates.All["delivery"] with { Name = "wrong" });
        var fields = Fields(await SurveyAsync(id));
        fields["pages[0].questions[0].key"] = "not a key";
        fields["pages[0].questions[0].text.en"] = "";
        fields["pages[0].questions[0].text.de"] = "Bleibt <b>stehen</b>";
        using var refused = await PostAsync(id, fields, "save");
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var html = await refused.Content.ReadAsStringAsync();
        html.ShouldContain("id=\"pages[0].questions[0].key-fault\"");
        html.ShouldContain("id=\"pages[0].questions[0].text-fault\"");
        html.ShouldContain("value=\"not a key\"");
        html.ShouldContain("Bleibt &lt;b&gt;stehen&lt;/b&gt;");
        (await VersionAsync(id)).ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_saves_second_is_told_that_somebody_else_saved_first()
    {
        var id = await AddAsync(SurveyTemplates.All["invoice"] with { Name = "two at once" });
        var fields = Fields(await SurveyAsync(id));
        fields["title.en"] = "The first";
        (await PostAsync(id, fields, "save")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        fields["title.en"] = "The second";
        using var refused = await PostAsync(id, fields, "save");
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("changed the survey meanwhile");
        (await SurveyAsync(id)).Title!["en"].ShouldBe("The first");
        fields["version"] = "2";
        (await PostAsync(id, fields, "save")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await SurveyAsync(id)).Title!["en"].ShouldBe("The second");
    }

    [Fact]
    public async Task The_longest_survey_can_be_edited_and_nonsense_changes_nothing()
    {
        var option = Enumerable.Range(0, 20).Select(o => new SurveyOption("o" + o, new Dictionary<string, string> { ["en"] = "O" + o, ["de"] = "O" + o, ["pl"] = "O" + o })).ToList();
        var question = new SurveyQuestion("q", QuestionKind.Choice, new Dictionary<string, string> { ["en"] = "Which?" }, Options: option);
        var id = await AddAsync(SurveyTemplates.All["delivery"] with { Name = "longest", Pages = [new SurveyPart([.. Enumerable.Range(0, 50).Select(n => question with { Key = "q" + n })])] });
        var fields = Fields(await SurveyAsync(id));
        fields.Count.ShouldBeGreaterThan(4000);
        using var saved = await PostAsync(id, fields, "save");
        saved.StatusCode.ShouldBe(HttpStatusCode.Redirect, await saved.Content.ReadAsStringAsync());
        foreach (var action in new[] { "question-up:99.99", "page-remove:7", "option-remove:0.0.99", "question-up:x", "question-up:1.2.3.4", "", "nonsense", "page-up:-1" })
        {
            using var answer = await PostAsync(id, fields, action);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, action);
        }

        using var broken = await PostAsync(id, new Dictionary<string, string> { ["pages"] = "9999999999", ["pages[0].questions"] = "-1" }, "save");
        broken.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await VersionAsync(id)).ShouldBe(1);
    }

    [Theory]
    [InlineData("question-down:0.0", "b a | c")]
    [InlineData("question-up:1.0", "a b c | ")]
    [InlineData("question-down:0.1", "a | b c")]
    [InlineData("question-up:0.0", "a b | c")]
    [InlineData("question-remove:0.0", "b | c")]
    [InlineData("page-down:0", "c | a b")]
    [InlineData("page-up:1", "c | a b")]
    [InlineData("page-remove:0", "c")]
    public void Questions_move_over_the_ends_of_their_pages(string action, string expected)
    {
        SurveyQuestion Question(string key) => new(key, QuestionKind.Text, new Dictionary<string, string> { ["en"] = key });
        var survey = SurveyTemplates.All["delivery"] with { Pages = [new SurveyPart([Question("a"), Question("b")]), new SurveyPart([Question("c")])] };
        string.Join(" | ", SurveyDraft.Change(survey, action).Survey.Pages!.Select(p => string.Join(' ', p.Questions!.Select(q => q.Key)))).ShouldBe(expected);
    }

    [Theory]
    [InlineData("nps <= 6", "nps", "", "<=", "6")]
    [InlineData("trait plan = gold | silver", "trait", "plan", "=", "gold | silver")]
    [InlineData("touchpoint != Delivery", "touchpoint", "", "!=", "Delivery")]
    [InlineData("touchpoint = ", "touchpoint", "", "=", "")]
    [InlineData("trait  >= 3", "trait", "", ">=", "3")]
    public void A_condition_is_taken_apart_and_put_together_again(string text, string what, string trait, string @operator, string value)
    {
        ConditionFields.Of(text).ShouldBe(new ConditionFields(what, trait, @operator, value));
        ConditionFields.Of(ConditionFields.Of(text).Text).ShouldBe(ConditionFields.Of(text));
    }

    [Fact]
    public async Task Saving_when_a_survey_asks_leaves_the_questions_that_somebody_else_changed_meanwhile()
    {
        var id = await AddAsync(SurveyTemplates.All["invoice"] with { Name = "meanwhile" });
        var page = await server.Http.GetStringAsync($"/measure/surveys/{id}");
        var shown = WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Match(page, "<textarea[^>]*name=\"questions\"[^>]*>([^<]*)</textarea>").Groups[1].Value);
        var fields = Fields(await SurveyAsync(id));
        fields["title.en"] = "Changed in the editor";
        (await PostAsync(id, fields, "save")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        using var saved = await server.Http.SubmitAsync($"/measure/surveys/{id}", $"/measure/surveys/{id}", ("name", "meanwhile"), ("open", "true"), ("version", "1"), ("questions", shown), ("delayHours", "1"), ("waitDays", "1"), ("samplePercent", "5"));
        saved.StatusCode.ShouldBe(HttpStatusCode.Redirect, await saved.Content.ReadAsStringAsync());
        (await SurveyAsync(id)).Title!["en"].ShouldBe("Changed in the editor");
    }

    private Task<HttpResponseMessage> PostAsync(int id, Dictionary<string, string> fields, string action) =>
        server.Http.SubmitAsync($"/measure/surveys/{id}/questions", $"/measure/surveys/{id}/questions", [.. fields.Select(f => (f.Key, f.Value)), ("do", action)]);

    /// <summary>What the form sends where nothing was changed.</summary>
    private static Dictionary<string, string> Fields(SurveyDefinition survey)
    {
        var fields = new Dictionary<string, string> { ["version"] = "1", ["defaultLanguage"] = survey.DefaultLanguage!, ["pages"] = $"{survey.Pages!.Count}" };
        void Words(string at, IReadOnlyDictionary<string, string>? words)
        {
            foreach (var (language, said) in words ?? new Dictionary<string, string>()) fields[$"{at}.{language}"] = said;
        }

        Words("title", survey.Title);
        Words("intro", survey.Intro);
        Words("thanks", survey.Thanks);
        foreach (var (p, page) in survey.Pages.Index())
        {
            fields[$"pages[{p}].questions"] = $"{page.Questions!.Count}";
            foreach (var (q, question) in page.Questions.Index())
            {
                var at = $"pages[{p}].questions[{q}]";
                (fields[at + ".key"], fields[at + ".kind"], fields[at + ".showIf"]) = (question.Key!, $"{question.Kind}", $"{question.ShowIf?.Count ?? 0}");
                if (question.Required) fields[at + ".required"] = "true";
                if (question.Purpose is { } purpose) fields[at + ".purpose"] = purpose;
                Words(at + ".text", question.Text);
                Words(at + ".low", question.Low);
                Words(at + ".high", question.High);
                Words(at + ".comment", question.Comment);
                if (question.Options is { } options) fields[at + ".options"] = $"{options.Count}";
                foreach (var (o, option) in (question.Options ?? []).Index())
                {
                    fields[$"{at}.options[{o}].key"] = option.Key!;
                    Words($"{at}.options[{o}].text", option.Text);
                }

                foreach (var (c, condition) in (question.ShowIf ?? []).Index())
                {
                    var parts = ConditionFields.Of(condition);
                    (fields[$"{at}.showIf[{c}].what"], fields[$"{at}.showIf[{c}].trait"], fields[$"{at}.showIf[{c}].operator"], fields[$"{at}.showIf[{c}].value"]) = (parts.What, parts.Trait, parts.Operator, parts.Value);
                }
            }
        }

        return fields;
    }

    private async Task<int> AddAsync(SurveyDefinition survey)
    {
        using var answer = await server.Http.PostAsync(Surveys, new StringContent(survey.ToJson(), Encoding.UTF8, "application/json"));
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
    }

    private async Task<SurveyDefinition> SurveyAsync(int id) => SurveyDefinition.Read((await server.Http.GetFromJsonAsync<JsonElement>($"{Surveys}/{id}")).GetProperty("survey").GetRawText())!;

    private async Task<int> VersionAsync(int id) => (await server.Http.GetFromJsonAsync<JsonElement>($"{Surveys}/{id}")).GetProperty("version").GetInt32();
}
