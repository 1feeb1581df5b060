using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Tangent.Cli;

internal static class KeyCommand
{
    private const string Keys = "/api/v1/access/keys";

    public static Command Create() => new("key", "API keys: the way in for programs") { Add(), List(), Revoke() };

    private static Command Add()
    {
        var name = new Argument<string>("name") { Description = "What the key is for" };
        var scope = new Option<string>("--scope") { Description = "viewer (read), contributor, editor or owner", DefaultValueFactory = _ => "viewer" };
        var areas = new Option<string[]>("--area") { Description = "Part of the API it is for, for example map; repeat for more; none = all" };
        var days = new Option<int?>("--days") { Description = "Days until it ends; none = never" };
        var add = new Command("add", "Make an API key; prints its secret, this once") { name, scope, areas, days };
        add.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, Keys)
        {
            Content = JsonContent.Create(new
            {
                name = parsed.GetValue(name),
                scope = parsed.GetValue(scope),
                areas = parsed.GetValue(areas),
                expires = parsed.GetValue(days) is { } until ? DateTimeOffset.UtcNow.AddDays(Math.Clamp(until, -1, 36500)) : (DateTimeOffset?)null,
            }),
        }, answer => Console.WriteLine(answer.GetProperty("secret").GetString()), ct), begins: true);
        return add;
    }

    private static Command List()
    {
        var list = new Command("list", "List the API keys, without their secrets");
        list.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, Keys), Print, ct));
        return list;
    }

    private static Command Revoke()
    {
        var id = new Argument<Guid>("id") { Description = "Id of the key, as 'tangent key list' shows it" };
        var revoke = new Command("revoke", "Revoke an API key; it works no more") { id };
        revoke.SetApiAction(async (parsed, http, ct) =>
            await http.AskAsync(new HttpRequestMessage(HttpMethod.Delete, $"{Keys}/{parsed.GetValue(id)}"), ct) is null ? ExitCode.Refused : ExitCode.Done);
        return revoke;
    }

    private static void Print(JsonElement answer)
    {
        foreach (var key in answer.GetProperty("items").EnumerateArray())
        {
            string Day(string name) => key.GetProperty(name) is { ValueKind: JsonValueKind.String } at ? at.GetDateTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "-";
            Console.WriteLine($"{key.GetProperty("id").GetString()}  {key.GetProperty("start").GetString()}…  {key.GetProperty("scope").GetString(),-11}  {key.GetProperty("state").GetString(),-7}  " +
                $"used {Day("lastUsed"),-10}  ends {Day("expires"),-10}  {key.GetProperty("name").GetString()}");
        }
    }
}
