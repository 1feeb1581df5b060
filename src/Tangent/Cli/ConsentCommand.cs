using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;

namespace Tangent.Cli;

internal static class ConsentCommand
{
    private const string Address = "/api/v1/unify/consents";
    private const string Naming = "email:ADDRESS, phone:+NUMBER, post:ADDRESS, tracking:user:ID or tracking:anonymous:ID";

    private static readonly Option<string?> Topic = new("--topic") { Description = "A topic; without it the purpose as a whole" };

    public static Command Create() => new("consent", "Who may be contacted for what") { Ask(), Set(), History(), Link(), Overview(), Purposes(), Purpose() };

    private static Argument<string> Point() => new("contact-point") { Description = $"The contact point: {Naming}" };

    private static Command Ask()
    {
        var (point, purpose) = (Point(), new Argument<string>("purpose") { Description = "Key of the purpose, such as commercial" });
        var ask = new Command("ask", "Say whether a contact point may be used for a purpose, and why; the exit code is 1 where it may not") { point, purpose, Topic };
        ask.SetApiAction(async (parsed, http, ct) =>
        {
            if (await http.AskAsync(Post("/question", new { contactPoint = parsed.GetValue(point), purpose = parsed.GetValue(purpose), topic = parsed.GetValue(Topic) }), ct) is not { } text) return ExitCode.Refused;
            using var answer = JsonDocument.Parse(text);
            if (parsed.GetValue(CommandLine.Json)) Console.WriteLine(text);
            else Print(answer.RootElement);
            return answer.RootElement.GetProperty("may").GetBoolean() ? ExitCode.Done : ExitCode.Refused;
        });
        return ask;
    }

    private static Command Set()
    {
        var (point, purpose) = (Point(), new Argument<string>("purpose") { Description = "Key of the purpose, such as commercial" });
        var state = new Argument<string>("state") { Description = "given, withdrawn or pending" };
        var wording = new Option<string?>("--wording") { Description = "The text that was shown, or how it was said" };
        var version = new Option<string?>("--wording-version") { Description = "Version of that text" };
        var language = new Option<string?>("--language") { Description = "Language of the letter that asks for a confirmation, where the purpose wants one: en, de or pl" };
        var at = new Option<DateTimeOffset?>("--at") { Description = "When it was said; now, where it is not given" };
        var set = new Command("set", "Record that a consent was given or withdrawn, or waits for its confirmation") { point, purpose, state, Topic, wording, version, at, language };
        set.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, Post("", new
        {
            contactPoint = parsed.GetValue(point),
            purpose = parsed.GetValue(purpose),
            topic = parsed.GetValue(Topic),
            state = parsed.GetValue(state),
            wording = parsed.GetValue(wording),
            wordingVersion = parsed.GetValue(version),
            at = parsed.GetValue(at),
            language = parsed.GetValue(language),
        }), Print, ct));
        return set;
    }

    private static Command History()
    {
        var point = Point();
        var history = new Command("history", "List what holds of a contact point and everything that was said of it, the latest first") { point };
        history.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, Post("/history", new { contactPoint = parsed.GetValue(point) }), answer =>
        {
            foreach (var item in answer.GetProperty("items").EnumerateArray().SelectMany(p => p.GetProperty("items").EnumerateArray()))
                Console.WriteLine($"{(item.GetProperty("answer").GetProperty("may").GetBoolean() ? "yes" : "no "),-4}{Name(item),-40} {item.GetProperty("answer").GetProperty("words").GetString()}");
            foreach (var word in answer.GetProperty("history").EnumerateArray())
                Console.WriteLine($"{word.GetProperty("at").GetLocal():yyyy-MM-dd HH:mm}  {word.GetProperty("state").GetString(),-10}{Name(word),-40} {word.GetProperty("origin").GetString()} {word.GetProperty("source").GetString()}{word.GetProperty("by").GetString()}  {word.GetProperty("wording").GetString()}");
        }, ct));
        return history;
    }

    private static Command Link()
    {
        var point = Point();
        var days = new Option<int>("--days") { Description = "How long the link holds", DefaultValueFactory = _ => 60 };
        var purpose = new Option<string?>("--purpose") { Description = "What the one-click address withdraws; commercial by default" };
        var link = new Command("link", "Make a link by which whoever gets it sees and changes the consents of one contact point") { point, days, purpose, Topic };
        link.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, Post("/links", new { contactPoint = parsed.GetValue(point), days = parsed.GetValue(days), purpose = parsed.GetValue(purpose), topic = parsed.GetValue(Topic) }), answer =>
        {
            Console.WriteLine(answer.GetProperty("url").GetString());
            Console.WriteLine($"One click (RFC 8058): {answer.GetProperty("oneClickUrl").GetString()}");
            Console.WriteLine($"Until {answer.GetProperty("validUntil").GetDateTime():yyyy-MM-dd HH:mm} UTC.");
        }, ct));
        return link;
    }

    private static Command Overview()
    {
        var overview = new Command("overview", "Count contact points that agreed, wait for confirmation, withdrew, or of which nothing is known, by purpose and topic");
        overview.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, Address), answer =>
        {
            Console.WriteLine($"{"purpose / topic",-40} {"by",-10}{"given",12}{"pending",12}{"withdrawn",12}{"unknown",12}");
            foreach (var row in answer.GetProperty("items").EnumerateArray())
                Console.WriteLine($"{Name(row),-40} {row.GetProperty("kind").GetString(),-10}{row.GetProperty("given").GetInt64(),12:N0}{row.GetProperty("pending").GetInt64(),12:N0}{row.GetProperty("withdrawn").GetInt64(),12:N0}{(row.GetProperty("unknown") is { ValueKind: JsonValueKind.Number } unknown ? unknown.GetInt64().ToString("N0", null) : "–"),12}");
        }, ct));
        return overview;
    }

    private static Command Purposes()
    {
        var purposes = new Command("purposes", "List the purposes with enforcement and topics");
        purposes.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, Address + "/purposes"), answer =>
        {
            foreach (var p in answer.GetProperty("items").EnumerateArray())
                Console.WriteLine($"{p.GetProperty("key").GetString(),-20} {p.GetProperty("enforcement").GetString(),-16} {string.Join(", ", p.GetProperty("topics").EnumerateArray().Select(t => t.GetProperty("key").GetString()))}");
        }, ct));
        return purposes;
    }

    private static Command Purpose()
    {
        var key = new Argument<string>("key") { Description = "Key of the purpose; one that is not there yet is added" };
        var enforcement = new Option<string?>("--enforcement") { Description = "restrictive, nonRestrictive or off" };
        var topics = new Option<string[]>("--topics") { Description = "Keys of its topics; names by language are given on the page or by the API", AllowMultipleArgumentsPerToken = true };
        var confirm = new Option<bool?>("--confirm") { Description = "true: a consent for an e-mail address holds once it is confirmed by the link in a letter (double opt-in)" };
        var purpose = new Command("purpose", "Change enforcement, topics or double opt-in of a purpose, or add one") { key, enforcement, topics, confirm };
        purpose.SetApiAction(async (parsed, http, ct) =>
        {
            if (await http.AskAsync(new HttpRequestMessage(HttpMethod.Get, Address + "/purposes"), ct) is not { } text) return ExitCode.Refused;
            using var document = JsonDocument.Parse(text);
            var before = document.RootElement.GetProperty("items").EnumerateArray().FirstOrDefault(p => p.GetProperty("key").GetString()!.Equals(parsed.GetValue(key), StringComparison.OrdinalIgnoreCase));
            var isThere = before.ValueKind == JsonValueKind.Object;
            var had = isThere ? before.GetProperty("topics").EnumerateArray().ToDictionary(t => t.GetProperty("key").GetString()!, t => t) : [];
            object[] wanted = parsed.GetValue(topics) is { Length: > 0 } keys ? [.. keys.Select(k => had.TryGetValue(k, out var t) ? (object)t : new { key = k, names = new Dictionary<string, string>() })] : [.. had.Values.Cast<object>()];
            return await http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Put, $"{Address}/purposes/{Uri.EscapeDataString(parsed.GetValue(key)!)}")
            {
                Content = JsonContent.Create(new
                {
                    enforcement = parsed.GetValue(enforcement) ?? (isThere ? before.GetProperty("enforcement").GetString() : "restrictive"),
                    texts = isThere ? before.GetProperty("texts") : (object)new Dictionary<string, string>(),
                    topics = wanted,
                    confirm = parsed.GetValue(confirm),
                    categories = isThere ? before.GetProperty("categories") : (object)Array.Empty<string>(),
                }),
            }, answer => Console.WriteLine($"{answer.GetProperty("key").GetString()}: {answer.GetProperty("enforcement").GetString()}, version {answer.GetProperty("version").GetInt32()}"), ct);
        });
        return purpose;
    }

    private static HttpRequestMessage Post(string path, object body) => new(HttpMethod.Post, Address + path) { Content = JsonContent.Create(body) };

    private static string Name(JsonElement of) => of.GetProperty("topic").GetString() is { Length: > 0 } topic ? $"{of.GetProperty("purpose").GetString()} / {topic}" : of.GetProperty("purpose").GetString()!;

    private static void Print(JsonElement answer) => Console.WriteLine($"{(answer.GetProperty("may").GetBoolean() ? "yes" : "no")}: {answer.GetProperty("words").GetString()}");
}
