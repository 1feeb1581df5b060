using System.CommandLine;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Tangent.Cli;

internal static class PersonaCommand
{
    private const string Address = "/api/v1/map/personas";

    public static Command Create() => new("persona", "Personas: invented people who stand for the customers of a segment or of a role") { List(), Export(), Import(), Picture(), Remove() };

    private static Command List()
    {
        var list = new Command("list", "List the personas with how many customers each stands for now");
        list.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, Address), answer =>
        {
            foreach (var persona in answer.GetProperty("items").EnumerateArray())
            {
                var size = persona.GetProperty("size") is { ValueKind: JsonValueKind.Object } s ? $"{s.GetProperty("customers").GetInt64(),11:N0} {s.GetProperty("share").GetDouble(),8:P1}" : $"{"–",11} {"–",8}";
                var of = string.Join(", ", new[] { persona.GetProperty("segment").GetString(), persona.GetProperty("role") is { ValueKind: JsonValueKind.String } role ? $"role {role.GetString()}" : null }.Where(w => !string.IsNullOrEmpty(w)));
                Console.WriteLine($"{persona.GetProperty("id").GetInt32(),5} {size}  {persona.GetProperty("name").GetString()}{(of.Length > 0 ? $" ({of})" : "")}");
            }
        }, ct));
        return list;
    }

    private static Command Export()
    {
        var export = new Command("export", "Write all personas to standard output as YAML, without pictures");
        export.SetApiAction(async (_, http, ct) =>
        {
            using var answer = await http.GetAsync(Address + "/file", ct);
            if (!answer.IsSuccessStatusCode) return await ApiCommand.RefuseAsync(answer, ct);
            await using var output = Console.OpenStandardOutput();
            await answer.Content.CopyToAsync(output, ct);
            return ExitCode.Done;
        });
        return export;
    }

    private static Command Import()
    {
        var (file, dry) = (new Argument<string>("file") { Description = "Personas as YAML" }, new Option<bool>("--dry-run") { Description = "Say only what would be done" });
        var import = new Command("import", "Take personas from a file, all or none; one of the same name is changed") { file, dry };
        import.SetApiAction(async (parsed, http, ct) =>
        {
            if (!File.Exists(parsed.GetValue(file)!))
            {
                await Console.Error.WriteLineAsync($"There is no file {parsed.GetValue(file)}.");
                return ExitCode.Refused;
            }

            var body = new { file = await File.ReadAllTextAsync(parsed.GetValue(file)!, ct), dryRun = parsed.GetValue(dry) };
            return await http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, Address + "/imports") { Content = JsonContent.Create(body) }, answer =>
            {
                foreach (var done in (string[])["added", "changed"])
                    foreach (var name in answer.GetProperty(done).EnumerateArray()) Console.WriteLine($"{done}: {name.GetString()}{(parsed.GetValue(dry) ? " (dry run: nothing was changed)" : "")}");
            }, ct);
        }, begins: true);
        return import;
    }

    private static Command Picture()
    {
        var (id, file) = (Id(), new Argument<string?>("file") { Description = "A PNG or SVG of at most 256 KB; left out to take the picture away", Arity = ArgumentArity.ZeroOrOne });
        var picture = new Command("picture", "Give a persona a picture, or take it away") { id, file };
        picture.SetApiAction(async (parsed, http, ct) =>
        {
            var address = $"{Address}/{parsed.GetValue(id)}/picture";
            if (parsed.GetValue(file) is not { } path) return await http.AskAsync(new HttpRequestMessage(HttpMethod.Delete, address), ct) is null ? ExitCode.Refused : ExitCode.Done;
            if (!File.Exists(path))
            {
                await Console.Error.WriteLineAsync($"There is no file {path}.");
                return ExitCode.Refused;
            }

            using var body = new ByteArrayContent(await File.ReadAllBytesAsync(path, ct));
            body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            return await http.AskAsync(new HttpRequestMessage(HttpMethod.Put, address) { Content = body }, ct) is null ? ExitCode.Refused : ExitCode.Done;
        });
        return picture;
    }

    private static Argument<int> Id() => new("id") { Description = "Number of the persona, as 'tangent persona list' shows it" };

    private static Command Remove()
    {
        var id = Id();
        var remove = new Command("remove", "Remove a persona") { id };
        remove.SetApiAction(async (parsed, http, ct) => await http.AskAsync(new HttpRequestMessage(HttpMethod.Delete, $"{Address}/{parsed.GetValue(id)}"), ct) is null ? ExitCode.Refused : ExitCode.Done);
        return remove;
    }
}
