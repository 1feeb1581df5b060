using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Tangent.Collect;
using Tangent.Measure;
using Tangent.Tests.Measure;

namespace Tangent.Tests.Browser;

/// <summary>A survey is edited with the keyboard, and shown on a page of another site.</summary>
[Collection("browser")]
public sealed class SurveyPagesTests(Chromium chromium)
{
    [BrowserFact]
    public async Task A_survey_is_edited_with_the_keyboard_and_the_preview_beside_it_follows()
    {
        await using var server = await TestServer.StartAsync();
        var id = await AddAsync(server, null);
        await using var tab = await chromium.OpenAsync(server.Address, 1400, 900);
        await tab.GoAsync($"/measure/surveys/{id}");
        await tab.Page.ClickAsync($"a[href='/measure/surveys/{id}/questions']");
        await tab.SettleAsync();
        (await tab.AccessibilityFaultsAsync()).ShouldBeEmpty();
        var page = tab.Page;
        await page.FillAsync("[id='title.en']", "How was it?");
        await Assertions.Expect(page.Locator(".preview-title")).ToHaveTextAsync("How was it?");
        await page.FocusAsync("[id='question-add:0']");
        await page.Keyboard.PressAsync("Enter");
        // The new question has the cursor; the keyboard goes on there.
        await Assertions.Expect(page.Locator("[id='pages[0].questions[1].text.en']")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Who brought it?");
        await page.SelectOptionAsync("[id='pages[0].questions[1].kind']", "Choice");
        await Assertions.Expect(page.Locator("[id='pages[0].questions[1].options[1].key']")).ToBeVisibleAsync();
        await page.FillAsync("[id='pages[0].questions[1].options[0].text.en']", "A courier");
        await page.FillAsync("[id='pages[0].questions[1].options[1].text.en']", "A neighbour");
        await Assertions.Expect(page.Locator("#editor-preview")).ToContainTextAsync("A neighbour");
        await page.FocusAsync("[id='question-up:0.1']");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("[role=status]")).ToContainTextAsync("The question was moved.");
        (await page.InputValueAsync("[id='pages[0].questions[0].text.en']")).ShouldBe("Who brought it?");
        await page.SelectOptionAsync("#preview-language", "de");
        await Assertions.Expect(page.Locator(".preview-title")).ToHaveTextAsync("Ihre Lieferung");
        (await tab.AccessibilityFaultsAsync()).ShouldBeEmpty();
        await tab.ShootAsync("survey-editor");
        await page.FillAsync("[id='pages[0].questions[0].text.en']", "");
        await page.ClickAsync("button[value=save]");
        await Assertions.Expect(page.Locator("[id='pages[0].questions[0].text-fault']")).ToBeVisibleAsync();
        await page.FillAsync("[id='pages[0].questions[0].text.en']", "Who brought it?");
        await page.ClickAsync("button[value=save]");
        await page.WaitForURLAsync($"**/measure/surveys/{id}");
        await Assertions.Expect(page.Locator(".survey-questions")).ToContainTextAsync("Who brought it?");

        await using var phone = await chromium.OpenAsync(server.Address, 390, 844, "pl", dark: true);
        await phone.GoAsync($"/measure/surveys/{id}/questions");
        (await phone.OverflowAsync()).ShouldBeEmpty();
        (await phone.AccessibilityFaultsAsync()).ShouldBeEmpty();
        await phone.ShootAsync("survey-editor-phone");
        phone.Complaints.ShouldBeEmpty();
        // The browser itself reports the answer 422 that was meant.
        tab.Complaints.Where(c => !c.Contains("422", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task A_page_of_another_site_shows_the_survey_to_who_agreed_and_the_answer_lands_at_the_touchpoint()
    {
        await using var server = await TestServer.StartAsync();
        var key = await server.Get("site", "web");
        var id = await AddAsync(server, new WidgetRule(WidgetTrigger.Event, Seconds: 0, Event: "Order completed", Paths: ["/shop*"]));
        await using var site = await OtherSite.StartAsync($"<script src=\"{server.Address}collect.js?key={key}\" data-key=\"{key}\"></script><style>* {{ color: red !important; font-size: 40px }}</style>");
        foreach (var dark in (bool[])[false, true])
        {
            await using var tab = await chromium.OpenAsync(site.Address, 390, 844, "en", dark);
            var page = tab.Page;
            await page.GotoAsync("/shop");
            await page.EvaluateAsync("tangent.track('Order completed')");
            await Task.Delay(1000);
            (await page.Locator("[role=dialog]").CountAsync()).ShouldBe(0);
            await page.EvaluateAsync("tangent.optIn()");
            await page.WaitForFunctionAsync("performance.getEntriesByType('resource').some(r => r.name.includes('/v1/surveys?'))");
            await Task.Delay(1500);
            await page.EvaluateAsync("tangent.track('Order completed')");
            await Assertions.Expect(page.Locator("[role=dialog] h2")).ToBeFocusedAsync();
            (await tab.AccessibilityFaultsAsync()).ShouldBeEmpty();
            (await tab.OverflowAsync()).ShouldBeEmpty();
            await tab.ShootAsync($"survey-on-page{(dark ? "-dark" : "")}", whole: false);
            // The page's own style does not reach in.
            (await page.Locator("[role=dialog] h2").EvaluateAsync<string>("h => getComputedStyle(h).fontSize")).ShouldBe("18px");
            if (dark)
            {
                await page.Keyboard.PressAsync("Escape");
                await Assertions.Expect(page.Locator("[role=dialog]")).ToHaveCountAsync(0);
                continue;
            }

            await page.ClickAsync("[role=dialog] .send");
            await Assertions.Expect(page.Locator("[role=dialog] .fault")).ToContainTextAsync("Please answer");
            await page.Keyboard.PressAsync("ArrowRight");
            await page.CheckAsync("[role=dialog] input[value='2']");
            await page.FillAsync("[role=dialog] textarea", "The box was open.");
            await page.ClickAsync("[role=dialog] .send");
            await page.CheckAsync("[role=dialog] input[value='damaged']");
            (await tab.AccessibilityFaultsAsync()).ShouldBeEmpty();
            await page.ClickAsync("[role=dialog] .send");
            await Assertions.Expect(page.Locator("[role=dialog] [role=status]")).ToContainTextAsync("Thank you");
            await page.ClickAsync("[role=dialog] .close");
            await page.EvaluateAsync("tangent.track('Order completed')");
            await Task.Delay(1000);
            (await page.Locator("[role=dialog]").CountAsync()).ShouldBe(0);
            var visitor = await page.EvaluateAsync<string>("tangent.visitor()");
            var said = AskACustomerTests.Answers(server);
            said.Select(e => e.GetProperty("anonymousId").GetString()).ShouldBe([visitor, visitor]);
            (said[0].GetProperty("properties").GetProperty("score").GetInt32(), said[0].GetProperty("properties").GetProperty("touchpoint").GetString(), said[0].GetProperty("properties").GetProperty("comment").GetString()).ShouldBe((2, "Delivery", "The box was open."));
            tab.Complaints.Where(c => !c.Contains("422", StringComparison.Ordinal)).ShouldBeEmpty();
        }

        (await server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/measure/surveys/{id}/decisions")).GetProperty("items").EnumerateArray().Count(d => d.GetProperty("outcome").GetString() == "asked").ShouldBe(2);
    }

    [BrowserFact]
    public async Task A_page_shows_it_after_some_seconds_or_when_the_mouse_leaves_and_takes_no_cursor_out_of_a_field()
    {
        await using var server = await TestServer.StartAsync();
        var key = await server.Get("site", "web");
        await AddAsync(server, new WidgetRule(Seconds: 2, Paths: ["/waits"]));
        await AddAsync(server, new WidgetRule(WidgetTrigger.Exit, Paths: ["/leaves"]), "Leaves");
        await using var site = await OtherSite.StartAsync($"<script src=\"{server.Address}collect.js?key={key}\" data-key=\"{key}\"></script>");
        await using (var tab = await chromium.OpenAsync(site.Address))
        {
            await tab.Page.GotoAsync("/waits");
            await tab.Page.EvaluateAsync("tangent.optIn(); const field = document.createElement('input'); field.id = 'own'; document.body.append(field); field.focus()");
            await Assertions.Expect(tab.Page.Locator("[role=dialog]")).ToBeVisibleAsync();
            await Assertions.Expect(tab.Page.Locator("#own")).ToBeFocusedAsync();
        }

        await using var other = await chromium.OpenAsync(site.Address);
        await other.Page.GotoAsync("/leaves");
        await other.Page.EvaluateAsync("tangent.optIn()");
        await Task.Delay(2500);
        (await other.Page.Locator("[role=dialog]").CountAsync()).ShouldBe(0);
        await other.Page.EvaluateAsync("document.body.dispatchEvent(new MouseEvent('mouseout', { bubbles: true, clientX: 50, clientY: -1 }))");
        await Assertions.Expect(other.Page.Locator("[role=dialog]")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task Who_was_not_asked_to_agree_is_asked_where_the_survey_says_so_and_nothing_is_stored()
    {
        await using var server = await TestServer.StartAsync();
        var key = await server.Get("site", "web");
        await AddAsync(server, new WidgetRule(WidgetTrigger.Event, Seconds: 0, Event: "Order completed", Paths: ["/shop"], Cookieless: true));
        await AddAsync(server, new WidgetRule(WidgetTrigger.Event, Seconds: 0, Event: "Order completed", Paths: ["/other"]), "Of those who agreed");
        await using var site = await OtherSite.StartAsync($"<script src=\"{server.Address}collect.js?key={key}\" data-key=\"{key}\" data-before-consent=\"cookieless\"></script>");
        await using var tab = await chromium.OpenAsync(site.Address);
        var page = tab.Page;
        async Task BuyAsync(string path)
        {
            await page.GotoAsync(path);
            await page.WaitForFunctionAsync("performance.getEntriesByType('resource').some(r => r.name.includes('/v1/surveys?'))");
            await Task.Delay(1500);
            await page.EvaluateAsync("tangent.track('Order completed')");
        }

        await BuyAsync("/shop");
        await page.CheckAsync("[role=dialog] input[value='4']");
        await page.ClickAsync("[role=dialog] .send");
        await Assertions.Expect(page.Locator("[role=dialog] [role=status]")).ToContainTextAsync("Thank you");
        (await page.EvaluateAsync<int>("localStorage.length + sessionStorage.length + document.cookie.length")).ShouldBe(0);
        AskACustomerTests.Answers(server).Single().GetProperty("properties").GetProperty("score").GetInt32().ShouldBe(4);
        await BuyAsync("/other");
        await Task.Delay(1500);
        (await page.Locator("[role=dialog]").CountAsync()).ShouldBe(0);
        tab.Complaints.ShouldBeEmpty();
    }

    private static async Task<int> AddAsync(TestServer server, WidgetRule? widget, string name = "Delivered")
    {
        await server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name = "Delivery", channel = "parcel", stage = "retention" });
        var survey = SurveyTemplates.All["delivery"] with { Name = name, Touchpoint = "Delivery", DefaultLanguage = "en", Widget = widget };
        using var answer = await server.Http.PostAsync("/api/v1/measure/surveys", new StringContent(survey.ToJson(), Encoding.UTF8, "application/json"));
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
    }
}
