using System.Net.Http.Json;
using Tangent.Tests.Analyse;

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
        await Shop.AppendAsync(server, [.. Journeys()]);
    }

    /// <summary>Customers who go the usual way and are lost on it, and now and then call or meet something that no rule maps.</summary>
    private static IEnumerable<object> Journeys()
    {
        var random = new Random(11);
        (string Name, string Channel, double Stay)[] way =
            [("Newsletter", "email", .9), ("Product page", "web", .7), ("Shop visit", "store", .45), ("Checkout", "web", .6), ("Invoice", "mail", .95), ("Recommendation", "social", .3)];
        for (var customer = 0; customer < 240; customer++)
        {
            var minutes = random.Next(90 * 24 * 60);
            foreach (var (name, channel, stay) in way.Skip(random.Next(3)))
            {
                yield return Shop.Track("customer-" + customer, name, channel, minutes += random.Next(5, 4000));
                if (random.Next(4) == 0) yield return Shop.Track("customer-" + customer, random.Next(2) == 0 ? "Hotline call" : "price_alert_opened", "phone", minutes += random.Next(5, 600));
                if (random.NextDouble() > stay) break;
            }
        }
    }
}
