using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Tangent.Cli;

internal static class CustomerCommand
{
    private const string Naming = "an id, user:ID, anonymous:ID or number:N";

    public static Command Create() => new("customer", "One customer: what is known, who is who, and joins that were wrong")
    {
        CustomerShow.Create(Naming), Joins(), History(), Merge(), Split(), Restore(), Apart(), CustomerDataCommands.Data(), CustomerDataCommands.Export(), CustomerDataCommands.Correct(),
        CustomerDataCommands.Restrict(), CustomerDataCommands.Release(), HouseholdCommands.Household(), HouseholdCommands.Households(), Erase(),
    };

    private static Command Joins()
    {
        var customer = new Argument<string>("customer") { Description = $"The customer: {Naming}" };
        var joins = new Command("joins", "List a customer's identifiers and what joined them, the latest first") { customer };
        joins.SetApiAction((parsed, http, ct) => http.SendAsync(
            parsed, new HttpRequestMessage(HttpMethod.Get, "/api/v1/collect/joins?take=1000&customer=" + Uri.EscapeDataString(parsed.GetValue(customer)!)), PrintJoins, ct));
        return joins;
    }

    private static Command Merge()
    {
        var customers = new Argument<string[]>("customers") { Description = $"Two or more customers, each {Naming}", Arity = new ArgumentArity(2, 100) };
        var reason = Reason();
        var merge = new Command("merge", "Make customers one; 'tangent customer split' takes it back") { customers, reason };
        merge.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, "/api/v1/collect/merges")
        {
            Content = JsonContent.Create(new { customers = parsed.GetValue(customers), reason = parsed.GetValue(reason) }),
        }, PrintDecision, ct));
        return merge;
    }

    private static Command Split()
    {
        var customer = new Argument<string>("customer") { Description = $"The customer: {Naming}" };
        var join = new Option<long?>("--join") { Description = "Number of the join to take back, as 'tangent customer joins' lists it" };
        var identifiers = new Option<string[]>("--identifier") { Description = "An identifier that is somebody else (user:ID, anonymous:ID); repeat it" };
        var each = new Option<bool>("--each") { Description = "Each identifier becomes a customer of its own; without --identifier all of them do" };
        var reason = Reason();
        var split = new Command("split", "Take a join back, or identifiers out of a customer; 'tangent customer restore' takes that back") { customer, join, identifiers, each, reason };
        split.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, "/api/v1/collect/splits")
        {
            Content = JsonContent.Create(new { customer = parsed.GetValue(customer), join = parsed.GetValue(join), identifiers = parsed.GetValue(identifiers), each = parsed.GetValue(each), reason = parsed.GetValue(reason) }),
        }, PrintDecision, ct));
        return split;
    }

    private static Command Restore()
    {
        var customer = new Argument<string>("customer") { Description = $"A customer that the split concerned: {Naming}" };
        var position = new Option<long>("--split") { Description = "Number of the split, as 'tangent customer history' lists it", Required = true };
        var reason = Reason();
        var restore = new Command("restore", "Take a split back: what it took apart is one customer again") { customer, position, reason };
        restore.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, "/api/v1/collect/restorations")
        {
            Content = JsonContent.Create(new { customer = parsed.GetValue(customer), split = parsed.GetValue(position), reason = parsed.GetValue(reason) }),
        }, PrintDecision, ct));
        return restore;
    }

    private static Command Apart()
    {
        var customers = new Argument<string[]>("customers") { Description = $"Two customers, each {Naming}", Arity = new ArgumentArity(2, 2) };
        var reason = Reason();
        var apart = new Command("apart", "Say that two customers are and stay different: no rule joins them") { customers, reason };
        apart.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, "/api/v1/collect/separations")
        {
            Content = JsonContent.Create(new { customers = parsed.GetValue(customers), reason = parsed.GetValue(reason) }),
        }, PrintDecision, ct));
        return apart;
    }

    private static Command History()
    {
        var customer = new Argument<string>("customer") { Description = $"The customer: {Naming}" };
        var history = new Command("history", "List the decisions about a customer's identifiers: merges and splits, by whom, when and why") { customer };
        history.SetApiAction((parsed, http, ct) => http.SendAsync(
            parsed, new HttpRequestMessage(HttpMethod.Get, "/api/v1/collect/decisions?take=1000&customer=" + Uri.EscapeDataString(parsed.GetValue(customer)!)), PrintHistory, ct));
        return history;
    }

    private static void PrintHistory(JsonElement answer)
    {
        PrintCustomer(answer.GetProperty("customer"));
        foreach (var decision in answer.GetProperty("items").EnumerateArray())
        {
            string Text(string name) => decision.GetProperty(name).GetString()!;
            var by = Text("rule").Length > 0 ? $"rule {Text("rule")}" : Text("by");
            Console.WriteLine($"{decision.GetProperty("position").GetInt64(),10}  {Text("kind"),-10} {decision.GetProperty("at").GetLocal():yyyy-MM-dd HH:mm}  {by}: {Text("reason")}  {string.Join(", ", decision.GetProperty("identifiers").EnumerateArray().Select(i => i.GetString()))}{(decision.GetProperty("canRestore").GetBoolean() ? "  (can be taken back)" : "")}");
        }
    }

    private static Command Erase()
    {
        var customer = new Argument<string>("customer") { Description = $"The customer: {Naming}" };
        var reason = new Option<string>("--reason") { Description = "Why, such as the number of the request; it is kept, so it must not name the person", Required = true };
        var erase = new Command("erase", "Erase a customer for good: journey, profile, and the bytes in the log and every other file; nothing takes it back") { customer, reason };
        erase.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, "/api/v1/collect/erasures")
        {
            Content = JsonContent.Create(new { customer = parsed.GetValue(customer), reason = parsed.GetValue(reason) }),
        }, PrintErasure, ct));
        return erase;
    }

    private static void PrintErasure(JsonElement answer) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"Erased: {answer.GetProperty("events").GetInt64()} events, {answer.GetProperty("identifiers").GetInt32()} identifiers; {answer.GetProperty("records").GetInt32()} rows of the log rewritten (record {answer.GetProperty("position").GetInt64()})."));

    private static Option<string> Reason() => new("--reason") { Description = "Why, for those who look at it later", Required = true };

    private static void PrintDecision(JsonElement answer)
    {
        foreach (var customer in answer.GetProperty("customers").EnumerateArray()) PrintCustomer(customer);
    }

    private static void PrintJoins(JsonElement answer)
    {
        PrintCustomer(answer.GetProperty("customer"));
        foreach (var join in answer.GetProperty("items").EnumerateArray())
        {
            string Text(string name) => join.GetProperty(name).GetString()!;
            var what = Text("kind") switch
            {
                "merge" => $"merged by {Text("by")}: {Text("reason")}",
                "rule" => $"joined by the rule {Text("by")}: {Text("reason")}",
                "alias" => $"alias of {Text("source")}",
                _ => $"seen together by {Text("source")}",
            };
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{join.GetProperty("position").GetInt64(),12}  {join.GetProperty("at").GetLocal():yyyy-MM-dd HH:mm}  {List(join)}  {what}"));
        }
    }

    private static void PrintCustomer(JsonElement customer) => Console.WriteLine($"{customer.GetProperty("id").GetString()} (number {customer.GetProperty("customer").GetInt32()}): {List(customer)}");

    private static string List(JsonElement owner) => string.Join(", ", owner.GetProperty("identifiers").EnumerateArray().Select(i => i.GetString()));
}
