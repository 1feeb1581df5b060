using System.Globalization;
using System.Text;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Collect;

/// <summary>
/// A rule as people write it: the kind, a colon, and the touchpoints. <c>|</c> stands between touchpoints of which any counts, <c>-></c> between the two
/// sides of a rule about order, <c>,</c> between the members of <c>and</c> and <c>xor</c>. A name with one of these in it stands in quotation marks;
/// a quotation mark within is written twice.
/// <code>
/// starts: A          ends: A            absent: A           contains: A
/// exactly 1: A       between 1..3: A    between 2..: A
/// response: A -> B   precedence: A -> B succession: A -> B  responded existence: A -> B
/// and: A, B          xor: A, B, C       within 2d: A -> B
/// </code>
/// </summary>
internal static class RuleText
{
    private static readonly Dictionary<string, RuleKind> Kinds =
        Enum.GetValues<RuleKind>().ToDictionary(Word, StringComparer.OrdinalIgnoreCase);

    /// <summary>The word that a kind of rule begins with.</summary>
    public static string Word(RuleKind kind) => kind == RuleKind.RespondedExistence ? "responded existence" : kind.ToString().ToLowerInvariant();

    /// <summary>How rules of a kind are written.</summary>
    public static string Form(RuleKind kind) => kind switch
    {
        RuleKind.Exactly => "exactly 1: A",
        RuleKind.Between => "between 1..3: A",
        RuleKind.Within => "within 2d: A -> B",
        RuleKind.And or RuleKind.Xor => Word(kind) + ": A, B",
        _ => Word(kind) + (ConformanceRule.Sets(kind).Least == 1 ? ": A" : ": A -> B"),
    };

    public static Asked<ConformanceRule> Read(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var head = string.Join(' ', text[..Math.Max(colon, 0)].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        // "contains exactly 1" and "contains between 1..3" are said as well.
        if (head.StartsWith("contains ", StringComparison.OrdinalIgnoreCase)) head = head[9..];
        if (!Kinds.TryGetValue(head, out var kind) && !Kinds.TryGetValue(head.Split(' ')[0], out kind))
            return new Refusal("rule", T("Collect.Refusal.RuleKind", text, string.Join("; ", Enum.GetValues<RuleKind>().Select(Form))));
        var argument = head[Word(kind).Length..].Trim();
        var rule = Sets(text[(colon + 1)..], kind) is { } sets ? WithArgument(new ConformanceRule(kind, sets), argument) : null;
        return rule is null ? new Refusal("rule", T("Collect.Refusal.Rule", text, Form(kind))) : rule;
    }

    public static string Write(ConformanceRule rule)
    {
        var argument = rule.Kind switch
        {
            RuleKind.Exactly => $" {Number(rule.Least)}",
            RuleKind.Between => $" {Number(rule.Least)}..{(rule.Most is { } most ? Number(most) : "")}",
            RuleKind.Within => " " + WindowText.Write(rule.Time),
            _ => "",
        };
        var between = rule.Kind is RuleKind.And or RuleKind.Xor ? ", " : " -> ";
        return $"{Word(rule.Kind)}{argument}: {string.Join(between, rule.Touchpoints.Select(set => string.Join(" | ", set.Select(Name))))}";
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Name(string touchpoint) =>
        touchpoint.Length == 0 || touchpoint.Trim().Length != touchpoint.Length || touchpoint.AsSpan().ContainsAny("\"|,→") || touchpoint.Contains("->", StringComparison.Ordinal)
            ? $"\"{touchpoint.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : touchpoint;

    /// <returns>Null where the argument does not fit the kind.</returns>
    private static ConformanceRule? WithArgument(ConformanceRule rule, string argument)
    {
        switch (rule.Kind)
        {
            case RuleKind.Exactly:
                return Times(argument) is { } exactly ? rule with { Least = exactly, Most = exactly } : null;
            case RuleKind.Between:
                var dots = argument.IndexOf("..", StringComparison.Ordinal);
                if (dots < 0 || Times(argument[..dots].Trim()) is not { } least) return null;
                var end = argument[(dots + 2)..].Trim();
                if (end.Length == 0) return rule with { Least = least };
                return Times(end) is { } most && most >= least ? rule with { Least = least, Most = most } : null;
            case RuleKind.Within:
                return WindowText.Read(argument.Replace(" ", "", StringComparison.Ordinal)) is { } time && time > TimeSpan.Zero ? rule with { Time = time } : null;
            default:
                return argument.Length == 0 ? rule : null;
        }
    }

    private static int? Times(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= ConformanceRule.MostTimes ? number : null;

    /// <returns>Null where the touchpoints are not written as the kind needs them.</returns>
    private static List<IReadOnlyList<string>>? Sets(string text, RuleKind kind)
    {
        List<IReadOnlyList<string>> sets = [];
        List<string> set = [];
        var at = 0;
        while (true)
        {
            if (Operand(text, ref at) is not { } name) return null;
            set.Add(name);
            var separator = Separator(text, ref at);
            if (separator == '|') continue;
            sets.Add(set);
            set = [];
            var (least, most) = ConformanceRule.Sets(kind);
            if (separator == '\0') return sets.Count >= least && sets.Count <= most ? sets : null;
            if (separator != (kind is RuleKind.And or RuleKind.Xor ? ',' : '>')) return null;
        }
    }

    // The name up to the next separator; null where there is none or its quotation marks do not close.
    private static string? Operand(string text, ref int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        if (at < text.Length && text[at] == '"') return Quoted(text, ref at);
        var from = at;
        while (at < text.Length && !IsSeparator(text, at)) at++;
        var name = text[from..at].Trim();
        return name.Length == 0 ? null : name;
    }

    private static string? Quoted(string text, ref int at)
    {
        var name = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '"') name.Append(text[at]);
            else if (at + 1 < text.Length && text[at + 1] == '"') name.Append(text[at++]);
            else
            {
                at++;
                while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
                return at == text.Length || IsSeparator(text, at) ? name.ToString() : null;
            }
        }

        return null;
    }

    private static bool IsSeparator(string text, int at) => text[at] is '|' or ',' or '→' || (text[at] == '-' && at + 1 < text.Length && text[at + 1] == '>');

    // '>' for an arrow, '\0' at the end.
    private static char Separator(string text, ref int at)
    {
        if (at == text.Length) return '\0';
        var separator = text[at] is '→' or '-' ? '>' : text[at];
        at += text[at] == '-' ? 2 : 1;
        return separator;
    }
}
