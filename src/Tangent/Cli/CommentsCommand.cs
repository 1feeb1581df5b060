using System.CommandLine;
using System.Net.Http.Json;
using Tangent.Measure;

namespace Tangent.Cli;

internal static class CommentsCommand
{
    private const string Address = "/api/v1/measure/comments";

    public static Command Create() => new("comments", "What customers said in their own words, and the tags on it") { List(), Tags(), Tag() };

    private static Command List()
    {
        var list = new Command("list", "List comments, the latest first");
        var options = CommentsEndpoints.Parameters.ToDictionary(p => p.Name, p => new Option<string[]>("--" + p.Name) { Description = p.Description, HelpName = p.Name.ToUpperInvariant() });
        foreach (var option in options.Values) list.Add(option);
        list.SetApiAction((parsed, http, ct) =>
        {
            var query = options.SelectMany(o => (parsed.GetValue(o.Value) ?? []).Select(v => $"{o.Key}={Uri.EscapeDataString(v)}"));
            return http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, $"{Address}?{string.Join('&', query)}"), answer =>
            {
                foreach (var c in answer.GetProperty("items").EnumerateArray())
                    Console.WriteLine($"{c.GetProperty("position").GetInt64(),10}  {c.GetProperty("at").GetLocal():yyyy-MM-dd HH:mm}  {c.GetProperty("touchpoint").GetString()}  {c.GetProperty("metric").GetString()} {c.GetProperty("score")}  {string.Concat(c.GetProperty("tags").EnumerateArray().Select(t => $"[{t.GetString()}] "))}{c.GetProperty("comment").GetString()}");
            }, ct);
        });
        return list;
    }

    private static Command Tags()
    {
        var tags = new Command("tags", "List the tags that comments have");
        tags.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, Address + "/tags"), answer =>
        {
            foreach (var t in answer.GetProperty("items").EnumerateArray()) Console.WriteLine($"{t.GetProperty("comments").GetInt64(),8}  {t.GetProperty("tag").GetString()}");
        }, ct));
        return tags;
    }

    private static Command Tag()
    {
        var position = new Argument<long>("position") { Description = "Position of the comment in the event log, as the list says it" };
        var names = new Argument<string[]>("tag") { Description = "All tags of the comment; none takes them off", Arity = ArgumentArity.ZeroOrMore };
        var tag = new Command("tag", "Put tags on a comment; they replace those it had") { position, names };
        tag.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Put, $"{Address}/{parsed.GetValue(position)}/tags") { Content = JsonContent.Create(new { tags = parsed.GetValue(names) }) },
            answer => Console.WriteLine(string.Join(", ", answer.GetProperty("tags").EnumerateArray().Select(t => t.GetString()))), ct));
        return tag;
    }
}
