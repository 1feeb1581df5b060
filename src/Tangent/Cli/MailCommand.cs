using System.CommandLine;
using System.Net.Http.Json;
using System.Text;

namespace Tangent.Cli;

/// <summary>What a mail server hands over: letters that came back.</summary>
internal static class MailCommand
{
    public static Command Create() => new("mail", "Letters that came back") { Returned() };

    private static Command Returned()
    {
        var file = new Argument<FileInfo?>("file") { Description = "The message; standard input where none is named, as where a mail server pipes it", Arity = ArgumentArity.ZeroOrOne };
        var returned = new Command("returned", "Take a delivery report (RFC 3464) and mark the address where it takes no letters") { file };
        returned.SetApiAction(async (parsed, http, ct) =>
        {
            if (await MessageAsync(parsed.GetValue(file), ct) is not { } message) return ExitCode.Refused;
            return await http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, "/api/v1/measure/returned-letters") { Content = JsonContent.Create(new { message }) },
                answer => Console.WriteLine($"{answer.GetProperty("outcome").GetString()}  {answer.GetProperty("status").GetString()}  {answer.GetProperty("letter").GetString()}"), ct);
        });
        return returned;
    }

    private static async Task<string?> MessageAsync(FileInfo? file, CancellationToken ct)
    {
        try
        {
            await using var from = file is null ? Console.OpenStandardInput() : file.OpenRead();
            // Bytes are characters: what of a head is not ASCII is looked at by nobody.
            using var reader = new StreamReader(from, Encoding.Latin1);
            return await reader.ReadToEndAsync(ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return null;
        }
    }
}
