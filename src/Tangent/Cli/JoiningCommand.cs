using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tangent.Cli;

internal static class JoiningCommand
{
    private const string Address = "/api/v1/unify/joining";

    private static readonly Option<bool?> Email = new("--email") { Description = "The same e-mail address joins" };
    private static readonly Option<bool?> Phone = new("--phone") { Description = "The same telephone number joins" };
    private static readonly Option<bool?> Number = new("--customer-number") { Description = "The same customer number joins" };
    private static readonly Option<bool?> External = new("--external-id") { Description = "The same id in another system joins" };
    private static readonly Option<int?> Shared = new("--most-shared") { Description = "A value that persons of more different names share joins nobody" };
    private static readonly Option<string[]> LeftOut = new("--leave-out") { Description = "A source whose records join nobody; repeat it. An empty text takes all in" };
    private static readonly Option<FileInfo?> Rules = new("--rules") { Description = "A rules file with further rules and lists" };

    public static Command Create() => new("joining", "What makes customers one without anybody's doing") { Show(), Change("set", "Change it; everybody is gone through again"), Change("try", "Count what settings would join; nothing is decided") };

    private static Command Show()
    {
        var show = new Command("show", "Show what joins customers, what it has joined, and values that too many share");
        show.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, Address), Print, ct));
        return show;
    }

    private static Command Change(string name, string description)
    {
        var command = new Command(name, description) { Email, Phone, Number, External, Shared, LeftOut, Rules };
        command.SetApiAction(async (parsed, http, ct) =>
        {
            if (await http.AskAsync(new HttpRequestMessage(HttpMethod.Get, Address), ct) is not { } now) return ExitCode.Refused;
            var settings = JsonNode.Parse(now)!["settings"]!.DeepClone().AsObject();
            if (parsed.GetValue(Email) is { } email) settings["email"] = email;
            if (parsed.GetValue(Phone) is { } phone) settings["phone"] = phone;
            if (parsed.GetValue(Number) is { } number) settings["customerNumber"] = number;
            if (parsed.GetValue(External) is { } external) settings["externalId"] = external;
            if (parsed.GetValue(Shared) is { } shared) settings["mostShared"] = shared;
            if (parsed.GetValue(LeftOut) is { Length: > 0 } leftOut) settings["leftOut"] = new JsonArray([.. leftOut.Where(s => s.Length > 0).Select(s => (JsonNode)s)]);
            if (parsed.GetValue(Rules) is { } file)
            {
                if (!file.Exists)
                {
                    await Console.Error.WriteLineAsync($"There is no file {file}.");
                    return ExitCode.Refused;
                }

                settings["rules"] = await File.ReadAllTextAsync(file.FullName, ct);
            }

            var request = name == "set" ? new HttpRequestMessage(HttpMethod.Put, Address) : new HttpRequestMessage(HttpMethod.Post, Address + "/trial");
            request.Content = JsonContent.Create(settings);
            return await http.SendAsync(parsed, request, name == "set" ? Print : answer => PrintRules(answer.GetProperty("items")), ct);
        });
        return command;
    }

    private static void Print(JsonElement answer)
    {
        var settings = answer.GetProperty("settings");
        foreach (var kind in (string[])["customerNumber", "externalId", "email", "phone"]) Console.WriteLine($"{kind,-16} {(settings.GetProperty(kind).GetBoolean() ? "joins" : "-")}");
        Console.WriteLine($"{"mostShared",-16} {settings.GetProperty("mostShared").GetInt32()}");
        PrintRules(answer.GetProperty("joined"));
        foreach (var shared in answer.GetProperty("shared").EnumerateArray())
            Console.WriteLine($"Shared by {shared.GetProperty("persons").GetInt32()} names, joins nobody: {shared.GetProperty("rule").GetString()}, customers {string.Join(", ", shared.GetProperty("customers").EnumerateArray())}");
        if (!answer.GetProperty("isIdle").GetBoolean()) Console.WriteLine("Not everybody has been gone through yet.");
    }

    private static void PrintRules(JsonElement rules)
    {
        foreach (var rule in rules.EnumerateArray()) Console.WriteLine($"{rule.GetProperty("pairs").GetInt64(),12:N0} pairs  {rule.GetProperty("rule").GetString()}");
    }
}
