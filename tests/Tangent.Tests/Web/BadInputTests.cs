using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tangent.Tests.Web;

/// <summary>Whatever is sent to an operation of the API, the answer is the sender's fault or a result, and the program goes on.</summary>
public sealed class BadInputTests
{
    /// <summary>The text of an example, the id of a customer.</summary>
    private const string Known = "anna";

    private static readonly string[] BadTexts = ["", " ", "0", "-1", "99999999999999999999", "x", "\u0000", "%", "' or 1=1 --", "<b>", "\ud800", new('ä', 5000)];

    // What would be good comes last, so that what it does is not in the way.
    private static readonly string[] Bad =
        ["[null]", "[[]]", "[]", "null", "{}", "\"\"", "\"\\u0000\"", "-1", "1e400", "9223372036854775807", "true", "\"" + new string('x', 70_000) + "\""];

    private static readonly string[] BadBodies =
        ["", "null", "[]", "{}", "\"x\"", "1", "true", "[null]", "{\"a\":", "\ufeff{}", "{\"\":null}", new string('[', 200) + new string(']', 200)];

    [Fact]
    public async Task No_operation_fails_on_what_it_did_not_expect_and_the_program_starts_again()
    {
        await using var server = await TestServer.StartAsync();
        await FillAsync(server.Http);
        var (failed, sent) = (new List<string>(), 0);
        foreach (var (method, address, body) in await RequestsAsync(server.Http))
        {
            using var request = new HttpRequestMessage(method, address);
            if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            sent++;
            if ((int)answer.StatusCode >= 500) failed.Add($"{(int)answer.StatusCode} {method} {Shortened(address)} {Shortened(body ?? "")}");
        }
        failed.ShouldBeEmpty();
        sent.ShouldBeGreaterThan(5_000);
        await ShouldBeReadyAsync(server);

        // What came into the log is read again.
        await server.StopAsync();
        await using var again = await TestServer.StartAsync(dataFolder: server.DataFolder);
        await ShouldBeReadyAsync(again);
    }

    private static async Task FillAsync(HttpClient http)
    {
        var key = (await (await http.PostAsJsonAsync("/api/v1/collect/sources", new { name = "Shop", kind = "server" })).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("writeKey").GetString()!;
        using var call = new HttpRequestMessage(HttpMethod.Post, "/v1/batch")
        {
            Content = JsonContent.Create(new
            {
                batch = new object[]
                {
                    new { type = "identify", userId = Known, anonymousId = "phone-1", traits = new { name = "Anna Wesoly", email = "anna@example.org" } },
                    new { type = "identify", userId = "ben", traits = new { name = "Ben Wesoly", email = "ben@example.org" } },
                    new { type = "track", userId = Known, anonymousId = "phone-1", @event = "Visit" },
                    new { type = "track", userId = "ben", @event = "Visit" },
                },
            }),
        };
        call.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(key + ":")));
        (await http.SendAsync(call)).EnsureSuccessStatusCode();
    }

    private static async Task ShouldBeReadyAsync(TestServer server)
    {
        for (var tries = 0; ; tries++)
        {
            using var answer = await server.Http.GetAsync("/health/ready");
            if (answer.IsSuccessStatusCode) return;
            tries.ShouldBeLessThan(300, await answer.Content.ReadAsStringAsync());
            await Task.Delay(100);
        }
    }

    private static async Task<List<(HttpMethod Method, string Address, string? Body)>> RequestsAsync(HttpClient http)
    {
        var document = JsonNode.Parse(await http.GetStringAsync("/openapi/v1.json"))!;
        var schemas = document["components"]!["schemas"]!.AsObject();
        return [.. from path in document["paths"]!.AsObject()
                   from operation in path.Value!.AsObject()
                   orderby operation.Key == "delete", path.Key.Contains("erasure", StringComparison.Ordinal)
                   from request in Requests(path.Key, operation.Value!, schemas)
                   select (new HttpMethod(operation.Key.ToUpperInvariant()), request.Address, request.Body)];
    }

    private static string Shortened(string text) => text.Length > 160 ? text[..160] + "…" : text;

    private static IEnumerable<(string Address, string? Body)> Requests(string path, JsonNode operation, JsonObject schemas)
    {
        var parameters = (operation["parameters"]?.AsArray() ?? []).Select(p => (Name: (string)p!["name"]!, In: (string)p["in"]!)).ToList();
        var inPath = parameters.Where(p => p.In == "path").ToList();
        var usual = inPath.Aggregate(path, (address, p) => address.Replace("{" + p.Name + "}", "1", StringComparison.Ordinal));
        foreach (var parameter in inPath)
            foreach (var text in BadTexts.Where(t => t.Trim().Length > 0))
                yield return (inPath.Aggregate(path, (address, p) => address.Replace("{" + p.Name + "}", p == parameter ? Escaped(text) : "1", StringComparison.Ordinal)), null);
        foreach (var parameter in parameters.Where(p => p.In == "query"))
            foreach (var text in BadTexts)
                yield return ($"{usual}?{parameter.Name}={Escaped(text)}", null);
        if (operation["requestBody"]?["content"]?["application/json"]?["schema"] is not { } schema) yield break;
        foreach (var body in BadBodies) yield return (usual, body);
        foreach (var body in Spoilt(schema, schemas)) yield return (usual, body);
    }

    private static string Escaped(string text) => text == "\ud800" ? "%ED%A0%80" : Uri.EscapeDataString(text);

    /// <summary>A body as the document describes it, each member, also of what is in it, spoilt in turn.</summary>
    private static IEnumerable<string> Spoilt(JsonNode schema, JsonObject schemas)
    {
        var whole = Example(schema, schemas, 4);
        yield return whole?.ToJsonString() ?? "null";
        if (whole is not JsonObject) yield break;
        const string Hole = "\"\ue000\"";
        foreach (var path in Members(whole, 3).ToList())
        {
            var copy = whole.DeepClone();
            var at = path[..^1].Aggregate(copy, (node, step) => step is int index ? node![index]! : node![(string)step]!)!;
            at[(string)path[^1]] = "\ue000";
            var text = copy.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).Replace("\\uE000", "\ue000", StringComparison.Ordinal);
            foreach (var bad in Bad) yield return text.Replace(Hole, bad, StringComparison.Ordinal);
            ((JsonObject)at).Remove((string)path[^1]);
            yield return copy.ToJsonString();
        }
    }

    /// <summary>Ways to all members: names, and places in lists.</summary>
    private static IEnumerable<object[]> Members(JsonNode node, int depth)
    {
        if (depth == 0) yield break;
        if (node is JsonArray list)
        {
            foreach (var inside in list is [{ } first, ..] ? Members(first, depth) : []) yield return [0, .. inside];
            yield break;
        }

        foreach (var (name, value) in node as JsonObject ?? [])
        {
            yield return [name];
            if (value is JsonObject or JsonArray)
                foreach (var inside in Members(value, depth - 1)) yield return [name, .. inside];
        }
    }

    private static JsonNode? Example(JsonNode schema, JsonObject schemas, int depth)
    {
        if ((string?)schema["$ref"] is { } reference) return depth == 0 ? null : Example(schemas[reference.Split('/')[^1]]!, schemas, depth - 1);
        if (schema["enum"] is JsonArray { Count: > 0 } values) return values[0]?.DeepClone();
        if (((schema["oneOf"] ?? schema["anyOf"])?.AsArray() is { } several) && several.FirstOrDefault(s => (string?)s!["type"] != "null") is { } one) return Example(one, schemas, depth);
        var type = schema["type"] is JsonArray types ? types.Select(t => (string)t!).First(t => t != "null") : (string?)schema["type"];
        return type switch
        {
            "object" or null when schema["properties"] is JsonObject properties =>
                new JsonObject(properties.Select(p => KeyValuePair.Create(p.Key, Example(p.Value!, schemas, depth)))),
            "array" => depth == 0 ? [] : new JsonArray(Example(schema["items"]!, schemas, depth - 1)),
            "integer" or "number" => 1,
            "boolean" => true,
            "string" => (string?)schema["format"] switch { "date" => "2026-01-02", "date-time" => "2026-01-02T03:04:05Z", _ => Known },
            _ => new JsonObject(),
        };
    }
}
