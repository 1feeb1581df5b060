using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Tangent.Collect;
using Tangent.Tests.Mail;
using Tangent.Tests.Measure;

namespace Tangent.Tests.Browser;

/// <summary>A person makes a survey from a template; an event makes a letter, which a real mail server takes; the customer answers by its link on a phone; the answer is an event at the touchpoint, and its scorecard and the priority matrix move.</summary>
[Collection("browser")]
public sealed partial class AskACustomerTests(Chromium chromium)
{
    [BrowserFact]
    public async Task From_the_template_to_the_answer_at_the_touchpoint_and_the_figures_that_it_moves()
    {
        await using var mail = new MailServer();
        await using var server = await TestServer.StartAsync(true, null, mail.Settings("None", "--Mail:PublicAddress=https://tangent.firma.example"));
        var delivery = await AddAsync(server, "Parcel delivery", 9, [("k-1", 5)]);
        await AddAsync(server, "Workshop", 3, [("k-1", 4), ("k-2", 4)]);
        await using var desk = await chromium.OpenAsync(server.Address);
        await MakeAsync(desk);
        await HappenAsync(server);
        // One satisfied customer of one. Of both touchpoints this is the important and the better one.
        (await ScoreAsync(desk, delivery)).ShouldBe(["100.0 %", "n = 1"]);
        (await PriorityAsync(desk)).ShouldBe(("Keep", "100.0"));

        var letter = await mail.NextAsync();
        await using var phone = await chromium.OpenAsync(server.Address, 390, 844, "de");
        await phone.GoAsync(WebUtility.HtmlDecode(ClickedLink().Match(letter.GetProperty("html").GetString()!).Groups[1].Value));
        (await phone.Page.IsCheckedAsync("input[name='q.csat'][value='2']")).ShouldBeTrue();
        (await phone.OverflowAsync()).ShouldBeEmpty();
        (await phone.AccessibilityFaultsAsync()).ShouldBeEmpty();
        await phone.ShootAsync("survey-phone");
        await phone.Page.FillAsync("textarea[name='c.csat']", "Der Karton war offen.");
        await phone.Page.ClickAsync("button.btn-primary");
        await phone.Page.CheckAsync("input[value='damaged']");
        (await phone.AccessibilityFaultsAsync()).ShouldBeEmpty();
        await phone.Page.ClickAsync("button.btn-primary");
        await Assertions.Expect(phone.Page.Locator(".answer")).ToContainTextAsync("Vielen Dank");
        phone.Complaints.ShouldBeEmpty();

        var answers = Answers(server).FindAll(a => a.GetProperty("userId").GetString() == "k-7");
        answers.Count.ShouldBe(2);
        await CountedAsync(server, 4);
        // Now one of two is satisfied; the mean of 5 and 2 lies below the other touchpoint's.
        (await ScoreAsync(desk, delivery)).ShouldBe(["50.0 %", "n = 2"]);
        (await PriorityAsync(desk)).ShouldBe(("Fix now", "62.5"));
        answers[0].GetProperty("properties").GetProperty("touchpoint").GetString().ShouldBe("Parcel delivery");
        answers[0].GetProperty("properties").GetProperty("score").GetInt32().ShouldBe(2);
        await desk.GoAsync("/measure/surveys/1");
        await Assertions.Expect(desk.Page.Locator("#responses")).ToContainTextAsync("Der Karton war offen.");
        await Assertions.Expect(desk.Page.Locator("#decisions")).ToContainTextAsync("Asked");
        (await desk.AccessibilityFaultsAsync()).ShouldBeEmpty();
        desk.Complaints.ShouldBeEmpty();
    }

    private static async Task MakeAsync(Tab desk)
    {
        await desk.GoAsync("/measure/surveys");
        (await desk.AccessibilityFaultsAsync()).ShouldBeEmpty();
        await desk.Page.SelectOptionAsync("#survey-template", "delivery");
        await desk.Page.SelectOptionAsync("#survey-touchpoint", "Parcel delivery");
        await desk.Page.ClickAsync("form[action='/measure/surveys'] button.btn-primary");
        await desk.Page.WaitForURLAsync("**/measure/surveys/1");
        await desk.SettleAsync();
        (await desk.Page.InputValueAsync("#s-after")).ShouldBe("Parcel delivery");
        await desk.Page.CheckAsync("input[name=ask]");
        await desk.Page.FillAsync("#s-delayHours", "0");
        await desk.Page.FillAsync("#s-quietFrom", "");
        await desk.Page.FillAsync("#s-quietTo", "");
        await desk.Page.ClickAsync("form[action='/measure/surveys/1'] button.btn-primary");
        await desk.Page.WaitForURLAsync("**/measure/surveys/1");
        await desk.SettleAsync();
        (await desk.Page.IsCheckedAsync("input[name=ask]")).ShouldBeTrue();
    }

    private static async Task HappenAsync(TestServer server)
    {
        var key = await server.Get("Parcel service", "server");
        (await server.Http.PostAsJsonAsync("/api/v1/unify/consents", new { contactPoint = "email:ania@example.org", purpose = "commercial", state = "given", wording = "You may ask me." })).EnsureSuccessStatusCode();
        foreach (var call in new object[] { new { type = "identify", userId = "k-7", traits = new { firstName = "Ania", email = "ania@example.org", language = "de" } }, new { type = "track", @event = "Parcel delivery", userId = "k-7" } })
        {
            (await server.Http.PostAsJsonAsync("/v1/batch", new { writeKey = key, batch = new[] { call } })).EnsureSuccessStatusCode();
            while (server.Get<Tangent.Unify.ProfileFeed>().Position < server.Get<EventLog>().EndPosition) await Task.Delay(20);
        }
    }

    /// <summary>A touchpoint that somebody holds for so important, with answers.</summary>
    private static async Task<int> AddAsync(TestServer server, string name, int importance, (string Customer, int Csat)[] said)
    {
        using var added = await server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name, channel = "parcel", stage = "retention" });
        var id = (await added.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
        (await server.Http.PutAsJsonAsync($"/api/v1/map/touchpoints/{id}/vote", new { importance, person = "eva@firma.example" })).EnsureSuccessStatusCode();
        var items = said.Select(s => new { userId = s.Customer, metric = "csat", score = s.Csat, touchpoint = name });
        (await server.Http.PostAsJsonAsync("/api/v1/measure/feedback", new { source = "Shop", items })).EnsureSuccessStatusCode();
        await CountedAsync(server, said.Length);
        return id;
    }

    private static async Task CountedAsync(TestServer server, int atLeast)
    {
        while ((await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/measure/scores")).GetProperty("answers").GetInt64() < atLeast) await Task.Delay(50);
    }

    /// <summary>CSAT and its n, as the scorecard shows them.</summary>
    private static async Task<string[]> ScoreAsync(Tab desk, int touchpoint)
    {
        await desk.GoAsync($"/measure/touchpoints/{touchpoint}");
        (await desk.AccessibilityFaultsAsync()).ShouldBeEmpty();
        var cell = desk.Page.Locator("#scores tbody tr").Filter(new() { HasText = "CSAT" }).Locator("td").Nth(2);
        return [Plain(await cell.Locator("a").First.InnerTextAsync()), Plain(await cell.Locator(".figure-n").InnerTextAsync())];
    }

    /// <summary>Quadrant and performance, as the table under the matrix shows them; the matrix itself has the same point.</summary>
    private static async Task<(string Quadrant, string Performance)> PriorityAsync(Tab desk)
    {
        await desk.GoAsync("/analyse/priorities?importance=stated");
        (await desk.AccessibilityFaultsAsync()).ShouldBeEmpty();
        var cells = desk.Page.Locator("#priorities tbody tr").Filter(new() { HasText = "Parcel delivery" }).Locator("td");
        var performance = Plain((await cells.Nth(5).InnerTextAsync()).Split('\n', ' ')[0]);
        (await desk.Page.Locator("[data-chart]").First.InnerTextAsync()).ShouldContain("Parcel delivery");
        return (Plain(await cells.Nth(1).Locator(".mark").First.InnerTextAsync()), performance);
    }

    private static string Plain(string text) => text.Replace('\u00a0', ' ').Replace('\u202f', ' ').Trim();

    internal static List<JsonElement> Answers(TestServer server)
    {
        var found = new List<JsonElement>();
        foreach (var row in server.Get<EventLog>().Read(0).Where(r => r.Kind == LogKind.Events))
            foreach (var line in row.Events)
                if (JsonDocument.Parse(line).RootElement is var json && json.TryGetProperty("event", out var name) && name.GetString() == "Survey answered") found.Add(json);
        return found;
    }

    [GeneratedRegex("href=\"https://tangent\\.firma\\.example(/s/[^\"]+;a=2)\"")]
    private static partial Regex ClickedLink();
}
