using System.Text.Json;
using Tangent.Tests.Browser;

namespace Tangent.Tests.Web;

/// <summary>The search over everything: pages in the reader's language, touchpoints, customers.</summary>
public sealed class SearchTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        await SmallCompany.FoundAsync(_server);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("en", "funn", "pages", "/analyse/funnels")]
    [InlineData("de", "trichter", "pages", "/analyse/funnels")]
    [InlineData("pl", "lejki", "pages", "/analyse/funnels")]
    [InlineData("en", "shop visit", "touchpoints", "/map/touchpoints/4")]
    [InlineData("en", "store krakow", "touchpoints", "/map/touchpoints/4")]
    [InlineData("en", "lucja zak", "customers", "/unify/customers/")]
    [InlineData("en", "K-1003", "customers", "/unify/customers/")]
    public async Task A_piece_of_a_name_finds_it(string language, string text, string kind, string href)
    {
        var answer = JsonDocument.Parse(await _server.Http.GetStringAsync($"/api/v1/search?lang={language}&q={Uri.EscapeDataString(text)}")).RootElement;
        var found = answer.GetProperty("kinds").EnumerateArray().Single(k => k.GetProperty("kind").GetString() == kind).GetProperty("items").EnumerateArray().ToList();
        found.ShouldNotBeEmpty();
        found[0].GetProperty("href").GetString()!.ShouldStartWith(href);
    }

    [Fact]
    public async Task Pages_keep_the_filter_one_comes_from()
    {
        var page = await _server.Http.GetStringAsync("/search?q=funnels&from=2026-01-01&channel=web");
        page.ShouldContain("/analyse/funnels?from=2026-01-01&amp;channel=web");
    }

    [Theory]
    [InlineData("")]
    [InlineData("%")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\0")]
    public async Task Whatever_is_typed_is_answered(string text)
    {
        using var answer = await _server.Http.GetAsync("/search?q=" + Uri.EscapeDataString(text));
        ((int)answer.StatusCode).ShouldBe(200);
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("<script>alert");
    }
}
