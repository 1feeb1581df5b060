using System.Net.Http.Json;

namespace Tangent.Tests.Browser;

/// <summary>A little of everything, so that every page has something to show.</summary>
internal static class SmallCompany
{
    private static readonly object[] Touchpoints =
    [
        new { name = "Newsletter", channel = "email", stage = "awareness", owner = "Marketing" },
        new { name = "Review portal", channel = "review", stage = "awareness", control = "thirdParty", directness = "indirect" },
        new { name = "Product page", channel = "web", stage = "consideration", owner = "Web shop" },
        new { name = "Shop visit", channel = "store", stage = "consideration", online = false, owner = "Store Kraków" },
        new { name = "Checkout", channel = "web", stage = "conversion", owner = "Web shop", description = "From the basket to the confirmation.\nTwo steps since spring." },
        new { name = "Invoice", channel = "mail", stage = "retention", online = false, owner = "Accounting" },
        new { name = "Hotline call", channel = "phone", stage = "retention", online = false, owner = "Service centre" },
        new { name = "Recommendation", channel = "social", stage = "advocacy", control = "thirdParty", directness = "indirect" },
    ];

    public static async Task FoundAsync(TestServer server)
    {
        foreach (var touchpoint in Touchpoints)
            (await server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", touchpoint)).EnsureSuccessStatusCode();
    }
}
