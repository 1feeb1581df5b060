using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Tangent.Analyse;
using Tangent.Unify;
using Tangent.Web;

namespace Tangent.Cli;

/// <summary>What the data say of journey maps, and maps drafted from data.</summary>
internal static class MapDataCommands
{
    private const string Live = "/api/v1" + LiveMapAddress.Path, Drafts = "/api/v1/analyse/map-drafts";

    public static Command Numbers() => OfMap("numbers", "Say what the data say of the steps of a journey map", "", (answer, who) =>
    {
        Console.WriteLine($"{answer.GetProperty("name").GetString()}: {Count(answer, "journeyCustomers")} of {Count(answer, "customers")} {who}");
        foreach (var step in answer.GetProperty("steps").Deserialize<List<LiveStep>>(JsonSerializerOptions.Web)!) PrintStep(step, answer.GetProperty("journeyCustomers").GetInt64());
    });

    /// <summary>Every figure with its 95 % interval and n; the bars are customers by the week in which they came first.</summary>
    private static void PrintStep(LiveStep step, long all)
    {
        var figures = step.Figures;
        Console.WriteLine($"{(figures is null ? "–" : Figures.Number(figures.Customers)),11}  {step.Name}{(step.Condition.Length > 0 ? $" ({step.Condition})" : "")}  {Bars(figures?.Arrivals ?? [])}".TrimEnd());
        if (step.Wrong is { } wrong) Console.WriteLine($"{"",13}not measured: {wrong}");
        if (figures is null || figures.Customers == 0) return;
        List<string> parts = [$"share {Of(figures.Share, figures.Low, figures.High, all)}"];
        if (figures is { DropOff: { } lost, DropOffLow: { } low, DropOffHigh: { } high }) parts.Add($"drop-off {Of(lost, low, high, figures.Customers)}");
        if (figures is { MedianWaitSeconds: { } wait, WentOn: { } wentOn }) parts.Add($"wait {Figures.Duration(wait)}, {N(wentOn)}");
        if (figures.Score is { } score) parts.Add(LiveWords.Of(score) + (score.Figure.TooFew ? TooFew : ""));
        Console.WriteLine($"{"",13}{string.Join(" · ", parts)}");
    }

    private static string TooFew => $" ({Texts.T("Web.Figure.TooFew")})";

    private static string Of(double share, double low, double high, long n) => $"{Figures.Percent(share)} ({Figures.Percent(low)} – {Figures.Percent(high)}), {N(n)}";

    private static string N(long n) => $"n = {Figures.Number(n)}{(n < Figures.Enough ? TooFew : "")}";

    /// <summary>The last weeks, from low to high.</summary>
    private static string Bars(IReadOnlyList<long> weeks)
    {
        const string bars = "▁▂▃▄▅▆▇█";
        var most = weeks.DefaultIfEmpty().Max();
        return most == 0 ? "" : string.Concat(weeks.TakeLast(26).Select(w => bars[(int)(w * (bars.Length - 1) / most)]));
    }

    public static Command Gaps()
    {
        var add = new Option<string?>("--add") { Description = "Name of a touchpoint that the map does not show: becomes a step, where customers usually come to it" };
        return OfMap("gaps", "Say what a journey map shows that nobody was at, and what it does not show; or add such a touchpoint as a step", "/gaps", (answer, _) =>
        {
            foreach (var step in answer.GetProperty("unseen").EnumerateArray()) Console.WriteLine($"never seen: {step.GetProperty("name").GetString()} ({step.GetProperty("touchpoint").GetString()}{(step.GetProperty("condition").GetString() is { Length: > 0 } condition ? $", {condition}" : "")})");
            foreach (var gap in answer.GetProperty("unmapped").EnumerateArray())
                Console.WriteLine($"{Count(gap, "customers"),11} {Figures.Percent(gap.GetProperty("share").GetDouble()),8}  {gap.GetProperty("name").GetString()}, {(gap.GetProperty("afterName").GetString() is { } after ? "after " + after : "at the beginning")}");
        }, doing: new Doing([add], "/steps", parsed => parsed.GetValue(add) is { } touchpoint ? new { touchpoint } : null));
    }

    public static Command Rules()
    {
        var record = new Option<int?>("--record") { Description = "Number of a rule, as 'tangent map rules' shows it: its first deviation becomes an opportunity on the map" };
        var touchpoint = new Option<string?>("--deviates-at") { Description = "With --record: touchpoint of the event that breaks it; the end of the journey unless said" };
        return OfMap("rules", "Say what rules a journey map means, how well customers keep to them and where they first leave it; or write such a deviation on the map", "/rules", (answer, who) =>
        {
            var conformance = answer.GetProperty("answer");
            if (conformance.GetProperty("fitness") is { ValueKind: JsonValueKind.Number } fitness) Console.WriteLine($"Fitness {Figures.Percent(fitness.GetDouble())} of {Count(conformance, "applicable")} {who}");
            foreach (var rule in conformance.GetProperty("rules").EnumerateArray()) Console.WriteLine($"{rule.GetProperty("number").GetInt32(),3} {Count(rule, "violated"),11} {Share(rule, "share"),8}  {rule.GetProperty("rule").GetString()}");
            foreach (var d in conformance.GetProperty("firstDeviations").EnumerateArray())
                Console.WriteLine($"first leaves at rule {d.GetProperty("number").GetInt32()}: {Count(d, "customers")} {who}, {(d.GetProperty("touchpoint").GetString() is { } place ? "at " + place : "at the end of the journey")}");
        }, doing: new Doing([record, touchpoint], "/ideas", parsed => parsed.GetValue(record) is { } rule ? new { rule, touchpoint = parsed.GetValue(touchpoint) } : null));
    }

    public static Command Sides() => OfMap("compare", "Put as-is and to-be of a journey side by side", "", (answer, _) =>
    {
        foreach (var step in answer.GetProperty("steps").EnumerateArray())
        {
            var (before, after) = (Name(step, "asIs"), Name(step, "toBe"));
            Console.WriteLine($"{step.GetProperty("change").GetString(),-8} {before,-40} {(before == after ? "" : after)}".TrimEnd());
            foreach (var d in step.GetProperty("differences").EnumerateArray().Where(d => d.GetProperty("what").GetString() != "step"))
                Console.WriteLine($"           {d.GetProperty("what").GetString()}: {d.GetProperty("from").GetString()} → {d.GetProperty("to").GetString()}");
            foreach (var target in step.GetProperty("targets").EnumerateArray())
                Console.WriteLine($"           target: {target.GetProperty("metric").GetString()} {target.GetProperty("value").GetDouble():0.##} by {target.GetProperty("by").GetString() ?? "no day"} {target.GetProperty("verdict").GetString()}".TrimEnd());
        }

        static string Name(JsonElement step, string side) => step.GetProperty(side) is { ValueKind: JsonValueKind.Object } there ? there.GetProperty("name").GetString()! : "–";
    }, "/api/v1" + MapSidesEndpoints.Path);

    public static Command Draft()
    {
        var name = new Option<string?>("--name") { Description = "Make the map under this name; without it the draft is only shown" };
        var (most, least) = (new Option<int?>("--most") { Description = "Most steps, 2 to 40; 12 unless said" }, new Option<int?>("--least") { Description = "Least share of the customers who were at a touchpoint, in percent; 3 unless said" });
        var (options, draft) = (Filters(), new Command("draft", "Draft a journey map from what customers did") { name, most, least });
        foreach (var option in options.Values) draft.Add(option);
        draft.SetApiAction((parsed, http, ct) =>
        {
            var address = Asked(new Address(Drafts).With("most", parsed.GetValue(most)).With("least", parsed.GetValue(least)), parsed, options).ToString();
            return parsed.GetValue(name) is { } wanted
                ? http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, address) { Content = JsonContent.Create(new { name = wanted }) }, answer =>
                    Console.WriteLine($"Map {answer.GetProperty("id").GetInt32()} '{answer.GetProperty("name").GetString()}': {answer.GetProperty("content").GetProperty("steps").GetArrayLength()} steps."), ct)
                : http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, address), PrintDraft, ct);
        });
        return draft;
    }

    private static void PrintDraft(JsonElement answer)
    {
        foreach (var stage in answer.GetProperty("stages").EnumerateArray())
        {
            Console.WriteLine(stage.GetProperty("name").GetString());
            foreach (var step in stage.GetProperty("steps").EnumerateArray())
                Console.WriteLine($"{Count(step, "customers"),11} {Figures.Percent(step.GetProperty("share").GetDouble()),8}  {step.GetProperty("touchpoint").GetString()}{(step.GetProperty("inCatalogue").GetBoolean() ? "" : " (new)")}");
        }
    }

    /// <summary>What a command does instead of asking, where it is wished.</summary>
    /// <param name="Options">How it is wished.</param>
    /// <param name="Resource">Where it is posted.</param>
    /// <param name="Body">What is posted; null where it is not wished.</param>
    private sealed record Doing(IReadOnlyList<Option> Options, string Resource, Func<ParseResult, object?> Body);

    private static Command OfMap(string verb, string says, string resource, Action<JsonElement, string> print, string at = Live, Doing? doing = null)
    {
        var (id, options) = (MapCommand.Id(), Filters());
        var command = new Command(verb, says) { id };
        foreach (var option in (IEnumerable<Option>)[.. doing?.Options ?? [], .. options.Values]) command.Add(option);
        command.SetApiAction((parsed, http, ct) =>
        {
            string At(string of) => Asked(new Address($"{at}/{parsed.GetValue(id).ToString(CultureInfo.InvariantCulture)}{of}"), parsed, options).ToString();
            if (doing?.Body(parsed) is { } body) return http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Post, At(doing.Resource)) { Content = JsonContent.Create(body) }, MapChangeCommands.PrintVersion, ct);
            var who = options.Any(o => o.Key.Name == "unit" && (parsed.GetValue(o.Value) ?? []).Contains("account")) ? "accounts" : "customers";
            return http.SendAsync(parsed, new HttpRequestMessage(HttpMethod.Get, At(resource)), answer => print(answer, who), ct);
        });
        return command;
    }

    private static Dictionary<QuestionParameter, Option<string[]>> Filters() => QuestionParameters.Filter.ToDictionary(p => p, p => new Option<string[]>("--" + p.Name)
    {
        Description = p.Description,
        HelpName = p.IsNamed ? "NAME=VALUE" : p.Name.ToUpperInvariant(),
    });

    private static Address Asked(Address address, ParseResult parsed, Dictionary<QuestionParameter, Option<string[]>> options) =>
        options.Aggregate(address, (all, option) => (parsed.GetValue(option.Value) ?? []).Aggregate(all, (one, value) => one.With(option.Key.Name, value)));

    private static string Count(JsonElement of, string name) => Figures.Number(of.GetProperty(name).GetInt64());

    private static string Share(JsonElement of, string name) => of.GetProperty(name) is { ValueKind: JsonValueKind.Number } share ? Figures.Percent(share.GetDouble()) : "–";
}
