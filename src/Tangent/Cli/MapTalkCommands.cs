using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;

namespace Tangent.Cli;

/// <summary>What people say about journey maps, and templates to begin one with.</summary>
internal static class MapTalkCommands
{
    private const string Maps = "/api/v1/map/journey-maps", TemplatesAddress = "/api/v1/map/templates";

    public static Option<string?> Language() => new("--lang") { Description = "Language of the template: en, de or pl; en unless said" };

    public static Command Templates()
    {
        var language = Language();
        var templates = new Command("templates", "List the templates for common kinds of companies") { language };
        templates.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, TemplatesAddress + (parsed.GetValue(language) is { } tag ? "?language=" + Uri.EscapeDataString(tag) : "")), answer =>
        {
            foreach (var t in answer.GetProperty("items").EnumerateArray())
                Console.WriteLine($"{t.GetProperty("key").GetString(),-9} {t.GetProperty("steps").GetInt32(),3} steps {t.GetProperty("touchpoints").GetInt32(),3} touchpoints  {t.GetProperty("title").GetString()}: {t.GetProperty("name").GetString()}");
        }, ct));
        return templates;
    }

    /// <summary>Makes a map, or touchpoints alone, from a template.</summary>
    public static Task<int> TakeAsync(HttpClient http, ParseResult parsed, string template, object wish, CancellationToken ct) =>
        http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, $"{TemplatesAddress}/{Uri.EscapeDataString(template)}") { Content = JsonContent.Create(wish) }, answer =>
        {
            var (name, created) = (answer.GetProperty("name").GetString(), answer.GetProperty("created").GetBoolean());
            var map = answer.TryGetProperty("map", out var number) && number.ValueKind == JsonValueKind.Number ? number.GetInt32() : 0;
            if (created) Console.WriteLine($"{(map > 0 ? $"Map {map} " : "New map ")}'{name}'.");
            else if (map > 0) Console.WriteLine($"Map {map} '{name}' is there already and stays as it is.");
            foreach (var touchpoint in answer.GetProperty("touchpoints").EnumerateArray()) Console.WriteLine($"  new touchpoint: {touchpoint.GetString()}");
        }, ct);

    public static Command Comments()
    {
        var id = MapCommand.Id();
        var comments = new Command("comments", "List what was said about the steps and cards of a journey map") { id };
        comments.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, $"{Maps}/{parsed.GetValue(id)}/comments"), Print, ct));
        return comments;
    }

    public static Command Mentions()
    {
        var mentions = new Command("mentions", "List the comments that name you; of the command line's own user there are none");
        mentions.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, "/api/v1/map/mentions"), Print, ct));
        return mentions;
    }

    public static Command Comment()
    {
        var (id, part) = (MapCommand.Id(), new Argument<string>("part") { Description = "step or card" });
        var (partId, text) = (new Argument<string>("part-id") { Description = "Its id, as 'tangent map comments' and the API show it" }, new Argument<string>("text") { Description = "What is said; @ and the name of a user shows it to that user" });
        part.AcceptOnlyFromAmong("step", "card");
        var comment = new Command("comment", "Say something about a step or a card of a journey map") { id, part, partId, text };
        comment.SetApiAction((parsed, http, ct) => http.SendAsync(parsed,
            new HttpRequestMessage(HttpMethod.Post, $"{Maps}/{parsed.GetValue(id)}/comments") { Content = JsonContent.Create(new { part = parsed.GetValue(part), partId = parsed.GetValue(partId), text = parsed.GetValue(text) }) },
            answer =>
            {
                Console.WriteLine($"Comment {answer.GetProperty("id").GetInt32()}.");
                var unknown = answer.GetProperty("unknown").EnumerateArray().Select(n => n.GetString()).ToList();
                if (unknown.Count > 0) Console.WriteLine($"Nobody alone is called {string.Join(", ", unknown)}: nobody was told.");
            }, ct));
        return comment;
    }

    public static Command Uncomment()
    {
        var comment = new Argument<int>("comment") { Description = "Number of the comment, as 'tangent map comments' shows it" };
        var uncomment = new Command("uncomment", "Take a comment back") { comment };
        uncomment.SetApiAction(async (parsed, http, ct) => await http.AskAsync(new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/map/comments/{parsed.GetValue(comment)}"), ct) is null ? ExitCode.Refused : ExitCode.Done);
        return uncomment;
    }

    private static void Print(JsonElement answer)
    {
        foreach (var c in answer.GetProperty("items").EnumerateArray())
            Console.WriteLine($"{c.GetProperty("id").GetInt32(),5}  {c.GetProperty("at").GetLocal():yyyy-MM-dd HH:mm}  map {c.GetProperty("map").GetInt32()} {c.GetProperty("part").GetString()} {c.GetProperty("partId").GetString()}  {c.GetProperty("by").GetString()}: {c.GetProperty("text").GetString()}");
    }
}
