using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;

namespace Tangent.Cli;

/// <summary>Named versions of journey maps, and what their cards stand on.</summary>
internal static class MapVersionCommands
{
    private const string Address = "/api/v1/map/journey-maps";

    private static Argument<int> Version() => new("version") { Description = "Number of the version, as 'tangent map versions' shows it" };

    public static Command Snapshot()
    {
        var (id, name) = (MapCommand.Id(), new Argument<string>("name") { Description = "What the version is called" });
        var snapshot = new Command("snapshot", "Save a journey map as it is now under a name") { id, name };
        snapshot.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, $"{Address}/{parsed.GetValue(id)}/snapshots") { Content = JsonContent.Create(new { name = parsed.GetValue(name) }) }, Print, ct));
        return snapshot;
    }

    public static Command Versions()
    {
        var (id, remove) = (MapCommand.Id(), new Option<int?>("--remove") { Description = "Number of a version to remove first" });
        var versions = new Command("versions", "List the named versions of a journey map") { id, remove };
        versions.SetApiAction(async (parsed, http, ct) =>
        {
            if (parsed.GetValue(remove) is { } gone && await http.AskAsync(new HttpRequestMessage(HttpMethod.Delete, $"{Address}/{parsed.GetValue(id)}/snapshots/{gone}"), ct) is null) return ExitCode.Refused;
            return await http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, $"{Address}/{parsed.GetValue(id)}/snapshots"), answer =>
            {
                foreach (var version in answer.GetProperty("items").EnumerateArray()) Print(version);
            }, ct);
        });
        return versions;
    }

    public static Command Restore()
    {
        var (id, version) = (MapCommand.Id(), Version());
        var restore = new Command("restore", "Make a journey map what it was in a version; what it is now is saved as a version first, and the restoring can be undone") { id, version };
        restore.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, $"{Address}/{parsed.GetValue(id)}/snapshots/{parsed.GetValue(version)}/restoration"), answer =>
        {
            Console.WriteLine($"'{answer.GetProperty("name").GetString()}' is as it was then; this is edit {answer.GetProperty("version").GetInt32()}.");
            if (answer.GetProperty("stayed").GetInt32() is > 0 and var stayed) Console.WriteLine($"{stayed} {(stayed == 1 ? "card is" : "cards are")} as now: what a card shares with other maps, and what was heard, is not of a version.");
        }, ct));
        return restore;
    }

    public static Command Quotes()
    {
        var (id, card) = (MapCommand.Id(), new Argument<string>("card") { Description = "Id of the card, as the map has it" });
        var quotes = new Command("quotes", "List what a card of a journey map stands on") { id, card };
        quotes.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, $"{Address}/{parsed.GetValue(id)}/cards/{Uri.EscapeDataString(parsed.GetValue(card)!)}/quotes"), answer =>
        {
            foreach (var quote in answer.GetProperty("items").EnumerateArray())
                Console.WriteLine($"{quote.GetProperty("id").GetInt32(),5}  {quote.GetProperty("at").GetLocal():yyyy-MM-dd}  n = {quote.GetProperty("people").GetInt32()}  {quote.GetProperty("text").GetString() ?? $"comment {quote.GetProperty("position").GetInt64()}"}");
        }, ct));
        return quotes;
    }

    private static void Print(JsonElement version) =>
        Console.WriteLine($"{version.GetProperty("id").GetInt32(),5}  {version.GetProperty("at").GetLocal():yyyy-MM-dd HH:mm}  {version.GetProperty("name").GetString()}  (edit {version.GetProperty("version").GetInt32()}, {version.GetProperty("by").GetString()})");
}
