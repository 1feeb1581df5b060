using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;

namespace Tangent.Cli;

internal static class AnnotationCommand
{
    private const string Address = "/api/v1/analyse/annotations";

    public static Command Create() => new("annotation", "Days on which something changed, marked on every chart over time") { Add(), List(), Remove() };

    private static Command Add()
    {
        var day = new Argument<string>("day") { Description = "The day, as 2026-03-31" };
        var text = new Argument<string>("text") { Description = "What happened" };
        var touchpoint = new Option<string>("--touchpoint") { Description = "Name of the touchpoint it concerns; all unless said" };
        var add = new Command("add", "Add an annotation; prints its number") { day, text, touchpoint };
        add.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, Address)
        {
            Content = JsonContent.Create(new
            {
                // What is no day is refused by the server, which says why.
                day = DateOnly.TryParseExact(parsed.GetValue(day), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read) ? read : (DateOnly?)null,
                text = parsed.GetValue(text),
                touchpoint = parsed.GetValue(touchpoint) ?? "",
            }),
        }, answer => Console.WriteLine(answer.GetProperty("id").GetInt32()), ct));
        return add;
    }

    private static Command List()
    {
        var list = new Command("list", "List the annotations, the latest first");
        list.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, Address), answer =>
        {
            foreach (var a in answer.GetProperty("items").EnumerateArray())
                Console.WriteLine($"{a.GetProperty("id").GetInt32(),5}  {a.GetProperty("day").GetString()}  {a.GetProperty("touchpoint").GetString()}  {a.GetProperty("text").GetString()}");
        }, ct));
        return list;
    }

    private static Command Remove()
    {
        var id = new Argument<int>("id") { Description = "Its number, as list prints it" };
        var remove = new Command("remove", "Remove an annotation") { id };
        remove.SetApiAction(async (parsed, http, ct) => await http.AskAsync(new HttpRequestMessage(HttpMethod.Delete, $"{Address}/{parsed.GetValue(id)}"), ct) is null ? ExitCode.Refused : ExitCode.Done);
        return remove;
    }
}
