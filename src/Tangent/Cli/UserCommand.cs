using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Tangent.Cli;

internal static class UserCommand
{
    private const string Users = "/api/v1/access/users";

    public static Command Create() => new("user", "People who may sign in") { Add(), List(), Role(), Disable("disable", true), Disable("enable", false), Reset(), Delete(), SignOut() };

    private static Command Add()
    {
        var email = Email();
        var role = new Option<string>("--role") { Description = "viewer, contributor, editor or owner", DefaultValueFactory = _ => "viewer" };
        var add = new Command("add", "Invite a person; prints the link where they choose a password") { email, role };
        add.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, Users)
        {
            Content = JsonContent.Create(new { email = parsed.GetValue(email), role = parsed.GetValue(role) }),
        }, answer => Console.WriteLine($"Open this link on the server's address to choose a password (works once, seven days): {answer.GetProperty("link").GetString()}"), ct), begins: true);
        return add;
    }

    private static Command List()
    {
        var list = new Command("list", "List the people with an account");
        list.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, Users), answer =>
        {
            foreach (var person in answer.GetProperty("items").EnumerateArray())
            {
                var seen = person.GetProperty("lastSeen") is { ValueKind: JsonValueKind.String } last ? last.GetDateTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "-";
                Console.WriteLine($"{person.GetProperty("email").GetString(),-40}  {person.GetProperty("role").GetString(),-11}  {seen,-16}  {(person.GetProperty("disabled").ValueKind == JsonValueKind.Null ? "" : "disabled")}");
            }
        }, ct));
        return list;
    }

    private static Command Role()
    {
        var email = Email();
        var role = new Argument<string>("role") { Description = "viewer, contributor, editor or owner" };
        var set = new Command("role", "Give a person another role") { email, role };
        set.SetApiAction((parsed, http, ct) => OnPersonAsync(parsed, http, email, id => new HttpRequestMessage(HttpMethod.Put, $"{Users}/{id}/role")
        {
            Content = JsonContent.Create(new { role = parsed.GetValue(role) }),
        }, answer => Console.WriteLine($"{answer.GetProperty("email").GetString()} is {answer.GetProperty("role").GetString()} now."), ct));
        return set;
    }

    private static Command Disable(string name, bool disabled)
    {
        var email = Email();
        var command = new Command(name, disabled ? "Keep a person from signing in; ends their sessions" : "Let a person sign in again") { email };
        command.SetApiAction((parsed, http, ct) => OnPersonAsync(parsed, http, email, id => new HttpRequestMessage(HttpMethod.Put, $"{Users}/{id}/disabled")
        {
            Content = JsonContent.Create(new { disabled }),
        }, answer => Console.WriteLine($"{answer.GetProperty("email").GetString()} {(disabled ? "may not sign in any more" : "may sign in again")}."), ct));
        return command;
    }

    private static Command Reset()
    {
        var email = Email();
        var reset = new Command("reset", "Print a link where a person chooses a new password (works once, a day)") { email };
        reset.SetApiAction((parsed, http, ct) => OnPersonAsync(parsed, http, email, id => new HttpRequestMessage(HttpMethod.Post, $"{Users}/{id}/reset"),
            answer => Console.WriteLine($"Open this link on the server's address to choose a new password: {answer.GetProperty("link").GetString()}"), ct));
        return reset;
    }

    private static Command Delete()
    {
        var email = Email();
        var delete = new Command("delete", "Delete a person's account") { email };
        delete.SetApiAction((parsed, http, ct) => OnPersonAsync(parsed, http, email, id => new HttpRequestMessage(HttpMethod.Delete, $"{Users}/{id}"), null, ct));
        return delete;
    }

    private static Command SignOut()
    {
        var email = Email();
        var end = new Command("sign-out", "Sign a person out in every browser") { email };
        end.SetApiAction((parsed, http, ct) => OnPersonAsync(parsed, http, email, id => new HttpRequestMessage(HttpMethod.Delete, $"{Users}/{id}/sessions"), null, ct));
        return end;
    }

    private static Argument<string> Email() => new("email") { Description = "E-mail address of the person" };

    private static async Task<int> OnPersonAsync(
        ParseResult parsed, HttpClient http, Argument<string> email, Func<string, HttpRequestMessage> request, Action<JsonElement>? print, CancellationToken ct)
    {
        if (await http.AskAsync(new HttpRequestMessage(HttpMethod.Get, Users), ct) is not { } text) return ExitCode.Refused;
        using var people = JsonDocument.Parse(text);
        var wanted = parsed.GetValue(email)!.Trim();
        var person = people.RootElement.GetProperty("items").EnumerateArray().FirstOrDefault(p => string.Equals(p.GetProperty("email").GetString(), wanted, StringComparison.OrdinalIgnoreCase));
        if (person.ValueKind == JsonValueKind.Undefined)
        {
            await Console.Error.WriteLineAsync($"Nobody has the address {wanted}. 'tangent user list' shows who is there.");
            return ExitCode.Refused;
        }

        var asked = request(person.GetProperty("id").GetString()!);
        if (print is not null) return await http.SendAsync(parsed, asked, print, ct);
        return await http.AskAsync(asked, ct) is null ? ExitCode.Refused : ExitCode.Done;
    }
}
