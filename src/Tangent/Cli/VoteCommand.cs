using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Tangent.Cli;

internal static class VoteCommand
{
    public static readonly Argument<string> Touchpoint = new("touchpoint") { Description = "Name or number of the touchpoint" };

    private static readonly Option<string> Person = new("--person") { Description = "E-mail address of whose vote it is", Required = true };

    public static Command Create() => new("vote", "How important people of the company think touchpoints are") { List(), Set(), Withdraw() };

    /// <returns>Number of the touchpoint; null where there is none, which was said.</returns>
    public static async Task<int?> FindAsync(HttpClient http, string said, CancellationToken ct)
    {
        if (await http.AskAsync(new HttpRequestMessage(HttpMethod.Get, "/api/v1/map/touchpoints"), ct) is not { } answer) return null;
        using var document = JsonDocument.Parse(answer);
        foreach (var touchpoint in document.RootElement.EnumerateArray())
        {
            var id = touchpoint.GetProperty("id").GetInt32();
            string?[] names = [touchpoint.GetProperty("name").GetString(), .. touchpoint.GetProperty("merged").EnumerateArray().Select(m => m.GetString())];
            if (names.Contains(said, StringComparer.OrdinalIgnoreCase) || said == $"{id}") return id;
        }

        // A number that is not listed may be of one that was merged into another.
        if (int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return await http.AskAsync(new HttpRequestMessage(HttpMethod.Get, $"/api/v1/map/touchpoints/{number}"), ct) is { } found ? JsonElement.Parse(found).GetProperty("id").GetInt32() : null;
        await Console.Error.WriteLineAsync($"There is no touchpoint '{said}'.");
        return null;
    }

    private static Command List()
    {
        var list = new Command("list", "List the touchpoints with their votes");
        list.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, "/api/v1/map/votes"), AskTables.Votes, ct));
        return list;
    }

    private static Command Set()
    {
        var importance = new Option<int?>("--importance") { Description = "0 to 10" };
        var moment = new Option<bool>("--moment-of-truth") { Description = "The relation is won or lost here" };
        var set = new Command("set", "Write down a person's vote, instead of what the person said before") { Touchpoint, importance, moment, Person };
        set.SetApiAction(async (parsed, http, ct) =>
        {
            if (await FindAsync(http, parsed.GetValue(Touchpoint)!, ct) is not { } id) return ExitCode.Refused;
            var body = JsonContent.Create(new { importance = parsed.GetValue(importance), momentOfTruth = parsed.GetValue(moment), person = parsed.GetValue(Person) });
            return await http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Put, $"/api/v1/map/touchpoints/{id}/vote") { Content = body }, Print, ct);
        });
        return set;
    }

    private static Command Withdraw()
    {
        var withdraw = new Command("withdraw", "Take a person's vote back") { Touchpoint, Person };
        withdraw.SetApiAction(async (parsed, http, ct) => await FindAsync(http, parsed.GetValue(Touchpoint)!, ct) is not { } id ? ExitCode.Refused
            : await http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/map/touchpoints/{id}/vote?person={Uri.EscapeDataString(parsed.GetValue(Person)!)}"), Print, ct));
        return withdraw;
    }

    private static void Print(JsonElement votes) =>
        Console.WriteLine($"{votes.GetProperty("touchpoint").GetString()}: {votes.GetProperty("voters").GetInt32()} voted, median {votes.GetProperty("median")}, {votes.GetProperty("momentsOfTruth").GetInt32()} say it is a moment of truth");
}
