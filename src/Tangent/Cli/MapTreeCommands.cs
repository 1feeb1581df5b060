using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;
using Tangent.Map;

namespace Tangent.Cli;

/// <summary>How journey maps hang together: which stands under which, and cards that are one on several maps.</summary>
internal static class MapTreeCommands
{
    private const string Address = "/api/v1/map/journey-maps";

    private static readonly Argument<int> Id = new("id") { Description = "Number of the map, as 'tangent map list' shows it" };
    private static readonly Argument<string> Card = new("card") { Description = "Id of the card on that map, as 'tangent map pain-points' shows it" };

    /// <summary>Maps as the API lists them, each behind the one it stands under.</summary>
    public static IReadOnlyList<(JsonElement Map, int Depth)> InOrder(JsonElement items) =>
        MapTree.Order([.. items.EnumerateArray()], m => m.GetProperty("id").GetInt32(), m => m.GetProperty("parent") is { ValueKind: JsonValueKind.Number } parent ? parent.GetInt32() : null);

    public static Command Parent()
    {
        var under = new Argument<int?>("parent") { Description = "Number of the map that it comes to stand under; none where left out", Arity = ArgumentArity.ZeroOrOne };
        var parent = new Command("parent", "Put a journey map under another one, or under none") { Id, under };
        parent.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Put, $"{Address}/{parsed.GetValue(Id)}/parent") { Content = JsonContent.Create(new { parent = parsed.GetValue(under) }) },
            answer => Console.WriteLine($"'{answer.GetProperty("name").GetString()}' stands {(answer.GetProperty("parent") is { ValueKind: JsonValueKind.Number } p ? $"under map {p.GetInt32()}" : "at the top")} now."), ct));
        return parent;
    }

    public static Command PainPoints()
    {
        var points = new Command("pain-points", "List the pain points of all journey maps, those on most maps first");
        points.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, "/api/v1/map/pain-points"), answer =>
        {
            foreach (var point in answer.GetProperty("items").EnumerateArray())
            {
                var maps = point.GetProperty("maps").GetInt32();
                Console.WriteLine($"{point.GetProperty("text").GetString()} ({point.GetProperty("evidence").GetProperty("kind").GetString()}, on {maps} {(maps == 1 ? "map" : "maps")})");
                foreach (var place in point.GetProperty("places").EnumerateArray())
                    Console.WriteLine($"  {place.GetProperty("map").GetInt32(),5}  {place.GetProperty("card").GetString()}  {place.GetProperty("name").GetString()}, {place.GetProperty("step").GetString()}");
            }
        }, ct));
        return points;
    }

    public static Command Same()
    {
        var (map, other) = (new Argument<int>("map") { Description = "Number of the map with the other card" }, new Argument<string>("other") { Description = "Id of the other card" });
        var same = new Command("same", "Make a card one with another: it says what that one says, and whoever changes one of them changes all") { Id, Card, map, other };
        same.SetApiAction(async (parsed, http, ct) => await http.AskAsync(
            new HttpRequestMessage(HttpMethod.Put, Sharing(parsed)) { Content = JsonContent.Create(new { map = parsed.GetValue(map), card = parsed.GetValue(other) }) }, ct) is null ? ExitCode.Refused : ExitCode.Done);
        return same;
    }

    public static Command Separate()
    {
        var separate = new Command("separate", "Make a card one of its own again") { Id, Card };
        separate.SetApiAction(async (parsed, http, ct) => await http.AskAsync(new HttpRequestMessage(HttpMethod.Delete, Sharing(parsed)), ct) is null ? ExitCode.Refused : ExitCode.Done);
        return separate;
    }

    private static string Sharing(ParseResult parsed) => $"{Address}/{parsed.GetValue(Id)}/cards/{Uri.EscapeDataString(parsed.GetValue(Card)!)}/sharing";
}
