using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Tests.Browser;

/// <summary>Two customers of an import who are one person: found, looked at, made one with one journey, and two again.</summary>
[Collection("browser")]
public sealed class DuplicatesTests(Chromium chromium) : IAsyncLifetime
{
    private static readonly string[] Given = ["Anna", "Jan", "Lena", "Piotr", "Marta", "Jonas", "Eva", "Tomasz", "Clara", "Felix", "Ida", "Karol"];
    private static readonly string[] Surnames = ["Nowak", "Weber", "Fischer", "Kowalski", "Huber", "Gruber", "Wagner", "Lis", "Bauer", "Steiner", "Zając", "Koch", "Moser"];

    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        var persons = new StringBuilder("Kundennummer;Vorname;Nachname;E-Mail;Telefon;Straße;PLZ;Ort;Land;Geburtsdatum\n");
        for (var i = 0; i < 150; i++)
            persons.AppendLine(CultureInfo.InvariantCulture, $"K-{i};{Given[i % 12]};{Surnames[i % 13]};{Surnames[i % 13].ToLowerInvariant()}{i}@example.com;+43 1 {200000 + (i * 7919)};{Surnames[i * 5 % 13]}weg {i};{1010 + (i % 23 * 10)};{(i % 4 == 0 ? "Graz" : "Wien")};AT;{1 + (i % 28)}.{1 + (i % 12)}.19{50 + (i % 49)}");
        persons.AppendLine("K-900;Katharina;Obermeier;k.obermeier@example.org;+43 1 5055123;Lindengasse 7;1070;Wien;AT;12.3.1984");
        persons.AppendLine("K-901;Katarina;Obermeier;kathi@example.net;01 5055123;Lindeng. 7;1070;Wien;AT;12.3.1984");
        await ImportAsync(persons.ToString(), "source=CRM&kind=persons");
        await ImportAsync("customer;event;time;channel\nK-900;Fitting;2024-03-01T10:00:00Z;store\nK-901;Newsletter sign-up;2024-03-02T10:00:00Z;web\n", "source=Shop");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [BrowserFact]
    public async Task Two_duplicate_customers_become_one_journey_and_two_again()
    {
        await using var tab = await chromium.OpenAsync(_server.Address);
        tab.Page.Dialog += (_, dialog) => dialog.AcceptAsync();
        await tab.GoAsync("/unify/duplicates");
        await tab.Page.ClickAsync("form[action$='/runs'] button");
        while (_server.Get<DuplicateSearch>().IsRunning) await Task.Delay(50);
        await LookAsync("/unify/duplicates", "duplicates");
        await LookAsync("/unify/joining", "joining");
        await tab.GoAsync("/unify/duplicates");
        var row = tab.Page.Locator("#duplicates tbody tr", new() { HasText = "Obermeier" });
        await Assertions.Expect(row).ToHaveCountAsync(1);
        await row.Locator("a.row-link").ClickAsync();
        await tab.SettleAsync();
        await Assertions.Expect(tab.Page.Locator("main")).ToContainTextAsync("Lindengasse 7");
        // A bar for how rare duplicates are, one for each column that says something, one for the whole.
        var said = await tab.Page.Locator("table.table-stack tbody tr").CountAsync() - await tab.Page.Locator("table.table-stack tbody tr", new() { HasText = "Says nothing" }).CountAsync();
        foreach (var label in await tab.Page.Locator("table.table-stack tbody tr").AllInnerTextsAsync()) label.ShouldNotBeEmpty();
        (await tab.Page.Locator("#waterfall [data-chart=waterfall] svg text").CountAsync()).ShouldBeGreaterThanOrEqualTo(2 * said);
        await LookAsync(new Uri(tab.Page.Url).AbsolutePath, "duplicate");

        await tab.Page.FillAsync("#review-reason", "Asked by phone");
        await tab.Page.ClickAsync("button[value=Merge]");
        await tab.Page.WaitForURLAsync("**/unify/duplicates**");
        var one = Customer("K-900");
        Customer("K-901").ShouldBe(one);
        await tab.GoAsync($"/unify/customers/{one}");
        await Assertions.Expect(tab.Page.Locator("#timeline")).ToContainTextAsync("Fitting");
        await Assertions.Expect(tab.Page.Locator("#timeline")).ToContainTextAsync("Newsletter sign-up");
        await Assertions.Expect(tab.Page.Locator("#joins")).ToContainTextAsync("Asked by phone");
        await tab.ShootAsync("customer-one");
        await tab.GoAsync("/unify/duplicates");
        await tab.Page.ClickAsync("form[action$='/runs'] button");
        while (_server.Get<DuplicateSearch>().IsRunning) await Task.Delay(50);
        await tab.GoAsync("/unify/duplicates");
        await Assertions.Expect(tab.Page.Locator("#learned")).ToContainTextAsync("1 pair merged, 0 pairs kept apart");
        await Assertions.Expect(tab.Page.Locator("#learned tbody tr", new() { HasText = "E-mail" })).ToContainTextAsync("→");
        await LookAsync("/unify/duplicates", "duplicates-learned");
        await tab.GoAsync($"/unify/customers/{one}");

        var undo = tab.Page.Locator("#joins ol.joins >> nth=0").Locator("details.join-undo");
        await undo.Locator("summary").ClickAsync();
        await undo.Locator("input[name=Reason]").FillAsync("They are sisters");
        await undo.Locator("button").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#joins")).ToContainTextAsync("They are sisters");
        Customer("K-900").ShouldNotBe(Customer("K-901"));
        foreach (var (id, own, others) in new[] { ("K-900", "Fitting", "Newsletter sign-up"), ("K-901", "Newsletter sign-up", "Fitting") })
        {
            await tab.GoAsync($"/unify/customers/{Customer(id)}");
            await Assertions.Expect(tab.Page.Locator("#timeline .timeline-days")).ToContainTextAsync(own);
            await Assertions.Expect(tab.Page.Locator("#timeline .timeline-days")).Not.ToContainTextAsync(others);
        }

        tab.Complaints.ShouldBeEmpty();
    }

    /// <summary>The page in each language, light and dark, on a desk and on a phone: nothing overflows, and axe finds nothing.</summary>
    private async Task LookAsync(string page, string name)
    {
        foreach (var (language, width, dark) in new[] { ("en", 1280, false), ("de", 390, true), ("pl", 1280, true), ("pl", 390, false) })
        {
            await using var tab = await chromium.OpenAsync(_server.Address, width, 900, language, dark);
            await tab.GoAsync(page);
            (await tab.AccessibilityFaultsAsync()).ShouldBeEmpty();
            (await tab.OverflowAsync()).ShouldBeEmpty();
            await tab.ShootAsync($"{name}-{language}-{width}");
            tab.Complaints.ShouldBeEmpty();
        }
    }

    private int Customer(string id) => _server.Get<JourneyStore>().FindCustomer(id).ShouldNotBeNull();

    private async Task ImportAsync(string file, string query)
    {
        using var answer = await _server.Http.PostAsync("/api/v1/collect/imports?" + query, new StringContent(file, Encoding.UTF8, "text/csv"));
        var report = await answer.Content.ReadFromJsonAsync<JsonElement>();
        report.GetProperty("rejected").GetInt64().ShouldBe(0, report.ToString());
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var end = _server.Get<EventLog>().EndPosition;
        await _server.Get<JourneyStore>().WaitUntilVisibleAsync(end, patience.Token);
        await _server.Get<ProfileFeed>().WaitUntilKeptAsync(end, patience.Token);
    }
}
