using System.Globalization;
using System.Text.Json;
using Tangent.Collect;

namespace Tangent.Cli;

/// <summary>The answers as tables for people.</summary>
internal static class AskTables
{
    public static void Funnel(JsonElement answer)
    {
        Console.WriteLine($"{Number(answer, "customers")} customers");
        Print(answer.GetProperty("steps"), null);
        foreach (var group in answer.GetProperty("groups").EnumerateArray()) Print(group.GetProperty("steps"), Text(group, "name"));

        static void Print(JsonElement steps, string? title) => Table(
            title, ["Step", "Customers", "Of first", "Of previous", "Median time"], steps,
            s => [Text(s, "name"), Number(s, "customers"), Share(s, "conversion"), Share(s, "conversionFromPrevious"), Time(s, "medianSeconds")]);
    }

    public static void Paths(JsonElement answer)
    {
        Console.WriteLine($"{Number(answer, "paths")} paths of {Number(answer, "customers")} customers");
        Table(null, ["Position", "From", "To", "Customers"], answer.GetProperty("edges"),
            e => [Number(e, "position"), Text(e, "from"), Text(e, "to"), Number(e, "customers")]);
        Table("What became of them", ["Position", "Touchpoint", "Customers", "Ended", "Still open", "Left the view"], answer.GetProperty("nodes"),
            n => [Number(n, "position"), Text(n, "name"), Number(n, "customers"), Number(n, "ended"), Number(n, "open"), Number(n, "left")]);
    }

    public static void Variants(JsonElement answer)
    {
        Console.WriteLine($"{Number(answer, "total")} variants of {Number(answer, "customers")} customers");
        Table(null, ["Customers", "Share", "In all", "Median time", "Steps"], answer.GetProperty("items"),
            v => [Number(v, "customers"), Share(v, "share"), Share(v, "cumulative"), Time(v, "medianSeconds"), string.Join(" → ", v.GetProperty("steps").EnumerateArray().Select(s => s.GetString()))]);
    }

    public static void Flows(JsonElement answer)
    {
        Console.WriteLine($"{Number(answer, "total")} transitions");
        Table(null, ["From", "To", "Count", "Customers", "Median time"], answer.GetProperty("items"),
            f => [Text(f, "from"), Text(f, "to"), Number(f, "count"), Number(f, "customers"), Time(f, "medianSeconds")]);
    }

    public static void Conformance(JsonElement answer)
    {
        var fitness = answer.GetProperty("applicable").GetInt64() == 0 ? "no rule is applicable to any" : $"fitness {Share(answer, "fitness")} ({Share(answer, "low")} to {Share(answer, "high")}) over {Number(answer, "applicable")} with an applicable rule";
        Console.WriteLine($"{Number(answer, "customers")} customers, {fitness}");
        Table(null, ["#", "Rule", "Applicable", "Violated", "Share"], answer.GetProperty("rules"),
            r => [Number(r, "number"), Text(r, "rule"), Number(r, "applicable"), Number(r, "violated"), ShareOrNone(r, "share")]);
        Table("Where journeys first leave the rules", ["#", "Rule", "At", "Customers", "Share"], answer.GetProperty("firstDeviations"),
            d => [Number(d, "number"), Text(d, "rule"), d.GetProperty("touchpoint").GetString() ?? "(end)", Number(d, "customers"), Share(d, "share")]);
    }

    public static void Stalled(JsonElement answer)
    {
        Console.WriteLine($"{Number(answer, "stalled")} of {Number(answer, "customers")} customers wait longer than usual{(answer.GetProperty("asOf").ValueKind == JsonValueKind.Null ? "" : " on " + Day(answer, "asOf"))}");
        Table(null, ["Last touchpoint", "Stalled", "Waiting", "Share", "Usual up to", "Waited so far", "End there"], answer.GetProperty("items"),
            t => [Text(t, "name"), Number(t, "stalled"), Number(t, "waiting"), ShareOrNone(t, "share"), Time(t, "usualSeconds"), Time(t, "medianWaitSeconds"), Share(t, "endShare")]);
    }

    public static void Attribution(JsonElement answer)
    {
        Console.WriteLine($"{answer.GetProperty("conversions").GetDouble():n0} conversions, value {answer.GetProperty("value").GetDouble():n2}; {answer.GetProperty("lostPaths").GetDouble():n0} paths without conversion");
        var models = answer.GetProperty("models").EnumerateObject().ToDictionary(
            m => m.Name, m => m.Value.EnumerateArray().ToDictionary(c => Text(c, "name"), c => c.GetProperty("conversions").GetDouble(), StringComparer.Ordinal));
        var effects = answer.GetProperty("models").GetProperty("markov").EnumerateArray().ToDictionary(c => Text(c, "name"), c => Share(c, "removalEffect"), StringComparer.Ordinal);
        Table(null, ["Touchpoint", .. models.Keys, "Removal effect"], answer.GetProperty("reach"),
            r => [Text(r, "name"), .. models.Values.Select(m => m[Text(r, "name")].ToString("n1", CultureInfo.CurrentCulture)), effects[Text(r, "name")]]);
    }

    public static void Retention(JsonElement answer)
    {
        Console.WriteLine($"{Number(answer, "customers")} customers");
        Table(null, ["From", "Customers", "Returned in period 0, 1, 2 … (* not over yet)"], answer.GetProperty("cohorts"),
            c => [Text(c, "from"), Number(c, "customers"), string.Join("  ", c.GetProperty("returned").EnumerateArray().Select(r => Share(r, "share") + (r.GetProperty("open").GetBoolean() ? "*" : "")))]);
    }

    public static void LifeCycle(JsonElement answer)
    {
        Console.WriteLine($"{Number(answer, "customers")} customers");
        Table(null, ["From", "New", "Returning", "Resurrecting", "Dormant"], answer.GetProperty("items"),
            p => [Text(p, "from") + (p.GetProperty("open").GetBoolean() ? "*" : ""), Number(p, "new"), Number(p, "returning"), Number(p, "resurrecting"), Number(p, "dormant")]);
    }

    public static void Recovery(JsonElement answer)
    {
        Console.WriteLine($"{Number(answer, "affected")} of {Number(answer, "customers")} customers had a bad contact: {Number(answer, "left")} left ({Share(answer.GetProperty("leftShare"), "share")}), {Number(answer, "stayed")} stayed, {Number(answer, "open")} open");
        Console.WriteLine($"A next contact makes up for {Share(answer, "baseShare")} of {Number(answer, "judged")}");
        Table(null, ["Next contact", "Customers", "Made up", "Share", "95 %", "Verdict"], answer.GetProperty("next"), n =>
        {
            var share = n.GetProperty("share");
            return [Text(n, "name"), Number(n, "customers"), Number(n, "madeUp"), Share(share, "share"), $"{Share(share, "low")} – {Share(share, "high")}", Text(n, "verdict")];
        });
    }

    public static void Referrals(JsonElement answer)
    {
        Console.WriteLine($"{Number(answer, "recommended")} of {Number(answer, "customers")} customers recommended; {Number(answer, "came")} came by the codes of {Number(answer, "brought")} ({Number(answer, "used")} of {Number(answer, "codes")} codes used)");
        Table($"Before a recommendation: {Number(answer, "cases")} who recommended, {Number(answer, "others")} compared with", ["Touchpoint", "Lift", "95 %", "Share", "Of others", "Verdict", "All else the same"], answer.GetProperty("before"), b =>
            [Text(b, "name"), Ratio(b, "lift"), $"{Ratio(b, "low")} – {Ratio(b, "high")}", Share(b, "share"), Share(b, "otherShare"), Text(b, "verdict"), $"{Text(b, "held")} {Text(b, "heldAs")}".TrimEnd()]);
        Table("Who brought most", ["Customer", "Came", "Codes"], answer.GetProperty("recommenders"), r => [Text(r, "id"), Number(r, "came"), Number(r, "codes")]);
    }

    public static void Drivers(JsonElement answer)
    {
        if (answer.GetProperty("metric") is { ValueKind: JsonValueKind.String } metric) Console.WriteLine($"Explained: {metric.GetString()}, answers about {(Text(answer, "about") is var about && about == "any" ? "anything" : about == "company" ? "the company" : about)}");
        Console.WriteLine($"{Number(answer, "outcomes")} outcomes of {Number(answer, "of")} customers, mean {Ratio(answer, "mean")}; drivers explain {Share(answer, "rSquaredOfDrivers")}, all {Number(answer, "tested")} experiences {Share(answer, "rSquared")}");
        if (answer.GetProperty("tooFew").GetBoolean()) Console.WriteLine("There are too few outcomes to say anything.");
        Table(null, ["", "Experience", "Weight", "Effect", "95 %", "Accident", "Outcomes with"], answer.GetProperty("items"), d =>
            [d.GetProperty("isDriver").GetBoolean() ? "driver" : "", Text(d, "key"), ShareOrNone(d, "weight"), Ratio(d, "effect"), $"{Ratio(d, "low")} – {Ratio(d, "high")}", Share(d, "q"), Number(d, "with")]);
        Table("Good and bad answers", ["Touchpoint", "Factor", "A bad one takes", "95 %", "A good one gives", "95 %", "Answered"], answer.GetProperty("factors"), f =>
            [Text(f, "touchpoint"), Text(f, "kind"), .. Effect(f.GetProperty("penalty")), .. Effect(f.GetProperty("reward")), Number(f, "answered")]);
        Table("Cannot be told apart", ["Experience", "Goes along with"], answer.GetProperty("along"), a => [Text(a, "key"), Text(a.GetProperty("with"), "key")]);
    }

    public static void Rework(JsonElement answer)
    {
        foreach (var (name, times) in new[] { ("Whole journeys", answer.GetProperty("journeys")), ("Between the two", answer.GetProperty("between")) })
            if (times.ValueKind == JsonValueKind.Object)
                Console.WriteLine($"{name}: {Number(times, "customers")} customers, median {Time(times, "medianSeconds")}, middle half {Time(times, "lowerQuartileSeconds")} to {Time(times, "upperQuartileSeconds")}");
        Table("Done again", ["Touchpoint", "Customers", "Again", "Share", "Times each", "At once"], answer.GetProperty("items"),
            r => [Text(r, "name"), Number(r, "customers"), Number(r, "repeating"), Share(r, "share"), r.GetProperty("meanTimes").GetDouble().ToString("n1", CultureInfo.CurrentCulture), Number(r, "atOnce")]);
        Table("There and straight back", ["Touchpoint", "Over", "Count", "Customers"], answer.GetProperty("loops"),
            l => [Text(l, "name"), Text(l, "over"), Number(l, "count"), Number(l, "customers")]);
    }

    public static void Neighbours(JsonElement answer)
    {
        Console.WriteLine($"{Number(answer, "cases")} events of {Number(answer, "with")} customers");
        foreach (var side in new[] { "before", "after" })
            Table(side, ["Touchpoint", "Events", "Customers", "Share", "Base rate", "Lift", "95 %"], answer.GetProperty(side),
                n => [Text(n, "name"), Number(n, "cases"), Number(n, "customers"), Share(n, "share"), Share(n, "baseRate"), Ratio(n, "lift"), $"{Ratio(n, "low")} – {Ratio(n, "high")}"]);
    }

    public static void CoOccurrence(JsonElement answer)
    {
        Console.WriteLine($"{Number(answer, "total")} pairs of touchpoints of {Number(answer, "customers")} customers");
        Table(null, ["Touchpoint", "With", "Customers", "Share", "Lift", "95 %"], answer.GetProperty("items"),
            p => [Text(p, "at"), Text(p, "with"), Number(p, "customers"), Share(p, "share"), Ratio(p, "lift"), $"{Ratio(p, "low")} – {Ratio(p, "high")}"]);
    }

    public static void Correlation(JsonElement answer)
    {
        Console.WriteLine($"{Number(answer, "converted")} of {Number(answer, "entrants")} customers who entered converted. What goes along with it need not be its cause.");
        if (answer.GetProperty("skewed").GetBoolean()) Console.WriteLine("Careful: more than ten times as many are on one side as on the other; small numbers decide.");
        Table(null, ["Touchpoint", "Odds ratio", "95 %", "Did, converted", "Did, not", "Not, converted", "Neither"], answer.GetProperty("items"),
            c => [Text(c, "name"), Ratio(c, "oddsRatio"), $"{Ratio(c, "low")} – {Ratio(c, "high")}", Number(c, "didAndConverted"), Number(c, "didNotConvert"), Number(c, "convertedWithout"), Number(c, "neither")]);
    }

    public static void Touchpoints(JsonElement answer)
    {
        Console.WriteLine($"{Number(answer, "events")} events of {Number(answer, "customers")} customers");
        Table(null, ["Touchpoint", "Events", "Customers", "Reach", "First", "Last"], answer.GetProperty("items"),
            t => [Text(t, "name"), Number(t, "events"), Number(t, "customers"), Share(t, "reach"), Day(t, "first"), Day(t, "last")]);
    }

    public static void Scorecard(JsonElement card)
    {
        Console.WriteLine($"{Text(card, "touchpoint")} ({Text(card, "channel")}, {Text(card, "stage")}); owner: {(Text(card, "owner") is { Length: > 0 } owner ? owner : "nobody yet")}");
        Scores("Scores", card.GetProperty("scores"));
        if (card.GetProperty("contacts") is { ValueKind: JsonValueKind.Object } contacts)
        {
            Console.WriteLine($"{Number(contacts, "volume")} events of {Number(contacts, "reached")} customers, {Share(contacts, "reach")} of all");
            if (contacts.GetProperty("conversion") is { ValueKind: JsonValueKind.Object } to)
                Console.WriteLine($"{Share(to, "share")} of {Number(to, "n")} went on to {string.Join(" / ", card.GetProperty("goals").EnumerateArray().Select(g => g.GetString()))} ({Share(to, "low")} – {Share(to, "high")})");
        }

        if (card.GetProperty("response") is { ValueKind: JsonValueKind.Object } response) Response(response);
        Table("Pain points", ["Map", "Step", "What hurts"], card.GetProperty("pains"), p => [Text(p, "map"), Text(p, "step"), Text(p, "text")]);
        var comments = card.GetProperty("comments");
        Table($"The latest of {Number(comments, "total")} comments", ["On", "Metric", "Score", "Comment"], comments.GetProperty("items"), c => [Day(c, "at"), Text(c, "metric"), c.GetProperty("score").ToString(), Text(c, "comment") is { Length: > 200 } words ? words[..200] + "…" : Text(c, "comment")]);
    }

    public static void Scores(JsonElement answer)
    {
        Console.WriteLine($"{Number(answer, "answers")} answers{(answer.GetProperty("refused").GetInt64() > 0 ? $", {Number(answer, "refused")} more do not count" : "")}");
        Scores(null, answer.GetProperty("items"));
        List<string[]> points = [];
        var drawn = answer.GetProperty("items").EnumerateArray().Where(s => s.GetProperty("trend").ValueKind == JsonValueKind.Array);
        foreach (var (score, point) in drawn.SelectMany(s => s.GetProperty("trend").EnumerateArray().Select(p => (s, p))))
        {
            if (point.GetProperty("figure") is not { ValueKind: JsonValueKind.Object } figure) continue;
            points.Add([score.GetProperty("touchpoint").GetString() ?? "(the company)", Text(score, "metric"), Text(score, "group"), Text(point, "from"), Ratio(figure, "value"), $"{Ratio(figure, "low")} – {Ratio(figure, "high")}", Answers(figure)]);
        }

        if (points.Count > 0) WideTable.Write("Over time", ["Touchpoint", "Metric", "Group", "From", "Score", "95 %", "Answers"], points);
    }

    private static string Answers(JsonElement figure) => Number(figure, "n") + (figure.GetProperty("tooFew").GetBoolean() ? " (few)" : "");

    private static void Scores(string? title, JsonElement items) =>
        Table(title, ["Touchpoint", "Metric", "Group", "Score", "95 %", "Answers", "Good", "Bad", "Change"], items, s =>
        {
            var (figure, change) = (s.GetProperty("figure"), s.GetProperty("change"));
            return
            [
                s.GetProperty("touchpoint").GetString() ?? "(the company)", Text(s, "metric"), Text(s, "group"), Ratio(figure, "value"), $"{Ratio(figure, "low")} – {Ratio(figure, "high")}",
                Answers(figure), Share(s.GetProperty("good"), "share"), Share(s.GetProperty("bad"), "share"),
                change.ValueKind == JsonValueKind.Object ? $"{Ratio(change, "difference")} {Text(change, "verdict")}" : "",
            ];
        });

    public static void Priorities(JsonElement answer) =>
        Table($"Importance: {Text(answer, "by")}", ["Touchpoint", "Quadrant", "By data", "By votes", "Performance", "Answers", "Reach", "Moment of truth", "Revenue per point"], answer.GetProperty("items"), p =>
        {
            var (derived, stated, performance, worth) = (p.GetProperty("derived"), p.GetProperty("stated"), p.GetProperty("performance"), p.GetProperty("worth"));
            bool Has(JsonElement part) => part.ValueKind == JsonValueKind.Object;
            return
            [
                Text(p, "touchpoint"), Text(p, "quadrant") + (p.GetProperty("unsure").GetBoolean() ? " (unsure)" : ""), Has(derived) ? Share(derived, "importance") : "", Has(stated) ? stated.GetProperty("importance").ToString() : "",
                Has(performance) ? Ratio(performance, "value") : "", Has(performance) ? Number(performance, "n") : "", Share(p, "reach"), p.GetProperty("momentOfTruth") is { ValueKind: JsonValueKind.Number } ? Ratio(p, "momentOfTruth") + (p.GetProperty("noGap").GetBoolean() ? " (no score)" : "") : "",
                Has(worth) ? $"{Ratio(worth, "revenue")} ({Ratio(worth, "revenueLow")} – {Ratio(worth, "revenueHigh")})" : "",
            ];
        });

    private static void Response(JsonElement response) =>
        Console.WriteLine($"First response: {Number(response, "n")} of {Number(response, "cases")} cases answered in time ({Share(response, "answered")}), median {Time(response, "medianSeconds")} ({Time(response, "lowSeconds")} – {Time(response, "highSeconds")}){(response.GetProperty("inWorkingTime").GetBoolean() ? " of working time" : "")}");

    public static void Contacts(JsonElement answer)
    {
        if (answer.GetProperty("response") is { ValueKind: JsonValueKind.Object } response)
            Response(response);
        Table(null, ["Touchpoint", "Volume", "Customers", "Reach", "Conversion", "95 %", "Of"], answer.GetProperty("items"), c =>
        {
            var conversion = c.GetProperty("conversion");
            var has = conversion.ValueKind == JsonValueKind.Object;
            return
            [
                Text(c, "touchpoint"), Number(c, "volume"), Number(c, "reached"), Share(c, "reach"), has ? Share(conversion, "share") : "", has ? $"{Share(conversion, "low")} – {Share(conversion, "high")}" : "",
                has ? Number(conversion, "n") + (conversion.GetProperty("tooFew").GetBoolean() ? " (few)" : "") : "",
            ];
        });
    }

    public static void Votes(JsonElement answer) =>
        Table(null, ["Touchpoint", "Votes", "Importance (median)", "Moment of truth", "95 %"], answer.GetProperty("items"), v =>
            [Text(v, "touchpoint"), Number(v, "voters") + (v.GetProperty("tooFew").GetBoolean() ? " (few)" : ""), v.GetProperty("median").ToString(), Share(v, "share"), $"{Share(v, "low")} – {Share(v, "high")}"]);

    public static void Themes(JsonElement answer)
    {
        if (answer.GetProperty("rest").GetInt64() == 0)
        {
            Console.WriteLine($"{Number(answer, "comments")} comments, and no others to compare them with. Choose some of them by a filter, for example --metric csat --band bad.");
            return;
        }

        Console.WriteLine($"{Number(answer, "comments")} comments, compared with {Number(answer, "rest")} others");
        Table(null, ["Words", "Language", "Comments", "Of", "In the rest", "Of", "Strength", "For example"], answer.GetProperty("items"),
            t => [Text(t, "term"), Text(t, "language"), Number(t, "comments"), Number(t, "of"), Number(t, "rest"), Number(t, "restOf"), Ratio(t, "strength"), t.GetProperty("quotes").EnumerateArray().Select(q => q.GetString()!).FirstOrDefault("")]);
    }

    public static void Events(JsonElement answer) => Console.WriteLine($"{Number(answer, "events")} events of {Number(answer, "customers")} customers");

    private static void Table(string? title, string[] columns, JsonElement rows, Func<JsonElement, string[]> cells)
    {
        var some = rows.EnumerateArray().Select(cells).ToList();
        if (some.Count > 0 || title is null) WideTable.Write(title, columns, some);
    }

    private static string[] Effect(JsonElement effect) => [Ratio(effect, "value"), $"{Ratio(effect, "low")} – {Ratio(effect, "high")}"];

    private static string Text(JsonElement item, string name) => item.GetProperty(name).GetString() ?? "";

    private static string Number(JsonElement item, string name) => item.GetProperty(name).GetInt64().ToString("n0", CultureInfo.CurrentCulture);

    private static string Ratio(JsonElement item, string name) => item.GetProperty(name).GetDouble().ToString("n2", CultureInfo.CurrentCulture);

    private static string Share(JsonElement item, string name) => item.GetProperty(name).GetDouble().ToString("p1", CultureInfo.CurrentCulture);

    private static string ShareOrNone(JsonElement item, string name) => item.GetProperty(name).ValueKind == JsonValueKind.Null ? "" : Share(item, name);

    private static string Day(JsonElement item, string name) => item.GetProperty(name).GetLocal().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Time(JsonElement item, string name)
    {
        var value = item.GetProperty(name);
        if (value.ValueKind == JsonValueKind.Null) return "";
        var time = TimeSpan.FromSeconds(value.GetDouble());
        FormattableString text = time switch
        {
            { TotalDays: >= 2 } => $"{time.TotalDays:n1} d",
            { TotalHours: >= 2 } => $"{time.TotalHours:n1} h",
            { TotalMinutes: >= 2 } => $"{time.TotalMinutes:n1} min",
            _ => $"{time.TotalSeconds:n0} s",
        };
        return text.ToString(CultureInfo.CurrentCulture);
    }
}
