using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Tangent.Cli;

internal static class DuplicatesCommand
{
    private const string Address = "/api/v1/unify/duplicates";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);

    public static Command Create() => new("duplicates", "Customers who may be one person: find them, look at them, decide") { Find(), List(), Show(), Decide(), MergeSure(), Band(), Candidates() };

    private static Command Find()
    {
        var find = new Command("find", "Search all customers for duplicates, and wait until it is done");
        find.SetApiAction(async (parsed, http, ct) =>
        {
            if (await http.AskAsync(new HttpRequestMessage(HttpMethod.Post, Address + "/runs"), ct) is null) return ExitCode.Refused;
            while (true)
            {
                if (await http.AskAsync(new HttpRequestMessage(HttpMethod.Get, Address + "?take=1"), ct) is not { } state) return ExitCode.Refused;
                using var document = JsonDocument.Parse(state);
                if (!document.RootElement.GetProperty("isRunning").GetBoolean()) break;
                await Task.Delay(Look, ct);
            }

            return await http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, Address), PrintList, ct);
        });
        return find;
    }

    private static Command List()
    {
        var list = new Command("list", "List the pairs that wait for a decision, the most probable first");
        list.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, Address), PrintList, ct));
        return list;
    }

    private static Command Show()
    {
        var pair = Pair();
        var show = new Command("show", "Show a pair with its evidence") { pair };
        show.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, Of(parsed.GetValue(pair))), Print, ct));
        return show;
    }

    private static Command Decide()
    {
        var pair = Pair();
        var decision = new Argument<string>("decision") { Description = "merge, apart or later" }.AcceptOnlyFromAmong("merge", "apart", "later");
        var reason = new Option<string?>("--reason") { Description = "Why; the probability where nothing is given" };
        var decide = new Command("decide", "Decide of a pair: merge it, keep both apart for good, or put it off") { pair, decision, reason };
        decide.SetApiAction(async (parsed, http, ct) =>
        {
            var word = parsed.GetValue(decision)!;
            var body = JsonContent.Create(new { decision = char.ToUpperInvariant(word[0]) + word[1..], reason = parsed.GetValue(reason) });
            return await http.AskAsync(new HttpRequestMessage(HttpMethod.Post, Of(parsed.GetValue(pair)) + "/decision") { Content = body }, ct) is null ? ExitCode.Refused : ExitCode.Done;
        });
        return decide;
    }

    private static Command MergeSure()
    {
        var sure = new Command("merge-sure", "Merge all pairs that are sure; each join can be taken back");
        sure.SetApiAction((parsed, http, ct) => http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, Address + "/sure"), answer => Console.WriteLine($"{answer.GetProperty("merged").GetInt32()} merged"), ct));
        return sure;
    }

    private static Command Band()
    {
        var least = new Option<double?>("--least") { Description = "Probability from which on a pair waits for a decision, such as 0.5" };
        var sure = new Option<double?>("--sure") { Description = "Probability from which on pairs may be merged together, such as 0.99" };
        var band = new Command("band", "Show, or change, between which probabilities people are asked; a change begins a search") { least, sure };
        band.SetApiAction((parsed, http, ct) =>
        {
            var (from, to) = (parsed.GetValue(least), parsed.GetValue(sure));
            var request = from is null && to is null
                ? new HttpRequestMessage(HttpMethod.Get, Address + "/band")
                : new HttpRequestMessage(HttpMethod.Put, Address + "/band") { Content = JsonContent.Create(new { least = from, sure = to }) };
            return http.SendAsync(parsed, request, answer => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"least {answer.GetProperty("least").GetDouble()}  sure {answer.GetProperty("sure").GetDouble()}")), ct);
        });
        return band;
    }

    private static Command Candidates()
    {
        var values = new Argument<string[]>("values") { Description = "What is known of the person, such as lastName=Huber birthday=1984-03-12", Arity = ArgumentArity.OneOrMore };
        values.Validators.Add(v =>
        {
            if (v.Tokens.FirstOrDefault(t => t.Value.IndexOf('=', StringComparison.Ordinal) < 1) is { } wrong) v.AddError($"'{wrong.Value}' is not NAME=VALUE.");
        });
        var candidates = new Command("candidates", "Say whether a person is known already: the customers that may be this person, the most probable first") { values };
        candidates.SetApiAction((parsed, http, ct) =>
        {
            var said = parsed.GetValue(values)!.Select(v => v.Split('=', 2)).GroupBy(v => v[0], StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last()[1], StringComparer.Ordinal);
            return http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, Address + "/candidates") { Content = JsonContent.Create(new { values = said }) }, PrintCandidates, ct);
        });
        return candidates;
    }

    private static void PrintCandidates(JsonElement answer)
    {
        if (!answer.GetProperty("isReady").GetBoolean()) Console.WriteLine("There is nothing to compare by yet: tangent duplicates find searches all customers and learns.");
        foreach (var item in answer.GetProperty("items").EnumerateArray())
            Console.WriteLine($"{item.GetProperty("probability").GetDouble(),7:P1}  {item.GetProperty("weight").GetDouble(),6:0.0}  {Title(item.GetProperty("customer"))}{string.Concat(item.GetProperty("same").EnumerateArray().Select(s => $"  same {s.GetString()}"))}");
    }

    private static Argument<long> Pair() => new("pair") { Description = "Number of the pair" };

    private static string Of(long pair) => string.Create(CultureInfo.InvariantCulture, $"{Address}/{pair}");

    private static void PrintList(JsonElement answer)
    {
        if (answer.GetProperty("run") is { ValueKind: JsonValueKind.Object } run)
            Console.WriteLine($"{run.GetProperty("customers").GetInt32()} customers in {run.GetProperty("seconds").GetDouble()} s; {answer.GetProperty("total").GetInt32()} pairs wait, {answer.GetProperty("sure").GetInt32()} of them sure");
        foreach (var pair in answer.GetProperty("items").EnumerateArray())
            Console.WriteLine($"{pair.GetProperty("pair").GetInt64(),17}  {pair.GetProperty("probability").GetDouble():P1}  {Title(pair.GetProperty("one"))} = {Title(pair.GetProperty("other"))}");
    }

    private static void Print(JsonElement answer)
    {
        var pair = answer.GetProperty("pair");
        Console.WriteLine($"{Title(pair.GetProperty("one"))} = {Title(pair.GetProperty("other"))}: {pair.GetProperty("probability").GetDouble():P1}");
        Console.WriteLine($"{"",-12} {"",-30} {"",-30} {"",-22} {answer.GetProperty("start").GetDouble(),7:0.0}");
        foreach (var column in answer.GetProperty("columns").EnumerateArray())
            Console.WriteLine($"{column.GetProperty("column").GetString(),-12} {column.GetProperty("one").GetString(),-30} {column.GetProperty("other").GetString(),-30} {Says(column),-22} {column.GetProperty("bits").GetDouble(),7:+0.0;-0.0;0.0}");
        Console.WriteLine($"{"",-12} {"",-30} {"",-30} {"",-22} {answer.GetProperty("weight").GetDouble(),7:0.0}");
    }

    private static string Says(JsonElement column) => column.GetProperty("followsFrom").GetString() is { } from ? $"follows from {from}" : column.GetProperty("step").GetString()!;

    private static string Title(JsonElement customer) => customer.GetProperty("name").GetString() is { Length: > 0 } name ? $"{name} ({customer.GetProperty("id").GetString()})" : customer.GetProperty("id").GetString()!;
}
