using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Tangent.Web;

/// <summary>Examples in the shape of the schemas, with values that a field of such a name has.</summary>
internal sealed class ApiExamples(OpenApiDocument document)
{
    private const int Deepest = 6;

    private static readonly Dictionary<string, JsonNode> Values = new(StringComparer.OrdinalIgnoreCase)
    {
        ["step"] = "Checkout",
        ["at"] = "Checkout",
        ["touchpoint"] = "Checkout",
        ["start"] = "Product page",
        ["end"] = "Online order",
        ["goal"] = "Online order",
        ["conversion"] = "Online order",
        ["before"] = "Checkout",
        ["after"] = "Online order",
        ["rule"] = "response(Checkout, Online order)",
        ["channel"] = "web",
        ["source"] = "webshop",
        ["event"] = "Order completed",
        ["path"] = "/checkout",
        ["campaign"] = "spring",
        ["window"] = "14d",
        ["silence"] = "14d",
        ["from"] = "2026-01-01",
        ["to"] = "2026-01-31",
        ["asOf"] = "2026-01-31",
        ["entered"] = "2026-01-05",
        ["cohort"] = "2026-01-05",
        ["customer"] = "k-100",
        ["search"] = "anna",
        ["account"] = "acme",
        ["exclude"] = "Cancelled",
        ["ignore"] = "Newsletter",
        ["breakdown"] = "channel",
        ["buyingRole"] = "decider",
        ["stage"] = "consideration",
        ["days"] = 90,
        ["parent"] = "acme-holding",
        ["touch"] = "first",
        ["name"] = "Checkout",
        ["email"] = "anna@example.com",
        ["role"] = "viewer",
        ["kind"] = "server",
        ["company"] = "Acme",
        ["phone"] = "+43 1 5055",
        ["unit"] = "person",
        ["period"] = "month",
        ["bucket"] = "week",
        ["trend"] = "week",
        ["order"] = "ordered",
        ["by"] = "touchpoint",
        ["take"] = 50,
        ["skip"] = 0,
        ["reason"] = "The same person, asked by phone",
    };

    /// <summary>Bodies whose fields mean something else than fields of that name do elsewhere.</summary>
    private static readonly Dictionary<string, JsonObject> Bodies = new(StringComparer.Ordinal)
    {
        ["RoleRequest"] = new() { ["customer"] = "k-100", ["role"] = "decider" },
        ["RetentionBody"] = new() { ["periods"] = new JsonObject { ["visitors"] = 90 } },
    };

    public OpenApiDocument Document => document;

    /// <summary>What a parameter may be; in words where nothing better is known.</summary>
    public JsonNode? Of(OpenApiParameter parameter)
    {
        var name = (parameter.Name ?? "").Split('.')[0];
        var value = Values.TryGetValue(name, out var known) ? known.DeepClone() : parameter.Name!.EndsWith(".NAME", StringComparison.Ordinal) ? "phone" : Of(parameter.Schema, name);
        return parameter.Schema?.Type is { } type && type.HasFlag(JsonSchemaType.Array) && value is not JsonArray ? new JsonArray(value) : value;
    }

    public JsonNode? Of(IOpenApiSchema? schema) => Of(schema, "", 0);

    /// <summary>The body of a call of the Segment specification, which is read as it comes and so has no schema.</summary>
    public static OpenApiRequestBody Call(string name)
    {
        JsonObject call = name switch
        {
            "identify" => new() { ["userId"] = "k-100", ["anonymousId"] = "a-7", ["traits"] = new JsonObject { ["name"] = "Anna Berger", ["email"] = "anna@example.com" } },
            "page" or "screen" => new() { ["anonymousId"] = "a-7", ["name"] = "Checkout", ["properties"] = new JsonObject { ["path"] = "/checkout" } },
            "group" => new() { ["userId"] = "k-100", ["groupId"] = "acme", ["traits"] = new JsonObject { ["name"] = "Acme" } },
            "alias" => new() { ["previousId"] = "a-7", ["userId"] = "k-100" },
            "batch" => new() { ["batch"] = new JsonArray(Track("track")) },
            _ => Track(null),
        };
        return new OpenApiRequestBody
        {
            Required = true,
            Description = "JSON in UTF-8, also packed (Content-Encoding: gzip, deflate or br).",
            Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.Object }, Example = call } },
        };
    }

    public static JsonObject Track(string? type)
    {
        var track = new JsonObject { ["userId"] = "k-100", ["event"] = "Order completed", ["properties"] = new JsonObject { ["revenue"] = 99.5, ["currency"] = "EUR", ["channel"] = "web" } };
        if (type is not null) track["type"] = type;
        return track;
    }

    private JsonNode? Of(IOpenApiSchema? schema, string name, int depth = 0)
    {
        if (schema is OpenApiSchemaReference { Reference.Id: { } whole } && Bodies.TryGetValue(whole, out var body)) return body.DeepClone();
        var shape = schema is OpenApiSchemaReference { Reference.Id: { } id } && document.Components?.Schemas?.TryGetValue(id, out var named) == true ? named : schema;
        if (shape is null || depth > Deepest) return null;
        if (shape.OneOf?.FirstOrDefault(s => s.Type != JsonSchemaType.Null) is { } one) return Of(one, name, depth);
        if (shape.Enum is { Count: > 0 } values) return values.FirstOrDefault(v => v is not null)?.DeepClone();
        if (shape.Properties is { Count: > 0 } properties)
            return new JsonObject(properties.Select(p => KeyValuePair.Create(p.Key, Of(p.Value, p.Key, depth + 1))));
        // A map of any names.
        if (shape.AdditionalProperties is { } any) return new JsonObject { ["name"] = Of(any, "name", depth + 1) };
        var type = shape.Type ?? JsonSchemaType.Object;
        if (type.HasFlag(JsonSchemaType.Array)) return Of(shape.Items, Singular(name), depth + 1) is { } item ? new JsonArray(item) : new JsonArray();
        // Numbers before texts: a number may also be written as one.
        if (type.HasFlag(JsonSchemaType.Integer)) return Values.TryGetValue(name, out var number) && number is JsonValue v && v.TryGetValue<int>(out _) ? number.DeepClone() : 1;
        if (type.HasFlag(JsonSchemaType.Number)) return 0.5;
        if (type.HasFlag(JsonSchemaType.Boolean)) return false;
        if (type.HasFlag(JsonSchemaType.String)) return Text(shape.Format, name);
        return depth == 0 ? null : new JsonObject();
    }

    private static JsonNode Text(string? format, string name) => format switch
    {
        "date-time" => "2026-01-05T08:00:00Z",
        "date" => "2026-01-05",
        "uuid" => "0b6c1f0e-5b0e-4a39-9f0e-6f5f6f2f9a11",
        _ => Values.TryGetValue(name, out var known) && known is JsonValue v && v.TryGetValue<string>(out _) ? known.DeepClone() : "text",
    };

    private static string Singular(string name) => name.EndsWith('s') ? name[..^1] : name;
}
