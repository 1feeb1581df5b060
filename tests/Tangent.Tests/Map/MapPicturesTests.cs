using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Tangent.Access;
using Tangent.Cli;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Web;

namespace Tangent.Tests.Map;

/// <summary>Maps leave the house as pictures, prints and links that end.</summary>
public sealed class MapPicturesTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Address = "/api/v1/map/journey-maps";
    private static readonly DateOnly Today = new(2026, 11, 1);

    [Fact]
    public async Task A_picture_holds_every_step_lane_and_card_in_the_language_asked_for_and_no_script()
    {
        var map = await MapAsync("Zażółć <gęślą> jaźń & ßÄ");

        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Address}/{map}/file?as=svg");
        request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue("pl"));
        using var answer = await server.Http.SendAsync(request);

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("image/svg+xml");
        var svg = XDocument.Parse(await answer.Content.ReadAsStringAsync());
        svg.Descendants().Select(e => e.Name.LocalName).Distinct().Order().ShouldBe(["polyline", "rect", "svg", "text", "title"]);
        var words = string.Join(' ', svg.Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value));
        words.ShouldContain("Zażółć <gęślą> jaźń & ßÄ");
        words.ShouldContain("Asks for help");
        words.ShouldContain("Said: it took a week");
        words.ShouldContain("Punkt styku");
    }

    [Fact]
    public async Task A_print_is_a_pdf_with_a_page_for_every_ten_steps()
    {
        var content = Long(steps: 30, cardsOfAStep: 2);
        MapSheet.Of(Sheet(content), SheetFormat.A3).Count.ShouldBe(3);

        var map = await MapAsync("For print");
        var pdf = await server.Http.GetByteArrayAsync($"{Address}/{map}/file?as=pdf");
        Encoding.ASCII.GetString(pdf, 0, 5).ShouldBe("%PDF-");
    }

    [Fact]
    public void Nothing_is_lost_or_drawn_beyond_a_page_where_cards_fill_more_than_one()
    {
        var content = Long(steps: 12, cardsOfAStep: 60);

        var pages = MapSheet.Of(Sheet(content), SheetFormat.A3);

        var texts = pages.SelectMany(p => p.Shapes.OfType<SheetText>()).ToList();
        foreach (var card in content.Cards) texts.Count(t => t.Text == card.Text).ShouldBe(1, card.Text);
        foreach (var page in pages)
            foreach (var text in page.Shapes.OfType<SheetText>())
            {
                text.Y.ShouldBeInRange(SheetFormat.Margin, page.Height - SheetFormat.Margin + 1, text.Text);
                text.X.ShouldBeInRange(SheetFormat.Margin, page.Width - SheetFormat.Margin, text.Text);
            }
    }

    [Theory]
    [InlineData("")]
    [InlineData("map: Empty\nstages: []\n")]
    public void A_map_of_nothing_is_a_sheet_all_the_same(string yaml)
    {
        var content = yaml.Length == 0 ? MapContent.Empty : MapImport.TryRead(yaml, out _)!.Content;
        MapSheet.Of(Sheet(content), SheetFormat.A3).Count.ShouldBe(1);
        MapSvg.Write(Sheet(content)).ShouldStartWith("<svg");
        MapPdf.Write(Sheet(content)).Length.ShouldBeGreaterThan(500);
    }

    [Fact]
    public async Task A_link_that_the_shell_makes_leads_to_where_the_server_listens()
    {
        var map = await MapAsync("Shared by the shell");
        await using var shell = (await ServerConnection.OpenAsync(server.DataFolder, CancellationToken.None))!;
        using var made = await shell.Http.PostAsJsonAsync($"{Address}/{map}/shares", new { days = 1 });
        var url = new Uri((await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").GetString()!);
        url.Authority.ShouldBe(server.Address.Authority);
        (await server.Http.GetAsync(url)).StatusCode.ShouldBe(HttpStatusCode.OK);
        ReachedAddress.Opened(["http://unix:/tmp/socket", "https://[::]:5443"]).ShouldBe("https://localhost:5443");
        ReachedAddress.Opened(["http://unix:/tmp/socket"]).ShouldBe(ReachedAddress.Usual);
    }

    [Fact]
    public async Task A_link_shows_the_map_without_what_customers_said_until_it_is_ended()
    {
        var map = await MapAsync("Shared with the agency");
        using var made = await server.Http.PostAsJsonAsync($"{Address}/{map}/shares", new { days = 14 });
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        var share = await made.Content.ReadFromJsonAsync<JsonElement>();
        var link = new Uri(share.GetProperty("url").GetString()!).AbsolutePath;
        share.GetProperty("ends").GetDateTime().ShouldBe(DateTime.UtcNow.AddDays(14), TimeSpan.FromMinutes(5));

        using var stranger = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = server.Http.BaseAddress };
        using var page = await stranger.GetAsync(link);
        (page.StatusCode, page.Headers.GetValues("X-Robots-Tag").Single()).ShouldBe((HttpStatusCode.OK, "noindex, nofollow"));
        (await page.Content.ReadAsStringAsync()).ShouldContain($"{link}/picture");
        var picture = await stranger.GetStringAsync(link + "/picture");
        picture.ShouldContain("Asks for help");
        picture.ShouldNotContain("it took a week");
        (await stranger.GetAsync(link[..^3])).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        using var ended = await server.Http.DeleteAsync($"{Address}/{map}/shares/{share.GetProperty("id").GetInt32()}");
        ended.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await stranger.GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await stranger.GetAsync(link + "/picture")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_shared_picture_is_drawn_so_often_a_minute_and_links_are_not_guessed_by_the_hundred()
    {
        await using var own = await TestServer.StartAsync();
        using var map = await own.Http.PostAsJsonAsync(Address, new { name = "Shared" });
        using var made = await own.Http.PostAsJsonAsync($"{Address}/{(await map.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32()}/shares", new { days = 1 });
        var picture = new Uri((await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").GetString()!).AbsolutePath + "/picture";
        for (var i = 0; i < MapSharesEndpoints.SharedPerMinute; i++) (await own.Http.GetAsync(picture)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var more = await own.Http.GetAsync(picture);
        (more.StatusCode, more.Headers.RetryAfter!.Delta).ShouldBe((HttpStatusCode.TooManyRequests, TimeSpan.FromMinutes(1)));
        HttpStatusCode last = default;
        for (var i = 0; i <= PublicLimit.PerMinute; i++) last = (await own.Http.GetAsync("/m/guess" + i)).StatusCode;
        last.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(366)]
    public async Task A_link_without_an_end_is_refused(int days)
    {
        var map = await MapAsync($"Not shared {days}");
        using var refused = await server.Http.PostAsJsonAsync($"{Address}/{map}/shares", new { days });
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public void What_one_question_of_a_map_holds_is_what_the_engine_tells_apart() => FirstsQuestion.MostTouchpoints.ShouldBe(Tangent.Engine.FirstsQuestion.MostTouchpoints);

    [Fact]
    public void A_picture_shows_the_measured_score_beside_the_guess_and_says_where_it_is_too_few()
    {
        var map = Sheet(Long(4, 1)) with { Measured = new Dictionary<string, MeasuredEmotion> { ["step-0"] = new(1.2, 0.9, 1.5, 240, false), ["step-3"] = new(-0.5, -1.5, 0.5, 7, true) } };

        var svg = MapSvg.Write(map);

        svg.ShouldContain("+0.9 – +1.5");
        (svg.Contains("+1.2 (n = 240)", StringComparison.Ordinal), svg.Contains("−0.5 (n = 7: too few)", StringComparison.Ordinal), svg.Contains("our guess", StringComparison.Ordinal)).ShouldBe((true, true, true));
        MapSvg.Write(Sheet(Long(4, 1))).ShouldNotContain("our guess");
        MapPdf.Write(map).Length.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public void A_picture_says_where_a_step_leads()
    {
        var content = Long(4, 1);
        content = content with { Steps = [content.Steps[0] with { Next = ["step-2", "step-3"] }, .. content.Steps.Skip(1).Take(2), content.Steps[3] with { Next = ["step-0"] }] };

        foreach (var format in new[] { SheetFormat.Picture(4), SheetFormat.A3 })
            MapSheet.Of(Sheet(content), format).SelectMany(p => p.Shapes.OfType<SheetText>()).Select(t => t.Text).Where(t => t[0] is '→' or '↩').ShouldBe(["→ Step 2", "→ Step 3", "↩ Step 0"]);
        MapPdf.Write(Sheet(content)).Length.ShouldBeGreaterThan(1000);
    }

    private static SheetMap Sheet(MapContent content) => new("A journey", "As-is", content, s => s.Touchpoint is null ? "" : "Home page", Today, new MapOptions(), new Dictionary<string, MeasuredEmotion>());

    private static MapContent Long(int steps, int cardsOfAStep) => new()
    {
        Stages = [new MapStage("stage-1", "First"), new MapStage("stage-2", "Second")],
        Steps = [.. Enumerable.Range(0, steps).Select(i => new MapStep($"step-{i}", i < steps / 2 ? "stage-1" : "stage-2", $"Step {i}", 1, i % 5 - 2))],
        Lanes = [new MapLane("lane-actions", LaneKind.Actions), new MapLane("lane-own", LaneKind.Free, "Own")],
        Cards = [.. from step in Enumerable.Range(0, steps) from card in Enumerable.Range(0, cardsOfAStep) select new MapCard($"card-{step}-{card}", $"step-{step}", card % 2 == 0 ? "lane-actions" : "lane-own", $"c{step}x{card}", new Evidence())],
    };

    private async Task<int> MapAsync(string name)
    {
        var file = $"map: '{name}'\nlanes: [actions]\nstages:\n  - stage: Help\n    steps:\n      - step: Asks for help\n        emotion: -1\n        actions:\n          - {{text: 'Said: it took a week', evidence: heard, times: 3}}\n          - Waits\n      - step: Is helped\n        emotion: 2\n";
        using var answer = await server.Http.PostAsJsonAsync($"{Address}/imports", new { file });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
    }
}
