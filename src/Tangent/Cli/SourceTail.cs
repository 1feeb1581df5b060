using System.CommandLine;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Tangent.Cli;

/// <summary>Prints what comes in from a source until it is stopped.</summary>
internal static class SourceTail
{
    public static Command Create(Argument<string> name, Func<HttpClient, string, Func<int, Task<int>>, CancellationToken, Task<int>> forSource)
    {
        var count = new Option<int?>("--count") { Description = "End after this many events; without it, at Ctrl+C" };
        var tail = new Command("tail", "Show what comes in from a source and what is rejected, as it happens") { name, count };
        tail.SetApiAction((parsed, http, ct) => forSource(http, parsed.GetValue(name)!, id => PrintAsync(http, id, parsed.GetValue(count), parsed.GetValue(CommandLine.Json), ct), ct));
        return tail;
    }

    private static async Task<int> PrintAsync(HttpClient http, int id, int? count, bool json, CancellationToken ct)
    {
        using var response = await http.GetAsync($"/api/v1/collect/sources/{id}/tail", HttpCompletionOption.ResponseHeadersRead, ct);
        if (!response.IsSuccessStatusCode)
        {
            await Console.Error.WriteLineAsync($"The server answered {(int)response.StatusCode}. Try it again later.");
            return ExitCode.Refused;
        }

        try
        {
            await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync(ct)).EnumerateAsync(ct))
            {
                if (item.EventType != "event") continue;
                if (json) Console.WriteLine(item.Data);
                else Print(item.Data);
                if (--count <= 0) break;
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Stopped by who looks on.
        }

        return ExitCode.Done;
    }

    private static void Print(string data)
    {
        using var document = JsonDocument.Parse(data);
        var e = document.RootElement;
        string Text(string name) => e.GetProperty(name).GetString() ?? "";
        var when = e.GetProperty("received").GetDateTime();
        Console.WriteLine(Text("outcome") switch
        {
            "accepted" => $"{when:HH:mm:ss}  accepted  {Text("type"),-8}  {Text("name")}  {Text("identifier")}",
            "rejected" => $"{when:HH:mm:ss}  rejected  {Text("reason"),-8}  {Text("detail")}",
            _ => $"{when:HH:mm:ss}  and {e.GetProperty("count").GetInt32():N0} more",
        });
    }
}
