using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Tangent.Cli;

/// <summary>Companies: their members, journeys and buying committees.</summary>
internal static class AccountCommand
{
    private const string Address = "/api/v1/unify/accounts";

    private static readonly Option<int> Take = new("--take") { Description = "Most items (1 to 1000)", DefaultValueFactory = _ => 50 };
    private static readonly Option<string?> Of = new("--account") { Description = "Only this account, by its id" };
    private static readonly Option<string?> From = new("--from") { Description = "First day, for example 2026-01-01" };
    private static readonly Option<string?> To = new("--to") { Description = "Last day" };

    public static Command Create() => new("account", "Companies: members, journeys, buying committees") { List(), Show(), Members(), Journey(), Coverage(), Silent(), Sentiment(), Records(), Role(), Parent() };

    private static Command List()
    {
        var search = new Argument<string?>("search") { Description = "Words of id, name or traits; all accounts unless said", Arity = ArgumentArity.ZeroOrOne };
        var list = new Command("list", "List accounts, the most recently active first") { search, Take };
        list.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, Get("", ("search", parsed.GetValue(search)), ("take", Number(parsed.GetValue(Take)))), answer =>
        {
            foreach (var a in answer.GetProperty("items").EnumerateArray())
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Text(a, "id"),-16}  {a.GetProperty("members").GetInt32(),6} members  {a.GetProperty("events").GetInt64(),8} events  {a.GetProperty("reachedRoles").GetArrayLength()}/{a.GetProperty("roles").GetArrayLength()} roles  {Text(a, "name")}"));
        }, ct));
        return list;
    }

    private static Command Show()
    {
        var account = Account();
        var show = new Command("show", "Show what is known of an account, with the sources, and which companies are above and below") { account };
        show.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, Get("/one", ("account", parsed.GetValue(account))), answer =>
        {
            var row = answer.GetProperty("account");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Text(row, "name")} ({Text(row, "id")}): {row.GetProperty("members").GetInt32()} members, {row.GetProperty("events").GetInt64()} events"));
            foreach (var v in answer.GetProperty("values").EnumerateArray())
                Console.WriteLine($"  {Text(v, "name")}: {v.GetProperty("value")}  [{(v.GetProperty("byPeople").GetBoolean() ? "said here" : Text(v, "source"))}]");
            foreach (var a in answer.GetProperty("above").EnumerateArray()) Console.WriteLine($"  above: {Text(a, "id")}  {Text(a, "name")}");
            foreach (var a in answer.GetProperty("below").EnumerateArray()) Console.WriteLine($"  below: {Text(a, "id")}  {Text(a, "name")}");
            PrintCoverage(answer.GetProperty("coverage"));
        }, ct));
        return show;
    }

    private static Command Members()
    {
        var role = new Option<string?>("--role") { Description = "Only this role: initiator, user, influencer, decider, buyer, gatekeeper; none for those without" };
        var stage = new Option<string?>("--stage") { Description = "Only those reached at this stage: awareness, consideration, conversion, retention, advocacy" };
        var missed = new Option<bool>("--not-reached") { Description = "Those not reached at the stage instead" };
        var members = new Command("members", "List members of accounts with their roles: those with a role first") { Of, role, stage, missed, From, To, Take };
        members.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, Get("/members", ("account", parsed.GetValue(Of)), ("buyingRole", parsed.GetValue(role)), ("stage", parsed.GetValue(stage)),
            ("reached", parsed.GetValue(missed) ? "false" : null), ("from", parsed.GetValue(From)), ("to", parsed.GetValue(To)), ("take", Number(parsed.GetValue(Take)))), answer =>
        {
            foreach (var c in answer.GetProperty("items").EnumerateArray()) PrintContact(c);
        }, ct));
        return members;
    }

    private static Command Journey()
    {
        var account = Account();
        var channel = new Option<string?>("--channel") { Description = "Only events of this channel" };
        var journey = new Command("journey", "The events of all members of an account, the latest first") { account, channel, Take };
        journey.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, Get("/journey", ("account", parsed.GetValue(account)), ("channel", parsed.GetValue(channel)), ("take", Number(parsed.GetValue(Take)))), answer =>
        {
            foreach (var e in answer.GetProperty("items").EnumerateArray())
            {
                var what = e.GetProperty("event");
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what.GetProperty("at").GetLocal():yyyy-MM-dd HH:mm}  {Text(what, "touchpoint"),-28}  {Text(e, "name")}{(Text(e, "role") is { Length: > 0 } role ? $" ({role})" : "")}"));
            }
        }, ct));
        return journey;
    }

    private static Command Coverage()
    {
        var coverage = new Command("coverage", "How many members of which role were reached at which stage of the life cycle") { Of, From, To };
        coverage.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, Get("/coverage", ("account", parsed.GetValue(Of)), ("from", parsed.GetValue(From)), ("to", parsed.GetValue(To))), PrintCoverage, ct));
        return coverage;
    }

    private static Command Silent()
    {
        var days = new Option<int>("--days") { Description = "Days without a contact after which somebody is silent", DefaultValueFactory = _ => 90 };
        var silent = new Command("silent", "List deciders and buyers without a contact while other members of their account had one") { Of, days, Take };
        silent.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, Get("/silent", ("account", parsed.GetValue(Of)), ("days", Number(parsed.GetValue(days))), ("take", Number(parsed.GetValue(Take)))), answer =>
        {
            foreach (var s in answer.GetProperty("items").EnumerateArray()) PrintContact(s.GetProperty("contact"));
        }, ct));
        return silent;
    }

    private static Command Sentiment()
    {
        var sentiment = new Command("sentiment", "What each role of the buying committee feels, from -2 to 2, and which roles disagree") { Of, From, To };
        sentiment.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, Get("/api/v1/measure/accounts", "/sentiment", ("account", parsed.GetValue(Of)), ("from", parsed.GetValue(From)), ("to", parsed.GetValue(To))), answer =>
        {
            foreach (var r in answer.GetProperty("roles").EnumerateArray())
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{(Text(r, "role") is { Length: > 0 } role ? role : "no role"),-11}  {r.GetProperty("mean").GetDouble(),5:+0.0;-0.0;0.0}  {r.GetProperty("persons").GetInt32()} of {r.GetProperty("members").GetInt32()} members, {r.GetProperty("answers").GetInt64()} answers"));
            foreach (var g in answer.GetProperty("gaps").EnumerateArray()) Console.WriteLine(Gap(g));
            foreach (var a in answer.GetProperty("accounts").EnumerateArray()) Console.WriteLine($"{Text(a, "id"),-16}  {Gap(a.GetProperty("gap"))}  {Text(a, "name")}");
        }, ct));
        return sentiment;

        static string Gap(JsonElement g) => string.Create(CultureInfo.InvariantCulture, $"{Text(g, "one")} - {Text(g, "other")}: {g.GetProperty("difference").GetDouble():0.0} ({Text(g, "verdict")})");
    }

    private static Command Records()
    {
        var account = Account();
        var kind = new Option<string?>("--kind") { Description = "Only of this kind: order, invoice, ticket, deal, subscription or activity" };
        var open = new Option<bool>("--open") { Description = "Only those that have not ended" };
        var records = new Command("records", "List deals, contracts, tickets, orders and invoices of an account and its members, the latest first") { account, kind, open };
        records.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, Get("/records", ("account", parsed.GetValue(account)), ("kind", parsed.GetValue(kind)), ("open", parsed.GetValue(open) ? "true" : null)), answer =>
        {
            foreach (var r in answer.GetProperty("items").EnumerateArray())
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(r.GetProperty("at").ValueKind == JsonValueKind.Null ? "" : r.GetProperty("at").GetLocal().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),-10}  {Text(r, "kind"),-12}  {Text(r, "id"),-16}  {r.GetProperty("value")} {Text(r, "currency")}  {Text(r, "status")}  {Text(r, "title")}"));
        }, ct));
        return records;
    }

    private static Command Role()
    {
        var customer = new Argument<string>("customer") { Description = "The member: an id, user:ID, anonymous:ID or number:N" };
        var role = new Argument<string?>("role") { Description = "initiator, user, influencer, decider, buyer or gatekeeper; none: has no role, whatever sources say; without it sources count again", Arity = ArgumentArity.ZeroOrOne };
        var set = new Command("role", "Say the role of a member in the buying committee; it stands above what sources say") { customer, role };
        set.SetApiAction((parsed, http, ct) => PutAsync(http, "/role", new { customer = parsed.GetValue(customer), role = parsed.GetValue(role) }, ct));
        return set;
    }

    private static Command Parent()
    {
        var account = Account();
        var parent = new Argument<string?>("parent") { Description = "Id of the company above; without it sources count again", Arity = ArgumentArity.ZeroOrOne };
        var none = new Option<bool>("--none") { Description = "No company is above, whatever sources say" };
        var set = new Command("parent", "Say which company is above an account; it stands above what sources say") { account, parent, none };
        set.SetApiAction((parsed, http, ct) => PutAsync(http, "/parent", new { account = parsed.GetValue(account), parent = parsed.GetValue(none) ? "" : parsed.GetValue(parent) }, ct));
        return set;
    }

    private static Argument<string> Account() => new("account") { Description = "The account, by its id" };

    private static async Task<int> PutAsync(HttpClient http, string path, object body, CancellationToken ct) =>
        await http.AskAsync(new HttpRequestMessage(HttpMethod.Put, Address + path) { Content = JsonContent.Create(body) }, ct) is null ? ExitCode.Refused : ExitCode.Done;

    private static HttpRequestMessage Get(string path, params (string Name, string? Value)[] query) => Get(Address, path, query);

    private static HttpRequestMessage Get(string address, string path, params (string Name, string? Value)[] query) =>
        new(HttpMethod.Get, $"{address}{path}?{string.Join('&', query.Where(q => q.Value is not null).Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value!)}"))}");

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString() ?? "";

    private static void PrintContact(JsonElement c) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{Text(c, "role"),-11}  {(c.GetProperty("last").ValueKind == JsonValueKind.Null ? "never" : c.GetProperty("last").GetLocal().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),-10}  {Text(c, "id"),-16}  {Text(c, "name")} ({Text(c, "accountName")})"));

    private static void PrintCoverage(JsonElement coverage)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{coverage.GetProperty("accounts").GetInt32()} accounts, {coverage.GetProperty("members").GetInt32()} members; members reached by stage:"));
        foreach (var role in coverage.GetProperty("roles").EnumerateArray())
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{(Text(role, "role") is { Length: > 0 } word ? word : "no role"),-11} {role.GetProperty("members").GetInt32(),6}  {string.Join("  ", role.GetProperty("stages").EnumerateArray().Select(s => $"{Text(s, "stage")} {s.GetProperty("reached").GetInt32()}"))}"));
    }
}
