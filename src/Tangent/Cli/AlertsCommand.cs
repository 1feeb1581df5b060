using System.CommandLine;
using System.Globalization;

namespace Tangent.Cli;

internal static class AlertsCommand
{
    private const string Address = "/api/v1/measure/alerts";

    public static Command Create() => new("alerts", "Scores that fell, floods of bad answers, touchpoints from which nothing comes") { List(), Check(), Acknowledge() };

    private static Command List()
    {
        var all = new Option<bool>("--ended") { Description = "Also those that are over" };
        var list = new Command("list", "List the alerts that last, the latest first") { all };
        list.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, parsed.GetValue(all) ? Address + "?ended=true" : Address), answer =>
        {
            foreach (var a in answer.GetProperty("items").EnumerateArray())
                Console.WriteLine($"{a.GetProperty("id").GetInt32(),5}  {a.GetProperty("found").GetLocal().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}  {a.GetProperty("kind").GetString(),-8} {a.GetProperty("words").GetString()}");
        }, ct));
        return list;
    }

    private static Command Check()
    {
        var check = new Command("check", "Look for alerts at once; prints how many began");
        check.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, Address + "/checks"), answer => Console.WriteLine(answer.GetProperty("began").GetInt32()), ct));
        return check;
    }

    private static Command Acknowledge()
    {
        var id = new Argument<int>("id") { Description = "Its number, as list prints it" };
        var acknowledge = new Command("acknowledge", "Say that you have taken note of an alert") { id };
        acknowledge.SetApiAction(async (parsed, http, ct) =>
            await http.AskAsync(new HttpRequestMessage(HttpMethod.Post, $"{Address}/{parsed.GetValue(id)}/acknowledgement"), ct) is null ? ExitCode.Refused : ExitCode.Done);
        return acknowledge;
    }
}
