using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;

namespace Tangent.Cli;

internal static class SegmentCommand
{
    private const string Address = "/api/v1/unify/segments";

    private static readonly Option<string[]> Conditions = new("--condition") { Description = "A condition, such as \"did 2.. in 90d: Order\" or \"trait: plan = gold\"; repeat it for several", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<bool> Any = new("--any") { Description = "One of the conditions suffices" };

    public static Command Create() => new("segment", "Groups of customers that questions can be asked of") { List(), Save(), Remove() };

    /// <summary>How many customers are in a segment, saved or tried.</summary>
    public static Command Ask()
    {
        var name = new Option<string?>("--name") { Description = "A saved segment; instead of conditions" };
        var ask = new Command("segment", "How many customers are in a segment, or would be, and in each of its conditions") { name, Conditions, Any };
        ask.SetApiAction((parsed, http, ct) =>
        {
            var query = (parsed.GetValue(Conditions) ?? []).Select(c => ("condition", c)).ToList();
            if (parsed.GetValue(name) is { } saved) query.Add(("name", saved));
            if (parsed.GetValue(Any)) query.Add(("any", "true"));
            return http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, $"{Address}/size?{string.Join('&', query.Select(q => $"{q.Item1}={Uri.EscapeDataString(q.Item2)}"))}"), Print, ct);
        });
        return ask;
    }

    private static void Print(JsonElement answer)
    {
        Console.WriteLine($"{answer.GetProperty("customers").GetInt64():N0} of {answer.GetProperty("of").GetInt64():N0} customers ({answer.GetProperty("share").GetDouble():P1})");
        foreach (var condition in answer.GetProperty("conditions").EnumerateArray())
            Console.WriteLine($"{condition.GetProperty("customers").GetInt64(),12:N0}  {condition.GetProperty("text").GetString()}{(condition.GetProperty("note").GetString() is { } note ? $"  ({note})" : "")}");
    }

    private static Command List()
    {
        var list = new Command("list", "List the segments");
        list.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, Address), answer =>
        {
            foreach (var segment in answer.GetProperty("items").EnumerateArray())
                Console.WriteLine($"{segment.GetProperty("name").GetString()}  {string.Join(segment.GetProperty("any").GetBoolean() ? " | " : " & ", segment.GetProperty("conditions").EnumerateArray().Select(c => c.GetString()))}");
        }, ct));
        return list;
    }

    private static Command Save()
    {
        var name = new Argument<string>("name") { Description = "Its name; one that is there already is changed" };
        var save = new Command("save", "Save a segment under a name") { name, Conditions, Any };
        save.SetApiAction(async (parsed, http, ct) =>
        {
            var body = JsonContent.Create(new { name = parsed.GetValue(name), conditions = parsed.GetValue(Conditions) ?? [], any = parsed.GetValue(Any) });
            var request = await FindAsync(http, parsed.GetValue(name)!, ct) is { } id
                ? new HttpRequestMessage(HttpMethod.Put, $"{Address}/{id}") { Content = body }
                : new HttpRequestMessage(HttpMethod.Post, Address) { Content = body };
            return await http.AskAsync(request, ct) is null ? ExitCode.Refused : ExitCode.Done;
        });
        return save;
    }

    private static Command Remove()
    {
        var name = new Argument<string>("name") { Description = "Its name" };
        var remove = new Command("remove", "Remove a segment") { name };
        remove.SetApiAction(async (parsed, http, ct) =>
        {
            if (await FindAsync(http, parsed.GetValue(name)!, ct) is not { } id)
            {
                await Console.Error.WriteLineAsync($"There is no segment {parsed.GetValue(name)}.");
                return ExitCode.Refused;
            }

            return await http.AskAsync(new HttpRequestMessage(HttpMethod.Delete, $"{Address}/{id}"), ct) is null ? ExitCode.Refused : ExitCode.Done;
        });
        return remove;
    }

    private static async Task<int?> FindAsync(HttpClient http, string name, CancellationToken ct)
    {
        if (await http.AskAsync(new HttpRequestMessage(HttpMethod.Get, Address), ct) is not { } answer) return null;
        using var document = JsonDocument.Parse(answer);
        foreach (var segment in document.RootElement.GetProperty("items").EnumerateArray())
            if (string.Equals(segment.GetProperty("name").GetString(), name, StringComparison.OrdinalIgnoreCase)) return segment.GetProperty("id").GetInt32();
        return null;
    }
}
