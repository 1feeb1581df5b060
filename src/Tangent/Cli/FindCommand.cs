using System.CommandLine;

namespace Tangent.Cli;

internal static class FindCommand
{
    public static Command Create()
    {
        var text = new Argument<string>("text") { Description = "A piece of the name; an id whole" };
        var find = new Command("find", "Find pages, touchpoints and customers by name; prints their addresses") { text };
        find.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, "/api/v1/search?q=" + Uri.EscapeDataString(parsed.GetValue(text)!)), answer =>
        {
            foreach (var kind in answer.GetProperty("kinds").EnumerateArray())
            {
                foreach (var found in kind.GetProperty("items").EnumerateArray())
                    Console.WriteLine($"{kind.GetProperty("kind").GetString(),-12} {found.GetProperty("text").GetString()}  {found.GetProperty("note").GetString()}  {found.GetProperty("href").GetString()}");
            }
        }, ct));
        return find;
    }
}
