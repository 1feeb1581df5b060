using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Collect;
using Tangent.Measure;
using Tangent.Unify;

namespace Tangent.Tests.Browser;

/// <summary>A little of everything, so that every page has something to show: a catalogue, rules, 240 customers with half a year of events.</summary>
internal static class SmallCompany
{
    private const int Customers = 240;

    private static readonly object[] Touchpoints =
    [
        new { name = "Newsletter", channel = "email", stage = "awareness", owner = "Marketing" },
        new { name = "Review portal", channel = "review", stage = "awareness", control = "thirdParty", directness = "indirect" },
        new { name = "Product page", channel = "web", stage = "consideration", owner = "Web shop" },
        new { name = "Shop visit", channel = "store", stage = "consideration", online = false, owner = "Store Kraków" },
        new { name = "Checkout", channel = "web", stage = "conversion", owner = "Web shop", description = "From the basket to the confirmation.\nTwo steps since spring." },
        new { name = "Order", channel = "web", stage = "conversion", owner = "Web shop" },
        new { name = "Invoice", channel = "mail", stage = "retention", online = false, owner = "Accounting" },
        new { name = "Hotline call", channel = "phone", stage = "retention", online = false, owner = "Service centre" },
        new { name = "Recommendation", channel = "social", stage = "advocacy", control = "thirdParty", directness = "indirect" },
    ];

    // Event, channel, path or campaign, and how likely a customer goes on to it from the one before.
    private static readonly (string Event, string Channel, string Path, double Share)[] Way =
    [
        ("Newsletter", "email", "", 0.55), ("Review portal", "review", "", 0.3), ("Product page", "web", "/bikes/*", 0.9), ("Product page", "web", "/bikes/*", 0.5),
        ("Shop visit", "store", "", 0.35), ("Checkout", "web", "/checkout", 0.6), ("order_completed", "web", "", 0.7), ("Invoice", "mail", "", 0.95),
        ("Hotline call", "phone", "", 0.3), ("parcel.delivered", "parcel", "", 0.8), ("workshop_appointment", "workshop", "", 0.25), ("Recommendation", "social", "", 0.2),
    ];

    private static readonly string[] Names =
        ["Łucja Żak", "Jürgen Größ", "Anna Nowak", "Matthias Vogelsang-Kretschmer", "Emma Brown", "Paweł Wiśniewski", "Sofia Rossi", "Hedwig Öllinger"];

    private const string JourneyMap = """
        map: Buying a bicycle
        persona: Anna, commutes by bicycle
        description: How a customer comes to a bicycle.
        lanes: [actions, pain-points, {name: Legal}]
        stages:
          - stage: Choosing
            steps:
              - step: Reads the product page
                touchpoint: Product page
                emotion: 1
                actions: [Compares two bicycles]
              - step: Comes to the shop
                touchpoint: Shop visit
                emotion: -2
                pain-points:
                  - {text: Nobody had time, evidence: heard, times: 5, date: 2024-03-02}
                Legal: [Test rides need a signature]
          - stage: Buying
            steps:
              - {step: Orders, touchpoint: Order, emotion: 2}
        """;

    public static async Task FoundAsync(TestServer server)
    {
        foreach (var touchpoint in Touchpoints)
            (await server.Http.PostAsJsonAsync("/api/v1/map/touchpoints", touchpoint)).EnsureSuccessStatusCode();
        (await server.Http.PostAsJsonAsync("/api/v1/collect/touchpoint-rules", new { touchpointId = 6, @event = "order_*", channel = "web" })).EnsureSuccessStatusCode();
        (await server.Http.PostAsJsonAsync("/api/v1/collect/touchpoint-rules", new { touchpointId = 8, @event = "fax*" })).EnsureSuccessStatusCode();
        (await server.Http.PostAsync("/api/v1/measure/surveys", new StringContent((SurveyTemplates.All["delivery"] with { Touchpoint = "Order" }).ToJson(), Encoding.UTF8, "application/json"))).EnsureSuccessStatusCode();
        (await server.Http.PostAsJsonAsync("/api/v1/measure/surveys/1/responses", new { userId = "K-1000", answers = new[] { new { question = "csat", value = "2", comment = "Der Karton war offen." } } })).EnsureSuccessStatusCode();
        (await server.Http.PostAsJsonAsync("/api/v1/map/journey-maps/imports", new { file = JourneyMap })).EnsureSuccessStatusCode();
        (await server.Http.PostAsJsonAsync("/api/v1/unify/segments", new { name = "Buyers", conditions = new[] { "did: Order" } })).EnsureSuccessStatusCode();
        (await server.Http.PostAsJsonAsync("/api/v1/map/personas", new { name = "Anna, commutes by bicycle", description = "34, seven kilometres each way", goals = new[] { "To be on time" }, quote = "Will it fit?", segment = "Buyers" })).EnsureSuccessStatusCode();
        (await server.Http.PostAsJsonAsync("/api/v1/map/journey-maps/1/snapshots", new { name = "After the workshop" })).EnsureSuccessStatusCode();
        await using var scope = server.Services.CreateAsyncScope();
        var shop = await scope.ServiceProvider.GetRequiredService<SourceQueries>().GetOrCreateAsync("Web shop", SourceKind.Server, CancellationToken.None);
        using var damaged = new HttpRequestMessage(HttpMethod.Post, "/v1/batch")
        {
            Content = JsonContent.Create(new { writeKey = shop.WriteKey, batch = new object[] { new { type = "track", userId = "x" }, new { type = "track", @event = new string('n', 5000), userId = "x" } } }),
        };
        await server.Http.SendAsync(damaged);
        var now = DateTimeOffset.UtcNow;
        var events = Events(now).Select(e => new AcceptedEvent(default, Encoding.UTF8.GetBytes(e))).ToList();
        var appended = await server.Get<EventLog>().AppendAsync(
            new LogAppend(shop.Id, LogKind.Events, Trusted: true, now.ToUnixTimeMilliseconds(), null, events), CancellationToken.None);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await server.Get<JourneyStore>().WaitUntilVisibleAsync(appended.EndPosition, patience.Token);
        while (server.Get<ProfileFeed>().Position < appended.EndPosition) await Task.Delay(50, patience.Token);
    }

    private static IEnumerable<string> Events(DateTimeOffset now)
    {
        var random = new Random(7);
        for (var customer = 0; customer < Customers; customer++)
        {
            var id = "K-" + (1000 + customer).ToString(CultureInfo.InvariantCulture);
            var at = now.AddDays(-180 + 150 * random.NextDouble());
            if (customer % 3 != 2)
                yield return Json(new { type = "identify", userId = id, timestamp = at, traits = new { name = Names[customer % Names.Length], email = $"k{customer}@example.org", city = "Kraków", plan = "basic" } });
            if (customer % 10 == 0)
                yield return Json(new { type = "group", userId = id, groupId = "fleet-" + customer, timestamp = at, traits = new { name = "Stadtwerke Musterhausen GmbH & Co. KG" } });
            foreach (var (name, channel, path, share) in Way)
            {
                if (random.NextDouble() > share) continue;
                at = at.AddHours(-Math.Log(1 - random.NextDouble()) * 30);
                if (at > now) yield break;
                var paid = name == "order_completed";
                yield return Json(new
                {
                    type = "track",
                    @event = name,
                    userId = id,
                    timestamp = at,
                    properties = new { channel, path = path.Length > 0 ? path : null, revenue = paid ? Math.Round(300 + 2000 * random.NextDouble(), 2) : (double?)null, currency = paid ? "EUR" : null },
                });
            }
        }
    }

    private static string Json(object value) => JsonSerializer.Serialize(value);
}
