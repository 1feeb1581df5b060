using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Tangent.Access;
using Tangent.Cli;
using Tangent.Measure;
using Tangent.Tests.Access;
using Tangent.Web;
using People = Tangent.Tests.Access.People;

namespace Tangent.Tests.Browser;

/// <summary>Takes the pictures of README and docs from the demo company: <c>TANGENT_PICTURES=1 ./test --filter PicturesTests</c>.</summary>
[Collection("browser")]
public sealed class PicturesTests(Chromium chromium)
{
    private const int Quality = 80;
    private const long MostBytes = 4_000_000;
    private const string Owner = "anna.kowalska@musterfirma.example";

    private static readonly (string Name, string Address)[] Pictures =
    [
        ("overview", "/"),
        ("touchpoints", "/map/touchpoints"),
        ("journey-maps", "/map/journey-maps"), ("journey-map", "/map/journey-maps/1"), ("live-map", "/analyse/live-maps/1"), ("map-draft", "/analyse/map-drafts"), ("template", "/map/templates/retail"), ("map-shares", "/map/journey-maps/1/shares"), ("map-versions", "/map/journey-maps/1/versions"), ("map-sides", "/analyse/map-sides/1"), ("map-quotes", "/map/journey-maps/1/card/card-12/quotes"), ("personas", "/map/personas"), ("persona", "/map/personas/1"), ("pain-points", "/map/pain-points"),
        ("sources", "/collect/sources"), ("source", "/collect/sources/1"), ("mapping", "/collect/mapping"), ("imports", "/collect/imports"),
        ("customers", "/unify/customers"), ("customer", "/unify/customers/7"), ("accounts", "/unify/accounts"), ("account", "/unify/accounts/one?account=F1035"), ("segments", "/unify/segments"),
        ("joining", "/unify/joining"), ("policies", "/unify/policies"), ("consents", "/unify/consents"), ("privacy", "/unify/privacy"), ("retention-periods", "/unify/retention"), ("duplicates", "/unify/duplicates"), ("households", "/unify/households"),
        ("scores", "/measure/scores"), ("contacts", "/measure/contacts?goal=Online+order&contact=Question+by+e-mail&answer=Answer+by+e-mail&within=7d"), ("comments", "/measure/comments"), ("alerts", "/measure/alerts"), ("surveys", "/measure/surveys"), ("survey", "/measure/surveys/1"),
        ("funnel", "/analyse/funnels"), ("paths", "/analyse/paths"), ("variants", "/analyse/variants"), ("flows", "/analyse/flows"), ("conformance", "/analyse/conformance"),
        ("retention", "/analyse/retention"), ("lifecycle", "/analyse/lifecycle"), ("stalled", "/analyse/stalled"), ("recovery", "/analyse/recovery?bad=Complaint+call"),
        ("referrals", "/analyse/referrals"), ("attribution", "/analyse/attribution"), ("neighbours", "/analyse/neighbours"), ("correlation", "/analyse/correlation"), ("drivers", "/analyse/drivers"), ("priorities", "/analyse/priorities"),
        ("saved", "/analyse/saved"), ("annotations", "/analyse/annotations"),
        ("people", "/access/users"), ("keys", "/access/keys"), ("audit", "/access/audit"),
        ("settings", "/operate/settings"), ("backups", "/operate/backups"),
    ];

    /// <summary>The overview, in another way.</summary>
    private static readonly (string Name, int Width, int Height, string Language, bool Dark)[] Ways = [("dark", 1280, 1000, "de", true), ("phone", 390, 844, "pl", false)];

    [Fact]
    public async Task Every_page_of_the_navigation_has_a_picture_and_every_picture_is_shown()
    {
        await using var server = await TestServer.StartAsync();
        var pages = server.Get<Navigation>().Groups.SelectMany(g => g.Items).Select(i => i.Href).ToList();
        pages.Count.ShouldBeGreaterThan(20);
        pages.Except(Pictures.Select(p => p.Address.Split('?')[0])).ShouldBeEmpty("add the page here and its picture to docs/");

        var files = Directory.GetFiles(Folder).Select(f => Path.GetFileName(f)).ToList();
        files.ShouldBe(Pictures.Select(p => p.Name).Concat(Ways.Select(w => w.Name)).Concat(FirstMapTests.Pictures).Select(n => n + ".webp"), ignoreOrder: true, "take the pictures: TANGENT_PICTURES=1");
        var texts = Repository.Read("README.md") + string.Concat(Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md").Select(File.ReadAllText));
        files.Where(f => !texts.Contains($"images/{f})", StringComparison.Ordinal)).ShouldBeEmpty("show the picture in docs/");
        Directory.GetFiles(Folder).Sum(f => new FileInfo(f).Length).ShouldBeLessThan(MostBytes);
    }

    [PictureFact]
    public async Task The_pictures_show_the_pages_as_they_are()
    {
        var folder = Path.Combine(Directory.CreateTempSubdirectory("tangent-pictures").FullName, "demo");
        (await CommandLine.RunAsync(["demo", "--no-serve", "--data", folder, "--json", "--customers", "5000"])).ShouldBe(ExitCode.Done);
        await using (var server = await TestServer.StartAsync(demo: false, dataFolder: folder))
        {
            await PeopleWorkAsync(server);
            await using (var tab = await SignedInAsync(server, 1280, 1000, "en", dark: false))
            {
                foreach (var (name, address) in Pictures) await TakeAsync(tab, name, address);
                tab.Complaints.ShouldBeEmpty();
            }

            foreach (var (name, width, height, language, dark) in Ways)
            {
                await using var tab = await SignedInAsync(server, width, height, language, dark);
                await TakeAsync(tab, name, "/");
                tab.Complaints.ShouldBeEmpty();
            }
        }

        Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
    }

    private static string Folder => Path.Combine(Repository.Root, "docs", "images");

    /// <summary>So that no page is empty: colleagues, a key, an import, a saved question, an annotation, a backup.</summary>
    private static async Task PeopleWorkAsync(TestServer server)
    {
        using var owner = await server.ComeInAsync(Owner, Role.Owner);
        (await server.ComeInAsync("jonas.weber@musterfirma.example", Role.Editor)).Dispose();
        (await server.ComeInAsync("piotr.nowak@musterfirma.example", Role.Contributor)).Dispose();
        (await owner.PatchAsJsonAsync("/api/v1/operate/settings", new Dictionary<string, string> { ["Company:Name"] = "Muster Fahrrad GmbH", ["Company:HolidayCountry"] = "DE" })).EnsureSuccessStatusCode();
        var rows = new StringBuilder("customer;activity;time\n");
        for (var i = 0; i < 40; i++) rows.Append(CultureInfo.InvariantCulture, $"K-{i:D5};Trade fair visit;2026-03-{1 + i % 28:D2} 10:{i:D2}:00\n");
        foreach (var (address, body) in new (string, HttpContent)[]
        {
            ("/api/v1/access/users", JsonContent.Create(new { email = "lena.fischer@musterfirma.example", role = "viewer" })),
            ("/api/v1/access/keys", JsonContent.Create(new { name = "Nightly export", scope = "viewer", areas = new[] { "analyse" } })),
            ("/api/v1/collect/imports?fileName=trade-fair.csv", new StringContent(rows.ToString(), Encoding.UTF8, "text/csv")),
            ("/api/v1/analyse/annotations", JsonContent.Create(new { day = "2026-03-02", text = "New invoice layout", touchpoint = "Invoice" })),
            ("/api/v1/analyse/saved-questions", JsonContent.Create(new { name = "From the shop to the order", address = "/analyse/funnels?step=Product+page&step=Checkout&step=Online+order", shared = true })),
            ("/api/v1/unify/segments", JsonContent.Create(new { name = "Regular buyers", conditions = new[] { "did 2..: Online order" } })),
            ("/api/v1/unify/segments", JsonContent.Create(new { name = "Lost after a complaint", conditions = new[] { "did: Complaint call", "did not in 90d: Online order" } })),
            ("/api/v1/unify/privacy/requests", JsonContent.Create(new { kind = "access", customer = "C100042", note = "Letter 2026-118" })),
            ("/api/v1/measure/surveys", new StringContent((SurveyTemplates.All["delivery"] with { Touchpoint = "Parcel delivery" }).ToJson(), Encoding.UTF8, "application/json")),
            // After the three of the demo company.
            ("/api/v1/measure/surveys/4/responses", JsonContent.Create(new { userId = "C100042", answers = new[] { new { question = "csat", value = "2", comment = "Der Karton war offen." } } })),
            // Parcels that came late in the last days: an alert.
            ("/api/v1/measure/feedback", JsonContent.Create(new { items = Enumerable.Range(0, 40).Select(i => new { userId = $"C{100_100 + i}", metric = "csat", score = 1, touchpoint = "Parcel delivery", at = DateTimeOffset.UtcNow.AddDays(-2) }) })),
            ("/api/v1/operate/backups", JsonContent.Create(new { })),
        })
            using (body)
            {
                var answer = await owner.PostAsync(address, body);
                answer.IsSuccessStatusCode.ShouldBeTrue($"{address}: {await answer.Content.ReadAsStringAsync()}");
            }

        await TestCalls.UntilAsync(async () =>
        {
            using var found = await owner.PostAsync("/api/v1/measure/alerts/checks", null);
            return (await found.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("began").GetInt32() > 0;
        });
    }

    private async Task<Tab> SignedInAsync(TestServer server, int width, int height, string language, bool dark)
    {
        var tab = await chromium.OpenAsync(server.Address, width, height, language, dark);
        await tab.GoAsync("/access/sign-in");
        await tab.Page.FillAsync("#email", Owner);
        await tab.Page.FillAsync("#password", People.Password);
        await tab.Page.ClickAsync("form[action='/access/sign-in'] button.btn-primary");
        await tab.Page.WaitForSelectorAsync(".sidebar", new() { State = Microsoft.Playwright.WaitForSelectorState.Attached });
        return tab;
    }

    private static async Task TakeAsync(Tab tab, string name, string address)
    {
        await tab.GoAsync(address);
        await KeepAsync(tab, name);
    }

    /// <summary>What the tab shows, as a picture of docs.</summary>
    internal static async Task KeepAsync(Tab tab, string name)
    {
        // WebP: a third of what a PNG takes.
        var browser = await tab.Page.Context.NewCDPSessionAsync(tab.Page);
        var picture = await browser.SendAsync("Page.captureScreenshot", new() { ["format"] = "webp", ["quality"] = Quality });
        await File.WriteAllBytesAsync(Path.Combine(Folder, name + ".webp"), Convert.FromBase64String(picture!.Value.GetProperty("data").GetString()!));
        await browser.DetachAsync();
    }

    private sealed class PictureFactAttribute : FactAttribute
    {
        public PictureFactAttribute()
        {
            if (Environment.GetEnvironmentVariable("TANGENT_PICTURES") != "1" || !Chromium.IsThere) Skip = "Takes pictures only where they are asked for: TANGENT_PICTURES=1, with Chromium.";
            Timeout = 1_800_000;
        }
    }
}
