using System.Globalization;
using static Tangent.Web.Texts;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    private const int MostAlternatives = 200;

    /// <summary>Which events a step's text means now.</summary>
    /// <param name="Name">The touchpoint's name where the step is just one; else the text.</param>
    private sealed record StepRule(string Name, IReadOnlyList<Engine.EventRule> Rules);

    /// <param name="field">What a refusal names.</param>
    /// <param name="text">The step.</param>
    /// <param name="table">The touchpoints.</param>
    /// <param name="refusal">Why it means nothing.</param>
    /// <param name="isOwn">Whoever asks wrote it: it names no property that is hidden from her. What is kept, as a segment, somebody wrote who sees it.</param>
    private StepRule? RuleOf(string field, string text, TouchpointTable table, out Refusal? refusal, bool isOwn = true)
    {
        refusal = null;
        // What is exactly a touchpoint's name means it, whatever characters it holds.
        if (table.Find(text) is { } code) return new StepRule(table.Name(code), [OfSignatures(table, s => table.OfSignature[s] == code)]);
        var (condition, wrong) = StepText.Read(text);
        if (condition is null)
        {
            refusal = new Refusal(field, wrong!);
            return null;
        }

        var refused = new List<string>();
        if (isOwn && Hidden(condition) is { } hidden) refused.Add(T("Collect.Refusal.Hidden", hidden));
        var rules = Compile(condition, table, refused);
        if (refused.Count == 0) return new StepRule(text, rules);
        refusal = new Refusal(field, refused[0]);
        return null;
    }

    /// <summary>The first property of a condition that whoever asks does not see.</summary>
    private string? Hidden(StepCondition condition) => condition switch
    {
        StepCondition.All all => all.Parts.Select(Hidden).FirstOrDefault(h => h is not null),
        StepCondition.Either either => either.Parts.Select(Hidden).FirstOrDefault(h => h is not null),
        StepCondition.Test test when PropertyOf(test) is var name && Column(name) >= 0 && sensitivity.Now.HidesField(name) => name,
        _ => null,
    };

    private static string PropertyOf(StepCondition.Test test) => test.Field.StartsWith("property.", StringComparison.OrdinalIgnoreCase) ? test.Field["property.".Length..] : test.Field;

    private List<Engine.EventRule> Compile(StepCondition condition, TouchpointTable table, List<string> refused) => condition switch
    {
        StepCondition.All all => all.Parts.Select(p => Compile(p, table, refused)).Aggregate((a, b) => Both(a, b, refused)),
        StepCondition.Either either => Joined(either.Parts.SelectMany(p => Compile(p, table, refused)), refused),
        StepCondition.Test test => [RuleOf(test, table, refused)],
        _ => throw new InvalidOperationException("There is no other condition."),
    };

    // Rules of signatures alone become one, so that "A or B or C" stays a single table.
    private static List<Engine.EventRule> Joined(IEnumerable<Engine.EventRule> rules, List<string> refused)
    {
        var all = rules.ToList();
        var plain = all.Where(r => r.Properties.Count == 0).ToList();
        if (plain.Count < 2) return Few(all, refused);
        var signatures = new bool[plain.Max(r => r.Signatures!.Length)];
        foreach (var rule in plain)
            for (var s = 0; s < rule.Signatures!.Length; s++) signatures[s] |= rule.Signatures[s];
        return Few([Engine.EventRule.Of(signatures), .. all.Where(r => r.Properties.Count > 0)], refused);
    }

    private static List<Engine.EventRule> Both(List<Engine.EventRule> some, List<Engine.EventRule> others, List<string> refused) => Few(
        from a in some
        from b in others
        select new Engine.EventRule([.. a.Signatures!.Zip(b.Signatures!, (x, y) => x && y)], [.. a.Properties, .. b.Properties]), refused);

    private static List<Engine.EventRule> Few(IEnumerable<Engine.EventRule> rules, List<string> refused)
    {
        var few = rules.Take(MostAlternatives + 1).ToList();
        if (few.Count > MostAlternatives) refused.Add(T("Collect.Step.TooMany", MostAlternatives));
        return few;
    }

    private Engine.EventRule RuleOf(StepCondition.Test test, TouchpointTable table, List<string> refused)
    {
        var equal = test.Operator == "=";
        if (Texts(test.Field, table) is { } texts)
        {
            if (test.Operator is not ("=" or "!=")) refused.Add(T("Collect.Step.NoOrder", test.Field));
            if (Is(test.Field, "touchpoint") && table.Find(test.Value) is null) refused.Add(T("Collect.Refusal.Touchpoint", test.Value));
            return OfSignatures(table, s => string.Equals(texts(s), test.Value, StringComparison.OrdinalIgnoreCase) == equal);
        }

        var column = Column(PropertyOf(test));
        var every = OfSignatures(table, _ => true);
        if (column < 0)
        {
            refused.Add(T("Collect.Step.Unknown", test.Field, string.Join(", ", feed.Journeys.Codes.Properties)));
            return every;
        }

        return every with { Properties = [new Engine.PropertyCondition(column, Allowed(column, test, refused))] };
    }

    private static Func<int, string>? Texts(string field, TouchpointTable table) =>
        Is(field, "touchpoint") ? s => table.Name(table.OfSignature[s])
        : Is(field, "event") ? s => table.Signatures[s].Event
        : Is(field, "channel") ? s => table.Channels[s]
        : Is(field, "source") ? s => table.Signatures[s].Source
        : Is(field, "path") ? s => table.Signatures[s].Path
        : Is(field, "campaign") ? s => table.Signatures[s].Campaign
        : null;

    private static bool Is(string field, string name) => string.Equals(field, name, StringComparison.OrdinalIgnoreCase);

    private static Engine.EventRule OfSignatures(TouchpointTable table, Func<int, bool> which)
    {
        var signatures = new bool[table.Signatures.Count];
        for (var s = 0; s < signatures.Length; s++) signatures[s] = which(s);
        return Engine.EventRule.Of(signatures);
    }

    /// <summary>The codes of a property's values that a test lets through.</summary>
    private bool[] Allowed(int column, StepCondition.Test test, List<string> refused)
    {
        if (test.Operator == "=") return CodesOf(column, [test.Value]);
        if (test.Operator == "!=")
        {
            var others = new bool[ushort.MaxValue + 1];
            Array.Fill(others, true);
            var one = CodesOf(column, [test.Value]);
            if (one.Length > 0) others[one.Length - 1] = false;
            return others;
        }

        if (!Number(test.Value, out var bound)) refused.Add(T("Collect.Step.Number", test.Value, test.Field, test.Operator));
        bool[] allowed;
        lock (feed.Journeys.Gate)
        {
            var codes = feed.Journeys.Codes;
            allowed = new bool[codes.ValueCount(column)];
            for (var code = 0; code < allowed.Length; code++) allowed[code] = Number(codes.ValueText(column, code), out var number) && Holds(number, test.Operator, bound);
        }

        return allowed;
    }

    private static bool Holds(double number, string comparison, double bound) => comparison switch
    {
        "<" => number < bound,
        "<=" => number <= bound,
        ">" => number > bound,
        _ => number >= bound,
    };

    private static bool Number(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
}
