using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tangent.Unify;

namespace Tangent.Measure;

internal enum ConditionSubject
{
    Question,
    Trait,
    Touchpoint,

    /// <summary>A property of the event after which a survey asks.</summary>
    Property,
}

/// <summary>What conditions are compared with.</summary>
/// <param name="Answers">What was answered so far, by question.</param>
/// <param name="Event">Properties of the event after which a survey asks.</param>
internal sealed record ConditionFacts(IReadOnlyDictionary<string, GivenAnswer> Answers, JsonObject Traits, string Touchpoint, JsonObject? Event = null);

/// <summary>A condition as people write it: <c>nps &lt;= 6</c>, <c>reason = late | broken</c>, <c>trait plan = gold</c>, <c>property total &gt;= 100</c>, <c>touchpoint != Delivery</c>.</summary>
internal sealed partial record SurveyCondition(ConditionSubject Subject, string Name, string Operator, IReadOnlyList<string> Values)
{
    /// <returns>Null where the text is none.</returns>
    public static SurveyCondition? Read(string? text)
    {
        if (Form().Match(text ?? "") is not { Success: true } match) return null;
        var name = match.Groups["name"].Value;
        var subject = match.Groups["of"] is { Success: true } of ? of.Value == "trait" ? ConditionSubject.Trait : ConditionSubject.Property : name == "touchpoint" ? ConditionSubject.Touchpoint : ConditionSubject.Question;
        string[] values = match.Groups["value"].Value.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return values.Length == 0 ? null : new SurveyCondition(subject, name, match.Groups["operator"].Value, values);
    }

    /// <summary>Less and more are said of numbers alone.</summary>
    public bool ComparesNumbers => Operator[0] is '<' or '>';

    /// <summary>The first condition that does not hold, as it is written; null where all do.</summary>
    public static string? FirstFailing(IReadOnlyList<string>? conditions, ConditionFacts facts) => (conditions ?? []).FirstOrDefault(c => !Read(c)!.Holds(facts));

    /// <summary>The condition with other names of the touchpoints in it.</summary>
    /// <param name="text">Any condition.</param>
    /// <param name="name">The name that is to be there in the place of one.</param>
    public static string Renamed(string text, Func<string, string> name)
    {
        if (Read(text) is not { Subject: ConditionSubject.Touchpoint } read) return text;
        List<string> names = [.. read.Values.Select(name).Distinct(StringComparer.OrdinalIgnoreCase)];
        return names.SequenceEqual(read.Values) ? text : $"{read.Name} {read.Operator} {string.Join(" | ", names)}";
    }

    public bool Holds(ConditionFacts facts)
    {
        IReadOnlyList<string> said = Subject switch
        {
            ConditionSubject.Question => facts.Answers.TryGetValue(Name, out var answer) ? answer.Values : [],
            ConditionSubject.Trait => Said(facts.Traits[Name]),
            ConditionSubject.Property => Said(facts.Event?[Name]),
            _ => [facts.Touchpoint],
        };
        if (Operator == "!=") return !said.Any(s => Values.Any(v => Same(s, v)));
        return said.Any(s => Values.Any(v => Operator == "=" ? Same(s, v) : Compare(s, v)));
    }

    private static IReadOnlyList<string> Said(JsonNode? value) => TraitReading.Simple(value) is { Length: > 0 } text ? [text] : [];

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private bool Compare(string left, string right)
    {
        if (Number(left) is not { } l || Number(right) is not { } r) return false;
        return Operator switch { "<" => l < r, "<=" => l <= r, ">" => l > r, _ => l >= r };
    }

    public static double? Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex(@"^\s*((?<of>trait|property)\s+)?(?<name>[^\s<>=!]+)\s*(?<operator><=|>=|!=|=|<|>)\s*(?<value>.+?)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
