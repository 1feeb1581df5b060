using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Tangent.Cli;

internal static class PrivacyCommand
{
    private const string Requests = "/api/v1/unify/privacy/requests", Tombstones = "/api/v1/collect/tombstones", Retention = "/api/v1/unify/retention";

    public static Command Create() => new("privacy", "Requests of persons about their data, and what erasures left") { List(), Request(), Close(), ListTombstones(), Lift(), ShowRetention(), Keep(), AgeOut() };

    private static Command List()
    {
        var list = new Command("requests", "List requests, the open ones first, by when they are due");
        list.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, Requests), answer =>
        {
            foreach (var request in answer.GetProperty("items").EnumerateArray()) Print(request);
        }, ct));
        return list;
    }

    private static Command Request()
    {
        var kind = new Argument<string>("kind") { Description = "access, erasure, restriction, rectification, objection or portability" };
        var customer = new Option<string?>("--customer") { Description = "The customer, where it is known" };
        var note = new Option<string?>("--note") { Description = "What was agreed" };
        var received = new Option<DateTimeOffset?>("--received") { Description = "When it came; now, where it is not given" };
        var request = new Command("request", "Record a request; it is due one month after it was received") { kind, customer, note, received };
        request.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, Requests)
        {
            Content = JsonContent.Create(new { kind = parsed.GetValue(kind), customer = parsed.GetValue(customer), note = parsed.GetValue(note), received = parsed.GetValue(received)?.UtcDateTime }),
        }, Print, ct));
        return request;
    }

    private static Command Close()
    {
        var id = new Argument<int>("request") { Description = "Number of the request" };
        var state = new Argument<string>("state") { Description = "done, refused or open" };
        var note = new Option<string?>("--note") { Description = "What was agreed; the former note stays without it" };
        var close = new Command("close", "Set the state of a request") { id, state, note };
        close.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Patch, string.Create(CultureInfo.InvariantCulture, $"{Requests}/{parsed.GetValue(id)}"))
        {
            Content = JsonContent.Create(new { state = parsed.GetValue(state), note = parsed.GetValue(note) }),
        }, Print, ct));
        return close;
    }

    private static Command ListTombstones()
    {
        var list = new Command("tombstones", "List the erasures whose persons no import brings back");
        list.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, Tombstones), answer =>
        {
            foreach (var item in answer.GetProperty("items").EnumerateArray())
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{item.GetProperty("erasure").GetInt64(),12}  {item.GetProperty("at").GetLocal():yyyy-MM-dd}  {item.GetProperty("hashes").GetInt32(),3} hashes  {item.GetProperty("reason").GetString()}"));
        }, ct));
        return list;
    }

    private static Command Lift()
    {
        var erasure = new Argument<long>("erasure") { Description = "Number of the erasure, as 'tangent privacy tombstones' lists it" };
        var lift = new Command("lift", "Let imports bring the person of an erasure back") { erasure };
        lift.SetApiAction(async (parsed, http, ct) =>
            await http.AskAsync(new HttpRequestMessage(HttpMethod.Delete, string.Create(CultureInfo.InvariantCulture, $"{Tombstones}/{parsed.GetValue(erasure)}")), ct) is null ? ExitCode.Refused : ExitCode.Done);
        return lift;
    }

    private static Command ShowRetention()
    {
        var periods = new Option<string?>("--periods") { Description = "Looks at these days by kind instead of those in force, such as visitors=90,events=1095" };
        var show = new Command("retention", "How long each kind of data is kept, and how much is older") { periods };
        show.SetApiAction((parsed, http, ct) => http.SendAsync(
            parsed, new HttpRequestMessage(HttpMethod.Get, Retention + (parsed.GetValue(periods) is { } given ? "?periods=" + Uri.EscapeDataString(given) : "")), PrintRetention, ct));
        return show;
    }

    private static Command Keep()
    {
        var kind = new Argument<string>("kind") { Description = "Kind of data, as 'tangent privacy retention' lists it" };
        var days = new Argument<int>("days") { Description = "Days for which it is kept; 0: without end" };
        var keep = new Command("keep", "Set the retention period of a kind of data; what is older goes the next night") { kind, days };
        keep.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Put, Retention)
        {
            Content = JsonContent.Create(new { periods = new Dictionary<string, int> { [parsed.GetValue(kind)!] = parsed.GetValue(days) } }),
        }, PrintRetention, ct));
        return keep;
    }

    private static Command AgeOut()
    {
        var run = new Command("age-out", "Delete now what is older than its retention period; nothing takes it back");
        run.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, Retention + "/runs"), answer =>
        {
            var width = WidthOfKinds(answer.GetProperty("gone"));
            foreach (var gone in answer.GetProperty("gone").EnumerateArray()) Console.WriteLine($"{Kind(gone).PadRight(width)}{(gone.GetProperty("pieces") is { ValueKind: JsonValueKind.Number } pieces ? pieces.GetRawText() : "failed"),12}");
        }, ct));
        return run;
    }

    private static void PrintRetention(JsonElement answer)
    {
        var width = WidthOfKinds(answer.GetProperty("items"));
        foreach (var item in answer.GetProperty("items").EnumerateArray())
        {
            var (days, oldest) = (item.GetProperty("days").GetInt32(), item.GetProperty("oldest"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{Kind(item).PadRight(width)}{(days > 0 ? $"{days} days" : "without end"),-14}oldest {(oldest.ValueKind == JsonValueKind.String ? oldest.GetLocal().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "–"),-12}{item.GetProperty("pieces").GetInt64(),12} would go"));
        }
    }

    private static string Kind(JsonElement item) => item.GetProperty("kind").GetString()!;

    private static int WidthOfKinds(JsonElement items) => items.EnumerateArray().Select(i => Kind(i).Length).DefaultIfEmpty().Max() + 2;

    private static void Print(JsonElement request) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{request.GetProperty("id").GetInt32(),6}  {request.GetProperty("kind").GetString(),-14}{request.GetProperty("state").GetString(),-9}due {request.GetProperty("due").GetLocal():yyyy-MM-dd}  {request.GetProperty("customer").GetString()}  {request.GetProperty("note").GetString()}"));
}
