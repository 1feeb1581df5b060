using System.CommandLine;
using System.Net.Http.Json;

namespace Tangent.Cli;

internal static class QuestionCommand
{
    private const string Address = "/api/v1/analyse/saved-questions";

    public static Command Create() => new("question", "Saved questions: pages with all that is chosen on them, under a name") { List(), Save(), Remove() };

    private static Command List()
    {
        var list = new Command("list", "List the shared questions and those saved by command");
        list.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, Address), answer =>
        {
            foreach (var q in answer.GetProperty("items").EnumerateArray())
                Console.WriteLine($"{q.GetProperty("id").GetInt32(),5}  {q.GetProperty("name").GetString()}  {q.GetProperty("address").GetString()}  {q.GetProperty("owner").GetString()}{(q.GetProperty("shared").GetBoolean() ? "  shared" : "")}");
        }, ct));
        return list;
    }

    private static Command Save()
    {
        var name = new Argument<string>("name") { Description = "What people call it" };
        var address = new Argument<string>("address") { Description = "The page and its query, for example '/analyse/funnels?step=Order'" };
        var isPrivate = new Option<bool>("--private") { Description = "Only for who saves it; shared with everybody unless said" };
        var save = new Command("save", "Save a page under a name; prints its number") { name, address, isPrivate };
        save.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, Address)
        {
            Content = JsonContent.Create(new { id = 0, name = parsed.GetValue(name), address = parsed.GetValue(address), shared = !parsed.GetValue(isPrivate) }),
        }, answer => Console.WriteLine(answer.GetProperty("id").GetInt32()), ct));
        return save;
    }

    private static Command Remove()
    {
        var id = new Argument<int>("id") { Description = "Its number, as list prints it" };
        var remove = new Command("remove", "Remove a saved question") { id };
        remove.SetApiAction(async (parsed, http, ct) => await http.AskAsync(new HttpRequestMessage(HttpMethod.Delete, $"{Address}/{parsed.GetValue(id)}"), ct) is null ? ExitCode.Refused : ExitCode.Done);
        return remove;
    }
}
