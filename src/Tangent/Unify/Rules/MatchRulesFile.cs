using System.Text.Json;
using System.Text.Json.Serialization;
using Tangent.Collect;

namespace Tangent.Unify;

/// <summary>Reads a rules file: JSON, comments allowed.</summary>
internal static class MatchRulesFile
{
    private const int MostRules = 100;
    private const int MostConditions = 20;

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web)
    {
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <exception cref="FileRefusedException">It is no rules file; says where.</exception>
    public static MatchRules Read(ReadOnlySpan<byte> json)
    {
        MatchRules rules;
        try
        {
            RefuseNulls(json);
            rules = JsonSerializer.Deserialize<MatchRules>(json, Form)!;
        }
        catch (JsonException e)
        {
            throw new FileRefusedException($"The rules file cannot be read at {e.Path ?? "$"}, line {e.LineNumber + 1}. Known comparators: {Names<Comparator>()}; kinds of columns: {Names<ColumnKind>()}.");
        }

        if (rules.Rules.Length > MostRules) throw new FileRefusedException($"The rules file has more than {MostRules} rules.");
        for (var i = 0; i < rules.Rules.Length; i++) Check(rules.Rules[i], $"Rule {i + 1}");
        return rules;
    }

    /// <summary>The likeness from which on a condition holds (DOMAIN: low 30 %, medium 60 %, high 80 %, exact 100 %, or a number); high unless said.</summary>
    public static double Precision(MatchCondition condition) => condition.Precision switch
    {
        null => 0.8,
        { ValueKind: JsonValueKind.Number } number when number.GetDouble() is > 0 and <= 1 and var share => share,
        { ValueKind: JsonValueKind.String } word => word.GetString()!.ToUpperInvariant() switch
        {
            "LOW" => 0.3,
            "MEDIUM" => 0.6,
            "HIGH" => 0.8,
            "EXACT" => 1,
            _ => double.NaN,
        },
        _ => double.NaN,
    };

    private static void RefuseNulls(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        while (reader.Read())
            if (reader.TokenType == JsonTokenType.Null) throw new FileRefusedException("null means nothing in a rules file: leave the entry out.");
    }

    private static void Check(MatchRule rule, string which)
    {
        if (rule.All.Length == 0) throw new FileRefusedException($"{which} has no condition: \"all\" is empty.");
        if (rule.All.Length + rule.Except.Length > MostConditions) throw new FileRefusedException($"{which} has more than {MostConditions} conditions.");
        foreach (var condition in rule.All.Concat(rule.Except))
        {
            if (string.IsNullOrWhiteSpace(condition.Column)) throw new FileRefusedException($"{which} has a condition without a column.");
            if (double.IsNaN(Precision(condition))) throw new FileRefusedException($"{which}, column {condition.Column}: the precision is low, medium, high, exact, or a number above 0 and at most 1.");
            if (condition.Compare == Comparator.Number && condition.Tolerance is not (>= 0 and < double.PositiveInfinity)) throw new FileRefusedException($"{which}, column {condition.Column}: numbers are compared with a tolerance of 0 or more.");
        }

        if (rule.All.All(c => c.Compare == Comparator.Different)) throw new FileRefusedException($"{which} asks for differences only.");
    }

    private static string Names<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName));
}
