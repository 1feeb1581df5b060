using System.CommandLine;
using System.Text.Json;

namespace Tangent.Cli;

internal static class ImportsCommand
{
    private const string Address = "/api/v1/collect/imports";

    public static Command Create() => new("imports", "Imports so far: what each took, and taking one back as a whole") { List(), Undo(), Restore() };

    private static Command List()
    {
        var take = new Option<int>("--take") { Description = "How many, the latest first", DefaultValueFactory = _ => 20 };
        var list = new Command("list", "List the imports, the latest first") { take };
        list.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, $"{Address}?take={parsed.GetValue(take)}"), Print, ct));
        return list;
    }

    private static Command Undo()
    {
        var import = Number();
        var undo = new Command("undo", "Take an import back: what it brought counts no more, and the file can be imported anew") { import };
        undo.SetApiAction((parsed, http, ct) => http.SendAsync(
            parsed, new HttpRequestMessage(HttpMethod.Post, $"{Address}/{parsed.GetValue(import)}/undo"), a => Console.WriteLine($"{a.GetProperty("events").GetInt64():N0} records of the event log count no more."), ct));
        return undo;
    }

    private static Command Restore()
    {
        var import = Number();
        var restore = new Command("restore", "Take the undoing of an import back: what it brought counts again") { import };
        restore.SetApiAction((parsed, http, ct) => http.SendAsync(
            parsed, new HttpRequestMessage(HttpMethod.Delete, $"{Address}/{parsed.GetValue(import)}/undo"), a => Console.WriteLine($"{a.GetProperty("events").GetInt64():N0} records of the event log count again."), ct));
        return restore;
    }

    private static Argument<int> Number() => new("import") { Description = "Number of the import, as 'tangent imports list' shows it" };

    private static void Print(JsonElement answer)
    {
        var lines = answer.GetProperty("items");
        if (lines.GetArrayLength() == 0) Console.WriteLine("Nothing has been imported yet.");
        foreach (var line in lines.EnumerateArray())
        {
            long Count(string name) => line.GetProperty(name).GetInt64();
            Console.WriteLine(
                $"{line.GetProperty("importId").GetInt32(),5}  {line.GetProperty("startedUtc").GetDateTime():yyyy-MM-dd HH:mm} UTC  {line.GetProperty("fileName").GetString()} → {line.GetProperty("source").GetString()}: "
                + $"{line.GetProperty("state").GetString()}{(line.GetProperty("dryRun").GetBoolean() ? ", dry run" : "")}{(line.GetProperty("undone").GetBoolean() ? ", undone" : "")}, "
                + $"{Count("new"):N0} new, {Count("changed"):N0} changed, {Count("duplicates"):N0} duplicate, {Count("rejected"):N0} rejected");
        }
    }
}
