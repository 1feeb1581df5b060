using System.Globalization;
using System.Text.RegularExpressions;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

internal enum SegmentConditionKind
{
    /// <summary>Something done so often.</summary>
    Did,

    /// <summary>Things done one after the other.</summary>
    Sequence,

    /// <summary>What identify calls said.</summary>
    Trait,

    /// <summary>Whoever is in another segment.</summary>
    Segment,

    /// <summary>A fixed list, by user id or anonymous id, <c>user:…</c>, <c>anonymous:…</c> or <c>number:…</c>.</summary>
    Customers,

    /// <summary>Whoever may be contacted for a purpose.</summary>
    Consent,

    /// <summary>Whose account has a trait.</summary>
    Account,

    /// <summary>Who lives in a household of some size.</summary>
    Household,

    /// <summary>Whose latest answer is such.</summary>
    Score,
}

/// <summary>Answers conditions of one kind that another part knows about, also one of a later stage.</summary>
internal interface IFindMembers
{
    SegmentConditionKind Kind { get; }

    /// <summary>The customers who fulfil the condition, or why it cannot be answered.</summary>
    /// <param name="condition">The condition; its <c>not</c> is left to the segment.</param>
    /// <param name="since">First day looked at, where the condition looks back.</param>
    /// <param name="ct">Ends it.</param>
    Task<Asked<CustomerSet>> FindAsync(SegmentCondition condition, DateOnly? since, CancellationToken ct);
}

/// <summary>
/// A condition as people write it:
/// <code>
/// did: Order               did 2..: Order            did 2..5 in 90d: Order     did not in 30d: Order
/// sequence: Visit -> Order sequence in 14d: A -> B   trait: plan = gold | silver  trait: age >= 18
/// trait: email             segment: Regulars         customers: 1001, 1002      not trait: plan = free
/// account: industry = logistics   account: employees >= 500
/// consent: commercial      consent: commercial / newsletter    consent: commercial by phone
/// household: size >= 3     score: nps &lt;= 6                      score in 90d: csat &lt;= 2 at Delivery
/// </code>
/// What is done is a step as in a funnel. <c>in</c> of did and score counts back from today; of a sequence it is the longest time from first to last.
/// </summary>
/// <param name="Text">As it was written.</param>
/// <param name="Not">Whoever does not fulfil it.</param>
/// <param name="Parts">Steps, values, ids, or the name of a segment.</param>
internal sealed partial record SegmentCondition(string Text, SegmentConditionKind Kind, bool Not, IReadOnlyList<string> Parts)
{
    public const int MostTimes = 19;
    private const int MostIds = 10_000;
    private const int MostDays = 3660;

    /// <summary>Name of the trait.</summary>
    public string Trait { get; private init; } = "";

    /// <summary>The touchpoint that an answer is about; empty for any.</summary>
    public string At { get; private init; } = "";

    /// <summary>= != &lt; &lt;= &gt; &gt;=, or empty: any value.</summary>
    public string Operator { get; private init; } = "";

    public int Least { get; private init; } = 1;

    public int? Most { get; private init; }

    public TimeSpan? In { get; private init; }

    public static Asked<SegmentCondition> Read(string text)
    {
        if (text.Length > Segment.ConditionLength && !text.StartsWith("customers", StringComparison.OrdinalIgnoreCase)) return new Refusal("condition", T("Unify.Segments.Long", Segment.ConditionLength));
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var head = Head().Match(colon < 0 ? "" : text[..colon].Trim());
        if (!head.Success) return new Refusal("condition", T("Unify.Segments.Form", text));
        var kind = Enum.Parse<SegmentConditionKind>(head.Groups["kind"].Value, ignoreCase: true);
        var condition = WithParts(new SegmentCondition(text, kind, head.Groups["not"].Success, []), text[(colon + 1)..].Trim());
        if (condition is not null) condition = Limits(condition, head);
        if (condition is null) return new Refusal("condition", T("Unify.Segments.Form", text));
        return condition.Operator is "<" or "<=" or ">" or ">=" && NumberOf(condition.Parts[0]) is null && DayOf(condition.Parts[0]) is null ? new Refusal("condition", T("Unify.Segments.Comparing", condition.Parts[0])) : condition;
    }

    private static SegmentCondition? WithParts(SegmentCondition condition, string body)
    {
        if (body.Length == 0) return null;
        switch (condition.Kind)
        {
            case SegmentConditionKind.Sequence:
                var steps = Split(body, "->");
                return steps.Count is >= 2 and <= 20 && steps.TrueForAll(s => s.Length > 0) ? condition with { Parts = steps } : null;
            case SegmentConditionKind.Customers:
                var ids = Split(body, ",").Where(i => i.Length > 0).Distinct(StringComparer.Ordinal).ToList();
                return ids.Count is > 0 and <= MostIds ? condition with { Parts = ids } : null;
            case SegmentConditionKind.Consent:
                return OfConsent(condition, body);
            case SegmentConditionKind.Trait or SegmentConditionKind.Account or SegmentConditionKind.Household:
                return OfTrait(condition, body);
            case SegmentConditionKind.Score:
                var score = Score().Match(body);
                return score.Success ? OfTrait(condition with { At = Unquoted(score.Groups["at"].Value.Trim()) }, score.Groups["what"].Value.Trim()) : null;
            default:
                return condition with { Parts = [body] };
        }
    }

    /// <summary>Purpose, topic (or empty), and by what one would contact them.</summary>
    private static SegmentCondition? OfConsent(SegmentCondition condition, string body)
    {
        var asked = Consent().Match(body);
        if (!asked.Success) return null;
        var purpose = ConsentNames.KeyOf(asked.Groups["purpose"].Value);
        var topic = asked.Groups["topic"].Success ? ConsentNames.KeyOf(asked.Groups["topic"].Value) : "";
        var kind = asked.Groups["kind"] is { Success: true } named ? named.Value.ToLowerInvariant()
            : ContactPoint.Word(purpose == ConsentPurpose.Tracking ? ContactKind.Tracking : ContactKind.Email);
        return purpose is null || topic is null ? null : condition with { Parts = [purpose, topic, kind] };
    }

    private static SegmentCondition? OfTrait(SegmentCondition condition, string body)
    {
        var at = body.AsSpan().IndexOfAny("=<>!");
        if (at < 0) return condition with { Trait = body };
        var length = body.Length > at + 1 && body[at + 1] == '=' ? 2 : 1;
        var (name, sign, values) = (body[..at].Trim(), body.Substring(at, length), Split(body[(at + length)..], "|").ConvertAll(Unquoted));
        if (name.Length == 0 || sign is "!" or "==" || values.Count > 200) return null;
        // Only equality asks for one of several.
        return sign is "=" or "!=" || values.Count == 1 ? condition with { Trait = name, Operator = sign, Parts = values } : null;
    }

    private static SegmentCondition? Limits(SegmentCondition condition, Match head)
    {
        var (counted, window) = (head.Groups["least"], head.Groups["in"]);
        if ((counted.Success && condition.Kind != SegmentConditionKind.Did) || (window.Success && condition.Kind is not (SegmentConditionKind.Did or SegmentConditionKind.Sequence or SegmentConditionKind.Score))) return null;
        if (window.Success)
        {
            if (WindowText.Read(window.Value) is not { } length || length <= TimeSpan.Zero || length.TotalDays > MostDays) return null;
            // Looking back goes by whole days of the company.
            if (condition.Kind != SegmentConditionKind.Sequence && length.TotalDays % 1 != 0) return null;
            condition = condition with { In = length };
        }

        if (!counted.Success) return condition;
        if (!int.TryParse(counted.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var least)) return null;
        int? most = head.Groups["most"] is { Success: true } upper ? int.TryParse(upper.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var read) ? read : -1 : head.Groups["open"].Success ? null : least;
        return least <= MostTimes && (most is null || (most >= least && most <= MostTimes)) && (least > 0 || most is not null) ? condition with { Least = least, Most = most } : null;
    }

    /// <summary>Whether a value is as the condition has it.</summary>
    public bool Fits(string value) => Operator switch
    {
        "" => value.Length > 0,
        "=" => Parts.Contains(value, StringComparer.OrdinalIgnoreCase),
        "!=" => !Parts.Contains(value, StringComparer.OrdinalIgnoreCase),
        "<" => Compare(value) < 0,
        "<=" => Compare(value) <= 0,
        ">" => Compare(value) > 0,
        _ => Compare(value) >= 0,
    };

    /// <summary>Says of numbers whether they are; what it compares with is read once, for however many. Null where it compares with something else.</summary>
    public Func<int, bool>? OfNumbers()
    {
        var numbers = Operator.Length == 0 ? [] : Parts.Select(p => NumberOf(p) ?? double.NaN).ToArray();
        if (Array.Exists(numbers, double.IsNaN)) return null;
        return Operator switch
        {
            "" => _ => true,
            "=" => n => numbers.AsSpan().Contains(n),
            "!=" => n => !numbers.AsSpan().Contains(n),
            "<" => n => n < numbers[0],
            "<=" => n => n <= numbers[0],
            ">" => n => n > numbers[0],
            _ => n => n >= numbers[0],
        };
    }

    /// <summary>
    /// A line without what names a person; where nothing is left it is of nobody. A list of customers loses the ids, a trait what is the person's alone: a
    /// short id is looked for only where the trait is one, as <c>age >= 12</c> is not the person with the id 12.
    /// </summary>
    public static string Without(string line, DataSubject subject)
    {
        if (Read(line).Answer is not { } said || said.Parts.Where(p => !said.Names(subject, p)).ToList() is not { } left || left.Count == said.Parts.Count) return line;
        var head = line[..(line.IndexOf(':', StringComparison.Ordinal) + 1)];
        if (left.Count == 0) left.Add("\"\"");
        else if (said.Kind != SegmentConditionKind.Customers) left = left.ConvertAll(Quoted);
        return said.Kind == SegmentConditionKind.Customers ? $"{head} {string.Join(", ", left)}" : $"{head} {said.Trait} {said.Operator} {string.Join(" | ", left)}";
    }

    /// <summary>The condition that a choice of traits stands for: <c>plan=gold</c>, or <c>email=</c> for any value.</summary>
    public static string OfChoice(string choice) =>
        choice.IndexOf('=', StringComparison.Ordinal) is var sign && sign == choice.Length - 1 ? $"trait: {choice[..sign]}" : $"trait: {choice[..sign]} = {Quoted(choice[(sign + 1)..])}";

    /// <summary>Whether a line is of another segment, this one.</summary>
    public static bool NamesSegment(string line, string segment) =>
        Read(line).Answer is { Kind: SegmentConditionKind.Segment } said && string.Equals(said.Parts[0], segment, StringComparison.OrdinalIgnoreCase);

    private bool Names(DataSubject subject, string part) => Kind switch
    {
        SegmentConditionKind.Customers => subject.Words.Contains(part) || subject.Identifiers.Contains(part),
        SegmentConditionKind.Trait or SegmentConditionKind.Account => subject.AreMeantBy(part) || (Trait is "customerNumber" or "externalId" && subject.Words.Contains(part, StringComparer.OrdinalIgnoreCase)),
        _ => false,
    };

    /// <summary>How a value stands to what it is compared with: to a number only a number, to a day only a day.</summary>
    /// <returns>Null where the two cannot be compared, and no comparison holds.</returns>
    private int? Compare(string value) => NumberOf(Parts[0]) is { } number ? NumberOf(value)?.CompareTo(number) : DayOf(Parts[0]) is { } day ? DayOf(value)?.CompareTo(day) : null;

    private static double? NumberOf(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    /// <summary>A day as 2026-03-31, also where a time follows it.</summary>
    private static DateOnly? DayOf(string text) =>
        text.Length >= 10 && (text.Length == 10 || text[10] is 'T' or ' ') && DateOnly.TryParseExact(text.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    /// <summary>Splits where the separator stands outside quotation marks.</summary>
    private static List<string> Split(string text, string separator)
    {
        var parts = new List<string>();
        var (start, quoted) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"') quoted = !quoted;
            if (quoted || string.CompareOrdinal(text, i, separator, 0, separator.Length) != 0) continue;
            parts.Add(text[start..i].Trim());
            start = i + separator.Length;
            i = start - 1;
        }

        parts.Add(text[start..].Trim());
        return parts;
    }

    private static string Quoted(string text) => text.AsSpan().IndexOfAny("|\"") < 0 && text.Length > 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Unquoted(string text) => text.Length >= 2 && text[0] == '"' && text[^1] == '"' ? text[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : text;

    [GeneratedRegex(@"^(?<not>(not|no)\s+)?(?<kind>did|sequence|trait|account|segment|customers|consent|household|score)(?<not>\s+not)?(\s+(?<least>\d{1,4})(?<open>\.\.(?<most>\d{1,4})?)?)?(\s+in\s+(?<in>\d{1,7}[smhdw]))?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Head();

    [GeneratedRegex(@"^(?<purpose>[^/]+?)(\s*/\s*(?<topic>.+?))?(\s+by\s+(?<kind>email|phone|tracking))?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Consent();

    [GeneratedRegex(@"^(?<what>.+?)(\s+at\s+(?<at>.+))?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Score();
}
