using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tangent.Cli;

/// <summary>Small changes to journey maps: one field, a few parts, what a card stands on.</summary>
internal static class MapChangeCommands
{
    private const string Address = "/api/v1/map/journey-maps", Quotes = "/api/v1/measure/map-quotes";

    private static readonly (string List, string Part)[] Parts = [("stages", "stage"), ("steps", "step"), ("lanes", "lane"), ("cards", "card")];

    public static Command Show()
    {
        var id = MapCommand.Id();
        var show = new Command("show", "Show a journey map with the ids of its stages, steps, lanes and cards") { id };
        show.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, $"{Address}/{parsed.GetValue(id)}"), Print, ct));
        return show;
    }

    public static Command Set()
    {
        var (id, part) = (MapCommand.Id(), new Argument<string>("part") { Description = "Id of a stage, step, lane or card, as 'tangent map show' shows it; map for the map itself" });
        var field = new Argument<string>("field") { Description = "Its field: name, description or persona of the map; name, touchpoint, emotion, condition, next, map or stage of a step; text, evidence, step, lane or personas of a card; name of a stage or of an own lane" };
        var value = new Argument<string?>("value") { Description = "What it becomes: a touchpoint by name or number, an emotion from -2 to 2, ids and numbers separated by commas, evidence as JSON; left out to clear it", Arity = ArgumentArity.ZeroOrOne };
        var set = new Command("set", "Change one field of a journey map; it can be undone") { id, part, field, value };
        set.SetApiAction(async (parsed, http, ct) =>
        {
            if (await PartAsync(http, parsed.GetValue(id), parsed.GetValue(part)!, ct) is not { } of) return ExitCode.Refused;
            var (named, said) = (parsed.GetValue(field)!, parsed.GetValue(value));
            JsonNode? becomes;
            try
            {
                becomes = named == "touchpoint" && said is not null ? await VoteCommand.FindAsync(http, said, ct) : Read(named, said);
            }
            catch (Exception e) when (e is JsonException or FormatException or OverflowException)
            {
                await Console.Error.WriteLineAsync($"'{said}' is nothing that {named} can be: {e.Message}");
                return ExitCode.Refused;
            }

            if (named == "touchpoint" && said is not null && becomes is null) return ExitCode.Refused;
            var change = new JsonObject { ["verb"] = "set", ["part"] = of, ["id"] = of == "map" ? "" : parsed.GetValue(part), ["field"] = named, ["value"] = becomes };
            return await SendAsync(parsed, http, parsed.GetValue(id), new JsonArray(change), ct);
        });
        return set;
    }

    public static Command Change()
    {
        var (id, file) = (MapCommand.Id(), new Argument<string>("file") { Description = "Changes as JSON, a list as the API takes it: [{\"verb\": \"add\", \"part\": \"card\", \"value\": {…}}]; - for standard input" });
        var change = new Command("change", "Make several changes to a journey map, all or none; they are one edit and can be undone") { id, file };
        change.SetApiAction(async (parsed, http, ct) =>
        {
            var name = parsed.GetValue(file)!;
            if (name != "-" && !File.Exists(name))
            {
                await Console.Error.WriteLineAsync($"There is no file {name}.");
                return ExitCode.Refused;
            }

            var text = name == "-" ? await Console.In.ReadToEndAsync(ct) : await File.ReadAllTextAsync(name, ct);
            JsonNode? read;
            try
            {
                read = JsonNode.Parse(text);
            }
            catch (JsonException e)
            {
                await Console.Error.WriteLineAsync($"This is no JSON: {e.Message}");
                return ExitCode.Refused;
            }

            if ((read as JsonArray ?? (read as JsonObject)?["changes"] as JsonArray) is { } changes) return await SendAsync(parsed, http, parsed.GetValue(id), (JsonArray)changes.DeepClone(), ct);
            await Console.Error.WriteLineAsync("These are no changes: a list is needed.");
            return ExitCode.Refused;
        });
        return change;
    }

    public static Command Quote() => new("quote", "Let a card of a journey map stand on what a customer said, or no longer") { AddQuote(), RemoveQuote() };

    /// <summary>What a changed map is at now.</summary>
    public static void PrintVersion(JsonElement map) => Console.WriteLine($"'{map.GetProperty("name").GetString()}' is at version {map.GetProperty("version").GetInt32()}.");

    private static Command AddQuote()
    {
        var (id, card, comment) = (MapCommand.Id(), Card(), new Argument<long>("comment") { Description = "Position of the comment, as 'tangent comments list' shows it" });
        var add = new Command("add", "Make a customer's comment a quote of a card; the card's n grows by one") { id, card, comment };
        add.SetApiAction(async (parsed, http, ct) => await http.AskAsync(new HttpRequestMessage(HttpMethod.Post, $"{Quotes}/{parsed.GetValue(id)}/{Uri.EscapeDataString(parsed.GetValue(card)!)}")
        {
            Content = JsonContent.Create(new { position = parsed.GetValue(comment) }),
        }, ct) is null ? ExitCode.Refused : ExitCode.Done);
        return add;
    }

    private static Command RemoveQuote()
    {
        var (id, quote) = (MapCommand.Id(), new Argument<int>("quote") { Description = "Number of the quote, as 'tangent map quotes' shows it" });
        var remove = new Command("remove", "Take a quote from its card; the card's n becomes less") { id, quote };
        remove.SetApiAction(async (parsed, http, ct) => await http.AskAsync(new HttpRequestMessage(HttpMethod.Delete, $"{Address}/{parsed.GetValue(id)}/quotes/{parsed.GetValue(quote)}"), ct) is null ? ExitCode.Refused : ExitCode.Done);
        return remove;
    }

    private static Argument<string> Card() => new("card") { Description = "Id of the card, as 'tangent map show' shows it" };

    private static Task<int> SendAsync(ParseResult parsed, HttpClient http, int map, JsonArray changes, CancellationToken ct) =>
        http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, $"{Address}/{map}/changes") { Content = JsonContent.Create(new JsonObject { ["changes"] = changes }) }, PrintVersion, ct);

    /// <returns>What an id names: map, stage, step, lane or card; null where nothing is called so, which was said.</returns>
    private static async Task<string?> PartAsync(HttpClient http, int map, string id, CancellationToken ct)
    {
        if (id == "map") return id;
        if (await http.AskAsync(new HttpRequestMessage(HttpMethod.Get, $"{Address}/{map}"), ct) is not { } answer) return null;
        using var document = JsonDocument.Parse(answer);
        var content = document.RootElement.GetProperty("content");
        foreach (var (list, part) in Parts)
            if (content.GetProperty(list).EnumerateArray().Any(p => p.GetProperty("id").GetString() == id)) return part;
        await Console.Error.WriteLineAsync($"The map {map} has no part '{id}'. Its parts: tangent map show {map}");
        return null;
    }

    private static JsonNode? Read(string field, string? said) => said is null ? null : field switch
    {
        "emotion" or "map" => int.Parse(said, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
        "personas" => new JsonArray([.. Listed(said).Select(n => (JsonNode)int.Parse(n, NumberStyles.None, CultureInfo.InvariantCulture))]),
        "next" => new JsonArray([.. Listed(said).Select(n => (JsonNode)n)]),
        "evidence" => JsonNode.Parse(said),
        _ => said,
    };

    private static string[] Listed(string said) => said.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static void Print(JsonElement map)
    {
        var content = map.GetProperty("content");
        JsonElement[] steps = [.. content.GetProperty("steps").EnumerateArray()], cards = [.. content.GetProperty("cards").EnumerateArray()];
        Console.WriteLine($"{map.GetProperty("id").GetInt32()}  {map.GetProperty("name").GetString()} ({(map.GetProperty("state").GetString() == "toBe" ? "to-be" : "as-is")}), version {map.GetProperty("version").GetInt32()}");
        foreach (var lane in content.GetProperty("lanes").EnumerateArray()) Console.WriteLine($"lane   {Text(lane, "id")}  {(Text(lane, "name") is { Length: > 0 } name ? name : Text(lane, "kind"))}");
        foreach (var stage in content.GetProperty("stages").EnumerateArray())
        {
            Console.WriteLine($"stage  {Text(stage, "id")}  {Text(stage, "name")}");
            foreach (var step in steps.Where(s => Text(s, "stage") == Text(stage, "id")))
            {
                Console.WriteLine($"  step  {Text(step, "id")}  {Text(step, "name")}{Said(step, "touchpoint", "touchpoint")}{Said(step, "emotion", "emotion")}");
                foreach (var card in cards.Where(c => Text(c, "step") == Text(step, "id"))) Console.WriteLine($"    card  {Text(card, "id")}  {Text(card, "lane")}: {Text(card, "text").ReplaceLineEndings(" ")}");
            }
        }
    }

    private static string Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private static string Said(JsonElement of, string name, string word) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? $", {word} {value.GetInt32()}" : "";
}
