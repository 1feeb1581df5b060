namespace Tangent.Collect;

/// <summary>A piece of code that sends a first event, to be copied: with the real key and the real address.</summary>
/// <param name="Id">Short name, for links and tests.</param>
/// <param name="Name">What it is for, as people call it.</param>
public sealed record Snippet(string Id, string Name, string Text)
{
    /// <summary>The snippets for a kind of source, the likeliest first.</summary>
    internal static IReadOnlyList<Snippet> For(SourceKind kind, string address, string key) => kind == SourceKind.Web
        ? [CollectJs(address, key), SegmentBrowser(address, key), Curl(address, key)]
        : [Curl(address, key), CSharp(address, key), Python(address, key), SegmentNode(address, key), RudderStackNode(address, key)];

    private static Snippet CollectJs(string address, string key) => new("collect", "JavaScript · collect.js", $$"""
        <script>
          window.tangent = window.tangent || [];
          ["page", "track", "identify", "reset", "optIn", "optOut", "consent"].forEach(function (name) {
            tangent[name] = tangent[name] || function () { tangent.push([name, arguments]); };
          });
        </script>
        <script async src="{{address}}/collect.js?key={{key}}" data-key="{{key}}"></script>
        <script>
          // When the visitor has agreed; before, nothing is stored, and nothing is sent unless the source is set to count. A refusal: tangent.consent("denied").
          tangent.consent("granted");
          tangent.track("Product viewed", { product: "bicycle", price: 1299.5, currency: "EUR" });
          // When it is known who it is:
          // tangent.identify("k-100", { name: "Anna" });
        </script>
        """);

    private static Snippet SegmentBrowser(string address, string key) => new("segment-browser", "JavaScript · @segment/analytics-next", $$"""
        import { AnalyticsBrowser } from "@segment/analytics-next";

        const analytics = AnalyticsBrowser.load({ writeKey: "{{key}}", cdnURL: "{{address}}" });
        analytics.page();
        analytics.track("Product viewed", { channel: "web", product: "bicycle" });
        """);

    private static Snippet Curl(string address, string key) => new("curl", "curl", $$$"""
        curl -u "{{{key}}}:" {{{address}}}/v1/track \
          -H "Content-Type: application/json" \
          -d '{"userId":"k-100","event":"Order completed","properties":{"channel":"web","revenue":1299.50,"currency":"EUR"}}'
        """);

    private static Snippet CSharp(string address, string key) => new("csharp", "C#", $$"""
        using System.Net.Http.Headers;
        using System.Net.Http.Json;
        using System.Text;

        var address = "{{address}}";
        var writeKey = "{{key}}";
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(writeKey + ":")));
        var order = new
        {
            userId = "k-100",
            @event = "Order completed",
            messageId = Guid.NewGuid(),
            timestamp = DateTimeOffset.UtcNow,
            properties = new { channel = "web", revenue = 1299.50, currency = "EUR" },
        };
        using var answer = await http.PostAsJsonAsync("/v1/track", order);
        answer.EnsureSuccessStatusCode();
        """);

    private static Snippet Python(string address, string key) => new("python", "Python", $$"""
        import base64, json, urllib.request, uuid

        order = {
            "userId": "k-100",
            "event": "Order completed",
            "messageId": str(uuid.uuid4()),
            "properties": {"channel": "web", "revenue": 1299.50, "currency": "EUR"},
        }
        request = urllib.request.Request(
            "{{address}}/v1/track",
            json.dumps(order).encode(),
            {"Content-Type": "application/json", "Authorization": "Basic " + base64.b64encode(b"{{key}}:").decode()},
        )
        print(urllib.request.urlopen(request).read().decode())
        """);

    private static Snippet SegmentNode(string address, string key) => new("segment-node", "Node.js · @segment/analytics-node", $$"""
        import { Analytics } from "@segment/analytics-node";

        const analytics = new Analytics({ writeKey: "{{key}}", host: "{{address}}" });
        analytics.track({ userId: "k-100", event: "Order completed", properties: { channel: "web", revenue: 1299.5, currency: "EUR" } });
        await analytics.closeAndFlush();
        """);

    private static Snippet RudderStackNode(string address, string key) => new("rudderstack-node", "Node.js · @rudderstack/rudder-sdk-node", $$"""
        import RudderAnalytics from "@rudderstack/rudder-sdk-node";

        const analytics = new RudderAnalytics("{{key}}", { dataPlaneUrl: "{{address}}" });
        analytics.track({ userId: "k-100", event: "Order completed", properties: { channel: "web", revenue: 1299.5, currency: "EUR" } });
        analytics.flush();
        """);
}
