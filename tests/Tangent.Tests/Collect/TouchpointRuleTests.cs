using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tangent.Collect;

namespace Tangent.Tests.Collect;

public sealed class TouchpointRuleTests(TestServer server) : IClassFixture<TestServer>
{
    [Theory]
    [InlineData("", "anything", true)]
    [InlineData("Order completed", "order COMPLETED", true)]
    [InlineData("Order", "Order completed", false)]
    [InlineData("/products/*", "/products/*/reviews", true)]
    [InlineData("*/reviews", "/products/*/reviews", true)]
    [InlineData("*a*b*c", "xxaybzc", true)]
    [InlineData("*a*b*c", "xxayczb", false)]
    [InlineData("*", "", true)]
    [InlineData("a", "", false)]
    public void A_star_stands_for_any_text(string pattern, string text, bool fits) => TouchpointRule.Fits(pattern, text).ShouldBe(fits);

    [Fact]
    public async Task The_first_rule_that_fits_decides_and_a_rule_put_first_overrules()
    {
        var shop = await AddTouchpointAsync("Shop page");
        var checkout = await AddTouchpointAsync("Checkout");
        await AddRuleAsync(new { touchpointId = shop, path = "/shop/*" });
        await AddRuleAsync(new { touchpointId = checkout, path = "/shop/checkout*" });
        var signature = new Signature("Viewed", "web", "site", "/shop/checkout", "");
        server.Get<TouchpointRules>().TouchpointOf(signature).ShouldBe(shop);
        await AddRuleAsync(new { touchpointId = checkout, path = "/shop/checkout", first = true });
        server.Get<TouchpointRules>().TouchpointOf(signature).ShouldBe(checkout);
        server.Get<TouchpointRules>().TouchpointOf(signature with { Path = "/about" }).ShouldBeNull();
    }

    [Fact]
    public async Task A_rule_without_conditions_or_touchpoint_and_a_second_touchpoint_of_one_name_are_refused()
    {
        (await server.Http.PostAsJsonAsync("/api/v1/collect/touchpoint-rules", new { touchpointId = 1 })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await server.Http.PostAsJsonAsync("/api/v1/collect/touchpoint-rules", new { touchpointId = 4711, @event = "x" })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await AddTouchpointAsync("Änderung");
        (await server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name = "änderung" })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name = " " })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    private async Task<int> AddTouchpointAsync(string name)
    {
        var answer = await server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
    }

    private async Task AddRuleAsync(object rule) =>
        (await server.Http.PostAsJsonAsync("/api/v1/collect/touchpoint-rules", rule)).StatusCode.ShouldBe(HttpStatusCode.Created);
}
