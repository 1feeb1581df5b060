using System.CommandLine;
using System.Text.Json;

namespace Tangent.Cli;

/// <summary>What every command that speaks the API does alike: connect, refuse clearly, print JSON or a table.</summary>
internal static class ApiCommand
{
    /// <param name="begins">The command may be the first on a new data folder; any other is refused there, since it could only answer about nothing.</param>
    public static void SetApiAction(this Command command, Func<ParseResult, HttpClient, CancellationToken, Task<int>> action, bool begins = false) =>
        command.SetAction(async (parsed, ct) =>
        {
            var data = parsed.GetValue(CommandLine.Data)!;
            if (!begins && !File.Exists(Path.Combine(data, "tangent.db")) && !File.Exists(Path.Combine(data, "server.pid")))
            {
                var demo = File.Exists(Path.Combine("demo-data", "tangent.db")) ? " A demo lies here: add --data demo-data." : "";
                await Console.Error.WriteLineAsync($"There is no data in {Path.GetFullPath(data)} yet.{demo} Name another folder with --data, or begin one with 'tangent serve' or 'tangent import'.");
                return ExitCode.CannotStart;
            }

            ServerConnection? opened;
            try
            {
                opened = await ServerConnection.OpenAsync(data, ct);
            }
            catch (Exception e) when (Server.IsExpected(e))
            {
                await Console.Error.WriteLineAsync($"The data folder {Path.GetFullPath(data)} cannot be opened: {e.Message}");
                return ExitCode.CannotStart;
            }

            await using var connection = opened;
            if (connection is null)
            {
                await Console.Error.WriteLineAsync($"The data folder {Path.GetFullPath(data)} is held by a process that does not answer. Stop it, or choose another folder with --data.");
                return ExitCode.FolderInUse;
            }

            try
            {
                return await action(parsed, connection.Http, ct);
            }
            catch (HttpRequestException e)
            {
                await Console.Error.WriteLineAsync($"The server ended before it had answered ({e.Message}) Start it again and repeat the command: what had landed is not taken twice.");
                return ExitCode.CannotStart;
            }
        });

    /// <summary>Sends a request and hands the JSON answer to <paramref name="print"/>; with <c>--json</c> prints it as it came. A refusal goes to standard error.</summary>
    public static async Task<int> SendAsync(this HttpClient http, ParseResult parsed, HttpRequestMessage request, Action<JsonElement> print, CancellationToken ct)
    {
        if (await http.AskAsync(request, ct) is not { } text) return ExitCode.Refused;
        if (parsed.GetValue(CommandLine.Json))
        {
            Console.WriteLine(text);
            return ExitCode.Done;
        }

        using var document = JsonDocument.Parse(text);
        CompanyTime.Use(http, ct);
        print(document.RootElement);
        return ExitCode.Done;
    }

    /// <summary>Sends a request; a refusal goes to standard error.</summary>
    /// <returns>The JSON of the answer; null where it was refused.</returns>
    public static async Task<string?> AskAsync(this HttpClient http, HttpRequestMessage request, CancellationToken ct)
    {
        using var response = await http.SendAsync(request, ct);
        var text = await response.Content.ReadAsStringAsync(ct);
        if (response.IsSuccessStatusCode) return text;
        await Console.Error.WriteLineAsync(Refusal(text, (int)response.StatusCode));
        return null;
    }

    /// <summary>Writes why the server refused to standard error.</summary>
    public static async Task<int> RefuseAsync(HttpResponseMessage response, CancellationToken ct)
    {
        await Console.Error.WriteLineAsync(Refusal(await response.Content.ReadAsStringAsync(ct), (int)response.StatusCode));
        return ExitCode.Refused;
    }

    private static string Refusal(string text, int status)
    {
        try
        {
            using var problem = JsonDocument.Parse(text);
            var root = problem.RootElement;
            if (root.TryGetProperty("detail", out var detail)) return detail.GetString() ?? text;
            if (root.TryGetProperty("title", out var title)) return title.GetString() ?? text;
        }
        catch (JsonException)
        {
            // Not a problem document: shown as it is.
        }

        return text.Length > 0 ? text : $"The server answered {status}.";
    }
}
