using System.CommandLine;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Tangent.Cli;

internal static class SettingsCommand
{
    private const string Address = "/api/v1/operate/settings";

    public static Command Create() => new("settings", "Settings of the company, of mail, of maps and of backups") { Get(), Set(), Reset(), Logo(), TestMail() };

    private static Command Get()
    {
        var key = new Argument<string?>("key") { Description = "One setting, for example Company:TimeZone; without it all", DefaultValueFactory = _ => null };
        var get = new Command("get", "Show settings; secrets are never shown") { key };
        get.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, Address), answer => Print(answer, parsed.GetValue(key)), ct));
        return get;
    }

    private static Command Set()
    {
        var key = new Argument<string>("key") { Description = "The setting, for example Company:TimeZone" };
        var value = new Argument<string>("value") { Description = "Its value; - reads it from standard input, so that a password stays out of the shell's history" };
        var set = new Command("set", "Change a setting, in force at once") { key, value };
        set.SetApiAction((parsed, http, ct) => ChangeAsync(parsed, http, parsed.GetValue(key)!, parsed.GetValue(value) == "-" ? Console.In.ReadLine() : parsed.GetValue(value), ct), begins: true);
        return set;
    }

    private static Command Reset()
    {
        var key = new Argument<string>("key") { Description = "The setting" };
        var reset = new Command("reset", "Take a setting back to its default") { key };
        reset.SetApiAction((parsed, http, ct) => ChangeAsync(parsed, http, parsed.GetValue(key)!, null, ct));
        return reset;
    }

    private static Command Logo()
    {
        var file = new Argument<string?>("file") { Description = "PNG or SVG of at most 256 KB; without it the logo is taken away", DefaultValueFactory = _ => null };
        var logo = new Command("logo", "Set the company's logo") { file };
        logo.SetApiAction(async (parsed, http, ct) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Delete, "/api/v1/operate/logo");
            if (parsed.GetValue(file) is { } path)
            {
                if (!File.Exists(path))
                {
                    await Console.Error.WriteLineAsync($"There is no file {path}.");
                    return ExitCode.Refused;
                }

                request.Method = HttpMethod.Put;
                request.Content = new ByteArrayContent(await File.ReadAllBytesAsync(path, ct));
                request.Content.Headers.ContentType = new MediaTypeHeaderValue(Path.GetExtension(path).Equals(".svg", StringComparison.OrdinalIgnoreCase) ? "image/svg+xml" : "image/png");
            }

            return await http.AskAsync(request, ct) is null ? ExitCode.Refused : ExitCode.Done;
        });
        return logo;
    }

    private static Command TestMail()
    {
        var to = new Argument<string>("to") { Description = "Address that gets the letter" };
        var test = new Command("test-mail", "Send a test letter with the mail settings and show what the mail server says") { to };
        test.SetApiAction(async (parsed, http, ct) =>
        {
            var delivered = false;
            var sent = await http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, "/api/v1/operate/mail/tests") { Content = JsonContent.Create(new { to = parsed.GetValue(to) }) }, answer =>
            {
                delivered = answer.GetProperty("delivered").GetBoolean();
                Console.WriteLine(delivered ? "The mail server took the letter." : $"The letter was not taken: {answer.GetProperty("refusal").GetString()}");
            }, ct);
            return sent == ExitCode.Done && !delivered && !parsed.GetValue(CommandLine.Json) ? ExitCode.Refused : sent;
        });
        return test;
    }

    private static Task<int> ChangeAsync(ParseResult parsed, HttpClient http, string key, string? value, CancellationToken ct) =>
        http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Patch, Address) { Content = JsonContent.Create(new Dictionary<string, string?> { [key] = value }) }, answer => Print(answer, key), ct);

    private static void Print(JsonElement answer, string? key)
    {
        foreach (var setting in answer.GetProperty("items").EnumerateArray())
        {
            var name = setting.GetProperty("key").GetString()!;
            if (key is not null && !string.Equals(name, key, StringComparison.OrdinalIgnoreCase)) continue;
            var value = setting.GetProperty("isSecret").GetBoolean() ? (setting.GetProperty("isSet").GetBoolean() ? "(set)" : "") : setting.GetProperty("value").GetString();
            Console.WriteLine($"{name}={value}{(setting.GetProperty("isFixed").GetBoolean() ? "  (fixed by the server's configuration)" : "")}");
        }
    }
}
