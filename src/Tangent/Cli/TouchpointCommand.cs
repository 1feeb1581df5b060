using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tangent.Cli;

/// <summary>The catalogue of touchpoints.</summary>
internal static class TouchpointCommand
{
    private const string Address = "/api/v1/map/touchpoints";

    /// <summary>The fields that can be given, by their names in the API.</summary>
    private static readonly Dictionary<string, Option<string?>> Fields = new()
    {
        ["channel"] = new("--channel") { Description = "Channel by which customers come to it, such as Web or Phone" },
        ["stage"] = new("--stage") { Description = "awareness, consideration, conversion, retention or advocacy" },
        ["control"] = new("--control") { Description = "owned, partner or thirdParty: whose place it is" },
        ["directness"] = new("--directness") { Description = "direct or indirect: whether the company takes part in the contact" },
        ["online"] = new("--online") { Description = "true or false" },
        ["owner"] = new("--owner") { Description = "Who answers for it" },
        ["department"] = new("--department") { Description = "Department that answers for it" },
        ["costPerContact"] = new("--cost") { Description = "What one contact costs, in the company's currency, such as 4.50; none for unknown" },
        ["description"] = new("--description") { Description = "What customers do and meet there" },
    };

    public static Command Create() => new("touchpoint", "The catalogue of touchpoints: where customers meet the company") { List(), Show(), Add(), Change(), Retire(), Merge(), Links() };

    private static Command List()
    {
        var retired = new Option<bool>("--retired") { Description = "Also those that are no longer in use" };
        var list = new Command("list", "List the touchpoints by stage") { retired };
        list.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, Address), answer =>
        {
            foreach (var t in answer.EnumerateArray().Where(t => parsed.GetValue(retired) || !t.GetProperty("retired").GetBoolean()))
                Console.WriteLine($"{t.GetProperty("id").GetInt32(),5}  {t.GetProperty("stage").GetString(),-13}  {t.GetProperty("channel").GetString(),-14}  {t.GetProperty("department").GetString(),-16}  {Cost(t),14}  {t.GetProperty("name").GetString()}{(t.GetProperty("retired").GetBoolean() ? " (retired)" : "")}");
        }, ct));
        return list;
    }

    private static Command Show()
    {
        var show = new Command("show", "Show a touchpoint") { VoteCommand.Touchpoint };
        show.SetApiAction(async (parsed, http, ct) => await VoteCommand.FindAsync(http, parsed.GetValue(VoteCommand.Touchpoint)!, ct) is { } id
            ? await http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, $"{Address}/{id}"), Print, ct) : ExitCode.Refused);
        return show;
    }

    private static Command Add()
    {
        var name = new Argument<string>("name") { Description = "Its name, as customers would say it" };
        var add = new Command("add", "Add a touchpoint") { name };
        foreach (var option in Fields.Values) add.Add(option);
        add.SetApiAction(async (parsed, http, ct) =>
        {
            var touchpoint = new JsonObject { ["id"] = 0, ["name"] = parsed.GetValue(name), ["online"] = true };
            return Set(touchpoint, parsed) is { } said ? await RefuseAsync(said) : await http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, Address) { Content = JsonContent.Create(touchpoint) }, Print, ct);
        }, begins: true);
        return add;
    }

    private static Command Change()
    {
        var name = new Option<string?>("--name") { Description = "Its new name" };
        var change = new Command("change", "Change a touchpoint; what is not said stays as it is") { VoteCommand.Touchpoint, name };
        foreach (var option in Fields.Values) change.Add(option);
        change.SetApiAction((parsed, http, ct) => ChangeAsync(parsed, http, touchpoint =>
        {
            if (parsed.GetValue(name) is { } called) touchpoint["name"] = called;
            return Set(touchpoint, parsed);
        }, ct));
        return change;
    }

    private static Command Retire()
    {
        var back = new Option<bool>("--back") { Description = "It is in use again" };
        var retire = new Command("retire", "Say that a touchpoint is no longer in use; its history stays") { VoteCommand.Touchpoint, back };
        retire.SetApiAction((parsed, http, ct) => ChangeAsync(parsed, http, touchpoint =>
        {
            touchpoint["retired"] = !parsed.GetValue(back);
            return null;
        }, ct));
        return retire;
    }

    private static Command Merge()
    {
        var into = new Argument<string>("into") { Description = "Name or number of the touchpoint that stays" };
        var merge = new Command("merge", "Merge a touchpoint into another one: all that names it goes over, and its name and number stand for the other one from now on, also of events. It cannot be undone") { VoteCommand.Touchpoint, into };
        merge.SetApiAction(async (parsed, http, ct) =>
            await VoteCommand.FindAsync(http, parsed.GetValue(VoteCommand.Touchpoint)!, ct) is { } from && await VoteCommand.FindAsync(http, parsed.GetValue(into)!, ct) is { } stays
                ? await http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, $"{Address}/{from}/merge/{stays}"), Print, ct) : ExitCode.Refused);
        return merge;
    }

    private static Command Links()
    {
        var links = new Command("links", "List the links by which customers answer the open surveys about a touchpoint, for print or QR codes; those marked ask about it by themselves") { VoteCommand.Touchpoint };
        links.SetApiAction(async (parsed, http, ct) => await VoteCommand.FindAsync(http, parsed.GetValue(VoteCommand.Touchpoint)!, ct) is { } id
            ? await http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, $"/api/v1/measure/touchpoints/{id}/survey-links"), answer =>
            {
                foreach (var survey in answer.GetProperty("items").EnumerateArray())
                    Console.WriteLine($"{survey.GetProperty("survey").GetInt32(),5} {(survey.GetProperty("asksAboutIt").GetBoolean() ? "*" : " ")} {survey.GetProperty("name").GetString(),-30}  {survey.GetProperty("link").GetString()}");
            }, ct) : ExitCode.Refused);
        return links;
    }

    private static async Task<int> ChangeAsync(ParseResult parsed, HttpClient http, Func<JsonObject, string?> change, CancellationToken ct)
    {
        if (await VoteCommand.FindAsync(http, parsed.GetValue(VoteCommand.Touchpoint)!, ct) is not { } id || await http.AskAsync(new HttpRequestMessage(HttpMethod.Get, $"{Address}/{id}"), ct) is not { } known) return ExitCode.Refused;
        var touchpoint = (JsonObject)JsonNode.Parse(known)!;
        return change(touchpoint) is { } said ? await RefuseAsync(said)
            : await http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Put, $"{Address}/{id}") { Content = JsonContent.Create(touchpoint) }, Print, ct);
    }

    /// <returns>What is wrong with what was given.</returns>
    private static string? Set(JsonObject touchpoint, ParseResult parsed)
    {
        foreach (var (field, option) in Fields)
        {
            if (parsed.GetValue(option) is not { } said) continue;
            switch (field)
            {
                case "online" when !bool.TryParse(said, out _): return "--online is true or false.";
                case "online": touchpoint[field] = bool.Parse(said); break;
                case "costPerContact" when said is "none" or "": touchpoint[field] = null; break;
                case "costPerContact" when decimal.TryParse(said, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var cost): touchpoint[field] = cost; break;
                case "costPerContact": return $"'{said}' is no amount such as 4.50.";
                default: touchpoint[field] = said; break;
            }
        }

        return null;
    }

    private static async Task<int> RefuseAsync(string said)
    {
        await Console.Error.WriteLineAsync(said);
        return ExitCode.Refused;
    }

    private static void Print(JsonElement t)
    {
        Console.WriteLine($"{t.GetProperty("id").GetInt32()}  {t.GetProperty("name").GetString()}{(t.GetProperty("retired").GetBoolean() ? " (retired)" : "")}");
        foreach (var field in (string[])["channel", "stage", "control", "directness", "owner", "department", "description"])
            if (t.GetProperty(field).GetString() is { Length: > 0 } said) Console.WriteLine($"  {field + ":",-13} {said}");
        Console.WriteLine($"  {"place:",-13} {(t.GetProperty("online").GetBoolean() ? "online" : "offline")}");
        if (Cost(t) is { Length: > 0 } cost) Console.WriteLine($"  {"cost:",-13} {cost} a contact");
        if (t.GetProperty("merged") is { ValueKind: JsonValueKind.Array } merged && merged.GetArrayLength() > 0) Console.WriteLine($"  {"merged:",-13} {string.Join(", ", merged.EnumerateArray().Select(m => m.GetString()))}");
    }

    private static string Cost(JsonElement t) => t.GetProperty("costPerContact") is { ValueKind: JsonValueKind.Number } cost ? $"{cost.GetDecimal().ToString("0.00##", CultureInfo.InvariantCulture)} {t.GetProperty("currency").GetString()}" : "";
}
