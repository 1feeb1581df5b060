using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;

namespace Tangent.Cli;

internal static class SourceCommand
{
    private const string Address = "/api/v1/collect/sources";

    public static Command Create() => new("source", "Systems that send events") { Add(), List(), Rename(), Rotate(), Revoke(), Pause(true), Pause(false), BeforeConsent(), Counts(), Remove(), SourceTail.Create(Name(), ForSourceAsync) };

    private static Command Add()
    {
        var name = new Argument<string>("name") { Description = "Name of the source, unique" };
        var kind = new Option<string>("--kind") { Description = "web (in browsers) or server", DefaultValueFactory = _ => "server" };
        var add = new Command("add", "Add a source; prints its write key") { name, kind };
        add.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, Address)
        {
            Content = JsonContent.Create(new { name = parsed.GetValue(name), kind = parsed.GetValue(kind) }),
        }, answer => Console.WriteLine(answer.GetProperty("writeKey").GetString()), ct), begins: true);
        return add;
    }

    private static Command List()
    {
        var list = new Command("list", "List the sources with their write keys and volumes");
        list.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, Address), PrintAll, ct));
        return list;
    }

    private static Command Rename()
    {
        var name = Name();
        var to = new Argument<string>("new-name") { Description = "Its new name, unique" };
        var rename = new Command("rename", "Give a source another name; rules and the history of imports follow") { name, to };
        rename.SetApiAction((parsed, http, ct) => http.ForSourceAsync(parsed.GetValue(name)!, id =>
            http.SendAsync(parsed, Patch(id, new { name = parsed.GetValue(to) }), PrintOne, ct), ct));
        return rename;
    }

    private static Command Rotate()
    {
        var name = Name();
        var until = new Option<DateTimeOffset?>("--until") { Description = "Until when the key it has now is still taken, for example 2026-12-24T18:00+01:00; seven days where left out" };
        var rotate = new Command("rotate", "Give a source a new write key, which is printed; the old one is taken for a while") { name, until };
        rotate.SetApiAction((parsed, http, ct) => http.ForSourceAsync(parsed.GetValue(name)!, id => http.SendAsync(
            parsed, new HttpRequestMessage(HttpMethod.Post, $"{Address}/{id}/keys") { Content = JsonContent.Create(new { validUntil = parsed.GetValue(until) }) }, PrintOne, ct), ct));
        return rotate;
    }

    private static Command Revoke()
    {
        var name = Name();
        var key = new Argument<int>("key") { Description = "Number of the replaced key, as 'tangent source list' shows it" };
        var revoke = new Command("revoke", "End a replaced write key at once") { name, key };
        revoke.SetApiAction((parsed, http, ct) => http.ForSourceAsync(parsed.GetValue(name)!, id =>
            http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Delete, $"{Address}/{id}/keys/{parsed.GetValue(key)}"), PrintOne, ct), ct));
        return revoke;
    }

    private static Command Pause(bool paused)
    {
        var name = Name();
        var command = new Command(paused ? "pause" : "resume", paused ? "Refuse what a source sends until it goes on" : "Let a paused source go on") { name };
        command.SetApiAction((parsed, http, ct) => http.ForSourceAsync(parsed.GetValue(name)!, id => http.SendAsync(parsed, Patch(id, new { paused }), PrintOne, ct), ct));
        return command;
    }

    private static Command BeforeConsent()
    {
        var name = Name();
        var before = new Argument<string>("what") { Description = "nothing, count (that something happened, not by whom), cookieless (an id that lives as long as the page) or given" };
        var command = new Command("before-consent", "Say what collect.js does before a visitor has agreed, where the page says nothing else") { name, before };
        command.SetApiAction((parsed, http, ct) => http.ForSourceAsync(parsed.GetValue(name)!, id => http.SendAsync(parsed, Patch(id, new { beforeConsent = parsed.GetValue(before) }), PrintOne, ct), ct));
        return command;
    }

    private static Command Counts()
    {
        var from = new Option<string?>("--from") { Description = "First day, as 2026-03-01" };
        var to = new Option<string?>("--to") { Description = "Last day" };
        var counts = new Command("counts", "List what was counted without consent, by touchpoint; nobody is behind these numbers") { from, to };
        counts.SetApiAction((parsed, http, ct) =>
        {
            var query = string.Join('&', new[] { ("from", parsed.GetValue(from)), ("to", parsed.GetValue(to)) }.Where(q => q.Item2 is not null).Select(q => $"{q.Item1}={Uri.EscapeDataString(q.Item2!)}"));
            return http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, "/api/v1/collect/counts?" + query), answer =>
            {
                foreach (var item in answer.GetProperty("items").EnumerateArray())
                    Console.WriteLine($"{item.GetProperty("events").GetInt64(),12:N0}  {item.GetProperty("touchpoint").GetString()}  {item.GetProperty("path").GetString()}  {item.GetProperty("campaign").GetString()}  ({item.GetProperty("source").GetString()})");
                Console.WriteLine($"{answer.GetProperty("events").GetInt64(),12:N0}  in all, without consent");
            }, ct);
        });
        return counts;
    }

    private static Command Remove()
    {
        var name = Name();
        var remove = new Command("remove", "Remove a source that no event came from") { name };
        remove.SetApiAction((parsed, http, ct) => http.ForSourceAsync(parsed.GetValue(name)!, async id =>
        {
            if (await http.AskAsync(new HttpRequestMessage(HttpMethod.Delete, $"{Address}/{id}"), ct) is null) return ExitCode.Refused;
            if (!parsed.GetValue(CommandLine.Json)) Console.WriteLine($"{parsed.GetValue(name)} was removed.");
            return ExitCode.Done;
        }, ct));
        return remove;
    }

    private static Argument<string> Name() => new("name") { Description = "Name of the source" };

    private static HttpRequestMessage Patch(int id, object change) => new(HttpMethod.Patch, $"{Address}/{id}") { Content = JsonContent.Create(change) };

    /// <summary>Finds a source by its name; upper and lower case are the same.</summary>
    private static async Task<int> ForSourceAsync(this HttpClient http, string name, Func<int, Task<int>> action, CancellationToken ct)
    {
        if (await http.AskAsync(new HttpRequestMessage(HttpMethod.Get, Address), ct) is not { } text) return ExitCode.Refused;
        using var answer = JsonDocument.Parse(text);
        foreach (var source in answer.RootElement.GetProperty("items").EnumerateArray())
            if (string.Equals(source.GetProperty("name").GetString(), name, StringComparison.OrdinalIgnoreCase)) return await action(source.GetProperty("id").GetInt32());
        await Console.Error.WriteLineAsync($"There is no source '{name}'. 'tangent source list' shows them all.");
        return ExitCode.Refused;
    }

    private static void PrintAll(JsonElement answer)
    {
        var items = answer.GetProperty("items").EnumerateArray().ToArray();
        if (items.Length == 0) Console.WriteLine("There is no source yet. Add one: tangent source add NAME");
        var width = items.Select(s => s.GetProperty("name").GetString()!.Length).DefaultIfEmpty().Max();
        foreach (var source in items)
        {
            Console.WriteLine($"{source.GetProperty("name").GetString()!.PadRight(width)}  {source.GetProperty("kind").GetString(),-6}  {source.GetProperty("writeKey").GetString()}  " +
                $"{source.GetProperty("events").GetInt64(),12:N0} events  {source.GetProperty("rejected").GetInt64(),8:N0} rejected{(source.GetProperty("paused").GetBoolean() ? "  paused" : "")}");
            PrintRetiring(source);
        }
    }

    private static void PrintOne(JsonElement source)
    {
        Console.WriteLine($"{source.GetProperty("name").GetString()}: write key {source.GetProperty("writeKey").GetString()}{(source.GetProperty("paused").GetBoolean() ? ", paused" : "")}");
        PrintRetiring(source);
    }

    private static void PrintRetiring(JsonElement source)
    {
        foreach (var key in source.GetProperty("retiringKeys").EnumerateArray())
            Console.WriteLine($"  key {key.GetProperty("id").GetInt32()}: {key.GetProperty("key").GetString()} is taken until {key.GetProperty("validUntil").GetDateTime():yyyy-MM-dd HH:mm} UTC");
    }
}
