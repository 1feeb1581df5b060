using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;

namespace Tangent.Cli;

internal static class TargetCommand
{
    private static readonly Argument<string> Metric = new("metric") { Description = "nps, csat, ces, rating or review" };

    public static Command Create() => new("target", "What scores of touchpoints are to reach, and by when") { List(), Set(), Remove() };

    private static Command List()
    {
        var list = new Command("list", "List the targets");
        list.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, "/api/v1/measure/targets"), answer =>
        {
            foreach (var t in answer.GetProperty("items").EnumerateArray())
                Console.WriteLine($"{t.GetProperty("touchpoint").GetString()}  {t.GetProperty("metric").GetString()}  {t.GetProperty("value").GetDouble():0.##}  {t.GetProperty("by")}");
        }, ct));
        return list;
    }

    private static Command Set()
    {
        var value = new Argument<double>("value") { Description = "As the score: NPS -100 to 100, CSAT 0 to 1, CES 1 to 7, rating and review 1 to 5" };
        var by = new Option<string>("--by") { Description = "Day by which it is to be reached, as 2026-12-31" };
        var set = new Command("set", "Set a target") { VoteCommand.Touchpoint, Metric, value, by };
        set.SetApiAction(async (parsed, http, ct) =>
        {
            if (await VoteCommand.FindAsync(http, parsed.GetValue(VoteCommand.Touchpoint)!, ct) is not { } id) return ExitCode.Refused;
            DateOnly? day = null;
            if (parsed.GetValue(by) is { } said)
            {
                if (!DateOnly.TryParseExact(said, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read))
                {
                    await Console.Error.WriteLineAsync($"'{said}' is no day; write it as 2026-12-31.");
                    return ExitCode.Refused;
                }

                day = read;
            }

            var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/measure/touchpoints/{id}/targets/{Uri.EscapeDataString(parsed.GetValue(Metric)!)}") { Content = JsonContent.Create(new { value = parsed.GetValue(value), by = day }) };
            return await http.SendAsync(parsed, request, t => Console.WriteLine($"{t.GetProperty("touchpoint").GetString()}  {t.GetProperty("metric").GetString()}  {t.GetProperty("value").GetDouble():0.##}"), ct);
        });
        return set;
    }

    private static Command Remove()
    {
        var remove = new Command("remove", "Take a target away") { VoteCommand.Touchpoint, Metric };
        remove.SetApiAction(async (parsed, http, ct) => await VoteCommand.FindAsync(http, parsed.GetValue(VoteCommand.Touchpoint)!, ct) is { } id
            && await http.AskAsync(new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/measure/touchpoints/{id}/targets/{Uri.EscapeDataString(parsed.GetValue(Metric)!)}"), ct) is not null ? ExitCode.Done : ExitCode.Refused);
        return remove;
    }
}
