using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;

namespace Tangent.Cli;

internal static class SourceCommand
{
    private const string Address = "/api/v1/collect/sources";

    public static Command Create() => new("source", "Systems that send events") { Add(), List() };

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
        list.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, Address), Print, ct));
        return list;
    }

    private static void Print(JsonElement answer)
    {
        var items = answer.GetProperty("items").EnumerateArray().ToArray();
        if (items.Length == 0) Console.WriteLine("There is no source yet. Add one: tangent source add NAME");
        var width = items.Select(s => s.GetProperty("name").GetString()!.Length).DefaultIfEmpty().Max();
        foreach (var source in items)
        {
            Console.WriteLine($"{source.GetProperty("name").GetString()!.PadRight(width)}  {source.GetProperty("kind").GetString(),-6}  {source.GetProperty("writeKey").GetString()}  " +
                $"{source.GetProperty("events").GetInt64(),12:N0} events  {source.GetProperty("rejected").GetInt64(),8:N0} rejected");
        }
    }
}
