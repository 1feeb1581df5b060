using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tangent.Cli;

internal static class SurveyCommand
{
    private const string Address = "/api/v1/measure/surveys";
    private const int MostShown = 200;

    private static readonly Argument<int> Number = new("number") { Description = "Number of the survey" };

    public static Command Create() => new("survey", "Surveys: what customers are asked, and their answers") { List(), Templates(), Show(), Save(), Open(), Remove(), Responses(), Choices(), Decisions() };

    private static Command List()
    {
        var list = new Command("list", "List the surveys");
        list.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, Address), answer =>
        {
            foreach (var s in answer.GetProperty("items").EnumerateArray())
                Console.WriteLine($"{s.GetProperty("id").GetInt32(),4}  {s.GetProperty("name").GetString()}  {(s.GetProperty("open").GetBoolean() ? "open" : "closed")}  {s.GetProperty("complete").GetInt32()} of {s.GetProperty("responses").GetInt32()} complete  {s.GetProperty("link").GetString()}");
        }, ct));
        return list;
    }

    private static Command Templates()
    {
        var templates = new Command("templates", "List the templates that a survey can begin with");
        templates.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, Address + "/templates"), answer =>
        {
            foreach (var t in answer.GetProperty("items").EnumerateArray()) Console.WriteLine($"{t.GetProperty("key").GetString(),-14}  {t.GetProperty("survey").GetProperty("name").GetString()}");
        }, ct));
        return templates;
    }

    private static Command Show()
    {
        var show = new Command("show", "Print what a survey asks, as the file that save takes") { Number };
        show.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, $"{Address}/{parsed.GetValue(Number)}"), answer => Console.WriteLine(JsonNode.Parse(answer.GetProperty("survey").GetRawText())!.ToJsonString(Readable)), ct));
        return show;
    }

    private static Command Save()
    {
        var file = new Option<FileInfo?>("--file") { Description = "JSON of the survey" };
        var template = new Option<string?>("--template") { Description = "A template instead of a file, such as delivery" };
        var name = new Option<string?>("--name") { Description = "Its name; one that is there already is changed" };
        var touchpoint = new Option<string?>("--touchpoint") { Description = "Touchpoint it asks about" };
        var save = new Command("save", "Save a survey from a file or a template") { file, template, name, touchpoint };
        save.SetApiAction(async (parsed, http, ct) =>
        {
            if (await SurveyAsync(http, parsed.GetValue(file), parsed.GetValue(template), ct) is not { } survey) return ExitCode.Refused;
            if (parsed.GetValue(name) is { } called) survey["name"] = called;
            if (parsed.GetValue(touchpoint) is { } at) survey["touchpoint"] = at;
            if (await http.AskAsync(new HttpRequestMessage(HttpMethod.Get, Address), ct) is not { } all) return ExitCode.Refused;
            var known = JsonNode.Parse(all)!["items"]!.AsArray().FirstOrDefault(s => (string?)s!["name"] == (string?)survey["name"]);
            var request = new HttpRequestMessage(known is null ? HttpMethod.Post : HttpMethod.Put, known is null ? Address : $"{Address}/{known["id"]}") { Content = JsonContent.Create(survey) };
            return await http.SendAsync(parsed, request, answer => Console.WriteLine($"{answer.GetProperty("id").GetInt32()}  {answer.GetProperty("link").GetString()}"), ct);
        });
        return save;
    }

    private static async Task<JsonObject?> SurveyAsync(HttpClient http, FileInfo? file, string? template, CancellationToken ct)
    {
        try
        {
            if (file is not null && JsonNode.Parse(await File.ReadAllTextAsync(file.FullName, ct)) is JsonObject read) return read;
        }
        catch (JsonException e)
        {
            await Console.Error.WriteLineAsync($"{file!.Name}, line {(e.LineNumber ?? 0) + 1}, character {(e.BytePositionInLine ?? 0) + 1}: this is not JSON.");
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"{file!.Name}: {e.Message}");
            return null;
        }

        if (template is not null && await http.AskAsync(new HttpRequestMessage(HttpMethod.Get, Address + "/templates"), ct) is { } answer
            && JsonNode.Parse(answer)!["items"]!.AsArray().FirstOrDefault(t => (string?)t!["key"] == template) is { } found) return found["survey"]!.DeepClone().AsObject();
        await Console.Error.WriteLineAsync(template is null ? "Name --file or --template." : $"There is no template {template}; tangent survey templates lists them.");
        return null;
    }

    private static Command Open()
    {
        var closed = new Option<bool>("--close") { Description = "Close it instead: it takes no answers and asks nobody" };
        var open = new Command("open", "Open a survey, or close it") { Number, closed };
        open.SetApiAction(async (parsed, http, ct) =>
            await http.AskAsync(new HttpRequestMessage(HttpMethod.Put, $"{Address}/{parsed.GetValue(Number)}/open") { Content = JsonContent.Create(new { open = !parsed.GetValue(closed) }) }, ct) is null ? ExitCode.Refused : ExitCode.Done);
        return open;
    }

    private static Command Remove()
    {
        var remove = new Command("remove", "Remove a survey that nobody was asked by and nobody has answered") { Number };
        remove.SetApiAction(async (parsed, http, ct) => await http.AskAsync(new HttpRequestMessage(HttpMethod.Delete, $"{Address}/{parsed.GetValue(Number)}"), ct) is null ? ExitCode.Refused : ExitCode.Done);
        return remove;
    }

    private static Command Choices()
    {
        var choices = new Command("choices", "Say how often each option of a survey's questions was chosen") { Number };
        choices.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, $"{Address}/{parsed.GetValue(Number)}/choices"), answer =>
        {
            foreach (var question in answer.GetProperty("items").EnumerateArray())
            {
                Console.WriteLine($"{question.GetProperty("answered").GetInt32(),8}  {question.GetProperty("text").GetString()}");
                foreach (var option in question.GetProperty("options").EnumerateArray()) Console.WriteLine($"{option.GetProperty("count").GetInt32(),8}    {option.GetProperty("text").GetString()}");
            }
        }, ct));
        return choices;
    }

    private static Command Responses()
    {
        var full = new Option<bool>("--full") { Description = "Long texts to their end" };
        var responses = new Command("responses", "List the latest answers to a survey") { Number, full };
        responses.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, $"{Address}/{parsed.GetValue(Number)}/responses"), answer =>
        {
            foreach (var r in answer.GetProperty("items").EnumerateArray())
                Console.WriteLine($"{r.GetProperty("changed").GetLocal():yyyy-MM-dd HH:mm}  {r.GetProperty("identifier").GetString()}  {string.Join("; ", r.GetProperty("answers").EnumerateArray().Select(a => $"{a.GetProperty("question").GetString()}: {string.Join(", ", a.GetProperty("values").EnumerateArray().Select(v => v.GetString()))} {Short(a.GetProperty("comment").GetString()!, parsed.GetValue(full))}".TrimEnd()))}");
        }, ct));
        return responses;
    }

    private static string Short(string comment, bool full) => full || comment.Length <= MostShown ? comment : $"{comment[..MostShown].ReplaceLineEndings(" ")}…";

    private static Command Decisions()
    {
        var customer = new Option<string?>("--customer") { Description = "Only those of this customer" };
        var decisions = new Command("decisions", "List whom a survey asked, and why others were not asked") { Number, customer };
        decisions.SetApiAction((parsed, http, ct) => http.SendAsync(
            parsed, new HttpRequestMessage(HttpMethod.Get, $"{Address}/{parsed.GetValue(Number)}/decisions{(parsed.GetValue(customer) is { } who ? "?customer=" + Uri.EscapeDataString(who) : "")}"), answer =>
            {
                foreach (var d in answer.GetProperty("items").EnumerateArray()) Console.WriteLine($"{d.GetProperty("happened").GetLocal():yyyy-MM-dd HH:mm}  {d.GetProperty("identifier").GetString()}  {d.GetProperty("words").GetString()}");
            }, ct));
        return decisions;
    }

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
