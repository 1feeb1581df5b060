using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tangent.Cli;

internal static class PoliciesCommand
{
    private const string Address = "/api/v1/unify/policies";

    public static Command Create() => new("policies", "Which source's value a customer has where sources say different things") { Show(), Sources(), Set() };

    private static Command Show()
    {
        var show = new Command("show", "Show the order of the sources and how fields are chosen");
        show.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, Address), Print, ct));
        return show;
    }

    private static Command Sources()
    {
        var names = new Argument<string[]>("source") { Description = "Names of sources, the most important first; none takes the order away", Arity = ArgumentArity.ZeroOrMore };
        var sources = new Command("sources", "Set how important the sources are") { names };
        sources.SetApiAction((parsed, http, ct) => ChangeAsync(parsed, http, policies => policies["sources"] = new JsonArray([.. parsed.GetValue(names)!.Select(n => (JsonNode)n)]), ct));
        return sources;
    }

    private static Command Set()
    {
        var fields = new Argument<string[]>("field") { Description = "Names of traits; several win as one", Arity = ArgumentArity.OneOrMore };
        var choice = new Option<string>("--choice") { Description = "Importance, MostRecent, LeastRecent or United", Required = true };
        var set = new Command("set", "Set how fields are chosen; they leave the policies that named them before") { fields, choice };
        set.SetApiAction((parsed, http, ct) => ChangeAsync(parsed, http, policies => Put(policies["policies"]!.AsArray(), parsed.GetValue(fields)!, parsed.GetValue(choice)!), ct));
        return set;
    }

    private static void Put(JsonArray policies, string[] fields, string choice)
    {
        foreach (var policy in policies.ToList())
        {
            var named = policy!["fields"]!.AsArray();
            foreach (var field in named.Where(f => fields.Contains((string?)f, StringComparer.Ordinal)).ToList()) named.Remove(field);
            if (named.Count == 0) policies.Remove(policy);
        }

        policies.Add(new JsonObject { ["fields"] = new JsonArray([.. fields.Select(f => (JsonNode)f)]), ["choice"] = choice });
    }

    private static async Task<int> ChangeAsync(ParseResult parsed, HttpClient http, Action<JsonObject> change, CancellationToken ct)
    {
        if (await http.AskAsync(new HttpRequestMessage(HttpMethod.Get, Address), ct) is not { } now) return ExitCode.Refused;
        var policies = JsonNode.Parse(now)!.AsObject();
        change(policies);
        return await http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Put, Address) { Content = JsonContent.Create(policies) }, Print, ct);
    }

    private static void Print(JsonElement answer)
    {
        foreach (var (at, source) in answer.GetProperty("sources").EnumerateArray().Index()) Console.WriteLine($"{at + 1,3}  {source.GetString()}");
        foreach (var policy in answer.GetProperty("policies").EnumerateArray())
            Console.WriteLine($"{policy.GetProperty("choice").GetString(),-12} {string.Join(", ", policy.GetProperty("fields").EnumerateArray().Select(f => f.GetString()))}");
    }
}
