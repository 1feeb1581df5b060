using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Tangent.Cli;

/// <summary>All that a customer's page shows, in lines.</summary>
internal static class CustomerShow
{
    public static Command Create(string naming)
    {
        var customer = new Argument<string>("customer") { Description = $"The customer: {naming}" };
        var channel = new Option<string?>("--channel") { Description = "Only events of this channel" };
        var touchpoint = new Option<string?>("--touchpoint") { Description = "Only events at this touchpoint" };
        var text = new Option<string?>("--text") { Description = "Only events in which all these words occur" };
        var take = new Option<int>("--take") { Description = "Most events that are listed (1 to 1000)", DefaultValueFactory = _ => 20 };
        var show = new Command("show", "Show a customer: what is known with the source of each value, where the customer stands, segments, consents, open records, answers and the latest events") { customer, channel, touchpoint, text, take };
        show.SetApiAction(async (parsed, http, ct) =>
        {
            if (await AskAsync(http, "/api/v1/collect/joins?take=1&customer=" + Uri.EscapeDataString(parsed.GetValue(customer)!), ct) is not { } joins) return ExitCode.Refused;
            var number = joins.GetProperty("customer").GetProperty("customer").GetInt32().ToString(CultureInfo.InvariantCulture);
            var address = $"/api/v1/unify/customers/{number}";
            var parts = new List<JsonElement>();
            // With --json only the answer itself is printed.
            foreach (var part in parsed.GetValue(CommandLine.Json) ? [] : (string[])[address + "/position", address + "/segments", address + "/consents", address + "/records?open=true", $"/api/v1/measure/customers/{number}/answers"])
            {
                if (await AskAsync(http, part, ct) is not { } answer) return ExitCode.Refused;
                parts.Add(answer);
            }

            (string Name, string? Value)[] query = [("take", parsed.GetValue(take).ToString(CultureInfo.InvariantCulture)), ("channel", parsed.GetValue(channel)), ("touchpoint", parsed.GetValue(touchpoint)), ("text", parsed.GetValue(text))];
            var asked = new HttpRequestMessage(HttpMethod.Get, $"{address}?{string.Join('&', query.Where(q => q.Value is not null).Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value!)}"))}");
            return await http.SendAsync(parsed, asked, answer =>
            {
                PrintKnown(answer);
                PrintPosition(parts[0]);
                PrintParts(parts[1], parts[2], parts[3], parts[4]);
                foreach (var e in answer.GetProperty("events").EnumerateArray())
                    Console.WriteLine($"  {e.GetProperty("at").GetLocal():yyyy-MM-dd HH:mm}  {Text(e, "touchpoint"),-30}  {Text(e.GetProperty("signature"), "channel")}");
            }, ct);
        });
        return show;
    }

    private static async Task<JsonElement?> AskAsync(HttpClient http, string address, CancellationToken ct) =>
        await http.AskAsync(new HttpRequestMessage(HttpMethod.Get, address), ct) is { } text ? JsonElement.Parse(text) : null;

    private static void PrintKnown(JsonElement answer)
    {
        var customer = answer.GetProperty("customer");
        Console.WriteLine($"{customer.GetProperty("customer").GetInt32()}  {Text(customer, "id")}  {customer.GetProperty("events").GetInt64()} events");
        if (answer.GetProperty("isRestricted").GetBoolean()) Console.WriteLine("  Processing is restricted.");
        foreach (var value in answer.GetProperty("values").EnumerateArray())
            Console.WriteLine($"  {Text(value, "name"),-20} {Plain(value.GetProperty("value")),-40} {(value.GetProperty("byPeople").GetBoolean() ? "corrected here" : Text(value, "source"))}");
    }

    private static void PrintPosition(JsonElement position)
    {
        foreach (var stage in position.GetProperty("stages").EnumerateArray())
            Console.WriteLine($"  {Text(stage, "stage"),-20} {stage.GetProperty("events").GetInt32(),6} events");
        if (position.GetProperty("touchpoint").GetString() is not { } touchpoint) return;
        var next = string.Join(", ", position.GetProperty("next").EnumerateArray().Select(n => $"{Text(n, "touchpoint")} ({n.GetProperty("share").GetDouble():P0})"));
        Console.WriteLine($"  Latest: {touchpoint}, {position.GetProperty("since").GetLocal():yyyy-MM-dd HH:mm}{(next.Length > 0 ? $"; usually next: {next}" : "")}{(position.GetProperty("waits").GetBoolean() ? "; waits longer than usual" : "")}");
    }

    private static void PrintParts(JsonElement segments, JsonElement consents, JsonElement records, JsonElement answers)
    {
        var names = string.Join(", ", segments.GetProperty("items").EnumerateArray().Select(s => s.GetString()));
        if (names.Length > 0) Console.WriteLine($"  Segments: {names}");
        foreach (var point in consents.GetProperty("points").EnumerateArray())
            foreach (var consent in point.GetProperty("items").EnumerateArray().Where(c => c.GetProperty("state").ValueKind == JsonValueKind.String && Text(c, "state") != "unknown"))
                Console.WriteLine($"  Consent: {Text(point, "contactPoint")}  {Text(consent, "purpose")}{(Text(consent, "topic") is { Length: > 0 } topic ? " / " + topic : "")}  {Text(consent, "state")}");
        foreach (var record in records.GetProperty("items").EnumerateArray())
            Console.WriteLine($"  Open: {Text(record, "kind")} {Text(record, "id")}  {Text(record, "status")}  {Text(record, "title")}");
        foreach (var answer in answers.GetProperty("items").EnumerateArray())
            Console.WriteLine($"  Answer: {answer.GetProperty("at").GetLocal():yyyy-MM-dd}  {Text(answer, "touchpoint")}  {Text(answer, "metric")} {Plain(answer.GetProperty("score"))}  {Text(answer, "comment")}");
    }

    /// <summary>As it is written; of texts without their quotation marks.</summary>
    private static string Plain(JsonElement value) => value.ValueKind switch { JsonValueKind.String => value.GetString()!, JsonValueKind.Null => "", _ => value.GetRawText() };

    private static string Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? Plain(value) : "";
}
