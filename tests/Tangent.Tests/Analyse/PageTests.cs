using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tangent.Tests.Analyse;

/// <summary>The pages: every number leads to exactly the customers behind it, bad input is shown and not thrown, an empty program says what to do.</summary>
public sealed partial class PageTests : IAsyncLifetime
{
    private static readonly string[] Pages = ["/", "/analyse/funnels", "/analyse/paths", "/analyse/variants", "/analyse/flows", "/analyse/retention", "/analyse/lifecycle", "/analyse/conformance", "/analyse/stalled", "/analyse/attribution", "/analyse/neighbours", "/analyse/correlation"];
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Every_number_on_every_page_leads_to_exactly_as_many_customers()
    {
        await FillAsync();
        string[] funnel = ["Ärger & <b>Rat</b>", "50% off?", "a+b=c"];
        var steps = string.Join('&', funnel.Select(s => "step=" + Uri.EscapeDataString(s)));
        string[] addresses =
        [
            "/", "/?days=7", "/?channel=c1", "/analyse/funnels", $"/analyse/funnels?{steps}&breakdown=channel", $"/analyse/funnels?{steps}&window=1d&channel=c1&from=2026-03-03",
            "/analyse/paths", $"/analyse/paths?start={Uri.EscapeDataString(funnel[0])}&steps=4&edges=7&collapse=false", "/analyse/paths?visits=true&least=2", $"/analyse/paths?end={Uri.EscapeDataString(funnel[2])}&silence=3d&to=2026-04-01", "/analyse/variants?collapse=true&top=1000", "/analyse/variants?top=10",
            $"/analyse/funnels?{steps}&order=any&breakdown=touchpoint&touch=last&trend=month&exclude={Uri.EscapeDataString("x/y → z")}",
            "/analyse/retention", $"/analyse/retention?start={Uri.EscapeDataString(funnel[0])}&return=channel%3Dc1&period=day&recurring=true&orAfter=true",
            "/analyse/lifecycle?period=week", $"/analyse/recovery?bad={Uri.EscapeDataString(funnel[1])}&goal={Uri.EscapeDataString(funnel[0])}&window=3d", $"/analyse/referrals?recommends={Uri.EscapeDataString(funnel[1])}&window=30d",
            "/analyse/flows?take=1000", "/analyse/flows?collapse=true&channel=c0",
            "/analyse/conformance", "/analyse/conformance?channel=c1&rule=" + Uri.EscapeDataString("within 3d: \"Zażółć \"\"gęślą\"\"\" | 50% off? -> \"x/y → z\"") + "&rule=" + Uri.EscapeDataString("xor: Ärger & <b>Rat</b>, a+b=c"),
            "/analyse/stalled", "/analyse/stalled?percentile=50&exclude=" + Uri.EscapeDataString(funnel[0]) + "&channel=c1", "/analyse/stalled?asOf=2026-03-20",
            "/analyse/neighbours", $"/analyse/neighbours?at={Uri.EscapeDataString(funnel[0])}&steps=1&channel=c1", "/analyse/correlation", $"/analyse/correlation?goal={Uri.EscapeDataString(funnel[2])}&start={Uri.EscapeDataString(funnel[0])}&window=90d",
            "/analyse/attribution", $"/analyse/attribution?conversion={Uri.EscapeDataString(funnel[1])}&by=channel&lookback=7d&order=2",
        ];
        foreach (var address in addresses)
        {
            var links = Links().Matches(await PageAsync(address)).Select(m => (Href: WebUtility.HtmlDecode(m.Groups["href"].Value), Number: long.Parse(m.Groups["number"].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture))).ToList();
            links.Count.ShouldBeGreaterThan(2, address);
            foreach (var (href, number) in links.Distinct())
            {
                var list = JsonDocument.Parse(await _server.Http.GetStringAsync("/api/v1" + href + "&take=1000")).RootElement;
                list.GetProperty("total").GetInt64().ShouldBe(number, $"{address} → {href}");
                list.GetProperty("items").GetArrayLength().ShouldBe((int)number, href);
            }

            var (sample, size) = links[links.Count / 2];
            (await PageAsync(sample)).ShouldContain(size == 1 ? ">1 customer<" : $">{size:n0} customers<");
        }
    }

    [Fact]
    public async Task Steps_are_moved_and_removed_without_a_script()
    {
        await FillAsync();
        const string steps = "/analyse/funnels?step=a%2Bb%3Dc&step=50%25%20off%3F&window=3d&channel=c1";
        (await LocationAsync(steps + "&edit=up-2")).ShouldBe("/analyse/funnels?step=50%25%20off%3F&step=a%2Bb%3Dc&window=3d&channel=c1");
        (await LocationAsync(steps + "&edit=remove-1")).ShouldBe("/analyse/funnels?step=50%25%20off%3F&window=3d&channel=c1");
        (await LocationAsync(steps + "&edit=down-2")).ShouldBe("/analyse/funnels?step=a%2Bb%3Dc&step=50%25%20off%3F&window=3d&channel=c1");
        (await LocationAsync(steps + "&edit=remove-9")).ShouldBe("/analyse/funnels?step=a%2Bb%3Dc&step=50%25%20off%3F&window=3d&channel=c1");
    }

    [Fact]
    public async Task Rules_are_put_together_and_removed_without_a_script()
    {
        await FillAsync();
        const string rules = "/analyse/conformance?rule=starts%3A%20a%2Bb%3Dc&rule=ends%3A%2050%25%20off%3F&channel=c1";
        (await LocationAsync(rules + "&edit=remove-1")).ShouldBe("/analyse/conformance?rule=ends%3A%2050%25%20off%3F&channel=c1");
        (await LocationAsync(rules + "&kind=within&first=a%2Bb%3Dc&second=x%2Fy%20%E2%86%92%20z&time=36h&edit=add"))
            .ShouldBe("/analyse/conformance?rule=starts%3A%20a%2Bb%3Dc&rule=ends%3A%2050%25%20off%3F&rule=within%2036h%3A%20a%2Bb%3Dc%20-%3E%20%22x%2Fy%20%E2%86%92%20z%22&channel=c1");
        (await LocationAsync("/analyse/conformance?kind=between&first=a%2Bb%3Dc&least=2&most=4&edit=add")).ShouldBe("/analyse/conformance?rule=between%202..4%3A%20a%2Bb%3Dc");
        // Not all chosen yet: what is chosen stays.
        var half = await PageAsync(rules + "&kind=response&first=a%2Bb%3Dc&edit=add");
        half.ShouldContain("<option value=\"response\" selected");
        half.ShouldContain("id=\"field-second\"");
    }

    [Fact]
    public async Task Before_the_first_event_every_page_offers_three_ways_to_begin()
    {
        foreach (var page in Pages)
        {
            var html = await PageAsync(page);
            html.ShouldContain("/collect/sources", customMessage: page);
            html.ShouldContain("/collect/imports", customMessage: page);
            html.ShouldContain("tangent demo", customMessage: page);
        }
    }

    [Fact]
    public async Task A_filter_that_matches_nothing_says_so()
    {
        await FillAsync();
        foreach (var page in Pages.Where(p => p != "/analyse/flows" && p != "/"))
            (await PageAsync(page + "?channel=pigeon")).ShouldContain("Nothing matches", customMessage: page);
    }

    [Theory]
    [InlineData("/?days=8")]
    [InlineData("/?from=tomorrow")]
    [InlineData("/?from=2199-01-01")]
    [InlineData("/?channel=pigeon")]
    [InlineData("/analyse/funnels?step=nowhere")]
    [InlineData("/analyse/funnels?step=Visit&window=0d")]
    [InlineData("/analyse/funnels/customers?step=Visit&at=7")]
    [InlineData("/analyse/funnels/customers")]
    [InlineData("/analyse/paths?steps=100")]
    [InlineData("/analyse/paths?start=nowhere")]
    [InlineData("/analyse/paths/customers?position=1&at=nowhere")]
    [InlineData("/analyse/variants?top=-1")]
    [InlineData("/analyse/variants/customers?variant=0123456789abcdef")]
    [InlineData("/analyse/flows?property.shoe=9")]
    [InlineData("/analyse/flows/customers?before=nowhere&after=nowhere")]
    [InlineData("/analyse/touchpoints/customers?at=nowhere")]
    public async Task A_page_shows_what_cannot_be_answered(string address)
    {
        await Shop.AppendAsync(_server, Shop.Track("anna", "Visit", "web", 0));
        var response = await _server.Http.GetAsync(address);
        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var html = await response.Content.ReadAsStringAsync();
        html.ShouldContain("alert-danger");
        html.ShouldContain("<h1>");
    }

    [Fact]
    public async Task Huge_values_do_not_break_an_answer()
    {
        await Shop.AppendAsync(_server, [.. Enumerable.Range(0, 3).Select(i => Shop.Track("u" + i, "Order", "web", i, 1.7e308))]);
        (await _server.Http.GetAsync("/api/v1/analyse/touchpoints")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_pages_speak_german_and_polish()
    {
        await FillAsync();
        foreach (var page in Pages)
        {
            foreach (var language in new[] { "en", "de", "pl" })
                TextKey().Match(await PageAsync(page + "?lang=" + language)).Value.ShouldBe("", $"{page} {language}");
            (await PageAsync(page + "?lang=de")).ShouldContain("Kunden");
        }
    }

    [Fact]
    public async Task Volumes_of_the_catalogue_come_as_cells_for_other_pages()
    {
        await FillAsync();
        await _server.Http.PostAsync("/api/v1/map/touchpoints", new StringContent("""{"name":"a+b=c","channel":"web","stage":"conversion"}""", System.Text.Encoding.UTF8, "application/json"));
        var id = JsonDocument.Parse(await _server.Http.GetStringAsync("/api/v1/map/touchpoints")).RootElement[0].GetProperty("id").GetInt32();
        await _server.Http.PostAsync("/api/v1/collect/touchpoint-rules", new StringContent($$"""{"touchpointId":{{id}},"event":"a+b=c"}""", System.Text.Encoding.UTF8, "application/json"));
        (await _server.Http.GetStringAsync("/analyse/volumes/sparks")).ShouldContain($"id=\"volume-{id}\" hx-swap-oob=\"true\"");
        var volume = JsonDocument.Parse(await _server.Http.GetStringAsync("/api/v1/analyse/touchpoints")).RootElement.GetProperty("items").EnumerateArray().Single(t => t.GetProperty("name").GetString() == "a+b=c");
        volume.GetProperty("id").GetInt32().ShouldBe(id);
        (await _server.Http.GetStringAsync("/analyse/volumes/touchpoint?touchpoint=a%2Bb%3Dc")).ShouldContain("/analyse/touchpoints/customers?at=a%2Bb%3Dc");
    }

    /// <summary>80 customers on touchpoints whose names need every kind of escaping, over two months.</summary>
    private Task FillAsync()
    {
        var random = new Random(5);
        string[] names = ["Ärger & <b>Rat</b>", "50% off?", "a+b=c", "Zażółć \"gęślą\"", "x/y → z"];
        return Shop.AppendAsync(_server, [.. Enumerable.Range(0, 600).Select(_ =>
            Shop.Track("u" + random.Next(80), names[Math.Min(random.Next(5), random.Next(5))], "c" + random.Next(3), random.Next(60 * 24 * 60)))]);
    }

    private async Task<string> PageAsync(string address)
    {
        using var response = await _server.Http.GetAsync(address);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, address);
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<string> LocationAsync(string address)
    {
        using var response = await _server.Http.GetAsync(address);
        response.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        return response.Headers.Location!.OriginalString;
    }

    [GeneratedRegex("<a [^>]*href=\"(?<href>/analyse/[a-z]+/customers\\?[^\"]*)\"[^>]*>(?<number>[\\d,]+)</a>")]
    private static partial Regex Links();

    [GeneratedRegex(@"\b(Analyse|Web)\.[A-Z][A-Za-z.]+")]
    private static partial Regex TextKey();
}
