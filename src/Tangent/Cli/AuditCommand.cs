using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Tangent.Cli;

internal static class AuditCommand
{
    public static Command Create()
    {
        var actor = new Option<string?>("--actor") { Description = "Part of the name of who did it" };
        var route = new Option<string?>("--route") { Description = "Part of the address" };
        var kind = new Option<string?>("--kind") { Description = "change, look (at a customer), signIn or refusal" };
        var from = new Option<string?>("--from") { Description = "First day, yyyy-MM-dd" };
        var to = new Option<string?>("--to") { Description = "Last day, yyyy-MM-dd" };
        var take = new Option<int>("--take") { Description = "How many entries at most, up to 1000", DefaultValueFactory = _ => 50 };
        var audit = new Command("audit", "Who changed what and who looked at customers, the latest first") { actor, route, kind, from, to, take };
        audit.SetApiAction((parsed, http, ct) =>
        {
            var query = new List<string> { "take=" + parsed.GetValue(take).ToString(CultureInfo.InvariantCulture) };
            foreach (var option in (Option<string?>[])[actor, route, kind, from, to])
                if (parsed.GetValue(option) is { Length: > 0 } value) query.Add($"{option.Name.TrimStart('-')}={Uri.EscapeDataString(value)}");
            return http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, "/api/v1/access/audit?" + string.Join('&', query)), Print, ct);
        });
        return audit;
    }

    private static void Print(JsonElement answer)
    {
        foreach (var entry in answer.GetProperty("items").EnumerateArray())
        {
            string Text(string name) => entry.GetProperty(name).GetString()!;
            Console.WriteLine($"{entry.GetProperty("at").GetDateTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}  {Text("kind"),-7}  {Text("actor")} ({Text("actorKind")})  {Text("method")} {Text("route")}  {Text("target")}");
        }
    }
}
