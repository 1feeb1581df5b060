using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Tangent.Unify;

namespace Tangent.Cli;

internal static class MapCommand
{
    private const string Address = "/api/v1/map/journey-maps";
    private const int MostSaid = 4;

    public static Command Create() => new("map", "Journey maps") { List(), MapChangeCommands.Show(), MapTalkCommands.Templates(), Export(), Import(), MapChangeCommands.Set(), MapChangeCommands.Change(), Diff(), Rename(), Remove(), Undo("undo"), Undo("redo"), History(), MapVersionCommands.Snapshot(), MapVersionCommands.Versions(), MapVersionCommands.Restore(), MapVersionCommands.Quotes(), MapChangeCommands.Quote(), Evidence(), MapObservationCommands.Observations(), MapObservationCommands.Observe(), MapObservationCommands.Observation(), MapTalkCommands.Comments(), MapTalkCommands.Comment(), MapTalkCommands.Uncomment(), MapTalkCommands.Mentions(), MapPhotoCommands.Photos(), MapPhotoCommands.Photo(), MapPhotoCommands.Unphoto(), MapDataCommands.Numbers(), MapDataCommands.Gaps(), MapDataCommands.Rules(), MapDataCommands.Sides(), MapDataCommands.Draft(), Share(), Shares(), Unshare(), MapTreeCommands.Parent(), MapTreeCommands.PainPoints(), MapTreeCommands.Same(), MapTreeCommands.Separate() };

    internal static Argument<int> Id() => new("id") { Description = "Number of the map, as 'tangent map list' shows it" };

    private static Command List()
    {
        var list = new Command("list", "List the journey maps, those that stand under another one below it");
        list.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, Address), answer =>
        {
            foreach (var (map, depth) in MapTreeCommands.InOrder(answer.GetProperty("items")))
                Console.WriteLine($"{map.GetProperty("id").GetInt32(),5}  {(map.GetProperty("state").GetString() == "toBe" ? "to-be" : "as-is"),-6} {map.GetProperty("steps").GetInt32(),4} steps  {new string(' ', 2 * depth)}{map.GetProperty("name").GetString()}");
        }, ct));
        return list;
    }

    private static Command Export()
    {
        var (id, format) = (Id(), new Option<string>("--format") { Description = "yaml (all of it), mermaid (stages, steps, emotion), csv (a line for each card), svg (a picture) or pdf (A3 pages)", DefaultValueFactory = _ => "yaml" });
        var persona = new Option<int?>("--persona") { Description = "Number of a persona, as 'tangent persona list' shows it: only what is about it or about all; for csv, svg and pdf" };
        var export = new Command("export", "Write a journey map to standard output") { id, format, persona };
        export.SetApiAction(async (parsed, http, ct) =>
        {
            using var answer = await http.GetAsync($"{Address}/{parsed.GetValue(id)}/file?as={Uri.EscapeDataString(parsed.GetValue(format)!)}{(parsed.GetValue(persona) is { } seen ? $"&persona={seen}" : "")}", ct);
            if (!answer.IsSuccessStatusCode) return await ApiCommand.RefuseAsync(answer, ct);
            await using var output = Console.OpenStandardOutput();
            await answer.Content.CopyToAsync(output, ct);
            return ExitCode.Done;
        });
        return export;
    }

    private static Command Import()
    {
        var (file, dry) = (new Argument<string?>("file") { Description = "A map as YAML, or a Mermaid journey; left out with --template", Arity = ArgumentArity.ZeroOrOne }, new Option<bool>("--dry-run") { Description = "Say only what would be done" });
        var (template, language) = (new Option<string?>("--template") { Description = "A template instead of a file, as 'tangent map templates' lists them" }, MapTalkCommands.Language());
        var touchpointsOnly = new Option<bool>("--touchpoints-only") { Description = "Of a template only the touchpoints, no map" };
        var import = new Command("import", "Take a journey map from a file; missing touchpoints are added, a map of the same name and state is changed. Or make one from a template") { file, template, language, touchpointsOnly, dry };
        import.Validators.Add(r => { if (r.GetValue(file) is null == r.GetValue(template) is null) r.AddError("Name a file or --template, one of the two."); });
        import.SetApiAction(async (parsed, http, ct) => parsed.GetValue(template) is { } key
            ? await MapTalkCommands.TakeAsync(http, parsed, key, new { language = parsed.GetValue(language), touchpointsOnly = parsed.GetValue(touchpointsOnly), dryRun = parsed.GetValue(dry) }, ct)
            : await ReadAsync(parsed.GetValue(file)!, ct) is not { } text ? ExitCode.Refused
            : await http.SendAsync(parsed, Post("/imports", new { file = text, dryRun = parsed.GetValue(dry) }), answer =>
            {
                var (id, name, steps) = (answer.GetProperty("id").GetInt32(), answer.GetProperty("name").GetString(), answer.GetProperty("steps").GetInt32());
                var done = answer.GetProperty("created").GetBoolean() ? "new" : $"changed in {answer.GetProperty("differences").GetInt32().ToString("N0", CultureInfo.CurrentCulture)} places";
                Console.WriteLine($"{(id > 0 ? $"Map {id} " : "")}'{name}': {steps} steps, {done}{(parsed.GetValue(dry) ? " (dry run: nothing was changed)" : "")}.");
                foreach (var (list, word) in ((string, string)[])[("touchpoints", "touchpoint"), ("personas", "persona"), ("maps", "map, still empty")])
                    foreach (var added in answer.GetProperty(list).EnumerateArray()) Console.WriteLine($"  new {word}: {added.GetString()}");
            }, ct), begins: true);
        return import;
    }

    private static Command Diff()
    {
        var (id, other) = (Id(), new Argument<string?>("other") { Description = "Number of the other map, or a file; left out where two versions are compared", Arity = ArgumentArity.ZeroOrOne });
        var (before, after) = (new Option<int?>("--from") { Description = "Number of a version of the map, as 'tangent map versions' shows it" }, new Option<int?>("--to") { Description = "Number of the version it is compared with; the map as it is now unless said" });
        var diff = new Command("diff", "Say what differs between two journey maps, between one and a file, or between two versions of one") { id, other, before, after };
        diff.SetApiAction(async (parsed, http, ct) =>
        {
            var (from, to) = (parsed.GetValue(id), parsed.GetValue(other));
            if (to is null || int.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                var query = new Address($"{Address}/{from}/differences").With("with", to).With("fromVersion", parsed.GetValue(before)).With("toVersion", parsed.GetValue(after));
                return await http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, query.ToString()), PrintDifferences, ct);
            }

            return await ReadAsync(to, ct) is { } text ? await http.SendAsync(parsed, Post($"/{from}/differences", new { file = text }), PrintDifferences, ct) : ExitCode.Refused;
        });
        return diff;
    }

    private static Command Rename()
    {
        var (id, name, state) = (Id(), new Argument<string>("name") { Description = "Its new name" }, new Option<string?>("--state") { Description = "asIs or toBe; as it was where left out" });
        var rename = new Command("rename", "Give a journey map another name or state") { id, name, state };
        rename.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Put, $"{Address}/{parsed.GetValue(id)}/name")
        {
            Content = JsonContent.Create(new { name = parsed.GetValue(name), state = parsed.GetValue(state) }, options: new JsonSerializerOptions(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull }),
        }, answer => Console.WriteLine($"Map {answer.GetProperty("id").GetInt32()} is '{answer.GetProperty("name").GetString()}' now."), ct));
        return rename;
    }

    private static Command Remove()
    {
        var id = Id();
        var remove = new Command("remove", "Remove a journey map with its history") { id };
        remove.SetApiAction(async (parsed, http, ct) => await http.AskAsync(new HttpRequestMessage(HttpMethod.Delete, $"{Address}/{parsed.GetValue(id)}"), ct) is null ? ExitCode.Refused : ExitCode.Done);
        return remove;
    }

    private static Command Undo(string verb)
    {
        var id = Id();
        var command = new Command(verb, verb == "undo" ? "Take back your last edit of a journey map" : "Make again what you took back last") { id };
        command.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, $"{Address}/{parsed.GetValue(id)}/{verb}"), MapChangeCommands.PrintVersion, ct));
        return command;
    }

    private static Command History()
    {
        var id = Id();
        var history = new Command("history", "Say who changed what in a journey map, the latest first") { id };
        history.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, $"{Address}/{parsed.GetValue(id)}/edits"), answer =>
        {
            foreach (var edit in answer.GetProperty("items").EnumerateArray())
            {
                var said = edit.GetProperty("said").EnumerateArray().Select(s => s.GetString()).ToList();
                Console.WriteLine($"{edit.GetProperty("version").GetInt32(),5}  {edit.GetProperty("at").GetLocal():yyyy-MM-dd HH:mm}  {edit.GetProperty("by").GetString()}: {string.Join("; ", said.Take(MostSaid))}{(said.Count > MostSaid ? $"; {said.Count - MostSaid} more" : "")}");
            }
        }, ct));
        return history;
    }

    private static Command Evidence()
    {
        var id = Id();
        var evidence = new Command("evidence", "Say how a journey map is known: assumed, heard or measured, and how much of it has become old") { id };
        evidence.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, $"{Address}/{parsed.GetValue(id)}/evidence"), answer =>
        {
            foreach (var part in (string[])["assumed", "heard", "measured", "ageing", "old"]) Console.WriteLine($"{part,-9} {answer.GetProperty(part).GetInt32(),6}");
        }, ct));
        return evidence;
    }

    private static Command Share()
    {
        var (id, days) = (Id(), new Option<int>("--days") { Description = "Days until the link ends, 1 to 365", DefaultValueFactory = _ => 30 });
        var share = new Command("share", "Make a link by which people without an account see a journey map") { id, days };
        share.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, Post($"/{parsed.GetValue(id)}/shares", new { days = parsed.GetValue(days) }), answer =>
            Console.WriteLine($"{answer.GetProperty("url").GetString()}  ends {answer.GetProperty("ends").GetDateTime():yyyy-MM-dd HH:mm} UTC"), ct));
        return share;
    }

    private static Command Shares()
    {
        var id = Id();
        var shares = new Command("shares", "List the links of a journey map") { id };
        shares.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, $"{Address}/{parsed.GetValue(id)}/shares"), answer =>
        {
            foreach (var share in answer.GetProperty("items").EnumerateArray())
                Console.WriteLine($"{share.GetProperty("id").GetInt32(),5}  ends {share.GetProperty("ends").GetDateTime():yyyy-MM-dd HH:mm} UTC  {share.GetProperty("url").GetString()}");
        }, ct));
        return shares;
    }

    private static Command Unshare()
    {
        var (id, link) = (Id(), new Argument<int>("link") { Description = "Number of the link, as 'tangent map shares' shows it" });
        var unshare = new Command("unshare", "End a link of a journey map at once") { id, link };
        unshare.SetApiAction(async (parsed, http, ct) =>
            await http.AskAsync(new HttpRequestMessage(HttpMethod.Delete, $"{Address}/{parsed.GetValue(id)}/shares/{parsed.GetValue(link)}"), ct) is null ? ExitCode.Refused : ExitCode.Done);
        return unshare;
    }

    private static HttpRequestMessage Post(string path, object body) => new(HttpMethod.Post, Address + path) { Content = JsonContent.Create(body) };

    private static async Task<string?> ReadAsync(string file, CancellationToken ct)
    {
        if (File.Exists(file)) return await File.ReadAllTextAsync(file, ct);
        await Console.Error.WriteLineAsync($"There is no file {file}.");
        return null;
    }

    private static void PrintDifferences(JsonElement answer)
    {
        foreach (var d in answer.GetProperty("items").EnumerateArray())
        {
            var (kind, step, what, from, to) = (d.GetProperty("kind").GetString(), d.GetProperty("step").GetString(), d.GetProperty("what").GetString(), d.GetProperty("from").GetString(), d.GetProperty("to").GetString());
            var place = string.Join(" › ", new[] { d.GetProperty("stage").GetString(), step, what }.Where(p => !string.IsNullOrEmpty(p)));
            Console.WriteLine(kind switch { "added" => $"+ {place}: {to}", "removed" => $"- {place}: {from}", _ => $"~ {place}: {from} → {to}" });
        }
    }
}
