using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Tangent.Access;
using Tangent.Map;

namespace Tangent.Tests.Browser;

/// <summary>The board of a journey map by mouse and by keyboard, alone and with somebody else.</summary>
[Collection("browser")]
public sealed class MapBoardTests(Chromium chromium)
{
    private const string File = """
        map: Buying a bicycle
        lanes: [actions, questions, pain-points, {name: Legal}]
        stages:
          - stage: Choosing
            steps:
              - {step: Reads, emotion: 1, actions: [Compares two bicycles, Asks a friend]}
              - {step: Visits, emotion: -2, pain-points: [Nobody had time]}
          - stage: Buying
            steps:
              - {step: Orders, emotion: 2}
              - {step: Pays, questions: [By invoice?]}
        """;

    [BrowserFact]
    public async Task A_card_is_written_moved_and_taken_back_by_keyboard_alone()
    {
        await using var server = await TestServer.StartAsync();
        var map = await ImportAsync(server);
        await using var tab = await chromium.OpenAsync(server.Address);
        await OpenAsync(tab, map);
        var page = tab.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "New card: Actions, Visits" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".map-editor textarea").WaitForAsync();
        await page.Keyboard.TypeAsync("Tries one");
        (await tab.AccessibilityFaultsAsync()).ShouldBeEmpty();
        await tab.ShootAsync("map-editor", whole: false);
        await page.Keyboard.PressAsync("Enter");
        await UntilAsync(tab, "Actions", "Visits", "Tries one");
        await page.GetByRole(AriaRole.Link, new() { Name = "Tries one" }).FocusAsync();
        await page.Keyboard.PressAsync("Alt+ArrowDown");
        await UntilAsync(tab, "Questions", "Visits", "Tries one");
        await page.Keyboard.PressAsync("Alt+ArrowRight");
        await UntilAsync(tab, "Questions", "Orders", "Tries one");
        await page.WaitForFunctionAsync("() => document.activeElement.textContent.startsWith('Tries one')");
        await page.Keyboard.PressAsync("Control+z");
        await UntilAsync(tab, "Questions", "Visits", "Tries one");
        await page.Keyboard.PressAsync("Control+y");
        await UntilAsync(tab, "Questions", "Orders", "Tries one");
        await page.GetByRole(AriaRole.Link, new() { Name = "Tries one" }).FocusAsync();
        await page.Keyboard.PressAsync("Delete");
        await UntilAsync(tab, "Questions", "Orders", "");
        await page.GetByRole(AriaRole.Link, new() { Name = "Reads", Exact = true }).FocusAsync();
        await page.Keyboard.PressAsync("Alt+ArrowRight");
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('.map-step')].map(s => s.textContent.trim()).join() === 'Visits,Reads,Orders,Pays'");
        tab.Complaints.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Cards_steps_stages_and_lanes_are_dragged_to_their_places()
    {
        await using var server = await TestServer.StartAsync();
        var map = await ImportAsync(server);
        await using var tab = await chromium.OpenAsync(server.Address);
        await OpenAsync(tab, map);
        var page = tab.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "Nobody had time" }).DragToAsync(Cell(page, "Legal", "Orders"));
        await UntilAsync(tab, "Legal", "Orders", "Nobody had time");
        await page.GetByRole(AriaRole.Link, new() { Name = "Asks a friend" }).DragToAsync(page.GetByRole(AriaRole.Link, new() { Name = "Compares two bicycles" }), new() { TargetPosition = new() { X = 20, Y = 2 } });
        await UntilAsync(tab, "Actions", "Reads", "Asks a friend|Compares two bicycles");
        await page.GetByRole(AriaRole.Link, new() { Name = "Reads", Exact = true }).DragToAsync(page.Locator("th.map-step", new() { HasText = "Pays" }), new() { TargetPosition = new() { X = 6, Y = 10 } });
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('.map-step')].map(s => s.textContent.trim()).join() === 'Visits,Orders,Reads,Pays'");
        await page.GetByRole(AriaRole.Link, new() { Name = "Buying", Exact = true }).DragToAsync(page.Locator("th.map-stage").First, new() { TargetPosition = new() { X = 4, Y = 10 } });
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('.map-stage > a:first-child')].map(s => s.textContent.trim()).join() === 'Buying,Choosing'");
        await page.GetByRole(AriaRole.Link, new() { Name = "Legal", Exact = true }).DragToAsync(page.Locator("th.map-lane", new() { HasText = "Actions" }), new() { TargetPosition = new() { X = 10, Y = 3 } });
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('.map-lanes th.map-lane')].map(s => s.textContent.trim())[2] === 'Legal'");
        tab.Complaints.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Whoever_writes_where_another_was_quicker_sees_both_and_decides()
    {
        await using var server = await TestServer.StartAsync(demo: false);
        var map = await ImportAsync(server);
        await using var anna = await SignInAsync(server, "anna@example.org");
        await using var ben = await SignInAsync(server, "ben@example.org");
        await OpenAsync(anna, map);
        await OpenAsync(ben, map);
        await anna.Page.Locator("[data-board-here]", new() { HasText = "ben@example.org" }).WaitForAsync();
        await EditAsync(ben, "By invoice?");
        await ben.Page.Locator(".map-editor textarea").FillAsync("By invoice or card?");
        await EditAsync(anna, "By invoice?");
        await anna.Page.Locator(".map-editor textarea").FillAsync("On account?");
        await anna.Page.Keyboard.PressAsync("Enter");
        await UntilAsync(anna, "Questions", "Pays", "On account?");
        // The other's board has it; what is being written there is still there.
        await ben.Page.WaitForFunctionAsync($"() => Number(document.querySelector('.map-state').dataset.version) === {await VersionAsync(server, map)}");
        (await ben.Page.Locator(".map-editor textarea").InputValueAsync()).ShouldBe("By invoice or card?");
        (await ben.Page.EvaluateAsync<string>("document.activeElement.tagName")).ShouldBe("TEXTAREA");
        await ben.Page.Keyboard.PressAsync("Enter");
        await ben.Page.Locator(".map-editor q", new() { HasText = "On account?" }).WaitForAsync();
        (await ben.Page.Locator(".map-editor textarea").InputValueAsync()).ShouldBe("By invoice or card?");
        await ben.ShootAsync("map-conflict", whole: false);
        await ben.Page.Locator(".map-editor textarea").PressAsync("Enter");
        await UntilAsync(ben, "Questions", "Pays", "By invoice or card?");
        await UntilAsync(anna, "Questions", "Pays", "By invoice or card?");
        // The browser itself notes the refusal.
        ben.Complaints.Where(c => !c.Contains("422", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task What_is_being_written_at_a_step_that_another_removes_is_not_lost()
    {
        await using var server = await TestServer.StartAsync();
        var map = await ImportAsync(server);
        await using var tab = await chromium.OpenAsync(server.Address);
        await OpenAsync(tab, map);
        await EditAsync(tab, "Nobody had time");
        await tab.Page.Keyboard.TypeAsync("Nobody had time on Saturdays");

        using (var removed = await server.Http.PostAsJsonAsync($"/api/v1/map/journey-maps/{map}/changes", new { changes = new[] { new { verb = "remove", part = "step", id = "step-2" } } })) removed.EnsureSuccessStatusCode();

        var kept = tab.Page.Locator(".map-stranded .map-editor textarea");
        await kept.WaitForAsync();
        (await kept.InputValueAsync()).ShouldBe("Nobody had time on Saturdays");
        (await tab.AccessibilityFaultsAsync()).ShouldBeEmpty();
        await tab.ShootAsync("map-stranded", whole: false);
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.Page.Locator(".map-stranded .alert-danger").WaitForAsync();
        (await kept.InputValueAsync()).ShouldBe("Nobody had time on Saturdays");
        await tab.Page.Locator(".map-stranded [data-close]").ClickAsync();
        await tab.Page.WaitForFunctionAsync("() => document.querySelector('.map-stranded') === null");
    }

    [BrowserFact]
    public async Task Far_columns_of_a_large_map_come_after_the_first_and_nothing_is_missing()
    {
        await using var server = await TestServer.StartAsync();
        var steps = string.Concat(Enumerable.Range(1, 60).Select(i => $"\n      - {{step: Step {i}, emotion: 1, actions: [Does {i}]}}"));
        var map = await ImportAsync(server, "map: Large\nlanes: [actions]\nstages:\n  - stage: One\n    steps:" + steps);
        (await server.Http.GetStringAsync($"/map/journey-maps/{map}")).Split("class=\"map-card").Length.ShouldBe(1 + 12);
        await using var tab = await chromium.OpenAsync(server.Address);
        await OpenAsync(tab, map);

        await tab.Page.Locator(".map-state[data-complete]").WaitForAsync(new() { State = WaitForSelectorState.Attached });

        (await tab.Page.EvaluateAsync<string[]>("() => [...document.querySelector('[data-row=lane-actions]').cells].slice(1).map(c => c.querySelector('.map-card').firstChild.textContent)")).ShouldBe(Enumerable.Range(1, 60).Select(i => $"Does {i}"));
        using (var changed = await server.Http.PostAsJsonAsync($"/api/v1/map/journey-maps/{map}/changes", new { changes = new[] { new { verb = "set", part = "card", id = "card-50", field = "text", value = "Does otherwise" } } })) changed.EnsureSuccessStatusCode();
        await UntilAsync(tab, "Actions", "Step 50", "Does otherwise");
        tab.Complaints.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Two_browsers_that_edit_one_map_end_equal_to_each_other_and_to_the_server()
    {
        await using var server = await TestServer.StartAsync(demo: false);
        var map = await ImportAsync(server);
        await using var anna = await SignInAsync(server, "anna@example.org");
        await using var ben = await SignInAsync(server, "ben@example.org");
        await OpenAsync(anna, map);
        await OpenAsync(ben, map);
        var seconds = int.TryParse(Environment.GetEnvironmentVariable("TANGENT_EDIT_SECONDS"), out var wanted) ? wanted : 20;

        var done = await Task.WhenAll(WorkAsync(anna, 1, seconds), WorkAsync(ben, 2, seconds));

        var version = await VersionAsync(server, map);
        await using var fresh = await SignInAsync(server, "carla@example.org");
        await OpenAsync(fresh, map);
        var stored = await BoardAsync(fresh);
        foreach (var tab in (Tab[])[anna, ben])
        {
            await tab.Page.WaitForFunctionAsync($"() => Number(document.querySelector('.map-state').dataset.version) === {version} && !document.querySelector('.map-editor')");
            (await BoardAsync(tab)).ShouldBe(stored);
            tab.Complaints.Where(c => !c.Contains("409", StringComparison.Ordinal) && !c.Contains("422", StringComparison.Ordinal) && !c.Contains("404", StringComparison.Ordinal)).ShouldBeEmpty();
        }

        done.Sum().ShouldBeGreaterThan(seconds);
        version.ShouldBeGreaterThan(seconds / 2);
    }

    [BrowserFact]
    public async Task What_a_contributor_sends_from_a_phone_arrives_on_the_board_while_an_editor_looks_at_it()
    {
        await using var server = await TestServer.StartAsync(demo: false);
        var map = await ImportAsync(server, File.Replace("{step: Visits,", "{step: Visits, touchpoint: Shop,", StringComparison.Ordinal));
        await using var anna = await SignInAsync(server, "anna@example.org");
        await OpenAsync(anna, map);
        await using var phone = await SignInAsync(server, "clerk@example.org", Role.Contributor, width: 390, language: "de");
        await phone.GoAsync("/o/1");
        (await phone.AccessibilityFaultsAsync()).ShouldBeEmpty();
        (await phone.OverflowAsync()).ShouldBeEmpty();
        await phone.ShootAsync("observe-phone");
        await phone.Page.Locator("#text").FillAsync("Zwei gingen wieder, weil niemand Zeit hatte.");
        await phone.Page.GetByText("Problemstelle").ClickAsync();
        await phone.Page.Locator("button.btn-primary").ClickAsync();
        await phone.Page.Locator(".alert-success").WaitForAsync();

        await anna.Page.Locator(".map-seen", new() { HasText = "1 observation" }).ClickAsync();

        await anna.Page.Locator("select[name=target]").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await anna.Page.GetByRole(AriaRole.Button, new() { Name = "Take over" }).ClickAsync();
        await anna.Page.Locator(".mark-good").WaitForAsync();
        await anna.ShootAsync("observations");
        await OpenAsync(anna, map);
        await UntilAsync(anna, "Pain points", "Visits", "Nobody had time|Zwei gingen wieder, weil niemand Zeit hatte.");
        anna.Complaints.ShouldBeEmpty();
        phone.Complaints.ShouldBeEmpty();
    }

    /// <summary>Writes, adds, moves, removes and takes back at random, as a person would: through the page.</summary>
    private static async Task<int> WorkAsync(Tab tab, int seed, int seconds)
    {
        var (random, page, until) = (new Random(seed), tab.Page, DateTime.UtcNow.AddSeconds(seconds));
        var done = 0;
        for (; DateTime.UtcNow < until; done++)
        {
            var links = await page.EvaluateAsync<string[]>("[...document.querySelectorAll('.map-table a[href*=\"/journey-maps/\"]')].filter(a => !a.hidden).map(a => a.getAttribute('href'))");
            var at = links[random.Next(links.Length)];
            var link = page.Locator($".map-table a[href='{at}']");
            try
            {
                switch (random.Next(8))
                {
                    case 0:
                        await page.Keyboard.PressAsync(random.Next(3) == 0 ? "Control+y" : "Control+z");
                        break;
                    case 1 or 2 when !at.Contains("/new", StringComparison.Ordinal):
                        await link.FocusAsync(new() { Timeout = 1000 });
                        await page.Keyboard.PressAsync("Alt+Arrow" + new[] { "Left", "Right", "Up", "Down" }[random.Next(4)]);
                        break;
                    case 3 when at.Contains("/card/card", StringComparison.Ordinal) && random.Next(3) == 0:
                        await link.FocusAsync(new() { Timeout = 1000 });
                        await page.Keyboard.PressAsync("Delete");
                        break;
                    default:
                        await link.FocusAsync(new() { Timeout = 1000 });
                        await page.Keyboard.PressAsync("Enter");
                        await page.Locator(".map-editor").WaitForAsync(new() { Timeout = 2000 });
                        var field = page.Locator(".map-editor textarea, .map-editor input[name=Name]").First;
                        await field.FillAsync($"Text {seed}-{done}", new() { Timeout = 1000 });
                        await field.PressAsync(random.Next(6) == 0 ? "Escape" : "Enter", new() { Timeout = 1000 });
                        await page.Locator(".map-editor").WaitForAsync(new() { State = WaitForSelectorState.Detached, Timeout = 3000 });
                        break;
                }
            }
            catch (Exception e) when (e is TimeoutException or PlaywrightException)
            {
                // The other one has moved or removed it meanwhile, or written there first.
                if (await page.Locator(".map-editor").CountAsync() > 0) await page.Locator(".map-editor [data-close]").ClickAsync();
            }
        }

        await page.WaitForTimeoutAsync(500);
        if (await page.Locator(".map-editor").CountAsync() > 0) await page.Locator(".map-editor [data-close]").ClickAsync();
        return done;
    }

    private static Task<string> BoardAsync(Tab tab) => tab.Page.EvaluateAsync<string>("document.querySelector('.map-table').innerHTML.replaceAll(' hidden=\"\"', '')");

    private static async Task OpenAsync(Tab tab, int map)
    {
        await tab.GoAsync($"/map/journey-maps/{map}");
        await tab.Page.WaitForSelectorAsync("[data-board][data-ready=true]");
    }

    private static async Task EditAsync(Tab tab, string card)
    {
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = card }).ClickAsync();
        await tab.Page.Locator(".map-editor textarea").WaitForAsync();
    }

    private static ILocator Cell(IPage page, string lane, string step) => page.Locator($"xpath=//tbody/tr[th[normalize-space()='{lane}']]/td[count(//th[contains(@class,'map-step') and normalize-space()='{step}']/preceding-sibling::th)]");

    /// <summary>Waits until these cards stand in a cell, in this order.</summary>
    private static async Task UntilAsync(Tab tab, string lane, string step, string cards) => await tab.Page.WaitForFunctionAsync("""
        ([lane, step, cards]) => {
            const at = [...document.querySelectorAll('.map-step')].findIndex(s => s.textContent.trim() === step);
            const row = [...document.querySelectorAll('tbody tr')].find(r => r.cells[0].textContent.trim() === lane);
            return [...row.cells[at + 1].querySelectorAll('.map-card')].map(c => c.firstChild.textContent.trim()).join('|') === cards;
        }
        """, new[] { lane, step, cards }, new() { Timeout = 15_000 });

    private static async Task<int> ImportAsync(TestServer server, string file = File)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var (map, refusal) = await scope.ServiceProvider.GetRequiredService<MapImport>().TakeAsync(MapImport.TryRead(file, out _)!, Actor.Nobody, CancellationToken.None);
        refusal.ShouldBeNull();
        return map!.Id;
    }

    private static async Task<int> VersionAsync(TestServer server, int map)
    {
        await using var scope = server.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<JourneyMapQueries>().FindAsync(map, CancellationToken.None))!.Version;
    }

    private async Task<Tab> SignInAsync(TestServer server, string email, Role role = Role.Editor, int width = 1280, string language = "en")
    {
        string token;
        await using (var scope = server.Services.CreateAsyncScope()) token = await scope.ServiceProvider.GetRequiredService<InvitationQueries>().CreateAsync(email, role, CancellationToken.None);
        var tab = await chromium.OpenAsync(server.Address, width, language: language);
        await tab.Page.GotoAsync(InvitationsEndpoints.Link(token));
        await tab.Page.Locator("#password").FillAsync(Tests.Access.People.Password);
        await tab.Page.Locator("main button.btn-primary").ClickAsync();
        await tab.Page.WaitForSelectorAsync(".sidebar", new() { State = WaitForSelectorState.Attached });
        return tab;
    }
}
