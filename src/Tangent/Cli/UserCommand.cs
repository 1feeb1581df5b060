using System.CommandLine;
using System.Net.Http.Json;

namespace Tangent.Cli;

internal static class UserCommand
{
    public static Command Create()
    {
        var email = new Argument<string>("email") { Description = "E-mail address of the person" };
        var role = new Option<string>("--role") { Description = "viewer, contributor, editor or owner", DefaultValueFactory = _ => "viewer" };
        var add = new Command("add", "Invite a person; prints the link where they choose a password") { email, role };
        add.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, "/api/v1/users")
        {
            Content = JsonContent.Create(new { email = parsed.GetValue(email), role = parsed.GetValue(role) }),
        }, answer => Console.WriteLine($"Open this link on the server's address to choose a password (works once, seven days): {answer.GetProperty("link").GetString()}"), ct), begins: true);
        return new Command("user", "People who may sign in") { add };
    }
}
